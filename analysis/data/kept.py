"""Arrays that were read, kept up to a size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np


class Kept:
    """Arrays by key, at most so many bytes or one array; those not asked for the longest go first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._bytes = 0
        self._arrays: OrderedDict[Hashable, np.ndarray] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._arrays

    def get(self, key: Hashable, make: Callable[[], np.ndarray]) -> np.ndarray:
        """The array under a key, made where it is not kept; it can't be written to."""
        if key not in self._arrays:
            self._arrays[key] = make()
            self._arrays[key].flags.writeable = False
            self._bytes += self._arrays[key].nbytes
            while len(self._arrays) > 1 and self._bytes > self.most:
                self._bytes -= self._arrays.popitem(last=False)[1].nbytes
        self._arrays.move_to_end(key)
        return self._arrays[key]

"""What is declared once under a name and asked for by it: asking for an unknown name tells the nearest one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NoReturn, TypeVar

from sim.problems import nearest

Item = TypeVar("Item")


class UnknownName(ValueError, AttributeError):
    """A name that was never declared."""


class Declared(dict[str, Item]):
    """Items by name, in the order of their declaration.

    Args:
        what: what an item is, for the error.
        items: the items by name.
    """

    def __init__(self, what: str, items: Mapping[str, Item]) -> None:
        super().__init__(items)
        self.what = what

    def __missing__(self, name: str) -> NoReturn:
        near = nearest(name, list(self))
        raise UnknownName(f"no {self.what} {name!r}" + (f"; did you mean {near!r}?" if near else ""))

    def check(self, names: Iterable[str]) -> None:
        """Raise an `UnknownName`, which is a ValueError, where a name was not declared."""
        for name in names:
            if name not in self:
                self.__missing__(name)

"""Seeds of many generators at once: what `numpy.random.SeedSequence` computes, for a whole array of keys.

A run opens a generator for each of its streams. NumPy spreads the entropy of one seed in some 8 microseconds, which
for a batch of runs was as much time as a whole phase of the model. The mixing is NumPy's own (`SeedSequence`, after
M. E. O'Neill's `seed_seq`), which its compatibility policy keeps as it is; `tests/sim/test_seeding.py` compares both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence

POOL = 4
"""Words of 32 bits: a digest of 16 bytes, and the pool it is mixed in."""
STATE = 6
"""Words of 32 bits that start an SFC64: three of 64."""
FIRST_IN, STEP_IN = 0x43B0D7E5, 0x931E8875
FIRST_OUT, STEP_OUT = 0x8B51F9DD, 0x58F38DED
MIX_LEFT, MIX_RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
HALF = np.uint32(16)
WORD = 2**32


def spread(entropy: np.ndarray) -> np.ndarray:
    """`SeedSequence(row).generate_state(3, np.uint64)` of each row of four words, `(n, 4)` of uint32: `(n, 3)`."""
    multiplier = FIRST_IN
    pool: list[Any] = []
    for place in range(POOL):
        word, multiplier = _hashed(entropy[:, place], multiplier, STEP_IN)
        pool.append(word)
    for source in range(POOL):
        for target in range(POOL):
            if source != target:
                word, multiplier = _hashed(pool[source], multiplier, STEP_IN)
                mixed = MIX_LEFT * pool[target] - MIX_RIGHT * word
                pool[target] = mixed ^ (mixed >> HALF)
    state = np.empty((len(entropy), STATE), dtype="<u4")
    multiplier = FIRST_OUT
    for place in range(STATE):
        state[:, place], multiplier = _hashed(pool[place % POOL], multiplier, STEP_OUT)
    return state.view("<u8").astype(np.uint64)


def _hashed(word: np.ndarray, multiplier: int, step: int) -> tuple[np.ndarray, int]:
    """Words hashed with a multiplier, and the next multiplier."""
    following = multiplier * step % WORD
    product = (word ^ np.uint32(multiplier)) * np.uint32(following)
    return product ^ (product >> HALF), following


class Spread(ISeedSequence):
    """A seed that is spread already: the three words that an SFC64 starts from."""

    def __init__(self, state: np.ndarray) -> None:
        self._state = state

    def generate_state(self, n_words: int, dtype: Any = np.uint64) -> np.ndarray:
        """What an SFC64 asks for."""
        return self._state

"""Seeds spread many at once are those that NumPy spreads one by one."""

from __future__ import annotations

import hashlib

import numpy as np

from sim.seeding import spread
from sim.tape import generators


def test_spreading_is_that_of_numpy():
    entropy = np.random.default_rng(5).integers(0, 2**32, (200, 4), dtype=np.uint32)
    entropy[:3] = [[0, 0, 0, 0], [2**32 - 1] * 4, [0, 0, 1, 0]]
    expected = [np.random.SeedSequence(row).generate_state(3, np.uint64) for row in entropy]
    np.testing.assert_array_equal(spread(entropy), expected)


def test_generators_are_those_that_numpy_seeds_with_the_digest():
    streams = [("seed 0", "failure"), ("seed 1", "failure"), ("world 7", "resident_age"), ("世界", "x")]
    for source, (key, name) in zip(generators(streams), streams, strict=True):
        digest = hashlib.blake2b(f"{key}|{name}".encode(), digest_size=16).digest()
        alone = np.random.Generator(np.random.SFC64(np.frombuffer(digest, dtype="<u4")))
        np.testing.assert_array_equal(source.random(5), alone.random(5))
        np.testing.assert_array_equal(source.standard_normal(5, np.float32), alone.standard_normal(5, np.float32))


def test_no_stream_no_generator():
    assert generators([]) == []

"""Addressed randomness: known answers, strata, and independence of what else is drawn."""

from __future__ import annotations

import itertools

import numba
import numpy as np
import pytest

from pmo_lib.errors import InvalidInput
from pmo_lib.sampling import philox, replicate_bounds, uniforms


@numba.njit
def _philox(c0, c1, c2, c3, k0, k1):
    return philox(c0, c1, c2, c3, k0, k1)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_known_answers_of_random123(counter: tuple[int, ...], key: tuple[int, ...], answer: str) -> None:
    words = _philox(*(np.uint32(word) for word in (*counter, *key)))
    assert " ".join(f"{int(word):08x}" for word in words) == answer


SIZES = [(10_000, 10), (10_000, 1), (4_999, 1), (600, 1), (997, 1), (1_000, 1), (100, 10), (12_345, 7), (7, 10), (1, 1), (129, 2)]


@pytest.mark.parametrize(("iterations", "replicates"), SIZES)
def test_one_draw_a_stratum(iterations: int, replicates: int) -> None:
    numbers = uniforms("a", iterations, seed=11, replicates=replicates)
    bounds = replicate_bounds(iterations, replicates, "latin_hypercube")
    for first, last in itertools.pairwise(bounds):
        strata = np.floor(numbers[first:last] * (last - first)).astype(int)
        assert sorted(strata) == list(range(last - first))


def test_variables_are_independent_within_each_replicate() -> None:
    numbers = np.array([uniforms(f"v{i}", 1_000, seed=3, replicates=1) for i in range(120)])
    pairs = np.corrcoef(numbers)[np.triu_indices(120, 1)] * np.sqrt(999)
    assert pairs.std() == pytest.approx(1, abs=0.05)
    assert np.abs(pairs).max() < 5


@pytest.mark.parametrize("size", [50, 53, 600, 1_000])
def test_every_position_meets_every_stratum(size: int) -> None:
    """By shuffles of factors as by those of a power of two: each position, and each pair of neighbours, in 50 classes of strata."""
    strata = np.array([np.floor(uniforms(f"v{i}", size, seed=5, replicates=1) * size) for i in range(2_000)]).astype(int)
    classes = strata * 50 // size
    share = np.bincount(np.arange(size) * 50 // size, minlength=50) / size
    for position in (0, 1, 25, 49, size // 2, size - 1):
        expected = 2_000 * share
        assert ((np.bincount(classes[:, position], minlength=50) - expected) ** 2 / expected).sum() < 100  # chi-squared with 49 degrees: 1 in 30,000
    pairs = np.histogram2d(classes[:, 3] // 10, classes[:, 4] // 10, bins=5)[0]
    assert ((pairs - 80) ** 2 / 80).sum() < 60  # 24 degrees: 1 in 10,000


@pytest.mark.parametrize("size", [100, 600, 5_000])
def test_shuffles_of_factors_are_independent(size: int) -> None:
    numbers = np.array([uniforms(f"v{i}", size, seed=3, replicates=1) for i in range(90)])
    pairs = np.corrcoef(numbers)[np.triu_indices(90, 1)] * np.sqrt(size - 1)
    assert pairs.std() == pytest.approx(1, abs=0.05)
    assert np.abs(pairs).max() < 5
    serial = np.array([np.corrcoef(row[:-1], row[1:])[0, 1] for row in numbers]) * np.sqrt(size)
    assert abs(serial.mean()) < 4 / np.sqrt(90)


def test_jitter_shares_no_draw() -> None:
    """Two positions share one word of 32 bits; the jitter of any two is independent, and even within the stratum."""
    inside = uniforms("a", 100_000, seed=9, replicates=1) * 100_000 % 1
    assert np.abs(np.histogram(inside, bins=64, range=(0, 1))[0] - 100_000 / 64).max() < 5 * np.sqrt(100_000 / 64)
    for apart in (1, 64, 128, 256, 512):
        assert abs(np.corrcoef(inside[:-apart], inside[apart:])[0, 1]) < 5 / np.sqrt(100_000)


def test_replicates_differ_and_seeds_differ() -> None:
    numbers = uniforms("a", 2_000, seed=1, replicates=2)
    assert abs(np.corrcoef(numbers[:1000], numbers[1000:])[0, 1]) < 0.15
    assert not np.any(numbers == uniforms("a", 2_000, seed=2, replicates=2))


def test_plain_numbers_do_not_depend_on_how_many() -> None:
    assert np.array_equal(uniforms("a", 5_000, seed=1, sampling="plain")[:1_000], uniforms("a", 1_000, seed=1, sampling="plain"))


def test_latin_hypercube_narrows_the_mean() -> None:
    hypercube = [uniforms("a", 1_000, seed=s).mean() for s in range(50)]
    plain = [uniforms("a", 1_000, seed=s, sampling="plain").mean() for s in range(50)]
    assert np.std(plain) == pytest.approx(np.sqrt(1 / 12_000), rel=0.4)
    assert np.std(hypercube) < np.std(plain) / 20


def test_refused() -> None:
    with pytest.raises(InvalidInput, match="'latin_hypercube' or 'plain'"):
        replicate_bounds(100, 10, "sobol")
    with pytest.raises(InvalidInput, match="1 or more"):
        replicate_bounds(0, 10, "plain")

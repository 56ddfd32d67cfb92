"""Closed forms of inequality measures."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.answers import equity

QUANTILES = (np.arange(200_000) + 0.5) / 200_000


@pytest.mark.parametrize(
    ("values", "gini", "theil"),
    [
        (QUANTILES, 1 / 3, 0.193147),
        (-np.log1p(-QUANTILES), 1 / 2, 0.422784),
        ((1 - QUANTILES) ** (-1 / 3), 1 / 5, 0.094535),
    ],
    ids=["uniform", "exponential", "pareto3"],
)
def test_known_distributions(values: np.ndarray, gini: float, theil: float) -> None:
    """Even quantiles of a law have its Gini and Theil up to the tail cut by a finite sample."""
    assert equity.gini(values) == pytest.approx(gini, abs=1e-3)
    assert equity.theil(values) == pytest.approx(theil, abs=1e-3)


def test_one_to_five() -> None:
    """The sample 1…5 split into {1,2,3} and {4,5}."""
    values, groups = np.arange(1.0, 6.0), np.array(["a", "a", "a", "b", "b"])
    within, between = equity.theil_split(values, groups)
    assert equity.gini(values) == pytest.approx(0.266667, abs=5e-7)
    assert equity.theil(values) == pytest.approx(0.119688, abs=5e-7)
    assert within == pytest.approx(0.038595, abs=5e-7)
    assert between == pytest.approx(0.081093, abs=5e-7)


def test_one_village_owns_all() -> None:
    """209 villages, one with everything."""
    values = np.zeros(209)
    values[7] = 3.0
    assert equity.gini(values) == pytest.approx(208 / 209, rel=1e-12)
    assert equity.theil(values) == pytest.approx(np.log(209), rel=1e-12)


def test_split_is_additive_with_zeros_and_negatives() -> None:
    """Within and between add up to the whole, whatever the incomes; negatives count as zero."""
    random = np.random.default_rng(3)
    values = random.normal(1, 2, (6, 50))
    groups = random.integers(0, 7, 50)
    within, between = equity.theil_split(values, groups)
    np.testing.assert_allclose(within + between, equity.theil(values), rtol=1e-12)
    np.testing.assert_allclose(equity.gini(values), equity.gini(np.maximum(values, 0)), rtol=1e-12)


def test_all_zero_is_not_a_number() -> None:
    """Without any income inequality is undefined."""
    assert np.isnan(equity.gini(np.zeros(5)))
    assert np.isnan(equity.theil(np.zeros(5)))

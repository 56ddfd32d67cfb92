"""Closed forms of inequality, for the report's functions and for the indicator that the engine stores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from analysis.answers import equity
from sim import money_indicators

NUMBER = 1_000_000
MIDDLE = (np.arange(NUMBER) + 0.5) / NUMBER
LAWS = {
    "uniform": (MIDDLE, 1 / 3, 0.193147),
    "exponential": (-np.log1p(-MIDDLE), 1 / 2, 0.422784),
    "pareto 3": ((1 - MIDDLE) ** (-1 / 3), 1 / 5, 0.094535),
    "lognormal 1": (np.exp(special.ndtri(MIDDLE)), 0.520500, 0.5),
    "lognormal 0.5": (np.exp(0.5 * special.ndtri(MIDDLE)), 0.276326, 0.125),
}


@pytest.mark.parametrize("law", LAWS)
def test_gini_and_theil_of_a_law(law):
    """Midpoints of a million quantiles. What they miss is the law beyond the last one, at most q(1 - 1/2n) / n of the
    mean (times its logarithm in Theil's index), and half a unit in the sixth figure of the published value."""
    values, gini, theil = LAWS[law]
    tail = 4 * values[-1] / values.mean() / NUMBER
    assert abs(equity.gini(values) - gini) < tail + 5e-7
    assert abs(money_indicators.gini(values[None])[0] - gini) < tail + 5e-7
    assert abs(equity.theil(values) - theil) < tail * (1 + np.log(values[-1] / values.mean())) + 5e-7


def test_one_to_five_and_its_split():
    """{1,2,3,4,5}: G .266667, T .119688 = within .038595 + between .081093; half a unit in the last figure."""
    values, groups = np.arange(1.0, 6.0), np.array([0, 0, 0, 1, 1])
    within, between = equity.theil_split(values, groups)
    for found, published in ((equity.gini(values), 0.266667), (equity.theil(values), 0.119688),
                             (within, 0.038595), (between, 0.081093)):  # fmt: skip
        assert abs(found - published) < 5e-7
    assert abs(within + between - equity.theil(values)) < 1e-15
    assert abs(money_indicators.gini(values[None])[0] - 4 / 15) < 1e-15


def test_one_village_owns_everything():
    """209 villages: G = 208/209 and T = ln 209 = 5.342334, to the last bits of a division."""
    values = np.zeros(209)
    values[100] = 7.0
    assert equity.gini(values) == pytest.approx(208 / 209, rel=1e-13)
    assert money_indicators.gini(values[None])[0] == pytest.approx(208 / 209, rel=1e-13)
    assert equity.theil(values) == pytest.approx(np.log(209), rel=1e-13)

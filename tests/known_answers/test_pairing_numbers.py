"""Common random numbers: closed forms for pairs, and that a unit's draws touch no other unit."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, engine_in, enyang, options, start_engine, state_of, year
from scipy import stats

from analysis.data import effects
from sim import tape
from sim.calendar import YEAR, Calendar


def exponentials(rate, uniform):
    """By the tape's own inverse transform."""
    return tape.exponential(uniform) / rate


def uniforms(number, name="pairs"):
    return tape.generator("known answers", name).random(number)


def test_variance_of_paired_and_independent_exponentials():
    """0.00826446 against 1.826446, factor 221; variance of a sample variance of an exponential: 8 σ⁴ / n."""
    number = 400_000
    one, two = exponentials(1.0, uniforms(number)), exponentials(1.1, uniforms(number))
    apart = exponentials(1.1, uniforms(number, "others"))
    error = np.sqrt(8 / number)
    assert abs((one - two).var(ddof=1) / 0.00826446 - 1) < 4 * error
    # kurtosis of a difference of independent exponentials is at most that of one of them: the same bound
    assert abs((one - apart).var(ddof=1) / 1.826446 - 1) < 4 * error
    summary = effects.paired_summary(one, two)
    assert summary["variance_reduction"] == pytest.approx(221.0, rel=1e-9)  # exact: the sample variances cancel
    assert effects.pairing(one, apart)["variance_reduction"] == pytest.approx(1.0, abs=4 * 2 / np.sqrt(number))


def test_antithetic_exponentials():
    """Correlation 1 - π²/6 = -0.644934. With x, y of mean and variance 1 its standard error is at most that of the mean
    of (x - 1)(y - 1), whose second moment is below √(E(x - 1)⁴ E(y - 1)⁴) = 9, so at most 3 / √n."""
    uniform = uniforms(400_000)
    found = effects.pairing(exponentials(1.0, uniform), exponentials(1.0, 1 - uniform))["correlation"]
    assert abs(found - (1 - np.pi**2 / 6)) < 4 * 3 / np.sqrt(uniform.size)


def test_variance_of_a_mean_difference():
    """(σx² + σy² - 2 ρ σx σy) / n for σ 3 and 2, ρ 0.6, n 8; relative error of a variance: √(2 / 20,000)."""
    pairs = np.random.default_rng(4).standard_normal((20_000, 2, 8))
    one, two = 3 * pairs[:, 0], 2 * (0.6 * pairs[:, 0] + 0.8 * pairs[:, 1])
    expected = (9 + 4 - 2 * 0.6 * 3 * 2) / 8
    assert abs((one - two).mean(axis=1).var(ddof=1) / expected - 1) < 4 * np.sqrt(2 / 20_000)


def test_coverage_of_the_paired_t_interval():
    """95 % of intervals of 30 pairs hold the mean; 6,000 repeats: four binomial standard errors are 0.0113."""
    change = np.random.default_rng(5).normal(0.3, 1.0, (6000, 30))
    covered = np.mean([abs(row.mean() - 0.3) <= effects.half_width(row) for row in change])
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 6000)


@pytest.mark.parametrize(("effect", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_pairs_needed_for_a_power_of_80_percent(effect, pairs):
    """The precision excludes zero in as many studies as the noncentral t says; 80 % from `pairs` on. Binomial error."""

    def power(number):
        line, away = stats.t.ppf(0.975, number - 1), effect * np.sqrt(number)
        return stats.nct.sf(line, number - 1, away) + stats.nct.cdf(-line, number - 1, away)

    assert power(pairs) >= 0.8 > power(pairs - 1)
    change = np.random.default_rng(6).normal(effect, 1.0, (3000, pairs))
    found = np.mean([abs(row.mean()) > effects.half_width(row) for row in change])
    assert abs(found - power(pairs)) < 4 * np.sqrt(0.8 * 0.2 / 3000)


@pytest.mark.parametrize(("variation", "number"), [(0.1, 18), (0.3, 141), (1.0, 1540)])
def test_runs_needed_for_a_relative_precision_of_5_percent(variation, number):
    """A sample of exactly that coefficient of variation: half width at most 5 % with n, more with n - 1. Exact."""
    for count, enough in ((number, True), (number - 1, False)):
        shape = np.resize([-1.0, 1.0], count) + np.linspace(0, 1e-9, count)
        shape = (shape - shape.mean()) / shape.std(ddof=1)
        assert (effects.half_width(1 + variation * shape) <= 0.05) == enough


def _independent_villages():
    """No measures and people by cohort: nothing ties one village to another."""
    return start_engine(enyang(), NONE, 3, chosen=options(2040, residents=0), worlds=[None, 0, 1])


def test_a_branch_of_one_of_209_villages_leaves_208_untouched():
    """Village 100 loses its capital and its secretary in the first year; nine years later 0 others differ, bit for bit.

    With one stream read unit by unit the same change had shifted the draws of all units behind it: 37.2 of 209 outcomes
    on average.
    """
    plain, branched = _independent_villages(), _independent_villages()
    for engine in (plain, branched):
        year(engine)
    village, secretary = branched.now.state.village, branched.now.state.secretary
    village.capital[:, 100], village.trust[:, 100] = 0.0, 0.9
    secretary.age[:, 100] = 90.0
    secretary.skill[:, 100] = 0.05
    for engine in (plain, branched):
        year(engine, 9)
    touched = 0
    for name, values in state_of(plain).items():
        if values.shape[1] == 209:
            differs = (values != state_of(branched)[name]).reshape(3, 209, -1).any(axis=2)
            touched += differs[:, 100].sum()
            assert differs.sum() == differs[:, 100].sum(), name
    assert touched > 10, "the village itself has changed"


def test_a_stream_shared_by_all_units_would_not_have_passed():
    """The test above can fail: draws taken from one stream only where they are used shift every unit behind."""

    def outcomes(without_draw):
        source, found = np.random.default_rng(7), []
        for unit in range(209):
            found.append(0.0 if unit == without_draw else source.random())
        return np.array(found)

    changed = outcomes(None) != outcomes(100)
    assert changed.sum() == 109


def test_a_phase_more_or_less_moves_no_draw():
    """Who skips a whole process meets the same prices: draws are made used or not."""
    without = Calendar([], [phase for phase in YEAR.every_quarter if phase.__name__ == "move_prices"], [])
    engines = [
        engine_in(enyang(), NONE, [0], [3], options(2030, residents=0)),
        engine_in(enyang(), NONE, [0], [3], options(2030, residents=0), calendar=without),
    ]
    for engine in engines:
        year(engine, 4)
    first, second = (engine.now.state.village.common_price for engine in engines)
    assert np.array_equal(first, second)

"""Shocks and rules of one's own: at their place of the year, for every run alike, and nothing where nothing is said."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import numpy as np
import pytest
from places import ALL, NONE, POOLS_PAY, differing, engine_in, options, run_batch, run_unchecked, small_district

from sim import DistrictModel
from sim.ablation import calendar_without
from sim.calendar import YEAR, name_of
from sim.policies.base import Setting
from sim.problems import InputErrors
from sim.rules import registry
from sim.rules.base import CLOSING, EVERY_QUARTER, Rule
from sim.rules.price_fall import PriceFall

SHORT = {"horizon": 2027, "residents": 7}


class Gift(Rule):
    """Every village gets a little from outside at the end of a year."""

    key = "gift"
    zh = "赠款"
    en = "gift"
    part, after = CLOSING, "finance.run_office"
    amount = Setting(1, 0, 10, "万元", "test", "金额", "amount")

    def __call__(self, now):
        given = np.full(now.state.village.cash.shape, float(self.values["amount"]))
        now.ledger.pay("outside", "village", given, "own_rule")


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    monkeypatch.setattr(registry, "_REGISTERED", dict(registry._REGISTERED))


def batch(rules, strategy=ALL, **chosen):
    return run_unchecked(
        small_district(), strategy, [None, 1, 2], [0, 1, 2], options(**{**SHORT, **chosen}, rules=rules), POOLS_PAY
    )


def test_the_baseline_changes_no_bit():
    assert not differing(batch({}), batch({"nothing": {}}))


def test_a_fall_of_prices_is_met_in_its_year_and_fades_as_prices_persist():
    """The gap of the common series a quarter later is the fall times persistence to a quarter."""
    plain, fallen = (
        engine_in(small_district(), NONE, [None, 1], [0, 1], options(2030, residents=0, rules=rules))
        for rules in ({}, {"price_fall": {"year": 2025, "fall": 3}})
    )
    p = plain.now.parameters.price_persistence
    for quarter in range(9):
        plain.step()
        fallen.step()
        for name in ("common_price", "other_price"):
            gap = getattr(plain.now.state.village, name) - getattr(fallen.now.state.village, name)
            expected = 3 * p ** ((quarter - 4) / 4) * np.ones_like(gap) if quarter >= 4 else np.zeros_like(gap)
            np.testing.assert_allclose(gap, expected, rtol=1e-12, atol=1e-12)
    assert plain.now.draws.price_common.tobytes() == fallen.now.draws.price_common.tobytes()


def test_before_the_shock_nothing_moves_and_in_its_year_income_falls():
    plain, fallen = batch({}), batch({"price_fall": {"year": 2026}})
    first = plain.years.index(2026)
    assert not differing(plain, fallen, slice(first))
    name = "income_operating_mean"
    assert np.all(fallen.indicators[name][:, first] < plain.indicators[name][:, first])


def test_a_rule_of_one_s_own_acts_where_it_says():
    registry.register(Gift)
    plain, given = batch({}), batch({"gift": {"amount": 2}})
    assert np.all(given.indicators["cash_mean"][:, 1] > plain.indicators["cash_mean"][:, 1])
    closing = [name_of(phase) for phase in registry.with_rules({"gift": {}, "nothing": {}}).closing]
    assert closing[closing.index("gift") - 1] == Gift.after
    assert [name_of(phase) for phase in registry.with_rules({"nothing": {}}).opening][0] == "nothing"


def test_rules_stand_in_the_order_in_which_they_are_named():
    class Second(Gift):
        key = "second"

    registry.register(Gift)
    registry.register(Second)
    for keys in (["gift", "second"], ["second", "gift"]):
        closing = [name_of(phase) for phase in registry.with_rules({key: {} for key in keys}).closing]
        assert closing[closing.index(Gift.after) + 1 :][:2] == keys


def test_a_rule_keeps_its_place_where_the_phase_before_it_is_left_out():
    registry.register(Gift)
    year = calendar_without(["turnover"], registry.with_rules({"gift": {}}))
    assert len(year.opening) == len(YEAR.opening) - 1
    assert "gift" in [name_of(phase) for phase in year.closing]


def test_a_rule_without_a_place_is_refused_where_it_is_registered():
    class Lost(Rule):
        key = "lost"
        part, after = EVERY_QUARTER, "production.move_price"

    with pytest.raises(ValueError, match=r"production\.move_price.*production\.move_prices"):
        registry.register(Lost)


@pytest.mark.parametrize(
    ("rules", "field", "nearest"),
    [
        ({"price_fal": {}}, "rules", "price_fall"), ({"price_fall": {"yer": 1}}, "rules.price_fall.yer", "year"),
        ({"price_fall": {"fall": 7}}, "rules.price_fall.fall", ""), ({"price_fall": 3}, "rules.price_fall", ""),
        ({"price_fall": {"fall": "2"}}, "rules.price_fall.fall", ""), (["price_fall"], "rules", ""),
        (None, "rules", ""),
        ({"nothing": {"year": 2025}}, "rules.nothing.year", ""),
    ],
)  # fmt: skip
def test_wrong_rules_are_told(rules, field, nearest):
    with pytest.raises(InputErrors) as caught:
        run_batch(small_district(), NONE, [1], [1], options(2025, rules=rules))
    (problem,) = caught.value.problems
    assert (problem.field, problem.nearest) == (field, nearest)


def test_an_installed_package_brings_rules(monkeypatch):
    """Loaded when first asked for, and not before."""
    installed = EntryPoint("gift", "test_rules:Gift", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "_installed", lambda: {"gift": installed})
    assert "gift" in registry.names() and "gift" not in registry._REGISTERED
    assert registry.find("gift").key == "gift" and "gift" in registry._REGISTERED


def test_the_code_of_a_rule_is_part_of_a_study():
    registry.register(Gift)
    assert registry.code_of({}) == ""
    assert registry.code_of({"gift": {}}) != registry.code_of({"price_fall": {}}) != ""


def test_the_face_of_mesa_meets_the_same_shock():
    chosen = options(2025, residents=7, rules={"price_fall": {"year": 2024, "fall": 1}})
    model = DistrictModel(small_district(), ALL, rng=2, world=1, options=chosen)
    while model.running:
        model.step()
    found = run_batch(small_district(), ALL, [1], [2], chosen).indicators
    assert model.indicators["income_operating_mean"] == found["income_operating_mean"][0, -1]


def test_defaults_of_a_rule_stand_in_for_what_is_not_said():
    assert PriceFall({"fall": 1.0}).values == {"year": 2027, "fall": 1.0}

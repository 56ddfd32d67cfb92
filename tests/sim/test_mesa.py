"""Mesa's face: agents are rows of the arrays, and a model repeats a run of a study."""

from __future__ import annotations

import inspect

import mesa
import numpy as np
import pytest
from places import ALL, NONE, options, run_batch, small_district

from sim import Company, DistrictModel, Enterprise, Resident, Secretary, Village
from sim.indicators import INDICATORS
from sim.policies.base import Strategy
from sim.problems import InputErrors

SMALL = small_district()
SHORT = options(2025)
CALM = {"number_processes": 1, "max_steps": 8, "display_progress": False}


def finished(strategy=ALL, **more):
    model = DistrictModel(district=SMALL, strategy=strategy, options=SHORT, **more)
    while model.running:
        model.step()
    return model


def test_a_model_repeats_a_run_of_a_study():
    """The same world and seed give the same numbers bit for bit."""
    model = finished(rng=7, world=3)
    batch = run_batch(SMALL, ALL, [3, 4], [7, 8], SHORT)
    for name, value in model.indicators.items():
        assert value == batch.indicators[name][0, -1] or np.isnan(value)


def test_data_are_collected_each_quarter_until_the_horizon():
    model = finished(rng=1)
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table["year"]) == [2024] * 4 + [2025] * 4
    assert list(table["quarter"]) == [1, 2, 3, 4] * 2
    assert set(INDICATORS) <= set(table.columns)
    income = table["income_operating_mean"]
    assert income[0] == income[2]  # incomes are those of the last closed year
    assert income[3] != income[2]
    model.step()  # past the horizon nothing happens
    assert model.engine.now.quarters_since_start == 8


def test_agents_view_and_write_one_row():
    model = DistrictModel(district=SMALL, strategy=NONE, rng=1, options=SHORT)
    villages = model.agents_by_type[Village]
    assert len(villages) == len(model.agents_by_type[Secretary]) == SMALL.villages
    first = model.villages[0]
    assert first.trust == model.engine.now.state.village.trust[0, 0]
    first.trust = 0.9
    assert model.engine.now.state.village.trust[0, 0] == 0.9
    villages.do(lambda village: setattr(village, "organisation", 0.25))
    assert np.all(model.engine.now.state.village.organisation == 0.25)
    assert villages.agg("organisation", np.mean) == 0.25
    assert next(iter(villages.select(lambda village: village.town == first.town))) is first
    assert first.secretary.village is first
    assert first.capital.shape == (8,)
    assert {village.cluster for village in first.partners} <= {first.cluster}
    assert first.to_dict()["trust"] == 0.9


def test_companies_have_a_balance_sheet_and_know_their_members():
    model = finished(rng=1)
    companies = model.agents_by_type[Company]
    assert [company.town for company in companies] == list(SMALL.town_name)
    for company in companies:
        assert company.active == 1 and len(company.members) == 4
        assert all(village.company is company for village in company.members)
        sheet = company.balance_sheet
        assert sheet["stakes"] == pytest.approx(sum(village.company_stake for village in company.members))
        owned = sheet["cash"] + sheet["capital"] + sheet["under_construction"]
        assert owned == pytest.approx(sheet["stakes"] + sheet["retained"]) and owned > 0
        assert company.capital.shape == (5,)
    first = model.companies[0]
    first.cash = 50.0
    assert first.cash == 50.0 and first.balance_sheet["cash"] == 50.0


def test_enterprises_stand_on_sites_of_their_village():
    model = finished(rng=1)
    sites = model.agents_by_type[Enterprise]
    assert len(sites) == 4 * SMALL.villages
    assert [site.village for site in model.enterprises[4:8]] == [model.villages[1]] * 4
    alive = [site for site in sites if site.alive]
    assert len(alive) == model.indicators["enterprises"]
    assert all(site.capital == 30.0 for site in alive)


def test_money_set_by_hand_still_balances():
    model = DistrictModel(district=SMALL, strategy=NONE, rng=1, options=SHORT)
    before = model.engine.now.ledger.total()
    model.villages[2].cash = 123.0
    model.villages[3].reserve_fund = 0.0
    assert model.villages[2].cash == 123.0
    model.step()
    np.testing.assert_allclose(model.engine.now.ledger.total(), before, atol=1e-9 * model.engine.now.ledger.turnover[0])
    with pytest.raises(ValueError, match="read-only"):
        model.engine.now.state.village.cash[0, 0] = 1.0


@pytest.mark.parametrize(
    ("name", "value"),
    [("cash", -1), ("cash", np.nan), ("cash", np.inf), ("cash", "much"), ("trust", 2), ("trust", None),
     ("industry", 1.5), ("industry", 9), ("capital", [1.0, np.nan, 1, 1, 1, 1, 1, 1]), ("capital", -np.ones(8)),
     ("debt", [[1]]), ("organisation", "0.5")],
    ids=str,
)  # fmt: skip
def test_nonsense_set_by_hand_is_refused(name, value):
    model = DistrictModel(district=SMALL, strategy=NONE, rng=1, options=SHORT)
    before = np.array(getattr(model.engine.now.state.village, name))
    with pytest.raises((InputErrors, ValueError)):
        setattr(model.villages[0], name, value)
    assert np.array_equal(before, getattr(model.engine.now.state.village, name))


def test_residents_are_made_when_asked_for():
    model = DistrictModel(district=SMALL, strategy=NONE, rng=1, options=SHORT)
    assert Resident not in model.agents_by_type
    residents = model.residents()
    assert len(residents) == SMALL.villages * SHORT.residents_per_village
    assert model.residents() is residents
    someone = next(iter(model.agents_by_type[Resident]))
    assert someone.village is model.villages[0]
    assert someone.weight == pytest.approx(model.villages[0].registered_population / SHORT.residents_per_village)


def test_a_rule_of_ones_own_changes_the_run():
    class Quieter(DistrictModel):
        def step(self):
            for secretary in self.agents_by_type[Secretary]:
                secretary.effort = 0.05
            super().step()

    own = Quieter(district=SMALL, strategy=NONE, rng=1, options=SHORT)
    own.run_model()
    plain = finished(NONE, rng=1)
    assert own.indicators["effort_mean"] < plain.indicators["effort_mean"]


def test_seeds():
    assert DistrictModel(SMALL, NONE, rng=5, options=SHORT).run_seed == 5
    fresh = {DistrictModel(SMALL, NONE, options=SHORT).run_seed for _ in range(3)}
    assert len(fresh) == 3
    drawn = {DistrictModel(SMALL, NONE, rng=np.random.default_rng(1), options=SHORT).run_seed for _ in range(2)}
    assert len(drawn) == 1


def test_batch_run():
    """Mesa's own batch runner gives what single models give."""
    parameters = {"district": SMALL, "strategy": [NONE, ALL], "options": SHORT}
    seeds = {"rng": [1]}
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # newer Mesa hands out seeds itself
        rows = mesa.batch_run(DistrictModel, parameters, **seeds, **CALM)
    else:
        rows = mesa.batch_run(DistrictModel, parameters | seeds, **CALM)
    assert len(rows) == 2
    for row in rows:
        expected = finished(row["strategy"], rng=1).indicators["income_operating_mean"]
        assert row["income_operating_mean"] == expected


def test_mistakes_are_told_at_once():
    wrong = Strategy("wrong", levers={"joint_bilding": {}, "central_grant": {"rate": 9}})
    with pytest.raises(InputErrors) as caught:
        DistrictModel(SMALL, wrong, options=options(2020))
    assert len(caught.value.problems) == 3
    assert "joint_building" in caught.value.text("en")

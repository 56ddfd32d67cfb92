"""Behaviour that evidence or judgement asks of the model: one test for each pattern, with band, source and n."""

from __future__ import annotations

import numpy as np
import pytest
from places import OWN_KEYS, engine_in, enyang, options

from experiments.compose import load_strategy
from sim.policies.base import Strategy
from tests.tiers import fast

FUTURES = list(range(20))


def lines_engine(form: str = "fading", horizon: int = 2035, **levers):
    """`existing` with further levers in the first futures, residents off."""
    strategy = Strategy("trial", levers={**load_strategy("existing").levers, **levers})
    chosen = options(horizon, residents=0, structure={"learning": form})
    return engine_in(enyang(), strategy, FUTURES, FUTURES, chosen)


@pytest.mark.parametrize(("form", "left"), fast([("fading", (0.35, 0.75)), ("permanent", (0.85, 1.1))], 1))
def test_of_what_one_year_of_joint_building_taught_about_half_is_left_five_years_later(form, left):
    """Half of the practices taught were dropped in eight years, more where managers left (World Bank 29442; India, 28
    plants; band: judgement). The year is 2024, in half of the clusters; manager quality; n = 20."""
    even = enyang().cluster_of % 2 == 0
    villages = [str(code) for code in enyang().village_code[even]]
    year = {"intensity": 1, "contribution_share": 0, "start": 2024, "end": 2024, "villages": villages}
    with_it, without_it = lines_engine(form, joint_building=year), lines_engine(form)
    gain = []
    for quarter in range(28):
        with_it.step()
        without_it.step()
        if quarter % 4 == 3:
            one, other = (engine.now.state.secretary.manager_quality for engine in (with_it, without_it))
            gain.append(np.mean((one - other)[:, even]))
    assert gain[1] > 0.01
    assert left[0] < gain[6] / gain[1] < left[1]


def test_far_fewer_villages_than_all_live_on_local_services():
    """Below 0.80 of the villages in 2035 (judgement; 0.92 where demand has no limit); n = 20."""
    engine = lines_engine()
    for _ in range(48):
        engine.step()
    services = engine.now.state.village.capital[..., OWN_KEYS.index("service_income")] > 1
    assert 0.3 < services.mean() < 0.80

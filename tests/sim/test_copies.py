"""A copy of a model at any moment goes on bit for bit like the original, and neither touches the other."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import (
    ALL,
    ALL_GROUP,
    EXISTING,
    NONE,
    differing,
    engine_in,
    only,
    options,
    run_batch,
    same,
    small_district,
    state_of,
)

from sim import DistrictModel, Resident, Secretary, Village
from sim.options import RunOptions
from sim.policies.base import Strategy
from tests.tiers import fast

SMALL = small_district(lone=True)
WAYS: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "pickle": lambda thing: pickle.loads(pickle.dumps(thing)),  # noqa: S301
    "old pickle": lambda thing: pickle.loads(pickle.dumps(thing, protocol=2)),  # noqa: S301
}
STRATEGIES = [NONE, EXISTING, ALL, ALL_GROUP, only("central_grant", pilot_share=0.5)]
CHOSEN = {
    "sample": options(2026),
    "no residents": options(2026, residents=0),
    "everyone": options(2024, residents="all"),
    "capped": options(2026, annual_budget=60.0, priority=("training",)),
}
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def arrays_of(root: Any) -> dict[str, np.ndarray]:
    """Every array that can be reached from an object, by the way to it."""
    seen, found, waiting = {}, {}, [("", root)]
    while waiting:
        way, thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type | str | bytes | int | float):
            continue
        seen[id(thing)] = thing
        if isinstance(thing, np.ndarray):
            found[way] = thing
        elif isinstance(thing, dict):
            waiting += [(f"{way}[{key}]", value) for key, value in thing.items()]
        elif isinstance(thing, list | tuple | set):
            waiting += [(f"{way}[{place}]", value) for place, value in enumerate(thing)]
        elif hasattr(thing, "__dict__"):
            waiting += [(f"{way}.{key}", value) for key, value in vars(thing).items()]
    return found


def aliases(arrays: dict[str, np.ndarray]) -> set[tuple[str, str]]:
    """Pairs of arrays that share memory; only those can whose memory overlaps."""
    spans = sorted((*np.lib.array_utils.byte_bounds(item), name) for name, item in arrays.items() if item.size)
    found, open_spans = set(), []
    for low, high, name in spans:
        open_spans = [(end, other) for end, other in open_spans if end > low]
        found |= {tuple(sorted((name, o))) for _, o in open_spans if np.shares_memory(arrays[name], arrays[o])}
        open_spans.append((high, name))
    return found


def layout(array: np.ndarray) -> list[int]:
    """How an array lies in memory: its strides where it is longer than 1; of an empty one nothing."""
    return [step for step, size in zip(array.strides, array.shape, strict=True) if size > 1 and array.size]


def everything(model: DistrictModel) -> dict[str, bytes]:
    """All numbers of a model: state, balances, indicators, what was collected, random generators."""
    table = model.datacollector.get_model_vars_dataframe()
    return {
        **{name: value.tobytes() for name, value in state_of(model.engine).items()},
        **{f"balance {name}": value.tobytes() for name, value in model.engine.now.ledger.balances.items()},
        "flows": repr({key: value.tobytes() for key, value in model.engine.now.ledger.flows.items()}).encode(),
        "indicators": repr(model.indicators).encode(),
        "collected": table.to_csv().encode(),
        "random": repr(model.random.getstate()).encode(),
        "rng": repr(model.rng.bit_generator.state).encode(),
        "time": repr((model.steps, model.running, model.year, model.quarter)).encode(),
    }


def go_on(model: DistrictModel, steps: int = 5) -> dict[str, bytes]:
    for _ in range(steps):
        model.step()
    return everything(model)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chosen", CHOSEN)
def test_arrays_that_are_one_in_the_original_are_one_in_the_copy(way: str, chosen: str) -> None:
    runs = 1 if chosen == "everyone" else 3
    engine = engine_in(SMALL, ALL, [None, 1, 2][:runs], [0, 1, 2][:runs], CHOSEN[chosen])
    for _ in range(3):
        engine.step()
    original, other = arrays_of(engine), arrays_of(WAYS[way](engine))
    assert set(original) == set(other)
    assert aliases(original) == aliases(other)
    assert not any(np.shares_memory(item, other[name]) for name, item in original.items())
    for name, item in original.items():
        assert same(np.ascontiguousarray(item), np.ascontiguousarray(other[name])), name
        assert layout(item) == layout(other[name]), f"{name} lies otherwise in memory: sums go by layout"
    assert {name for name, item in original.items() if not item.flags.writeable} <= {
        name for name, item in other.items() if not item.flags.writeable
    }


@pytest.mark.parametrize("way", fast(WAYS, 1))
@FEW
@given(
    strategy=st.sampled_from(STRATEGIES),
    before=st.integers(0, 9),
    chosen=st.sampled_from(["sample", "no residents", "capped"]),
    asked=st.booleans(),
)
def test_a_copied_model_goes_on_like_the_original(
    way: str, strategy: Strategy, before: int, chosen: str, asked: bool
) -> None:
    model = DistrictModel(SMALL, strategy, rng=before, world=1, options=CHOSEN[chosen])
    if asked:
        model.residents()
    for _ in range(before):
        model.step()
    then = everything(model)
    other = WAYS[way](model)
    assert everything(other) == then
    expected = go_on(model)
    assert everything(other) == then, "the original moved its copy"
    assert go_on(other) == expected
    then = everything(model)
    other.villages[0].cash = 99.0
    other.villages[1].trust = 0.01
    other.random.random()
    other.step()
    assert everything(model) == then, "the copy moved its original"


@pytest.mark.parametrize("way", WAYS)
def test_agents_of_a_copy_belong_to_the_copy(way: str) -> None:
    model = DistrictModel(SMALL, ALL, rng=1, options=options(2026))
    model.step()
    model.villages[0].cash = 50.0
    other = WAYS[way](model)
    assert other.villages[0].cash == 50.0
    assert [agent.unique_id for agent in other.agents] == [agent.unique_id for agent in model.agents]
    assert not set(other.agents) & set(model.agents)
    for agent in other.agents:
        assert agent.model is other and agent.to_dict().keys() == agent.table.columns.keys()
    assert list(other.agents_by_type[Village]) == other.villages
    assert other.villages[3].secretary is other.secretaries[3]
    other.villages[0].reserve_fund = 7.0
    assert other.engine.now.ledger.balances["village.reserve_fund"][0, 0] == 7.0
    with pytest.raises(ValueError, match="read-only"):
        other.engine.now.state.village.cash[0, 0] = 1.0
    other.agents_by_type[Secretary].do(lambda secretary: setattr(secretary, "effort", 0.05))
    assert not np.any(model.engine.now.state.secretary.effort == 0.05)
    ids = [agent.unique_id for agent in other.residents()]
    assert ids == [agent.unique_id for agent in model.residents()], "numbers of new agents go on too"
    assert len({agent.unique_id for agent in other.agents}) == len(other.agents)
    assert isinstance(next(iter(other.residents())), Resident)


class Quieter(DistrictModel):
    """A rule of one's own."""

    def step(self) -> None:
        """Whoever is drawn makes no effort."""
        self.random.choice(self.secretaries).effort = 0.0
        super().step()


@pytest.mark.parametrize("way", WAYS)
def test_a_model_with_a_rule_of_ones_own_is_copied_with_it(way: str) -> None:
    model = Quieter(district=SMALL, strategy=ALL, rng=1, options=options(2026))
    for _ in range(3):
        model.step()
    other = WAYS[way](model)
    assert isinstance(other, Quieter) and go_on(other) == go_on(model)
    assert other.steps == model.steps == 8


@pytest.mark.parametrize("way", WAYS)
def test_a_copied_batch_gives_the_numbers_of_the_study(way: str) -> None:
    """Three runs at once, copied in the middle of a year: every state as of the batch that was never copied."""
    worlds, seeds = [None, 1, 2], [0, 1, 2]
    engine = engine_in(SMALL, ALL, worlds, seeds, options(2026))
    for step in range(12):
        if step in (2, 5, 6):
            engine = WAYS[way](engine)
        engine.step()
    plain = engine_in(SMALL, ALL, worlds, seeds, options(2026))
    for _ in range(12):
        plain.step()
    expected = state_of(plain)
    assert [name for name, value in state_of(engine).items() if not same(value, expected[name])] == []


def test_an_agent_takes_its_model_along() -> None:
    model = DistrictModel(SMALL, ALL, rng=1, options=options(2026))
    for way in (copy.deepcopy, WAYS["pickle"]):
        village = way(model.villages[2])
        assert village.model is not model and village.model.villages[2] is village
        assert go_on(village.model) == go_on(way(model))


def test_a_table_alone_is_copied_with_its_balances() -> None:
    engine = engine_in(SMALL, ALL, [None], [0], options(2026))
    table = copy.deepcopy(engine.now.state.village)
    assert same(np.array(table.cash), np.array(engine.now.state.village.cash))
    with pytest.raises(ValueError, match="read-only"):
        table.cash[0, 0] = 1.0


def test_what_a_study_is_made_of_is_copied_too() -> None:
    """Districts, strategies and options go to other processes."""
    for way in WAYS.values():
        one = run_batch(SMALL, ALL, [1], [1], RunOptions(2024, residents_per_village=7))
        other = run_batch(way(SMALL), way(ALL), [1], [1], way(RunOptions(2024, residents_per_village=7)))
        assert differing(one, other) == []


def test_mesa_still_numbers_agents_as_expected() -> None:
    """What the copying of models relies on; a newer Mesa may number agents elsewhere."""
    assert hasattr(mesa.Agent, "_ids") or hasattr(mesa.Model(), "agent_id_counter")

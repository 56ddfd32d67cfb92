from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
import yaml

import conf
from experiments.compose import compose, load_strategy, options, session
from experiments.notebook import compare
from experiments.settings import KEYS, read_job
from experiments.strategies import check_levers
from scenarios import load_district
from sim.policies.registry import LEVERS
from sim.world import DECLARED
from tests.tiers import fast

FOLDER = Path(conf.__file__).parent
STRATEGIES = sorted(path.stem for path in (FOLDER / "strategy").glob("*.yaml"))
GROUPS = [(path.parent.name, path.stem) for path in sorted(FOLDER.glob("*/*.yaml"))]
NEEDED = {
    ("design", "grid"): ["design.values={fixed_cost:[1,2]}"],
    ("design", "table"): ["design.file=points.csv"],
    ("executor", "dask"): ["executor.address=tcp://127.0.0.1:8786"],
}
"""What a choice can't do without."""
IN_FORCE = {
    "central_grant", "paired_assistance", "cadre_pay", "secretary_selection", "digital_platform", "service_upgrade",
    "training", "career_path", "responsibility_list", "grid_outreach", "org_rectification", "infrastructure",
    "target_pressure", "property_rights_reform", "town_renewal", "town_company", "enterprise_promotion",
}  # fmt: skip
PLANS = {"target_pressure", "property_rights_reform", "town_renewal"}
"""Measures of `existing` that end with 2026."""


def named(group: str) -> list[str]:
    return yaml.safe_load((FOLDER / "strategies" / f"{group}.yaml").read_text(encoding="utf-8"))["names"]


@pytest.mark.parametrize("job", ["run", "compare"])
def test_jobs_compose_and_their_keys_are_known(job: str) -> None:
    with session():
        composed = compose(job, [])
        assert set(composed.values) == set(KEYS[job])
        study = read_job(job, composed).study
    assert study.futures.worlds.tolist() == study.futures.seeds.tolist() == list(range(100))
    assert study.futures.names == ()
    assert (study.detail, study.stopping) == ("villages", None)
    assert (study.options.start_year, study.options.horizon, study.options.residents_per_village) == (2024, 2035, 30)
    assert study.parameters == {}
    assert study.ranges == {}


@pytest.mark.parametrize(("group", "name"), fast(GROUPS, lambda choice: choice[0] not in ("strategy", "strategies")))
def test_every_choice_composes(group: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job, words = "compare" if group == "strategies" else "run", [f"{group}={name}", *NEEDED.get((group, name), [])]
    (tmp_path / "points.csv").write_text("fixed_cost\n1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if group == "strategy" and load_strategy(name).same_cost_as:
        job, words = "compare", [f"strategies.names=[{load_strategy(name).same_cost_as},{name}]"]
    with session():
        assert name in options(group)
        read_job(job, compose(job, words))


def test_everything_declared_is_shown() -> None:
    with session():
        values = compose("run", []).values
    assert set(values["strategy"]["levers"]) == set(LEVERS)
    for key, lever in LEVERS.items():
        assert set(values["strategy"]["levers"][key]) == set(lever.defaults())
    assert values["parameters"]["fixed_cost"] == DECLARED["fixed_cost"].default
    assert values["parameters"]["asset_leasing"]["margin"] == DECLARED["asset_leasing.margin"].default


@pytest.mark.parametrize("name", fast(STRATEGIES, lambda name: name in named("headline")))
def test_every_strategy_is_right_and_runs(name: str) -> None:
    district, strategy = load_district("enyang"), load_strategy(name)
    assert check_levers(strategy, district) == []
    assert strategy.zh != strategy.en
    assert strategy.description_zh
    assert strategy.description_en
    assert len(strategy.missing_zh) == len(strategy.missing_en)
    others = [strategy.same_cost_as] if strategy.same_cost_as else []
    table = compare(district, [strategy, *others], seeds=range(2), horizon=2025, residents=10).to_frame()
    assert set(table["year"]) == {2023, 2024, 2025}


def test_what_the_headline_strategies_hold() -> None:
    assert load_strategy("none").levers == {}
    existing = load_strategy("existing")
    assert set(existing.levers) == IN_FORCE
    for key, values in existing.levers.items():
        half = {"advice": 0.5} if key == "town_company" else {}  # the headline strategy doubles it
        assert values == {"intensity": 1, "start": 2024, **({"end": 2026} if key in PLANS else half)}, key
    assert existing.missing_zh == existing.missing_en == ()
    expanded = load_strategy("existing_pairing_expanded").levers
    assert expanded["paired_assistance"]["income_line"] == {2024: 10, 2025: 20}
    assert expanded["paired_assistance"]["villages_per_sponsor"] == {2024: 2, 2025: 4}
    joint = load_strategy("existing_joint_building").levers
    assert joint["joint_building"] == {"intensity": 1, "start": 2025}
    both = load_strategy("existing_pairing_and_joint").levers
    assert both == {**expanded, "joint_building": joint["joint_building"]}
    grants = load_strategy("grants_same_cost")
    assert (grants.same_cost_as, grants.scaled_lever) == ("existing_all_four", "central_grant")
    assert grants.levers == {**existing.levers, "central_grant": {
        "intensity": {2024: 1, 2025: 1}, "start": 2024, "pause_years": {2024: 99, 2025: 0}}}  # fmt: skip


def test_the_headline_strategies() -> None:
    assert named("headline") == [
        "none", "existing", "existing_pairing_expanded", "existing_joint_building", "existing_company_strengthened",
        "existing_alliances", "existing_all_four", "grants_same_cost",
    ]  # fmt: skip
    with session():
        assert compose("compare", []).values["strategies"]["names"] == named("headline")


def test_the_factorial_holds_every_combination_of_the_four_once() -> None:
    """What each strategy adds to `existing` is what its lever files hold, and the names say so."""
    files = {"pairing": "pairing_expanded", "joint": "joint_building", "company": "company_strengthened",
             "alliances": "industry_alliance"}  # fmt: skip
    found = {}
    for name in named("factorial"):
        tree = yaml.safe_load((FOLDER / "strategy" / f"{name}.yaml").read_text(encoding="utf-8"))
        defaults = tree.get("defaults", ["_self_"])
        assert set(tree) == {"defaults", "zh", "en", "description_zh", "description_en"} or name == "existing"
        parts = [word.removeprefix("lever/").removesuffix("@_here_") for word in defaults if word.startswith("lever/")]
        assert name == "existing" or defaults == ["existing", *(f"lever/{part}@_here_" for part in parts), "_self_"]
        found[frozenset(parts)] = name
        if "_and_" in name:
            assert [files[word] for word in name.removeprefix("existing_").split("_and_")] == parts
        if "all_but" in name:
            assert set(files.values()) - set(parts) == {files[name.removeprefix("existing_all_but_")]}
    four = list(files.values())
    assert set(found) == {frozenset(part) for size in range(5) for part in combinations(four, size)}
    assert len(named("factorial")) == 16


def test_unchanged_levers_are_those_of_existing() -> None:
    existing, both = load_strategy("existing").levers, load_strategy("existing_pairing_and_joint").levers
    for key in IN_FORCE - {"paired_assistance"}:
        assert both[key] == existing[key]


def test_a_parameter_is_held_only_where_it_differs_or_is_named() -> None:
    default = DECLARED["fixed_cost"].default
    with session():
        study = read_job("run", compose("run", [f"parameters.fixed_cost={default}"])).study
        assert study.parameters == {}
        study = read_job("run", compose("run", ["world.fixed=[fixed_cost]", "residents=off"])).study
    assert study.parameters == {"fixed_cost": default}
    assert study.options.residents_per_village == 0

"""Levers that can't act are refused before anything runs; those that hardly do are told, and stand in the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import conf
from experiments import compare, load_district, load_strategy, simulate
from experiments.compose import compose, session
from experiments.reach import describe_reach
from experiments.settings import read_job
from experiments.study import Study
from experiments.user_yaml import Options, offer
from sim.policies.base import Strategy
from sim.policies.reach import USUAL_YEARS, is_on, reached
from sim.policies.registry import LEVERS, check_reach
from sim.problems import InputErrors
from tests.tiers import fast

Command = Callable[..., int]
FOLDER = Path(conf.__file__).parent
TINY = ["futures=2", "residents=off", "workers=1", "report=false"]
ENYANG = load_district("enyang")
JOINT = "strategy.levers.joint_building"


def study_of(*words: str, job: str = "run", folders: tuple[Path, ...] = ()) -> Study:
    with session():
        offer(Options(folders).trees())
        return read_job(job, compose(job, [*words, "residents=0"]), folders).study


def levers_of(name: str) -> dict[str, dict[str, Any]]:
    """Settings of a strategy of the package, put together from its files."""
    content = yaml.safe_load((FOLDER / "strategy" / f"{name}.yaml").read_text(encoding="utf-8"))
    levers: dict[str, dict[str, Any]] = {}
    below = [levers_of(word.split("@")[0]) for word in content.get("defaults", []) if word != "_self_"]
    for one in (*below, content.get("levers", {})):
        for key, values in one.items():
            levers[key] = {**levers.get(key, {}), **values}
    return levers


def wrong(*words: str, **more) -> list[tuple[str, str]]:
    with pytest.raises(InputErrors) as caught:
        study_of(*words, **more)
    return [(item.field, item.value) for item in caught.value.problems]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([f"{JOINT}={{intensity: 1, start: 2040}}"], ("start", "2040")),
        ([f"{JOINT}={{intensity: 1, start: 2031}}", "horizon=2030"], ("start", "2031")),
        ([f"{JOINT}={{intensity: 1, end: 2023}}"], ("end", "2023")),
        ([f"{JOINT}.intensity={{2090: 1}}"], ("intensity", "{2090: 1}")),
        ([f"{JOINT}.contribution_share=0.5"], ("contribution_share", "")),
        ([f"{JOINT}.start=2025"], ("start", "")),
        ([f"{JOINT}={{intensity: 1, villages: ['{ENYANG.village_code[0]}']}}"], ("towns, villages", None)),
        (["strategy.levers.training.pilot_share=1e-12"], ("pilot_share", "1e-12")),
        (["strategy.levers.training={income_below: 5, income_above: 9}"], ("income_above, income_below", "9, 5")),
    ],
)  # fmt: skip
def test_a_lever_that_never_acts_is_refused(words: list[str], expected: tuple[str, str | None]) -> None:
    ((field, value),) = wrong("strategy=existing", *words)
    assert field == expected[0] and expected[1] in (None, value)


def test_it_is_told_once_in_words_before_anything_is_run(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        qiangcun(
            "compare", "strategies=[none,existing]", f"{JOINT}={{intensity: 1, start: 2040}}", *TINY, "language=both"
        )
        == 2
    )
    text = capsys.readouterr().err
    assert "措施在推演的年份里从不实行；值: 2040；允许: 2024–2035" in text
    assert "[start]: the lever never acts in the simulated years; value: 2040; allowed: 2024–2035" in text
    assert text.count("2040") == 2 and "joint_building" in text and "Traceback" not in text
    assert not list(workplace.iterdir())


@pytest.mark.parametrize("intensity", fast(["0", "0.5", "1"], 1))
@pytest.mark.parametrize("more", [[], [f"{JOINT}.contribution_share=0.5"], [f"{JOINT}.start=2026"]])
@pytest.mark.parametrize("strategy", fast(["existing_joint_building", "existing"], 1))
def test_sweeps_over_intensity_take_nought(strategy: str, more: list[str], intensity: str) -> None:
    study_of(f"strategy={strategy}", f"{JOINT}.intensity={intensity}", *more)
    if strategy == "existing":
        strategy_of_notebook = load_strategy(
            strategy, [word.removeprefix("strategy.") for word in (f"{JOINT}.intensity={intensity}", *more)]
        )
        assert not check_reach(strategy_of_notebook, ENYANG, (2024, 2035))


@pytest.mark.thorough
def test_what_a_file_switches_off_may_keep_its_settings(tmp_path: Path) -> None:
    group = tmp_path / "strategy"
    group.mkdir()
    files = {
        "base": "defaults: [existing, _self_]\nlevers: {joint_building: {intensity: 1, start: 2026, learning: 0.5}}\n",
        "off": "defaults: [base, _self_]\nlevers: {joint_building: {intensity: 0}, cadre_pay: {intensity: 0}}\n",
        "silent": "defaults: [existing, _self_]\nlevers: {joint_building: {start: 2026, learning: 0.5}}\n",
        "pairing": "defaults: [existing_without_pairing, _self_]\nlevers: {training: {intensity: 0.5}}\n",
    }
    for name, text in files.items():
        (group / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name in ("base", "off", "pairing"):
        study_of(f"strategy={name}", folders=(tmp_path,))
        assert not check_reach(load_strategy(group / f"{name}.yaml"), ENYANG, (2024, 2035))
    assert wrong("strategy=silent", folders=(tmp_path,)) == [("learning, start", "")]
    with pytest.raises(InputErrors):
        simulate(ENYANG, load_strategy(group / "silent.yaml"), seeds=[1])
    with pytest.raises(InputErrors):
        simulate(ENYANG, Strategy("mine", levers={"joint_building": {"learning": 0.5}}), seeds=[1])


def test_every_strategy_of_the_package_acts_in_the_usual_years() -> None:
    """So that it is never refused, whatever years are simulated; a measure that begins later needs another rule."""
    names = [path.stem for path in (FOLDER / "strategy").glob("*.yaml")]
    assert len(names) > 30
    for name in names:
        strategy = Strategy(name, levers=levers_of(name))
        for years in ((2024, 2035), (2024, 2024), (2050, 2060)):
            assert check_reach(strategy, ENYANG, years) == [], name
        for key, values in strategy.levers.items():
            assert not is_on(values) or any(reached(LEVERS[key](ENYANG, values), *USUAL_YEARS).values())


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("listed", "years"), [("headline", ["horizon=2024"]), ("withdrawal", ["start_year=2029", "horizon=2030"])]
)
def test_lists_of_the_package_run_in_other_years(listed: str, years: list[str]) -> None:
    study_of(f"strategies={listed}", *years, job="compare")


@pytest.mark.thorough
def test_ablations_provinces_and_equal_costs_pass() -> None:
    study_of("strategies=ablation", "strategies.without_each=[credit,failure]", "horizon=2024", job="compare")
    province = study_of("strategies.names=[none,existing]", "district=sichuan_synthetic", job="compare")
    found = describe_reach(province)["existing"]["training"]
    assert found == {"first": 2024, "last": 2035, "villages": province.district.villages}
    assert wrong("district=sichuan_synthetic", f"{JOINT}={{intensity: 1, start: 2040}}") == [("start", "2040")]
    equal = ["strategies.names=[none,existing]", "budget.mode=equal_cost", "budget.equal_to=existing"]
    study_of(*equal, job="compare")
    assert describe_reach(study_of(*equal, "horizon=2026", job="compare"))["none"]["central_grant"]["first"] == 2025


@pytest.mark.thorough
def test_what_hardly_acts_is_told_at_the_start_and_kept(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pilot = "strategy.levers.training.pilot_share=0.02"
    words = ["strategies=[existing,existing_joint_building]", "horizon=2025", pilot, *TINY, "language=both"]
    assert qiangcun("compare", *words) == 0
    text = capsys.readouterr().err
    assert "注意：“跨村联建”只在最后一年实行（策略 existing_joint_building）。" in text
    assert "reaches less than 5% of the villages (strategy existing, existing_joint_building)." in text
    (path,) = workplace.glob("outputs/**/manifest.json")
    found = json.loads(path.read_text(encoding="utf-8"))["reach"]
    assert found["existing_joint_building"]["joint_building"] == {
        "first": 2025, "last": 2025, "villages": 208, "remark": "last_year",
    }  # fmt: skip
    assert found["existing"]["training"] == {"first": 2024, "last": 2025, "villages": 5, "remark": "few_villages"}
    assert "joint_building" not in found["existing"]


def test_a_notebook_warns() -> None:
    with pytest.warns(UserWarning, match="not in force in the simulated years"):
        compare(ENYANG, ["existing", "existing_joint_building"], seeds=[1], horizon=2024, residents=0)


@pytest.mark.thorough
def test_a_usual_study_is_silent() -> None:
    study = study_of(job="compare")
    assert all("remark" not in found for levers in describe_reach(study).values() for found in levers.values())

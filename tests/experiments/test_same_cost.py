"""Strategies that are given the public cost of another: the search, its results, its memory, its messages."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.data import money
from analysis.data.seal import seal_of
from experiments import compare, load_district, load_strategy, same_cost, simulate
from experiments.executors import Workers
from experiments.found_scale import TOLERANCE, SameCost
from experiments.notebook import make_study
from experiments.same_cost import AIM, MOST_EVALUATIONS, search, settle
from experiments.study import Study
from sim import DistrictModel
from sim.district import District
from sim.options import RunOptions
from sim.policies.base import Strategy
from sim.problems import InputErrors
from tests.experiments.conftest import TINY, counting
from tests.tiers import fast

Command = Callable[..., int]
TARGET = "existing_pairing_and_joint"
GRANTS = f"defaults: [grants_same_cost, _self_]\nsame_cost_as: {TARGET}\n"


@pytest.fixture(scope="module")
def enyang() -> District:
    return load_district("enyang")


def grants(**changes: object) -> Strategy:
    """`grants_same_cost` with another target, and other settings of its lever."""
    strategy = load_strategy("grants_same_cost")
    lever = {**strategy.levers["central_grant"], **changes}
    return replace(strategy, same_cost_as=TARGET, levers={**strategy.levers, "central_grant": lever})


def study_of(district: District, *strategies: Strategy | str, futures: int = 3, **more: object) -> Study:
    options = {"residents": 7, **more}
    return make_study("compare", district, ["existing", TARGET, *strategies], range(futures), 2027, None, options)


# The search ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cost",
    [
        lambda scale: 50 + 40 * scale,
        lambda scale: 50 + 40 * scale + 3 * scale**2,
        lambda scale: 50 + 100 * scale**0.5,
        lambda scale: 60 + 200 * max(0, scale - 6),
        lambda scale: 195 + 10 * scale if scale < 0.4 else 199 + 60 * (scale - 0.4),
        lambda scale: 170 + 40 * scale,
    ],
    ids=["line", "convex", "concave", "late", "kink", "below one"],
)
def test_any_rising_curve_is_met(cost: Callable[[float], float]) -> None:
    tried, _ = search(cost, 200.0, 100.0)
    assert min(abs(found - 200) for found in tried.values()) <= AIM * 200
    assert len(tried) <= MOST_EVALUATIONS
    assert all(cost(scale) == found for scale, found in tried.items())


def test_a_line_takes_three_steps() -> None:
    assert len(search(lambda scale: 50 + 60 * scale, 200.0, 100.0)[0]) == 3


@pytest.mark.parametrize(
    ("cost", "reason"),
    [
        (lambda scale: 300 + scale, "too_dear"),
        (lambda scale: 100 + scale, "at_limit"),
        (lambda scale: 150 if scale < 2.5 else 250, "in_steps"),
    ],
)
def test_what_can_not_be_met_is_told_and_ends(cost: Callable[[float], float], reason: str) -> None:
    tried, told = search(cost, 200.0, 50.0)
    assert told == reason
    assert len(tried) <= MOST_EVALUATIONS
    assert min(abs(found - 200) for found in tried.values()) > TOLERANCE * 200


# A study ------------------------------------------------------------------------------------------------------


def test_grants_are_scaled_to_the_cost_of_another_strategy(enyang: District) -> None:
    """Within 1 %, and the costs kept are those that the report computes from the results."""
    result = compare(enyang, ["existing", TARGET, grants()], seeds=range(3), horizon=2027, residents=7)
    (entry,) = [entry for entry in result.manifest["strategies"] if entry["key"] == "grants_same_cost"]
    found = SimpleNamespace(**entry["same_cost"])
    paid = {key: money.present_value(result, key, "public_cost").mean() for key in result.strategies}
    assert found.cost == pytest.approx(paid["grants_same_cost"], rel=1e-12)
    assert found.target_cost == pytest.approx(paid[TARGET], rel=1e-12)
    assert abs(paid["grants_same_cost"] / paid[TARGET] - 1) <= TOLERANCE
    assert paid["existing"] < 0.97 * paid[TARGET], "so that there was something to be found"
    assert entry["same_cost"]["reached"] is True
    assert entry["same_cost"]["target"] == TARGET
    assert entry["same_cost"]["scale"] == found.scale
    assert entry["same_cost"]["futures"] == 3
    assert entry["levers"]["central_grant"]["intensity"] == {"2024": 1, "2025": found.scale}


@pytest.mark.thorough
def test_neither_processes_nor_company_change_the_scale(enyang: District, tmp_path: Path) -> None:
    """30 futures are two batches; other strategies of the comparison play no part."""
    study = study_of(enyang, grants(), futures=30, residents=0)
    alone, together = (settle(study, tmp_path / str(n), Workers(number=n)) for n in (1, 2))
    among = settle(study_of(enyang, "none", grants(), futures=30, residents=0), tmp_path / "among")
    assert alone.id == together.id
    assert alone.same_cost == together.same_cost == among.same_cost


def test_a_plain_intensity_is_scaled_as_a_whole(enyang: District, tmp_path: Path) -> None:
    found = settle(study_of(enyang, grants(intensity=2)), tmp_path)
    scale = found.same_cost["grants_same_cost"].scale
    assert found.strategies[-1].levers["central_grant"]["intensity"] == 2 * scale
    assert not found.strategies[-1].same_cost_as


def test_evaluations_are_kept(enyang: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same study is found again without computing; a search that was stopped goes on; another study searches."""
    study = study_of(enyang, grants())
    first = settle(study, tmp_path)
    (kept,) = (tmp_path / "same_cost").glob("*.json")
    costs = json.loads(kept.read_text(encoding="utf-8"))["costs"]
    computed = counting(monkeypatch)
    assert settle(study, tmp_path).id == first.id
    assert not computed
    last = list(costs)[-1]
    rewrite(kept, lambda content: content["costs"].pop(last))
    assert settle(study, tmp_path).same_cost == first.same_cost
    assert computed == [3], "one batch, of the evaluation that was lost"
    for other in (study_of(enyang, grants(), futures=2), study_of(enyang, grants(amount=50))):
        computed.clear()
        settle(other, tmp_path)
        assert computed


def rewrite(path: Path, change: Callable[[dict], object]) -> None:
    """Alter what was kept, and seal it again."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps({**content, "seal": seal_of(content)}), encoding="utf-8")


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[:40]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("[]", encoding="utf-8"),
        lambda path: path.write_text(path.read_text(encoding="utf-8").replace("1", "2", 1), encoding="utf-8"),
        lambda path: rewrite(path, lambda content: content.update(identity="0" * 64)),
        lambda path: rewrite(path, lambda content: content.update(costs=[1.0])),
        lambda path: rewrite(path, lambda content: content["costs"].update(other="1")),
        lambda path: rewrite(path, lambda content: content["costs"].update(other=True)),
        lambda path: rewrite(path, lambda content: content.pop("costs")),
        lambda path: path.write_text(path.read_text(encoding="utf-8").replace(": 1", ": NaN"), encoding="utf-8"),
        lambda path: path.unlink() or os.mkfifo(path),
    ],
    ids=["cut", "empty", "list", "altered", "another study", "no table", "text", "truth", "nothing", "NaN", "pipe"],
)
def test_costs_that_are_not_whole_are_set_aside(
    tmp_path: Path, harm: Callable[[Path], object], enyang: District
) -> None:
    """They are ignored and computed again; nothing is thrown away."""
    study = replace(study_of(enyang, grants(), futures=1, residents=0), options=RunOptions(2024, 2024))
    identity = same_cost.identity(study)
    path = same_cost.path_of(identity, tmp_path)
    path.parent.mkdir()
    content = {"identity": identity, "costs": {"a": 1.5}}
    path.write_text(json.dumps({**content, "seal": seal_of(content)}), encoding="utf-8")
    assert same_cost.read_costs(path, identity) == {"a": 1.5}
    harm(path)
    assert same_cost.read_costs(path, identity) == {}
    assert not os.path.lexists(path) and len(list((path.parent / "damaged").iterdir())) == 1
    assert same_cost.read_costs(path, identity) == {}


@pytest.mark.thorough
def test_a_scale_that_does_not_cost_what_was_found_is_told_and_searched_again(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong costs, sealed: the study's own runs tell, the kept costs are thrown away, the same command mends it."""
    (workplace / "own" / "strategy").mkdir(parents=True)
    (workplace / "own" / "strategy" / "mine.yaml").write_text(GRANTS, encoding="utf-8")
    words = ["compare", "--config-dir", "own", *TINY, "horizon=2026", f"strategies=[{TARGET},mine]", "language=en"]
    assert qiangcun(*words) == 0
    (path,) = workplace.glob("outputs/studies/*/manifest.json")
    right = path.parent.name
    assert qiangcun("verify", str(path.parent), "--sample", "1", "--language", "en") == 0
    assert "as recorded" in capsys.readouterr().out
    shutil.rmtree(workplace / "outputs" / "studies")
    (costs,) = workplace.glob("outputs/same_cost/*.json")
    rewrite(costs, lambda content: content.update(costs={name: cost * 1.3 for name, cost in content["costs"].items()}))
    capsys.readouterr()
    assert qiangcun(*words) == 1
    assert "not what is recorded" in capsys.readouterr().out
    assert not list(workplace.glob("outputs/same_cost/*.json"))
    assert qiangcun(*words) == 0
    assert (workplace / "outputs" / "studies" / right / "manifest.json").is_file()


def test_all_residents_are_searched_with_a_sample(tmp_path: Path) -> None:
    """Public cost hardly depends on residents: a sample takes a fraction of the time."""
    study = study_of(load_district("enyang"), grants(), residents="all", futures=1)
    found = settle(replace(study, options=replace(study.options, horizon=2025)), tmp_path)
    assert found.same_cost["grants_same_cost"].residents == 30
    assert found.options.residents_per_village == "all"
    assert not list(tmp_path.rglob("*.parquet")), "no run of the search is one of the study"


@pytest.mark.parametrize(
    ("strategy", "reason"),
    [(lambda: replace(grants(), same_cost_as="none"), "too_dear"), (lambda: grants(amount=1), "at_limit")],
)
def test_a_cost_out_of_reach_is_told_and_nothing_is_lost(
    enyang: District, strategy: Callable[[], Strategy], reason: str
) -> None:
    result = compare(enyang, ["none", "existing", TARGET, strategy()], seeds=range(2), horizon=2026, residents=0)
    (entry,) = [entry["same_cost"] for entry in result.manifest["strategies"] if "same_cost" in entry]
    assert entry["reached"] is False
    assert entry["reason"] == reason
    assert entry["reason_zh"] and entry["reason_en"]
    assert abs(entry["difference"]) > TOLERANCE
    assert entry["scale"] == 0 if reason == "too_dear" else entry["scale"] > 1 / 0.045, "every village every year"
    assert set(result.to_frame()["strategy"]) == {"none", "existing", TARGET, "grants_same_cost"}


# What users do ------------------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_the_command_finds_its_study_again(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workplace / "own" / "strategy").mkdir(parents=True)
    (workplace / "own" / "strategy" / "mine.yaml").write_text(GRANTS, encoding="utf-8")
    words = ["compare", "--config-dir", "own", *TINY, "horizon=2026", f"strategies=[{TARGET},mine]", "language=en",
             "strategy.levers.central_grant.amount=80"]  # fmt: skip
    assert qiangcun(*words) == 0
    assert "Searching the scale of mine" in capsys.readouterr().out
    (path,) = workplace.glob("outputs/studies/*/manifest.json")
    entries = {entry["key"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))["strategies"]}
    assert entries["mine"]["same_cost"]["target"] == TARGET
    assert abs(entries["mine"]["same_cost"]["difference"]) <= TOLERANCE
    assert {entry["levers"]["central_grant"]["amount"] for entry in entries.values()} == {80}
    assert qiangcun(*words) == 0
    assert "The same study was run before" in capsys.readouterr().out
    assert len(list(workplace.glob("outputs/studies/*"))) == 1


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["run", "strategy=grants_same_cost"], "existing_all_four"),
        (["compare", "strategies=[existing,grants_same_cost]"], "existing_all_four"),
    ],
)
def test_a_target_that_is_not_compared(
    qiangcun: Command, capsys: pytest.CaptureFixture[str], arguments: list[str], near: str
) -> None:
    assert qiangcun(*arguments) == 2
    text = capsys.readouterr().err
    assert near in text and "same_cost_as" in text
    assert "compare" in text


@pytest.mark.parametrize(
    ("text", "near"),
    fast([
        (GRANTS.replace("pairing_and", "paring_and"), f"did you mean: {TARGET}"),
        (GRANTS + "scaled_lever: central_grunt\n", "did you mean: central_grant"),
        (GRANTS + "scaled_lever: joint_building\n", "joint_building"),
        (GRANTS + "levers: {central_grant: {intensity: {2024: 1, 2025: 0}}}\n", "intensity"),
        ("defaults: [existing, _self_]\nscaled_lever: central_grant\n", "needs same_cost_as"),
        (f"defaults: [existing, _self_]\nsame_cost_as: {TARGET}\n", "scaled_lever"),
        ("defaults: [existing, _self_]\nsame_cost_as: mine\n", "same_cost_as"),
        ("defaults: [existing, _self_]\nsame_cost_as: 3\n", "must be text"),
    ], 2),
)  # fmt: skip
def test_mistakes_in_a_strategy_of_one_s_own(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], text: str, near: str
) -> None:
    (workplace / "own" / "strategy").mkdir(parents=True)
    (workplace / "own" / "strategy" / "mine.yaml").write_text(text, encoding="utf-8")
    assert qiangcun("compare", "--config-dir", "own", *TINY, f"strategies=[existing,{TARGET},mine]") == 2
    shown = capsys.readouterr().err
    assert near in shown
    assert "Traceback" not in shown


def test_a_strategy_without_its_scale_is_not_run(enyang: District, tmp_path: Path) -> None:
    for start in (lambda: simulate(enyang, grants(), seeds=[0]), lambda: DistrictModel(enyang, grants(), rng=1)):
        with pytest.raises(InputErrors, match="same_cost_as"):
            start()
    found = settle(study_of(enyang, grants(), futures=1), tmp_path)
    assert isinstance(found.same_cost["grants_same_cost"], SameCost)
    DistrictModel(enyang, found.strategies[-1], rng=1).step()

"""What the report recommends: in its order, each with a strategy or a reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

import conf
from experiments.compose import load_strategy
from experiments.manifest import describe_district
from experiments.study import Study
from scenarios import InputErrors, load_district
from scenarios.recommendations import FILE, read_recommendations
from sim.futures import numbered
from sim.policies.registry import LEVERS

ENYANG = Path(__file__).parents[2] / "scenarios" / "enyang"
STRATEGIES = Path(conf.__file__).parent / "strategy"
ORDER = ["三(一)一是", "三(一)二是", "三(一)三是", "三(二)一是", "三(二)二是", "三(二)三是", "三(三)一是", "三(三)二是",
         "三(三)三是", "二(三)三是"]  # fmt: skip


@pytest.fixture(scope="module")
def entries() -> tuple[dict, ...]:
    found, problems = read_recommendations(ENYANG / FILE)
    assert problems == []
    return found


def carried_out(entries: tuple[dict, ...]) -> dict[str, dict]:
    return {entry["strategy"]: entry for entry in entries if "strategy" in entry}


def test_they_stand_in_the_order_of_the_report(entries: tuple[dict, ...]) -> None:
    places = [entry["place"] for entry in entries]
    assert places == sorted(places, key=ORDER.index)
    assert list(dict.fromkeys(places)) == ORDER


def test_seventeen_have_a_strategy_and_all_others_a_reason(entries: tuple[dict, ...]) -> None:
    assert len(carried_out(entries)) == 17
    assert all(key.startswith("rec_") for key in carried_out(entries))
    assert all(entry["not_modelled"]["zh"] for entry in entries if "strategy" not in entry)


@pytest.mark.thorough
def test_their_strategies_are_there_and_change_the_levers_named(entries: tuple[dict, ...]) -> None:
    wanted = carried_out(entries)
    there = {path.stem for path in STRATEGIES.glob("rec_*.yaml")}
    assert there == set(wanted)
    existing = load_strategy("existing").levers
    for key in there:
        levers = load_strategy(key).levers
        changed = {name for name in {*levers, *existing} if levers.get(name) != existing.get(name)}
        assert changed == set(wanted[key]["levers"]), key
        assert changed <= set(LEVERS)


@pytest.mark.thorough
def test_the_package_holds_every_recommendation(entries: tuple[dict, ...]) -> None:
    """Every lever setting of a single recommendation is in `recommended`, and nothing else is."""
    existing, whole = load_strategy("existing").levers, load_strategy("recommended").levers
    merged = {key: dict(values) for key, values in existing.items()}
    for key in carried_out(entries):
        for lever, values in load_strategy(key).levers.items():
            before = existing.get(lever, {})
            merged.setdefault(lever, {}).update({k: v for k, v in values.items() if before.get(k) != v})
            for setting in set(before) - set(values):  # back at its default, such as no end
                merged[lever].pop(setting, None)
    assert whole == merged


def test_the_list_of_strategies(entries: tuple[dict, ...]) -> None:
    names = yaml.safe_load((STRATEGIES.parent / "strategies" / "recommendations.yaml").read_text("utf-8"))["names"]
    assert names == ["existing", *carried_out(entries), "recommended"]


def test_the_manifest_carries_them(entries: tuple[dict, ...]) -> None:
    study = Study("s", load_district("enyang"), (load_strategy("existing"),), "existing", numbered([0]))
    assert describe_district(study)["recommendations"] == list(entries)


def test_a_district_without_them_is_right(tmp_path: Path) -> None:
    shutil.copytree(ENYANG, tmp_path / "place")
    with_them = load_district(tmp_path / "place")
    (tmp_path / "place" / FILE).unlink()
    without = load_district(tmp_path / "place")
    assert without.recommendations == ()
    assert without.fingerprint != with_them.fingerprint


BAD = {
    "not a list": ("recommendations: 3", "应为列表"),
    "not yaml": ("recommendations: [", "YAML"),
    "unknown name": ("- {place: p, zh: a, en: b, strategie: rec_a, levers: [x]}", "strategy"),
    "no text": ("- {place: p, zh: a, strategy: rec_a, levers: [x]}", "en"),
    "neither": ("- {place: p, zh: a, en: b}", "二者取一"),
    "both": ("- {place: p, zh: a, en: b, strategy: rec_a, levers: [x], not_modelled: {zh: a, en: b}}", "二者取一"),
    "reason in one language": ("- {place: p, zh: a, en: b, not_modelled: {zh: a}}", "中英文"),
    "no levers": ("- {place: p, zh: a, en: b, strategy: rec_a}", "措施的列表"),
    "levers of nothing": ("- {place: p, zh: a, en: b, not_modelled: {zh: a, en: b}, levers: [x]}", "没有措施"),
    "twice": ("- &a {place: p, zh: a, en: b, strategy: rec_a, levers: [x]}\n- *a", "只能对应"),
    "no mapping": ("- 3", "名称: 值"),
}


@pytest.mark.parametrize("case", BAD, ids=list(BAD))
def test_mistakes_are_told(case: str, tmp_path: Path) -> None:
    text, told = BAD[case]
    shutil.copytree(ENYANG, tmp_path / "place")
    (tmp_path / "place" / FILE).write_text(text if text.startswith("rec") else f"recommendations:\n{text}", "utf-8")
    with pytest.raises(InputErrors) as caught:
        load_district(tmp_path / "place")
    assert told in caught.value.text("zh")
    assert FILE in caught.value.text("zh")

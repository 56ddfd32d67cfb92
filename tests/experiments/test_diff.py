"""`qiangcun diff A B`: what changed in inputs, and what in answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis import results
from experiments.jobs.diff import compared, number, same_futures
from experiments.study_inputs import changes
from tests.experiments.conftest import TINY

Command = Callable[..., int]


def manifest(**more: Any) -> dict[str, Any]:
    """What a study tells, as far as it matters here."""
    training, career = {"zh": "干部培训", "en": "cadre training"}, {"zh": "职业", "en": "career"}
    cost = {"name": "fixed_cost", "kind": "world", "zh": "固定费", "en": "fixed cost", "value": None}
    return {
        "strategies": [strategy("existing", training={"intensity": 1})],
        "levers": {"training": training, "career_path": career},
        "parameters": [{**cost, "unit": "万元 a year", "unit_zh": "万元／年"}],
        "futures": 100, "horizon": 2035, "design": {"kind": "futures", "hash": "a", "futures": 100},
        "district": {"key": "enyang"}, "hashes": {"model": "x"}, **more,
    }  # fmt: skip


def strategy(key: str, **levers: Any) -> dict[str, Any]:
    """A strategy as a manifest tells it."""
    return {"key": key, "zh": f"策略{key}", "en": f"strategy {key}", "levers": levers}


def test_the_same_inputs_differ_in_nothing() -> None:
    assert changes(manifest(), manifest()) == []


def test_what_differs_is_told_once_with_its_label() -> None:
    rows = [{**manifest()["parameters"][0], "value": 2.0}]
    found = changes(manifest(), manifest(horizon=2030, parameters=rows, hashes={"model": "y"}))
    assert [(item.name, item.a, item.b) for item in found] == [
        ("hashes.model", "x", "y"), ("horizon", "2035", "2030"), ("parameters.fixed_cost", "–", "2"),
    ]  # fmt: skip
    assert found[1].label == "last simulated year"
    assert found[2].label == "fixed cost (万元 a year)"


def test_a_setting_that_differs_alike_in_several_strategies_is_one_line() -> None:
    one = manifest(strategies=[strategy(key, training={"intensity": 1, "start": 2024}) for key in "ab"])
    two = manifest(strategies=[strategy(key, training={"intensity": 0.5, "start": 2024}) for key in "ab"])
    (found,) = changes(one, two)
    assert (found.name, found.a, found.b) == ("training.intensity", "1", "0.5")
    assert "cadre training" in found.label and "2 strategies" in found.label


def test_settings_of_what_one_study_lacks_are_not_told() -> None:
    one = manifest(strategies=[strategy("a", training={"intensity": 1, "start": 2024})])
    more = {"training": {"intensity": 1, "start": 2024}, "career_path": {"intensity": 1, "payer": "nobody"}}
    two = manifest(strategies=[strategy("a", **more), strategy("b", **more)])
    assert [(item.name, item.a, item.b) for item in changes(one, two)] == [
        ("strategies.b", "–", "strategy b"), ("career_path.intensity", "–", "1"),
    ]  # fmt: skip


def test_futures_are_the_same_where_worlds_are_numbered_or_the_design_is_one() -> None:
    lhs = {"kind": "lhs", "hash": "b"}
    assert same_futures(manifest(), manifest(design={"kind": "futures", "hash": "c"}))
    assert not same_futures(manifest(), manifest(district={"key": "elsewhere"}))
    assert same_futures(manifest(design=lhs), manifest(design=lhs))
    assert not same_futures(manifest(design=lhs), manifest(design={**lhs, "hash": "c"}))


def test_numbers_have_four_digits_that_count() -> None:
    assert [number(value) for value in (12345.6, 123.45, 1.23456, 0.012, 0.0, -5.0, float("nan"))] == [
        "12,346", "123.5", "1.235", "0.01200", "0", "−5.000", "–",
    ]  # fmt: skip


@pytest.fixture
def two(qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Ids of two studies: three futures and two, with another fixed cost."""
    words = ["compare", *TINY[1:], "strategies=[none]", "other_starts=[]"]
    assert qiangcun(*words, "futures=3", "name=one") == 0
    assert qiangcun(*words, "futures=2", "name=two", "parameters.fixed_cost=3") == 0
    capsys.readouterr()
    ids = {path.name.partition("-")[0]: path.name for path in (workplace / "outputs" / "studies").iterdir()}
    return ids["one"], ids["two"]


def test_answers_are_paired_by_future(
    two: tuple[str, str], qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("diff", *two, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in told["inputs"]] == ["futures", "parameters.fixed_cost"]
    row = next(row for row in told["answers"] if (row["strategy"], row["indicator"]) == ("none", "income_profit_mean"))
    a, b = (results.load(workplace / "outputs" / "studies" / name) for name in two)
    where = ("none", "income_profit_mean", 2024)
    change = b.at(*where) - a.at(*where)
    assert row["n"] == 2 == change.count()
    assert row["difference"] == pytest.approx(change.mean()) and row["difference"] < 0
    assert (row["low"], row["high"]) == pytest.approx((change.min(), change.max()))
    assert row["b"] - row["a"] == pytest.approx(row["difference"])
    apart = compared(a, b, where, paired=False)
    assert apart["n"] is None and apart["a"] == pytest.approx(a.at(*where).mean())


def test_a_job_s_folder_an_id_and_its_end_mean_the_same_study(
    two: tuple[str, str], qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = next(path for path in (workplace / "outputs" / "compare").iterdir()
               if two[0] in (path / "study.txt").read_text(encoding="utf-8"))  # fmt: skip
    for named in (str(job), two[0], two[0].partition("-")[2], f"outputs/studies/{two[0]}"):
        assert qiangcun("diff", named, two[0], "language=zh") == 0
        assert "输入相同" in capsys.readouterr().out
    assert qiangcun("diff", "outputs/studies", two[0]) == 2
    assert "several studies" in capsys.readouterr().err
    assert qiangcun("diff", two[0][:-1] + "x", two[0]) == 2
    assert two[0] in capsys.readouterr().err
    runs = workplace / "outputs" / "studies" / two[1] / "runs.parquet"
    runs.write_bytes(runs.read_bytes()[:-1] + b"x")
    assert qiangcun("diff", *two) == 3
    shown = capsys.readouterr()
    assert "fixed_cost" in shown.out and "changed or is damaged" in shown.err

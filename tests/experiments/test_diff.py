"""`qiangcun diff A B`: what changed in inputs, and what in answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len as cells

from analysis.data import results
from analysis.data.seal import read_manifest
from experiments.jobs.diff import answers, compared, number, same_futures
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
    assert [(name, a, b) for name, _, a, b in found] == [
        ("model", "x", "y"), ("horizon", "2035", "2030"), ("parameters.fixed_cost", "–", "2"),
    ]  # fmt: skip
    assert found[1][1] == "last simulated year"
    assert found[2][1] == "fixed cost (万元 a year)"


def test_a_setting_that_differs_alike_in_several_strategies_is_one_line() -> None:
    one = manifest(strategies=[strategy(key, training={"intensity": 1, "start": 2024}) for key in "ab"])
    two = manifest(strategies=[strategy(key, training={"intensity": 0.5, "start": 2024}) for key in "ab"])
    (found,) = changes(one, two)
    assert (found[0], *found[2:]) == ("training.intensity", "1", "0.5")
    assert found[1] == "cadre training (a, b)"


def test_settings_of_what_one_study_lacks_are_not_told() -> None:
    one = manifest(strategies=[strategy("a", training={"intensity": 1, "start": 2024})])
    more = {"training": {"intensity": 1, "start": 2024}, "career_path": {"intensity": 1, "payer": "nobody"}}
    two = manifest(strategies=[strategy("a", **more), strategy("b", **more)])
    assert [(name, a, b) for name, _, a, b in changes(one, two)] == [
        ("career_path", "–", "1"), ("strategies.b", "–", "+"),
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
    folders = [workplace / "outputs" / "studies" / name for name in two]
    assert [name for name, *_ in changes(*map(read_manifest, folders))] == ["futures", "parameters.fixed_cost"]
    row = next(
        row for row in answers(*folders) if (row["strategy"], row["indicator"]) == ("none", "income_profit_mean")
    )
    a, b = map(results.load, folders)
    where = ("none", "income_profit_mean", 2024)
    change = b.at(*where) - a.at(*where)
    assert row["n"] == 2 == change.count()
    assert row["difference"] == pytest.approx(change.mean()) and row["difference"] < 0
    assert (row["low"], row["high"]) == pytest.approx((change.min(), change.max()))
    assert row["b"] - row["a"] == pytest.approx(row["difference"])
    apart = compared(a, b, where, paired=False)
    assert apart["n"] is None and apart["a"] == pytest.approx(a.at(*where).mean())
    assert qiangcun("diff", *two) == 0
    text = capsys.readouterr().out
    assert "fixed running cost (万元/yr)" in text and "mean operating profit per village (万元)" in text
    assert all(cells(line) <= 100 for line in text.splitlines())


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

"""What answers hang on: named where a relation was built in, and hardly ever where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_effects import store

from analysis.answers import backfires, doubts, hinges
from analysis.data.results import Results, load
from analysis.sentences.catalogue import LANGUAGES, Words

INCOME = "income_profit_mean"


def study(folder: Path, change: np.ndarray, worlds: dict[str, np.ndarray]) -> Results:
    """A study of two strategies whose difference in each world is given."""
    base = np.linspace(5, 9, len(change))
    store(folder, {("a", INCOME): list(base), ("b", INCOME): list(base + change)})
    if worlds:
        pd.DataFrame({"world": np.arange(len(change)), **worlds}).to_parquet(folder / "worlds.parquet")
    return load(folder)


def noise(number: int, n: int, seed: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {f"noise_{index}": draw.random(n) for index in range(number)}


def test_a_built_in_relation_is_named_with_its_direction_and_thirds(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    x = draw.random(60)
    change = -3 * x + 1 + draw.normal(0, 0.3, 60)
    found = hinges.table(study(tmp_path, change, noise(40, 60, 2) | {"x": np.exp(5 * x), "held": np.full(60, 1.0)}))
    assert list(found["parameter"]) == ["x"]
    row = found.iloc[0]
    assert (row["answer"], row["n"], row["third"]) == ("named", 60, 20)
    assert row["correlation"] == pytest.approx(stats.spearmanr(x, change).statistic)
    order = np.argsort(x)
    low, high = change[order[:20]], change[order[-20:]]
    assert row["low_difference"] == pytest.approx(low.mean())
    assert row["high_difference"] == pytest.approx(high.mean())
    assert (row["low_worse"], row["high_worse"]) == ((low < 0).mean(), (high < 0).mean())


def test_nothing_is_named_by_chance_more_often_than_promised() -> None:
    """Over 200 studies without any relation the share that names a parameter is that of a test at 5 %."""
    draw, named = np.random.default_rng(5), 0
    for _ in range(200):
        parameters = hinges.standardised(draw.random((40, 25)))
        effect = hinges.standardised(draw.random(40))
        named += bool(np.abs(effect @ parameters).max() > hinges.by_chance(parameters, effect))
    low, high = stats.binom.ppf([0.001, 0.999], 200, hinges.LEVEL)
    assert low <= named <= high


def test_more_parameters_ask_for_more_and_more_worlds_for_less() -> None:
    draw = np.random.default_rng(6)

    def limit(n: int, number: int) -> float:
        return hinges.by_chance(hinges.standardised(draw.random((n, number))), hinges.standardised(draw.random(n)))

    assert limit(50, 5) < limit(50, 200)
    assert limit(400, 50) < limit(50, 50)
    two_sided = stats.t.ppf(1 - hinges.LEVEL / 2, 398)
    assert limit(400, 1) == pytest.approx(two_sided / np.sqrt(398 + two_sided**2), abs=0.02)


@pytest.mark.parametrize(("n", "answer"), [(39, "few"), (40, "named")])
def test_few_worlds_say_so(tmp_path: Path, n: int, answer: str) -> None:
    x = np.random.default_rng(7).random(n)
    assert set(hinges.table(study(tmp_path, x, {"x": x}))["answer"]) == {answer}


def test_seeds_of_one_world_count_once(tmp_path: Path) -> None:
    """Fifty futures of ten worlds are ten worlds."""
    study(tmp_path, np.arange(50.0), {"x": np.arange(50.0)})
    table = pd.read_parquet(tmp_path / "runs.parquet")
    table["world"] = table["world"] // 5
    table.to_parquet(tmp_path / "runs.parquet")
    results = load(tmp_path)
    assert (hinges.effect_by_world(results, "b", INCOME) == [2, 7, 12, 17, 22, 27, 32, 37, 42, 47]).all()
    assert set(hinges.table(results)["answer"]) == {"few"}


def test_no_effect_and_no_worlds_have_no_hinge(tmp_path: Path) -> None:
    results = study(tmp_path, np.zeros(50), {"x": np.arange(50.0)})
    assert list(hinges.table(results)["answer"]) == ["constant"]
    (tmp_path / "worlds.parquet").unlink()
    results = load(tmp_path)
    assert list(hinges.table(results)["answer"]) == ["not_drawn"]
    assert doubts.deciding(results, Words("zh")) == []


def test_the_same_study_gives_the_same_answer(recommended: Path) -> None:
    one, two = (hinges.table(load(recommended)) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    named = one[one["answer"] == "named"]
    assert set(named["parameter"]) == {"kappa_joint"}
    assert {"rec_joint_building", "recommended"} <= set(named["strategy"])


def test_backfiring_is_told_with_the_worlds_that_lose(tmp_path: Path) -> None:
    """Better in the upper half of x, worse in the lower: the lower third is named, and page one says it turns."""
    x = np.random.default_rng(8).permutation(np.linspace(-1, 1, 60))
    results = study(tmp_path, 2 * x + 0.3, noise(10, 60, 9) | {"x": x})
    row = backfires.table(results).iloc[0]
    assert row["share_worse"] == pytest.approx((2 * x + 0.3 < 0).mean())
    assert (row["parameter"], row["third"], row["third_worse"], row["third_n"]) == ("x", "low", 1.0, 20)
    assert "“x”偏小时较多（20 个中 20 个）" in doubts.backfires(results, "b", INCOME, Words("zh"))
    lines = doubts.deciding(results, Words("zh"))
    assert "偏小的三分之一未来里平均 −1.1 万元，偏大的三分之一里 +1.7 万元" in lines[0]
    assert "反过来" in lines[1]
    assert "turns round" in doubts.deciding(results, Words("en"))[1]


def test_losing_kinds_of_village_are_named(recommended: Path) -> None:
    results = load(recommended)
    table = backfires.table(results).set_index(["strategy", "indicator"])
    assert table.loc[("rec_norms", INCOME), "kind"]
    assert table.loc[("rec_norms", INCOME), "kind_difference"] < -0.1
    assert not table.loc[("recommended", INCOME), "kind"]
    assert "的村平均少" in doubts.backfires(results, "rec_norms", INCOME, Words("zh"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_one_names_parameters_by_their_label(recommended: Path, lang: str) -> None:
    results = load(recommended)
    text = " ".join(doubts.deciding(results, Words(lang)))
    label = {row["name"]: row[lang] for row in results.manifest["parameters"]}["kappa_joint"]
    assert label in text
    assert "kappa" not in text


def test_with_few_futures_page_one_says_so(results: Results) -> None:
    assert "24" in doubts.deciding(results, Words("zh"))[0]
    assert "40" in doubts.deciding(results, Words("en"))[0]


def test_an_older_study_without_worlds_still_has_findings(recommended: Path, tmp_path: Path) -> None:
    for name in ("manifest.json", "runs.parquet"):
        (tmp_path / name).write_bytes((recommended / name).read_bytes())
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["district"]["recommendations"]
    results = load(tmp_path)
    assert set(hinges.table(results)["answer"]) == {"not_drawn"}
    assert len(backfires.table(results)) == len(hinges.table(results))

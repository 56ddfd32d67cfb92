"""A sweep read off: numbers known by hand, what is said of curves, pages and figures of any shape."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import tiny_study
from tiny_study import INCOME, TURNOVER

from analysis.answers import found, sweep
from analysis.data.results import Results
from analysis.drawing import style
from analysis.page import sweep as sweep_page
from analysis.page import workbook
from analysis.page.render import render
from analysis.sentences.catalogue import Words
from tests.tiers import fast

EN = Words("en")
F = 30
NOISE = np.linspace(-1, 1, F)
BASE = 20 + 5 * NOISE


def setting(path: str, label: str, values: list[Any]) -> dict[str, Any]:
    texts = [str(value) for value in values]
    return {"path": path, "zh": label, "en": label, "unit": "", "unit_zh": "", "values": values,
            "texts_zh": texts, "texts_en": texts,
            **{f"phrases_{lang}": [f"{label} {text}" for text in texts] for lang in ("zh", "en")}}  # fmt: skip


def swept(
    effects: dict[tuple[Any, ...], float], labels: tuple[str, ...] = ("dose", "start"), references: tuple[str, ...] = ()
) -> Results:
    """A sweep with these mean effects on income by values of the settings; futures differ a little in each cell."""
    cells = list(effects)
    values: dict[tuple[str, str], Any] = {("existing", INCOME): BASE, ("existing", TURNOVER): 2 * BASE}
    for number, cell in enumerate(cells):
        wobble = 0.01 * NOISE * (number % 3) if effects[cell] else 0
        values[f"cell_{number}", INCOME] = BASE + effects[cell] + wobble
        values[f"cell_{number}", TURNOVER] = 2 * BASE - effects[cell] - wobble
    for reference in references:
        values[reference, INCOME] = values[reference, TURNOVER] = BASE * 2
    scales = [sorted({cell[place] for cell in cells}, key=str) for place in range(len(labels))]
    scales = [sorted(scale) if all(isinstance(one, int | float) for one in scale) else scale for scale in scales]
    node = {
        "reference_zh": "现有措施", "reference_en": "Existing measures",
        "settings": [setting(f"strategy.levers.x.{label}", label, scale)
                     for label, scale in zip(labels, scales, strict=True)],
        "cells": [{"key": f"cell_{number}", "values": list(cell), "reference": "existing"}
                  for number, cell in enumerate(cells)],
    }  # fmt: skip
    return tiny_study.study(values, sweep=node)


def line(*means: float) -> Results:
    return swept({(place / 10, 2025): mean for place, mean in enumerate(means)})


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ((0, 1, 2, 3), ("rises", 3)),
        ((3, 2, 1), ("falls", 2)),
        ((0, 1, 1.02, 1.04), ("levels_up", 1)),
        ((3, 1, 1.01), ("levels_down", 1)),
        ((0, 1, 2, 1.5), ("peak", 2)),
        ((2, 1, 1.5), ("dip", 1)),
        ((1, 1.02, 1.01), ("flat", 0)),
        ((0, 0.01, 1), ("rises", 2)),
    ],
)
def test_where_a_curve_levels_off_or_turns(means: tuple[float, ...], said: tuple[str, int]) -> None:
    """A step counts where it is clear and no smaller than what matters: 0.05."""
    results = line(*means)
    ((keys),) = sweep.lines(results, 0).values()
    assert sweep.course(results, keys, 0) == said


def test_a_line_goes_by_the_order_of_values_whatever_the_order_of_cells() -> None:
    results = swept({(1.0, 2025): 3, (0.2, 2025): 1, (0.5, 2025): 2})
    assert sweep.lines(results, 0) == {(0,): ["cell_1", "cell_2", "cell_0"]}
    assert "rises all the way and still does at 1.0" in " ".join(sweep.courses(results, EN))


def test_neighbours_are_one_step_apart_in_one_setting_and_those_alike_are_named() -> None:
    results = swept({(1, 2025): 1, (1, 2028): 1.01, (2, 2025): 2, (2, 2028): 3})
    steps = sweep.steps(results).set_index("indicator")
    pairs = {(row["from"], row["to"]): row["verdict"] for _, row in steps.loc[INCOME].iterrows()}
    assert steps.loc[TURNOVER, "verdict"].tolist().count("lower") == 3, "turnover has its own steps"
    assert set(pairs) == {("cell_0", "cell_1"), ("cell_2", "cell_3"), ("cell_0", "cell_2"), ("cell_1", "cell_3")}
    assert pairs["cell_0", "cell_1"] == "small" and pairs["cell_2", "cell_3"] == "higher"
    assert "Of 4 pairs of neighbouring cells 1 can't be told apart" in sweep.apart(results, EN)
    assert "“Plan cell_0” and “Plan cell_1”" in sweep.apart(results, EN)


def test_the_table_has_a_column_for_each_setting_and_the_difference_to_the_cell_s_own_reference() -> None:
    results = swept({(1, 2025): 1, (2, 2025): 2}, references=("other",))
    results.manifest["sweep"]["cells"][1]["reference"] = "other"
    table = sweep.table(results)
    assert table["indicator"].tolist() == [INCOME, TURNOVER] * 2, "profit, then turnover"
    table = table[table["indicator"] == INCOME]
    assert table["strategy.levers.x.dose"].tolist() == ["1", "2"]
    np.testing.assert_allclose(table["level"], [21, 22])
    np.testing.assert_allclose(table["difference"], [1, 2 - 20], atol=1e-9)


def test_the_best_cell_is_that_of_profit_and_the_best_by_turnover_is_named_where_it_is_another() -> None:
    text = sweep.best(swept({(1, 2025): 1, (2, 2025): 3}), EN)
    assert text.startswith("Mean profit per village in 2024 gains most with “Plan cell_1”: +30,000 yuan")
    assert "operating income −30,000 yuan" in text
    assert "By operating income “Plan cell_0” gains most: −10,000 yuan." in text
    assert "By operating income" not in sweep.best(swept({(1, 2025): 1}), EN)


def test_cells_that_are_the_same_in_all_futures_are_no_neighbours_to_tell_apart() -> None:
    results = swept({(0, 2025): 0, (0, 2028): 0, (1, 2025): 1, (1, 2028): 2})
    assert sweep.apart(results, EN) == "All 3 pairs of neighbouring cells can be told apart."
    assert sum("Start" in text for text in sweep.courses(results, EN)) == 1
    assert not any("with" in text for text in sweep.courses(results, EN))


def test_too_few_futures_say_nothing_of_a_curve() -> None:
    few = tiny_study.study(
        {("existing", INCOME): BASE[:5], ("cell_0", INCOME): BASE[:5] + 1}, sweep=line(1).manifest["sweep"]
    )
    assert "5" in sweep.courses(few, EN)[0] and not sweep.apart(few, EN)


def test_strategies_alone_are_an_ordinary_comparison() -> None:
    results = line(0, 1)
    assert sweep.is_sweep(results)
    results.manifest["sweep"]["settings"] = [setting("strategy", "strategy", ["none", "existing"])]
    assert not sweep.is_sweep(results) and not sweep.is_sweep(tiny_study.study({("a", INCOME): BASE}))


GRID = {(dose, start): dose + (2035 - start) / 10 for dose in (0, 1, 2, 3, 4, 5) for start in (2025, 2027, 2029, 2031)}
SHAPES = {
    "one": {(dose,): dose for dose in (0, 1, 2)},
    "two": GRID,
    "three": {(*cell, kind): GRID[cell] + number for cell in GRID for number, kind in enumerate("abcdef")},
    "words": {(kind, place): float(number) for number, kind in enumerate("abc") for place in ("镇", None)},
    "many": {(dose, start): dose / 7 - start / 9 for dose in range(15) for start in range(13)},
    "listed": {(1, 2025): 1.0, (2, 2028): 2.0, (3, 2030): 2.5},
}


@pytest.mark.parametrize("lang", fast(["zh", "en"], 1))
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_a_page_and_no_text_overlaps(shape: str, lang: str) -> None:
    cells, words = SHAPES[shape], Words(lang)
    labels = ("dose", "start", "kind")[: len(next(iter(cells)))]
    results = swept(cells, labels)
    if shape == "words":
        results.manifest["sweep"]["settings"][1]["values"] = ["镇"]
    page = sweep_page.page(results, lang)
    assert [item["name"] for item in page["figures"]] == ["sweep_curves", "sweep_map"][: 1 + sweep.has_two(results)]
    assert len(page["rows"]) == min(len(cells), sweep_page.MOST_ROWS)
    assert all(len(row["settings"]) == len(labels) for row in page["rows"])
    assert not re.search(r"\{\w*\}|nan", " ".join(page["sentences"]))
    for draw in (sweep.draw_curves, sweep.draw_map)[: len(page["figures"])]:
        with style.look():
            figure = draw(results, words)
            figure.draw_without_rendering()
        boxes = [text.get_window_extent() for axes in figure.axes for text in (*axes.get_xticklabels(), axes.title)
                 if text.get_text() and text.get_visible()]  # fmt: skip
        overlapping = [
            (one, two) for place, one in enumerate(boxes) for two in boxes[place + 1 :]
            if one.shrunk(0.98, 0.8).overlaps(two.shrunk(0.98, 0.8))
        ]  # fmt: skip
        assert not overlapping, shape


def test_a_line_has_its_values_and_its_band() -> None:
    with style.look():
        figure = sweep.draw_curves(swept(GRID), Words("zh"))
    axes, _turnover = figure.axes
    curves = [item for item in axes.lines if len(item.get_xdata()) == 6]
    assert len(curves) == 4 == len(axes.collections)
    np.testing.assert_allclose(curves[0].get_xdata(), range(6))
    np.testing.assert_allclose(curves[0].get_ydata(), np.arange(6) + 1, atol=1e-9)
    with style.look():
        axes = sweep.draw_map(swept(GRID), Words("zh")).axes[0]
    assert {text.get_text() for text in axes.texts} >= {"+1.0", "+5.4"}
    assert len(axes.patches) == 24


def test_where_cells_have_other_references_nothing_compares_all_with_one(tmp_path: Path) -> None:
    """Nor does the workbook: differences to one reference would mix settings and parameters."""
    results = swept({(1, 2025): 1, (2, 2025): 2}, references=("other",))
    assert results.has_one_reference
    results.manifest["sweep"]["cells"][1]["reference"] = "other"
    assert not results.has_one_reference
    told = {name for name, answer in found().items() if answer.can_tell(results)}
    assert {"sweep", "sweep_curves"} <= told and not told & {"effects", "forest", "league", "fan_income_operating_mean"}
    (path,) = workbook.write(results, tmp_path, ["en"])
    sheets = openpyxl.load_workbook(path).sheetnames
    there, gone = (
        {EN(f"sheet_{name}") for name in names} for names in (("sweep", "years"), ("conclusions", "effects"))
    )
    assert there <= set(sheets) and not gone & set(sheets)


@pytest.mark.parametrize(("doses", "is_long"), fast([(3, False), (20, True)], 1))
def test_pictures_of_a_sweep_can_be_taken_along_with_their_numbers(doses: int, is_long: bool, tmp_path: Path) -> None:
    results = swept({(dose, start): dose / 7.0 for dose in range(doses) for start in range(13)}, ("dose", "start"))
    sweep_page.write_tables(results, tmp_path)
    path = render("sweep.html.j2", [sweep_page.page(results, "zh")], tmp_path)
    drawn = re.findall(r'<figure class="plot".*?</figure>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert len(drawn) == 2
    for inside in drawn:
        assert [inside.count(f'data-take="{kind}"') for kind in ("png", "svg", "csv")] == [1, 1, int(not is_long)]
        assert [(tmp_path / name).is_file() for name in re.findall(r'href="(tables/[^"]*)" download', inside)] == (
            [True] * is_long
        )

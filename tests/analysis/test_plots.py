"""Every figure can be drawn in both languages, without missing glyphs."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import fake_study
import matplotlib.pyplot as plt
import pytest

from analysis.answers import found
from analysis.data import effects
from analysis.data.results import load
from analysis.drawing import style
from analysis.drawing.base import MOST_DRAWN, most_changed
from analysis.page import figures
from analysis.sentences.catalogue import LANGUAGES, Words
from tests.tiers import fast

ELSEWHERE = ("withdrawal", "sweep_curves", "sweep_map")
"""Pictures of studies of another kind, drawn in tests of their own."""
PICTURES = [name for name, answer in found().items() if answer.picture and name not in ELSEWHERE]


@pytest.mark.parametrize("lang", fast(LANGUAGES, 1))
@pytest.mark.parametrize("name", PICTURES)
def test_renders(results, name: str, lang: str) -> None:
    """Draws without a warning; text is paths; ids carry the figure's name."""
    answer = found()[name]
    assert answer.picture and answer.can_tell(results)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = figures.draw(answer, answer.picture, results, Words(lang))
    assert drawing.svg.startswith("<svg")
    assert "<text" not in drawing.svg
    assert f'id="{name}-{lang}-' in drawing.svg
    assert drawing.title
    assert not plt.get_fignums()


def test_colours_are_fixed() -> None:
    """Known strategies keep their colour in any company; others get the next one; the reference is grey."""
    keys = ["none", "existing", "mine", "existing_joint_building", "yours"]
    colours = [style.colour(key, "existing", keys) for key in keys]
    assert colours[0] == style.FIXED["none"]
    assert colours[1] == style.REFERENCE
    assert colours[2:] == [style.FURTHER[0], style.FIXED["existing_joint_building"], style.FURTHER[1]]
    assert len(set(colours)) == len(keys)
    assert style.colour("none", "none", keys) == style.REFERENCE


def test_no_two_known_strategies_share_a_colour() -> None:
    """Nor does one of a user's own."""
    hues = [*style.FIXED.values(), *style.FURTHER]
    assert len(set(hues)) == len(hues)


def test_many_strategies_are_thinned_to_those_that_change_most(tmp_path: Path) -> None:
    """The reference and the eight largest changes stay, in the order of the study."""
    keys = list(fake_study.FACTORIAL)
    results = load(fake_study.write(tmp_path, futures=12, villages=24, strategies=keys, horizon=2026))
    kept = most_changed(results, results.strategies, "income_operating_mean")
    size = {key: abs(effects.row(results, key, "income_operating_mean", 2026)["difference"]) for key in results.others}
    others = [key for key in kept if key != results.reference]
    assert len(others) == MOST_DRAWN
    assert results.reference in kept
    assert min(size[key] for key in others) >= max(size[key] for key in size if key not in others)
    assert kept == [key for key in results.strategies if key in kept]
    assert most_changed(results, kept, "income_operating_mean") == kept
    fan = found()["fan_income_operating_mean"]
    assert fan.picture and "8 种" in figures.note(fan, fan.picture, results, Words("zh"))
    assert set(fan.table(results)["strategy"]) == set(results.strategies)


def test_a_long_name_keeps_its_ends() -> None:
    assert style.shorten("力度 0.5，2025 年起", 40) == "力度 0.5，2025 年起"
    for name in ("Intensity 0.5, " + 20 * "and more, " + "from 2025", "力度 0.5，" + 30 * "跨村联建" + "，2025 年起"):
        for columns in (20, 33, 60):
            short = style.shorten(name, columns)
            assert columns - 3 <= style.width_of(short) <= columns
            assert short[:5] == name[:5] and short[-4:] == name[-4:]


@pytest.mark.thorough
@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_of_24_strategies_do_not_run_into_one_another(tmp_path: Path, lang: str) -> None:
    """However long they are: not on an axis, not above the panels, and panels keep their size."""
    keys = [f"cell_{number}" for number in range(23)]
    fake_study.write(tmp_path, futures=6, villages=8, strategies=["existing", *keys], starts=("bazhong_mean",))
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for number, entry in enumerate(manifest["strategies"][1:]):
        entry["zh"] = f"力度 {number / 4}，{2025 + number % 4} 年起，强村公司做强＋跨村联建，帮扶单位加倍，另加产业联盟"
        entry["en"] = (
            f"Intensity {number / 4}, from {2025 + number % 4} on, companies strengthened, joint building, others"
        )
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    results = load(tmp_path)
    for name in PICTURES:
        answer = found()[name]
        if not answer.picture or not answer.can_tell(results):
            continue
        with style.look(), warnings.catch_warnings():
            warnings.simplefilter("error")
            figure = answer.picture.draw(results, Words(lang))
            figure.draw_without_rendering()
        for axes in figure.axes:
            boxes = [text.get_window_extent() for text in axes.get_yticklabels() if text.get_text()]
            boxes.sort(key=lambda box: box.y0)
            assert all(one.y1 <= two.y0 + 1 for one, two in zip(boxes, boxes[1:], strict=False)), name
            for legend in figure.legends:
                assert not legend.get_window_extent().overlaps(axes.get_window_extent()), name


def test_wrap_keeps_marks_on_the_line() -> None:
    """No line starts with a closing mark, and nothing is lost."""
    text = "现有措施，扩大结对帮扶，加“跨村联建”（试点）。"
    lines = style.wrap(text, 8).split("\n")
    assert "".join(lines) == text
    assert not any(line[0] in "，。）" or line[-1] in "（“" for line in lines)

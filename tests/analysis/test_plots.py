"""Every figure can be drawn in both languages, without missing glyphs."""

from __future__ import annotations

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

PICTURES = [name for name, answer in found().items() if answer.picture and name != "withdrawal"]


@pytest.mark.parametrize("lang", LANGUAGES)
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


def test_labels_move_apart() -> None:
    """Labels keep their order and their distance."""
    placed = style.spread_labels([1.0, 1.0, 1.1, 5.0], 0.5)
    assert placed == sorted(placed)
    assert min(b - a for a, b in zip(placed, placed[1:], strict=False)) >= 0.5 - 1e-9
    assert placed[3] == 5.0


def test_wrap_keeps_marks_on_the_line() -> None:
    """No line starts with a closing mark, and nothing is lost."""
    text = "现有措施，扩大结对帮扶，加“跨村联建”（试点）。"
    lines = style.wrap(text, 8).split("\n")
    assert "".join(lines) == text
    assert not any(line[0] in "，。）" or line[-1] in "（“" for line in lines)

"""Every figure can be drawn in both languages, without missing glyphs."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import pytest

from analysis.labels.catalogue import LANGUAGES, Words
from analysis.plots import FIGURES, style
from analysis.report import figures


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("plot", FIGURES, ids=lambda plot: plot.name)
def test_renders(findings, plot, lang: str) -> None:
    """Draws without a warning; text is paths; ids carry the figure's name."""
    assert plot.possible(findings)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = figures.draw(plot, findings, Words(lang), None)
    assert drawing.svg.startswith("<svg")
    assert "<text" not in drawing.svg
    assert f'id="{plot.name}-{lang}-' in drawing.svg
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

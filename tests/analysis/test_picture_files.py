"""Figures as files, and the buttons under the figures of the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.answers import found
from analysis.data.results import Results
from analysis.page import render, write_report
from analysis.page.figures import draw
from analysis.page.picture_files import pictures, write_pictures
from analysis.sentences.catalogue import Words


def test_a_picture_is_written_in_each_language_and_format_and_nothing_else_is_left(
    results: Results, tmp_path: Path
) -> None:
    written = write_pictures(results, tmp_path, ["winners"], ("png", "svg", "pdf"), 80)
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert {path.name for path in written} == {
        f"winners-{lang}.{kind}" for lang in ("zh", "en") for kind in ("png", "svg", "pdf")
    }
    assert (tmp_path / "winners-zh.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "winners-zh.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.thorough
def test_the_same_study_gives_the_same_files(results: Results, tmp_path: Path) -> None:
    kinds = ("png", "svg", "pdf")
    one, two = (write_pictures(results, tmp_path, ["winners"], kinds, 60, ("en",)) for _ in range(2))
    before = [path.read_bytes() for path in one]
    two = write_pictures(results, tmp_path, ["winners"], kinds, 60, ("en",))
    assert [path.read_bytes() for path in two] == before


def test_more_dots_make_a_larger_picture(results: Results, tmp_path: Path) -> None:
    sizes = []
    for dpi in (60, 120):
        (path,) = write_pictures(results, tmp_path, ["cost_by_payer"], ("png",), dpi, ("en",))
        sizes.append(int.from_bytes(path.read_bytes()[16:20]))
    assert sizes[1] == pytest.approx(2 * sizes[0], rel=0.02)


def test_a_picture_that_fails_leaves_no_file(results: Results, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_pictures(results, tmp_path, ["winners"], ("gif",), 60, ("en",))
    assert not list(tmp_path.iterdir())


@pytest.mark.thorough
def test_a_figure_is_laid_out_once_for_the_page(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    laid_out, execute = [], ConstrainedLayoutEngine.execute
    monkeypatch.setattr(
        ConstrainedLayoutEngine, "execute", lambda self, figure: laid_out.append(figure) or execute(self, figure)
    )
    there = pictures(results)
    for name, picture in there.items():
        draw(found()[name], picture, results, Words("en"))
    assert len(laid_out) == len(there)


@pytest.mark.thorough
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_the_page_has_its_buttons(study: Path, tmp_path: Path, lang: str) -> None:
    page = write_report(study, tmp_path, languages=(lang,)).read_text(encoding="utf-8")
    drawn = re.findall(r'<figure class="plot" id="([\w-]+)">(.*?)</figure>', page, re.DOTALL)
    assert len(drawn) > 5
    for name, inside in drawn:
        assert name.startswith(f"{lang}-")
        assert [inside.count(f'data-take="{kind}"') for kind in ("png", "svg")] == [1, 1], name
        assert 'data-take="csv"' in inside or f'href="tables/{name[3:]}.csv" download' in inside, name
        assert '<span class="foot">' in inside


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_a_cell_of_the_csv_is_a_number_or_stays_text() -> None:
    """As in `scenarios.csv_files`, and the true minus sign is one that a spreadsheet reads."""
    script = (render.HERE / "figures.js").read_text(encoding="utf-8")
    function = re.search(r"  function cell\(node\) \{.*?\n  \}", script, re.DOTALL)
    assert function
    given = ["−0.25", "1.2e−05", "–", "=1+1", "＋结对扩面", "\u200b@x", "plain", 'a, "b"', "−a"]  # noqa: RUF001
    calls = f"{function[0]}\nfor (const t of {given!r}) console.log(JSON.stringify(cell({{textContent: t}})))"
    said = subprocess.run(["node", "-e", calls], capture_output=True, text=True, check=True)  # noqa: S603, S607
    assert said.stdout.split("\n")[:-1] == [
        '"-0.25"', '"1.2e-05"', '""', "\"'=1+1\"", "\"'＋结对扩面\"", "\"'\u200b@x\"", '"plain"',  # noqa: RUF001
        '"\\"a, \\"\\"b\\"\\"\\""', '"−a"',  # noqa: RUF001
    ]  # fmt: skip

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.experiments.conftest import TINY

Command = Callable[..., int]


def test_figures_of_a_study_are_written_as_files(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("compare", *TINY, "strategies=[none,existing]", "report=false") == 0
    capsys.readouterr()
    words = ["--format", "svg,pdf", "--only", "forest,cost_by_payer", "--language", "en"]
    assert qiangcun("figures", "outputs", *words) == 0
    (folder,) = (workplace / "outputs" / "figures").iterdir()
    assert {path.name for path in folder.iterdir()} == {
        "study.txt", "forest-en.svg", "forest-en.pdf", "cost_by_payer-en.svg", "cost_by_payer-en.pdf",
    }  # fmt: skip
    assert f"4 files in {folder.resolve()}" in capsys.readouterr().out


def test_mistakes_in_what_is_asked_for_are_told_with_the_nearest_name(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("figures", "outputs", "--format", "png,svgg", "--dpi", "9999") == 2
    told = capsys.readouterr().err
    assert "did you mean: svg" in told and "50…1200" in told
    assert qiangcun("compare", *TINY, "strategies=[none]", "report=false") == 0
    assert qiangcun("figures", "outputs", "--only", "cost_by_payr") == 2
    assert "did you mean: cost_by_payer" in capsys.readouterr().err
    assert not (workplace / "outputs" / "figures").exists()

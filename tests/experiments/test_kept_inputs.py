"""Copies of given files in a study that may come from a stranger: only plain files below its own folder are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.kept_inputs import kept


def study_with_copies(folder: Path) -> Path:
    (folder / "inputs" / "mine").mkdir(parents=True)
    (folder / "inputs" / "mine" / "county.yaml").write_text("a: 1\n", encoding="utf-8")
    (folder / "inputs" / "villages.csv").write_text("code\n", encoding="utf-8")
    return folder


def test_copies_are_found_by_the_last_part_of_a_name(tmp_path: Path) -> None:
    study = study_with_copies(tmp_path / "study")
    source = {"place": "/elsewhere/mine", "village_table": "C:\\data\\villages.csv"}
    assert kept(study, source) == (str(study / "inputs" / "mine"), str(study / "inputs" / "villages.csv"))
    assert kept(study, {"place": "..", "village_table": "../../other.csv"}) == (None, None)


@pytest.mark.parametrize("link", ["inputs", "inputs/villages.csv", "inputs/mine/county.yaml"])
def test_no_link_is_followed(link: str, tmp_path: Path) -> None:
    study, outside = study_with_copies(tmp_path / "study"), tmp_path / "outside"
    (study / link).rename(outside)
    (study / link).symlink_to(outside)
    assert kept(study, {"place": "mine", "village_table": "villages.csv"}) == (None, None)

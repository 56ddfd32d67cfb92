"""`qiangcun brief`: two pages from what a study stored, and mistakes in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "analysis"))

import fake_study

from analysis.data.seal import MANIFEST, SEAL, seal_of


@pytest.fixture
def study(workplace: Path) -> Path:
    return fake_study.write(workplace / "study", futures=12, villages=24, strategies=["none", "existing"], horizon=2026)


@pytest.mark.thorough
def test_a_study_has_its_brief(
    qiangcun: Callable[..., int], study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.page.brief_word.available", lambda: False)
    assert qiangcun("brief", str(study), "language=en") == 0
    folder = Path("outputs") / Path("outputs/latest.txt").read_text(encoding="utf-8").strip()
    assert {path.name for path in folder.iterdir()} == {"brief.html", "study.txt"}
    assert "needs python-docx" in capsys.readouterr().out


def test_what_has_no_brief_is_told(
    qiangcun: Callable[..., int], study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two studies are not one, and cells with other parameters have no common reference."""
    fake_study.write(study.parent / "other", futures=12, villages=24, strategies=["none", "existing"], horizon=2026)
    assert qiangcun("brief", str(study.parent), "language=en") == 2
    assert "name one" in capsys.readouterr().err
    manifest = json.loads((study / MANIFEST).read_text(encoding="utf-8"))
    manifest["sweep"] = {"settings": [], "cells": [{"key": key, "reference": key} for key in ("none", "existing")]}
    manifest[SEAL] = seal_of(manifest)
    (study / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert qiangcun("brief", str(study), "language=en") == 2
    assert "no common reference" in capsys.readouterr().err

"""The report is written whatever the study looks like."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import fake_study
import pandas as pd
import pytest

from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import FIGURES, style
from analysis.report import figures, write_report
from analysis.results import Results

CASES = {
    "one strategy": {"strategies": ["existing"]},
    "two futures": {"futures": 2, "strategies": ["none", "existing"]},
    "one future, one start": {"futures": 1, "strategies": ["none", "existing"], "starts": ("bazhong_mean",)},
    "one year": {"horizon": 2024, "strategies": ["none", "existing"]},
    "own strategies, short": {
        "strategies": ["existing", "my_plan", "another <plan> & more"],
        "horizon": 2026,
    },
    "no variance": {"constant": True, "strategies": ["none", "existing"]},
}


class Balance(HTMLParser):
    """Counts tags that are opened and not closed."""

    VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def check_page(path: Path) -> str:
    """The page is whole: balanced, both languages, nothing from outside, no unfilled or missing value."""
    text = path.read_text(encoding="utf-8")
    balance = Balance()
    balance.feed(text)
    assert not balance.open
    assert 'lang="zh-CN"' in text
    assert '<article id="en" lang="en">' in text
    assert not re.search(r'(src|href)="https?://', text.replace("http://www.w3.org", ""))
    visible = re.sub(r"<(svg|style|script)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\bnan\b|\bNone\b|\{[a-z_]+\}", visible)
    return visible


def test_whole_report(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page, tables and figures of an ordinary study."""
    monkeypatch.setattr(figures, "DPI", 40)
    path = write_report(study, tmp_path, parallel=False)
    visible = check_page(path)
    assert path.stat().st_size < 12_000_000
    assert "怎样读两种范围" in visible
    assert "假定" in visible
    assert "分档管理" in visible
    assert not re.search(r"5119032\d{5}", visible)
    for name in ("summary", "effects"):
        raw = (tmp_path / f"{name}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
    effects = pd.read_csv(tmp_path / "effects.csv")
    assert set(effects["strategy"]) == set(fake_study.STRATEGIES) - {"existing"}
    saved = {file.name for file in (tmp_path / "figures").iterdir()}
    assert {"forest.zh.svg", "forest.en.png", "fan_participation.zh.png"} <= saved


def test_languages_in_processes_of_their_own(study: Path, tmp_path: Path) -> None:
    """The page is the same whether or not each language has its own process."""
    pages = [
        write_report(study, tmp_path / str(parallel), images=False, parallel=parallel) for parallel in (True, False)
    ]
    assert pages[0].read_bytes() == pages[1].read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_robust(case: str, tmp_path: Path) -> None:
    """Unusual studies give a whole report all the same."""
    options = {"futures": 6, "villages": 24} | CASES[case]
    study = fake_study.write(tmp_path / "study", **options)
    check_page(write_report(study, tmp_path / "out", images=False, parallel=False))


@pytest.mark.slow
def test_many_strategies(tmp_path: Path) -> None:
    """More strategies than fit on a line still have all their figures."""
    keys = [*fake_study.STRATEGIES, "own_one", "own_two"]
    study = fake_study.write(tmp_path, futures=6, villages=24, strategies=keys, horizon=2026)
    drawings = figures.draw_all(Findings(Results.load(study)), Words("zh"), None)
    assert sum(len(group) for group in drawings.values()) == len(FIGURES)


def test_without_villages_and_extras(tmp_path: Path) -> None:
    """A study that stored no villages and a bare manifest still has a report."""
    study = fake_study.write(tmp_path / "study", futures=3, villages=12, strategies=["none", "existing"])
    shutil.rmtree(study / "villages.parquet")
    manifest = json.loads((study / "manifest.json").read_text(encoding="utf-8"))
    kept = {name: manifest[name] for name in ("reference", "start", "start_year", "district")}
    kept["strategies"] = [{"key": "none"}, {"key": "existing"}]
    (study / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")
    check_page(write_report(study, tmp_path / "out", images=False, parallel=False))


def test_without_chinese_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures fall back to English with a warning, never to empty boxes."""
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    study = fake_study.write(tmp_path / "study", futures=3, villages=12, strategies=["none", "existing"])
    with pytest.warns(UserWarning, match="no Chinese font") as caught:
        check_page(write_report(study, tmp_path / "out", images=False, parallel=False))
    assert not [warning for warning in caught if "Glyph" in str(warning.message)]

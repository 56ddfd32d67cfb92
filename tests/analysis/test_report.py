"""The report is written whatever the study looks like."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import fake_study
import numpy as np
import pandas as pd
import pytest

from analysis.data import effects
from analysis.data.results import load
from analysis.drawing import style
from analysis.drawing.base import MOST_DRAWN
from analysis.page import context, figures, write_report
from analysis.sentences.catalogue import Words

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
    path = write_report(study, tmp_path)
    visible = check_page(path)
    assert path.stat().st_size < 5_000_000
    assert "怎样读范围" in visible
    assert "假定" in visible
    assert "分档管理" in visible
    assert "什么会改变结论" in visible
    assert "放大到 2.40 倍" in visible
    assert "村级数据" in visible
    assert not re.search(r"5119032\d{5}", visible)
    for name in ("summary", "effects"):
        raw = (tmp_path / f"{name}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
    effects = pd.read_csv(tmp_path / "effects.csv")
    assert set(effects["strategy"]) == set(fake_study.STRATEGIES) - {"existing"}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_robust(case: str, tmp_path: Path) -> None:
    """Unusual studies give a whole report all the same."""
    options = {"futures": 6, "villages": 24} | CASES[case]
    study = fake_study.write(tmp_path / "study", **options)
    check_page(write_report(study, tmp_path / "out"))


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sixteen_strategies(lang: str, tmp_path: Path) -> None:
    """More strategies than fit on a line still have all their figures, and titles do not list them one by one."""
    keys = list(fake_study.FACTORIAL)
    results = load(fake_study.write(tmp_path, futures=12, villages=24, strategies=keys, horizon=2026))
    drawings = [drawing for group in figures.draw_all(results, Words(lang)).values() for drawing in group]
    assert len(drawings) >= 7
    assert max(len(drawing.title) for drawing in drawings) < 330


@pytest.mark.thorough
def test_older_study(tmp_path: Path) -> None:
    """A study without the later indicators, village columns, map and grants still has a whole report."""
    strategies = ["none", "existing", "existing_joint_building"]
    study = fake_study.write(tmp_path / "study", futures=12, villages=24, strategies=strategies, horizon=2027)
    runs = pd.read_parquet(study / "runs.parquet")
    late = list(fake_study.fates("existing", {}, np.zeros((1, 1, 1))))
    runs.drop(columns=late).to_parquet(study / "runs.parquet")
    new = list(fake_study.village_columns("existing", np.zeros((1, 1, 1))))
    for part in (study / "villages.parquet").iterdir():
        pd.read_parquet(part).drop(columns=new).to_parquet(part)
    manifest = json.loads((study / "manifest.json").read_text(encoding="utf-8"))
    del manifest["district"]["map"], manifest["district"]["facts"], manifest["district"]["given_columns"]
    (study / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    visible = check_page(write_report(study, tmp_path / "out"))
    assert "没有算“同等资金全用作补助”的策略" in visible


@pytest.mark.thorough
def test_without_villages_and_extras(tmp_path: Path) -> None:
    """A study that stored no villages and a bare manifest still has a report."""
    study = fake_study.write(tmp_path / "study", futures=3, villages=12, strategies=["none", "existing"])
    shutil.rmtree(study / "villages.parquet")
    manifest = json.loads((study / "manifest.json").read_text(encoding="utf-8"))
    kept = {name: manifest[name] for name in ("reference", "start", "start_year", "district")}
    kept["strategies"] = [{"key": "none"}, {"key": "existing"}]
    (study / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")
    check_page(write_report(study, tmp_path / "out"))


@pytest.mark.thorough
def test_without_chinese_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures fall back to English with a warning, never to empty boxes."""
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    study = fake_study.write(tmp_path / "study", futures=3, villages=12, strategies=["none", "existing"])
    with pytest.warns(UserWarning, match="no Chinese font") as caught:
        check_page(write_report(study, tmp_path / "out"))
    assert not [warning for warning in caught if "Glyph" in str(warning.message)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_one_says_what_was_taken_from_a_village_table(lang: str, tmp_path: Path) -> None:
    """The lines of the manifest, in the page's language and on its first page."""
    study = fake_study.write(tmp_path / "s", futures=3, villages=12, strategies=["existing"], horizon=2025)
    manifest = json.loads((study / "manifest.json").read_text(encoding="utf-8"))
    manifest["district"]["given_told"] = {"zh": ["按用户所说以元读入"], "en": ["read as yuan"]}
    (study / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    page = context.build(load(study), Words(lang), set())
    assert page["given"] == manifest["district"]["given_told"][lang]
    template = (Path(context.__file__).parent / "template.html.j2").read_text(encoding="utf-8")
    assert template.index("page.given") < template.index("page.sections %}\n{% set")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_one_stays_short_with_many_strategies(lang: str, tmp_path: Path) -> None:
    """It lists those that change most, names the first and the last, and says where all stand."""
    keys = list(fake_study.FACTORIAL)
    study = fake_study.write(tmp_path, futures=24, villages=24, strategies=keys, horizon=2026)
    results, words = load(study), Words(lang)
    page = context.build(results, words, {"same_cost"})["sections"][0]["parts"]
    assert len(page["table"]["rows"]) == MOST_DRAWN
    assert words("section_effects") in page["note"]
    best = max(keys[1:], key=lambda key: effects.row(results, key, effects.PROFIT)["difference"])
    assert any(results.short_name(best, lang) in line for line in page["summary"][:4])

"""Every lever has a page with all its parts, and what a page names is the model's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_pages import code_words, purposes, resolve

from docs import make_levers
from sim import columns
from sim.indicators import INDICATORS
from sim.modes import FIELDS, MODES
from sim.policies.base import Choice, Lever
from sim.policies.columns import POLICY_COLUMNS
from sim.policies.registry import LEVERS
from sim.state import columns_of
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import DECLARED

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "levers"
SECTIONS = [
    "报告怎么说 What the report says",
    "机制 Mechanism",
    "方程 Equation",
    "证据 Evidence",
    "参数与设定 Parameters and settings",
    "成本与付款方 Cost and payer",
    "怎样才算错 What would falsify it",
]


def page(key: str) -> str:
    """The page of a lever, below the lines at its head."""
    return (FOLDER / f"{key}.md").read_text(encoding="utf-8").split("---\n", 2)[-1].lstrip("\n")


def section(key: str, name: str) -> str:
    """One section of it."""
    return page(key).partition(f"## {name}\n")[2].partition("\n## ")[0].strip()


def own_settings(lever: type[Lever]) -> set[str]:
    """Settings that a lever declares beyond those that all have."""
    return set(lever.settings()) - set(Lever.settings())


@pytest.fixture(scope="module")
def known() -> set[str]:
    """All names that a page may use in code type."""
    kinds = [kind for kind in vars(columns).values() if isinstance(kind, type) and columns_of(kind)]
    names = {name for kind in kinds for name in columns_of(kind)}
    names |= {*DECLARED, *FIELDS, *LEVERS, *POLICY_COLUMNS, *INDICATORS, *VILLAGE_INDICATORS}
    settings = [lever.settings() for lever in LEVERS.values()]
    names |= {name for lever in LEVERS.values() for name in (*lever.defaults(), *lever.purposes)}
    names |= {
        option for some in settings for item in some.values() if isinstance(item, Choice) for option in item.options
    }
    names |= {mode.key for mode in MODES} | {path.stem for path in (ROOT / "conf" / "strategy").glob("*.yaml")}
    return names | purposes()


def test_there_is_a_page_for_every_lever_and_for_nothing_else() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {*LEVERS, "README"}


@pytest.mark.parametrize("key", LEVERS)
def test_a_page_has_all_its_parts(key: str) -> None:
    title, lever = page(key).partition("\n")[0], LEVERS[key]
    assert title.startswith(f"# {lever.zh} ") and title.endswith(f"(`{key}`)")
    assert re.findall(r"^## (.*)$", page(key), re.MULTILINE) == SECTIONS
    assert all(len(section(key, name)) > 20 for name in SECTIONS)
    assert "EQ-" in section(key, "方程 Equation") and "`sim." in section(key, "方程 Equation")
    assert re.search(r"[一二三]\([一二三四]\)", section(key, "报告怎么说 What the report says"))
    assert re.search(r"ssum(ed|ption)", section(key, "证据 Evidence"))


@pytest.mark.parametrize("key", LEVERS)
def test_a_page_names_every_setting_of_its_lever(key: str) -> None:
    named = set(re.findall(r"`(\w+)`", section(key, "参数与设定 Parameters and settings")))
    named |= set(re.findall(r"`(\w+)`", section(key, "成本与付款方 Cost and payer")))
    assert own_settings(LEVERS[key]) - named == set()


@pytest.mark.parametrize("key", [*LEVERS, "README"])
def test_what_a_page_names_exists(key: str, known: set[str]) -> None:
    for word in code_words(f"docs/levers/{key}.md"):
        if word.startswith("sim."):
            resolve(word)
    words = {word for word in code_words(f"docs/levers/{key}.md") if re.fullmatch(r"[a-z]\w*", word)}
    assert words - known - {"existing"} == set()


def test_the_head_of_a_page_says_what_the_glossary_needs() -> None:
    missing = [
        f"docs/levers/{key}.md: {name} ({what})"
        for key in LEVERS
        for name, what in make_levers.FRONT.items()
        if not make_levers.front(key).get(name)
    ]
    assert not missing, f"between two lines --- at the head of the page: {missing}"
    unknown = {key: set(make_levers.front(key)) - {*make_levers.FRONT, "english"} for key in LEVERS}
    assert not any(unknown.values()), unknown


def test_the_levers_in_the_glossary_are_fresh() -> None:
    assert make_levers.GLOSSARY.read_text(encoding="utf-8") == make_levers.glossary(), "run: python docs/make_levers.py"


def test_the_table_of_levers_is_fresh() -> None:
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == make_levers.text(), "run: python docs/make_levers.py"


def test_addresses_are_whole() -> None:
    """No address is cut at a line's end or followed by a stray sign."""
    for key in LEVERS:
        for address in re.findall(r"https?://\S+", page(key)):
            bare = address.rstrip(").,;:")
            assert re.fullmatch(r"https?://[\w.-]+\.\w+(:\d+)?(/[^\s<>\"]*)?", bare), address

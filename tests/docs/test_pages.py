"""What the documentation names exists, and what it must cover is covered."""

from __future__ import annotations

import re
import runpy
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from sim import columns
from sim.indicators import INDICATORS
from sim.modes import FIELDS, MODES
from sim.money_indicators import INCOMES
from sim.policies.base import Strategy
from sim.policies.columns import POLICY_COLUMNS
from sim.policies.registry import LEVERS
from sim.state import columns_of
from sim.structures import STRUCTURES
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import DECLARED
from tests.tiers import fast

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
PAGES = ("README.md", "README.zh.md", "CONTRIBUTING.md", "CONTRIBUTING.zh.md", "CHANGELOG.md", *WRITTEN)
PACKAGES = ("sim", "scenarios", "experiments", "analysis", "conf")
FOLDERS = (*PACKAGES, "tests", "docs", "benchmarks")
MADE_BY_MAINTAINER = "docs/images/"
EXAMPLE_FILES = {"my/strategy/mine.yaml"}


def text(page: str) -> str:
    """A page."""
    return (ROOT / page).read_text(encoding="utf-8")


def code_words(page: str) -> list[str]:
    """Words in code type, outside code blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text(page), flags=re.DOTALL | re.MULTILINE))


def anchor(heading: str) -> str:
    """The anchor that a heading gets."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return kept.replace(" ", "-")


def resolve(name: str) -> object:
    """The module, class, function or value of a dotted name."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            fields = getattr(found, "__dataclass_fields__", {})
            found = fields[part] if part in fields else getattr(found, part)
        return found
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        path, _, part = target.partition("#")
        if path.startswith("http") or path.removeprefix("../").startswith(MADE_BY_MAINTAINER):
            continue
        file = (ROOT / page).parent / path if path else ROOT / page
        headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE) if file.is_file() else []
        if not file.exists() or (part and part not in map(anchor, headings)):
            wrong.append(target)
    assert not wrong


@pytest.mark.parametrize("page", PAGES)
def test_paths_exist(page: str) -> None:
    words = [word for word in code_words(page) if re.fullmatch(r"[\w./-]+", word)]
    paths = [word for word in words if word.split("/")[0] in FOLDERS and "/" in word]
    assert [path for path in paths if not (ROOT / path).exists() and path not in EXAMPLE_FILES] == []


@pytest.mark.parametrize("page", PAGES)
def test_dotted_names_exist(page: str) -> None:
    for word in code_words(page):
        if re.fullmatch(rf"({'|'.join(PACKAGES)})(\.\w+)+", word):
            resolve(word)


@pytest.mark.parametrize("page", ["docs/model.md", "docs/glossary.md"])
def test_names_with_underscores_are_the_model_s_own(page: str) -> None:
    kinds = [kind for kind in vars(columns).values() if isinstance(kind, type) and columns_of(kind)]
    known = {name for kind in kinds for name in columns_of(kind)}
    known |= set(DECLARED) | set(FIELDS) | set(LEVERS) | set(POLICY_COLUMNS) | set(INDICATORS) | set(VILLAGE_INDICATORS)
    known |= {name for lever in LEVERS.values() for name in (*lever.defaults(), *lever.purposes)}
    known |= {mode.key for mode in MODES} | purposes() | {"bazhong_mean", "target_consistent"} | set(STRUCTURES)
    known |= {"project_grants_in_total=true"} | {path.stem for path in (ROOT / "conf" / "strategy").glob("*.yaml")}
    known |= set(Strategy.__dataclass_fields__)
    words = {word for word in code_words(page) if re.fullmatch(r"[a-z]\w*_[\w=]*", word)}
    assert words - known == set()


def purposes() -> set[str]:
    """Purposes of all flows with every lever in force, and those that are rare or made by a user's hand."""
    from scenarios import load_district
    from sim.engine import Engine
    from sim.futures import numbered
    from sim.options import RunOptions
    from sim.policies.base import Strategy

    levers = {key: {"intensity": 1} for key in LEVERS} | {"central_grant": {"intensity": 5}}
    strategy = Strategy("all", levers=levers)
    options = RunOptions(horizon=2027, start="target_consistent", residents_per_village=0)
    engine = Engine(load_district("enyang"), strategy, numbered([0, 1, 2]), options)
    for _ in range(16):
        engine.step()
    return {purpose for _, _, purpose in engine.now.ledger.flows} | {"own_rule", "winding_up"}


def test_every_purpose_of_the_ledger_is_explained() -> None:
    """In model.md; a lever's own name is one of those that one line there sends to the table of levers."""
    told = text("docs/model.md").partition("## What counts as what")[2].partition("\n## ")[0]
    told += text("docs/levers/README.md")
    missing = {purpose for purpose in purposes() if f"`{purpose}`" not in told}
    assert not missing
    others = {purpose for key, lever in LEVERS.items() for purpose in lever.purposes if purpose != key}
    assert not {purpose for purpose in others if f"`{purpose}`" not in told.partition("# 措施一览")[0]}


def test_every_equation_has_its_place() -> None:
    table = text("docs/architecture.md").partition("## Where to find what")[2].partition("\n## ")[0]
    assert [number for number in range(1, 34) if f"EQ-{number:02d}" not in table] == []


def test_parameters_page_is_fresh() -> None:
    page = runpy.run_path(str(ROOT / "docs/make_parameters.py"))["text"]()
    assert text("docs/parameters.md") == page, "run: python docs/make_parameters.py"
    assert [name for name in DECLARED if f"`{name}`" not in page] == []


def test_every_source_is_explained() -> None:
    explained = text("docs/data-sources.md")
    settings = [item for lever in LEVERS.values() for item in lever.settings().values() if hasattr(item, "source")]
    signs = set()
    for item in [*DECLARED.values(), *settings]:
        signs |= set(re.findall(r"\b(?:[NBC]\d+|EQ-\d+|income\.md \d|effects\.md: [^;]*)", item.source))
    missing = {sign for sign in signs if not re.search(rf"(?<!\w){re.escape(sign[:24])}", explained)}
    assert not missing


def test_glossary_covers_incomes_and_modes() -> None:
    rows = [line for line in text("docs/glossary.md").splitlines() if line.startswith("| ")]
    terms = {row.split("|")[1].strip() for row in rows}
    assert {zh for zh, _ in INCOMES.values()} | {mode.zh for mode in MODES} <= terms


def test_both_readmes_show_the_same_commands() -> None:
    def commands(page: str) -> list[str]:
        found = re.findall(r"^```(?:sh|powershell|yaml)\n(.*?)^```", text(page), re.DOTALL | re.MULTILINE)
        return [line.partition(" #")[0].rstrip() for block in found for line in block.splitlines()]

    assert commands("README.md") == commands("README.zh.md")


COMMANDS = re.findall(r"^qiangcun ((?:run|compare)\b.*)$", text("README.md"), re.MULTILINE)
FEW = re.compile(r"^run\b|strategies=(\[|withdrawal)")
"""Commands of few strategies, for each is loaded by itself."""


@pytest.fixture
def of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the files that the README speaks of."""
    from scenarios import load_district

    strategy = tmp_path / "my/strategy/mine.yaml"
    strategy.parent.mkdir(parents=True)
    mine = re.findall(r"^```yaml\n(.*?)^```", text("README.md"), re.DOTALL | re.MULTILINE)[0]
    strategy.write_text(mine, encoding="utf-8")
    codes = load_district("enyang").village_code
    rows = "\n".join(f"{code},{number / 10}" for number, code in enumerate(codes))
    (tmp_path / "villages.csv").write_text(f"code,income_operating\n{rows}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", [command for command in COMMANDS if not FEW.search(command)])
def test_words_of_commands_in_the_readme_are_known(command: str, of_the_readme: None) -> None:
    from experiments.compose import check, options, session
    from experiments.overrides import read

    job, *words = shlex.split(command, comments=True)
    with session():
        problems, jobs = check(read(job, words, options("district")))
    assert not problems and jobs


@pytest.mark.parametrize("command", fast(COMMANDS, lambda command: bool(FEW.search(command))))
def test_commands_in_the_readme_are_accepted(command: str, of_the_readme: None) -> None:
    from experiments.compose import options, session
    from experiments.overrides import read
    from experiments.preflight import preflight

    job, *words = shlex.split(command, comments=True)
    with session():
        preflight(read(job, words, options("district")))


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 6


def test_pages_hold_no_path_of_a_machine() -> None:
    found = {page: re.findall(r"(?:/work/|/tmp/|/home/|/root/|[A-Z]:\\)\S*", text(page)) for page in PAGES}
    assert not {page: paths for page, paths in found.items() if paths}

"""YAML of a user: strategies, lists of them, districts, recommendations; from a grammar, and mutated right files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from hypothesis import strategies as st

import conf
import scenarios
from tests.fuzz import doors
from tests.fuzz.common import CONTROLS, SECRET, SECRET_NAME, Input, Nonsense, Subject, dice, numbers
from tests.fuzz.hostile import NUMBERS, TEXTS, mutate, recode
from tests.fuzz.judging import is_number, judge_job

STRATEGY, LIST, DISTRICT, RECOMMENDATIONS = "strategy", "strategies", "district", "recommendations"
TOUCH = "${oc.create:{_target_:os.mkdir,_args_:[off-limits]}}"
HEADS = (
    "", "", "", "", "# a strategy\n", "# @package hydra\n", " # @package hydra\n", "\t# @package _global_\n",
    "\ufeff# @package hydra\n",
    "#@package hydra.run\n", "#  @package _group_\n", "\n\n # @package hydra.job\n", "---\n", "%YAML 1.1\n---\n",
    "\x0c# @package hydra\n",
    "# -*- coding: utf-7 -*-\n", "# x\n#\u3000@package hydra\n", "\r# @package hydra\r",
)  # fmt: skip
SCALARS = (
    *NUMBERS, *(text for text in TEXTS if len(text) < 100), "yes", "off", "1", "0.5", "2026", '"2026"', "0.25",
    "!!str 5", "!!binary aGk=",
    "!!python/object/apply:os.system [true]", "!!python/name:os.system", "!x 5", "&a 5", "*a", "???", "1:2:3",
    "2026-13-45", "0o14", "1_0",
    "${oc.env:" + SECRET_NAME + "}", '"${oc.env:' + SECRET_NAME + '}"', f"'{TOUCH}'", '"\\x24{oc.env:HOME}"',
    '"\\e[31m"', '"\\u202e"',
    "${now:%Y}", "${hydra.run.dir}", "${random_name:}", "|\n  a\n  b", "[[[[[[[[[[1]]]]]]]]]]", "{1: 2}",
    "{? [a] : b}", "<<", "=", "中文",
    "结对帮扶", "：", "a: b: c", "[1, 2", "{a: 1", "- 1", '"a', "'a", "#a", "@a", "`a", "%a", ".nan", ".inf", "-.inf",
    "1e1000",
)  # fmt: skip
KEYS = (
    "zh", "en", "description_zh", "description_en", "levers", "defaults", "missing_zh", "missing_en", "without",
    "same_cost_as",
    "scaled_lever", "names", "without_each", "parameters", "hydra", "hydra/launcher", "hydra.run", "_target_",
    "_args_", "_partial_",
    "callbacks", "job_logging", "run", "<<", "1", "null", "true", "levers.training", "zh ", "ZH", "name", "code",
    "seat", "report", "other",
    "recommendations", "? [a]", "!!python/name:os.system", '"a\\tb"', "措施", "&a zh", "*a", "~", "1.5", "2026-01-01",
    "zh\u200b", "en：",
)  # fmt: skip
DEFAULTS = (
    "[existing, _self_]", "[none]", "[_self_]", "existing", "[existing@hydra]", "[{existing: _self_}]", "[null]",
    "{existing: _self_}",
    "[mine]", "[/hydra/launcher: joblib]", "[override /hydra/job_logging: none]",
    "[{override hydra/launcher: joblib}]", "[../strategy/none]",
    "[existing@_global_]", "[/strategy: none]", "[lever/rec_alliances@_here_]", "[optional nothing]",
    "[existing, existing]", "[[existing]]",
    "[1]", "[${oc.env:HOME}]", "[/etc/passwd]", "[existing@levers]", "[_self_, existing, _self_]",
    "[declared/levers]", "[strategy]",
)  # fmt: skip


def scalars() -> st.SearchStrategy[str]:
    """Scalars as written."""
    return st.sampled_from(SCALARS)


def values() -> st.SearchStrategy[str]:
    """Values in flow style, some levels deep."""
    return st.recursive(
        scalars(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
            st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=3).map(
                lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items) + "}"
            ),
        ),
        max_leaves=5,
    )


@st.composite
def levers(draw: st.DrawFn) -> str:
    """The levers of a strategy, most of them right."""
    lines = []
    for key in draw(st.lists(st.sampled_from([*doors.LEVERS, *KEYS[:4]]), min_size=1, max_size=3)):
        known = list(doors.LEVERS[key].defaults()) if key in doors.LEVERS else ["intensity"]
        names = draw(
            st.lists(st.sampled_from([*known, "intensity", "start", "_target_", "强度"]), min_size=1, max_size=3)
        )
        given = ", ".join(f"{name}: {draw(setting(key, name))}" for name in names)
        lines.append(f"  {key}: {{{given}}}")
    return "levers:\n" + "\n".join(lines)


def setting(lever: str, name: str) -> st.SearchStrategy[str]:
    """What is written for a setting: a right value in most cases."""
    declared = doors.LEVERS[lever].settings().get(name) if lever in doors.LEVERS else None
    if declared is None:
        return st.one_of(st.sampled_from(["2025", "2030", "null", "[]", "0.5"]), values())
    if hasattr(declared, "options"):
        return st.one_of(st.sampled_from(list(declared.options)), scalars())
    right = [str(declared.default), str(declared.low), str(declared.high)]
    dated = [
        f"{{2025: {right[1]}, 2028: {right[2]}}}",
        f"{{2028: {right[1]}, 2025: {right[2]}}}",
        "{}",
        "{2090: 1}",
        "{'2025': 1}",
    ]
    return st.one_of(st.sampled_from(right), st.sampled_from(dated), st.sampled_from(right), values())


@st.composite
def strategy_text(draw: st.DrawFn) -> str:
    """A strategy from the grammar of nasty YAML."""
    lines = ["defaults: " + draw(st.one_of(st.just(DEFAULTS[0]), st.sampled_from(DEFAULTS)))]
    if draw(st.booleans()):
        lines.append(f"zh: {draw(scalars())}")
    lines.append(draw(levers()))
    for key, value in draw(st.lists(st.tuples(st.sampled_from(KEYS), values()), max_size=2)):
        lines.append(f"{key}: {value}")
    order = draw(st.permutations(lines))
    return (
        draw(st.sampled_from(HEADS))
        + "\n".join(order)
        + draw(st.sampled_from(["\n", "", "\n...\n", "\n---\na: 1\n", "\r\n"]))
    )


@st.composite
def plain_text(draw: st.DrawFn) -> str:
    """Any mapping from the grammar."""
    lines = [
        f"{key}: {value}"
        for key, value in draw(st.lists(st.tuples(st.sampled_from(KEYS), values()), min_size=1, max_size=4))
    ]
    return draw(st.sampled_from(HEADS)) + "\n".join(lines) + "\n"


@cache
def right_files() -> dict[str, tuple[bytes, ...]]:
    """Right files of each kind: the package's own."""
    own = Path(conf.__file__).parent
    place = Path(scenarios.__file__).parent / "enyang"
    return {
        STRATEGY: tuple(path.read_bytes() for path in sorted((own / "strategy").glob("*.yaml"))),
        LIST: tuple(path.read_bytes() for path in sorted((own / "strategies").glob("*.yaml"))),
        DISTRICT: ((place / "district.yaml").read_bytes(),),
        RECOMMENDATIONS: ((place / "recommendations.yaml").read_bytes(),),
    }


def mutated(number: int, kind: str) -> bytes:
    """A right file of a kind, mutated, sometimes in another encoding."""
    random = dice(number)
    content = random.choice(right_files()[kind])
    if random.random() < 0.5:
        content = swap_scalar(content.decode("utf-8"), random).encode("utf-8", "surrogatepass")
    if random.random() < 0.15:
        content = recode(content.decode("utf-8", "replace"), random)
    return mutate(content, random) if random.random() < 0.7 else content


def swap_scalar(text: str, random: Random) -> str:
    """A hostile scalar in the place of a value."""
    places = list(re.finditer(r"(?<=: )[^\s,{}\[\]][^,\n{}\[\]]*", text))
    if not places:
        return text
    place = random.choice(places)
    return text[: place.start()] + random.choice(SCALARS) + text[place.end() :]


def kinds() -> st.SearchStrategy[tuple[str, bytes]]:
    """Kind and content of a file."""
    grammar = st.tuples(
        st.sampled_from([STRATEGY, STRATEGY, LIST]), st.one_of(strategy_text(), strategy_text(), plain_text())
    )
    mutants = st.tuples(st.sampled_from([STRATEGY, LIST, DISTRICT, RECOMMENDATIONS]), numbers())
    return st.one_of(
        grammar.map(lambda pair: (pair[0], pair[1].encode("utf-8", "surrogatepass"))),
        mutants.map(lambda pair: (pair[0], mutated(pair[1], pair[0]))),
    )


def handed_in(kind: str, content: bytes, folder: Path, whole: bool) -> Input:
    """A file handed in: as a folder of configuration or as a district; `whole` composes a job with it."""

    def attempt() -> None:
        if kind in (DISTRICT, RECOMMENDATIONS):
            place = own_place(folder)
            originals = right_files()
            for name in (DISTRICT, RECOMMENDATIONS):
                (place / f"{name}.yaml").write_bytes(content if name == kind else originals[name][0])
            judge_district(doors.load_district(place))
        else:
            own = folder / "own"
            shutil.rmtree(own, ignore_errors=True)
            (own / kind).mkdir(parents=True)
            (own / kind / "mine.yaml").write_bytes(content)
            doors.user_folder(own)
            judge_text(content)
            if whole:
                judge_composed(kind, content, own)
            return
        judge_text(content)

    return Input(f"{kind}: {content[:200]!r}", content, attempt)


def own_place(folder: Path) -> Path:
    """A copy of the district's folder."""
    place = folder / "place"
    if not place.exists():
        shutil.copytree(Path(scenarios.__file__).parent / "enyang", place)
    return place


def judge_composed(kind: str, content: bytes, own: Path) -> None:
    """A job composed with the file holds what the file says, and nothing else has changed."""
    job = {STRATEGY: "run", LIST: "compare"}[kind]
    words = ["--config-dir", str(own), {STRATEGY: "strategy=mine", LIST: "strategies=mine"}[kind], "futures=1"]
    for one in doors.jobs_of(job, words):
        judge_job(one)
        study = one.study
        if (
            study.parameters
            or study.ranges
            or len(study.futures) != 1
            or study.options.horizon != 2035
            or study.discount_rate != 0.04
        ):
            raise Nonsense("a strategy file changes more than the strategy")
        if str(one.outputs) != "outputs":
            raise Nonsense("a strategy file moves the results")
        if kind == STRATEGY:
            judge_levers(content, study.strategies[0])


def judge_levers(content: bytes, strategy: doors.Strategy) -> None:
    """Numbers that the file sets are those of the strategy."""
    try:
        tree = yaml.safe_load(text_of(content) or "")
    except (yaml.YAMLError, ValueError):
        return
    given = tree.get("levers") if isinstance(tree, dict) else None
    for key, settings in (given or {}).items() if isinstance(given, dict) else ():
        defaults = doors.LEVERS[key].defaults() if key in doors.LEVERS else {}
        for name, value in settings.items() if isinstance(settings, dict) else ():
            if is_number(value) and strategy.levers.get(key, {}).get(name, defaults.get(name)) != value:
                raise Nonsense("a strategy holds another number than its file")


def judge_district(district: doors.District) -> None:
    """An accepted district has finite facts and plain names."""
    if not all(is_number(value) for value in district.facts.values()):
        raise Nonsense("a district with a fact that is no number")
    texts = [district.zh, district.en, *(str(item.get("zh")) for item in district.recommendations)]
    if any(letter in CONTROLS for text in texts for letter in text) or SECRET in "".join(texts):
        raise Nonsense("a district's names hold what they must not")


def text_of(content: bytes) -> str | None:
    """The text of an accepted file, in UTF-8, GBK or, where a mark says so, UTF-16."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def judge_text(content: bytes) -> None:
    """An accepted file holds no interpolation, no directive for Hydra, no key twice, no control characters."""
    text = text_of(content)
    if text is None:
        raise Nonsense("accepted in an encoding that is none of those read")
    if re.search(r"^[^\S\n]*#\s*@package", text.replace("\r", "\n"), flags=re.MULTILINE):
        raise Nonsense("accepted with @package")
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    for number, (node, is_key) in enumerate(nodes(root)):
        if number > 200_000:
            raise Nonsense("accepted with more nodes than a strategy can need")
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            if len(set(names)) < len(names):
                raise Nonsense("accepted with a key twice")
        if isinstance(node, yaml.ScalarNode):
            judge_scalar(node.value, is_key)


def judge_scalar(value: str, is_key: bool) -> None:
    """One scalar of an accepted file."""
    if "${" in value:
        raise Nonsense("accepted with ${")
    if any(letter in CONTROLS for letter in value):
        raise Nonsense("accepted with control characters")
    if is_key and value in ("_target_", "_args_", "_partial_", "_recursive_", "_convert_"):
        raise Nonsense("accepted with a name that runs code")


def nodes(node: Any, is_key: bool = False, deep: int = 0) -> Iterator[tuple[Any, bool]]:
    """Every node below one, those behind aliases as often as they stand there."""
    if node is None or deep > 100:
        return
    yield node, is_key
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from nodes(key, True, deep + 1)
            yield from nodes(value, False, deep + 1)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from nodes(item, False, deep + 1)


def inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Files, read."""
    return kinds().map(lambda pair: handed_in(*pair, folder, whole=False))


def whole_inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Files of strategies, read and composed."""
    only = kinds().filter(lambda pair: pair[0] in (STRATEGY, LIST))
    return only.map(lambda pair: handed_in(*pair, folder, whole=True))


SUBJECT = Subject("yaml", 35, inputs)
WHOLE = Subject("composed-yaml", 1, whole_inputs)

"""qiangcun help [TOPIC]: what a job takes, or the parameters, levers and strategies there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.flags import Flags, described
from experiments.jobs import jobs, model_jobs
from experiments.messages import WHERE, bilingual, first_language, in_a_line, say
from experiments.option_labels import CONF, options_of
from experiments.text_tables import cells, padded
from sim.problems import InputErrors, Problem, nearest

if TYPE_CHECKING:
    from sim.parameters import Parameter
    from sim.policies.base import Choice

ABOUT = ("说明一项任务、模型参数、措施或策略", "explain a job, or the parameters, levers and strategies of the model")
FLAGS = (
    ("-m", "给出多个值（用逗号分隔），逐一推演", "several values, with commas between, are run one after another"),
    ("--config-dir DIR", "自己的策略在 DIR/strategy/*.yaml", "strategies of your own lie in DIR/strategy/*.yaml"),
    ("--cfg job", "列出完整配置，不推演", "show the whole configuration, run nothing"),
)
TOPICS = ("parameters", "levers", "strategies")


def main(arguments: Sequence[str]) -> None:
    """Explain what is asked for; without a topic, list the jobs."""
    parser = Flags("help")
    valid = ", ".join((*TOPICS, *jobs()))
    parser.offer("topic", f"说明什么：{valid}", f"what to explain: {valid}", nargs="?", default="")
    parser.offer(
        "word", "只列出名称或说明中含有它的", "list only what has it in its name or label", nargs="?", default=""
    )
    parser.add_language()
    chosen = parser.read(arguments)
    topic = str(chosen.topic)
    if not topic:
        import_module("experiments.cli").show_jobs()
    elif topic in TOPICS:
        for line in {"parameters": parameters, "levers": levers, "strategies": strategies}[topic](chosen.word):
            print(bilingual(line, line))
    elif topic in model_jobs():
        show_options(topic)
    elif topic in jobs():
        import_module(f"experiments.jobs.{topic}").main(["--help"])
    else:
        zh, en, near = "没有这个题目", "no such topic", nearest(topic, [*TOPICS, *jobs()])
        raise InputErrors([Problem(zh, en, file=WHERE, value=topic, allowed=valid, nearest=near)])


def show_options(job: str) -> None:
    """All options of a job that runs the model, by purpose, with their defaults."""
    print(in_a_line(*jobs()[job][:2]))
    say(f"用法：qiangcun {job} [名称=值 …]", f"Usage: qiangcun {job} [name=value ...]")
    print("\n".join(described([(flag, in_a_line(zh, en)) for flag, zh, en in FLAGS])))
    for purpose, options in groupby(options_of(job), lambda option: option.purpose):
        print(f"\n{in_a_line(*purpose)}")
        rows = []
        for option in options:
            choices = f" [{', '.join(option.choices)}]" if 1 < len(option.choices) < 10 else ""
            rows.append((f"{option.name}={option.default}", in_a_line(option.zh, option.en) + choices))
        print("\n".join(described(rows)))
    print()
    import_module("experiments.cli").show_examples(f"qiangcun {job}")


def parameters(word: str) -> Iterator[str]:
    """A line for each parameter of the world."""
    from sim.world import DECLARED

    yield in_a_line(
        "parameters.名称=值；* 为没有出处的假定", "parameters.NAME=VALUE; * marks an assumption without source"
    )
    yield from numbers(DECLARED, word)


def numbers(declared: Mapping[str, Parameter], word: str = "") -> list[str]:
    """A line for each number: name, default, allowed range and unit, whether it has a source, label."""
    from sim.parameters import ASSUMPTION

    chinese = first_language() == "zh"
    rows = [("名称", "默认", "范围", "", "说明") if chinese else ("name", "default", "range", "", "label")]
    for name, item in declared.items():
        unit = item.unit_zh if chinese else item.unit
        label = in_a_line(item.zh, item.en) + (f" ({unit})" if unit else "")
        mark = "*" if item.source == ASSUMPTION else ""
        if is_asked(word, name, item.zh, item.en):
            rows.append((name, f"{item.default:g}", f"{item.low:g}–{item.high:g}", mark, label))
    widths = [max(cells(row[place]) for row in rows) for place in range(4)]
    return ["  " + "  ".join(map(padded, row, (*widths, 0))) for row in rows]


def is_asked(word: str, *texts: str) -> bool:
    """Whether one of the texts has the word in it; no word asks for all."""
    return any(word.lower() in text.lower() for text in texts)


def levers(word: str) -> Iterator[str]:
    """Each lever with its settings; what all levers take comes first."""
    from experiments.chinese_names import COMMON
    from sim.policies.base import Choice, Lever, Parameter
    from sim.policies.registry import LEVERS

    yield in_a_line("strategy.levers.措施.设置=值；* 为没有出处的假定",
                    "strategy.levers.LEVER.SETTING=VALUE; * marks an assumption without source")  # fmt: skip
    shared = {name for name in Lever.settings() if name != "payer"}
    if not word:
        yield in_a_line("每项措施都有：", "Every lever has:")
        yield from numbers({"intensity": Lever.intensity})
        yield from described([(name, in_a_line(*label)) for name, label in COMMON.items()])
    for key, lever in LEVERS.items():
        if not is_asked(word, key, lever.zh, lever.en):
            continue
        yield f"\n{key}  {in_a_line(lever.zh, lever.en)}"
        settings = {name: item for name, item in lever.settings().items() if name not in shared}
        own = {name: item for name, item in settings.items() if isinstance(item, Parameter)}
        yield from numbers(own) if own else ()
        yield from described([choice(name, item) for name, item in settings.items() if isinstance(item, Choice)])


def choice(name: str, item: Choice) -> tuple[str, str]:
    """A setting with named options: its default, its label and what may be chosen."""
    chinese = first_language() == "zh"
    options = (f"{key} {zh}" if chinese else key for key, zh in item.options.items())
    return f"{name}={item.default}", f"{in_a_line(item.zh, item.en)} [{', '.join(options)}]"


def strategies(word: str) -> Iterator[str]:
    """Each strategy with its name; then the lists of strategies."""
    yield in_a_line("策略：strategy=名称，strategies=[名称,名称]", "Strategies: strategy=NAME, strategies=[NAME,NAME]")
    rows = []
    for name, tree in _files("strategy"):
        label = in_a_line(str(tree.get("zh", "")), str(tree.get("en", "")))
        rows += [(name, label)] if is_asked(word, name, label) else []
    yield from described(rows)
    yield in_a_line("名单：strategies=名称", "Lists: strategies=NAME")
    yield from described([(name, ", ".join(tree["names"])) for name, tree in _files("strategies")])


def _files(group: str) -> Iterator[tuple[str, dict[str, Any]]]:
    import yaml

    for path in sorted(Path(CONF / group).glob("*.yaml")):
        yield path.stem, yaml.safe_load(re.sub(r"\$\{[^}]*\}", "", path.read_text(encoding="utf-8")))

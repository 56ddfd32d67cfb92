"""qiangcun help [TOPIC]: what a job takes, or the parameters, levers and strategies there are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING

from experiments.flags import Flags
from experiments.jobs import jobs, model_jobs
from experiments.messages import WHERE, columns, first_language, in_a_line, say
from experiments.option_labels import CONF, options_of
from sim.problems import InputErrors, Problem, nearest

if TYPE_CHECKING:
    from sim.parameters import Parameter

ABOUT = ("说明一项任务、模型参数、措施或策略", "explain a job, or the parameters, levers and strategies of the model")
FLAGS = (
    ("-m", "给出多个值（用逗号分隔），逐一推演", "several values, with commas between, are run one after another"),
    ("--config-dir DIR", "自己的策略在 DIR/strategy/*.yaml", "strategies of your own lie in DIR/strategy/*.yaml"),
    ("--cfg job", "列出完整配置，不推演", "show the whole configuration, run nothing"),
)
TOPICS = ("parameters", "levers", "strategies")


def main(arguments: Sequence[str]) -> None:
    """Explain what is asked for; without a topic, list the jobs."""
    parser, valid = Flags("help"), ", ".join((*TOPICS, *jobs()))
    parser.offer("topic", valid, valid, nargs="?", default="")
    parser.add_language()
    topic = str(parser.read(arguments).topic)
    shows = {"": import_module("experiments.cli").show_jobs, "parameters": show_parameters, "levers": show_levers,
             "strategies": show_strategies}  # fmt: skip
    if topic in shows:
        shows[topic]()
    elif topic in model_jobs():
        show_options(topic)
    elif topic in jobs():
        import_module(f"experiments.jobs.{topic.replace('-', '_')}").main(["--help"])
    else:
        zh, en, near = "没有这个题目", "no such topic", nearest(topic, [*TOPICS, *jobs()])
        raise InputErrors([Problem(zh, en, file=WHERE, value=topic, allowed=valid, nearest=near)])


def show_options(job: str) -> None:
    """All options of a job that runs the model, by purpose, with their defaults."""
    print(in_a_line(*jobs()[job]))
    say(f"用法：qiangcun {job} [名称=值 …]", f"Usage: qiangcun {job} [name=value ...]")
    print(columns([(flag, in_a_line(zh, en)) for flag, zh, en in FLAGS]))
    for purpose, options in groupby(options_of(job), lambda option: option.purpose):
        print(f"\n{purpose}\n{columns([(f'{item.name}={item.default}', item.label) for item in options])}")
    import_module("experiments.cli").show_examples(f"qiangcun {job}")


def show_parameters() -> None:
    """A line for each parameter of the world."""
    from sim.world import DECLARED

    say("parameters.名称=值；* 为没有出处的假定", "parameters.NAME=VALUE; * marks an assumption without source")
    print(numbers(DECLARED))


def numbers(declared: Mapping[str, Parameter]) -> str:
    """A line for each number: name, default, allowed range, whether it has a source, label and unit."""
    from sim.parameters import ASSUMPTION

    rows = []
    for name, item in declared.items():
        unit = item.unit_zh if first_language() == "zh" else item.unit
        label = in_a_line(item.zh, item.en) + (f" ({unit})" if unit else "")
        span, mark = f"{item.low:g}–{item.high:g}", "*" if item.source == ASSUMPTION else ""
        rows.append((name, f"{item.default:g}", span, mark, label))
    heads = (
        ("名称", "默认", "范围", "", "说明") if first_language() == "zh" else ("name", "default", "range", "", "label")
    )
    return columns(rows, heads)


def show_levers() -> None:
    """Each lever with its settings; what all levers take comes first."""
    from experiments.chinese_names import COMMON
    from sim.policies.base import Choice, Parameter
    from sim.policies.registry import LEVERS

    say("strategy.levers.措施.设置=值；* 为没有出处的假定\n每项措施都有：",
        "strategy.levers.LEVER.SETTING=VALUE; * marks an assumption without source\nEvery lever has:")  # fmt: skip
    print(columns([(name, in_a_line(*label)) for name, label in COMMON.items()]))
    for key, lever in LEVERS.items():
        settings = lever.settings()
        print(f"\n{key}  {in_a_line(lever.zh, lever.en)}")
        print(numbers({name: item for name, item in settings.items() if isinstance(item, Parameter)}))
        print(columns([(f"{name}={item.default}", f"{in_a_line(item.zh, item.en)} [{', '.join(item.options)}]")
                       for name, item in settings.items() if isinstance(item, Choice)]))  # fmt: skip


def show_strategies() -> None:
    """Each strategy with its name; then the lists of strategies."""
    import yaml

    for group, zh, en in (("strategy", "策略：strategy=名称", "Strategies: strategy=NAME"),
                          ("strategies", "名单：strategies=名称", "Lists: strategies=NAME")):  # fmt: skip
        say(zh, en)
        rows = []
        for path in sorted((CONF / group).glob("*.yaml")):
            tree = yaml.safe_load(re.sub(r"\$\{[^}]*\}", "", path.read_text(encoding="utf-8")))
            names = ", ".join(tree.get("names", []))
            rows.append((path.stem, names or in_a_line(str(tree.get("zh", "")), str(tree.get("en", "")))))
        print(columns(rows))

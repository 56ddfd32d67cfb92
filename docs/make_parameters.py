"""Write docs/parameters.md from the declarations in sim/: `python docs/make_parameters.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from experiments.chinese_names import COMMON  # noqa: E402 (the path comes first)
from experiments.compose import compose, session  # noqa: E402
from experiments.settings import read_job  # noqa: E402
from experiments.user_yaml import Options, offer  # noqa: E402
from sim.modes import MODES  # noqa: E402 (the path comes first)
from sim.parameters import ASSUMPTION, Parameter  # noqa: E402
from sim.policies.base import Choice, Lever, Setting  # noqa: E402
from sim.policies.registry import LEVERS  # noqa: E402
from sim.questions import QUESTIONS  # noqa: E402
from sim.world import DECLARED, can_act  # noqa: E402

TARGET = Path(__file__).with_name("parameters.md")
MODULES = {
    "modes": "各模式共同水平 What all modes have in common",
    "production": "生产与价格 Production and prices",
    "projects": "项目、信贷、失败 Projects, credit, failure",
    "finance": "村级财务 Village finance",
    "leadership": "带头人 Secretaries",
    "rewards": "薪酬与考核 Pay and what is at stake",
    "grading": "分档考评 Grades",
    "ventures": "联建项目与强村公司 Pooled projects and town companies",
    "stakes": "入股 Stakes",
    "managers": "经理人 Managers",
    "alliances": "产业联盟 Industry alliances",
    "enterprises": "招商企业 Enterprises",
    "participation": "参与与信任 Participation and trust",
    "idle_assets": "清资核产 Idle assets",
    "norms": "乡风 Customs",
    "services": "公共服务与平台 Services and platform",
    "demography": "人口 People",
    "organisation": "组织力 Organisation",
    "roads": "农村公路 Village roads",
    "paired_assistance": "结对帮扶(非设计部分) Paired assistance, what its designer does not decide",
    "unit_costs": "单位成本 Unit costs",
    "initial": "起始状态 The start",
}
OPENING = """\
# 参数 Parameters

This page is written by `docs/make_parameters.py` from the declarations in the code; do not edit it by hand.
本页由 `docs/make_parameters.py` 根据代码中的声明生成，请勿手工修改。

There are {world} parameters that nature or history decides, and {settings} numbers and {choices} choices that the
designer of a lever decides. **{drawn} of the {world} are drawn**: each world takes a value from the range, half of the
worlds below the default, half above. The others, marked *not drawn*, stay at their default unless you set them or name
a range (`world.ranges`): a screening found that they move no answer, or only together with one that is drawn.
The default comparison (`qiangcun compare`) draws {compared}, those that its levers need; a study with all {levers}
levers draws {all_drawn}.
共有 {world} 个参数由自然或历史决定，其中 {drawn} 个在每个未来里另取值：默认的比较取 {compared} 个，
{levers} 项措施全部推演时取 {all_drawn} 个。注明“不抽取”的取默认值，也可以自己设定或给出范围。

{assumed} of the {world} parameters are assumptions without a published value, marked **假定 assumption**.
A source with "assumed" in it supports a direction or an order of size, not the number itself.
Q1 to Q{questions} are [questions to the district](#调查问题-survey-questions) that would settle what is not known.
Q1至Q{questions}是可以把它们定下来的[调查问题](#调查问题-survey-questions)。
What the short names of sources mean stands in [data-sources.md](data-sources.md).

On the command line a parameter is `parameters.NAME=VALUE`, its range `world.ranges.NAME=[LOW,HIGH]`, and a setting
`strategy.levers.LEVER.SETTING=VALUE`. Money is in 万元 (10,000 yuan) at constant prices of 2024. Rates are per year.
"""


def source(item: Parameter) -> str:
    """Where a value is from; what has no source says so; and the number of the question that would settle it."""
    asked = [f" (Q{number})" for number, question in enumerate(QUESTIONS, 1) if item.name in question.settles.split()]
    return ("**假定 assumption**" if item.source == ASSUMPTION else item.source) + "".join(asked)


def row(cells: Iterable[object]) -> str:
    """One line of a table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def table(heads: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    return "\n".join([row(heads), row("---" for _ in heads), *map(row, rows)]) + "\n"


def numbers(item: Parameter) -> tuple[str, str]:
    """Default and range as text."""
    drawn = "" if item.drawn else " (not drawn 不抽取)"
    return f"{item.default:.4g}", f"{item.low:.4g} – {item.high:.4g}{drawn}"


def parameter_rows(module: str) -> list[tuple[object, ...]]:
    """All parameters that one process declares."""
    items = [item for item in DECLARED.values() if item.module == module]
    return [(f"`{item.name}`", item.zh, item.en, *numbers(item), item.unit, source(item)) for item in items]


def mode_rows(mode: str) -> list[tuple[object, ...]]:
    """The parameters of one mode of collective business."""
    items = [item for name, item in DECLARED.items() if name.startswith(f"{mode}.")]
    return [
        (f"`{item.name}`", item.zh.split("：")[1], item.en.split(": ")[1], *numbers(item), item.unit, source(item))
        for item in items
    ]


def lever_rows(lever: type[Lever]) -> list[tuple[object, ...]]:
    """The settings of one lever."""
    rows: list[tuple[object, ...]] = []
    for name, item in lever.settings().items():
        if isinstance(item, Choice):
            rows.append(
                (f"`{name}`", item.zh, item.en, item.default, ", ".join(item.options), "", "design of the lever")
            )
        else:
            rows.append((f"`{name}`", item.zh, item.en, *numbers(item), item.unit, source(item)))
    return rows


def drawn_by_a_comparison() -> int:
    """How many parameters the default comparison draws."""
    with session():
        offer(Options(()).trees())
        study = read_job("compare", compose("compare", ()), ()).study
    return sum(item.drawn and study.can_act(name) for name, item in DECLARED.items())


def question_rows() -> list[tuple[object, ...]]:
    """Every survey question with what it settles."""
    return [
        (f"Q{number}", question.zh, question.en, ", ".join(f"`{name}`" for name in question.settles.split()))
        for number, question in enumerate(QUESTIONS, 1)
    ]


def text() -> str:
    """The whole page."""
    settings = [item for lever in LEVERS.values() for item in lever.settings().values()]
    numeric = sum(isinstance(item, Setting) for item in settings)
    parts = [
        OPENING.format(
            world=len(DECLARED),
            settings=numeric,
            choices=len(settings) - numeric,
            assumed=sum(item.source == ASSUMPTION for item in DECLARED.values()),
            drawn=sum(item.drawn for item in DECLARED.values()),
            compared=drawn_by_a_comparison(),
            levers=len(LEVERS),
            all_drawn=sum(item.drawn and can_act(LEVERS, True, item) for item in DECLARED.values()),
            questions=len(QUESTIONS),
        )
    ]
    heads = ("name", "中文", "English", "default", "range", "unit", "source")
    for module, title in MODULES.items():
        parts.append(f"## {title}\n\n{table(heads, parameter_rows(module))}")
    parts.append(
        "## 发展模式 Modes of collective business\n\n"
        "A zero in the mode table is structure and not a parameter, so modes have different numbers of rows.\n"
    )
    for mode in MODES:
        who = "run alone" if mode.alone else "in pooled projects only"
        parts.append(f"### {mode.zh} {mode.en} ({who})\n\n{table(heads, mode_rows(mode.key))}")
    heads = ("setting", "中文", "English", "default", "range or options", "unit", "source")
    parts.append(
        "## 措施 Levers\n\n"
        "Every lever also has these settings; a numeric setting may be dated, `{2024: 10, 2025: 20}`.\n\n"
        + table(("setting", "中文", "meaning"), ((f"`{name}`", zh, en) for name, (zh, en) in COMMON.items()))
    )
    for lever in LEVERS.values():
        parts.append(f"### {lever.zh} `{lever.key}` {lever.en}\n\n{table(heads, lever_rows(lever))}")
    heads = ("no.", "中文", "English", "settles 可以确定")
    parts.append(f"## 调查问题 Survey questions\n\n{table(heads, question_rows())}")
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    TARGET.write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

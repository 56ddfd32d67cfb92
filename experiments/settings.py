"""From composed configuration to a Study: every value checked, every mistake told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from experiments.budget import CAPPED, UNCAPPED, read_budget, with_equal_cost
from experiments.compose import LAUNCHER, Composed, compose, options
from experiments.declarations import flat, named_ranges
from experiments.design import MOST_FUTURES, Asked, only, read_design
from experiments.executors import Workers
from experiments.in_place import all_in_place
from experiments.messages import AUTO, LANGUAGES, language_of
from experiments.output import check_folders
from experiments.overrides import quoted
from experiments.progress import MODES
from experiments.reach import check_reach_in
from experiments.same_cost import check_same_cost
from experiments.stopping import read_stopping
from experiments.strategies import check_levers, read_strategy
from experiments.study import FUTURES_PER_BATCH, Study
from experiments.sweep import Sweep, build, read_rows
from experiments.user_yaml import Options, no_such_option, set_intensities
from experiments.worker_settings import read_workers
from scenarios.plausibility import OPTIONS
from scenarios.province import Province, load_place
from sim.ablation import PROCESSES, variants
from sim.district import District
from sim.futures import Futures, numbered
from sim.initial import STARTS
from sim.options import HORIZONS, START_YEARS, RunOptions, number_of_residents
from sim.parameters import check_parameters, check_whole, unknown_names
from sim.policies.base import Strategy
from sim.problems import CONFIGURATION, InputErrors, Problem, nearest
from sim.record import DETAILS, DISTRICT, VILLAGES
from sim.structures import STRUCTURES
from sim.world import DECLARED

WHERE = CONFIGURATION
WHOLE_NUMBERS = {"futures": (1, MOST_FUTURES), "start_year": START_YEARS, "horizon": HORIZONS}
LONGEST_BELOW = "same_cost/studies/" + 120 * "x" + "/villages.parquet/" + 120 * "x"
"""As long as any path below the folder of results."""
TRUTHS = ("project_grants_in_total", "report", "verbose")
SHARED = (
    "parameters", "world", "design", "strategy", "district", *WHOLE_NUMBERS, "only", "start", "other_starts",
    "residents", "project_grants_in_total", "discount_rate", "budget", "stopping", "detail", "report", "progress",
    "rules", "structure", "executor", "workers", "outputs", "language", "name",
)  # fmt: skip
DISTRICT_KEYS = ("place", "village_table", *OPTIONS)
KEYS = {
    "run": (*SHARED, "verbose"), "compare": (*SHARED, "strategies", "reference", "structures"),
    "sweep": (*SHARED, "reference", "swept", "cells"),
}  # fmt: skip


@dataclass
class Reading:
    """The values read so far and what is wrong with them.

    Attributes:
        values: the job's configuration.
        problems: mistakes, in the order found.
    """

    values: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, name: str, zh: str, en: str, **more: Any) -> None:
        """Note a mistake in the value `name`."""
        value = more.pop("value", str(self.values.get(name)))
        self.problems.append(Problem(zh, en, file=WHERE, field=name, value=value, **more))

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number between two others."""
        value, wrong = self.values.get(name), check_whole(name, self.values.get(name), low, high, WHERE)
        self.problems += wrong
        return None if wrong else value

    def one_of(self, name: str, valid: Sequence[str]) -> str:
        """One of several names."""
        value = str(self.values.get(name))
        if value not in valid:
            near = nearest(value, valid)
            self.wrong(name, "没有这个选项", "no such option", allowed=", ".join(valid), nearest=near)
        return value


@dataclass(frozen=True)
class Job:
    """A checked job.

    Attributes:
        study: what is to be run.
        outputs: folder of all results.
        workers: who computes.
        verbose: whether to tell more.
        report: whether to write the report.
        progress: how progress is shown.
        language: in which messages and report are written: `zh`, `en` or `both`.
    """

    study: Study
    outputs: Path
    workers: Workers = field(default_factory=Workers)
    verbose: bool = False
    report: bool = True
    progress: str = "auto"
    language: str = "en"


def read_job(job: str, composed: Composed, folders: Sequence[Path] = ()) -> Job:
    """Check a composed job; those of several strategies compose each of them with the same overrides.

    Raises:
        InputErrors: all mistakes in values, strategies and tables.
    """
    reading = Reading(composed.values)
    reading.problems += unknown_names(composed.values, KEYS[job], WHERE)
    sweep = read_sweep(composed, folders, reading) if job == "sweep" else Sweep()
    cells = {item.key: item for item in sweep.strategies}
    named = cells if job == "sweep" else read_strategies(job, composed, folders, reading)
    run_options = read_options(reading)
    district = read_district(reading)
    words = (composed.overrides, sweep.told)
    placed = [all_in_place([item], district, "" if key == sweep.reference else words) for key, item in named.items()]
    named = {item.key: item for (item,) in placed}
    budget, wrong = read_budget(composed.values.get("budget"), WHERE)
    reading.problems += wrong
    if job == "sweep" and (budget.equal_to or any(item.same_cost_as for item in named.values())):
        zh, en = "扫描不能使成本相等；请用 compare", "cells of a sweep can't be given equal cost; use compare"
        reading.wrong("budget", zh, en, value=budget.mode, allowed=f"{UNCAPPED}, {CAPPED}")
    run_options = replace(run_options, annual_budget=budget.annual, priority=budget.priority)
    equal, wrong = with_equal_cost(list(named.values()), budget, (run_options.start_year, run_options.horizon))
    reading.problems += wrong
    years = (run_options.start_year, run_options.horizon)
    reading.problems += check_all_levers(list(named.values()), district, years)
    detail = read_detail(reading, district)
    reading.problems += check_same_cost(equal)
    parameters, ranges, draw = read_world(reading)
    held = {name: value for values in sweep.fixed.values() for name, value in values.items()}
    futures, design = read_futures(reading, Asked(0, draw, parameters | held, ranges))
    futures = replace(futures, fixed=parameters, ranges=ranges)
    stopping, wrong = read_stopping(composed.values.get("stopping"), years, len(futures), FUTURES_PER_BATCH, WHERE)
    if stopping is not None and len(equal) == 1:
        zh, en = (
            "提前停止看的是策略之间的差别，须有两个以上策略",
            "looks at differences between strategies: name several",
        )
        reading.wrong("stopping.tolerance", zh, en, value=f"{stopping.tolerance:g}", allowed="qiangcun compare")
    workers, found = read_workers(composed.values, composed.choices.get(LAUNCHER), WHERE)
    reading.problems += wrong + found
    other_starts, rate = read_starts(reading), read_rate(reading)
    example = f"[{', '.join(STRUCTURES)}]"
    structures = all_or_some("structures", composed.values.get("structures"), STRUCTURES, example, reading)
    for name in TRUTHS:
        if not isinstance(composed.values.get(name, False), bool):
            reading.wrong(name, "应为 true 或 false", "must be true or false", allowed="true, false")
    for name, valid in (("language", (AUTO, *LANGUAGES)), ("progress", MODES)):
        reading.one_of(name, valid)
    check_places(reading)
    if reading.problems or district is None:
        raise InputErrors(dict.fromkeys(reading.problems))
    reference = str(composed.values["reference"]) if job == "compare" else sweep.reference or next(iter(named))
    study = Study(
        name=str(composed.values["name"]), district=district, strategies=tuple(equal), reference=reference,
        futures=futures, design=design, detail=detail, stopping=stopping,
        source={name: composed.values["district"].get(name) for name in DISTRICT_KEYS},
        options=run_options, other_starts=tuple(start for start in other_starts if start != run_options.start),
        discount_rate=rate, equal_to=budget.equal_to,
        fixed=sweep.fixed, sweep=sweep.told, structures=tuple(structures),
    )  # fmt: skip
    values = composed.values
    outputs = Path(os.path.expanduser(values["outputs"]))
    return Job(study, outputs, workers, bool(values.get("verbose")), bool(values["report"]), str(values["progress"]),
               language_of(values["language"]))  # fmt: skip


def read_futures(reading: Reading, asked: Asked) -> tuple[Futures, dict[str, Any]]:
    """The futures of the design, and how the design is told."""
    number = reading.whole("futures", *WHOLE_NUMBERS["futures"])
    if number is None:
        return numbered([]), {}
    found, told, wrong = read_design(reading.values.get("design"), replace(asked, futures=number), WHERE)
    reading.problems += wrong
    if wrong:
        return found, told
    found, wrong = only(found, reading.values.get("only"), WHERE)
    reading.problems += wrong
    return found, told


def read_strategies(job: str, composed: Composed, folders: Sequence[Path], reading: Reading) -> dict[str, Strategy]:
    """The job's strategies by name; the reference is always among those compared."""
    if job == "run":
        nodes = {str(composed.choices["strategy"]): composed.values["strategy"]}
    else:
        listed = composed.values.get("strategies")
        names = listed.get("names") if isinstance(listed, Mapping) else listed
        if not isinstance(names, list) or not names:
            reading.wrong(
                "strategies", "应为策略名称的列表", "must be a list of strategies", allowed="[none, existing]"
            )
            names = []
        listed_names = [str(name) for name in names]
        names = dict.fromkeys([*listed_names, str(composed.values.get("reference"))])
        where = {name: "strategies" if name in listed_names else "reference" for name in names}
        nodes = nodes_of(job, where, composed, folders, reading)
    strategies, own = {}, Options(folders)
    for name, node in nodes.items():
        strategies[name], problems = read_strategy(name, node, set_intensities(name, composed.overrides, own))
        reading.problems += problems
    listed = composed.values.get("strategies")
    without = listed.get("without_each") if isinstance(listed, Mapping) else None
    left_out = all_or_some("strategies.without_each", without, PROCESSES, "[credit, failure]", reading)
    found = [variant for strategy in strategies.values() for variant in variants(strategy, left_out)]
    return {**strategies, **{variant.key: variant for variant in found}}


def read_sweep(composed: Composed, folders: Sequence[Path], reading: Reading) -> Sweep:
    """The cells of a sweep and their references; none where they can't be read."""
    values, base = composed.values, str(composed.choices["strategy"])
    rows, problems = read_rows(values.get("swept"), values.get("cells"))
    reading.problems += problems
    names = [str(row.get("strategy", base)) for row in rows]
    nodes = nodes_of("sweep", dict.fromkeys(names, "strategy"), composed, folders, reading)
    plain = replace(composed, overrides=tuple(word for word in composed.overrides if not word.startswith("strategy.")))
    name = str(values.get("reference"))
    reference = nodes_of("sweep", {name: "reference"}, plain, folders, reading)
    if name.startswith("cell_"):
        reading.wrong("reference", "名称与各格的名称相混，请改文件名", "is named like a cell; rename its file")
    if problems or not reference or set(names) - set(nodes):
        return Sweep()
    found, problems = build(rows, nodes, base, (name, reference[name]), composed.overrides, Options(folders))
    reading.problems += problems
    return found


def nodes_of(
    job: str, names: Mapping[str, str], composed: Composed, folders: Sequence[Path], reading: Reading
) -> dict[str, Any]:
    """The composed strategies of these names, each with the value that names it, for what is told of wrong ones."""
    valid, nodes = options("strategy"), {}
    for name, where in names.items():
        if name in valid:
            nodes[name] = _strategy_node(job, name, composed, reading)
        else:
            found = no_such_option("strategy", name, valid, folders)
            reading.problems += [replace(item, field=where) if item.field == "strategy" else item for item in found]
    return nodes


def all_or_some(field: str, asked: Any, known: Mapping[str, Any], example: str, reading: Reading) -> list[str]:
    """What is taken in turn, such as processes left out of each strategy: `all`, some names of those known, or none."""
    if asked in (None, "all"):
        return list(known) if asked else []
    if not isinstance(asked, list):
        reading.wrong(field, "应为 all 或名称的列表", "must be all or a list of names", value=str(asked),
                      allowed=f"all, {example}", nearest=nearest(str(asked), ["all", *known]))  # fmt: skip
        return []
    unknown, allowed = unknown_names(asked, known, WHERE), ", ".join(["all", *known])
    reading.problems += [replace(problem, field=field, value=problem.field, allowed=allowed) for problem in unknown]
    return [name for name in dict.fromkeys(map(str, asked)) if name in known]


def check_all_levers(
    strategies: Sequence[Strategy], district: District | Province | None, years: tuple[int, int]
) -> list[Problem]:
    """Problems of all strategies' levers, those that reach nobody included; what strategies share is told once."""
    found: dict[Problem, Problem] = {}
    for strategy in strategies:
        problems = check_levers(strategy, district)
        if not problems and district is not None:
            problems = check_reach_in(strategy, district, years)
        for problem in problems:
            anonymous = replace(problem, file=problem.file.replace(f"strategy {strategy.key}", "strategy", 1))
            found.setdefault(anonymous, problem)
    return list(found.values())


def _strategy_node(job: str, name: str, composed: Composed, reading: Reading) -> Any:
    """The `strategy` node of a job composed with strategy `name`; nothing else may change with it."""
    other = compose(job, [*composed.overrides, f"strategy={quoted(name)}"]).values
    for key, value in other.items():
        if key != "strategy" and repr(value) != repr(composed.values.get(key)):  # repr: NaN equals itself
            zh, en = f"策略 {name} 改动了策略以外的值", f"strategy {name} changes a value outside the strategy"
            reading.wrong(key, zh, en, value="")
    return other["strategy"]


def read_options(reading: Reading) -> RunOptions:
    """Horizon, start and residents; the default ones where they are wrong, so that all else is still checked."""
    names = ("horizon", "start_year", "start")
    asked = RunOptions(
        **{name: reading.values.get(name) for name in names},  # type: ignore[arg-type]
        residents_per_village=number_of_residents(reading.values.get("residents")),
        project_grants_in_total=reading.values.get("project_grants_in_total") is True,
        structure={} if reading.values.get("structure") is None else reading.values["structure"],
        rules={} if reading.values.get("rules") is None else reading.values["rules"],
    )
    wrong = asked.check()
    reading.problems += [replace(problem, file=WHERE) for problem in wrong]
    return RunOptions() if wrong else asked


def read_district(reading: Reading) -> District | Province | None:
    """The district with the user's own village table, if one is named, or the province."""
    node = reading.values.get("district")
    if not isinstance(node, Mapping):
        reading.wrong("district", "应为地名或文件夹", "must be a name or a folder")
        return None
    unknown = unknown_names(node, DISTRICT_KEYS, f"{WHERE} district")
    reading.problems += unknown
    place, texts = node.get("place"), {name: node.get(name) for name in DISTRICT_KEYS[1:]}
    if not isinstance(place, str) or not place:
        reading.wrong("district.place", "应为地名或文件夹", "must be a name or a folder", value=str(place))
        return None
    for name, text in texts.items():
        if text is not None and (not isinstance(text, str) or not text):
            zh, en = ("应为文件", "must be a file") if name == "village_table" else ("没有这个单位", "no such unit")
            reading.wrong(f"district.{name}", zh, en, value=str(text), allowed=", ".join(OPTIONS.get(name, ())))
            return None
    try:
        return load_place(place, **texts)
    except InputErrors as errors:
        reading.problems += errors.problems
        return None


def read_detail(reading: Reading, district: District | Province | None) -> str:
    """What is kept of each run; a province keeps its counties, and can't stop early."""
    detail = reading.one_of("detail", ("auto", *DETAILS))
    if not isinstance(district, Province):
        return VILLAGES if detail == "auto" else detail
    if detail == VILLAGES:
        zh, en = "省级推演只保留各县指标", "a province keeps indicators of its counties alone"
        reading.wrong("detail", zh, en, allowed="auto, district")
    stopping = reading.values.get("stopping")
    if isinstance(stopping, Mapping) and stopping.get("tolerance") is not None:
        zh, en = "省级推演不能提前停止", "a province can't stop early"
        reading.wrong("stopping.tolerance", zh, en, value=str(stopping["tolerance"]), allowed="null")
    return DISTRICT


def read_world(reading: Reading) -> tuple[dict[str, float], dict[str, tuple[float, float]], bool]:
    """Parameters held fixed, ranges that replace the declared ones, and whether worlds are drawn.

    A parameter is held fixed if its value differs from the declared default, or if `world.fixed` names it; all others
    are drawn in every world.
    """
    given = reading.values.get("parameters")
    values = flat(given) if isinstance(given, Mapping) else {}
    reading.problems += check_parameters(values if isinstance(given, Mapping) else given, DECLARED)
    fixed = {name: value for name, value in values.items() if name in DECLARED and value != DECLARED[name].default}
    world = reading.values.get("world")
    if not isinstance(world, Mapping):
        reading.wrong("world", "应为“名称: 值”", "must hold name: value")
        return {}, {}, True
    reading.problems += unknown_names(world, ("draw", "fixed", "ranges"), f"{WHERE} world")
    names = [] if world.get("fixed") is None else world["fixed"]
    if not isinstance(names, list):
        reading.wrong("world.fixed", "应为参数名称的列表", "must be a list of parameters", value=str(names))
        names = []
    names = [str(name) for name in names]
    reading.problems += unknown_names(names, DECLARED, "world.fixed")
    fixed.update({name: DECLARED[name].default for name in names if name in DECLARED and name not in fixed})
    if not isinstance(world.get("draw"), bool):
        value = str(world.get("draw"))
        reading.wrong("world.draw", "应为 true 或 false", "must be true or false", value=value, allowed="true, false")
    ranges, wrong = named_ranges(world.get("ranges"), "world.ranges", null_is_none=True)
    reading.problems += wrong
    return fixed, ranges, world.get("draw") is not False


def read_starts(reading: Reading) -> list[str]:
    """Further initial states for the reference."""
    starts = reading.values.get("other_starts")
    if not isinstance(starts, list | None):
        reading.wrong("other_starts", "应为列表", "must be a list", allowed=", ".join(STARTS))
        return []
    names = list(dict.fromkeys(str(start) for start in starts or []))
    for name in names:
        if name not in STARTS:
            reading.wrong("other_starts", "没有这个起始条件", "no such initial condition", value=name,
                          allowed=", ".join(STARTS), nearest=nearest(name, STARTS))  # fmt: skip
    return names


def check_places(reading: Reading) -> None:
    """The study's name and the folder of all results; nothing is written outside of it."""
    name = reading.values.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w.-]*", name):
        reading.wrong("name", "应为文字、数字、-、_", "must be letters, digits, - and _", allowed="compare, my-study")
    place = reading.values.get("outputs")
    if not isinstance(place, str) or not place:
        reading.wrong("outputs", "应为文件夹", "must be a folder")
        return
    folder = Path(os.path.expanduser(place)).absolute()
    try:
        (folder / LONGEST_BELOW).exists()
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        fits = folder.is_dir() and os.access(folder, os.W_OK)
    except OSError:  # a name or a path that is too long
        fits = False
    if not fits:
        reading.wrong("outputs", "无法在此写入", "can not be written to", value=str(folder)[:200])
        return
    reading.problems += check_folders(Path(os.path.expanduser(place)))


def read_rate(reading: Reading) -> float:
    """Yearly discount rate."""
    rate = reading.values.get("discount_rate")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 0.2:
        reading.wrong("discount_rate", "应为范围内的数字", "must be a number in range", allowed="0–0.2")
        return 0.0
    return float(rate)

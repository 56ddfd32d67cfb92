"""The command `qiangcun`: finds the job and runs it; little is loaded before signals are heard."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from experiments.messages import WHERE, bilingual, choose_language, prepare_console, say
from experiments.way_out import hearing_signals, one_way_out
from sim.problems import InputErrors, Problem, nearest

JOBS = {
    "run": ("推演一个策略，生成简要报告", "simulate one strategy and write a short report"),
    "compare": ("在相同的未来中比较多个策略，生成报告", "compare strategies in the same futures and write the report"),
    "sweep": (
        "扫描：几项设置各取几个值，所有组合在相同的未来中比较",
        "values of a few settings crossed, all in the same futures, read off in one report",
    ),
    "report": ("汇总批量任务或已有推演，生成报告", "write a report on what sweeps and earlier studies left"),
    "verify": (
        "核验已有推演结果：文件、版本、抽样重算",
        "check a study: files, versions, a sample of runs computed again",
    ),
    "init": ("生成待填写的村情表", "write a village table to fill in"),
    "completion": ("命令行补全", 'completion for bash: eval "$(qiangcun completion bash)"'),
}
MODEL_JOBS = ("run", "compare", "sweep")
EXAMPLES = (
    "qiangcun compare",
    "qiangcun compare strategies=[none,existing] futures=20 horizon=2030",
    "qiangcun run strategy=existing strategy.levers.joint_building.intensity=0.5 parameters.fixed_cost=2",
    "qiangcun sweep strategy.levers.joint_building.intensity=0.5,1 strategy.levers.joint_building.start=2025,2028",
    "qiangcun run -m strategy=none,existing horizon=2030,2035",
    "qiangcun run -m hydra/launcher=joblib strategy=none,existing horizon=2030,2035   # several at once",
    "qiangcun compare --config-dir DIR strategies=[existing,mine]      # DIR/strategy/mine.yaml",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a job of the command line; however it goes, it ends in words and an exit code (`experiments.way_out`)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    os.environ["PYTHONSAFEPATH"] = "1"  # processes started from here run no module that lies in the current folder
    prepare_console()
    choose_language(arguments)
    with hearing_signals(), one_way_out():
        dispatch(arguments)


def dispatch(arguments: list[str]) -> None:
    """Hand over to the job named first."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        show_jobs()
    elif arguments[0] == "--version":
        show_version()
    elif arguments[0] in MODEL_JOBS:
        import_module("experiments.preflight").run_hydra(arguments[0], arguments[1:])
    elif arguments[0] in JOBS:
        job: Callable[[Sequence[str]], None] = import_module(f"experiments.jobs.{arguments[0]}").main
        job(arguments[1:])
    else:
        near = nearest(arguments[0], list(JOBS))
        zh, en = "没有这个任务", "no such job"
        raise InputErrors([Problem(zh, en, file=WHERE, value=arguments[0], allowed=", ".join(JOBS), nearest=near)])


def show_jobs() -> None:
    """List the jobs, one line each."""
    say("强村：村级集体经济与治理策略推演。用法：qiangcun 任务 [名称=值 …]",
        "Simulates strategies for village collectives. Usage: qiangcun JOB [key=value ...]")  # fmt: skip
    for job, (zh, en) in JOBS.items():
        print(f"  {job:<9}{bilingual(zh, en).replace(chr(10), ' · ')}")
    say("例", "Examples")
    for example in EXAMPLES:
        print(f"  {example}")
    say("qiangcun 任务 --help 列出全部可选项及默认值。", "qiangcun JOB --help lists all options and defaults.")


def show_version() -> None:
    """Print the version."""
    try:
        print(f"qiangcun {version('qiangcun')}")
    except PackageNotFoundError:
        print("qiangcun (not installed)")


if __name__ == "__main__":
    main()

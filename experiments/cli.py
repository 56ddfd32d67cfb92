"""The command `qiangcun`: finds the job and runs it; little is loaded before signals are heard."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from experiments.jobs import jobs, model_jobs
from experiments.messages import WHERE, bilingual, choose_language, in_a_line, prepare_console, say
from experiments.way_out import hearing_signals, one_way_out
from sim.problems import InputErrors, Problem, nearest

HELP = ("-h", "--help")
EXAMPLES = (
    ("qiangcun compare", "", ""),
    ("qiangcun compare strategies=[none,existing] futures=20 horizon=2030", "", ""),
    ("qiangcun run strategy=existing strategy.levers.training.intensity=0.5 parameters.fixed_cost=2", "", ""),
    ("qiangcun sweep strategy.levers.training.intensity=0.5,1 strategy.levers.training.start=2025,2028", "", ""),
    ("qiangcun run -m strategy=none,existing horizon=2030,2035", "各组合各推演一次", "every combination"),
    ("qiangcun run -m hydra/launcher=joblib strategy=none,existing", "同时进行", "several at once"),
    (
        "qiangcun compare --config-dir DIR strategies=[existing,mine]",
        "DIR/strategy/mine.yaml",
        "DIR/strategy/mine.yaml",
    ),
)
"""Commands, and what is special about them in both languages."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a job of the command line; however it goes, it ends in words and an exit code (`experiments.way_out`)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    os.environ["PYTHONSAFEPATH"] = "1"  # processes started from here run no module that lies in the current folder
    prepare_console()
    choose_language(arguments)
    with hearing_signals(), one_way_out():
        dispatch(arguments[1:] if arguments[:1] and arguments[0].startswith("language=") else arguments)


def dispatch(arguments: list[str]) -> None:
    """Hand over to the job named first."""
    job, words = (arguments[0], arguments[1:]) if arguments else ("", [])
    if job in ("", *HELP):
        show_jobs()
    elif job == "--version":
        show_version()
    elif job in model_jobs() and any(word in HELP for word in words):
        import_module("experiments.jobs.help").main([job])
    elif job in model_jobs():
        import_module("experiments.preflight").run_hydra(job, words)
    elif job in jobs():
        run: Callable[[Sequence[str]], None] = import_module(f"experiments.jobs.{job.replace('-', '_')}").main
        run(words)
    else:
        zh, en, near = "没有这个任务", "no such job", nearest(job, list(jobs()))
        raise InputErrors([Problem(zh, en, file=WHERE, value=job, allowed=", ".join(jobs()), nearest=near)])


def show_jobs() -> None:
    """List the jobs, one line each."""
    say("强村：村级集体经济与治理策略推演。用法：qiangcun 任务 [名称=值 …]",
        "Simulates strategies for village collectives. Usage: qiangcun JOB [name=value ...]")  # fmt: skip
    width = max(map(len, jobs()))
    for job, about in jobs().items():
        print(f"  {job:<{width}}  {in_a_line(*about)}")
    show_examples("qiangcun ")
    say("qiangcun 任务 --help 列出一项任务的全部可选项及默认值，qiangcun help parameters 列出模型参数。",
        "qiangcun JOB --help lists all options of a job and their defaults, qiangcun help parameters those of the "
        "model.")  # fmt: skip


def show_examples(begin: str) -> None:
    """Show the commands that begin so."""
    say("例", "Examples")
    for command, zh, en in EXAMPLES:
        if command.startswith(begin):
            print(f"  {command}" + (f"   # {in_a_line(zh, en)}" if zh else ""))


def show_version() -> None:
    """Print the version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(f"qiangcun {version('qiangcun')}")
    except PackageNotFoundError:
        print(f"qiangcun {bilingual('（未安装）', '(not installed)')}")


if __name__ == "__main__":
    main()

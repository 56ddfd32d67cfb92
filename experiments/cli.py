"""The command `qiangcun`: finds the job, checks what the user wrote, and only then runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from experiments.compose import check, compose, options, session, show_ready
from experiments.executors import one_thread_each
from experiments.messages import bilingual, choose_language, complain, prepare_console, say
from experiments.output import close_sweep
from experiments.overrides import WHERE, Invocation, read
from experiments.settings import read_job
from experiments.user_yaml import tell_unused
from sim.problems import InputErrors, Problem, nearest

JOBS = {
    "run": ("推演一个策略，生成简要报告", "simulate one strategy and write a short report"),
    "compare": ("在相同的未来中比较多个策略，生成报告", "compare strategies in the same futures and write the report"),
    "report": ("汇总批量任务或已有推演，生成报告", "write a report on what sweeps and earlier studies left"),
    "verify": (
        "核验已有推演结果：文件、版本、抽样重算",
        "check a study: files, versions, a sample of runs computed again",
    ),
    "init": ("生成待填写的村情表", "write a village table to fill in"),
}
MODEL_JOBS = ("run", "compare")
EXAMPLES = (
    "qiangcun compare",
    "qiangcun compare strategies=[none,existing] futures=20 horizon=2030",
    "qiangcun run strategy=existing strategy.levers.joint_building.intensity=0.5 parameters.fixed_cost=2",
    "qiangcun run -m strategy=none,existing horizon=2030,2035",
    "qiangcun run -m hydra/launcher=joblib strategy=none,existing horizon=2030,2035   # several at once",
    "qiangcun compare --config-dir DIR strategies=[existing,mine]      # DIR/strategy/mine.yaml",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a job of the command line; a mistake of the user ends with exit code 2 and no traceback."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    prepare_console()
    choose_language(arguments)
    try:
        dispatch(arguments)
    except InputErrors as errors:
        complain(errors.problems)
        sys.exit(2)
    except KeyboardInterrupt:
        say(
            "已中断；完成的部分已保存，重复同一命令即可继续。",
            "Stopped; what is done is kept, the same command goes on.",
        )
        sys.exit(130)


def dispatch(arguments: list[str]) -> None:
    """Hand over to the job named first."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        show_jobs()
    elif arguments[0] == "--version":
        show_version()
    elif arguments[0] in MODEL_JOBS:
        run_hydra(arguments[0], arguments[1:])
    elif arguments[0] in JOBS:
        job: Callable[[Sequence[str]], None] = import_module(f"experiments.jobs.{arguments[0]}").main
        job(arguments[1:])
    else:
        near = nearest(arguments[0], list(JOBS))
        zh, en = "没有这个任务", "no such job"
        raise InputErrors([Problem(zh, en, file=WHERE, value=arguments[0], allowed=", ".join(JOBS), nearest=near)])


def run_hydra(job: str, arguments: Sequence[str]) -> None:
    """Check a job that runs the model, then let Hydra run it."""
    with session():
        invocation = read(job, arguments, options("district"))
        outputs = show_ready(invocation) if invocation.only_shows else preflight(invocation)
    sys.argv = [f"qiangcun {job}", *invocation.arguments()]
    with one_thread_each():  # a launcher may start processes
        import_module(f"experiments.jobs.{job}").main()
    if invocation.is_sweep and outputs is not None:
        sweep = close_sweep(outputs)
        say(f"汇总这批任务：qiangcun report {sweep}", f"One report on all of them: qiangcun report {sweep}")


def preflight(invocation: Invocation) -> Path:
    """Compose and check every job before the first one runs, and give the folder of results; inside a `session`.

    Raises:
        InputErrors: all mistakes.
    """
    outputs = Path()
    problems, jobs = check(invocation)
    for overrides in jobs:
        try:
            composed = compose(invocation.job, overrides)
            outputs = read_job(invocation.job, composed, invocation.folders).outputs
        except InputErrors as errors:
            problems += errors.problems
    if problems:
        raise InputErrors(problems)
    tell_unused(invocation.folders)
    return outputs


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

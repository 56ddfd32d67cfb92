"""What the jobs that run the model share: study, store, report, and where they are."""

from __future__ import annotations

import json
import logging
import multiprocessing
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from analysis.data.seal import open_study
from experiments.children import prepare_process
from experiments.compose import Composed
from experiments.execution import execute
from experiments.found_scale import REASONS, SameCost, evaluated
from experiments.manifest import describe
from experiments.messages import bilingual, choose_language, in_a_line, of_pages, prepare_console, say
from experiments.output import point_to_latest, point_to_study
from experiments.parts import put_aside
from experiments.progress import REPORT, TABLES, Stages
from experiments.reach import remarks
from experiments.reproducer import reproducer
from experiments.same_cost import forget, settle
from experiments.settings import Job, read_job
from experiments.size import check_room
from experiments.store import FAILURES, MANIFEST, Store
from experiments.sweep import written_out
from experiments.way_out import one_way_out
from scenarios.plausibility import tell_given
from sim.policies.base import Strategy

log = logging.getLogger(__name__)
BESIDE = ("brief.html", "brief.docx", "results.xlsx", "verdict.html")
"""What a reader may look for beside the report."""


@contextmanager
def inside(name: str, config: DictConfig) -> Iterator[Job]:
    """The checked job that Hydra has composed; a launcher may have started another process, which ends in words too."""
    hydra = HydraConfig.get()
    if multiprocessing.parent_process() is not None:
        prepare_process()
    prepare_console()
    with one_way_out(Path(hydra.runtime.output_dir), Path(str(config.outputs))):
        values: Any = OmegaConf.to_container(config, resolve=True)
        choose_language([f"language={values['language']}"])
        composed = Composed(values, dict(hydra.runtime.choices), tuple(hydra.overrides.task))
        yield read_job(name, composed)


def do(name: str, job: Job) -> None:
    """Run the study, write the report, and say where it is.

    Exit code 1 where a run failed.
    """
    hydra = HydraConfig.get()
    for zh, en in tell_given(job.study.district):
        say(zh, en)
    for remark in remarks(job.study):
        print(bilingual(*remark), file=sys.stderr, flush=True)
    if job.study.equal_to:
        target = next(item for item in job.study.strategies if item.key == job.study.equal_to)
        say(f"各策略的公共成本都将与“{target.zh}”相等：用2025年起的中省财政扶持补足或削减，每项策略需推算几次。",
            f"Every strategy is given the public cost of {target.key}: central grants from 2025 on make up the "
            "difference; each takes a few evaluations.")  # fmt: skip
    waits, stages = hydra.mode == RunMode.MULTIRUN or name == "sweep", Stages(job.progress)
    job = replace(job, study=settle(job.study, job.outputs, job.workers, stages, waits))
    for strategy in job.study.strategies:
        if strategy.key in job.study.same_cost:
            tell_scale(strategy, job.study.same_cost[strategy.key])
    store = run_study(job, name, hydra.overrides.task, waits, stages)
    if job.study.same_cost:
        check_scales(job, store)
    finish(job, store, Path(hydra.runtime.output_dir), stages)
    failed = json.loads((store.folder / MANIFEST).read_text(encoding="utf-8"))["failed"]
    if failed:
        place = store.folder / FAILURES
        say(f"有 {failed} 次推演失败，原因和重现命令见 {place}。",
            f"{failed} runs failed; {place} holds the errors and the commands that repeat them.")  # fmt: skip
        sys.exit(1)


def tell_scale(strategy: Strategy, found: SameCost) -> None:
    """Say what scale was found."""
    log.info("%s: %s", strategy.key, found.to_dict())
    zh, en = REASONS.get(found.reason, ("", ""))
    apart, zh, en = f"{found.difference:+.2%}", f"（{zh}）" if zh else "", f" ({en})" if en else ""
    say(f"“{strategy.zh}”的规模为 {found.scale:g} 倍（推算 {found.evaluations} 次），成本与目标策略相差 {apart}{zh}。",
        f"{strategy.key} is scaled {found.scale:g} times after {found.evaluations} evaluations; its cost differs from "
        f"the target's by {apart}{en}.")  # fmt: skip


def run_study(
    job: Job, name: str, overrides: Sequence[str] = (), waits: bool = False, stages: Stages | None = None
) -> Store:
    """Run what the store lacks; a finished study is used as it is.

    Args:
        job: what is asked for.
        name: the job's name.
        overrides: words of the command line.
        waits: whether to wait where another process computes the same study, as a sweep does.
        stages: how it is shown.
    """
    store, stages = Store(job.study, job.outputs), stages or Stages(job.progress)
    with store.locked(waits):
        for problem in store.set_damage_aside():
            say(f"移到 damaged 文件夹并重新推演：{problem.text('zh')}",
                f"Moved to `damaged` and computed again: {problem.text('en')}")  # fmt: skip
        if store.is_complete:
            say("此前已推演过同样的方案，直接使用已有结果。", "The same study was run before; its results are used.")
            log.info(in_a_line(f"已有推演结果 {store.folder}", f"study {store.folder} was complete"))
            return store
        found, whole = len(store.parts()), len(job.study.batches())
        if found:
            say(f"已有 {found}/{whole} 批结果，接着推演其余。", f"{found} of {whole} batches are there already.")
        else:
            check_room(job.study, job.outputs)
        log.info(in_a_line(f"{store.folder}：已有 {found}/{whole} 批", f"{store.folder}: {found} of {whole} batches"))
        done = execute(store, job.workers, stages)
        command = f"qiangcun {name} {shlex.join(written_out(overrides))}".strip()
        with stages.stage(TABLES, "汇总结果……", "Joining the results ...", len(done.batches)) as shown:
            store.finish(
                done.batches,
                lambda: describe(job.study, command, done.futures, done.reached),
                lambda failure: reproducer(job.study, failure, overrides),
                shown.reach,
            )
    return store


def check_scales(job: Job, store: Store) -> None:
    """Whether strategies that were given the cost of another have it in the study's own runs; exit code 1 where not."""
    found = list(evaluated(store.folder, open_study(store.folder)))
    for agrees, zh, en in found:
        log.info("%s %s", agrees, in_a_line(zh, en))
        if not agrees:
            say(zh, en)
    if any(agrees is False for agrees, _, _ in found):
        forget(job.study, job.outputs)
        put_aside(store.folder, [store.folder / MANIFEST])
        say("已保存的成本有误，已移到 damaged 文件夹；重复同一命令即可重新确定规模。",
            "Costs that were kept are wrong and lie in `damaged`; the same command searches again.")  # fmt: skip
        sys.exit(1)


def finish(job: Job, store: Store, folder: Path, stages: Stages) -> None:
    """Write the report into the job's folder, if it is wanted, and say where it is."""
    point_to_study(folder, store.folder)
    if job.report:
        from analysis.page import write_report  # loads matplotlib, which takes its time

        with stages.stage(REPORT, "正在生成报告……", "Writing the report ...") as shown:
            report = write_report(store.folder, folder, of_pages(job.language), shown.reach)
        log.info(in_a_line(f"报告 {report}", f"report {report}"))
    point_to_latest(job.outputs, folder)
    stages.tell()
    say(f"推演数据 {store.folder}", f"Study data {store.folder}")
    if job.report:
        beside = ", ".join(name for name in BESIDE if (report.parent / name).is_file())
        if beside:
            say(f"同一文件夹中还有 {beside}", f"Beside the report: {beside}")
        say(f"报告 {report.resolve()}", f"Report {report.resolve()}")

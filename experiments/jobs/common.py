"""What the jobs that run the model share: study, store, report, and where they are."""

from __future__ import annotations

import json
import logging
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from experiments.compose import Composed
from experiments.execution import execute
from experiments.found_scale import REASONS, SameCost
from experiments.manifest import describe
from experiments.messages import Stopped, bilingual, choose_language, complain, first_language, prepare_console, say
from experiments.output import point_to_latest, point_to_study
from experiments.reach import remarks
from experiments.reproducer import reproducer
from experiments.same_cost import settle
from experiments.settings import Job, read_job
from experiments.size import check_room
from experiments.store import FAILURES, MANIFEST, Store
from sim.policies.base import Strategy
from sim.problems import InputErrors

log = logging.getLogger(__name__)


def read_inside(name: str, config: DictConfig) -> Job:
    """The checked job that Hydra has composed."""
    hydra = HydraConfig.get()
    search = [word for word in hydra.overrides.hydra if word.startswith("hydra.searchpath")]
    values: Any = OmegaConf.to_container(config, resolve=True)
    prepare_console()  # a launcher may have started another process
    choose_language([f"language={values['language']}"])
    composed = Composed(values, dict(hydra.runtime.choices), (*search, *hydra.overrides.task))
    try:
        return read_job(name, composed, config_folders())
    except InputErrors as errors:  # a launcher of one's own may get here unchecked
        complain(errors.problems)
        sys.exit(2)


def config_folders() -> list[Path]:
    """Folders in which Hydra looks for configuration besides the package's own."""
    sources = HydraConfig.get().runtime.config_sources
    return [Path(item.path) for item in sources if item.schema == "file" and item.path]


def do(name: str, job: Job) -> None:
    """Run the study, write the report, and say where it is.

    Exit code 1 where a run failed, 2 where the work could not go on.
    """
    hydra = HydraConfig.get()
    for remark in remarks(job.study):
        print(bilingual(*remark), file=sys.stderr, flush=True)
    if job.study.equal_to:
        target = next(item for item in job.study.strategies if item.key == job.study.equal_to)
        say(f"各策略的公共成本都将与“{target.zh}”相等：用2025年起的中省财政扶持补足或削减，每项策略需推算几次。",
            f"Every strategy is given the public cost of {target.key}: central grants from 2025 on make up the "
            "difference; each takes a few evaluations.")  # fmt: skip
    with stopping_in_words(job.outputs):
        job = replace(job, study=settle(job.study, job.workers, job.outputs, tell_scale))
        store = run_study(job, name, hydra.overrides.task)
        finish(job, store, Path(hydra.runtime.output_dir))
    failed = json.loads((store.folder / MANIFEST).read_text(encoding="utf-8"))["failed"]
    if failed:
        place = store.folder / FAILURES
        say(f"有 {failed} 次推演失败，原因和重现命令见 {place}。",
            f"{failed} runs failed; {place} holds the errors and the commands that repeat them.")  # fmt: skip
        sys.exit(1)


@contextmanager
def stopping_in_words(outputs: Path) -> Iterator[None]:
    """Tell why the work can't go on, and what to do, and end with exit code 2; a full disk is such a reason."""
    try:
        yield
    except Stopped as stopped:
        print(bilingual(stopped.zh, stopped.en), file=sys.stderr, flush=True)
        sys.exit(2)
    except OSError as error:
        what = f"{error.strerror or error}: {error.filename or outputs}"
        zh = f"无法写入结果（{what}）。完成的部分已保存；腾出空间后重复同一命令即可继续。"
        en = f"Results can't be written ({what}). What is done is kept; make room, and the same command goes on."
        print(bilingual(zh, en), file=sys.stderr, flush=True)
        sys.exit(2)


def tell_scale(strategy: Strategy, found: SameCost | None) -> None:
    """Say that a scale is searched, or what was found."""
    if found is None:
        say(f"正在确定“{strategy.zh}”的规模……", f"Searching the scale of {strategy.key} ...")
        return
    log.info("scale of %s: %s", strategy.key, found.to_dict())
    zh, en = REASONS.get(found.reason, ("", ""))
    say(f"规模为 {found.scale:g} 倍（推算 {found.evaluations} 次），成本与目标策略相差 {found.difference:+.2%}"
        + (f"（{zh}）。" if zh else "。"),
        f"Scaled {found.scale:g} times after {found.evaluations} evaluations; its cost differs from the target's by "
        f"{found.difference:+.2%}"
        + (f" ({en})." if en else "."))  # fmt: skip


def run_study(job: Job, name: str, overrides: Sequence[str] = ()) -> Store:
    """Run what the store lacks; a finished study is used as it is.

    Args:
        job: what is asked for.
        name: the job's name.
        overrides: words of the command line.
    """
    store = Store(job.study, job.outputs)
    with store.locked():
        if store.is_complete:
            say("此前已推演过同样的方案，直接使用已有结果。", "The same study was run before; its results are used.")
            log.info("study %s was complete", store.folder)
            return store
        found, whole = len(store.parts()), len(job.study.batches())
        if found:
            say(f"接着上次未完成的推演（已完成 {found}/{whole} 批）。",
                f"Resuming an unfinished study ({found} of {whole} batches are there).")  # fmt: skip
        else:
            check_room(job.study, job.outputs)
        log.info("study %s: %s of %s batches are there", store.folder, found, whole)
        done = execute(store, job.workers, job.progress, first_language())
        command = f"qiangcun {name} {shlex.join(overrides)}".strip()
        store.finish(
            done.batches,
            lambda: describe(job.study, command, done.futures, done.reached),
            lambda failure: reproducer(job.study, failure, overrides),
        )
    return store


def finish(job: Job, store: Store, folder: Path) -> None:
    """Write the report into the job's folder, if it is wanted, and say where it is."""
    point_to_study(folder, store.folder)
    if job.report:
        from analysis.report import write_report  # loads matplotlib, which takes its time

        say("正在生成报告……", "Writing the report ...")
        report = write_report(store.folder, folder, parallel=job.workers.number != 1)
        log.info("report %s", report)
    point_to_latest(job.outputs, folder)
    say(f"推演数据 {store.folder}", f"Study data {store.folder}")
    if job.report:
        say(f"报告 {report.resolve()}", f"Report {report.resolve()}")

"""What the jobs that run the model share: study, store, report, and where they are."""

from __future__ import annotations

import logging
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from experiments.compose import Composed
from experiments.executors import execute
from experiments.found_scale import REASONS, SameCost
from experiments.manifest import describe
from experiments.messages import choose_language, complain, first_language, prepare_console, say
from experiments.output import point_to_latest, point_to_study
from experiments.same_cost import settle
from experiments.settings import Job, read_job
from experiments.store import Store
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
    """Run the study, write the report, and say where it is."""
    hydra = HydraConfig.get()
    if job.study.equal_to:
        target = next(item for item in job.study.strategies if item.key == job.study.equal_to)
        say(f"各策略的公共成本都将与“{target.zh}”相等：用2025年起的中省财政扶持补足或削减，每项策略需推算几次。",
            f"Every strategy is given the public cost of {target.key}: central grants from 2025 on make up the "
            "difference; each takes a few evaluations.")  # fmt: skip
    job = replace(job, study=settle(job.study, job.workers, job.outputs, tell_scale))
    store = run_study(job, f"qiangcun {name} " + shlex.join(hydra.overrides.task))
    finish(job, store, Path(hydra.runtime.output_dir))


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


def run_study(job: Job, command: str) -> Store:
    """Run what the store lacks; a finished study is used as it is."""
    store = Store(job.study, job.outputs)
    if store.is_complete:
        say("此前已推演过同样的方案，直接使用已有结果。", "The same study was run before; its results are used.")
        log.info("study %s was complete", store.folder)
        return store
    lacking, whole = len(store.missing()), len(job.study.batches())
    if lacking < whole:
        say(f"接着上次未完成的推演（已完成 {whole - lacking}/{whole} 批）。",
            f"Resuming an unfinished study ({whole - lacking} of {whole} batches are there).")  # fmt: skip
    log.info("study %s: %s of %s batches to run", store.folder, lacking, whole)
    execute(store, job.workers, first_language())
    store.finish(describe(job.study, command.strip()))
    return store


def finish(job: Job, store: Store, folder: Path) -> None:
    """Write the report into the job's folder and say where it is."""
    from analysis.report import write_report  # loads matplotlib, which takes its time

    point_to_study(folder, store.folder)
    say("正在生成报告……", "Writing the report ...")
    report = write_report(store.folder, folder, parallel=job.workers != 1)
    point_to_latest(job.outputs, folder)
    log.info("report %s", report)
    say(f"推演数据 {store.folder}", f"Study data {store.folder}")
    say(f"报告 {report.resolve()}", f"Report {report.resolve()}")

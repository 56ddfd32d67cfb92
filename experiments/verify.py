"""Whether a study is what it says: its files, versions and data, and a sample of its runs computed once more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from experiments.files import hash_of
from experiments.futures import Futures
from experiments.manifest import versions
from experiments.provinces import COUNTY
from experiments.store import COUNTIES, MANIFEST, RUNS, WORLDS, content_hash
from experiments.study import DISTRICT, FUTURES_PER_BATCH, Batch, Study, model_fingerprint
from experiments.tables import run_table
from experiments.tasks import Task, compute, task_of
from scenarios.plausibility import OPTIONS
from scenarios.province import Province, load_place
from sim.district import District
from sim.engine import RunOptions
from sim.policies.base import Strategy
from sim.problems import InputErrors

FUTURE = ["world", "seed"]
KEYS = ["strategy", "start", *FUTURE, "year"]
OWN = ("model", "district")
"""Hashes in the manifest that are not of files."""
LETTERS = 12


@dataclass(frozen=True)
class Found:
    """One thing looked at.

    Attributes:
        agrees: whether it is as the manifest says; None where it could not be looked at.
        zh: what was seen, in Chinese.
        en: the same in English.
    """

    agrees: bool | None
    zh: str
    en: str


@dataclass(frozen=True)
class Verification:
    """A study's folder and what it is checked against.

    Attributes:
        folder: the study.
        place: district to load instead of the one named in the manifest; empty for that one.
        village_table: village table likewise.
        sample: number of runs to compute again.
        choice: seed of the choice of these runs.
    """

    folder: Path
    place: str = ""
    village_table: str = ""
    sample: int = 8
    choice: int = 0
    manifest: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        text = (self.folder / MANIFEST).read_text(encoding="utf-8")
        object.__setattr__(self, "manifest", json.loads(text))

    def all(self) -> Iterator[Found]:
        """Everything, in the order in which it is told."""
        yield from self.files()
        yield from self.versions()
        yield from self.district()
        yield from self.again()

    def files(self) -> Iterator[Found]:
        """Every file against its hash, and the content of the runs against theirs."""
        expected = {name: mark for name, mark in self.manifest["hashes"].items() if name not in OWN}
        wrong = 0
        for name, mark in expected.items():
            path = (self.folder / name).resolve()
            if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
                wrong += 1
                yield Found(False, f"缺少文件 {name}", f"{name} is missing")
            elif hash_of(path) != mark:
                wrong += 1
                yield Found(False, f"{name} 已被改动或损坏", f"{name} was changed or is damaged")
        count = len(expected) - wrong
        yield Found(
            wrong == 0,
            f"{count}/{len(expected)} 个文件的哈希值相符",
            f"{count} of {len(expected)} files have their hash",
        )
        if self.manifest.get("content") and self.is_readable:
            same = content_hash(self.folder / RUNS) == self.manifest["content"]
            yield Found(same, "推演数据内容" + ("相符" if same else "不符"),
                        f"the content of {RUNS} " + ("agrees" if same else "differs"))  # fmt: skip

    @cached_property
    def is_readable(self) -> bool:
        """Whether the table of runs is a whole Parquet file."""
        try:
            return bool(ds.dataset(self.folder / RUNS).schema)
        except (OSError, ValueError):
            return False

    def versions(self) -> Iterator[Found]:
        """The model's code and the packages numbers depend on, then and now."""
        same = self.manifest["hashes"]["model"] == model_fingerprint()
        yield Found(same, "模型代码" + ("相符" if same else "与当时不同"),
                    "the model's code " + ("is the same" if same else "is another than then"))  # fmt: skip
        then, now = self.manifest["versions"], versions()
        other = [f"{name} {then.get(name, '–')} → {now[name]}" for name in now if then.get(name) != now[name]]
        told = "; ".join(other)
        yield Found(None if other else True, f"软件版本不同：{told}" if other else "软件版本相符",
                    f"other versions: {told}" if other else "the same versions")  # fmt: skip

    @cached_property
    def place_now(self) -> District | Province | str:
        """The district as it is now, or why it can't be read."""
        source = self.manifest["district"].get("source") or {}
        place = self.place or source.get("place") or self.manifest["district"]["key"]
        try:
            units = {name: source.get(name) for name in OPTIONS}
            return load_place(place, self.village_table or source.get("village_table"), **units)
        except InputErrors as errors:
            return errors.text("zh")

    def district(self) -> Iterator[Found]:
        """The district's data, then and now."""
        if isinstance(self.place_now, str):
            yield Found(None, f"读不到区县数据，用 --district 指定：{self.place_now}",
                        f"the district's data can't be read; name them with --district: {self.place_now}")  # fmt: skip
            return
        same = self.place_now.fingerprint == self.manifest["hashes"]["district"]
        yield Found(same, "区县数据" + ("相符" if same else "与当时不同"),
                    "the district's data " + ("are the same" if same else "are others than then"))  # fmt: skip

    def again(self) -> Iterator[Found]:
        """A random sample of runs, computed once more and compared number by number."""
        if "sources" in self.manifest or isinstance(self.place_now, str) or not self.is_readable:
            yield Found(None, "未抽样重算（合并的结果，或数据不全）",
                        "no runs were computed again (a joint study, or data are missing)")  # fmt: skip
            return
        runs = self.runs()
        chosen = runs.sample(min(self.sample, len(runs)), random_state=self.choice)
        differing = 0
        for (strategy, start, county), some in chosen.groupby(["strategy", "start", COUNTY]):
            for found in self.compared(strategy, start, county, some):
                differing += 1
                yield found
        good = len(chosen) - differing
        yield Found(differing == 0, f"抽样重算 {len(chosen)} 次推演，{good} 次逐位相同（抽样种子 {self.choice}）",
                    f"{len(chosen)} runs computed again, {good} of them the same bit for bit (sample seed "
                    f"{self.choice})")  # fmt: skip

    @property
    def computed(self) -> ds.Dataset:
        """The table of the runs that were computed: of a province those of its counties."""
        counties = self.folder / COUNTIES
        return ds.dataset(counties if counties.is_file() else self.folder / RUNS)

    def runs(self) -> pd.DataFrame:
        """The keys of all runs, with an empty county where the study is of a district."""
        given = [name for name in (COUNTY, *KEYS[:-1]) if name in self.computed.schema.names]
        rows = self.computed.to_table(columns=given, filter=ds.field("year") == self.manifest["horizon"])
        return pd.DataFrame({COUNTY: ""}, index=range(len(rows))).assign(
            **rows.to_pandas().astype({name: str for name in given if name not in FUTURE})
        )

    def compared(self, strategy: str, start: str, county: str, runs: pd.DataFrame) -> Iterator[Found]:
        """Runs of one strategy in one place that differ from what is stored."""
        runs = runs.sort_values(FUTURE)
        wanted = (ds.field("strategy") == strategy) & (ds.field("start") == start)
        wanted &= ds.field("world").isin(runs["world"].tolist())
        stored = self.computed.to_table(filter=wanted & (ds.field(COUNTY) == county) if county else wanted)
        then = stored.to_pandas().set_index([*FUTURE, "year"]).sort_index()
        for first in range(0, len(runs), FUTURES_PER_BATCH):
            task = self.task(strategy, start, county, runs.iloc[first : first + FUTURES_PER_BATCH])
            now = run_table(task.batch, compute(task)).to_pandas().set_index([*FUTURE, "year"])
            for (world, seed), new in now.groupby(level=FUTURE):
                name = ", ".join(filter(None, [strategy, start, county, f"world {world}, seed {seed}"]))
                yield from _differences(name, then.loc[(world, seed)], new.droplevel([0, 1]))

    @property
    def options(self) -> RunOptions:
        """Horizon, residents and so on of the study."""
        given = self.manifest["configuration"]["options"]
        return RunOptions(**{**given, "priority": tuple(given["priority"])})

    def task(self, key: str, start: str, county: str, runs: pd.DataFrame) -> Task:
        """Runs of one strategy to be computed again, with the parameter values stored with their worlds."""
        given = next(item for item in self.manifest["configuration"]["strategies"] if item["key"] == key)
        texts = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
        strategy = Strategy(**{**texts, "levers": {name: _dated(item) for name, item in given["levers"].items()}})
        worlds = pd.read_parquet(self.folder / WORLDS).set_index("world").loc[runs["world"]]
        values = worlds.drop(columns="draw")
        futures = Futures(runs["world"].to_numpy(), worlds["draw"].to_numpy(), runs["seed"].to_numpy(),
                          tuple(values.columns), values.to_numpy())  # fmt: skip
        assert not isinstance(self.place_now, str)  # noqa: S101 - `again` looks
        study = Study("again", self.place_now, (strategy,), key, futures, self.options, detail=DISTRICT)
        place = next(place for place in study.places if county in ("", place.key))
        return task_of(study, Batch("again", place, study.strategy_in(place, strategy), start, 0, futures))

    @property
    def fingerprint(self) -> str:
        """What to cite."""
        hashes = self.manifest["hashes"]
        marks = {"study": self.manifest["id"], "results": self.manifest.get("content", hashes[RUNS]),
                 "model": hashes["model"], "district": hashes["district"]}  # fmt: skip
        return f"qiangcun {self.manifest['versions']['qiangcun']} " + " ".join(
            f"{name}:{mark[:LETTERS]}" for name, mark in marks.items()
        )


def _differences(run: str, then: pd.DataFrame, now: pd.DataFrame) -> Iterator[Found]:
    """A run's indicators that differ, the largest relative difference first."""
    names = [name for name in now.columns if name not in KEYS]
    if list(then.index) != list(now.index) or any(name not in then.columns for name in names):
        yield Found(False, f"{run}：年份或指标不同", f"{run}: other years or indicators")
        return
    old, new = then[names].to_numpy(np.float64), now[names].to_numpy(np.float64)
    apart = np.abs(new - old) / np.maximum(np.abs(old), 1e-12)
    apart[np.isnan(old) & np.isnan(new)] = 0
    apart[np.isnan(old) != np.isnan(new)] = np.inf
    if not apart.any():
        return
    worst = np.argsort(-apart.max(axis=0), kind="stable")[:3]
    told = []
    for place in worst[apart.max(axis=0)[worst] > 0]:
        row = int(np.argmax(apart[:, place]))
        told.append(f"{names[place]} {then.index[row]}: {old[row, place]!r} → {new[row, place]!r}")
    count = int(np.sum(apart.max(axis=0) > 0))
    yield Found(False, f"{run}：{count} 个指标不同，如 {'; '.join(told)}",
                f"{run}: {count} indicators differ, such as {'; '.join(told)}")  # fmt: skip


def _dated(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A lever's settings with years as numbers, which JSON keeps as text."""
    return {
        name: {int(year) if year.isdigit() else year: item for year, item in value.items()}
        if isinstance(value, Mapping) else tuple(value) if isinstance(value, list) else value
        for name, value in settings.items()
    }  # fmt: skip

"""The stored results of one study, read as far as they are asked for and handed out as plain tables.

from analysis.data import results
study = results.load("outputs/studies/compare-1a2b3c4d")
study.frame(indicators=["income_operating_mean"], strategies=["existing"], years=[2035])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from analysis.data.run_table import Block, RunTable, read_numbers
from analysis.data.seal import MANIFEST, RUNS, VILLAGES, WORLDS, open_study, read_manifest
from analysis.data.village_table import VillageTable, VillageValues
from sim.problems import nearest

SEPARATORS = tuple("＋+，,：")


def load(folder: str | Path, sealed: bool = True) -> Results:
    """Open a study; values are read when they are asked for.

    Args:
        folder: `outputs/studies/<name>-<id>`.
        sealed: whether its seal is checked; only a program that has just checked it goes without.

    Raises:
        FileNotFoundError: names every missing file.
        InputErrors: files were damaged or altered, or carry no seal.
        ValueError: columns are missing or hold other things than numbers, or a run is there twice.
    """
    folder = Path(folder)
    missing = [name for name in (MANIFEST, RUNS) if not (folder / name).exists()]
    if missing:
        names = ", ".join(missing)
        raise FileNotFoundError(f"{folder}: 缺少文件 {names} / missing {names}")
    manifest = open_study(folder) if sealed else read_manifest(folder)
    return Results(folder, manifest, RunTable.open(folder / RUNS))


@dataclass
class Results:
    """One study: its manifest and the value of every indicator in every run and year.

    Attributes:
        folder: where the study lies.
        manifest: the description written by the study.
        runs: the table of runs, read piece by piece.
        given_worlds: parameter values of a study in memory, with the column `world`; else they are read.
        answers: what was computed from them so far (see `analysis.data.once`).
    """

    folder: Path
    manifest: dict[str, Any]
    runs: RunTable
    given_worlds: pd.DataFrame | None = field(default=None, repr=False)
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, manifest: dict[str, Any], runs: pd.DataFrame | pa.Table, worlds: pd.DataFrame | None = None) -> Results:
        """A study in memory.

        Args:
            manifest: its description.
            runs: strategy, start, world, seed, year, and a column for each indicator.
            worlds: `world`, and a column for each parameter.
        """
        return cls(Path("memory"), manifest, RunTable.of(runs), worlds)

    @cached_property
    def worlds(self) -> pd.DataFrame:
        """Parameter values: a row per world, a column per parameter; empty where they were not stored."""
        path = self.folder / WORLDS
        if self.given_worlds is None and not path.exists():
            return pd.DataFrame()
        table = read_numbers(path).to_pandas() if self.given_worlds is None else self.given_worlds
        return table.drop(columns="draw", errors="ignore").set_index("world").sort_index()

    @cached_property
    def strategies(self) -> list[str]:
        """Keys of the strategies that have results, in the order of the manifest."""
        present = {strategy for strategy, _start in self.runs.blocks}
        listed = [entry["key"] for entry in self.manifest.get("strategies", [])]
        return [key for key in listed if key in present] + sorted(present - set(listed))

    @cached_property
    def reference(self) -> str:
        """Key of the strategy that all others are compared with."""
        key = self.manifest.get("reference")
        return str(key) if key in self.strategies else self.strategies[0]

    @property
    def others(self) -> list[str]:
        """Keys of all strategies except the reference."""
        return [key for key in self.strategies if key != self.reference]

    @cached_property
    def start(self) -> str:
        """The main initial condition: the one that all strategies share."""
        starts = list(dict.fromkeys(start for _strategy, start in self.runs.blocks))
        key = self.manifest.get("start")
        return str(key) if key in starts else str(starts[0])

    @cached_property
    def starts(self) -> list[str]:
        """All initial conditions with results, the main one first."""
        starts = list(dict.fromkeys(start for _strategy, start in self.runs.blocks))
        return [self.start, *(key for key in starts if key != self.start)]

    @cached_property
    def years(self) -> list[int]:
        """All years with results; the first may be the state before the start."""
        return self.runs.years()

    @property
    def start_year(self) -> int:
        """First simulated year."""
        return int(self.manifest.get("start_year", self.years[0]))

    @property
    def equal_to(self) -> str:
        """Key of the strategy whose public cost all others were given; empty where costs are what they are."""
        return str((self.manifest.get("budget") or {}).get("equal_to") or "")

    @property
    def annual_budget(self) -> float | None:
        """Public money a year that no strategy may exceed, 万元; None where there is no such budget."""
        annual = (self.manifest.get("budget") or {}).get("annual")
        return None if annual is None else float(annual)

    @property
    def without_measures(self) -> str | None:
        """Key of the strategy in which nothing is done; None where it was not run, or was given money."""
        return "none" if "none" in self.strategies and not self.strategy("none").get("same_cost") else None

    @property
    def horizon(self) -> int:
        """Last simulated year."""
        return self.years[-1]

    @property
    def n(self) -> int:
        """Number of futures of the reference strategy from the main start."""
        return len(self.futures)

    @property
    def futures(self) -> pd.MultiIndex:
        """(world, seed) of the futures of the reference from the main start."""
        return self.runs.layout((self.reference, self.start)).futures

    @property
    def village_count(self) -> int:
        """Number of villages of the district."""
        return int(self.manifest.get("district", {}).get("villages", 0))

    @property
    def discount_rate(self) -> float:
        """Yearly discount rate."""
        return float(self.manifest.get("discount_rate", 0.04))

    def has(self, indicator: str) -> bool:
        """Whether the study holds this indicator."""
        return indicator in self.runs.indicators

    def levers(self) -> list[str]:
        """Keys of the levers whose cost the study holds."""
        return [name.removeprefix("cost_") for name in self.runs.indicators if name.startswith("cost_")]

    def values(self, strategy: str, indicator: str, start: str | None = None) -> pd.DataFrame:
        """One indicator of one strategy: a row per future, a column per year."""
        return self.runs.values((strategy, start or self.start), indicator).dropna(axis=1, how="all")

    def at(self, strategy: str, indicator: str, year: int, start: str | None = None) -> pd.Series:
        """One indicator of one strategy in one year, a value per future."""
        return self.values(strategy, indicator, start)[year]

    def paired(self, strategy: str, indicator: str, against: str | None = None) -> pd.DataFrame:
        """Difference to the reference (or `against`) future by future; columns are years."""
        one = self.values(strategy, indicator)
        two = self.values(against or self.reference, indicator)
        shared = one.index.intersection(two.index)
        years = one.columns.intersection(two.columns)
        return one.loc[shared, years] - two.loc[shared, years]

    def frame(
        self,
        indicators: Sequence[str] | None = None,
        strategies: Sequence[str] | None = None,
        years: Sequence[int] | None = None,
        starts: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Results of runs as one tidy table; only what is asked for is read.

        Args:
            indicators: all if not given.
            strategies: all if not given.
            years: all if not given.
            starts: the main start if not given.

        Returns:
            A row for each run and year: `strategy`, `start`, `world`, `seed`, `year`, and a column per indicator, NaN
            where it is not defined.

        Raises:
            ValueError: a name that the study does not hold.
        """
        indicators = self._known("indicators", indicators, self.runs.indicators)
        blocks = self._blocks(strategies, starts)
        return self.runs.frame(blocks, indicators, None if years is None else self._known("years", years, self.years))

    def villages(
        self,
        columns: Sequence[str] | None = None,
        strategies: Sequence[str] | None = None,
        years: Sequence[int] | None = None,
        starts: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Results of villages as one tidy table; only what is asked for is read. Arguments as for `frame`.

        Returns:
            A row for each run, year and village: `strategy`, `start`, `world`, `seed`, `year`, `village`, `town`, and
            the columns asked for.

        Raises:
            ValueError: a name that the study does not hold, or it stored no villages.
        """
        if not self.has_villages():
            zh, en = "没有保存逐村结果（detail=district）", "villages were not stored (detail=district)"
            raise ValueError(f"{self.folder}: {zh} / {en}")
        columns = self._known("columns", columns, self.village_table.names)
        years = None if years is None else self._known("years", years, self.years)
        return self.village_table.frame(self._blocks(strategies, starts), columns, years)

    def _blocks(self, strategies: Sequence[str] | None, starts: Sequence[str] | None) -> list[Block]:
        strategies = self._known("strategies", strategies, self.strategies)
        starts = self._known("starts", [self.start] if starts is None else starts, self.starts)
        return [(key, start) for key in strategies for start in starts if (key, start) in self.runs.blocks]

    def _known(self, what: str, asked: Iterable[Any] | None, known: list[Any]) -> list[Any]:
        """What was asked for, all of it if nothing was; names that are not there are an error."""
        if asked is None:
            return known
        asked = [asked] if isinstance(asked, str | int) else list(asked)
        wrong = [name for name in asked if name not in known]
        if wrong:
            near = nearest(str(wrong[0]), [str(name) for name in known])
            hint = f"，最接近 {near} / nearest {near}" if near else ""
            names = ", ".join(str(name) for name in wrong)
            raise ValueError(f"{self.folder}: {what}: 没有 {names} / no {names}{hint}")
        return asked

    def strategy(self, key: str) -> dict[str, Any]:
        """What the manifest says about a strategy."""
        return next((entry for entry in self.manifest.get("strategies", []) if entry["key"] == key), {"key": key})

    def name(self, key: str, lang: str) -> str:
        """Name of a strategy in a language."""
        entry = self.strategy(key)
        return str(entry.get(lang) or key.replace("_", " "))

    def short_name(self, key: str, lang: str) -> str:
        """Name of a strategy without the reference's name in front: 现有措施＋跨村联建 is ＋跨村联建."""
        name, base = self.name(key, lang), self.name(self.reference, lang)
        for lead in (base, base.split(" ")[0]):
            rest = name.removeprefix(lead)
            if rest != name and rest[:1] in SEPARATORS:
                rest = rest.lstrip("，,： ")
                return rest[:1].upper() + rest[1:] if rest else name
        return name

    def lever_name(self, key: str, lang: str) -> str:
        """Name of a lever in a language."""
        entry = self.manifest.get("levers", {}).get(key, {})
        return str(entry.get(lang) or key.replace("_", " "))

    def indicator(self, name: str) -> dict[str, Any]:
        """Unit, direction and labels of an indicator."""
        for entry in self.manifest.get("indicators", []):
            if entry["name"] == name:
                return entry
        return {"name": name}

    def has_villages(self) -> bool:
        """Whether the study stored its villages."""
        stored = self.folder / VILLAGES
        return stored.is_file() or any(stored.glob("*.parquet"))

    @cached_property
    def village_table(self) -> VillageTable:
        """The village table, its columns read once each."""
        return VillageTable(self.folder / VILLAGES, self.strategies, self.start)

    def has_village_columns(self, *names: str) -> bool:
        """Whether the study stored its villages with these columns."""
        return self.has_villages() and set(names) <= set(self.village_table.names)

    @property
    def village_years(self) -> list[int]:
        """Years that the village table holds."""
        return self.village_table.layout.years

    @property
    def village_sample(self) -> int:
        """Number of futures that village figures use."""
        return int(self.village_table.layout.shared.sum())

    def village_values(self, column: str, year: int) -> VillageValues:
        """One village column in one year, every strategy, from the main start."""
        return self.village_table.values(column, year)

    def village_total(self, column: str) -> VillageValues:
        """One village column summed over the simulated years, every strategy, from the main start."""
        return self.village_table.total(column, self.start_year)

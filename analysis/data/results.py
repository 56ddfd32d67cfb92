"""The stored results of one study, read as far as they are asked for and handed out as plain tables.

import analysis
study = analysis.load("outputs/studies/compare-1a2b3c4d")
study.frame(indicators=["income_operating_mean"], strategies=["existing"], years=[2035])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.data.parquet import read_numbers
from analysis.data.seal import MANIFEST, RUNS, VILLAGES, WORLDS, open_study, read_manifest
from analysis.data.stored import Block, RunTable, VillageTable, VillageValues
from sim.problems import InputErrors, Problem, nearest

LANGUAGES = ("zh", "en")
SEPARATORS = tuple("＋+，,：")


@dataclass
class Results:
    """One study: its manifest and the value of every indicator in every run and year.

    Attributes:
        folder: where the study lies.
        manifest: the description written by the study.
        runs: the table of runs, read piece by piece.
        given_worlds: parameter values of a study in memory, with the column `world`; else they are read.
        given_villages: what gives the villages of a study in memory; else they are read.
        answers: what was computed from them so far (see `analysis.data.once`).
    """

    folder: Path
    manifest: dict[str, Any]
    runs: RunTable
    given_worlds: pd.DataFrame | None = field(default=None, repr=False)
    given_villages: Callable[[], pa.Table] | None = field(default=None, repr=False)
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def open(cls, folder: str | Path, sealed: bool = True) -> Self:
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
        return cls(folder, manifest, RunTable(folder / RUNS))

    @classmethod
    def of(
        cls, manifest: dict[str, Any], runs: pd.DataFrame | pa.Table, worlds: pd.DataFrame | None = None,
        villages: Callable[[], pa.Table] | None = None,
    ) -> Self:  # fmt: skip
        """A study in memory; `runs`, `worlds` and what `villages` gives have the columns of the stored tables."""
        return cls(Path("memory"), manifest, RunTable(runs), worlds, villages)

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
    def has_one_reference(self) -> bool:
        """Whether all strategies may be compared with the same one: cells of a sweep with other parameters may not."""
        cells = (self.manifest.get("sweep") or {}).get("cells", [])
        return len({cell["reference"] for cell in cells}) < 2

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
        starts = dict.fromkeys([self.start, *(start for _strategy, start in self.runs.blocks)])
        return [start for start in starts if start not in self.manifest.get("structures", {})]

    @cached_property
    def forms(self) -> list[str]:
        """Forms of the model besides the study's own in which all strategies ran, as in the column `start`."""
        turned = self.manifest.get("structures", {})
        return [form for form in turned if all((key, form) in self.runs.blocks for key in self.strategies)]

    def in_form(self, form: str) -> Self:
        """The same strategies and futures in another form of the model, as a study of its own."""
        return replace(self, manifest=self.manifest | {"start": form, "structures": {}})

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
        return indicator in self.runs.names

    def levers(self) -> list[str]:
        """Keys of the levers whose cost the study holds."""
        return [name.removeprefix("cost_") for name in self.runs.names if name.startswith("cost_")]

    def values(self, strategy: str, indicator: str, start: str | None = None) -> pd.DataFrame:
        """One indicator of one strategy: a row per future, a column per year."""
        values = self.runs.values((strategy, start or self.start), indicator)
        known = ~np.isnan(values.to_numpy()).all(axis=0)
        return values if known.all() else values.loc[:, known]

    def at(self, strategy: str, indicator: str, year: int, start: str | None = None) -> pd.Series:
        """One indicator of one strategy in one year, a value per future."""
        return self.values(strategy, indicator, start)[year]

    def filter(
        self, strategies: Sequence[str] | None = None, years: Sequence[int] | None = None,
        futures: Iterable[tuple[int, int]] | None = None, starts: Sequence[str] | None = None,
    ) -> Self:  # fmt: skip
        """The part of the study that is of these strategies, years, futures (world and seed) and starts.

        Where the reference is not among the strategies, the first one is it. Raises as `frame`.
        """
        chosen = None if futures is None else pd.MultiIndex.from_tuples(list(futures), names=["world", "seed"])
        starts = self.starts if starts is None else starts

        def part(table: pd.DataFrame) -> pd.DataFrame:
            met = slice(None) if chosen is None else pd.MultiIndex.from_frame(table[["world", "seed"]]).isin(chosen)
            return table[met]

        def villages() -> pa.Table:
            return pa.Table.from_pandas(part(self.villages(None, strategies, years, starts)), preserve_index=False)

        runs = part(self.frame(None, strategies, years, starts))
        return type(self).of(self.manifest, runs, self.worlds.reset_index(), villages if self.has_villages() else None)

    def referring_to(self, reference: str) -> Self:
        """The same study, its strategies compared with another one; raises as `frame`."""
        (key,) = self._known("strategies", reference, self.strategies)
        return self if key == self.reference else replace(self, manifest=self.manifest | {"reference": key})

    def compare(self, against: str | None = None) -> pd.DataFrame:
        """Effects of all other strategies against the reference, or against another one (`analysis.data.effects`)."""
        from analysis.data.effects import table

        return table(self.referring_to(against or self.reference))

    @property
    def effects(self) -> pd.DataFrame:
        """Paired differences to the reference: spread over futures, precision of the mean, share of futures better."""
        return self.compare()

    def to_frame(self) -> pd.DataFrame:
        """Long table: strategy, world (-1 = the default world), seed, year, indicator, value where it is defined."""
        keys = ["strategy", "world", "seed", "year"]
        long = self.frame().drop(columns="start").melt(keys, var_name="indicator")
        return long.dropna(subset="value", ignore_index=True)

    def paired(self, strategy: str, indicator: str, against: str | None = None) -> pd.DataFrame:
        """Difference to the reference (or `against`) future by future; columns are years."""
        one = self.values(strategy, indicator)
        two = self.values(against or self.reference, indicator)
        if one.index.equals(two.index) and one.columns.equals(two.columns):
            return one - two
        shared = one.index.intersection(two.index)
        years = one.columns.intersection(two.columns)
        return one.loc[shared, years] - two.loc[shared, years]

    def frame(
        self, indicators: Sequence[str] | None = None, strategies: Sequence[str] | None = None,
        years: Sequence[int] | None = None, starts: Sequence[str] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Results of runs as one tidy table; only what is asked for is read.

        What is not given means all, of starts the main one.

        Returns:
            A row for each run and year: `strategy`, `start`, `world`, `seed`, `year`, and a column per indicator, NaN
            where it is not defined.

        Raises:
            ValueError: a name that the study does not hold.
        """
        indicators = self._known("indicators", indicators, self.runs.names)
        blocks = self._blocks(strategies, starts)
        return self.runs.frame(blocks, indicators, None if years is None else self._known("years", years, self.years))

    def villages(
        self, columns: Sequence[str] | None = None, strategies: Sequence[str] | None = None,
        years: Sequence[int] | None = None, starts: Sequence[str] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
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
        starts = self._known("starts", [self.start] if starts is None else starts, [*self.starts, *self.forms])
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
        return str(self.strategy(key).get(lang) or key.replace("_", " "))

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
        return str(self.manifest.get("levers", {}).get(key, {}).get(lang) or key.replace("_", " "))

    def parameter(self, name: str) -> dict[str, Any]:
        """What the manifest says about a parameter or a setting of a lever; empty where it says nothing."""
        return next((row for row in self.manifest.get("parameters", []) if row.get("name") == name), {})

    def indicator(self, name: str) -> dict[str, Any]:
        """Unit, direction and labels of an indicator."""
        return self._declared("indicators", name)

    def village_indicator(self, name: str) -> dict[str, Any]:
        """The same of a village column."""
        return self._declared("village_indicators", name)

    def _declared(self, what: str, name: str) -> dict[str, Any]:
        return next((entry for entry in self.manifest.get(what, []) if entry["name"] == name), {"name": name})

    def has_villages(self) -> bool:
        """Whether the study stored its villages."""
        stored = self.folder / VILLAGES
        return self.given_villages is not None or stored.is_file() or any(stored.glob("*.parquet"))

    @cached_property
    def village_table(self) -> VillageTable:
        """The village table, its columns read once each."""
        stored = self.folder / VILLAGES
        files = sorted(stored.glob("*.parquet")) if stored.is_dir() else [stored]
        sources = files if self.given_villages is None else [self.given_villages()]
        return VillageTable(sources, str(stored), self.strategies, self.start)

    def has_village_columns(self, *names: str) -> bool:
        """Whether the study stored its villages with these columns."""
        return self.has_villages() and set(names) <= set(self.village_table.names)

    @property
    def village_years(self) -> list[int]:
        """Years that the village table holds."""
        return self.village_table.years

    @property
    def village_sample(self) -> int:
        """Number of futures that village figures use."""
        return len(self.village_table.shared)

    def village_values(self, column: str, year: int) -> VillageValues:
        """One village column in one year, every strategy, from the main start."""
        return self.village_table.values(column, year)

    def village_total(self, column: str) -> VillageValues:
        """One village column summed over the simulated years, every strategy, from the main start."""
        return self.village_table.total(column, self.start_year)


def refuse(problems: list[Problem]) -> None:
    """Tell mistakes, if there are any."""
    if problems:
        raise InputErrors(problems)


load = Results.open

"""The stored results of one study, read once and handed out as plain tables."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.village_table import VillageTable, VillageValues

FUTURE = ["world", "seed"]
KEYS = ["strategy", "start", *FUTURE, "year"]
SEPARATORS = tuple("＋+，,：")
COLUMNS = [*KEYS, "indicator", "value"]


@dataclass
class Results:
    """One study: its manifest and the value of every indicator in every run and year.

    Attributes:
        folder: where the study lies.
        manifest: the description written by the study.
        table: one row per strategy, start, world, seed and year; one column per indicator.
        worlds: parameter values, a row per world and a column per parameter; empty where they were not stored.
    """

    folder: Path
    manifest: dict[str, Any]
    table: pd.DataFrame
    worlds: pd.DataFrame = field(default_factory=pd.DataFrame)
    _values: dict[tuple[str, str, str], pd.DataFrame] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read a study folder; one error names everything that is missing."""
        folder = Path(folder)
        missing = [name for name in ("manifest.json", "runs.parquet") if not (folder / name).exists()]
        if missing:
            names = ", ".join(missing)
            raise FileNotFoundError(f"{folder}: 缺少文件 {names} / missing {names}")
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        runs = pd.read_parquet(folder / "runs.parquet")
        absent = [name for name in COLUMNS if name not in runs.columns]
        if absent:
            names = ", ".join(absent)
            raise ValueError(f"{folder / 'runs.parquet'}: 缺少列 {names} / missing columns {names}")
        for name in ("strategy", "start", "indicator"):
            runs[name] = runs[name].astype(str)
        return cls(folder, manifest, widen(runs, folder), read_worlds(folder / "worlds.parquet"))

    @cached_property
    def strategies(self) -> list[str]:
        """Keys of the strategies that have results, in the order of the manifest."""
        present = set(self.table.index.get_level_values("strategy"))
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
        starts = list(dict.fromkeys(self.table.index.get_level_values("start")))
        key = self.manifest.get("start")
        return str(key) if key in starts else str(starts[0])

    @cached_property
    def starts(self) -> list[str]:
        """All initial conditions with results, the main one first."""
        starts = list(dict.fromkeys(self.table.index.get_level_values("start")))
        return [self.start, *(key for key in starts if key != self.start)]

    @cached_property
    def years(self) -> list[int]:
        """All years with results; the first may be the state before the start."""
        return sorted(int(year) for year in self.table.index.get_level_values("year").unique())

    @property
    def start_year(self) -> int:
        """First simulated year."""
        return int(self.manifest.get("start_year", self.years[0]))

    @property
    def horizon(self) -> int:
        """Last simulated year."""
        return self.years[-1]

    @property
    def n(self) -> int:
        """Number of futures of the reference strategy from the main start."""
        return len(self.table.loc[(self.reference, self.start)].groupby(level=FUTURE).size())

    @property
    def villages(self) -> int:
        """Number of villages of the district."""
        return int(self.manifest.get("district", {}).get("villages", 0))

    @property
    def discount_rate(self) -> float:
        """Yearly discount rate."""
        return float(self.manifest.get("discount_rate", 0.04))

    def has(self, indicator: str) -> bool:
        """Whether the study holds this indicator."""
        return indicator in self.table.columns

    def levers(self) -> list[str]:
        """Keys of the levers whose cost the study holds."""
        return [name.removeprefix("cost_") for name in self.table.columns if name.startswith("cost_")]

    def values(self, strategy: str, indicator: str, start: str | None = None) -> pd.DataFrame:
        """One indicator of one strategy: a row per future, a column per year."""
        asked = (strategy, start or self.start, indicator)
        if asked not in self._values:
            block = self.table.loc[asked[:2], indicator]
            self._values[asked] = block.unstack("year").sort_index().dropna(axis=1, how="all")
        return self._values[asked]

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
        stored = self.folder / "villages.parquet"
        return stored.is_file() or any(stored.glob("*.parquet"))

    @cached_property
    def village_table(self) -> VillageTable:
        """The village table, its columns read once each."""
        return VillageTable(self.folder / "villages.parquet", self.strategies, self.start)

    def has_village_columns(self, *names: str) -> bool:
        """Whether the study stored its villages with these columns."""
        return self.has_villages() and set(names) <= set(self.village_table.names)

    @property
    def village_years(self) -> list[int]:
        """Years that the village table holds."""
        return self.village_table.layout.years

    def village_values(self, column: str, year: int) -> VillageValues:
        """One village column in one year, every strategy, from the main start."""
        return self.village_table.values(column, year)

    def village_total(self, column: str) -> VillageValues:
        """One village column summed over the simulated years, every strategy, from the main start."""
        return self.village_table.total(column, self.start_year)


def read_worlds(path: Path) -> pd.DataFrame:
    """Parameter values by world (rows) and name (columns); empty where the study stored none."""
    return pivot_worlds(pd.read_parquet(path)) if path.exists() else pd.DataFrame()


def pivot_worlds(long: pd.DataFrame) -> pd.DataFrame:
    """Turn the long table of worlds (world, parameter, value) into one column per parameter."""
    return long.astype({"parameter": str}).pivot(index="world", columns="parameter", values="value").sort_index()


def widen(runs: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Turn the long table of runs into one column per indicator."""
    double = runs.duplicated([*KEYS, "indicator"])
    if double.any():
        row = runs.loc[double.idxmax(), [*KEYS, "indicator"]].to_dict()
        raise ValueError(f"{folder / 'runs.parquet'}: 重复的行 / repeated row: {row}")
    return runs.pivot(index=KEYS, columns="indicator", values="value").sort_index()

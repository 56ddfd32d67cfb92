"""A finished study's design read back from what it stored, so that all it says can be derived and computed again."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import fields, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from analysis.data.parquet import check_file, read_numbers
from analysis.data.seal import COUNTIES, FAILURES, RUNS, WORLDS
from experiments.design import KEYS as KEYS_OF_DESIGN
from experiments.design import MOST_FUTURES, TABLE, Asked, read_design
from experiments.found_scale import SameCost
from experiments.provinces import COUNTY
from experiments.stopping import Stopping
from experiments.study import Study
from scenarios.province import Province
from sim.district import District
from sim.futures import Futures
from sim.options import RunOptions
from sim.policies.base import Strategy

RUN = ["strategy", "start", COUNTY, "world", "seed"]
FUTURE = ["world", "seed"]
MOST_VALUES = 200_000_000
"""Values of parameters that a design sets at most, to be drawn again."""


def read_study(manifest: Mapping[str, Any], place: District | Province | None, futures: Futures) -> Study:
    """The study of a manifest; any error means that the manifest is not as this program writes it.

    Args:
        manifest: what the study says of itself.
        place: the district; None where its data are not at hand, for all that does not need them.
        futures: all of its design.
    """
    given = manifest["configuration"]
    options = RunOptions(**{**given["options"], "priority": tuple(given["options"]["priority"])})
    names = [item.name for item in fields(SameCost)]
    return Study(
        manifest["name"], place, tuple(read_strategy(item) for item in given["strategies"]),  # type: ignore[arg-type]
        given["reference"], futures, options, tuple(given["other_starts"]), given["discount_rate"], given["equal_to"],
        {
            entry["key"]: SameCost(**{name: entry["same_cost"][name] for name in names})
            for entry in manifest["strategies"] if "same_cost" in entry
        },
        given["design"], given["detail"], Stopping(**given["stopping"]) if given["stopping"] else None,
        manifest["district"]["source"], given.get("fixed", {}), given.get("sweep", {}),
        tuple(given.get("structures", ())),
    )  # fmt: skip


def read_strategy(given: Mapping[str, Any]) -> Strategy:
    """A strategy as the configuration holds it."""
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Strategy(**{**plain, "levers": {name: _dated(item) for name, item in given["levers"].items()}})


def _dated(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A lever's settings with years as numbers, which JSON keeps as text."""
    return {
        name: {int(year) if year.isdigit() else year: item for year, item in value.items()}
        if isinstance(value, Mapping) else tuple(value) if isinstance(value, list) else value
        for name, value in settings.items()
    }  # fmt: skip


def table_of(folder: Path) -> ds.Dataset:
    """The table of the runs that were computed: of a province those of its counties."""
    path = folder / (COUNTIES if (folder / COUNTIES).is_file() else RUNS)
    check_file(path)
    return ds.dataset(path)


def stored_runs(folder: Path) -> pd.DataFrame:
    """Every run that was stored: what names it, an empty county in a district, and its numbers of years and of rows."""
    table = table_of(folder)
    names = [name for name in RUN if name in table.schema.names]
    rows = table.to_table(columns=[*names, "year"]).to_pandas()
    rows = rows.astype({name: str for name in names if name not in FUTURE})
    if COUNTY not in rows:
        rows[COUNTY] = ""
    found = rows.groupby(RUN, sort=False)["year"].agg(["nunique", "size", "min", "max"])
    return found.reset_index()


def stored_failures(folder: Path) -> pd.DataFrame:
    """Every run that failed: strategy, start, world, seed and error, as text."""
    names = ["strategy", "start", "world", "seed", "error", "command"]
    if not (folder / FAILURES).is_file():
        return pd.DataFrame(columns=names)
    with (folder / FAILURES).open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    if head != names:
        raise ValueError(f"{FAILURES}: columns {head}")
    return pd.DataFrame(rows, columns=names).astype({name: "int64" for name in FUTURE})


def stored_futures(folder: Path, manifest: Mapping[str, Any], runs: pd.DataFrame, failures: pd.DataFrame) -> Futures:
    """All futures of a study's design, or as many as its tables hold; the caller compares their fingerprint.

    Worlds, seeds and what a design sets in them stand in the tables. Where a study stopped early its design is drawn
    again.
    """
    met = pd.concat([runs[FUTURE], failures[FUTURE].drop_duplicates()]).drop_duplicates().sort_values(FUTURE)
    design = manifest["design"]
    if len(met) < design["futures"] and design["kind"] != TABLE:
        return designed(manifest)
    worlds = read_numbers(folder / WORLDS).to_pandas().set_index("world").loc[met["world"]]
    names = tuple(design["names"])
    values = worlds[list(names)].to_numpy(dtype=np.float64)
    return Futures(met["world"].to_numpy(dtype=np.int64), worlds["draw"].to_numpy(dtype=np.int64),
                   met["seed"].to_numpy(dtype=np.int64), names, values, *_held(manifest))  # fmt: skip


def _held(manifest: Mapping[str, Any]) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Values held in every future, and ranges that replace the declared ones."""
    given = manifest["configuration"]
    return given["parameters"], {name: (low, high) for name, (low, high) in given["ranges"].items()}


def designed(manifest: Mapping[str, Any]) -> Futures:
    """The futures of a study's design drawn again.

    Raises:
        ValueError: it is no design of this program, or too large.
    """
    design, given = manifest["design"], manifest["configuration"]
    combinations = prod(len(set(values)) for values in design.get("values", {}).values())
    number = design["futures"]
    if not 0 < number <= MOST_FUTURES or number * len(design["names"]) > MOST_VALUES or combinations > number:
        raise ValueError("design")
    node = {"kind": design["kind"], **{name: design[name] for name in KEYS_OF_DESIGN[design["kind"]]}}
    fixed, ranges = _held(manifest)
    held = {name: value for values in given.get("fixed", {}).values() for name, value in values.items()}
    asked = Asked(number // combinations, design["drawn"], fixed | held, ranges)
    futures, _, problems = read_design(node, asked, "design")
    if problems:
        raise ValueError(problems[0].en)
    return replace(futures, fixed=fixed, ranges=ranges)

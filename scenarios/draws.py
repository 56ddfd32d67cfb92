"""Draw 0 as readable tables: what the model makes up about villages, secretaries and the reserve pool.

The model draws these columns anew in every world; the tables show one draw, with every parameter at its default, so
that a reader sees what "synthetic" means. They are written from the engine and are not read by it.

    python -m scenarios.draws
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scenarios.columns import INDUSTRIES
from scenarios.csv_files import write_csv
from scenarios.district import PLACES, load_district
from sim.district import District
from sim.engine import Engine
from sim.futures import numbered
from sim.modes import OWN_MODES
from sim.policies.base import Strategy
from sim.state import State

VILLAGE_TABLE = {
    "resource_endowment": 3,
    "market_access": 3,
    "position_x_km": 1,
    "position_y_km": 1,
    "population_start": 0,
    "registered_population": 0,
    "income_operating": 2,
    "organisation": 3,
    "trust": 3,
    "village_effect": 3,
    "service_quality": 2,
    "service_upgraded": 0,
}
"""Columns of `villages.csv` and the digits shown."""
PERSON_TABLE = {"age": 0, "is_college": 0, "is_capable": 0, "skill": 3}
"""Columns of `secretaries.csv` and `reserve_pool.csv` and the digits shown."""


def draw_tables(district: District) -> dict[str, tuple[list[str], list[list[str]]]]:
    """Header and rows of each table of draw 0, by file name.

    Villages stand by code: their incomes are made up, and must not be read beside a real name.
    """
    now = Engine(district, Strategy("none"), numbered([0], drawn=False)).now
    towns = [district.town_name[town] for town in district.town_of]
    codes = [[code, town, "synthetic"] for code, town in zip(district.village_code, towns, strict=True)]
    start = ["code", "town", "status"]
    modes = [f"capital_{mode.key}" for mode in OWN_MODES]
    villages = [[*code, *numbers] for code, numbers in zip(codes, _village_rows(now.state), strict=True)]
    people = list(_rows(now.state.secretary, PERSON_TABLE))
    pool_towns = [district.town_name[town] for town in now.candidate_towns.of]
    pool = [
        [town, "synthetic", *row]
        for town, row in zip(pool_towns, _rows(now.state.candidate, PERSON_TABLE), strict=True)
    ]
    return {
        "villages.csv": ([*start, "industry", *VILLAGE_TABLE, *modes], villages),
        "secretaries.csv": ([*start, *PERSON_TABLE], [[*code, *row] for code, row in zip(codes, people, strict=True)]),
        "reserve_pool.csv": (["town", "status", *PERSON_TABLE], pool),
    }


def _village_rows(state: State) -> Iterator[list[str]]:
    industries = list(INDUSTRIES)
    capital = state.village.capital[0]
    for row, numbers in enumerate(_rows(state.village, VILLAGE_TABLE)):
        yield [industries[int(state.village.industry[0, row])], *numbers, *(f"{amount:.1f}" for amount in capital[row])]


def _rows(table: object, digits: dict[str, int]) -> Iterator[list[str]]:
    columns = [np.asarray(getattr(table, name))[0] for name in digits]
    for values in zip(*columns, strict=True):
        yield [f"{value:.{places}f}" for value, places in zip(values, digits.values(), strict=True)]


def write_draw(district: District, folder: Path) -> list[Path]:
    """Write the tables of draw 0 into a folder; existing ones are an error."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, (header, rows) in draw_tables(district).items():
        paths.append(folder / name)
        write_csv(folder / name, header, rows, is_new=True)
    return paths


if __name__ == "__main__":
    for path in write_draw(load_district("enyang"), PLACES / "enyang" / "draw_0"):
        print(path.name)

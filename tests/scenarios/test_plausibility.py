"""A table in another unit is asked about, the answer is carried out and told; a right table is never asked about."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import InputErrors, load_district, load_place
from scenarios.district import PLACES
from scenarios.plausibility import KM_PER_DEGREE, MEANS, MONEY_UNITS, likely_unit, tell_given, to_km

PUBLISHED = 9.56
SHAPES: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "many poor, some rich": lambda draw: np.where(
        draw.random(209) < 0.9, draw.uniform(0, 5, 209), draw.uniform(50, 200, 209)
    ),
    "log-normal with villages at zero": lambda draw: draw.lognormal(0, 1, 209) * (draw.random(209) > 0.3),
    "all alike": lambda draw: np.full(209, 1.0),
    "one very rich village": lambda draw: np.array([*np.full(208, 1.0), 500.0]),
    "heavy tail": lambda draw: draw.pareto(1.5, 209),
}


def incomes(shape: str, mean: float) -> np.ndarray:
    values = SHAPES[shape](np.random.default_rng(3))
    return values / values.mean() * mean


def table(path: Path, places: Sequence[str], **columns: Any) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", *columns])
        writer.writerows(zip(places, *columns.values(), strict=True))
    return path


@pytest.fixture(scope="module")
def enyang() -> Any:
    return load_district()


@pytest.fixture
def codes(enyang: Any) -> list[str]:
    return enyang.village_code.tolist()


def question(**arguments: Any) -> str:
    with pytest.raises(InputErrors) as caught:
        load_district(**arguments)
    assert "district." in caught.value.text("zh")
    return caught.value.text("en")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("times", [1 / 3, 1, 3])
def test_a_right_table_is_taken_without_a_question(codes: list[str], tmp_path: Path, shape: str, times: float) -> None:
    values = incomes(shape, PUBLISHED * times)
    own = load_district(village_table=table(tmp_path / "t.csv", codes, income_operating=values))
    assert (own.given["income_operating"] == values).all()
    assert own.given_in == {}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("unit", ["yuan", "qian_yuan", "yi_yuan"])
def test_another_unit_is_asked_about_and_the_answer_is_carried_out(
    codes: list[str], tmp_path: Path, shape: str, unit: str
) -> None:
    right = incomes(shape, PUBLISHED)
    path = table(tmp_path / "t.csv", codes, income_operating=right * MONEY_UNITS[unit][1])
    text = question(village_table=path)
    assert text.count("\n") == 0
    assert f"district.money_unit={unit}" in text
    assert "district.money_unit=wan_yuan" in text
    told = load_district(village_table=path, money_unit=unit)
    assert np.allclose(told.given["income_operating"], right, rtol=1e-12)
    assert told.given_in == {"money_unit": unit}
    in_chinese = load_district(village_table=path, money_unit=MONEY_UNITS[unit][0])
    assert in_chinese.fingerprint == told.fingerprint
    assert f"read as {unit}" in "".join(en for _, en in tell_given(told))
    if unit != "yuan":  # most of these exceed what may stand in the column
        plain = load_district(village_table=path, money_unit="wan_yuan")
        assert plain.fingerprint != told.fingerprint
        assert np.allclose(plain.given["income_operating"], right * MONEY_UNITS[unit][1])


def test_whole_yuan_become_exactly_what_the_same_table_in_wan_yuan_holds(codes: list[str], tmp_path: Path) -> None:
    yuan = np.random.default_rng(1).integers(0, 98_000, 209)
    own = load_district(village_table=table(tmp_path / "t.csv", codes, income_operating=yuan), money_unit="yuan")
    texts = [f"{value // 10_000}.{value % 10_000:04d}" for value in yuan.tolist()]
    same = load_district(village_table=table(tmp_path / "u.csv", codes, income_operating=texts))
    assert (own.given["income_operating"] == same.given["income_operating"]).all()


@settings(max_examples=300, deadline=None)
@given(st.floats(-0.477, 0.477), st.sampled_from(list(MONEY_UNITS)))
def test_a_mean_within_a_factor_of_three_is_never_asked_about(power: float, unit: str) -> None:
    """And the same villages in 元 or 亿元 always are, with the right unit named or 千元."""
    mean = PUBLISHED * 10**power
    assert likely_unit(mean, PUBLISHED) == "wan_yuan"
    if unit in ("yuan", "yi_yuan"):
        assert likely_unit(mean * MONEY_UNITS[unit][1], PUBLISHED) == unit


@settings(max_examples=200, deadline=None)
@given(st.floats(*np.log10(MEANS)))
def test_without_a_published_mean_those_of_chinese_villages_are_the_measure(power: float) -> None:
    assert likely_unit(10**power, None) == "wan_yuan"
    assert likely_unit(10**power * 1e4, None) in ("yuan", "qian_yuan")
    assert likely_unit(0.0, None) == "wan_yuan"


def test_a_question_takes_the_place_of_a_range_that_yuan_exceed(codes: list[str], tmp_path: Path) -> None:
    values = ["", "x", *[200_000 + number for number in range(207)]]
    text = question(village_table=table(tmp_path / "t.csv", codes, income_operating=values))
    assert "must be a number; value: x" in text
    assert "money_unit=yuan" in text
    assert "outside" not in text
    with pytest.raises(InputErrors) as caught:
        load_district(village_table=table(tmp_path / "t.csv", codes, income_operating=[2e9] * 209), money_unit="yuan")
    assert "outside" in caught.value.text("en")


def positions(enyang: Any) -> np.ndarray:
    """Villages about their towns, as degrees `(V, 2)`."""
    km = enyang.town_position_km[enyang.town_of] + np.random.default_rng(2).normal(0, 2, (209, 2))
    seat = np.array(enyang.seat_degrees)
    return seat + km / np.array([KM_PER_DEGREE * np.cos(np.radians(seat[1])), KM_PER_DEGREE])


def test_degrees_are_asked_about_and_turned_into_km(enyang: Any, codes: list[str], tmp_path: Path) -> None:
    degrees = positions(enyang)
    path = table(tmp_path / "t.csv", codes, position_x_km=degrees[:, 0], position_y_km=degrees[:, 1])
    text = question(village_table=path)
    assert text.count("\n") == 0
    assert "position_unit=degrees" in text
    own = load_district(village_table=path, position_unit="degrees")
    found = np.stack([own.given["position_x_km"], own.given["position_y_km"]], axis=1)
    assert np.array_equal(found, to_km(degrees, enyang.seat_degrees))
    assert np.abs(found).max() < 60
    plain = load_district(village_table=path, position_unit="km")
    assert plain.given["position_x_km"][0] == degrees[0, 0]
    assert len({own.fingerprint, plain.fingerprint}) == 2
    swapped = table(tmp_path / "s.csv", codes, position_x_km=degrees[:, 1], position_y_km=degrees[:, 0])
    assert "swap" in question(village_table=swapped)
    km = table(tmp_path / "km.csv", codes, position_x_km=found[:, 0], position_y_km=found[:, 1])
    assert load_district(village_table=km).given_in == {}
    off = degrees + [[3, 0]]
    far = table(tmp_path / "f.csv", codes, position_x_km=off[:, 0], position_y_km=off[:, 1])
    with pytest.raises(InputErrors, match="outside"):
        load_district(village_table=far, position_unit="degrees")


def test_degrees_need_a_seat(tmp_path: Path, enyang: Any, codes: list[str]) -> None:
    folder = Path(shutil.copytree(PLACES / "enyang", tmp_path / "own"))
    lines = (folder / "district.yaml").read_text(encoding="utf-8").splitlines()
    (folder / "district.yaml").write_text("\n".join(line for line in lines if not line.startswith("seat:")), "utf-8")
    degrees = positions(enyang)
    path = table(folder / "villages.csv", codes, position_x_km=degrees[:, 0], position_y_km=degrees[:, 1])
    assert "degrees" in question(place=folder)
    assert "seat" in question(place=folder, village_table=path, position_unit="degrees")


def test_answers_to_what_was_not_asked_are_refused(codes: list[str], tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", codes, population=[500] * 209)
    assert "did you mean: yuan" in question(village_table=path, money_unit="yuen")
    assert "no column" in question(village_table=path, money_unit="yuan")
    assert "no column" in question(position_unit="km")
    with pytest.raises(InputErrors, match="no column"):
        load_place("sichuan_synthetic", money_unit="yuan")


def test_what_was_read_is_told_beside_what_is_published(codes: list[str], tmp_path: Path) -> None:
    zeros = np.where(np.arange(209) < 100, 0, 20.0)
    path = table(
        tmp_path / "t.csv", codes, income_operating=zeros, population=[1000] * 209, registered_population=[2000] * 209,
        settlement=[1] * 40 + [0] * 169, industry=["herbs"] * 209, organisation=[0] * 209, position_x_km=[0] * 209,
    )  # fmt: skip
    own = load_district(village_table=path)
    told = tell_given(own)
    assert len(told) == 8
    zh, en = ("\n".join(line) for line in zip(*told, strict=True))
    for part in ("mean 10.4", "109 villages at 10 or more", "0 villages at 30 or more", "100 villages at 0",
                 "mean of the city's villages 9.56", "target of villages at 30 42", "sum 209,000", "345,728",
                 "40 villages", "settlements 32", "herbs 209"):  # fmt: skip
        assert part in en, part
    assert en.count("do they stand for what is missing") == 3
    assert "公布的全市村均 9.56" in zh
    assert tell_given(load_district()) == []


def test_plain_tables_and_districts_keep_their_fingerprint(codes: list[str], tmp_path: Path) -> None:
    """As computed by hand from the bytes of the files alone."""
    import hashlib

    path = table(tmp_path / "t.csv", codes, population=[500] * 209)
    digest = hashlib.sha256()
    names = ("district.yaml", "towns.csv", "roster.csv", "outline.geojson", "recommendations.yaml")
    for name, file in [*((name, PLACES / "enyang" / name) for name in names), ("villages.csv", path)]:
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}:{len(content)}:".encode() + content)
    assert load_district(village_table=path).fingerprint == digest.hexdigest()

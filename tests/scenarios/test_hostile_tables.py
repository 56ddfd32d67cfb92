"""Tables with hostile or careless content: told in words, in bounded time, one cause a line."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from scenarios import InputErrors, load_district
from scenarios import sheets as sheets_module
from scenarios.cells import parse_number
from sim.problems import MOST_LINES, Problem, by_cause

ENYANG = Path(__file__).parents[2] / "scenarios" / "enyang"


@pytest.fixture(scope="module")
def codes() -> list[str]:
    return load_district().village_code.tolist()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ENYANG, tmp_path / "own"))


def refused(place: str | Path = "enyang", table: str | Path | None = None) -> InputErrors:
    """What is wrong with a district or a village table, found within seconds."""
    begun = time.process_time()
    with pytest.raises(InputErrors) as caught:
        load_district(place, table)
    for language in ("zh", "en"):
        text = caught.value.text(language)
        assert text.count("\n") <= MOST_LINES
        assert len(text) < 60_000
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert time.process_time() - begun < 30
    return caught.value


def written(path: Path, codes: list[str], heading: str, cells: list[str]) -> Path:
    quoted = (f'{code},"{cell}"' for code, cell in zip(codes, cells * len(codes), strict=False))
    path.write_text(f"code,{heading}\n" + "\n".join(quoted) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("cell", ["1,43", "是", "约1436", "1436多", "80%", "3 户"])
def test_one_cause_in_a_column_is_one_line(codes: list[str], tmp_path: Path, cell: str) -> None:
    found = refused(table=written(tmp_path / "t.csv", codes, "population", [cell, cell + " "]))
    assert len(found.problems) == 209
    (line,) = found.text("en").splitlines()
    assert "209 rows, such as 2, 3, 4" in line
    assert cell in line
    assert "共 209 行" in found.text("zh")


def test_few_mistakes_of_a_cause_are_told_one_by_one(codes: list[str], tmp_path: Path) -> None:
    cells = ["x", "y", "z", *["1"] * 206]
    assert len(refused(table=written(tmp_path / "t.csv", codes, "population", cells)).text().splitlines()) == 3


@pytest.mark.thorough
def test_a_hundred_thousand_mistakes_are_told_in_fifty_lines_and_in_time(tmp_path: Path) -> None:
    rows = "".join(f"{511903000000 + number % 99_000},{number}x,=,{number}\n" for number in range(100_000))
    (tmp_path / "t.csv").write_text("code,population,organisation,industry\n" + rows, encoding="utf-8")
    found = refused(table=tmp_path / "t.csv")
    assert len(found.problems) > 300_000
    assert len(found.text("en").splitlines()) < 10
    assert any("first in row" in line for line in found.text("en").splitlines())


def test_how_many_more_there_are_is_said() -> None:
    errors = InputErrors(
        Problem("错", "wrong", field=f"name {letter}{other}") for letter in "abcdefghij" for other in "klmnopq"
    )
    assert errors.text("en").splitlines()[-1] == "- and 20 more"
    assert "另有 20 处" in errors.text("zh")
    assert len(errors.problems) == len(by_cause(errors.problems)) == 70


@pytest.mark.parametrize(
    "text",
    [
        "1_000",
        "0x10",
        "infinity",
        "-inf",
        "١٢",
        "１２",
        "1 000",
        "1,000",
        "5%",
        "1e",
        "--1",
        "+",
        ".",
        "1.2.3",
        "−5",
        "½",
    ],  # noqa: RUF001
)
def test_only_plain_numbers_are_numbers(text: str) -> None:
    problem = parse_number(text, -1e9, 1e9, {}, "")[1]
    assert problem is not None
    assert problem.en == "must be a number"


@pytest.mark.parametrize(("text", "value"), [("-0", 0.0), ("+.5", 0.5), ("7.", 7.0), ("1E2", 100.0)])
def test_plain_numbers_are_read_and_there_is_no_negative_zero(text: str, value: float) -> None:
    number, problem = parse_number(text, -1e9, 1e9, {}, "", is_money=True)
    assert problem is None
    assert str(number) == str(value)


@pytest.mark.parametrize("text", ["1e999", "9" * 400])
def test_endless_numbers_are_outside_the_range(text: str) -> None:
    problem = parse_number(text, 0, 1, {}, "0–1")[1]
    assert problem is not None
    assert "outside" in problem.en


@pytest.mark.parametrize(
    ("content", "english"),
    [
        (b"code," + b"x," * 1_000_000 + b"\n", "too many columns"),
        (b"code,population\n1," + b"x" * 1_000_000 + b"\n", "not valid CSV"),
        (b"code,population\n1," + b"x" * 100_000 + b"\n", "must be a number"),
        (b"code,population\n1,\0\n", "encoding"),
        ("code,name,population\n1,\x1b[31m红\x1b[0m,2\n".encode(), "can not be seen"),
        ("code,name,population\n1,a\u202eb,2\n".encode(), "can not be seen"),
        (b'code,name,population\n1,"a\nb",2\n', "can not be seen"),
        (b"code,\x1b]0;x\x07\n1,2\n", "no such column"),
        (b'code,population\n1,"2\n', "no such village"),
    ],
)
def test_hostile_village_tables(tmp_path: Path, content: bytes, english: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    assert any(english in problem.en for problem in refused(table=tmp_path / "t.csv").problems)


def test_a_table_may_not_be_huge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "MOST_BYTES", 100)
    (tmp_path / "t.csv").write_text("code,population\n" + "1,2\n" * 100, encoding="utf-8")
    assert "too large" in refused(table=tmp_path / "t.csv").text("en")


@pytest.mark.parametrize("place", ["~nobody-of-this-name/t.csv", "a\0b.csv", "x" * 400, "nowhere/t.csv", "/dev/zero"])
def test_paths_that_are_no_files_are_told_in_words(place: str) -> None:
    refused(table=place)
    refused(place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "t.csv")
    assert "not a file" in refused(table=tmp_path / "t.csv").text("en")


def test_codes_with_blanks_and_twice(codes: list[str], tmp_path: Path, folder: Path) -> None:
    cells = [f"{codes[0][:6]} {codes[0][6:]}", codes[1], *codes[1:]]
    found = refused(table=written(tmp_path / "t.csv", cells, "population", ["5"]))
    assert any(codes[0] in problem.nearest for problem in found.problems)
    assert "stands twice" in found.text("en")
    text = (folder / "roster.csv").read_text(encoding="utf-8")
    (folder / "roster.csv").write_text(text.replace(codes[0], cells[0]), encoding="utf-8")
    assert "code holds blanks" in refused(folder).text("en")


def test_names_with_marks_that_turn_the_writing_are_refused(folder: Path) -> None:
    for name in ("roster.csv", "towns.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("玉山镇", "玉\u202e山镇"), encoding="utf-8")
    found = refused(folder)
    assert {problem.file for problem in found.problems if "can not be seen" in problem.en} == {
        "roster.csv",
        "towns.csv",
    }
    assert "\\u202e" in found.text("en")


def test_two_towns_of_one_name_are_refused(folder: Path) -> None:
    """Results go by the names of towns."""
    lines = (folder / "towns.csv").read_text(encoding="utf-8").splitlines()
    cells = [line.split(",") for line in lines]
    cells[2][1] = cells[1][1]
    (folder / "towns.csv").write_text("\n".join(map(",".join, cells)), encoding="utf-8")
    assert "name of a town stands twice (first in row 2)" in refused(folder).text("en")


POLYGON = '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[%s, 31], [107, 31], [107, 32]]]}}]}'


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000, '{"features": ' * 5000, POLYGON % "NaN", POLYGON % "1e999", POLYGON % "9", POLYGON % "206",
        POLYGON % ("1" + "0" * 400),
        '{"features": 3}', '{"features": [null]}', "null", '{"features": [{"geometry": []}]}',
    ],
)  # fmt: skip
def test_hostile_outlines(folder: Path, text: str) -> None:
    (folder / "outline.geojson").write_text(text, encoding="utf-8")
    if text == POLYGON % "9":
        assert load_district(folder).outline_degrees
    else:
        assert "GeoJSON" in refused(folder).text("en")


def test_an_outline_may_be_in_gbk_or_have_a_mark_but_must_be_a_file(folder: Path) -> None:
    content = json.loads((folder / "outline.geojson").read_text(encoding="utf-8"))
    (folder / "outline.geojson").write_text(json.dumps(content), encoding="utf-8-sig")
    assert load_district(folder).outline_degrees
    (folder / "outline.geojson").unlink()
    (folder / "outline.geojson").mkdir()
    assert "not a file" in refused(folder).text("en")

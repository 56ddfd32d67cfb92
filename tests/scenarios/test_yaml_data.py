"""What is read from a YAML file of somebody else, and what is told with its line instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scenarios.yaml_data import LARGEST_BYTES, LONGEST_TEXT, read_yaml
from sim.problems import Problem


def read(tmp_path: Path, content: str | bytes) -> tuple[dict, list[Problem]]:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    data, problems = read_yaml(path)
    assert all(problem.file == "mine.yaml" for problem in problems)
    return data.tree, problems


def test_plain_data_are_read_as_they_are_written(tmp_path: Path) -> None:
    text = "a: 2025\nb: [0.5, -3, 1e3, .5]\nc: {2024: 10}\nd: true\ne:\nf: 'off'\ng: 1+N\nh: >-\n  two\n  lines\n"
    tree, problems = read(tmp_path, text)
    assert problems == []
    assert tree == {"a": 2025, "b": [0.5, -3, 1000.0, 0.5], "c": {2024: 10}, "d": True, "e": None, "f": "off",
                    "g": "1+N", "h": "two lines"}  # fmt: skip


def test_commas_between_thousands_and_full_width_digits_are_read(tmp_path: Path) -> None:
    tree, problems = read(tmp_path, "a: 1,000\nb: ２０２５\nc: －０．５\nd: [1,000.5]\ne: 10,00\nf: '1,000'\n")
    assert [problem.row for problem in problems] == [4]
    tree, problems = read(tmp_path, "a: 1,000\nb: ２０２５\nc: －０．５\ne: 10,00\nf: '1,000'\n")
    assert (tree, problems) == ({"a": 1000, "b": 2025, "c": -0.5, "e": "10,00", "f": "1,000"}, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_of_offices_are_read(tmp_path: Path, encoding: str, end: str) -> None:
    tree, problems = read(tmp_path, f"zh: 我的策略{end}en: Mine{end}".encode(encoding))
    assert (tree, problems) == ({"zh": "我的策略", "en": "Mine"}, [])


@pytest.mark.parametrize(
    ("text", "row", "zh", "en"),
    [
        ("zh：我的\nlevers: {}\n", 1, "全角", "full-width"),
        ("zh: 我的\nlevers：\n  a: 1\n", 2, "全角", "full-width"),
        ("levers: {a: 1，b: 2}\n", 1, "全角", "full-width"),
        ("levers:\n  a: {b：1}\n", 2, "全角", "full-width"),
        ("a: 1\nb:2\n", 2, "缩进或冒号", "colon"),
        ("a: {b:1}\n", 1, "冒号后要有空格", "colon"),
        ("a: 1\n  b: 2\n", 2, "缩进", "indentation"),
        ("a:\n  b: 1\n c: 2\n", 3, "缩进", "indentation"),
        ("a:\n\tb: 1\n", 2, "制表符", "tab"),
        ("a: 1\nb: 'x\nc: 2\n", 2, "引号", "quote"),
        ("a: 1\nb: [1, 2\nc: 3\n", 2, "括号", "bracket"),
        ('a: "C:\\q"\n', 1, "\\\\", "\\\\"),
        ("a: @x\n", 1, "加引号", "quotes"),
        ("a: *重点*\n", 1, "加引号", "quotes"),
        ("a: 1\n---\nb: 2\n", 2, "---", "---"),
    ],
)
def test_mistakes_of_form_are_told_in_words(tmp_path: Path, text: str, row: int, zh: str, en: str) -> None:
    found = read(tmp_path, text)[1]
    assert found[0].row == row
    assert zh in found[0].text("zh")
    assert en in found[0].text("en")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in found[0].en)


@pytest.mark.parametrize(
    "value",
    ["yes", "No", "on", "OFF", "2024-01-02", "2024-13-45", "010", "0x1F", "0b11", "1_000", "1_0.5", "1:30",
     "1，000", "１，０００", ".nan", "-.inf", "1e999", "1" + "0" * 30, "???"],
)  # fmt: skip
def test_what_yaml_takes_for_something_else_is_told(tmp_path: Path, value: str) -> None:
    found = read(tmp_path, f"b: 1\na: {value}\n")[1]
    assert [(problem.row, problem.field) for problem in found] == [(2, "a")]


@pytest.mark.parametrize(
    "text",
    [
        "zh: '${oc.env:HOME}'",
        'zh: "\\x24{oc.env:HOME}"',
        'zh: "$\\\n  {oc.env:HOME}"',
        "'${oc.env:HOME}': 1",
        "a: [{b: '${c}'}]",
        "a: {_target_: os.system}",
        "a: [{_args_: [1]}]",
        "hydra: {}",
        "hydra/launcher: joblib",
        "hydra.run.dir: x",
        "a@b: 1",
        "a: &x {b: 1}\nc: {<<: *x}",
        "# @package hydra\na: 1",
        " # @package hydra\na: 1",
        "\t#\t@package hydra\na: 1",
        "a: !!python/object/apply:os.system [ls]",
        "a: !!binary aGk=",
        "a: !!str 1",
        "a: ! x",
        "? [a]\n: 1",
        "? {a: 1}\n: 1",
        "true: 1",
        "null: 1",
        "1.5: 1",
        "*x : 1",
        "a: &x [*x]",
    ],
)
def test_what_is_no_plain_data_is_refused(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text)[1]


@pytest.mark.parametrize(
    "letter",
    ["\x1b", "\x07", "\x00", "\x7f", "\x9b", "\u202e", "\u2066", "\u200e", "\u200f", "\u200b", "\u2028", "\ufeff",
     "\u061c", "\u00ad", "\U000e0041", "\u3164", "\u2800"],
)  # fmt: skip
def test_control_characters_and_invisible_ones_are_refused(tmp_path: Path, letter: str) -> None:
    assert read(tmp_path, f"a: 1\nzh: a{letter}b\n")[1]
    escaped = "".join(f"\\U{ord(item):08x}" for item in letter)
    (found,) = read(tmp_path, f'a: 1\nzh: "a{escaped}b"\n')[1]
    assert found.row == 2
    assert found.text("zh").isprintable()


def test_what_is_told_of_a_name_can_not_trick_a_terminal(tmp_path: Path) -> None:
    found = read(tmp_path, '"a\\x1b[2J": {b: yes, "c\\u202e": {d: [1, yes]}}')[1]
    assert len(found) == 4
    assert all(problem.text(language).isprintable() for problem in found for language in ("zh", "en"))


def test_halves_of_characters_are_refused(tmp_path: Path) -> None:
    assert read(tmp_path, 'zh: "\\ud800"')[1]


def test_a_name_stands_once_and_the_line_is_told(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "levers:\n  cadre_pay:\n    start: 2025\n    end: 2030\n    start: 2026\n")[1]
    assert (found.row, found.field) == (5, "levers.cadre_pay.start")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = read(tmp_path, "a: 1\na: 2\nb: yes\nc: '${d}'\n")[1]
    assert [problem.row for problem in found] == [2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 100_000,
        "".join(" " * depth + f"a{depth}:\n" for depth in range(400)),
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 9)),
        "a: &a 1\nb: [" + ", ".join(["*a"] * 100) + "]",
        "a: [" + ", ".join(["1"] * 20_000) + "]",
        "\n".join(f"a{n}: 1" for n in range(20_000)),
        "a: " + "x" * (LONGEST_TEXT + 1),
        "a: 1 #" + "x" * LARGEST_BYTES,
    ],
    ids=["lists", "mappings", "lines", "aliases", "alias", "items", "keys", "text", "bytes"],
)
def test_depth_size_and_aliases_have_bounds(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)[1]
    assert 1 <= len(found) <= 20
    assert all(len(problem.text("zh")) < 300 for problem in found)


def test_a_few_aliases_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, "a: &x {b: 1}\nc: *x") == ({"a": {"b": 1}, "c": {"b": 1}}, [])


@pytest.mark.parametrize(
    "content", [b"", b"# only\n", b"- 1\n", b"text\n", b"a: \xff\xfe\x00b", b"\xff\xfea\x00", b"a: \x81\x20"]
)
def test_what_holds_no_mapping_or_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content)[1]


def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")  # reading it would never end
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    (tmp_path / "round.yaml").symlink_to("round.yaml")
    for name in ("pipe", "folder", "device", "round", "absent"):
        assert read_yaml(tmp_path / f"{name}.yaml")[1], name

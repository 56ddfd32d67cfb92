from __future__ import annotations

from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from experiments.overrides import bare, each_job, quote_foreign, read, readable
from sim.problems import InputErrors


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("玉山镇", "玉山镇"),
        ("[玉山镇,柳林镇]", ["玉山镇", "柳林镇"]),
        ("['玉山镇', b]", ["玉山镇", "b"]),
        ("/data/我的 表.csv", "/data/我的 表.csv"),
        ("{a:玉山镇}", {"a": "玉山镇"}),
        ("it's 村", "it's 村"),
        ("{2024:10,2025:20}", {2024: 10, 2025: 20}),
    ],
)
def test_chinese_words_need_no_quotes(value: str, meant: object) -> None:
    override = OverridesParser.create().parse_overrides([f"key={quote_foreign(value)}"])[0]
    assert override.value() == meant


def test_a_list_of_strategies_is_no_choice_of_a_group() -> None:
    invocation = read("compare", ["strategies=[none,existing]", "strategies=headline"], ["enyang"])
    assert invocation.overrides == ("strategies.names=[none,existing]", "strategies=headline")


def test_a_district_may_be_a_folder_with_its_own_configuration(tmp_path: Path) -> None:
    place = tmp_path / "我的 区"
    (place / "conf").mkdir(parents=True)
    invocation = read("run", [f"district={place}"], ["enyang"])
    assert invocation.folders == (place / "conf",)
    parsed = {
        item.key_or_group: item.value() for item in OverridesParser.create().parse_overrides(list(invocation.overrides))
    }
    assert parsed["district.place"] == str(place)
    assert list(parsed) == ["district.place"]  # Hydra is not led to the folder


def test_sweeps_are_taken_apart_and_need_their_flag() -> None:
    words = ["strategy=none,existing", "horizon=2030,2035"]
    assert len(each_job(words, True)) == 4
    good, problems = readable(read("run", words, ["enyang"]))
    assert (good, len(problems)) == ([], 2)
    good, problems = readable(read("run", ["-m", *words], ["enyang"]))
    assert (good, problems) == (words, [])


def test_wrong_options_are_told() -> None:
    with pytest.raises(InputErrors):
        read("run", ["--unknown"], ["enyang"])


ODD = (
    "a b",
    "(x)",
    "~y",
    "&z",
    "#1",
    "it's",
    "[q]",
    "a=b",
    "wow!",
    "x,y",
    "é(中 文)",
    "back\\",
    'quo"te',
    "{c}",
    "a:b",
    "$HOME",
)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("key", ["district.village_table", "outputs", "design.file"])
def test_paths_are_taken_as_typed(name: str, key: str) -> None:
    for path in (f"folder/{name}", f"/there/{name}/x.csv", f"\\\\server\\share\\{name}"):
        invocation = read("run", [f"{key}={path}"], ["enyang"])
        good, problems = readable(invocation)
        assert problems == []
        (parsed,) = OverridesParser.create().parse_overrides(good)
        assert parsed.value() == path


@pytest.mark.parametrize("name", ODD)
def test_a_district_s_folder_is_taken_as_typed(name: str, tmp_path: Path) -> None:
    (tmp_path / name / "conf").mkdir(parents=True)
    asked = read("run", [f"district={tmp_path / name}"], ["enyang"])
    good, problems = readable(asked)
    assert problems == []
    assert asked.folders == (tmp_path / name / "conf",), "it is read here, and Hydra does not look there"
    found = {item.key_or_group: item.value() for item in OverridesParser.create().parse_overrides(good)}
    assert found == {"district.place": str(tmp_path / name)}


def test_several_tables_of_a_sweep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good, problems = readable(read("run", ["-m", "district.village_table=a (1).csv,'b,c.csv',null"], ["enyang"]))
    assert problems == []
    assert [OverridesParser.create().parse_overrides(job)[0].value() for job in each_job(good, True)] == [
        "a (1).csv", "b,c.csv", None,
    ]  # fmt: skip


def test_the_home_folder_is_meant_by_its_sign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for word in ("outputs=~/x", "outputs='~/x'"):
        assert read("run", [word], ["enyang"]).overrides == (f"outputs='{tmp_path}/x'",)
    assert read("run", ["outputs=~nobody-here/x"], ["enyang"]).overrides == ("outputs='~nobody-here/x'",)


def test_places_by_name_may_be_swept() -> None:
    good, problems = readable(read("run", ["-m", "district=enyang,sichuan_synthetic"], ["enyang", "sichuan_synthetic"]))
    assert problems == []
    assert len(each_job(good, True)) == 2


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("outputs=/a b/c", "outputs=/a b/c"),
        ("outputs='/a b/c'", "outputs=/a b/c"),
        ("district.village_table='it, is.csv'", "district.village_table='it, is.csv'"),
        ("name='a'", "name='a'"),
        ("futures=3", "futures=3"),
    ],
)
def test_a_study_tells_its_paths_as_they_are_typed(word: str, told: str) -> None:
    """Quotes of our own are not shown, and what is shown is read as the same."""
    (read_word,) = read("run", [word], ["enyang"]).overrides
    assert bare(read_word) == told
    assert read("run", [told], ["enyang"]).overrides == (read_word,)

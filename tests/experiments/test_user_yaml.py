"""What a user's own options hold, build on and are called, and how Hydra gets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra.core.config_store import ConfigStore

import conf
from experiments.compose import check, compose, load_strategy, options, session
from experiments.overrides import Invocation
from experiments.user_yaml import PROVIDER, Options, offer
from sim.policies.registry import LEVERS
from sim.problems import InputErrors

BASE = "defaults: [existing, _self_]\n"


def strategies(folder: Path, **texts: str | bytes) -> Options:
    """The options of a folder with these strategies."""
    (folder / "strategy").mkdir(exist_ok=True)
    for name, text in texts.items():
        content = text if isinstance(text, bytes) else text.encode()
        (folder / "strategy" / f"{name}.yaml").write_bytes(content)
    return Options([folder])


@pytest.fixture(autouse=True)
def nothing_stays() -> object:
    yield
    offer({})


def test_the_package_s_own_options_pass() -> None:
    root, found = Path(conf.__file__).parent, Options([])
    for group in ("strategy", "strategies", "district", "world"):
        for path in sorted((root / group).rglob("*.yaml")):
            assert found.whole(group, path.relative_to(root / group).with_suffix("").as_posix())[1] == []


@pytest.mark.thorough
def test_what_a_strategy_builds_on_is_what_hydra_composes() -> None:
    with session():
        for name in options("strategy"):
            tree, _ = Options([]).whole("strategy", name)
            composed = compose("run", [f"strategy={name}"]).values["strategy"]
            for lever, values in tree.pop("levers", {}).items():
                assert {key: composed["levers"][lever][key] for key in values} == values
            assert {key: composed[key] for key in tree} == tree


@pytest.mark.parametrize(
    "defaults",
    ["{existing: _self_}", "[null]", "[{existing: null}, _self_]", "existing", "[existing]", "[]", "3", "null",
     "[[existing], _self_]", "[_self_, _self_]", "[exsting, _self_]", "[../strategy/existing, _self_]",
     "[/strategy/existing, _self_]", "[existing@hydra.job, _self_]", "[existing@_global_, _self_]",
     "[override existing, _self_]", "[optional existing, _self_]", "[hydra/launcher/basic, _self_]",
     "[world/drawn, _self_]", "[mine, _self_]", "['${x}', _self_]", "[true, _self_]", "[2025, _self_]"],
)  # fmt: skip
def test_defaults_name_strategies_and_nothing_else(tmp_path: Path, defaults: str) -> None:
    found = strategies(tmp_path, mine=f"defaults: {defaults}\n").wrong()["strategy", "mine"]
    assert found
    assert all("defaults" in problem.field for problem in found)


def test_circles_and_long_chains_are_told(tmp_path: Path) -> None:
    texts = {"a": "defaults: [b, _self_]", "b": "defaults: [a, _self_]"}
    texts |= {f"c{n}": f"defaults: [c{n + 1}, _self_]" for n in range(900)}
    wrong = strategies(tmp_path, **texts).wrong()
    assert {("strategy", "a"), ("strategy", "b"), ("strategy", "c0")} <= set(wrong)
    assert "a → b → a" in wrong["strategy", "a"][0].text("zh")


def test_a_bomb_of_files_that_name_one_another_is_read_once(tmp_path: Path) -> None:
    texts = {f"b{n}": f"defaults: [b{n + 1}, b{n + 1}, _self_]" for n in range(18)}
    found = strategies(tmp_path, **texts, b18=BASE)
    assert found.trees()["strategy"]["b0"]["zh"] == "现有措施"


def test_strategies_build_on_one_another_and_on_parts(tmp_path: Path) -> None:
    first = "defaults: [none, lever/joint_building, _self_]\nlevers: {joint_building: {learning: 0.5}}\n"
    second = "defaults: [first, lever/training_more@_here_, _self_]\n"
    found = strategies(tmp_path, first=first, second="defaults: [first, _self_]\nlevers: {joint_building: {end: 2030}}")
    tree = found.trees()["strategy"]["second"]
    assert tree["levers"] == {"joint_building": {"intensity": 1, "start": 2025, "learning": 0.5, "end": 2030}}
    assert strategies(tmp_path, second=second).wrong()


def test_a_strategy_says_what_it_builds_on(tmp_path: Path) -> None:
    (problem,) = strategies(tmp_path, mine="levers: {training: {intensity: 1}}").wrong()["strategy", "mine"]
    assert "[existing, _self_]" in problem.allowed
    assert "[none, _self_]" in problem.allowed


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    (problem,) = strategies(tmp_path, existing=BASE).problems
    assert "taken" in problem.en
    other = tmp_path / "other"
    other.mkdir()
    strategies(other, twice=BASE)
    (tmp_path / "strategy" / "existing.yaml").rename(tmp_path / "strategy" / "twice.yaml")
    assert ["taken" in problem.en for problem in Options([tmp_path, other]).problems] == [True]


@pytest.mark.parametrize("name", ["$(ls)", "${oc.env:HOME}", "it's", "a{b}", "a\nb", "=1+1", "a\x1b[2J", "\u202ea",
                                  "a,b", "a=b", "[a]", "existing\u3164", "existing\u200b", "v1.yaml"])  # fmt: skip
def test_names_of_files_that_could_mean_something_else_are_refused(tmp_path: Path, name: str) -> None:
    wrong = strategies(tmp_path, **{name: BASE}).wrong()["strategy", name]
    assert all(problem.text("zh").isprintable() for problem in wrong)
    assert "strategy" not in Options([tmp_path]).trees()


@pytest.mark.thorough
def test_names_of_files_in_words_are_taken(tmp_path: Path) -> None:
    names = ["我的 策略（二）", "mine-2.1", "试点+联建"]
    offer(strategies(tmp_path, **dict.fromkeys(names, BASE)).trees())
    with session():
        assert set(names) <= set(options("strategy"))
        for name in names:
            assert compose("run", [f"strategy='{name}'"]).choices["strategy"] == name


def test_a_folder_without_configuration_is_told(tmp_path: Path) -> None:
    assert Options([tmp_path / "absent"]).problems
    assert Options([tmp_path]).problems


@pytest.mark.parametrize(
    ("file", "given", "hint"),
    [
        ("my/strategy/mine.yaml", "my/strategy", "--config-dir my"),
        ("my/strategy/mine.yaml", ".", "--config-dir my"),
        ("my/mine.yaml", "my", "my/mine.yaml → my/strategy/mine.yaml"),
        ("my/strategy/mine.yml", "my", "my/strategy/mine.yml → my/strategy/mine.yaml"),
    ],
)
def test_where_files_should_lie_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, given: str, hint: str
) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(BASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (problem,) = Options([Path(given)]).problems
    assert problem.nearest == hint


@pytest.mark.thorough
def test_the_second_wall_finds_what_the_reader_let_through(tmp_path: Path) -> None:
    """A node that reaches into Hydra, as the reader lets none through; nothing in it is resolved."""
    touched = tmp_path / "touched"
    called = "${oc.create:{_target_:os.mkdir,_args_:['" + str(touched) + "']}}"
    for package, node in (("hydra", {"callbacks": {"e": called}}), ("hydra.job_logging", {"x": called}),
                          ("_global_", {"outputs": "elsewhere"}), ("design", {"kind": "grid"})):  # fmt: skip
        offer({})
        ConfigStore.instance().store(group="strategy", name="evil", node=node, package=package, provider=PROVIDER)
        with session(), pytest.raises(InputErrors) as caught:
            compose("run", ["strategy=evil", "futures=3"])
        assert caught.value.problems[0].field == package.split(".")[0].replace("_global_", "outputs")
        assert not touched.exists()


def test_the_second_wall_finds_what_would_be_resolved_in_a_strategy() -> None:
    offer({"strategy": {"evil": {"zh": "${oc.env:HOME}"}}})
    with session(), pytest.raises(InputErrors):
        compose("run", ["strategy=evil"])


@pytest.mark.thorough
def test_the_second_wall_lets_options_of_one_s_own_pass(tmp_path: Path) -> None:
    strategies(tmp_path, mine=BASE)
    (tmp_path / "world").mkdir()
    (tmp_path / "world" / "dear.yaml").write_text("draw: true\nfixed: []\nranges: {interest_rate: [0.06, 0.08]}\n")
    words = ("strategy=mine", "world=dear", "world.ranges.fixed_cost=[1,2]", "strategy.levers.training.intensity=1",
             "strategy.without=[credit]", "futures=3", "design=sobol")  # fmt: skip
    with session():
        problems, jobs = check(Invocation("run", words, folders=(tmp_path,)))
        assert problems == []
        values = compose("run", jobs[0]).values
    assert values["world"]["ranges"]["interest_rate"] == [0.06, 0.08]


def test_a_strategy_loaded_in_a_notebook_leaves_nothing_behind(tmp_path: Path) -> None:
    strategies(tmp_path, mine=BASE, other="defaults: [mine, _self_]\nzh: 另一个\n")
    assert load_strategy(tmp_path / "strategy" / "other.yaml").zh == "另一个"
    with session():
        assert "mine" not in options("strategy")
    (tmp_path / "alone.yaml").write_text("zh: 我的\n", encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        load_strategy(tmp_path / "alone.yaml")
    assert "defaults" in caught.value.text()


CHINESE = """
defaults: [none, _self_]
措施:
  跨村联建: {力度: 1, 起始年: 2025, 结对方式: 强带弱}
  training: {力度: 0.5, start: 2026}
"""


def test_chinese_names_of_levers_settings_and_options_are_taken(tmp_path: Path) -> None:
    tree = strategies(tmp_path, mine=CHINESE).trees()["strategy"]["mine"]
    assert tree["levers"] == {"joint_building": {"intensity": 1, "start": 2025, "pairing_rule": "strong_weak"},
                              "training": {"intensity": 0.5, "start": 2026}}  # fmt: skip


@pytest.mark.parametrize(
    ("levers", "row"),
    [
        ("levers:\n  跨村联建: {intensity: 1}\n  joint_building: {intensity: 1}", 4),
        ("levers:\n  joint_building:\n    intensity: 1\n    力度: 1", 5),
        ("levers: {}\n措施: {}", 3),
    ],
)
def test_the_same_name_in_two_languages_stands_twice(tmp_path: Path, levers: str, row: int) -> None:
    (problem,) = strategies(tmp_path, mine=BASE + levers).wrong()["strategy", "mine"]
    assert (problem.row, "twice" in problem.en) == (row, True)


def test_a_label_of_several_settings_is_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LEVERS["training"], "zh", "跨村联建")
    (problem,) = strategies(tmp_path, mine=CHINESE).wrong()["strategy", "mine"]
    assert problem.allowed == "joint_building, training"


@pytest.mark.parametrize(
    ("settings", "taken"),
    [('{start: "2026"}', {"start": 2026}), ('{起始年: "2026"}', {"start": 2026}),
     ("{amount: {2024: '10'}}", {"amount": {2024: 10}}), ('{amount: {"2024": 10}}', {"amount": {2024: 10}})],
)  # fmt: skip
def test_numbers_in_quotes_are_numbers(tmp_path: Path, settings: str, taken: object) -> None:
    text = f"{BASE}levers:\n  central_grant: {settings}\n"
    levers = strategies(tmp_path, mine=text).trees()["strategy"]["mine"]["levers"]
    below = Options([]).whole("strategy", "existing")[0]["levers"]["central_grant"]
    assert levers["central_grant"] == {**below, **taken}  # type: ignore[dict-item]


@pytest.mark.parametrize("levers", ["[1]", "3", "", "{training: [1]}", "{training: 1}", "{training: }", "{培训: 1}"])
def test_levers_and_settings_are_mappings(tmp_path: Path, levers: str) -> None:
    (problem,) = strategies(tmp_path, mine=f"{BASE}levers: {levers}\n").wrong()["strategy", "mine"]
    assert problem.row == 2


def test_codes_in_quotes_are_no_numbers(tmp_path: Path) -> None:
    text = BASE + "levers: {training: {villages: ['511903101201'], 限定镇: [玉山镇]}}\n"
    assert strategies(tmp_path, mine=text).wrong() == {}


def test_a_file_in_gbk_is_read(tmp_path: Path) -> None:
    found = strategies(tmp_path, mine=(BASE + "zh: 我的策略\n").encode("gbk"))
    assert found.trees()["strategy"]["mine"]["zh"] == "我的策略"


def test_values_that_are_overruled_by_later_defaults_are_told(tmp_path: Path) -> None:
    text = "defaults: [_self_, existing]\nlevers: {training: {intensity: 0.1}, norms: {intensity: 1}}\n"
    (problem,) = strategies(tmp_path, mine=text).whole("strategy", "mine")[1]
    assert problem.value == "levers.training.intensity"

"""What people type on the command line, in YAML and in Python, and what is taken for it or said of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as some

from experiments import budget
from experiments.chinese_names import MODES, OPTIONS, Translation, names_at, parameter_names, unit_at
from experiments.compose import compose, known_keys, load_strategy, session
from experiments.overrides import read, readable
from experiments.user_yaml import Options, offer
from scenarios.cells import read_number
from sim.parameters import Parameter
from sim.policies.base import Choice
from sim.policies.registry import LEVERS
from sim.problems import InputErrors, Problem
from sim.world import DECLARED

DISTRICTS = ["enyang", "sichuan_synthetic"]
GRANT = "strategy.levers.central_grant.amount"


def typed(word: str, job: str = "run", *more: str) -> tuple[dict[str, object], list[Problem]]:
    """What a word of the command line comes to, by name, and what is said of it."""
    invocation = read(job, [word, *more], DISTRICTS)
    good, problems = readable(invocation)
    parsed = OverridesParser.create().parse_overrides(good)
    return {item.key_or_group: item.value() for item in parsed}, [*invocation.problems, *problems]


TAKEN = [
    ("strategy.levers.跨村联建.力度=0.5", {"strategy.levers.joint_building.intensity": 0.5}),
    ("措施.跨村联建.力度=50%", {"strategy.levers.joint_building.intensity": 0.5}),
    ("措施.跨村联建.力度=５０％", {"strategy.levers.joint_building.intensity": 0.5}),
    ("strategy.levers.training.intensity=100%", {"strategy.levers.training.intensity": 1}),
    ("strategy.levers.training.start='2026'", {"strategy.levers.training.start": 2026}),
    ("strategy.levers.training.start=2026年", {"strategy.levers.training.start": 2026}),
    ("strategy.levers.training.start=２０２６", {"strategy.levers.training.start": 2026}),
    ("措施.结对帮扶.付款方=帮扶单位", {"strategy.levers.paired_assistance.payer": "sponsors"}),
    ("措施.产业联盟.form=1+N", {"strategy.levers.industry_alliance.form": "one_to_many"}),
    ("措施.产业联盟.reach=镇域片区", {"strategy.levers.industry_alliance.reach": "area"}),
    ("措施.干部培训.限定镇=[玉山镇,柳林镇]", {"strategy.levers.training.towns": ["玉山镇", "柳林镇"]}),
    ("措施.干部培训.推开单位=片区", {"strategy.levers.training.phase_in_by": "cluster"}),
    ("措施.干部培训.推开年数=3年", {"strategy.levers.training.phase_in_years": 3}),
    ("措施.干部培训.试点比例=10%", {"strategy.levers.training.pilot_share": 0.1}),
    ("措施.干部培训.收入低于=50000元", {"strategy.levers.training.income_below": 5}),
    ("措施.干部培训={力度:100%,起始年:2026年}", {"strategy.levers.training": {"intensity": 1, "start": 2026}}),
    ("措施={干部培训: {力度: 1}, 跨村联建: {力度: 0.5}}",
     {"strategy.levers": {"training": {"intensity": 1}, "joint_building": {"intensity": 0.5}}}),
    (f"{GRANT}=5万元", {GRANT: 5}),
    (f"{GRANT}=5万元/村", {GRANT: 5}),
    ("措施.结对帮扶.直接投入=5000元/村·年", {"strategy.levers.paired_assistance.direct": 0.5}),
    (f"{GRANT}=5000元", {GRANT: 0.5}),
    (f"{GRANT}=50千元", {GRANT: 5}),
    (f"{GRANT}={{2024年:5万元,２０２５:'1,000'}}", {GRANT: {2024: 5, 2025: 1000}}),
    (f"{GRANT}=1,000", {GRANT: 1000}),
    ("parameters.固定运行费=2", {"parameters.fixed_cost": 2}),
    ("parameters.村企合作：产出率=0.2", {"parameters.village_enterprise.revenue_yield": 0.2}),
    ("parameters.fixed_cost=20000元", {"parameters.fixed_cost": 2}),
    ("parameters.interest_rate=5%", {"parameters.interest_rate": 0.05}),
    ("world.ranges.固定运行费=[1万元,20000元]", {"world.ranges.fixed_cost": [1, 2]}),
    ("world.fixed=[固定运行费,贷款利率]", {"world.fixed": ["fixed_cost", "interest_rate"]}),
    ("design.values={固定运行费:[1,2万元]}", {"design.values": {"fixed_cost": [1, 2]}}),
    ("horizon=２０３０年", {"horizon": 2030}),
    ("终止年=2030", {"horizon": 2030}),
    ("futures=1,000", {"futures": 1000}),
    ("未来个数=20个", {"futures": 20}),
    ("residents=30人", {"residents": 30}),
    ("residents=off", {"residents": "off"}),
    ("年贴现率=4%", {"discount_rate": 0.04}),
    ("budget.mode=封顶", {"budget.mode": "capped"}),
    ("budget.annual=1亿元", {"budget.annual": 10000}),
    ("budget.priority=[干部培训]", {"budget.priority": ["training"]}),
    ("strategy=现有措施", {"strategy": "existing"}),
    ("strategy=现有措施+跨村联建", {"strategy": "existing_joint_building"}),
    ("strategy.without=[贷款]", {"strategy.without": ["credit"]}),
    ("structure={学到的经验:永久留在村里}", {"structure": {"learning": "permanent"}}),
    ("地点=恩阳区", {"district": "enyang"}),
    ("strategy.zh=我的：一、二，三", {"strategy.zh": "我的：一、二，三"}),
]  # fmt: skip


@pytest.mark.parametrize(("word", "taken"), TAKEN)
def test_what_is_typed_is_taken_for_what_is_meant(word: str, taken: dict[str, object]) -> None:
    if "村企合作" in word:
        taken = {f"parameters.{parameter_names()['村企合作:产出率'][0]}": 0.2}
    found, problems = typed(word)
    assert ([problem.text() for problem in problems], found) == ([], taken)
    assert [*map(repr, found.values())] == [*map(repr, taken.values())]


def test_strategies_of_a_comparison_have_their_chinese_names() -> None:
    for word in ("strategies=[无措施,现有措施]", "策略=[无措施,现有措施]"):
        assert typed(word, "compare") == ({"strategies.names": ["none", "existing"]}, [])
    assert typed("对照策略=无措施", "compare") == ({"reference": "none"}, [])
    assert typed("structures=[学到的经验]", "compare") == ({"structures": ["learning"]}, [])


def test_several_values_are_taken_one_by_one() -> None:
    found, problems = typed("措施.跨村联建.力度=50%,100%", "sweep")
    assert problems[0].field == "strategy.levers.joint_building.intensity"  # only -m sweeps where nothing gathers
    found, problems = typed("horizon=2030年,2035", "run", "-m")
    assert problems == []
    assert found["horizon"].list == [2030, 2035]  # type: ignore[attr-defined]
    found, problems = typed("futures=100,200")
    assert "-m" in problems[0].allowed


SAID = [
    ("措施.干部培训.力度=0.5亩", "单位不符", "unit", "0.5亩", "0–1"),
    (f"{GRANT}=5万", "单位不符，应为万元／村", "unit", "5万", "万元"),
    (f"{GRANT}=5%", "单位不符", "unit", "5%", "万元"),
    (f"{GRANT}=5元/人", "单位不符", "unit", "5元/人", "万元"),
    ("措施.干部培训.起始年=5万元", "应为年份", "unit", "5万元", "2026"),
    ("futures=20年", "应为个", "unit", "20年", "100"),
    ("parameters.fixed_cost=2%", "应为万元", "unit", "2%", "0.6–3 万元/yr"),
    ("parameters.fixed_cost=约2万元", "约数", "approximate", "约2万元", "0.6–3"),
    ("parameters.fixed_cost=1-2", "范围", "range", "1-2", "0.6–3"),
    ("horizon=" + "9" * 5000, "应为数字", "number", "999", "2026"),
    ("parameters.fixed_cost='007'", "应为数字", "number", "007", "0.6–3"),
    ("strategies=[none，existing]", "第 5 个字是全角标点“，”", "letter 5", "none，existing", ""),
    ("strategies=【none,existing】", "全角标点“【”", "full-width", "【none", ""),
    ("措施.干部培训.限定镇=[玉山镇、柳林镇]", "全角标点“、”", "full-width", "玉山镇、柳林镇", ""),
    ("措施.干部培训={力度：1}", "全角标点“：”", "full-width", "力度：1", ""),
    ("horizon：2030", "第 8 个字是全角标点“：”", "full-width", "horizon：2030", ""),
    ("horizon＝2030", "全角标点“＝”", "full-width", "horizon＝2030", ""),
    (f"{GRANT}=1，000", "全角标点“，”", "full-width", "1，000", ""),
    ("措施。干部培训=1", "", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("word", "zh", "en", "value", "allowed"), SAID)
def test_what_has_no_one_meaning_is_said(word: str, zh: str, en: str, value: str, allowed: str) -> None:
    found, problems = typed(word, "compare" if "strategies" in word else "run")
    assert found == {}
    assert zh in problems[0].zh
    assert en in problems[0].en
    assert value in problems[0].value
    assert allowed in problems[0].allowed
    assert not re.search("[\u4e00-\u9fff]", problems[0].en)


def test_a_name_of_several_is_answered_with_all_of_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(LEVERS["training"], "zh", "跨村联建")
    (problem,) = typed("措施.跨村联建.力度=1")[1]
    assert problem.allowed == "joint_building, training"
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "mine.yaml").write_text("defaults: [none, _self_]\nzh: 无措施\n", encoding="utf-8")
    (problem,) = typed("strategies=[无措施,existing]", "compare", "--config-dir", str(tmp_path))[1]
    assert problem.allowed == "none, mine"
    (tmp_path / "strategy" / "mine.yaml").rename(tmp_path / "strategy" / "无措施.yaml")
    assert typed("strategies=[无措施]", "compare", "--config-dir", str(tmp_path)) == (
        {"strategies.names": ["无措施"]}, [],
    )  # fmt: skip


def test_the_command_ends_in_words(qiangcun: object, workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["strategies=[无措施，现有措施]", f"{GRANT}=5吨", "futures=1"]
    assert qiangcun("compare", *words) == 2  # type: ignore[operator]
    shown = capsys.readouterr().err
    assert "2 mistake" in shown
    assert "full-width ，" in shown
    assert "5吨" in shown
    assert not list(workplace.iterdir())
    assert qiangcun("compare", *words, "language=zh") == 2  # type: ignore[operator]
    assert "全角标点" in capsys.readouterr().err


MINE = """defaults: [无措施, _self_]
zh: 我的：一、二
措施:
  跨村联建: {力度: 50%, 起始年: "2026", 结对方式: 强带弱, 限定镇: [玉山镇]}
  中省财政扶持: {金额: {2024年: 5万元, ２０２５: '1,000'}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for group in ("strategy", "strategies", "world"):
        (tmp_path / group).mkdir()
    return tmp_path


def test_files_are_read_as_the_command_line_is(folder: Path) -> None:
    label = LEVERS["central_grant"].settings()["amount"].zh
    (folder / "strategy" / "mine.yaml").write_text(MINE.replace("金额", label), encoding="utf-8")
    (folder / "strategies" / "two.yaml").write_text("names: [无措施, mine]\n", encoding="utf-8")
    world = "draw: true\nfixed: [贷款利率]\nranges:\n  固定运行费: [1, 20,000元]\n  村企合作：失败率: [2%, 5%]\n"
    (folder / "world" / "dear.yaml").write_text(world.replace("20,000", "20000"), encoding="utf-8")
    found = Options([folder])
    assert found.wrong() == {}
    trees = found.trees()
    assert trees["strategy"]["mine"]["levers"] == {
        "joint_building": {"intensity": 0.5, "start": 2026, "pairing_rule": "strong_weak", "towns": ["玉山镇"]},
        "central_grant": {"amount": {2024: 5, 2025: 1000}},
    }
    assert trees["strategies"]["two"]["names"] == ["none", "mine"]
    assert trees["world"]["dear"] == {
        "draw": True, "fixed": ["interest_rate"],
        "ranges": {"fixed_cost": [1, 2], "village_enterprise": {"failure_hazard": [0.02, 0.05]}},
    }  # fmt: skip
    offer({})


@pytest.mark.parametrize(
    ("text", "row", "zh"),
    [
        ("levers:\n  training: {intensity: 5亩}", 3, "单位不符"),
        ("levers:\n  training: {towns: [玉山镇，柳林镇]}", 3, "全角标点“，”"),
        ("levers:\n  training: {towns: 【玉山镇】}", 3, "全角标点“【”"),
        ("levers:\n  training: {payer： district}", 3, "全角"),
        ("levers:\n  training:\n    intensity：1", 3, "全角"),
        ("levers:\n  central_grant: {amount: 1，000}", 3, "全角"),
        ("levers:\n  central_grant: {amount: {2024: 5, 2024年: 6}}", 3, "两次"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(folder: Path, text: str, row: int, zh: str) -> None:
    (folder / "strategy" / "mine.yaml").write_text(f"defaults: [none, _self_]\n{text}\n", encoding="utf-8")
    problems = Options([folder]).wrong()["strategy", "mine"]
    assert (problems[0].row, zh in problems[0].zh) == (row, True)


def test_python_takes_the_same_names_and_numbers() -> None:
    found = load_strategy("无措施", ["措施.跨村联建.力度=50%", "levers.跨村联建.起始年=2026年"])
    assert (found.key, found.levers) == ("none", {"joint_building": {"intensity": 0.5, "start": 2026}})
    for words in (["措施.跨村联建.力度=5亩"], ["措施.跨村联建.限定镇=[玉山镇，柳林镇]"]):
        with pytest.raises(InputErrors):
            load_strategy("无措施", words)


def test_every_chinese_name_leads_to_its_own() -> None:
    """No label of two, none with a sign of which names are made."""
    with session():
        options = {key for job in ("run", "compare") for key in known_keys(compose(job, []).values)}
        assert {*OPTIONS} <= options
        places = [(), ("strategy", "levers"), ("parameters",), ("budget", "mode"), ("structure",)]
        places += [("strategy", "levers", key) for key in LEVERS]
        for place in places:
            for label, names in names_at(place).items():
                assert len(names) == 1, label
                assert not set(".=") & set(label), label
    assert tuple(MODES) == budget.MODES


@given(some.text(some.sampled_from(list("ab1 '\"[]{},:\\\n.=(")), max_size=12))
def test_words_without_names_and_units_stay_as_they_are(text: str) -> None:
    translation = Translation("")
    assert translation.word(("hydra", "x"), text, "hydra.x") == text
    assert translation.problems == []


NUMBERS: list[tuple[tuple[str, ...], Parameter]] = [
    *((("parameters", *name.split(".")), item) for name, item in DECLARED.items()),
    *((("strategy", "levers", key, name), item) for key, lever in LEVERS.items()
      for name, item in lever.settings().items() if not isinstance(item, Choice)),
]  # fmt: skip
FULL = str.maketrans("0123456789.,%-/", "０１２３４５６７８９．，％－／")  # noqa: RUF001


@given(some.sampled_from(NUMBERS), some.floats(0, 1), some.sampled_from(["", "unit", "percent", "yuan", "quoted"]),
       some.booleans())  # fmt: skip
def test_a_declared_number_reads_to_the_same_value_however_it_is_written(
    declared: tuple[tuple[str, ...], Parameter], part: float, habit: str, is_wide: bool
) -> None:
    path, item = declared
    unit, value = unit_at(path), round(item.low + part * (item.high - item.low), 3)
    assert unit is not None
    text = f"{value:.3f}"
    if habit == "unit" and unit.zh != "0–1":
        text += unit.zh
    elif habit == "percent" and read_number("1%", unit.zh)[1] is None:
        text = f"{value * 100:.1f}%"
    elif habit == "yuan" and read_number("1元", unit.zh)[1] is None and unit.zh.startswith("万元"):
        text = f"{value * 10000:.0f}元"
    text = text.translate(FULL) if is_wide else text
    translation = Translation("")
    assert translation.value(path, text, ()) == value, text
    assert translation.problems == []

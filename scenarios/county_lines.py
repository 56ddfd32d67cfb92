"""What a county's workbook asks for: its sheets, and each of their columns and lines, said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.columns import NAMING_COLUMNS, VILLAGE_COLUMNS
from scenarios.facts import REQUIRED_FACTS, STAND_INS
from sim.policies.base import FIRST_YEAR, LAST_YEAR, PAYERS

MOST_VILLAGES, MOST_TOWNS = 5000, 100
LONGEST = 200
"""Letters of a text in a cell."""


@dataclass(frozen=True)
class Line:
    """A line of the sheet of the county, or a column of another sheet.

    Attributes:
        name: name of the fact or column.
        zh: Chinese label; this, the English one and the name are read.
        en: English label.
        unit_zh: unit in Chinese.
        unit: unit in English.
        kind: `text`, `code`, `whole`, `number`, `tick`, `choice`, or `shown` (told to the reader and not read).
        low: lowest value.
        high: highest value.
        choices: options of a `choice` with their Chinese names.
        is_needed: whether a row can't do without it.
        used_zh: what it is used for, in Chinese.
        used: the same in English.
    """

    name: str
    zh: str
    en: str
    unit_zh: str = ""
    unit: str = ""
    kind: str = "text"
    low: float = 0
    high: float = 1e9
    choices: Mapping[str, str] = field(default_factory=dict)
    is_needed: bool = False
    used_zh: str = ""
    used: str = ""

    def allowed(self) -> str:
        """What may stand in a cell, in words."""
        if self.kind == "choice":
            return ", ".join(self.choices) + " / " + "、".join(self.choices.values())
        return f"{self.low:,.12g}–{self.high:,.12g}" if self.kind in ("whole", "number") else ""


@dataclass(frozen=True)
class SheetLines:
    """A sheet of the workbook, or a file of the folder.

    Attributes:
        name: name in code.
        zh: its Chinese name.
        en: its English name.
        columns: its columns.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Line, ...]


def _count(name: str, zh: str, en: str, used_zh: str, used: str, unit: tuple[str, str] = ("个", "")) -> Line:
    low, high = REQUIRED_FACTS[name]
    kind = "number" if name == "reserve_mean_age" else "whole"
    return Line(name, zh, en, *unit, kind, low, high, used_zh=used_zh, used=used)


def _tier(name: str, zh: str, en: str) -> Line:
    return Line(name, zh, en, "个村", "villages", "whole", 0, MOST_VILLAGES, used_zh="起始收入的离散；六档都填",
                used="spread of incomes at the start; fill all six")  # fmt: skip


PEOPLE = ("人", "persons")
INCOME_EDGES = (5.0, 10.0, 50.0, 100.0)
"""Operating incomes between which villages are counted, 万元 a year: the tiers of the ministry's yearly statistics."""
TIERS = ("tier_none", "tier_below_5", "tier_5_10", "tier_10_50", "tier_50_100", "tier_from_100")
FACT_LINES = (
    Line("name", "县名", "name of the county", used_zh="报告中的名称", used="how the report calls it"),
    Line("name_en", "英文名", "English name", used_zh="英文报告中的名称", used="how the English report calls it"),
    Line("code", "县代码", "code of the county", kind="code", used_zh="村代码的开头", used="begins codes of villages"),
    Line("villages", "行政村数", "villages", "个", "", "whole", 1, MOST_VILLAGES, used_zh="须与村表行数一致",
         used="must be the rows of the sheet of villages"),
    Line("towns", "镇(街道)数", "towns", "个", "", "whole", 1, MOST_TOWNS, used_zh="须与镇表一致",
         used="must be the towns of the sheets"),
    _count("clusters", "村级片区数", "village clusters", "联建、联盟在片区内进行",
           "villages of a cluster work together"),
    _count("town_areas", "镇域片区数", "town areas", "产业联盟的范围", "reach of alliances"),
    _count("parks", "产业园区数", "industrial parks", "园区所在镇市场较近", "towns with a park are nearer to markets"),
    _count("resident_population", "常住人口", "resident population", "农村人口、外出人口", "people at home and away",
           PEOPLE),
    _count("urban_population", "城镇常住人口", "of these in towns", "农村人口", "people in villages", PEOPLE),
    _count("registered_population", "户籍人口", "registered population", "与公布数对照", "told beside village figures",
           PEOPLE),
    _count("settlements", "聚居点数", "settlements", "邻里往来", "ties between neighbours"),
    _count("capable_secretaries", "致富能手书记数", "secretaries capable at business", "经营能力", "skill in business",
           PEOPLE),
    _count("reserve_cadres", "后备力量人数", "reserve cadres", "换届时的人选", "candidates at elections", PEOPLE),
    _count("reserve_cadres_with_college", "后备力量中大专及以上", "reserve cadres with college", "换届时的人选",
           "candidates at elections", PEOPLE),
    _count("reserve_mean_age", "后备力量平均年龄", "mean age of reserve cadres", "换届时的人选",
           "candidates at elections",
           ("岁", "years")),
    _count("departments", "联动部门数", "departments that take part", "结对帮扶", "paired assistance"),
    _count("pipeline_projects", "编报项目数", "projects prepared", "招商时可选的项目",
           "projects offered to enterprises"),
    _count("service_centres", "党群服务中心数", "service centres", "服务质量", "quality of services"),
    _count("renovated_centres", "已改造服务中心数", "service centres renovated", "服务质量", "quality of services"),
    _count("professionals", "职业经理人和顾问数", "professional managers and advisers", "强村公司", "town companies",
           PEOPLE),
    _count("renewed_town_chiefs", "调整过一把手的镇数", "towns with a renewed chief", "镇班子的指导",
           "advice of town leaders"),
    Line("city_income_mean", "村均集体收入", "mean collective income of a village", "万元/年", "万元 a year", "number",
         *STAND_INS["city_income_mean"][0], used_zh="起始收入（总收入）", used="incomes at the start (total)"),
    Line("income_sd", "村集体收入标准差", "standard deviation of it", "万元/年", "万元 a year", "number", 0, 100_000,
         used_zh="起始收入的离散", used="spread of incomes at the start"),
    _tier("tier_none", "无经营收益村数", "villages without operating income"),
    _tier("tier_below_5", "经营收益5万元以下村数", "villages with operating income below 5"),
    _tier("tier_5_10", "经营收益5-10万元村数", "villages with operating income of 5-10"),
    _tier("tier_10_50", "经营收益10-50万元村数", "villages with operating income of 10-50"),
    _tier("tier_50_100", "经营收益50-100万元村数", "villages with operating income of 50-100"),
    _tier("tier_from_100", "经营收益100万元以上村数", "villages with operating income of 100 or more"),
)  # fmt: skip
"""Lines of the sheet of the county; all may stay empty."""
FACTS: dict[str, Line] = {line.name: line for line in FACT_LINES}

NOTE = Line("note", "备注", "note", kind="shown")
NUMBER = Line("number", "序号", "no.", kind="shown")
MEASURES_OF_INCOME = {"operating": "经营性收入", "total": "总收入", "profit": "净收益"}
YEAR: dict[str, Any] = {"kind": "whole", "low": FIRST_YEAR, "high": LAST_YEAR}
COUNTY = SheetLines("county", "县情", "County", (
    Line("item", "项目", "item", is_needed=True), Line("value", "填写", "value"), Line("unit", "单位", "unit",
         kind="shown"),
    Line("range", "范围", "range", kind="shown"), Line("used", "用途", "used for", kind="shown"),
    Line("empty", "不填时", "if empty", kind="shown"),
))  # fmt: skip
TOWNS = SheetLines("towns", "镇", "Towns", (
    NUMBER,
    Line("name", "镇(街道)", "town", is_needed=True, used_zh="必填", used="needed"),
    Line("area", "镇域片区", "town area", used_zh="不填则按远近分", used="else by nearness"),
    Line("parks", "产业园区数", "industrial parks", "个", "", "whole", 0, 1000, used_zh="不填则在县城附近",
         used="else near the seat"),
    Line("x_km", "东向位置", "position east", "公里", "km", "number", -200, 200, used_zh="县城以东，不填则编造",
         used="of the seat; else made up"),
    Line("y_km", "北向位置", "position north", "公里", "km", "number", -200, 200, used_zh="县城以北，不填则编造",
         used="of the seat; else made up"),
    NOTE,
))  # fmt: skip
VILLAGES = SheetLines("villages", "村", "Villages", (
    NUMBER,
    Line("town", NAMING_COLUMNS["town"], "town", is_needed=True, used_zh="必填", used="needed"),
    Line("name", NAMING_COLUMNS["name"], "village", is_needed=True, used_zh="必填", used="needed"),
    Line("code", NAMING_COLUMNS["code"], "code", kind="code", used_zh="不填则编造", used="else made up"),
    Line("cluster", "村级片区", "village cluster", used_zh="不填则按次序分", used="else by their order"),
    *(Line(item.name, item.zh, item.en, item.unit_zh, item.unit, item.kind, item.low, item.high)
      for item in VILLAGE_COLUMNS.values()),
    NOTE,
))  # fmt: skip
MEASURES = SheetLines("measures", "现有措施", "Measures", (
    Line("lever", "措施", "measure", is_needed=True),
    Line("is_on", "在用", "in force", kind="tick", used_zh="在用的打√", used="√ where it is in force"),
    Line("start", "起始年", "from year", **YEAR),
    Line("end", "终止年", "to year", **YEAR),
    Line("intensity", "力度", "intensity", "0-1", "0-1", "number", 0, 1, used_zh="不填为1", used="1 if empty"),
    Line("payer", "付款方", "payer", kind="choice", choices={**PAYERS, "nobody": "无需付款"}),
    Line("amounts", "数额", "amounts", used_zh="照右列写要改的几项", used="those of the right that differ"),
    Line("possible", "可写的数额及默认值", "amounts with their defaults", kind="shown"),
    NOTE,
))  # fmt: skip
AIMS = SheetLines("aims", "目标", "Aims", (
    Line("line", "收入线", "line", "万元", "万元", "number", 0, 100_000, is_needed=True),
    Line("villages", "村数", "villages", "个", "", "whole", 1, MOST_VILLAGES, is_needed=True),
    Line("year", "年份", "by year", **YEAR, is_needed=True),
    Line("measure", "口径", "measure of income", kind="choice", choices=MEASURES_OF_INCOME, is_needed=True),
    NOTE,
))  # fmt: skip
OBSERVATIONS = SheetLines("observations", "观测", "Observations", (
    Line("year", "年份", "year", **YEAR, is_needed=True),
    Line("measure", "指标", "figure", is_needed=True),
    Line("value", "数值", "value", kind="number", low=-1e15, high=1e15, is_needed=True),
    Line("unit", "单位", "unit"),
    Line("n", "村数", "villages", kind="whole", low=1, high=1_000_000),
    Line("source", "来源", "source"),
    NOTE,
))  # fmt: skip
SHEETS = (COUNTY, TOWNS, VILLAGES, MEASURES, AIMS, OBSERVATIONS)
GUIDE = ("填写说明", "Read me")
"""The first sheet, which is not read."""

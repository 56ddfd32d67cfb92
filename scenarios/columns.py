"""The columns that a user's village table may have: units, ranges, labels in both languages."""

from __future__ import annotations

from dataclasses import dataclass

INDUSTRIES: dict[str, str] = {
    "grain_oil": "优质粮油",
    "fruit_vegetable": "有机果蔬",
    "livestock": "生态畜禽",
    "herbs": "道地药材",
}
"""The four leading industries (主导产业, report 三(二)); their order gives the numbers 0 to 3."""


@dataclass(frozen=True)
class VillageColumn:
    """A column of the village table.

    Attributes:
        name: name in the file and in `District.given`.
        unit: unit in English.
        unit_zh: unit in Chinese.
        low: lowest value allowed.
        high: highest value allowed.
        zh: Chinese label, also accepted as a heading.
        en: English label.
        kind: `number`, `yes_no` (0 or 1) or `industry` (one of INDUSTRIES).
        is_money: negative values are told as negative money.
    """

    name: str
    unit: str
    unit_zh: str
    low: float
    high: float
    zh: str
    en: str
    kind: str = "number"
    is_money: bool = False

    def allowed(self) -> str:
        """What may stand in a cell, in words."""
        if self.kind == "industry":
            return ", ".join(INDUSTRIES) + " / " + "、".join(INDUSTRIES.values())
        if self.kind == "yes_no":
            return "0, 1"
        return f"{self.low:g}–{self.high:g} {self.unit}".strip()


_COLUMNS = (
    VillageColumn("resource_endowment", "ratio", "比值", 0.05, 20, "资源禀赋", "resource endowment"),
    VillageColumn("market_access", "ratio", "比值", 0.25, 2.5, "市场通达度", "market access"),
    VillageColumn("population", "persons", "人", 1, 20000, "常住人口", "resident population"),
    VillageColumn("registered_population", "persons", "人", 1, 40000, "户籍人口", "registered population"),
    VillageColumn(
        "income_operating",
        "万元/yr",
        "万元/年",
        0,
        100000,
        "经营性收入",
        "operating income of 2023",
        is_money=True,
    ),
    VillageColumn("organisation", "0-1", "0-1", 0, 1, "组织力", "organisation"),
    VillageColumn("service_quality", "0-1", "0-1", 0, 1, "服务质量", "service quality"),
    VillageColumn("service_upgraded", "0/1", "0/1", 0, 1, "服务中心已改造", "service centre renovated", kind="yes_no"),
    VillageColumn("settlement", "0/1", "0/1", 0, 1, "有聚居点", "has a settlement", kind="yes_no"),
    VillageColumn("secretary_age", "years", "岁", 18, 80, "书记年龄", "age of the secretary"),
    VillageColumn("secretary_is_college", "0/1", "0/1", 0, 1, "书记大专及以上", "secretary has college", kind="yes_no"),
    VillageColumn(
        "secretary_is_capable",
        "0/1",
        "0/1",
        0,
        1,
        "书记致富能手",
        "secretary capable at business",
        kind="yes_no",
    ),
    VillageColumn("secretary_skill", "0-1", "0-1", 0, 1, "书记能力禀赋", "skill of the secretary"),
    VillageColumn("industry", "one of four", "四选一", 0, 3, "主导产业", "leading industry", kind="industry"),
    VillageColumn("position_x_km", "km east of the seat", "公里(区政府以东)", -200, 200, "东向位置", "position east"),
    VillageColumn("position_y_km", "km north of the seat", "公里(区政府以北)", -200, 200, "北向位置", "position north"),
)

VILLAGE_COLUMNS: dict[str, VillageColumn] = {column.name: column for column in _COLUMNS}

NAMING_COLUMNS: dict[str, str] = {"code": "代码", "name": "村名", "town": "镇(街道)"}
"""Columns that say which village a row speaks of; only `code` is needed."""


def column_of_heading(heading: str) -> str:
    """The column name that a heading stands for; a heading that is no Chinese label comes back as it is."""
    heading = heading.strip().replace("\uff08", "(").replace("\uff09", ")")
    for name, label in NAMING_COLUMNS.items():
        if heading == label:
            return name
    for column in _COLUMNS:
        if heading == column.zh:
            return column.name
    return heading

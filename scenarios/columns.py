"""The columns that a user's village table may have: units, ranges, labels and what offices call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

INDUSTRIES: dict[str, str] = {
    "grain_oil": "优质粮油",
    "fruit_vegetable": "有机果蔬",
    "livestock": "生态畜禽",
    "herbs": "道地药材",
}
"""The four leading industries (主导产业, report 三(二)); their order gives the numbers 0 to 3."""
MONEY = {"万元": 1.0, "元": 1e4, "千元": 10.0, "亿元": 1e-4}
PERSONS = {"人": 1.0, "万人": 1e-4, "千人": 1e-3}
SHARE = {"": 1.0, "%": 100.0}
AGE = {"岁": 1.0, "周岁": 1.0}
DISTANCE = {"公里": 1.0, "千米": 1.0, "km": 1.0, "米": 1000.0, "m": 1000.0, "度": 1.0, "°": 1.0}
DEGREES_WORDS = ("度", "°")
DEGREE_NAMES = ("经度", "纬度", "longitude", "latitude")
LONGEST_HEADING = 60
OTHER_UNITS = {"户", "亩", "个", "名", "年", "次", "百元", "百万元", "万", "万户", "里", "平方公里", "元/人", "万元/人"}
"""Units that a head may name, of which no column can be in: they are told."""


@dataclass(frozen=True)
class Column:
    """A column of a table that people fill in.

    Attributes:
        name: name in the file and in `District.given`.
        unit: unit in English.
        unit_zh: unit in Chinese.
        low: lowest value allowed.
        high: highest value allowed.
        zh: Chinese label, also accepted as a heading.
        en: English label, likewise.
        kind: `number`, `yes_no` (0 or 1), `industry` (one of INDUSTRIES), `year` or `text`.
        is_money: negative values are told as negative money.
        also: what else offices call it.
        units: units that a heading may name, and how many of each are one of `unit`.
        table_unit: the unit of them in which a table is.
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
    also: tuple[str, ...] = ()
    units: Mapping[str, float] = field(default_factory=dict)
    table_unit: str = ""

    def allowed(self) -> str:
        """What may stand in a cell, in words."""
        if self.kind == "industry":
            return ", ".join(INDUSTRIES) + " / " + "、".join(INDUSTRIES.values())
        if self.kind == "yes_no":
            return "0, 1"
        return f"{self.low:g}–{self.high:g} {self.unit}".strip()


def _share(name: str, zh: str, en: str, *also: str) -> Column:
    return Column(name, "0-1", "0-1", 0, 1, zh, en, also=also, units=SHARE)


def _yes_no(name: str, zh: str, en: str, *also: str) -> Column:
    return Column(name, "0/1", "0/1", 0, 1, zh, en, kind="yes_no", also=also)


def _place(name: str, unit: str, zh_unit: str, zh: str, en: str, *also: str) -> Column:
    return Column(name, unit, zh_unit, -200, 200, zh, en, also=also, units=DISTANCE, table_unit="公里")


_COLUMNS = (
    Column("resource_endowment", "ratio", "比值", 0.05, 20, "资源禀赋", "resource endowment", units=SHARE),
    Column("market_access", "ratio", "比值", 0.25, 2.5, "市场通达度", "market access", units=SHARE),
    Column("population", "persons", "人", 1, 20000, "常住人口", "resident population", units=PERSONS, table_unit="人",
           also=("常住人口数", "常住人数", "常住人口总数", "常住总人口", "residents", "resident_population")),
    Column("registered_population", "persons", "人", 1, 40000, "户籍人口", "registered population", units=PERSONS,
           table_unit="人", also=("户籍人口数", "户籍人数", "户籍人口总数", "户籍总人口", "在籍人口", "户口人数")),
    Column("income_operating", "万元/yr", "万元/年", 0, 100000, "经营性收入", "operating income of 2023", is_money=True,
           units=MONEY, table_unit="万元",
           also=("经营收入", "村集体经营性收入", "集体经营性收入", "村级集体经济经营性收入", "村集体经济经营性收入",
                 "集体经济经营性收入", "村集体经济组织经营性收入", "operating income")),
    _share("organisation", "组织力", "organisation", "组织力得分", "基层组织力"),
    _share("service_quality", "服务质量", "service quality", "服务质量得分", "公共服务质量"),
    _yes_no("service_upgraded", "服务中心已改造", "service centre renovated", "服务中心是否改造", "党群服务中心已改造",
            "党群服务中心是否改造", "是否改造服务中心"),
    _yes_no("settlement", "有聚居点", "has a settlement", "聚居点", "是否有聚居点", "有无聚居点", "是否聚居点"),
    Column("secretary_age", "years", "岁", 18, 80, "书记年龄", "age of the secretary", units=AGE, table_unit="岁",
           also=("村书记年龄", "支部书记年龄", "村党组织书记年龄", "村支书年龄", "党支部书记年龄")),
    _yes_no("secretary_is_college", "书记大专及以上", "secretary has college", "书记大专以上", "书记是否大专及以上",
            "书记是否大专以上", "书记大专及以上学历", "村书记大专及以上"),
    _yes_no("secretary_is_capable", "书记致富能手", "secretary capable at business", "书记是否致富能手",
            "书记是致富能手", "致富能手书记", "是否致富能手"),
    _share("secretary_skill", "书记能力禀赋", "skill of the secretary", "书记能力"),
    Column("industry", "one of four", "四选一", 0, 3, "主导产业", "leading industry", kind="industry",
           also=("产业", "主要产业", "特色产业")),
    _place("position_x_km", "km east of the seat", "公里(区政府以东)", "东向位置", "position east", "经度",
           "longitude"),
    _place("position_y_km", "km north of the seat", "公里(区政府以北)", "北向位置", "position north", "纬度",
           "latitude"),
)  # fmt: skip

VILLAGE_COLUMNS: dict[str, Column] = {column.name: column for column in _COLUMNS}

NAMING_COLUMNS: dict[str, str] = {"code": "代码", "name": "村名", "town": "镇(街道)"}
"""Columns that say which village a row speaks of; `code` or `name` is needed."""
ALSO_NAMING = {
    "code": ("村代码", "行政区划代码", "区划代码", "村编码", "编码", "统计用区划代码", "行政村代码", "村级代码",
             "village code"),
    "name": ("村", "村(社区)", "村社区", "行政村", "行政村名称", "村名称", "村级名称", "村(居)", "村庄", "村(社区)名称",
             "所在村", "建制村", "village", "village name"),
    "town": ("镇", "乡镇", "镇街", "镇街道", "乡(镇)", "乡镇(街道)", "乡(镇、街道)", "镇(乡)", "镇(乡、街道)", "街道",
             "所属乡镇", "所在乡镇", "乡镇名称", "镇名", "township"),
}  # fmt: skip
PERSONAL = re.compile(
    r"姓名|^(书记|主任|户主|负责人|联系人|法人|法人代表|法定代表人|党支部书记|村书记|村支书|村主任|经办人)(名单|名字)?$"
    r"|身份证|证件号|(电话|手机)(号码?)?$|联系方式|银行卡|银行账号|住址|微信号|(secretary|head|contact|person)_?name|phone|mobile|id_?(number|card)"
)
"""Headings of what is said of a person: a table with any of them is refused as a whole."""


def narrow(text: str) -> str:
    """A text with plain letters for full-width ones, and no blanks around it."""
    return "".join(_plain(letter) for letter in text).strip() if not text.isascii() else text.strip()


def _plain(letter: str) -> str:
    code = ord(letter)
    return chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else "-" if code == 0x2212 else letter


def folded(heading: str) -> str:
    """A heading without blanks, line breaks and stars, in small plain letters."""
    return re.sub(r"\s+", "", narrow(heading)).strip("*").lower()


UNITS = sorted({unit for column in _COLUMNS for unit in column.units if unit} | OTHER_UNITS, key=len, reverse=True)
NO_UNIT = re.compile(
    r"(19|20)\d{2}年?(度|末|底)?|必填|选填|可不填|是/否|是否|0[-/~]1|1/0|√|打√|单选|当年|年末|全称|截至.*"
)
"""What brackets in a heading may hold that changes no meaning."""
DATED = re.compile(r"^(19|20)\d{2}年?(度|末|底)?(?=\D)")


class Headings:
    """Columns by everything that they are called.

    Attributes:
        columns: columns that hold values, by name.
        naming: names of columns that say what a row speaks of.
        names: column by heading, folded.
    """

    def __init__(self, columns: Mapping[str, Column], naming: Mapping[str, tuple[str, ...]]) -> None:
        self.columns = columns
        self.naming = tuple(naming)
        named = [(name, (name, column.zh, column.en, *column.also)) for name, column in columns.items()]
        named += [(name, (name, *also)) for name, also in naming.items()]
        self.read_before: dict[str, tuple[str, str]] = {"": ("", "")}
        self.names = {folded(heading): name for name, headings in named for heading in headings}

    def read(self, heading: str) -> tuple[str, str]:
        """The column and the unit that a heading names; each is empty if it names none."""
        text = folded(heading[:LONGEST_HEADING])
        if text not in self.read_before:
            self.read_before[text] = self._read(text)
        return self.read_before[text]

    def _read(self, text: str) -> tuple[str, str]:
        if text in DEGREE_NAMES and text in self.names:
            return self.names[text], DEGREES_WORDS[0]
        for bare, unit in ((text, ""), *_with_unit(text)):
            for words in (bare, DATED.sub("", bare)):
                if words in self.names:
                    return self.names[words], unit
        return "", ""


VILLAGE_HEADINGS = Headings(
    VILLAGE_COLUMNS, {name: (label, *ALSO_NAMING[name]) for name, label in NAMING_COLUMNS.items()}
)


def column_of_heading(heading: str) -> str:
    """The village column that a heading stands for; a heading that is not known comes back as it is."""
    return VILLAGE_HEADINGS.read(heading)[0] or heading.strip()


def _with_unit(text: str) -> list[tuple[str, str]]:
    """A heading without what stands behind it in brackets or after a sign, and the unit that this is."""
    found = []
    bracketed = re.fullmatch(r"(.+?)[(\[【](?:单位:?)?([^()\[\]【】]*)[)\]】]", text)
    parts = [part.removesuffix("/年") for part in re.split("[,、;]", bracketed[2])] if bracketed else []
    units = [part for part in parts if part in UNITS]
    if bracketed and len(units) <= 1 and all(part in UNITS or NO_UNIT.fullmatch(part) for part in parts):
        unit = "".join(units)
        found += [(bracketed[1], unit), *((bare, more or unit) for bare, more in _with_unit(bracketed[1]))]
    for unit in UNITS:
        if text.endswith(unit) and (len(unit) > 1 or text[-2:-1] in tuple("/:-_,、")):
            found.append((text.removesuffix(unit).removesuffix("单位:").rstrip("/:-_,、"), unit))
    return found


def units_named(text: str) -> list[str]:
    """Units that a line such as `单位：万元、人` names."""
    found = re.search(r"(?<!填报)(?<!报送)(?<!编制)单位:\s*([^()]*)", narrow(text))
    return [word for word in re.split(r"[、,/;和及\s]+", found[1]) if word in UNITS] if found else []

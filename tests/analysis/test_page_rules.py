"""What the report promises: its order, page one, digits, and sentences that are all said, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from tiny_study import INCOME, TURNOVER, study

from analysis.answers import inputs, sources
from analysis.data.results import Results
from analysis.page import context, front, outline, rows
from analysis.page.build import write_report
from analysis.sentences import catalogue
from analysis.sentences.catalogue import LANGUAGES, Words, digits
from analysis.sentences.verdict import Verdict, half_width

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "analysis" / "page"
PRINTED = ["findings", "change", "strategies", "income", "same_cost", "league", "structures", "gains", "participation",
           "aim", "withdrawal", "money", "next", "left_out", "record", "sheet"]  # fmt: skip


def test_the_outline_is_the_order_of_the_page_and_each_section_has_a_small_template() -> None:
    assert [section.id for section in outline.SECTIONS if section.printed] == PRINTED
    files = {path.name for path in (PAGE / "sections").iterdir()}
    assert files == {f"{section.id}.html.j2" for section in outline.SECTIONS}
    assert all(len(path.read_text().splitlines()) < 60 for path in (PAGE / "sections").iterdir())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_one_holds_what_it_must(results: Results, lang: str) -> None:
    words = Words(lang)
    page = context.build(results, words, {"same_cost", "league"})
    first = page["sections"][0]
    assert first["id"] == "findings" and first["first"]
    table = first["parts"]["table"]
    heads = [head for head, _ in table["heads"]]
    assert heads[:2] == [words("short_income_profit_mean"), words("short_income_operating_mean")], "both incomes"
    assert table["reference"]["key"] == "existing" and table["reference"]["cells"][0], "its own levels"
    span = {"first": results.start_year, "last": results.horizon}
    sum_of = words("short_public_cost_discounted", **span)
    assert words("short_public_cost_yearly") in heads and sum_of in heads, "cost twice, each named"
    cost = next(line for line in first["parts"]["summary"] if line == front.cost(results, words))
    assert ("合计" in cost and "平均每年" in cost) if lang == "zh" else ("a year on average" in cost and "over" in cost)
    assert words("short_income_operating_mean") != words("short_income_profit_mean")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_ranks_by_net_benefit_without_its_reservation_in_the_same_line(results: Results, lang: str) -> None:
    """It leaves out what public services and roads are for."""
    words, named = Words(lang), {"zh": "净收益", "en": "et benefit"}[lang]
    reserved = {"zh": ("不能", "只算", "只计", "不在其中"), "en": ("is no rank", "only", "cannot decide")}[lang]
    texts = [*front.summary(results, words), *front.would_change(results, words)]
    for line in [*texts, *map(str, catalogue.sentences(lang).values())]:
        if named in line and re.search(r"第一|排名|rank|first by|First", line):
            assert any(text in line for text in reserved), line


@pytest.mark.thorough
def test_the_contents_lead_to_every_section(study: Path, tmp_path: Path) -> None:
    """Anchors exist; one language has no switch and no other language; nothing is asked for from outside."""
    text = write_report(study, tmp_path, languages=("en",)).read_text(encoding="utf-8")
    wanted = re.findall(r'href="#(en-\w+)"', text.split("</nav>")[0])
    assert len(wanted) >= 12
    assert all(f'id="{name}"' in text for name in wanted)
    assert '<article id="zh"' not in text and 'class="switch"' not in text
    assert not re.search(r'(src|href)="https?:', text.replace("http://www.w3.org", ""))


@pytest.mark.parametrize(("half", "places"), [
    (60, -2), (6, -1), (4.9, 0), (0.5, 0), (0.49, 1), (0.05, 1), (0.049, 2), (0.0001, 2), (0, 2),
])  # fmt: skip
def test_a_number_has_the_digits_that_its_precision_carries(half: float, places: int) -> None:
    assert digits(half) == places


def test_amounts_follow_their_precision_in_both_languages() -> None:
    zh, en = Words("zh"), Words("en")
    assert [zh.amount("income", 27.1384, half=half) for half in (0.5, 0.05, 0.001)] == ["27", "27.1", "27.14"]
    assert [en.amount("income", 27.1384, half=half) for half in (0.5, 0.05, 0.001)] == ["270,000", "271,000", "271,400"]
    assert zh.amount("villages", 102.4, half=30) == "102"
    assert zh.amount("money", 10018.4, half=300) == "10,000"
    assert zh.amount("money", 4.0, half=300) == "4", "a number is not rounded away"
    assert en.with_unit("income", 0.34) == "3,400 yuan"
    assert zh.span("income", 17.04, 39.49) == "17 到 39"


def test_one_function_counts_parameters_without_a_source(results: Results) -> None:
    count, of = inputs.without_source(results)
    for lang in LANGUAGES:
        page = {part["id"]: part for part in context.build(results, Words(lang), set())["sections"]}
        assert sum(row["assumed"] for row in page["parameters"]["parts"]["rows"]) == count
        assert len(page["parameters"]["parts"]["rows"]) == of
        lines = [line for line in page["change"]["parts"]["lines"] if str(of) in line and str(count) in line]
        assert lines, "the same count on the page of what would change"


# Where a gain comes from -----------------------------------------------------------------------------------------


def gaining(pools: float, ability: float) -> Results:
    """Joint building raises income by 4 in twelve futures, `pools` of it from payouts; the first ten have no pool."""
    line = np.linspace(-0.01, 0.01, 12)
    zero = np.zeros(12)
    values = {}
    for key, more in (("existing", 0.0), ("joint", 1.0)):
        values |= {
            (key, TURNOVER): 20 + 4 * more + line * more, (key, "pool_payout_mean"): zero + pools * more,
            (key, "company_payout_mean"): zero, (key, "enterprise_fees_mean"): zero,
            (key, "idle_rent_mean"): zero,
            (key, "ability_mean"): 0.5 + ability * more + line * more, (key, "capital_mean"): zero + 50,
            (key, "pool_members"): more * np.r_[np.zeros(10), 3, 3],
        }  # fmt: skip
    lever = {"joint_building": {"en": "joint building", "changes": ["village.knowledge"]}}
    strategies = [{"key": "existing", "en": "Existing", "levers": {}},
                  {"key": "joint", "en": "Joint", "levers": {"joint_building": {"learning": 1}}}]  # fmt: skip
    return study(values, levers=lever, strategies=strategies)


def test_the_section_of_parameters_asks_what_would_settle_what_is_drawn(results: Results) -> None:
    for lang, text in (("en", "Did the gap close?"), ("zh", "差距缩小了没有？")):
        page = {part["id"]: part for part in context.build(results, Words(lang), set())["sections"]}["parameters"]
        (asked,) = page["parts"]["questions"].items()
        label = next(row[lang] for row in results.manifest["parameters"] if row["name"] == "kappa_joint")
        assert asked == (text, Words(lang).own(label))
        assert Words(lang)("parameters_lead", count=3, assumed=2, drawn=1) in str(page)


def test_a_gain_splits_into_payouts_and_the_rest() -> None:
    (row,) = sources.table(gaining(0.4, 0.1)).to_dict("records")
    assert row["gain"] == pytest.approx(4) and row["own"] == pytest.approx(3.6)
    assert row["paid_share"] == pytest.approx(0.1)
    assert row["learns"] and row["without_pool_n"] == 10 and row["without_pool"] == pytest.approx(4, abs=0.01)


def test_learning_is_said_where_payouts_are_few_and_abilities_rise_and_nowhere_else() -> None:
    words = Words("en")
    text = front.gain_sources(gaining(0.4, 0.1), words) or ""
    assert "mainly from weak villages learning from strong ones" in text and "not from dividends" in text
    assert "In 10 of 12 futures there never is a joint project" in text
    assert "mainly from weak villages" not in (front.gain_sources(gaining(3.0, 0.1), words) or "")
    assert "learning" not in (front.gain_sources(gaining(0.4, 0.0), words) or "")


# Sentences ---------------------------------------------------------------------------------------------------------


def test_every_sentence_is_said_and_stands_in_both_languages() -> None:
    files = [path for kind in ("*.py", "*.j2") for path in (ROOT / "analysis").rglob(kind)]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    literal = set(re.findall(r"[\"']([a-z][a-z0-9_]*)[\"']", source))
    begins = set(re.findall(r"f[\"']([a-z_]+_)\{", source)) | set(re.findall(r"\"([a-z_]+_)\"", source))
    for name in ("page", "figures", "words", "sheet"):
        folder = ROOT / "analysis" / "sentences"
        zh, en = (yaml.safe_load((folder / lang / f"{name}.yaml").read_text(encoding="utf-8")) for lang in LANGUAGES)
        assert list(zh) == list(en), name
        for key in zh:
            said = key in literal or key.removesuffix("_single") in literal or key.startswith(tuple(begins))
            assert said, f"{name}: nothing says {key}"
            holes = [set(re.findall(r"\{(\w+)\}", texts[key])) for texts in (zh, en)]
            assert holes[0] == holes[1], key


@pytest.mark.parametrize("name", ["page", "figures", "words", "sheet"])
def test_no_english_sentence_holds_chinese(name: str) -> None:
    texts = yaml.safe_load((ROOT / "analysis" / "sentences" / "en" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert {key for key, text in texts.items() if re.search("[一-鿿]", text)} <= {"language_switch"}


def test_a_label_loses_its_chinese_term_on_the_english_page_only() -> None:
    label = "strength: 2 with both full coverages (两个全覆盖)"
    assert Words("en").own(label) == "strength: 2 with both full coverages"
    assert Words("zh").own(label) == label


def test_one_verdict_knows_the_thresholds() -> None:
    row = {"indicator": INCOME, "n": 12, "difference": 0.04, "precision_low": 0.03, "precision_high": 0.05,
           "spread_low": 0.0, "spread_high": 0.1, "share_equal": 0.0, "share_better": 1.0,
           "share_worse": 0.0}  # fmt: skip
    assert (Verdict.of(row).direction, Verdict.of(row).word) == ("higher", "small")
    assert Verdict.of(pd.Series(row | {"n": 9})).word == "few"
    assert Verdict.of(row | {"share_better": 0.6}).word == "unclear"
    assert Verdict.of({key: value for key, value in row.items() if key != "indicator"}).word == "higher"


def test_levels_by_year_begin_before_the_start_and_end_at_the_horizon(results: Results) -> None:
    found = rows.years_rows(results, Words("zh"))
    assert found["years"][0] == results.years[0] and found["years"][-1] == results.horizon
    assert all(len(line["cells"]) == len(found["years"]) for line in found["rows"])


def test_a_future_has_no_pool_where_no_year_has_a_member() -> None:
    members = {("a", "pool_members"): [[0.0, 1, 0], [0, 0, 0]]}
    assert sources.without_pool(study(members, (2023, 2024, 2025)), "a").tolist() == [False, True]


def test_unclear_is_small_only_where_both_ends_are() -> None:
    row = {"indicator": "income_operating_mean", "verdict": "unclear", "difference": 0.0, "spread_low": -0.01}
    assert [Verdict.of(row | {"spread_high": high}).word for high in (0.01, 1.0)] == ["small", "unclear"]
    assert half_width({"precision_low": 1.0, "precision_high": 3.0}) == 1

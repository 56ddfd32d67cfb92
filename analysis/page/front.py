"""Page one: the question, the findings, what would change them and what to do next; none says more than the runs show.

Each piece is a function of its own, for the report, the workbook and the brief.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.answers import budget, doubts, inputs, league, question, recommendations, same_cost, sources
from analysis.answers.telling import (
    FEW_NAMES,
    MOST_NAMES,
    changed_by,
    compare_income,
    listed,
    mean_of,
    named,
    quoted,
    start_name,
)
from analysis.data import effects, money
from analysis.data.effects import HEADLINE, PROFIT, TURNOVER
from analysis.data.results import Results
from analysis.page import structures
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import FEW, Verdict

LARGE_PART = 0.4
"""Share of the reference's cost from which page one names the dearest lever."""
MAIN_PART = 2 / 3
"""Share of a gain from which it is said to come mainly from one part."""


def asked(results: Results, words: Words) -> str:
    """What is asked, for one strategy or several."""
    key = "question_text" if results.others else "question_text_single"
    participation = words("question_participation") if results.has("participation") else ""
    return words(key, count=len(results.strategies), n=results.n, year=results.horizon, participation=participation)


def summary(results: Results, words: Words) -> list[str]:
    """The findings of page one, a text each."""
    lines = [*budget.sentences(results, words), levels(results, words), stood_in(results, words)]
    if declining(results):
        lines.append(words("self_finance"))
    if results.others:
        lines += policies(results, words)
        lines += [gain_sources(results, words), cost(results, words)]
        lines += [equal_money(results, words), first_places(results, words)]
        lines.append(structures.front(results, words))
    lines.append(aim_sentence(results, words))
    if recommendations.in_study(results):
        lines.append(words("sheet_front", section=words("section_sheet"), file=recommendations.PAGE))
    return [line for line in lines if line]


# Levels ---------------------------------------------------------------------------------------------------------


def held(results: Results) -> list[str]:
    """Incomes that the study holds, profit first."""
    return [name for name in HEADLINE if results.has(name)]


def decline(results: Results, indicator: str) -> Mapping[str, float] | None:
    """How an income moves without any measure, last year against first; None where that was not run."""
    key = results.without_measures
    if key is None or not results.has(indicator):
        return None
    values = results.values(key, indicator).dropna()
    first, last = (values[year].to_numpy() for year in (values.columns[0], results.horizon))
    return effects.paired_summary(last, first) | {"first_year": int(values.columns[0])}


def declining(results: Results) -> bool:
    """Whether profit and turnover clearly fall without measures."""
    found = [decline(results, name) for name in held(results)]
    return bool(found) and all(row is not None and Verdict.of(row).word == "lower" for row in found)


def levels(results: Results, words: Words) -> str | None:
    """Where the reference leads by profit and by operating income, and where no measures do."""
    if not held(results):
        return None
    parts = [words("front_level", **course(results, name, words)) for name in held(results)]
    incomplete = results.strategy(results.reference).get("incomplete")
    text = words(
        "front_levels", reference=quoted(results, results.reference, words),
        note=words("reference_incomplete") if incomplete else "", year=results.horizon,
        first_year=int(results.values(results.reference, held(results)[0]).columns[0]),
        parts=words("semicolon").join(parts), range=words.spread_name(results.n),
    )  # fmt: skip
    if results.without_measures in (None, results.reference):
        return text
    lost = [words("front_fall", **fall(results, name, words)) for name in held(results)]
    return text + words("gap") + words("front_without", year=results.horizon, parts=words("semicolon").join(lost))


def course(results: Results, indicator: str, words: Words) -> dict[str, str]:
    """An income of the reference at the start and at the horizon, in words."""
    values = results.values(results.reference, indicator).dropna()
    last = values[results.horizon].to_numpy()
    return {
        "measure": words(f"headline_{indicator}"),
        "first": words.with_unit("income", values.iloc[:, 0].mean(), half=half_of(values.iloc[:, 0])),
        "last": mean_of(results, results.reference, indicator, words),
        "span": words.span("income", *effects.spread(last)),
    }


def fall(results: Results, indicator: str, words: Words) -> dict[str, Any]:
    """An income at the horizon without any measure, and in how many futures it is lower than at the start."""
    found = decline(results, indicator) or {}
    return {
        "measure": words(f"outcome_{indicator}"),
        "last": mean_of(results, str(results.without_measures), indicator, words),
        "count": round(found["share_worse"] * found["n"]), "n": int(found["n"]), "first_year": found["first_year"],
    }  # fmt: skip


def level_of(results: Results, key: str, words: Words) -> str:
    """Profit and operating income of a strategy at the horizon."""
    told = {words(f"outcome_{name}"): mean_of(results, key, name, words) for name in held(results)}
    return words.join([words("named_value", name=name, value=value) for name, value in told.items()])


def stood_in(results: Results, words: Words) -> str:
    """What of another place stands in for what is not known of the district."""
    names = [str(told[words.lang]) for told in results.manifest.get("district", {}).get("stand_ins", {}).values()]
    return words("front_stood_in", names=words.join(names)) if names else ""


def drift_apart(results: Results, words: Words) -> str | None:
    """What the mean hides without any measure: the village in the middle, villages at zero, assets, profit."""
    shown = {
        "median": ("income_operating_median", "income"),
        "zero": ("villages_zero_operating", "villages"),
        "capital": ("capital_mean", "income"),
    }
    key = results.without_measures
    if key is None or not all(results.has(name) for name, _ in shown.values()):
        return None
    values = {}
    for label, (name, kind) in shown.items():
        table = results.values(key, name).dropna(axis=1)
        write = words.amount if kind == "villages" else words.with_unit
        for end, year in (("first", table.columns[0]), ("last", results.horizon)):
            half = half_of(table[year])
            values[f"{label}_{end}"] = write(kind, float(table[year].mean()), half=half)
    return words("drift_apart", **values)


# What policies do -------------------------------------------------------------------------------------------------


def change_of(row: Mapping[str, Any], words: Words, turnover: Mapping[str, Any] | None = None) -> str:
    """One effect in a few words, with the effect on turnover in brackets."""
    n, upward = int(row["n"]), row["direction"] >= 0
    share = row["share_better" if upward != (row["verdict"] == "lower") else "share_worse"]
    beside = "" if turnover is None else words("front_change_turnover", value=changed_by(turnover, words, unit=True))
    return words(
        f"front_change_{row['verdict']}", value=changed_by(row, words, signed=False, unit=True),
        signed=changed_by(row, words, unit=True), turnover=beside, count=round(share * n), n=n,
    )  # fmt: skip


def policies(results: Results, words: Words) -> list[str]:
    """What each policy does to mean profit and turnover; one sentence on all of them where they are many."""
    rows = {key: effects.row(results, key, PROFIT, results.horizon) for key in same_cost.policies(results)}
    keys = [key for key, row in rows.items() if row is not None]
    if len(keys) > MOST_NAMES:
        text = words("sentence", text=compare_income(results, words))
        return [text, *largest_changes(results, words, keys), order(results, words)]
    parts = []
    for key in keys:
        change = change_of(rows[key], words, effects.row(results, key, TURNOVER, results.horizon))
        parts.append(words("front_income", strategy=quoted(results, key, words), change=change))
    reference = quoted(results, results.reference, words)
    told = {"reference": reference, "year": results.horizon, "parts": words("semicolon").join(parts)}
    return [words("gap").join(filter(None, [words("front_incomes", **told), order(results, words)]))] if parts else []


def order(results: Results, words: Words) -> str:
    """Policies that turnover puts elsewhere than profit does, in its order; of many, among the first few."""
    found = []
    for name in HEADLINE:
        rows = {key: effects.row(results, key, name, results.horizon) for key in same_cost.policies(results)}
        size = {key: float(row["difference"]) for key, row in rows.items() if row is not None}
        found.append(sorted(size, key=lambda key: -size[key])[:MOST_NAMES])
    if found[0] == found[1] or not all(found):
        return ""
    moved = [key for place, key in enumerate(found[1]) if key != found[0][place]]
    return words("front_other_order", names=words.join([quoted(results, key, words) for key in moved]))


def largest_changes(results: Results, words: Words, keys: list[str]) -> list[str]:
    """The strategies that clearly raise and lower mean profit most, with their values."""
    rows = [effects.row(results, key, PROFIT, results.horizon) for key in keys]
    parts = []
    for word, sign in (("higher", -1), ("lower", 1)):
        clear = [row for row in rows if row is not None and Verdict.of(row).word == word]
        first = sorted(clear, key=lambda row: sign * row["difference"])[:FEW_NAMES]
        if first:
            told = {row["strategy"]: changed_by(row, words, unit=True) for row in first}
            names = [words("named_value", name=quoted(results, key, words), value=told[key]) for key in told]
            parts.append(words(f"front_most_{word}", names=words.join(names)))
    return [words("gap").join(parts)] if parts else []


def gain_sources(results: Results, words: Words) -> str | None:
    """Whether gains come from the villages' own projects or from payouts and fees; from learning, where villages do."""
    found = sources.table(results)
    found = found[found["strategy"].isin(same_cost.policies(results))]
    if found.empty:
        return None
    most = found.loc[found["paid_share"].idxmax()]
    mainly = "own" if most["paid_share"] < 1 - MAIN_PART else "mixed"
    share, name = words.percent(max(most["paid_share"], 0.0)), quoted(results, most["strategy"], words)
    parts = [words(f"sources_{mainly}", share=share, name=name)]
    learning = [row for _, row in found.iterrows() if row["learns"]]
    return words("gap").join(parts + [learnt(results, words, row) for row in learning[:1]])


def learnt(results: Results, words: Words, row: Mapping[str, Any]) -> str:
    """A strategy under which villages learn: what pools pay of its gain, and what is gained without any pool."""
    text = words(
        "sources_learning" if row["pools"] / row["gain"] < 1 - MAIN_PART else "sources_learning_too",
        name=quoted(results, row["strategy"], words),
        gain=words.with_unit("income", row["gain"], half=row["gain_half"]),
        pools=words.with_unit("income", row["pools"], half=row["pools_half"]),
        share=words.percent(row["pools"] / row["gain"]),
        ability=words.number(row["ability_mean"], 2, signed=True),
    )
    if row["without_pool"] != row["without_pool"]:
        return text
    value = words.with_unit("income", row["without_pool"], signed=True, half=row["gain_half"])
    count = int(row["without_pool_n"])
    return text + words("gap") + words("sources_without_pool", count=count, n=int(row["n"]), value=value)


def cost(results: Results, words: Words) -> str | None:
    """Public cost of the reference as a yearly mean and as a sum, each named, and what the others cost more."""
    if not results.has("public_cost") or results.equal_to:
        return None
    base = results.reference
    more = {key: money.a_year(results, key) - money.a_year(results, base) for key in same_cost.policies(results)}
    halves = {key: half_of(values) for key, values in more.items()}
    means = {key: float(values.mean()) for key, values in more.items()}
    of_mean = {value: halves[key] for key, value in means.items()}
    parts = listed(results, words, means, lambda value: words.with_unit("money", value, True, of_mean[value]))
    mean, total = money.a_year(results, base), money.present_value(results, base, "public_cost")
    return words(
        "front_cost", reference=quoted(results, results.reference, words),
        mean=words.with_unit("money", mean.mean(), half=half_of(mean)),
        sum=words.with_unit("money", total.mean(), half=half_of(total)), first=results.start_year,
        last=results.horizon, rate=f"{100 * results.discount_rate:g}%",
        more=words("front_cost_more", parts=parts) if more else "",
    )  # fmt: skip


def equal_money(results: Results, words: Words) -> str | None:
    """Which policies do more than the same money as grants, by mean profit, and where turnover says otherwise."""
    if same_cost.grants(results) is None or not same_cost.answers(results, PROFIT):
        return None
    return words("sentence", text=same_cost.title(results, words))


def first_places(results: Results, words: Words) -> str | None:
    """Which strategy is first most often by either income, and whether it stands alone.

    Net benefit ranks nobody here: it leaves out what public services and roads are for.
    """
    table = league.table(results)
    if not set(HEADLINE) <= set(table["indicator"]) or int(table["n"].iloc[0]) < FEW:
        return None
    values: dict[str, str] = {}
    for prefix, indicator in (("", PROFIT), ("turnover_", TURNOVER)):
        rows = table[table["indicator"] == indicator]
        most = rows.loc[rows["best"].idxmax()]
        values[f"{prefix}first"] = quoted(results, most["strategy"], words)
        values[f"{prefix}count"] = words.futures(most["best"], int(most["n"]))
    names = [str(key) for key in table[(table["indicator"] == PROFIT) & table["beside"]]["strategy"]]
    if len(names) == 1:
        beside = words("front_best_alone", name=quoted(results, names[0], words))
    else:
        beside = words("front_best_beside", names=named(results, names, words))
    return words("front_best", beside=beside, **values)


def aim_sentence(results: Results, words: Words) -> str | None:
    """Whether the aim of the district's own report is met by each of the three incomes, from each start."""
    table, parts = question.table(results), []
    for start, rows in table.groupby("start", sort=False):
        counts = [
            words("named_value", name=words(f"short_{row['measure']}"),
                  value=words("futures_short", count=int(row["reached"]), n=int(row["n"])))
            for _, row in rows.drop_duplicates("measure").iterrows()
        ]  # fmt: skip
        parts.append(words("aim_part", start=start_name(str(start), words), counts=words.join(counts)))
    if not parts:
        return None
    first = table.iloc[0]
    return words(
        "front_question", district=str(results.manifest.get("district", {}).get(words.lang, "")),
        aim=int(first["target"]), year=int(first["year"]), parts=words("semicolon").join(parts),
    )  # fmt: skip


def half_of(values: pd.Series) -> float:
    """Half the width of the 95 % interval of a mean over futures."""
    return effects.half_width(values.dropna().to_numpy())


# What would change it ---------------------------------------------------------------------------------------------


def leader(table: pd.DataFrame, indicator: str, criterion: str) -> str | None:
    """The one strategy that a criterion puts first."""
    first = table["first_by"].astype(str).str.split().map(lambda names: criterion in names)
    rows = table[(table["indicator"] == indicator) & first]
    return str(rows["strategy"].iloc[0]) if len(rows) == 1 else None


def would_change(results: Results, words: Words) -> list[str]:
    """What would change the answer: the measure, the view of risk, deciding parameters, the money, the assumptions."""
    if not results.others:
        return assumed(results, words)
    table, lines = league.table(results), []
    if len(table) and int(table["n"].iloc[0]) >= FEW:
        firsts = [leader(table, indicator, "mean") for indicator in HEADLINE]
        if None not in firsts:
            key = "front_same_measure" if len(set(firsts)) == 1 else "front_by_measure"
            names = {"name": quoted(results, str(firsts[0]), words), "turnover": quoted(results, str(firsts[1]), words)}
            lines.append(words(key, **names))
        mean, worst = (leader(table, PROFIT, criterion) for criterion in ("mean", "worst_decile"))
        if mean and worst and mean != worst:
            names = {"mean": quoted(results, mean, words), "worst": quoted(results, worst, words)}
            lines.append(words("front_by_criterion", **names))
    lines += doubts.deciding(results, words)
    lines += [not_counted(results, words)] if results.has("public_cost") else []
    if results.has("public_cost") and not results.equal_to:
        extra = {key: money.a_year(results, key) - money.a_year(results, results.reference) for key in results.others}
        dear = max(results.others, key=lambda key: extra[key].mean())
        if extra[dear].mean() > 0:
            value = words.with_unit("money", extra[dear].mean(), half=half_of(extra[dear]))
            lines.append(words("front_money", dear=quoted(results, dear, words), value=value))
    return lines + assumed(results, words)


def assumed(results: Results, words: Words) -> list[str]:
    """How many parameters have no source."""
    count, of = inputs.without_source(results)
    return [words("front_assumed", assumed=count, count=of)] if of else []


def not_counted(results: Results, words: Words) -> str:
    """Why net benefit ranks nothing: what the reference's dearest lever does is not in it."""
    cost = money.by_lever(results).get(results.reference, pd.Series(dtype=float))
    if not cost.sum() > 0 or cost.max() < LARGE_PART * cost.sum():
        return words("net_benefit_note")
    return words(
        "front_largest_cost",
        reference=quoted(results, results.reference, words),
        lever=results.lever_name(str(cost.idxmax()), words.lang),
        share=words.percent(float(cost.max() / cost.sum())),
    )


# What to do next --------------------------------------------------------------------------------------------------


def next_steps(results: Results, words: Words) -> list[str]:
    """What a reader can do next, the most useful first; each follows from this study's own results."""
    lines = [words("next_few", n=results.n, enough=100)] if results.n < 100 else []
    deciding = doubts.named_parameters(results)
    if len(deciding):
        name = doubts.parameter_name(results, deciding["parameter"].iloc[0], words)
        strategy = quoted(results, deciding["strategy"].iloc[0], words)
        lines.append(words("next_parameter", parameter=name, strategy=strategy))
    table = league.table(results)
    beside = [str(key) for key in table[(table["indicator"] == PROFIT) & table["beside"]]["strategy"]]
    if len(beside) > 1 and results.n >= FEW:
        lines.append(words("next_beside", names=named(results, beside, words)))
    if not inputs.own_columns(results) and not results.manifest.get("district", {}).get("synthetic"):
        lines.append(words("next_own_data"))
    if recommendations.listed(results) and not recommendations.in_study(results):
        lines.append(words("sheet_not_run", command=recommendations.COMMAND))
    return lines

"""Sentences of page one, from numbers; none claims more than the runs show."""

from __future__ import annotations

import pandas as pd

from analysis.answers import budget, doubts, inputs, league, question, recommendations, same_cost
from analysis.answers.telling import FEW_NAMES, MOST_NAMES, compare_all, grouped, named, quoted
from analysis.data import effects, money
from analysis.data.results import Results
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import CLEAR_SHARE, FEW, SMALL

INCOME = "income_operating_mean"
LARGE_PART = 0.4
"""Share of the reference's cost from which page one names the dearest lever."""
LEAGUE = {"": INCOME, "profit_": "income_profit_mean", "net_": "net_benefit"}


def decline(results: Results) -> dict[str, float] | None:
    """How mean operating income moves without any measure; None where that strategy was not run."""
    key = results.without_measures
    if key is None or not results.has("income_operating_mean"):
        return None
    values = results.values(key, "income_operating_mean").dropna()
    first = values.columns[0]
    fall = (values[results.horizon] < values[first]).mean()
    low, high = effects.spread(values[results.horizon].to_numpy())
    return {
        "first_year": int(first),
        "first": float(values[first].mean()),
        "last": float(values[results.horizon].mean()),
        "low": low,
        "high": high,
        "share": float(fall),
        "n": len(values),
    }


def declining(found: dict[str, float] | None) -> bool:
    """Whether income falls without measures in at least two thirds of the futures (and enough were run)."""
    return bool(found and found["n"] >= FEW and found["share"] >= CLEAR_SHARE and found["last"] < found["first"])


def drift_apart(results: Results, words: Words) -> str | None:
    """What the mean hides without any measure: the village in the middle, villages at zero, assets, profit."""
    shown = {
        "median": ("income_operating_median", "income"),
        "zero": ("villages_zero_operating", "villages"),
        "capital": ("capital_mean", "income"),
        "profit": ("income_profit_mean", "income"),
    }
    key = results.without_measures
    if key is None or not all(results.has(name) for name, _ in shown.values()):
        return None
    values = {}
    for label, (name, kind) in shown.items():
        table = results.values(key, name).dropna(axis=1)
        write = words.amount if kind == "villages" else words.with_unit
        values[f"{label}_first"] = write(kind, float(table.iloc[:, 0].mean()))
        values[f"{label}_last"] = write(kind, float(table[results.horizon].mean()))
    return words("drift_apart", **values)


def pools_sentence(results: Results, words: Words, key: str) -> str | None:
    """How far pooled projects carry a strategy of joint building; None where there are none."""
    if not results.has("pool_members") or not results.has("pool_payout_mean"):
        return None
    members = results.at(key, "pool_members", results.horizon)
    if not members.max() > 0:
        return None
    return words(
        "pools_sentence",
        year=results.horizon,
        members=words.amount("villages", float(members.mean())),
        payout=words.with_unit("income", float(results.at(key, "pool_payout_mean", results.horizon).mean())),
        count=int((members == 0).sum()),
        n=len(members),
    )


def without(results: Results, words: Words) -> str | None:
    """Where income goes without any measure, and where the reference leads."""
    found = decline(results)
    if found is None or results.reference == "none":
        return None
    last = results.at(results.reference, INCOME, results.horizon).dropna().to_numpy()
    n = int(found["n"])
    incomplete = results.strategy(results.reference).get("incomplete")
    return words(
        "front_without",
        first_year=found["first_year"],
        first=words.with_unit("income", found["first"]),
        year=results.horizon,
        last=words.with_unit("income", found["last"]),
        count=round(found["share"] * n),
        n=n,
        reference=quoted(results, results.reference, words),
        note=words("reference_incomplete") if incomplete else "",
        reference_last=words.with_unit("income", float(last.mean())),
        span=words.within("income", effects.spread(last), len(last)),
    )


def reference_sentence(results: Results, words: Words) -> str | None:
    """Where the reference leads."""
    if not results.has("income_operating_mean"):
        return None
    values = results.values(results.reference, "income_operating_mean").dropna()
    last = values[results.horizon].to_numpy()
    low, high = effects.spread(last)
    incomplete = results.strategy(results.reference).get("incomplete")
    return words(
        "reference_sentence",
        reference=quoted(results, results.reference, words),
        note=words("reference_incomplete") if incomplete else "",
        year=results.horizon,
        first_year=int(values.columns[0]),
        first=words.with_unit("income", float(values.iloc[:, 0].mean())),
        last=words.with_unit("income", float(last.mean())),
        span=words.within("income", (low, high), len(values)),
    )


def change_of(row: pd.Series, words: Words) -> str:
    """One effect in a few words."""
    kind, n = kind_of(row["indicator"]), int(row["n"])
    upward = row["direction"] >= 0
    share = row["share_better" if upward != (row["verdict"] == "lower") else "share_worse"]
    return words(
        f"front_change_{row['verdict']}",
        value=words.with_unit(kind, abs(row["difference"])),
        signed=words.with_unit(kind, row["difference"], signed=True),
        count=round(share * n),
        n=n,
    )


def policies(results: Results, words: Words) -> list[str]:
    """What each policy does to mean operating income; one sentence on all of them where they are many."""
    keys = [
        key for key in same_cost.policies(results) if effects.row(results, key, INCOME, results.horizon) is not None
    ]
    if len(keys) > MOST_NAMES:
        text = compare_all(results, words, INCOME, words(f"indicator_{INCOME}"))
        return [words("sentence", text=text), *largest_changes(results, words, keys)]
    parts = []
    for key in keys:
        row = effects.row(results, key, INCOME, results.horizon)
        if row is not None:
            parts.append(words("front_income", strategy=quoted(results, key, words), change=change_of(row, words)))
    return [words("front_incomes", parts=words("semicolon").join(parts))] if parts else []


def largest_changes(results: Results, words: Words, keys: list[str]) -> list[str]:
    """The strategies that clearly raise and lower mean operating income most, with their values."""
    rows = [effects.row(results, key, INCOME, results.horizon) for key in keys]
    parts = []
    for verdict, sign in (("higher", -1), ("lower", 1)):
        clear = [row for row in rows if row is not None and row["verdict"] == verdict]
        clear = [row for row in clear if abs(row["difference"]) >= SMALL["income"]]
        first = sorted(clear, key=lambda row: sign * row["difference"])[:FEW_NAMES]
        if first:
            names = [
                words("named_value", name=quoted(results, row["strategy"], words),
                      value=words.with_unit("income", row["difference"], signed=True))
                for row in first
            ]  # fmt: skip
            parts.append(words(f"front_most_{verdict}", names=words.join(names)))
    return [words("gap").join(parts)] if parts else []


def equal_money(results: Results, words: Words) -> str | None:
    """Which policies do more than the same money as grants, by mean operating income."""
    table = same_cost.table(results)
    rows = table[table["indicator"] == INCOME]
    if same_cost.grants(results) is None or rows.empty:
        return None
    answers = {row["strategy"]: same_cost.answer(row) for _, row in rows.iterrows()}
    return words("sentence", text=words("title_same_cost", parts=grouped(results, words, answers)))


def first_places(results: Results, words: Words) -> str | None:
    """Which strategy is first most often, by three measures, and whether it stands alone."""
    table = league.table(results)
    if not set(LEAGUE.values()) <= set(table["indicator"]) or int(table["n"].iloc[0]) < FEW:
        return None
    values: dict[str, str] = {}
    for prefix, indicator in LEAGUE.items():
        rows = table[table["indicator"] == indicator]
        most = rows.loc[rows["best"].idxmax()]
        values[f"{prefix}first"] = quoted(results, most["strategy"], words)
        values[f"{prefix}count"] = words.futures(most["best"], int(most["n"]))
    rows = table[(table["indicator"] == INCOME) & table["beside"]]
    names = [str(key) for key in rows["strategy"]]
    beside = (
        words("front_best_alone", name=quoted(results, names[0], words))
        if len(names) == 1
        else words("front_best_beside", names=named(results, names, words))
    )
    return words("front_best", beside=beside, **values)


def leader(table: pd.DataFrame, indicator: str, criterion: str) -> str | None:
    """The one strategy that a criterion puts first."""
    first = table["first_by"].astype(str).str.split().map(lambda names: criterion in names)
    rows = table[(table["indicator"] == indicator) & first]
    return str(rows["strategy"].iloc[0]) if len(rows) == 1 else None


def would_change(results: Results, words: Words, sections: dict[str, int]) -> list[str]:
    """What would change the answer: the measure, the view of risk, deciding parameters, the money, the assumptions."""
    table, lines = league.table(results), []
    if len(table) and int(table["n"].iloc[0]) >= FEW:
        firsts = [leader(table, indicator, "mean") for indicator in LEAGUE.values()]
        if None not in firsts:
            key = "front_same_measure" if len(set(firsts)) == 1 else "front_by_measure"
            text = words(key, name=quoted(results, str(firsts[0]), words))
            lines.append(text + words("gap") + words("net_benefit_note"))
        mean, worst = (leader(table, INCOME, criterion) for criterion in ("mean", "worst_decile"))
        if mean and worst and mean != worst:
            names = {"mean": quoted(results, mean, words), "worst": quoted(results, worst, words)}
            lines.append(words("front_by_criterion", **names))
    lines += doubts.deciding(results, words)
    lines += largest_cost(results, words)
    if results.has("public_cost") and results.others and not results.equal_to:
        extra = {key: money.yearly_mean(results, key, "public_cost") for key in results.strategies}
        dear = max(results.others, key=lambda key: extra[key])
        more = extra[dear] - extra[results.reference]
        if more > 0:
            value = words.with_unit("money", more)
            lines.append(words("front_money", dear=quoted(results, dear, words), value=value))
    parameters = results.manifest.get("parameters", [])
    if parameters:
        assumed = sum(inputs.is_assumed(row.get("source")) for row in parameters)
        section = sections.get("parameters", "")
        lines.append(words("front_assumed", assumed=assumed, count=len(parameters), section=section))
    return lines


def largest_cost(results: Results, words: Words) -> list[str]:
    """The lever that takes most of the reference's money, where that is a large part: it weighs on net benefit."""
    if results.reference not in money.by_lever(results):
        return []
    cost = money.by_lever(results)[results.reference]
    if not cost.sum() > 0 or cost.max() < LARGE_PART * cost.sum():
        return []
    return [
        words(
            "front_largest_cost",
            reference=quoted(results, results.reference, words),
            lever=results.lever_name(str(cost.idxmax()), words.lang),
            share=words.percent(float(cost.max() / cost.sum())),
        )
    ]


def aim_sentence(results: Results, words: Words, sections: dict[str, int]) -> str | None:
    """Whether the district's own aim is met, by operating income from the first start."""
    table = question.table(results)
    rows = table[table["measure"] == "operating"]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return words(
        "front_question",
        aim=int(row["target"]),
        year=int(row["year"]),
        count=int(row["reached"]),
        n=int(row["n"]),
        section=sections.get("trajectories", ""),
    )


def summary(results: Results, words: Words, sections: dict[str, int]) -> list[str]:
    """The answer in a few sentences."""
    lines = [*budget.sentences(results, words), without(results, words)]
    if declining(decline(results)):
        lines.append(words("self_finance"))
    if results.others:
        lines += policies(results, words)
        lines += [equal_money(results, words), first_places(results, words)]
    else:
        lines.append(reference_sentence(results, words))
    lines.append(aim_sentence(results, words, sections))
    if "sheet" in sections:
        lines.append(words("sheet_front", section=sections["sheet"], file=recommendations.PAGE))
    return [line for line in lines if line]

"""Plain sentences from numbers; none claims more than the runs show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import effects
from analysis.findings import Findings
from analysis.labels.catalogue import Words, kind_of

DECLINE_SHARE = 2 / 3


def start_name(key: str, words: Words) -> str:
    """Name of an initial condition."""
    return words(f"start_{key}") if words.has(f"start_{key}") else key.replace("_", " ")


def quoted(findings: Findings, key: str, words: Words) -> str:
    """Name of a strategy in quotation marks."""
    return words("quoted", name=findings.results.name(key, words.lang))


def effect_sentence(row: pd.Series, words: Words, strategy: str, subject: str) -> str:
    """One effect in plain words; says that it cannot be told apart where that is so.

    Args:
        row: a row of the effects table.
        words: the language.
        strategy: quoted name of the strategy.
        subject: what is compared, such as "mean operating income per village in 2035".
    """
    kind, n = kind_of(row["indicator"]), int(row["n"])
    share = row["share_better"] if row["direction"] >= 0 else row["share_worse"]
    if row["verdict"] == "lower":
        share = row["share_worse"] if row["direction"] >= 0 else row["share_better"]
    values = {
        "strategy": strategy,
        "subject": subject,
        "change": words.with_unit(kind, abs(row["difference"])),
        "signed": words.with_unit(kind, row["difference"], signed=True),
        "span": words.within(kind, (row["spread_low"], row["spread_high"]), n, signed=True),
        "count": round(share * n),
        "n": n,
    }
    return words(f"effect_{row['verdict']}", **values)


def compare_all(findings: Findings, words: Words, indicator: str, subject: str) -> str:
    """One sentence on all strategies: which are higher, which lower, which cannot be told apart."""
    results = findings.results
    groups: dict[str, list[str]] = {"higher": [], "lower": [], "unclear": [], "same": [], "few": []}
    for key in results.others:
        row = findings.effect(key, indicator, results.horizon)
        if row is not None:
            groups[row["verdict"]].append(quoted(findings, key, words))
    if not any(groups.values()):
        return words("only_levels", subject=subject, years=f"{results.years[0]}–{results.horizon}")
    if groups["few"]:
        return words("few_title", subject=subject, n=results.n)
    parts = [words(f"group_{name}", names=words.join(members)) for name, members in groups.items() if members]
    reference = quoted(findings, results.reference, words)
    return words(
        "compare_all",
        subject=subject,
        year=results.horizon,
        reference=reference,
        parts=words("semicolon").join(parts),
    )


def title_forest(findings: Findings, words: Words) -> str:
    """Effects at a glance: how many strategies can be told apart."""
    return compare_all(findings, words, "income_operating_mean", words("indicator_income_operating_mean"))


def title_ridge(findings: Findings, words: Words) -> str:
    """Shares of villages below the line of 10 万元."""
    parts = [
        words("named_value", name=quoted(findings, key, words), value=words.percent(share))
        for key, share in findings.shares["below_10"].items()
    ]
    return words("title_ridge", year=findings.results.horizon, parts=words.join(parts))


def title_winners(findings: Findings, words: Words) -> str:
    """Shares of villages with less income than under the reference."""
    table = findings.winners["operating"]
    parts = [
        words("named_value", name=quoted(findings, row["strategy"], words), value=words.percent(row["lose"]))
        for _, row in table.iterrows()
    ]
    return words(
        "title_winners",
        reference=quoted(findings, findings.results.reference, words),
        parts=words.join(parts),
    )


def title_tiers(findings: Findings, words: Words) -> str:
    """Difference for villages that started lowest and highest."""
    parts = []
    for key, rows in findings.tiers.groupby("strategy", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        low, high = (words.amount("income", row["difference"], signed=True) for row in (first, last))
        parts.append(words("tier_pair", name=quoted(findings, key, words), low=low, high=high))
    return words("title_tiers", parts=words("semicolon").join(parts), unit=words.unit("income"))


def title_inequality(findings: Findings, words: Words) -> str:
    """Which strategies make villages more or less unequal."""
    if not findings.results.others:
        value = words.number(findings.equity["gini"].iloc[0], 2)
        return words("title_gini_single", value=value, year=findings.results.horizon)
    return compare_all(findings, words, "income_operating_gini", words("gini"))


def title_funnel(findings: Findings, words: Words) -> str:
    """Participation compared; no level is stated as fact."""
    if not findings.results.others:
        return words("title_funnel_single")
    return compare_all(findings, words, "participation", words("indicator_participation"))


def title_payers(findings: Findings, words: Words) -> str:
    """Public cost a year, smallest and largest."""
    totals = findings.payers.sum(axis=1).sort_values()
    low, high = totals.index[0], totals.index[-1]
    if low == high:
        return words("title_payers_single", value=words.with_unit("money", totals.iloc[0]))
    return words(
        "title_payers",
        low=words.with_unit("money", totals.iloc[0]),
        high=words.with_unit("money", totals.iloc[-1]),
        cheap=quoted(findings, low, words),
        dear=quoted(findings, high, words),
    )


def title_levers(findings: Findings, words: Words) -> str:
    """The levers that cost most under the reference."""
    results = findings.results
    column = findings.levers[results.reference].sort_values(ascending=False)
    column = column[column > 0].head(2)
    if column.empty:
        return words("title_levers_none", reference=quoted(findings, results.reference, words))
    parts = [
        words("named_value", name=results.lever_name(key, words.lang), value=words.with_unit("money", value))
        for key, value in column.items()
    ]
    return words("title_levers", reference=quoted(findings, results.reference, words), parts=words.join(parts))


def title_plane(findings: Findings, words: Words) -> str:
    """Net benefit compared."""
    return compare_all(findings, words, "net_benefit", words("indicator_net_benefit"))


def title_convergence(findings: Findings, words: Words) -> str:
    """How exactly n futures fix the mean differences."""
    rows = [findings.effect(key, "income_operating_mean") for key in findings.results.others]
    found = [row for row in rows if row is not None]
    half = max((row["precision_high"] - row["precision_low"]) / 2 for row in found)
    return words("title_convergence", n=int(found[0]["n"]), half=words.with_unit("income", half))


def title_aim(findings: Findings, words: Words) -> str:
    """In how many futures the aim is met at the end of the first asked year, by measure and start."""
    table = findings.question
    first = table[table["year"] == table["year"].min()]
    parts = []
    for start, rows in first.groupby("start", sort=False):
        counts = [f"{words('short_' + row['measure'])} {row['reached']}" for _, row in rows.iterrows()]
        parts.append(
            words(
                "aim_part",
                start=words(f"start_short_{start}")
                if words.has(f"start_short_{start}")
                else start_name(str(start), words),
                counts=words.join(counts),
            )
        )
    row = first.iloc[0]
    return words("title_aim", year=row["year"], aim=row["target"], n=row["n"], parts=words("semicolon").join(parts))


def decline(findings: Findings) -> dict[str, float] | None:
    """How mean operating income moves without any measure; None where that strategy was not run."""
    results = findings.results
    if "none" not in results.strategies or not results.has("income_operating_mean"):
        return None
    values = results.values("none", "income_operating_mean").dropna()
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
    return bool(
        found and found["n"] >= effects.FEW and found["share"] >= DECLINE_SHARE and found["last"] < found["first"]
    )


def no_measures(findings: Findings, words: Words) -> str | None:
    """What happens without any measure."""
    found = decline(findings)
    if found is None:
        return None
    n = int(found["n"])
    values = {
        "year": findings.results.horizon,
        "first_year": found["first_year"],
        "first": words.with_unit("income", found["first"]),
        "last": words.with_unit("income", found["last"]),
        "span": words.within("income", (found["low"], found["high"]), n),
        "count": round(found["share"] * n),
        "n": n,
    }
    return words("no_measures", **values)


def drift_apart(findings: Findings, words: Words) -> str | None:
    """What the mean hides without any measure: the village in the middle, villages at zero, assets, profit."""
    results = findings.results
    shown = {
        "median": ("income_operating_median", "income"),
        "zero": ("villages_zero_operating", "villages"),
        "capital": ("capital_mean", "income"),
        "profit": ("income_profit_mean", "income"),
    }
    if "none" not in results.strategies or not all(results.has(name) for name, _ in shown.values()):
        return None
    values = {}
    for key, (name, kind) in shown.items():
        table = results.values("none", name).dropna(axis=1)
        write = words.amount if kind == "villages" else words.with_unit
        values[f"{key}_first"] = write(kind, float(table.iloc[:, 0].mean()))
        values[f"{key}_last"] = write(kind, float(table[results.horizon].mean()))
    return words("drift_apart", **values)


def pools_sentence(findings: Findings, words: Words, key: str) -> str | None:
    """How far pooled projects carry a strategy of joint building; None where there are none."""
    results = findings.results
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


def reference_sentence(findings: Findings, words: Words) -> str | None:
    """Where the reference leads."""
    results = findings.results
    if not results.has("income_operating_mean"):
        return None
    values = results.values(results.reference, "income_operating_mean").dropna()
    last = values[results.horizon].to_numpy()
    low, high = effects.spread(last)
    incomplete = results.strategy(results.reference).get("incomplete")
    return words(
        "reference_sentence",
        reference=quoted(findings, results.reference, words),
        note=words("reference_incomplete") if incomplete else "",
        year=results.horizon,
        first_year=int(values.columns[0]),
        first=words.with_unit("income", float(values.iloc[:, 0].mean())),
        last=words.with_unit("income", float(np.mean(last))),
        span=words.within("income", (low, high), len(values)),
    )


def summary(findings: Findings, words: Words, most: int = 3) -> list[str]:
    """Four to six sentences for page one."""
    results = findings.results
    lines = [no_measures(findings, words), drift_apart(findings, words), reference_sentence(findings, words)]
    if declining(decline(findings)):
        lines.insert(1, words("self_finance"))
    subject = words("subject_income", year=results.horizon)
    for key in [key for key in results.others if key != "none"][:most]:
        row = findings.effect(key, "income_operating_mean", results.horizon)
        if row is not None:
            parts = [effect_sentence(row, words, quoted(findings, key, words), subject)]
            pools = pools_sentence(findings, words, key)
            lines.append(words("gap").join(parts + [pools] if pools else parts))
    compared = [key for key in results.others if findings.effect(key, "net_benefit") is not None]
    if compared:
        text = compare_all(findings, words, "net_benefit", words("indicator_net_benefit"))
        lines.append(words("sentence", text=text) + words("gap") + words("net_benefit_note"))
    return [line for line in lines if line]

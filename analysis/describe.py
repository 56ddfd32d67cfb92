"""Plain sentences from numbers; none claims more than the runs show."""

from __future__ import annotations

from collections.abc import Callable

from analysis.effects import UNREACHED
from analysis.findings import Findings
from analysis.labels.catalogue import Words

DECLINE_SHARE = 2 / 3
MOST_NAMES = 5
"""Strategies that a sentence names one by one."""
FEW_NAMES = 3
"""Strategies that a sentence names each with its value."""
ANSWERS = ("better", "worse", "unclear", "same", "few", "cheaper", "grants_cheaper", "missing")
"""What may be said of a policy against the same money as grants, in the order of sentences."""


def start_name(key: str, words: Words) -> str:
    """Name of an initial condition."""
    return words(f"start_{key}") if words.has(f"start_{key}") else key.replace("_", " ")


def quoted(findings: Findings, key: str, words: Words) -> str:
    """Name of a strategy in quotation marks."""
    return words("quoted", name=findings.results.short_name(key, words.lang))


def named(findings: Findings, keys: list[str], words: Words) -> str:
    """Strategies by name, or their number where they are many."""
    if len(keys) > MOST_NAMES:
        return words("strategies_count", count=len(keys))
    return words.join([quoted(findings, key, words) for key in keys])


def grouped(findings: Findings, words: Words, answers: dict[str, str]) -> str:
    """Strategies by what is said of them: a word for each strategy, whose sentence is `group_<word>`."""
    parts = []
    for word in ANSWERS:
        keys = [key for key, found in answers.items() if found == word]
        if keys:
            parts.append(words(f"group_{word}", names=named(findings, keys, words)))
    return words("semicolon").join(parts)


def listed(findings: Findings, words: Words, values: dict[str, float], write: Callable[[float], str]) -> str:
    """A value for every strategy; where they are many, the lowest and the highest."""
    if len(values) <= FEW_NAMES:
        parts = [words("named_value", name=quoted(findings, k, words), value=write(v)) for k, v in values.items()]
        return words.join(parts)
    texts = {key: write(value) for key, value in values.items()}
    low, high = (texts[choose(values, key=lambda key: values[key])] for choose in (min, max))
    if low == high:
        return words("all_alike", value=low)
    few, many = ([key for key, text in texts.items() if text == end] for end in (low, high))
    return words("between", low=low, high=high, few=brief(findings, few, words), many=brief(findings, many, words))


def brief(findings: Findings, keys: list[str], words: Words) -> str:
    """One or two strategies by name, more by number."""
    if len(keys) > 2:
        return words("strategies_count", count=len(keys))
    return words.join([findings.results.short_name(key, words.lang) for key in keys])


def compare_all(findings: Findings, words: Words, indicator: str, subject: str) -> str:
    """One sentence on all strategies: which are higher, which lower, which cannot be told apart."""
    results = findings.results
    groups: dict[str, list[str]] = {name: [] for name in ("higher", "lower", "unclear", "same", UNREACHED, "few")}
    for key in results.others:
        row = findings.effect(key, indicator, results.horizon)
        if row is not None:
            groups[row["verdict"]].append(key)
    if not any(groups.values()):
        return words("only_levels", subject=subject, years=f"{results.years[0]}–{results.horizon}")
    if groups["few"]:
        return words("few_title", subject=subject, n=results.n)
    parts = [
        words(f"group_{name}", names=named(findings, members, words)) for name, members in groups.items() if members
    ]
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
    values = {str(key): float(share) for key, share in findings.shares["below_10"].items()}
    return words("title_ridge", year=findings.results.horizon, parts=listed(findings, words, values, words.percent))


def title_winners(findings: Findings, words: Words) -> str:
    """Shares of villages with less income than under the reference."""
    values = findings.winners["operating"].set_index("strategy")["lose"].to_dict()
    parts = listed(findings, words, values, words.percent)
    return words("title_winners", reference=quoted(findings, findings.results.reference, words), parts=parts)


def two_ends(findings: Findings, words: Words, ends: dict[str, tuple[float, float]], key: str) -> str:
    """Change at the lower and the upper end, in one sentence; where strategies are many, the range at either end."""

    def write(value: float) -> str:
        return words.amount("income", value, signed=True)

    unit = words.unit("income")
    if len(ends) <= FEW_NAMES:
        pairs = [
            words("tier_pair", name=quoted(findings, name, words), low=write(low), high=write(high))
            for name, (low, high) in ends.items()
        ]
        return words(key, unit=unit, parts=words("semicolon").join(pairs))
    low, high = (listed(findings, words, {name: pair[side] for name, pair in ends.items()}, write) for side in (0, 1))
    return words(key, unit=unit, parts=words("both_ends", low=low, high=high))


def title_tiers(findings: Findings, words: Words) -> str:
    """Difference for villages that started lowest and highest."""
    ends = {
        str(key): (float(rows["difference"].iloc[0]), float(rows["difference"].iloc[-1]))
        for key, rows in findings.tiers.groupby("strategy", sort=False)
    }
    return two_ends(findings, words, ends, "title_tiers")


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

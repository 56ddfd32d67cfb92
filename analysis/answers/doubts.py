"""Plain sentences on what an answer hangs on and when a strategy backfires."""

from __future__ import annotations

import pandas as pd

from analysis.answers import hinges, same_cost
from analysis.answers.backfires import table as backfiring
from analysis.answers.kinds import class_name
from analysis.answers.telling import FEW_NAMES, quoted
from analysis.data import effects
from analysis.data.results import Results
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import FEW, Verdict, too_small

MOST_PARAMETERS = 2
MAIN = hinges.OUTCOMES[0]
FALLING = (*hinges.OUTCOMES, "income_total_mean")
"""Outcomes that are named where they clearly fall although the one in question does not."""


def parameter_name(results: Results, name: str, words: Words) -> str:
    """Label of a parameter in quotation marks."""
    told = results.parameter(name)
    label = words.own(str(told.get(words.lang) or name)) if told else name.replace("_", " ")
    return words("quoted", name=label)


def hangs_on(results: Results, strategy: str, indicator: str, words: Words) -> str:
    """The parameters that decide a strategy's effect, with the mean effect at either end; or why none is named."""
    rows = hinges.find(hinges.table(results), strategy, indicator)
    if rows.empty:
        return ""
    if judged(results, strategy, indicator) == "small":
        return words("hinge_constant")
    if rows["answer"].iloc[0] != "named":
        return words(f"hinge_{rows['answer'].iloc[0]}", fewest=hinges.FEWEST)
    kind = kind_of(indicator)
    parts = [
        words(
            "hinge",
            parameter=parameter_name(results, row["parameter"], words),
            low=words.amount(kind, row["low_difference"], signed=True),
            high=words.amount(kind, row["high_difference"], signed=True),
        )
        for _, row in rows.head(MOST_PARAMETERS).iterrows()
    ]
    text = words.join(parts)
    return text if len(rows) <= MOST_PARAMETERS else words("gap").join([text, words("hinge_more", count=len(rows))])


def backfires(results: Results, strategy: str, indicator: str, words: Words) -> str:
    """One sentence: how often a strategy is worse, in which futures, for which villages, and by which other measure."""
    found = hinges.find(backfiring(results), strategy, indicator)
    if found.empty:
        return ""
    row = found.iloc[0]
    n = int(row["n"])
    if n < FEW:
        return words("backfire_few")
    said = judged(results, strategy, indicator)
    if said in ("same", "small", "unreached"):
        return words(f"backfire_{said}")
    count = round(row["share_worse"] * n)
    parts = [words("backfire_count" if count else "backfire_never", count=count, n=n)]
    if row["parameter"]:
        part = {"n": int(row["third_n"]), "count": round(row["third_worse"] * row["third_n"])}
        name = parameter_name(results, row["parameter"], words)
        parts.append(words(f"backfire_third_{row['third']}", parameter=name, **part))
    if row["kind"]:
        group = class_name(row["kind"], int(row["class"]), words)
        value = words.with_unit("income", -row["kind_difference"])
        parts.append(words("backfire_kind", kind=words(f"within_{row['kind']}"), group=group, value=value))
    falling = [name for name in FALLING if name != indicator and judged(results, strategy, name) == "lower"]
    if falling:
        names = words.join([words(f"outcome_{name}") for name in falling])
        parts.append(words("backfire_too" if said == "lower" else "backfire_measures", names=names))
    return words("semicolon").join(parts)


def judged(results: Results, strategy: str, indicator: str) -> str:
    """What the sheet says of an effect (see `Verdict.word`); nothing where it was not stored."""
    row = effects.row(results, strategy, indicator, results.horizon)
    return "" if row is None else Verdict.of(row).word


def about(indicator: str, text: str, words: Words) -> str:
    """A sentence on another outcome than profit says which."""
    if indicator == MAIN or not text:
        return text
    return words("by_outcome", outcome=words(f"outcome_{indicator}"), text=text)


def named_parameters(results: Results) -> pd.DataFrame:
    """Parameters that decide what policies do to profit, where that is not too small; strongest first."""
    table = hinges.table(results)
    found = table[(table["indicator"] == MAIN) & table["strategy"].isin(same_cost.policies(results))]
    found = found[found["answer"] == "named"]
    most = found[["low_difference", "high_difference"]].abs().max(axis=1)
    found = found[most.map(lambda value: not too_small(MAIN, value)).astype(bool)]
    return found.sort_values("correlation", key=abs, ascending=False, kind="stable")


def deciding(results: Results, words: Words) -> list[str]:
    """Page one: what the answers on profit hang on, and where they would turn round."""
    table, policies = hinges.table(results), same_cost.policies(results)
    table = table[(table["indicator"] == MAIN) & table["strategy"].isin(policies)]
    answers = set(table["answer"])
    if not answers - {"not_drawn"}:
        return []
    if "few" in answers:
        return [words("front_hinges_few", n=int(table["n"].max()), fewest=hinges.FEWEST)]
    named = named_parameters(results)
    if named.empty:
        return [words("front_hinges_none")]
    in_order = named.sort_index()
    first = named.drop_duplicates("strategy")
    if len(policies) <= FEW_NAMES or not named["parameter"].duplicated().any():
        lines = [words("front_hinge", **ends(results, row, words)) for _, row in first.head(FEW_NAMES).iterrows()]
    else:
        often = most_often(results, in_order, len(policies), words)
        lines = [words("front_hinges", names=often, **ends(results, first.iloc[0], words))]
    return lines + turning(results, in_order, words)


def ends(results: Results, row: pd.Series, words: Words) -> dict[str, str]:
    """Strategy, parameter, and the mean effect at either end."""
    kind = kind_of(row["indicator"])
    return {
        "strategy": quoted(results, row["strategy"], words),
        "parameter": parameter_name(results, row["parameter"], words),
        "low": words.with_unit(kind, row["low_difference"], signed=True),
        "high": words.with_unit(kind, row["high_difference"], signed=True),
    }


def most_often(results: Results, named: pd.DataFrame, number: int, words: Words) -> str:
    """The parameters that decide most strategies, and how many of their `number`."""
    counts = named["parameter"].value_counts(sort=False).sort_values(ascending=False, kind="stable").head(FEW_NAMES)
    parts = [
        words("front_hinge_count", parameter=parameter_name(results, str(name), words), count=int(count), n=number)
        for name, count in counts.items()
    ]
    return words.join(parts)


def turning(results: Results, named: pd.DataFrame, words: Words) -> list[str]:
    """Strategies that are better at one end of a parameter and mostly worse at the other."""
    parts = []
    for _, row in named.iterrows():
        for third, other in (("low", "high"), ("high", "low")):
            if row[f"{third}_difference"] < 0 < row[f"{other}_difference"] and row[f"{third}_worse"] > 1 / 2:
                parts.append(words("front_hinge_turn", third=words(f"third_{third}"), **ends(results, row, words)))
    return [words("front_hinges_turn", names=words.join(parts[:FEW_NAMES]))] if parts else []

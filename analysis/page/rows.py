"""Tables of the page beyond the effects: equal money, league, who gains, cost per unit, inputs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.answers import effectiveness, inputs, kinds, league, same_cost, telling, unit_costs
from analysis.answers.kinds import FEWEST
from analysis.data.effects import INCOME
from analysis.data.results import Results
from analysis.drawing.base import colour, indicator_name
from analysis.sentences.catalogue import Words, kind_of

CERTAIN = ("better", "worse", "higher", "lower")
MEASURED = {"villages_10_operating": "villages", "villages_30_operating": "villages", "operating_discounted": "income"}
SHARES = ("poor", "home_share", "alliance", "stake")


def short(share: float, n: float, words: Words) -> str:
    """A share of futures as 18/24."""
    return words("futures_short", count=round(share * n), n=int(n))


def tag(results: Results, key: str, words: Words) -> str:
    """What a contestant is, where it is no policy."""
    if key == results.reference:
        return words("tag_reference")
    if key == same_cost.grants(results):
        return words("tag_grants")
    return words("tag_none") if key == results.without_measures else ""


def named(results: Results, key: str, words: Words) -> dict[str, Any]:
    """Name and colour of a strategy, for the first column."""
    return {"name": results.short_name(key, words.lang), "colour": colour(results, key), "key": key}


def equal_money(results: Results, words: Words) -> dict[str, Any]:
    """The table of equal money, with how the comparator was found."""
    table = same_cost.table(results)
    names = list(dict.fromkeys(table["indicator"]))
    rows = []
    for key, part in table.groupby("strategy", sort=False):
        cells = [equal_cell(row, words) for _, row in part.iterrows()]
        share = part["share_of_grants"].iloc[0]
        note = words("beyond_line") if pd.notna(share) and share > same_cost.BEYOND else ""
        share = words.percent(share) if pd.notna(share) else "–"
        rows.append(named(results, str(key), words) | {"cells": cells, "share": share, "note": note})
    heads = [(indicator_name(results, name, words), words.unit(kind_of(name))) for name in names]
    known = same_cost.grants(results) is not None
    scale = scale_sentence(results, words)
    return {"heads": heads, "rows": rows if known else [], "scale": scale, "known": known}


def equal_cell(row: pd.Series, words: Words) -> dict[str, str]:
    """Difference to grants of the same cost, or why there is none."""
    word = same_cost.answer(row)
    if row["reason"]:
        return {"main": "–", "spread": words(f"answer_{word}"), "count": "", "verdict": "few", "label": ""}
    kind = kind_of(row["indicator"])
    return {
        "main": words.amount(kind, row["difference"], signed=True),
        "spread": words.span(kind, row["spread_low"], row["spread_high"], signed=True),
        "count": short(row["share_better"], row["n"], words),
        "verdict": "higher" if word in CERTAIN else "unclear",
        "label": words(f"answer_{word}"),
    }


def scale_sentence(results: Results, words: Words) -> str:
    """How the strategy of the same cost was found; or that there is none."""
    key = same_cost.grants(results)
    if key is None:
        return words("same_cost_none")
    found = same_cost.record(results)
    if not {"target", "lever", "scale", "cost", "target_cost", "futures"} <= set(found):
        return ""
    text = words(
        "same_cost_scale",
        grants=words("quoted", name=results.name(key, words.lang)),
        lever=results.lever_name(str(found["lever"]), words.lang),
        scale=words.number(float(found["scale"]), 2),
        target=words("quoted", name=results.short_name(str(found["target"]), words.lang)),
        difference=words.percent(abs(found["cost"] - found["target_cost"]) / max(abs(found["target_cost"]), 1e-9), 1),
        n=int(found["futures"]),
    )
    missed = found.get(f"reason_{words.lang}")
    return words("gap").join([text, words("same_cost_missed", reason=missed)]) if missed else text


def equal_word(results: Results, key: str, words: Words) -> dict[str, str]:
    """Page one: better or worse than the same money as grants, by mean operating income."""
    table = same_cost.table(results)
    rows = table[(table["strategy"] == key) & (table["indicator"] == "income_operating_mean")]
    if rows.empty:
        return {"main": "–", "spread": "", "count": "", "verdict": "few", "label": ""}
    row = rows.iloc[0]
    word = same_cost.answer(row)
    count = "" if row["reason"] else short(row["share_better"], row["n"], words)
    verdict = "higher" if word in CERTAIN else "same"
    faint = "" if word in CERTAIN else " faint"
    return {"main": words(f"answer_{word}"), "spread": count, "count": "", "verdict": verdict + faint, "label": ""}


def league_tables(results: Results, words: Words) -> list[dict[str, Any]]:
    """One table per measure."""
    tables = []
    for indicator, part in league.table(results).groupby("indicator", sort=False):
        kind = kind_of(str(indicator))
        rows = []
        for _, row in part.iterrows():
            first = str(row["first_by"]).split()
            cells = [{"text": league_value(row, name, kind, words), "bold": name in first} for name in league.CRITERIA]
            place = words.number(row["rank"])
            span = words("span", low=words.number(row["rank_low"], 1), high=words.number(row["rank_high"], 1))
            rows.append(
                named(results, row["strategy"], words)
                | {
                    "tag": tag(results, row["strategy"], words),
                    "place": place,
                    "span": span,
                    "best": short(row["best"], row["n"], words),
                    "top_two": short(row["top_two"], row["n"], words),
                    "cells": cells,
                    "beside": bool(row["beside"]),
                }
            )
        name = indicator_name(results, str(indicator), words)
        tables.append({"name": name, "unit": words.unit(kind), "rows": rows})
    return tables


def league_value(row: pd.Series, name: str, kind: str, words: Words) -> str:
    """One criterion in its unit."""
    if name == "above_reference":
        return short(row[name], row["n"], words)
    return words.amount(kind, row[name])


def who_rows(results: Results, words: Words) -> dict[str, Any] | None:
    """Villages that gain and lose, described."""
    if not (results.has_villages() and results.others) or kinds.who(results, INCOME).empty:
        return None
    table = kinds.who(results, INCOME)
    names = [name for name in table.columns if name not in {"strategy", "group", "villages"}]
    everybody = table[table["group"] == "all"]
    rows = []
    for key, part in table.groupby("strategy", sort=False):
        for _, row in part[part["group"] != "all"].iterrows():
            cells = [who_value(row, name, words) for name in names]
            group = words(f"who_{row['group']}")
            count = words.number(row["villages"], 0 if row["villages"] >= FEWEST else 1)
            rows.append(named(results, str(key), words) | {"group": group, "villages": count, "cells": cells})
    first = everybody.iloc[0]
    own = {"alliance", "stake"}
    whole = ["–" if name in own else who_value(first, name, words) for name in names]
    return {
        "heads": [words(f"who_{name}") for name in names],
        "rows": rows,
        "all": {"villages": words.number(first["villages"], 0), "cells": whole},
    }


def who_value(row: pd.Series, name: str, words: Words) -> str:
    """A mean or a share; a dash for a group that is too small."""
    if pd.isna(row[name]):
        return "–"
    return words.percent(row[name]) if name in SHARES else words.number(row[name], 2)


def effectiveness_rows(results: Results, words: Words) -> dict[str, Any] | None:
    """Cost per village lifted and per extra income, or the reason for a dash."""
    table = effectiveness.table(results)
    if table.empty:
        return None
    names = list(dict.fromkeys(table["effect"]))
    heads = [(words(f"effectiveness_{name}"), words(f"effectiveness_unit_{MEASURED[name]}")) for name in names]
    rows = []
    for key, part in table.groupby("strategy", sort=False):
        cells = [ratio_cell(row, words) for _, row in part.iterrows()]
        rows.append(named(results, str(key), words) | {"cells": cells})
    return {"heads": heads, "rows": rows}


def ratio_cell(row: pd.Series, words: Words) -> dict[str, str]:
    """A ratio with its interval."""
    if row["reason"]:
        return {"main": "", "note": words(f"reason_{row['reason']}")}
    kind = "money" if MEASURED[row["effect"]] == "villages" else "income"
    low, high = (words.amount(kind, row[name]) for name in ("ratio_low", "ratio_high"))
    return {"main": words.amount(kind, row["ratio"]), "note": words("span", low=low, high=high)}


def unit_cost_rows(results: Results, words: Words) -> dict[str, Any] | None:
    """Place and net benefit of each strategy where unit costs are low, middling and high."""
    table = unit_costs.table(results)
    if table.empty:
        return None
    heads = []
    for _, part in table.groupby("third", sort=False):
        first = part.iloc[0]
        low, high = (words.number(first[name], 2) for name in ("factor_low", "factor_high"))
        heads.append((words(f"unit_costs_{first['third']}"), words("span", low=low, high=high)))
    lines = []
    for key, part in table.groupby("strategy", sort=False):
        cells = [
            {
                "place": words("unit_costs_place", place=int(row["rank"])),
                "value": words.amount("money", row["net_benefit"], signed=True),
                "span": words.span("money", row["precision_low"], row["precision_high"], signed=True),
                "ratio": "–" if pd.isna(row["ratio"]) else words.number(row["ratio"], 2),
            }
            for _, row in part.iterrows()
        ]
        lines.append(named(results, str(key), words) | {"cells": cells})
    leaders = {third: telling.quoted(results, key, words) for third, key in unit_costs.first(table).items()}
    same = len(set(leaders.values())) == 1
    sentence = words("unit_costs_leader" if same else "unit_costs_leaders", **leaders)
    if not unit_costs.moved(table):
        sentence = words("gap").join([sentence, words("unit_costs_firm")])
    return {"heads": heads, "rows": lines, "sentence": sentence}


def inputs_rows(results: Results, words: Words) -> dict[str, Any]:
    """Counts against published figures, and which village columns are given."""
    rows = []
    for _, row in inputs.table(results).iterrows():
        word = "used" if row["in_model"] is None else {True: "yes", False: "no"}.get(row["agrees"], "not_published")
        rows.append(
            {
                "item": words(f"input_{row['item']}"),
                "published": "–" if row["published"] is None else words.number(float(row["published"]), 0),
                "model": "–" if row["in_model"] is None else words.number(float(row["in_model"]), 0),
                "check": words(f"inputs_{word}"),
                "wrong": word == "no",
            }
        )
    own = inputs.own_columns(results)
    given = words("inputs_own", names=words.join(own)) if own else words("inputs_synthetic")
    return {"rows": rows, "given": given}

"""Faults in what a study answers: effects, verdicts, page one."""

from __future__ import annotations

from faults.fault import Fault, listed

EFFECTS = listed(
    "analysis",
    ("data/effects", "[0.05, 0.95]", "[0.1, 0.9]", "effects_by_hand"),
    ("data/effects", "if len(values) < MANY:", "if len(values) <= MANY:", "effects_by_hand"),
    ("data/effects", "if len(values) < MANY:", "if False:", "effects_by_hand"),
    ("sentences/verdict", "if agrees < CLEAR_SHARE:", "if agrees <= CLEAR_SHARE:", "effects_by_hand"),
    ("sentences/verdict", "CLEAR_SHARE = 2 / 3", "CLEAR_SHARE = 1 / 2", "effects_by_hand"),
    ("sentences/verdict", 'if row["n"] < FEW:', 'if row["n"] <= FEW:', "effects_by_hand"),
    ("sentences/verdict", 'row["precision_low"] > 0 or', 'row["precision_low"] >= 0 or', "effects_by_hand"),
    ("sentences/verdict", 'row["precision_high"] < 0)', 'row["precision_high"] <= 0)', "effects_by_hand"),
    ("sentences/verdict", 'if row["share_equal"] == 1:', 'if row["share_equal"] > 0.9:', "effects_by_hand"),
    ("data/effects", "signed = change * (direction or 1)", "signed = change * direction", "effects_by_hand"),
    ("data/effects", "np.where(np.abs(change) <= tolerance, 0.0, change)", "change", "effects_by_hand"),
    ("data/effects", "values.std(ddof=1)", "values.std()", "effects_by_hand"),
    ("data/effects", "one.dropna().index.intersection(two.dropna().index)", "one.index.intersection(two.index)",
     "effects_by_hand"),
    ("data/effects", "rows.iloc[-1] if", "rows.iloc[0] if", "effects_by_hand"),
    ("data/effects", "two = outcomes(results, results.reference, indicator, year)",
     "two = outcomes(results, results.others[0], indicator, year)", "effects_by_hand"),
)  # fmt: skip

FRONT = listed(
    "analysis",
    ("page/front", "if len(keys) > MOST_NAMES:", "if len(keys) >= MOST_NAMES:", "front_edges"),
    ("page/front", '(("higher", -1), ("lower", 1))', '(("higher", 1), ("lower", -1))', "front_edges"),
    ("page/front", 'upward != (row["verdict"] == "lower")', 'upward == (row["verdict"] == "lower")', "front_edges"),
    ("page/front", 'rows["best"].idxmax()', 'rows["rank"].idxmax()', "front_edges"),
    ("page/front", 'cost.max() < LARGE_PART * cost.sum()', 'cost.max() <= LARGE_PART * cost.sum()', "front_edges"),
    ("page/front", "dear = max(results.others", "dear = min(results.others", "front_edges"),
    ("page/front", "if len(rows) == 1 else None", "if len(rows) else None", "front_edges"),
    ("answers/inputs", '"assum" in', '"assum" not in', "front_edges"),
    ("page/rows", 'count=int(row["reached"])', 'count=int(row["n"])', "places_of_numbers"),
)  # fmt: skip


VERDICTS = listed(
    "analysis",
    ("sentences/verdict", 'higher == (row.get("direction", 1) >= 0) else',
     'higher != (row.get("direction", 1) >= 0) else',
     "effects_by_hand answers_by_hand"),
    ("sentences/verdict", '(row["difference"] > 0) == (row.get("direction", 1) >= 0)',
     'row["difference"] > 0', "places_of_numbers"),
    ("sentences/verdict", "if Verdict.of(row).direction not in CLEAR:", "if False:", "brief"),
    ("sentences/verdict", "if share >= least", "if share > least", "brief"),
    ("sentences/verdict", "all(too_small(", "any(too_small(", "page_rules"),
    ("data/effects", "0.5 + level / 2) * error", "level) * error", "effects effects_by_hand"),
    ("page/brief", "max(clear, key=lambda one: abs(one", "min(clear, key=lambda one: abs(one", "brief"),
    ("page/tables", "(0.05, 0.95), axis=0)\n    found[:, ~whole]", "(0.1, 0.95), axis=0)\n    found[:, ~whole]",
     "answers_by_hand"),
    ("page/tables", "few = n < MANY", "few = n < MANY - 1", "answers_by_hand"),
)  # fmt: skip

DISTRIBUTIONS = listed(
    "analysis",
    ("answers/distribution", "place = share * (count - 1)", "place = share * count", "distribution"),
    ("answers/distribution", "means.var(), means.var() + within.mean()", "means.var(), within.mean()", "distribution"),
    ("answers/distribution", "& ~np.isnan(values[:, ever])", "", "distribution"),
    ("answers/distribution", "(part & (change > TOLERANCE)).sum()", "(change > TOLERANCE).sum()", "distribution"),
    ("answers/distribution", "year = year or results.horizon", "year = results.horizon", "distribution"),
    ("answers/sources", 'parts["gain"] - sum(parts[name] for name in PAID)', 'parts["gain"]', "page_rules"),
    ("answers/sources", '"paid_share": 1 - means["own"] / means["gain"]', '"paid_share": means["own"] / means["gain"]',
     "page_rules"),
    ("answers/sources", 'return ~(results.values(key, "pool_members") > 0).any(axis=1)',
     'return ~(results.values(key, "pool_members") > 0).all(axis=1)', "page_rules"),
    ("page/rows", "results.values(results.reference, name) for name in names",
     "results.values(results.strategies[0], name) for name in names", "places_of_numbers"),
)  # fmt: skip

FAULTS: list[Fault] = [*EFFECTS, *FRONT, *VERDICTS, *DISTRIBUTIONS]

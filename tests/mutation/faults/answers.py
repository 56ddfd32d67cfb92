"""Faults in what a study answers: effects, verdicts, page one."""

from __future__ import annotations

from faults.fault import Fault, listed

EFFECTS = listed(
    "analysis",
    ("effects", "[0.05, 0.95]", "[0.1, 0.9]", "effects_by_hand"),
    ("effects", "if len(values) < MANY:", "if len(values) <= MANY:", "effects_by_hand"),
    ("effects", "if len(values) < MANY:", "if False:", "effects_by_hand"),
    ("effects", 'higher == (row["direction"] >= 0)', 'higher == (row["direction"] > 0)', "effects_by_hand"),
    ("effects", "if agrees < CLEAR_SHARE:", "if agrees <= CLEAR_SHARE:", "effects_by_hand"),
    ("effects", "CLEAR_SHARE = 2 / 3", "CLEAR_SHARE = 1 / 2", "effects_by_hand"),
    ("effects", 'if row["n"] < FEW:', 'if row["n"] <= FEW:', "effects_by_hand"),
    ("effects", 'row["precision_low"] > 0 or', 'row["precision_low"] >= 0 or', "effects_by_hand"),
    ("effects", 'row["precision_high"] < 0)', 'row["precision_high"] <= 0)', "effects_by_hand"),
    ("effects", 'if row["share_equal"] == 1:', 'if row["share_equal"] > 0.9:', "effects_by_hand"),
    ("effects", "signed = change * (direction or 1)", "signed = change * direction", "effects_by_hand"),
    ("effects", "np.where(np.abs(change) <= tolerance, 0.0, change)", "change", "effects_by_hand"),
    ("effects", "values.std(ddof=1)", "values.std()", "effects_by_hand"),
    ("effects", "0.5 + level / 2, len(values) - 1", "level, len(values) - 1", "effects_by_hand"),
    ("effects", "one.dropna().index.intersection(two.dropna().index)", "one.index.intersection(two.index)",
     "effects_by_hand"),
    ("effects", "rows.iloc[-1] if", "rows.iloc[0] if", "effects_by_hand"),
    ("effects", "np.maximum(square - n * mean**2, 0)", "square", "effects_by_hand"),
    ("effects", "stats.t.ppf(0.975, np.maximum(n - 1, 1))", "1.96", "effects_by_hand"),
    ("effects", "two = outcomes(results, results.reference, indicator, year)",
     "two = outcomes(results, results.others[0], indicator, year)", "effects_by_hand"),
)  # fmt: skip

FRONT = listed(
    "analysis",
    ("front", "values[results.horizon] < values[first]).mean()", "values[results.horizon] <= values[first]).mean()",
     "front_edges"),
    ("front", 'found["n"] >= verdict.FEW', 'found["n"] > verdict.FEW', "front_edges"),
    ("front", 'found["share"] >= DECLINE_SHARE', 'found["share"] > DECLINE_SHARE', "front_edges"),
    ("front", 'found["last"] < found["first"]', 'found["last"] <= found["first"]', "front_edges"),
    ("front", "if len(keys) > MOST_NAMES:", "if len(keys) >= MOST_NAMES:", "front_edges"),
    ("front", 'abs(row["difference"]) >= recommendations', 'abs(row["difference"]) > recommendations', "front_edges"),
    ("front", '(("higher", -1), ("lower", 1))', '(("higher", 1), ("lower", -1))', "front_edges"),
    ("front", 'upward = row["direction"] >= 0', 'upward = row["direction"] > 0', "front_edges"),
    ("front", 'upward != (row["verdict"] == "lower")', 'upward == (row["verdict"] == "lower")', "front_edges"),
    ("front", 'int(table["n"].iloc[0]) < verdict.FEW', 'int(table["n"].iloc[0]) <= verdict.FEW', "front_edges"),
    ("front", 'rows["best"].idxmax()', 'rows["rank"].idxmax()', "front_edges"),
    ("front", 'cost.max() < LARGE_PART * cost.sum()', 'cost.max() <= LARGE_PART * cost.sum()', "front_edges"),
    ("front", "dear = max(results.others", "dear = min(results.others", "front_edges"),
    ("front", "if more > 0:", "if more >= 0:", "front_edges"),
    ("front", "extra[dear] - extra[results.reference]", "extra[dear]", "front_edges"),
    ("front", "int((members == 0).sum())", "int((members > 0).sum())", "front_edges"),
    ("front", 'results.at(key, "pool_members",', 'results.at(results.others[0], "pool_members",', "front_edges"),
    ("front", 'first=words.with_unit("income", found["first"]),', 'first=words.with_unit("income", found["last"]),',
     "front_edges"),
    ("front", 'count=round(found["share"] * n),', 'count=n - round(found["share"] * n),', "front_edges"),
    ("front", "last = results.at(results.reference,", "last = results.at(results.others[0],", "front_edges"),
    ("front", "if len(rows) == 1 else None", "if len(rows) else None", "front_edges"),
    ("inputs", '"assum" in', '"assum" not in', "front_edges"),
    ("front", 'count=int(row["reached"])', 'count=int(row["n"])', "front_edges"),
    ("front", '{"mean": quoted(findings, mean, words), "worst": quoted(findings, worst, words)}',
     '{"mean": quoted(findings, worst, words), "worst": quoted(findings, mean, words)}', "front_edges"),
)  # fmt: skip

FAULTS: list[Fault] = [*EFFECTS, *FRONT]

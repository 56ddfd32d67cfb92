"""Where a gain of operating income comes from: payouts, fees and rent, which the ledger tells apart, or all the rest.

Operating income is what a village's own projects sell (purchases by sponsors among it), payouts of pools and of town
companies, fees of enterprises, and rent of assets that lay idle. A difference to the reference splits exactly into
these. Better managers and more assets both raise what own projects sell, and each lets the other grow, so that part is
not split further; how far they moved is told beside it.
"""

from __future__ import annotations

import pandas as pd

from analysis.answers import Answer
from analysis.answers.recommendations import changed_levers
from analysis.data import effects
from analysis.data.once import once
from analysis.data.results import Results
from analysis.sentences.verdict import FEW, Verdict

GAIN = "income_operating_mean"
PAID = {"pools": "pool_payout_mean", "companies": "company_payout_mean", "enterprises": "enterprise_fees_mean",
        "rent": "idle_rent_mean"}  # fmt: skip
MOVED = ("ability_mean", "capital_mean")
KNOWLEDGE = "village.knowledge"
"""What a lever changes by which villages learn from one another."""
PARTS = ("gain", "own", *PAID)
COLUMNS = (
    "strategy", "n", *PARTS, *(f"{name}_half" for name in PARTS), "paid_share", *MOVED, "learns", "without_pool",
    "without_pool_n",
)  # fmt: skip


def possible(results: Results) -> bool:
    """Whether income and all that it is made of are stored."""
    return results.has(GAIN) and all(results.has(name) for name in (*PAID.values(), *MOVED))


@once
def table(results: Results) -> pd.DataFrame:
    """One row per strategy that clearly raises mean operating income, 万元 per village at the horizon.

    Columns: gain; own, pools, companies, enterprises, rent (its parts, which add up to it); paid_share (what is not
    own, as a share of the gain); `<part>_half` (half the interval of each mean); ability_mean (0–1) and capital_mean
    (their changes, 0 where not clear); learns (whether ability rises and the strategy changes a lever by which villages
    learn); without_pool (the gain in the futures that have no pool at all; NaN if there are fewer than ten).
    """
    rows = [row(results, key) for key in results.others if possible(results) and gains(results, key)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def gains(results: Results, key: str) -> bool:
    """Whether a strategy clearly raises mean operating income."""
    found = effects.row(results, key, GAIN, results.horizon)
    return found is not None and Verdict.of(found).word == "higher"


def row(results: Results, key: str) -> dict[str, object]:
    """One strategy."""
    year = results.horizon
    parts = {"gain": results.paired(key, GAIN)[year].dropna()}
    parts |= {name: results.paired(key, stored)[year] for name, stored in PAID.items()}
    parts["own"] = parts["gain"] - sum(parts[name] for name in PAID)
    means = {name: float(values.mean()) for name, values in parts.items()}
    halves = {f"{name}_half": effects.half_width(values.to_numpy()) for name, values in parts.items()}
    moved = {name: clear_change(results, key, name) for name in MOVED}
    declared = results.manifest.get("levers", {})
    learning = any(KNOWLEDGE in (declared.get(name, {}).get("changes") or []) for name in changed_levers(results, key))
    gain = parts["gain"]
    bare = gain[without_pool(results, key).reindex(gain.index, fill_value=False)]
    return {
        "strategy": key, "n": len(gain), **means, **halves, **moved, "paid_share": 1 - means["own"] / means["gain"],
        "learns": learning and moved["ability_mean"] > 0, "without_pool_n": len(bare),
        "without_pool": float(bare.mean()) if len(bare) >= FEW else float("nan"),
    }  # fmt: skip


def clear_change(results: Results, key: str, indicator: str) -> float:
    """Mean difference at the horizon; 0 where no direction may be stated."""
    found = effects.compared(*(results.at(name, indicator, results.horizon) for name in (key, results.reference)))
    return found["difference"] if Verdict.of(found).word in ("higher", "lower") else 0.0


def without_pool(results: Results, key: str) -> pd.Series:
    """Futures in which no village ever holds a stake in a pool."""
    if not results.has("pool_members"):
        return pd.Series(dtype=bool)
    return ~(results.values(key, "pool_members") > 0).any(axis=1)


ANSWERS = (Answer("gain_sources", table, possible),)

"""Which strategy comes first, how often, and by which criterion; overlap is always told.

All strategies take part, the reference and `none` too. In every future they are ranked by an outcome, the best being
1; strategies within a tolerance share a rank.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture
from analysis.data.effects import HEADLINE, available, outcomes, paired_summary, spread
from analysis.data.once import once
from analysis.data.ranks import mean_ranks, tied_ranks
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, indicator_name, name_ticks
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import FEW, Verdict

MEASURES = (*HEADLINE, "net_benefit")
CRITERIA = ("mean", "worst_decile", "largest_regret", "regret_90", "above_reference")
SMALL_IS_BETTER = ("largest_regret", "regret_90")
TOLERANCE = 1e-9
MOST_TICKS = 12
COLUMNS = (
    "indicator", "strategy", "n", "rank", "rank_low", "rank_high", "best", "top_two", *CRITERIA, "first_by", "beside",
)  # fmt: skip


@once
def values(results: Results, indicator: str) -> pd.DataFrame:
    """Outcome at the horizon: futures that all strategies share (rows), strategies (columns)."""
    columns = {key: outcomes(results, key, indicator, results.horizon) for key in results.strategies}
    return pd.DataFrame(columns).dropna()


def ranked(results: Results) -> Iterator[tuple[str, pd.DataFrame]]:
    """Measures by which the strategies of a study can be ranked, with the outcomes."""
    for indicator in MEASURES if len(results.strategies) > 1 else ():
        if available(results, indicator) and len(values(results, indicator)):
            yield indicator, values(results, indicator)


def ranks(outcome: np.ndarray) -> np.ndarray:
    """Rank of each strategy in each future `(F, S)`, 1 the best; equal outcomes share the mean of their ranks."""
    scale = TOLERANCE * np.maximum(1.0, np.abs(outcome).max())
    return mean_ranks(-np.round(outcome / scale))


def chances(outcome: np.ndarray, places: int) -> np.ndarray:
    """Share of futures in which each strategy is among the first `places`; those that tie share the places."""
    order = ranks(outcome)
    low, high = (tied_ranks(order, end) for end in ("min", "max"))
    return np.clip((places - low + 1) / (high - low + 1), 0, 1).mean(axis=0)


def regret(outcome: np.ndarray) -> np.ndarray:
    """How much each strategy falls short of the best one in the same future, `(F, S)`."""
    return outcome.max(axis=1, keepdims=True) - outcome


def worst_decile(outcome: np.ndarray) -> np.ndarray:
    """Mean of the lowest tenth of each strategy's outcomes (at least one), `(S,)`."""
    count = max(1, len(outcome) // 10)
    return np.sort(outcome, axis=0)[:count].mean(axis=0)


def criteria(outcome: np.ndarray, reference: int) -> dict[str, np.ndarray]:
    """The five criteria, each `(S,)`."""
    missed = regret(outcome)
    base = outcome[:, [reference]]
    more = outcome > base + TOLERANCE * np.maximum(1.0, np.abs(base))
    return {
        "mean": outcome.mean(axis=0),
        "worst_decile": worst_decile(outcome),
        "largest_regret": missed.max(axis=0),
        "regret_90": np.quantile(missed, 0.9, axis=0),
        "above_reference": more.mean(axis=0),
    }


def first_by(scores: dict[str, np.ndarray]) -> dict[str, int]:
    """Number of the strategy that each criterion puts first; none where several share the first place."""
    found = {}
    for name, score in scores.items():
        best = score.min() if name in SMALL_IS_BETTER else score.max()
        close = np.abs(score - best) <= TOLERANCE * max(1.0, abs(best))
        if close.sum() == 1:
            found[name] = int(np.argmax(close))
    return found


@once
def table(results: Results) -> pd.DataFrame:
    """Expected rank with its range, chances and criteria, by measure and strategy; best mean first."""
    rows = [row for indicator, frame in ranked(results) for row in rows_of(results, indicator, frame)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def rows_of(results: Results, indicator: str, frame: pd.DataFrame) -> list[tuple[object, ...]]:
    """The league by one measure, a row for each strategy in the order of `COLUMNS`."""
    outcome, keys = frame.to_numpy(), list(frame.columns)
    order, best, two = ranks(outcome), chances(outcome, 1), chances(outcome, 2)
    scores = criteria(outcome, keys.index(results.reference))
    first = first_by(scores)
    leader = int(np.argmax(scores["mean"]))
    rows = []
    for number in np.argsort(-scores["mean"], kind="stable"):
        rank = (order[:, number].mean(), *spread(order[:, number]))
        judged = [scores[name][number] for name in CRITERIA]
        leads = " ".join(name for name in CRITERIA if first.get(name) == number)
        beside = number == leader or not behind(outcome[:, number], outcome[:, leader])
        rows.append((indicator, keys[number], len(frame), *rank, best[number], two[number], *judged, leads, beside))
    return rows


def behind(one: np.ndarray, leader: np.ndarray) -> bool:
    """Whether a strategy may be called lower than the one with the best mean."""
    return Verdict.of(paired_summary(one, leader)).word == "lower"


@once
def places(results: Results) -> pd.DataFrame:
    """Share of futures by place, measure and strategy; half places are split between their neighbours."""
    rows = []
    for indicator, frame in ranked(results):
        order = ranks(frame.to_numpy())
        for number, key in enumerate(frame.columns):
            for place in range(1, len(frame.columns) + 1):
                rows.append((indicator, key, place, np.clip(1 - np.abs(order[:, number] - place), 0, 1).mean()))
    return pd.DataFrame(rows, columns=["indicator", "strategy", "place", "share"])


TEXT_FROM = 0.08


def title(results: Results, words: Words) -> str:
    """Which strategy comes first most often, by measure, and how many cannot be told from the best mean."""
    league = table(results)
    n = int(league["n"].iloc[0])
    if n < FEW:
        return words("few_title", subject=words("league_subject"), n=n)
    parts = []
    for indicator, rows in league[league["indicator"] != "net_benefit"].groupby("indicator", sort=False):
        most = rows.loc[rows["best"].idxmax()]
        name, count = results.short_name(most["strategy"], words.lang), words.futures(most["best"], int(most["n"]))
        parts.append(words("league_part", measure=words(f"outcome_{indicator}"), name=name, count=count))
    return words("title_league", parts=words("semicolon").join(parts))


def draw(results: Results, words: Words) -> Figure:
    """One panel per measure: strategies down, places across, share of futures as shade and number."""
    shares, league = places(results), table(results)
    measures = list(dict.fromkeys(shares["indicator"]))
    count = len(results.strategies)
    figure = Figure(figsize=(style.WIDTH, 0.34 * count + 1.2), layout="constrained")
    grid = figure.subplots(1, len(measures), squeeze=False, sharey=True)[0]
    keys = list(league[league["indicator"] == measures[0]]["strategy"])
    for axes, indicator in zip(grid, measures, strict=True):
        panel(axes, results, shares[shares["indicator"] == indicator], league[league["indicator"] == indicator], keys)
        name = indicator_name(results, indicator, words)
        axes.set_title(style.wrap(name, int(92 / len(measures))), fontsize=8.5)
        axes.set_xlabel(words("axis_place"))
    name_ticks(grid[0], results, keys, words, 30, size=8, spacing=1.2)
    return figure


def panel(axes: Axes, results: Results, table: pd.DataFrame, league: pd.DataFrame, keys: list[str]) -> None:
    """One measure; strategies that cannot be told from the best mean carry a mark at the right."""
    wide = table.pivot(index="strategy", columns="place", values="share").loc[keys]
    image = np.ones((*wide.shape, 3))
    for row, key in enumerate(keys):
        hue = np.array(to_rgb(colour(results, key)))
        image[row] = 1 - np.sqrt(wide.to_numpy()[row])[:, None] * (1 - hue)
    places = wide.shape[1]
    axes.pcolormesh(np.arange(places + 1) + 0.5, np.arange(len(keys) + 1) - 0.5, image, edgecolor="white", linewidth=1)
    size = 7 if places <= 9 else 5
    for row, values in enumerate(wide.to_numpy()):
        for place, share in enumerate(values, start=1):
            if share >= TEXT_FROM:
                ink = "white" if share > 0.35 else style.INK
                axes.text(place, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=size, color=ink)
    beside = dict(zip(league["strategy"], league["beside"], strict=True))
    for row, key in enumerate(keys):
        if beside[key]:
            axes.text(places + 0.6, row, "●", va="center", fontsize=6, color=style.INK, clip_on=False)
    axes.set_xticks(range(1, places + 1, -(-places // MOST_TICKS)))
    axes.tick_params(axis="x", labelsize=8 if places <= 9 else 6, length=0)
    axes.set_ylim(len(keys) - 0.5, -0.5)
    for side in axes.spines.values():
        side.set_visible(False)


ANSWERS = (
    Answer("league", table, lambda results: len(table(results)) > 0, picture=Picture(draw, title, "note_league")),
    Answer("league_places", places),
)

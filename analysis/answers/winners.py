"""Which villages gain and which lose, compared in the same future."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture, telling
from analysis.answers.telling import FEW_NAMES
from analysis.data.effects import BY_VILLAGE, INCOME, PROFIT
from analysis.data.once import once
from analysis.data.results import Results
from analysis.data.stored import VillageValues
from analysis.drawing import style
from analysis.drawing.base import colour, in_a_line, label, most_changed, strategy_axis
from analysis.sentences.catalogue import Words

TOLERANCE = 0.1
TIERS = (0.0, 5.0, 10.0, 30.0)


def labels(codes: np.ndarray, towns: np.ndarray) -> list[str]:
    """Names that point to no real village: town and number within the town, such as 玉山镇-07."""
    seen: dict[str, int] = {}
    names = []
    for town in towns[np.argsort(codes, kind="stable")]:
        seen[town] = seen.get(town, 0) + 1
        names.append(f"{town}-{seen[town]:02d}")
    order = np.empty(len(codes), dtype=int)
    order[np.argsort(codes, kind="stable")] = np.arange(len(codes))
    return [names[position] for position in order]


def changes(results: Results, villages: VillageValues) -> Iterator[tuple[str, np.ndarray]]:
    """Each other strategy that stored its villages, with its difference to the reference, `(futures, V)`."""
    for key in results.others:
        if key in villages.by_strategy:
            yield key, villages.by_strategy[key] - villages.by_strategy[results.reference]


@once
def winners(results: Results, column: str) -> pd.DataFrame:
    """Share of villages that gain, keep and lose income at the horizon, mean over futures, and by how much.

    A change within `TOLERANCE` (0.1 万元) counts as none.
    """
    villages = results.village_values(column, results.horizon)
    rows = []
    for key, change in changes(results, villages):
        gain, loss = change > TOLERANCE, change < -TOLERANCE
        shares = (gain.mean(), (~gain & ~loss).mean(), loss.mean())
        mean_gain = change[gain].mean() if gain.any() else 0.0
        mean_loss = -change[loss].mean() if loss.any() else 0.0
        rows.append((key, *shares, mean_gain, mean_loss, loss.sum(axis=1).mean()))
    return pd.DataFrame(rows, columns=["strategy", "gain", "same", "lose", "mean_gain", "mean_loss", "villages_lose"])


def starting_values(results: Results, column: str) -> VillageValues:
    """Village values of the first stored year (the year before the start where the study kept it)."""
    return results.village_values(column, results.village_years[0])


def tier_of(income: np.ndarray) -> np.ndarray:
    """Class of starting income: -1 none, then by `TIERS`."""
    return np.where(income <= 0, -1, np.digitize(income, TIERS) - 1)


@once
def by_tier(results: Results, column: str) -> pd.DataFrame:
    """Mean difference by the operating income that a village had at first in that same future."""
    villages = results.village_values(column, results.horizon)
    first = starting_values(results, "income_operating").by_strategy[results.reference]
    tier = tier_of(first)
    rows = []
    for key, change in changes(results, villages):
        for number in range(-1, len(TIERS)):
            inside = tier == number
            if inside.any():
                per_future = [row[mask].mean() for row, mask in zip(change, inside, strict=True) if mask.any()]
                low, high = np.quantile(per_future, [0.05, 0.95])
                rows.append((key, number, inside.sum(axis=1).mean(), np.mean(per_future), low, high))
    return pd.DataFrame(rows, columns=["strategy", "tier", "villages", "difference", "low", "high"])


@once
def shares(results: Results, column: str) -> pd.DataFrame:
    """Mean share of villages below 10 万元 and at 30 万元 or more at the horizon."""
    villages = results.village_values(column, results.horizon)
    rows = {key: {"below_10": (v < 10).mean(), "at_30": (v >= 30).mean()} for key, v in villages.by_strategy.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


GAIN, SAME, LOSE = "#3d8f86", "#e6e8ea", "#c77d4f"


def both(results: Results, table: Callable[[Results, str], pd.DataFrame] = winners) -> dict[str, pd.DataFrame]:
    """A table of village incomes (villages that gain and lose, if no other is named) by measure, profit first."""
    stored = {name: column for name, column in BY_VILLAGE.items() if results.has_village_columns(column)}
    return {name: table(results, column) for name, column in stored.items()}


def in_one(results: Results, table: Callable[[Results, str], pd.DataFrame] = winners) -> pd.DataFrame:
    """The same in one table, with the measure in its second column."""
    frames = [found.assign(measure=name) for name, found in both(results, table).items()]
    found = pd.concat(frames, ignore_index=True)
    return found[[found.columns[0], "measure", *found.columns[1:-1]]]


def draw(results: Results, words: Words) -> Figure:
    """Stacked bars: losers at the left, winners at the right, one panel per measure."""
    keys = results.others
    figure = Figure(figsize=(style.WIDTH, 0.5 * len(keys) + 1.1), layout="constrained")
    panels = figure.subplots(1, len(both(results)), sharey=True, squeeze=False)[0]
    for axes, (measure, table) in zip(panels, both(results).items(), strict=True):
        panel(axes, table, keys, words)
        axes.set_title(words(f"measure_{measure}"), pad=16)
    strategy_axis(panels[0], results, keys, words)
    for axes in panels[1:]:
        axes.spines["left"].set_visible(False)
    return figure


def panel(axes: Axes, table: pd.DataFrame, keys: list[str], words: Words) -> None:
    """One income measure."""
    for _, row in table.iterrows():
        position, left = keys.index(row["strategy"]), 0.0
        for part, hue in (("lose", LOSE), ("same", SAME), ("gain", GAIN)):
            axes.barh(position, row[part], left=left, color=hue, height=0.6, linewidth=0)
            if row[part] >= 0.08:
                ink = style.INK if part == "same" else "white"
                text = words.percent(row[part])
                axes.text(left + row[part] / 2, position, text, ha="center", va="center", fontsize=8, color=ink)
            left += row[part]
    for place, part, hue, side in (
        (0, "lose", LOSE, "left"),
        (0.5, "same", style.FAINT, "center"),
        (1, "gain", GAIN, "right"),
    ):
        axes.annotate(
            words(part), (place, 1), (0, 3), xycoords="axes fraction", textcoords="offset points",
            fontsize=8, color=hue, ha=side, va="bottom",
        )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.spines["bottom"].set_visible(False)


def tier_name(number: int, words: Words) -> str:
    """Name of a class of starting income."""
    if number < 0:
        return words("tier_zero")
    if number == len(TIERS) - 1:
        return words("tier_top", low=words.line(TIERS[number]))
    return words("tier", low=words.line(TIERS[number]), high=words.line(TIERS[number + 1]))


TIER_MARKS = {"profit": ("o", 0.17, 1.0), "operating": ("s", -0.17, 0.5)}
"""Mark of each measure, how far above its line it stands, and how dark."""


def draw_tiers(results: Results, words: Words) -> Figure:
    """Mean difference by starting income, one panel per strategy: profit as dots, turnover as squares beneath."""
    keys, table = most_changed(results, results.others, PROFIT), in_one(results, by_tier)
    numbers, scale = sorted(table["tier"].unique()), words.scale("income")[0]
    columns = in_a_line(len(keys))
    lines = -(-len(keys) // columns)
    width = style.WIDTH if columns > 2 else 3 + 2.2 * columns
    figure = Figure(figsize=(width, lines * (0.3 * len(numbers) + 1.1)), layout="constrained")
    grid = figure.subplots(lines, columns, sharey=True, sharex=True, squeeze=False)
    for axes, key in zip(grid.flat, keys, strict=False):
        style.zero(axes, vertical=True)
        for _, row in table[table["strategy"] == key].iterrows():
            mark, beside, ink = TIER_MARKS[row["measure"]]
            hue, position = colour(results, key), numbers.index(row["tier"]) + beside
            axes.plot([row["low"] * scale, row["high"] * scale], [position] * 2, color=hue, linewidth=1.2, alpha=ink)
            axes.plot(row["difference"] * scale, position, mark, color=hue, markersize=4.5, alpha=ink)
        axes.set_title(
            label(results, key, words, int(width * 12.5 / columns)), color=colour(results, key), fontsize=8.5
        )
        axes.set_yticks(range(len(numbers)), [tier_name(number, words) for number in numbers])
        axes.grid(axis="x")
        style.numbers(axes.xaxis, 3)
        axes.spines["left"].set_visible(False)
    for axes in list(grid.flat)[len(keys) :]:
        axes.set_axis_off()
    grid[0, 0].set_ylim(-0.6, len(numbers) - 0.4)
    grid[0, 0].set_ylabel(words("axis_tier"))
    figure.supxlabel(words("axis_difference", unit=words.unit("income")), fontsize=8.5, color=style.FAINT)
    return figure


def title_winners(results: Results, words: Words) -> str:
    """Shares of villages with less income than under the reference, by each measure."""
    parts = words("semicolon").join(
        words("by_measure", measure=words(f"short_{measure}"),
              parts=telling.listed(results, words, table.set_index("strategy")["lose"].to_dict(), words.percent))
        for measure, table in both(results).items()
    )  # fmt: skip
    return words("title_winners", reference=telling.quoted(results, results.reference, words), parts=parts)


def two_ends(results: Results, words: Words, ends: dict[str, tuple[float, float]], key: str) -> str:
    """Change at the lower and the upper end, in one sentence; where strategies are many, the range at either end."""

    def write(value: float) -> str:
        return words.amount("income", value, signed=True)

    unit = words.unit("income")
    if len(ends) <= FEW_NAMES:
        pairs = [
            words("tier_pair", name=telling.quoted(results, name, words), low=write(low), high=write(high))
            for name, (low, high) in ends.items()
        ]
        return words(key, unit=unit, parts=words("semicolon").join(pairs))
    low, high = (
        telling.listed(results, words, {name: pair[side] for name, pair in ends.items()}, write) for side in (0, 1)
    )
    return words(key, unit=unit, parts=words("both_ends", low=low, high=high))


def title_tiers(results: Results, words: Words) -> str:
    """Difference in profit for villages that started lowest and highest."""
    ends = {
        str(key): (float(rows["difference"].iloc[0]), float(rows["difference"].iloc[-1]))
        for key, rows in by_tier(results, BY_VILLAGE["profit"]).groupby("strategy", sort=False)
    }
    return two_ends(results, words, ends, "title_tiers")


ANSWERS = (
    Answer("winners", in_one, needs_villages=True, picture=Picture(draw, title_winners, "note_winners")),
    Answer(
        "by_starting_income",
        lambda results: in_one(results, by_tier),
        needs_villages=True,
        picture=Picture(draw_tiers, title_tiers, "note_tiers", PROFIT),
    ),
    Answer(
        "shares",
        lambda results: shares(results, INCOME).rename_axis("strategy").reset_index(),
        needs_villages=True,
        compares=False,
    ),
)

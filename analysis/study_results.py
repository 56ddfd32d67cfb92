"""A study as a notebook holds it: its results, and what the rooms make of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.data.effects import HEADLINE
from analysis.data.results import LANGUAGES, Results, refuse
from sim.parameters import unknown_names


class StudyResults(Results):
    """Results with a workbook, the spread of an outcome and a picture; the rooms are opened when they are asked for."""

    def to_excel(self, path: str | Path, language: str = "zh") -> Path:
        """Write the workbook (`analysis.page.workbook`) in `zh` or `en`."""
        from analysis.page.workbook import write_one

        refuse(unknown_names([language], LANGUAGES, "to_excel()"))
        write_one(self, Path(path), language)
        return Path(path)

    def distribution(
        self, year: int | None = None, strategies: Sequence[str] | None = None, indicator: str = "income_operating",
        by: str = "all",
    ) -> Any:  # fmt: skip
        """Spread of an outcome between villages and between futures: `analysis.answers.distribution.ask`."""
        from analysis.answers.distribution import ask

        return ask(self, year, strategies, indicator, by)

    def plot(self, indicator: str = HEADLINE[0], language: str = "en") -> Any:
        """Trajectories of an indicator and differences to the reference, with bands, as a figure.

        An InputErrors tells that there is no such indicator or language.
        """
        from analysis.answers import trajectories
        from analysis.drawing import style
        from analysis.sentences.catalogue import Words

        refuse(unknown_names([indicator], self.runs.names, "plot()") + unknown_names([language], LANGUAGES, "plot()"))
        with style.look():
            return trajectories.draw(self, Words.of(self.manifest, language), indicator)

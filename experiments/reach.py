"""Which levers of a study act hardly or not at all, told before it runs and kept in its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from experiments.study import Study
from scenarios.province import Province
from sim.district import District
from sim.policies.base import Strategy
from sim.policies.reach import FEW, FEW_VILLAGES, LAST_YEAR_ALONE, NEVER, is_on, reach, reached
from sim.policies.registry import LEVERS, check_reach
from sim.problems import Problem

REMARKS = {
    NEVER: ("在推演的年份里不实行", "is not in force in the simulated years"),
    LAST_YEAR_ALONE: ("只在最后一年实行", "is in force in the last year alone"),
    FEW_VILLAGES: (f"作用的村不到{FEW:.0%}", f"reaches less than {FEW:.0%} of the villages"),
}


def check_reach_in(strategy: Strategy, place: District | Province, years: tuple[int, int]) -> list[Problem]:
    """Levers of a strategy that reach nobody; of a province, in its largest county."""
    if isinstance(place, Province):
        place = max(place.counties, key=lambda county: county.villages)
    return check_reach(strategy, place, years)


def describe_reach(study: Study) -> dict[str, dict[str, dict[str, Any]]]:
    """First year, last year and most villages of every lever that is on, by strategy and lever."""
    years, known = (study.options.start_year, study.options.horizon), {}
    for strategy in study.strategies:
        for key, values in strategy.levers.items():
            name = (key, repr(values))
            if is_on(values) and name not in known:
                each = [reached(LEVERS[key](place, values), *years) for place in study.places]
                found = reach({year: sum(one[year] for one in each) for year in each[0]}, study.district.villages)
                known[name] = {item: value for item, value in asdict(found).items() if value != ""}
    return {
        strategy.key: {key: known[key, repr(values)] for key, values in strategy.levers.items() if is_on(values)}
        for strategy in study.strategies
    }


def remarks(study: Study) -> list[tuple[str, str]]:
    """What there is to say of levers that hardly act, in both languages; one line for a lever and a reason."""
    concerned: dict[tuple[str, str], list[Strategy]] = {}
    described = describe_reach(study)
    for strategy in study.strategies:
        for key, found in described[strategy.key].items():
            if "remark" in found:
                concerned.setdefault((key, found["remark"]), []).append(strategy)
    return [
        (f"注意：“{LEVERS[key].zh}”{REMARKS[remark][0]}（策略 {_names(found, study, 'zh')}）。",
         f"Note: {LEVERS[key].en} {REMARKS[remark][1]} (strategy {_names(found, study, 'en')}).")
        for (key, remark), found in concerned.items()
    ]  # fmt: skip


def _names(found: Sequence[Strategy], study: Study, language: str) -> str:
    """The first of these strategies: cells of a sweep by their names in words, others by their keys."""
    names = [getattr(strategy, language if study.sweep else "key") for strategy in found[:3]]
    return ("; " if study.sweep else ", ").join(names) + (" …" if len(found) > 3 else "")

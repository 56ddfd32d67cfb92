"""Figures of the report, one file each; `FIGURES` lists them in the order of the report."""

from analysis.plots import (
    aid,
    aim,
    convergence,
    cost,
    fan,
    fates,
    forest,
    funnel,
    gains,
    inequality,
    kinds,
    league,
    maps,
    ridge,
    same_cost,
    treated,
    winners,
    withdrawal,
)

MODULES = (
    treated, aim, fan, forest, same_cost, league, ridge, gains, winners, inequality, aid, funnel, kinds, maps, fates,
    withdrawal, cost, convergence,
)  # fmt: skip
FIGURES = tuple(plot for module in MODULES for plot in module.PLOTS)
BY_VILLAGE = frozenset(
    plot.name
    for module in (treated, ridge, gains, winners, inequality, aid, kinds, maps, withdrawal)
    for plot in module.PLOTS
)
"""Names of the figures that need results by village."""

__all__ = ["BY_VILLAGE", "FIGURES"]

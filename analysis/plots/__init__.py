"""Figures of the report, one file each; `FIGURES` lists them in the order of the report."""

from analysis.plots import aim, convergence, cost, fan, forest, funnel, inequality, ridge, winners

MODULES = (aim, fan, forest, ridge, winners, inequality, funnel, cost, convergence)
FIGURES = tuple(plot for module in MODULES for plot in module.PLOTS)

__all__ = ["FIGURES"]

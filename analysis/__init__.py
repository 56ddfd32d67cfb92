"""From stored results of a study to tables, figures and one report; never runs the model."""

from analysis.data.results import Results, load

__all__ = ["Results", "load"]

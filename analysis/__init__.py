"""From stored results of a study to tables, figures and one report; never runs the model."""

from analysis.study_results import StudyResults

load = StudyResults.open

__all__ = ["StudyResults", "load"]

"""The report of a study: one self-contained page in Chinese and English."""

from analysis.page.build import write_report

__all__ = ["write_report"]

"""Places: a folder of tables, facts and sources for each district, and the code that loads and checks it."""

from __future__ import annotations

from scenarios.district import load_district, load_facts
from scenarios.errors import InputErrors, Problem
from scenarios.province import Province, load_place
from scenarios.template import write_village_template

__all__ = [
    "InputErrors",
    "Problem",
    "Province",
    "load_district",
    "load_facts",
    "load_place",
    "write_village_template",
]

"""All rows in the order of the report's analysis."""

from __future__ import annotations

from docs.coverage.measures import MEASURES
from docs.coverage.numbers import NUMBERS
from docs.coverage.numbers_economy import NUMBERS_ECONOMY
from docs.coverage.problems import PROBLEMS
from docs.coverage.recommendations import RECOMMENDATIONS
from docs.coverage.row import Row

PARTS: dict[str, tuple[Row, ...]] = {
    "数字 Numbers": (*NUMBERS, *NUMBERS_ECONOMY),
    "现有举措 Measures in force": MEASURES,
    "问题 Problems": PROBLEMS,
    "路径建议 Recommendations": RECOMMENDATIONS,
}
ROWS: tuple[Row, ...] = tuple(row for rows in PARTS.values() for row in rows)

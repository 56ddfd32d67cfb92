"""Policy columns: what levers write and processes read. A process knows no lever."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class PolicyColumn:
    """A quantity per village and year set by levers.

    Attributes:
        neutral: value without any lever; intensity 0 leaves it.
        combine: how several levers combine: `max`, `min` or `sum`.
        meaning: what a process may read from it.
        name: taken from the declaration.
    """

    neutral: float
    combine: str
    meaning: str
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


class PolicyColumns:
    """Declaration of all policy columns; each becomes an array `(R, V)`, neutral at the start of every year."""

    advice = PolicyColumn(0.0, "sum", "advice from outside on the secretary's quality M (EQ-11)")
    village_plan = PolicyColumn(0.0, "max", "一村一策: how far a plan steadies project choice, 0-1 (EQ-08)")
    paired = PolicyColumn(0.0, "max", "1 where a sponsor is assigned this year (EQ-12)")
    purchases = PolicyColumn(0.0, "sum", "purchases promised by sponsors, 万元 a year (EQ-12)")
    joint = PolicyColumn(0.0, "max", "strength of joint building in the village, 0-1 (EQ-27)")
    joint_lead = PolicyColumn(0.0, "max", "1 where the village leads its cluster (EQ-14, EQ-27)")
    pool_contribution = PolicyColumn(
        0.0, "max", "share of investable funds a willing member gives to the pool, 0-1 (EQ-27b)"
    )
    pool_mode = PolicyColumn(0.0, "max", "mode of the pooled project: 0 enclave, 1 group development")
    pool_sharing = PolicyColumn(0.0, "max", "how a pool shares its payout: 0 by stake, 1 equally, 2 by need")
    bonus_share = PolicyColumn(0.0, "max", "share of the increment of profit paid to cadres (EQ-09, EQ-14)")
    bonus_floor = PolicyColumn(0.0, "max", "profit of last year from which the bonus counts, 万元 (EQ-14)")
    benefits = PolicyColumn(0.0, "max", "housing fund and pension for the secretary, 0-1 (EQ-17)")
    reserve_pool = PolicyColumn(0.0, "max", "chance that a vacancy is filled from the reserve pool, 0-1 (EQ-16)")
    college_weight = PolicyColumn(0.0, "max", "weight of college education in selection (EQ-16)")
    age_cap_new = PolicyColumn(200.0, "min", "highest age of a new secretary, years (EQ-16)")
    age_cap_incumbent = PolicyColumn(200.0, "min", "highest age at which a secretary is re-elected, years (EQ-17)")
    platform = PolicyColumn(0.0, "max", "strength of the digital platform, 0-1 (EQ-19 to EQ-23)")
    training = PolicyColumn(0.0, "max", "intensity of the secretary's training, 0-1 (EQ-15)")
    career_path = PolicyColumn(0.0, "max", "how far secretaries can be promoted, 0-1 (EQ-14, EQ-26)")
    responsibility = PolicyColumn(0.0, "max", "how far a list of duties is assessed, 0-1 (EQ-14, EQ-22)")
    target_pressure = PolicyColumn(0.0, "max", "how far an income target presses the secretary, 0-1 (EQ-14)")
    target_income = PolicyColumn(0.0, "max", "operating income that is the target, 万元 a year (EQ-14)")
    risk_control = PolicyColumn(0.0, "max", "strength of risk control over projects, 0-1 (EQ-05)")
    grid = PolicyColumn(0.0, "max", "outreach organised by a grid, 0-1 (EQ-22)")
    rectified = PolicyColumn(0.0, "max", "strength of rectification this year, 0-1 (EQ-26)")
    road_repair_km = PolicyColumn(0.0, "max", "km of damaged roads repaired in the village this year (EQ-25)")


POLICY_COLUMNS = {name: item for name, item in vars(PolicyColumns).items() if isinstance(item, PolicyColumn)}


class PolicyState:
    """The year's policy columns, each `(R, V)`."""

    def __init__(self, runs: int, villages: int) -> None:
        self._arrays = {name: np.full((runs, villages), item.neutral) for name, item in POLICY_COLUMNS.items()}

    def __getattr__(self, name: str) -> np.ndarray:
        arrays = self.__dict__.get("_arrays", {})
        if name not in arrays:
            raise AttributeError(f"no policy column {name!r}")
        return arrays[name]

    def reset(self) -> None:
        """Set every column to its neutral value."""
        for name, item in POLICY_COLUMNS.items():
            self._arrays[name][...] = item.neutral

    def apply(self, name: str, value: np.ndarray, where: np.ndarray) -> None:
        """Combine `value` into column `name` where the lever is in force; elsewhere nothing changes."""
        column = self._arrays[name]
        combined = {"max": np.maximum, "min": np.minimum, "sum": np.add}[POLICY_COLUMNS[name].combine](column, value)
        np.copyto(column, combined, where=where)

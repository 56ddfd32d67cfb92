"""Policy columns: what levers write and processes read. A process knows no lever."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.declared import Declared


@dataclass(frozen=True)
class PolicyColumn:
    """A quantity per village and year set by levers.

    Attributes:
        meaning: what a process may read from it.
        combine: how several levers combine: `max`, `min` or `sum`.
        neutral: value without any lever; intensity 0 leaves it.
    """

    meaning: str
    combine: str = "max"
    neutral: float = 0.0


POLICY_COLUMNS = Declared(
    "policy column",
    {
        "advice": PolicyColumn("advice from outside on the secretary's quality M (EQ-11)", "sum"),
        "village_plan": PolicyColumn("一村一策: how far a plan steadies project choice, 0-1 (EQ-08)"),
        "paired": PolicyColumn("1 where a sponsor is assigned this year (EQ-12)"),
        "purchases": PolicyColumn("purchases promised by sponsors, 万元 a year (EQ-12)", "sum"),
        "demonstration_site": PolicyColumn("intensity where the village is shown as a site (EQ-14, EQ-27)"),
        "demonstration_visit": PolicyColumn("how much the village visits its town's sites, 0-1 (EQ-27)"),
        "joint": PolicyColumn("strength of joint building in the village, 0-1 (EQ-27)"),
        "joint_lead": PolicyColumn("intensity where the village leads its cluster (EQ-14, EQ-27)"),
        "pool_contribution": PolicyColumn("share of investable funds a willing member gives to the pool, 0-1 (EQ-27b)"),
        "pool_mode": PolicyColumn("mode of the pooled project: 0 enclave, 1 group development"),
        "company": PolicyColumn("1 where the village is a member of its town's company (EQ-28)"),
        "company_startup": PolicyColumn("public start-up money of a new company, 万元 a member (EQ-28)"),
        "company_entry": PolicyColumn("what a member pays in when its company is founded, 万元 (EQ-28)"),
        "company_stake_share": PolicyColumn("share of investable funds asked for the company, 0-1 (EQ-28)"),
        "company_stake_years": PolicyColumn("years from its founding in which a company asks for stakes"),
        "company_mandatory": PolicyColumn("1 where members can't refuse to give stakes (EQ-28)"),
        "company_business": PolicyColumn("line of a new company: 0 mixed, 1 assets, 2 operations (EQ-28)"),
        "company_payout": PolicyColumn("share of profit that a new company pays out (EQ-28)"),
        "company_advice": PolicyColumn("strength of the company's advice to the village, 0-1 (EQ-28)"),
        "company_post": PolicyColumn("1 where the company has a post for a professional (EQ-29)"),
        "professionals": PolicyColumn("professionals on the district's market (EQ-29)"),
        "manager_pay": PolicyColumn("pay of a professional, 万元 a year (EQ-28)"),
        "manager_pay_public": PolicyColumn("public part of that pay, 0-1 (EQ-28)"),
        "public_contracts": PolicyColumn("share of a company's revenue from public contracts (EQ-28)"),
        "supervision": PolicyColumn("audit of the village's assets and ventures, 0-1 (EQ-10, EQ-21, EQ-28)"),
        "disclosure": PolicyColumn("how far accounts are laid open to villagers, 0-1 (EQ-10, EQ-21)"),
        "guarantee": PolicyColumn("what a guarantee fund adds to the collateral multiplier (EQ-07)"),
        "interest_subsidy": PolicyColumn("share of a village's interest that the public pays, 0-1 (EQ-02)"),
        "expert_service": PolicyColumn("share of a full service by experts, 0-1 (EQ-24)"),
        "local_brand": PolicyColumn("strength of building a local brand for the village, 0-1 (EQ-01, EQ-31)"),
        "coordination": PolicyColumn("coordination of departments, 0-1 (EQ-10, EQ-12)"),
        "alliance": PolicyColumn("strength of the wish that alliances form, 0-1 (EQ-31)"),
        "alliance_size": PolicyColumn("largest number of members of a new alliance (EQ-31)"),
        "alliance_reach": PolicyColumn("how far a new alliance reaches: 0 town, 1 town area, 2 district (EQ-31)"),
        "cost_share": PolicyColumn("public share of the cost of quality (EQ-31)"),
        "fine": PolicyColumn("fine for who rides free, share of industry revenue (EQ-31)"),
        "monitor": PolicyColumn("chance that riding free is found out, 0-1 (EQ-31)"),
        "promotion": PolicyColumn("strength of attracting enterprises, 0-1 (EQ-30)"),
        "pool_sharing": PolicyColumn("how a pool shares its payout: 0 by stake, 1 equally, 2 by need"),
        "bonus_share": PolicyColumn("share of the increment of profit paid to cadres (EQ-09, EQ-14)"),
        "bonus_tier_from": PolicyColumn("increment from which the further bonus rate counts, 万元 (EQ-09)"),
        "bonus_tier": PolicyColumn("bonus rate on top for the increment beyond that (EQ-09, EQ-14)"),
        "ratchet_relief": PolicyColumn("share by which targets held for years cut the ratchet, 0-1 (EQ-14)"),
        "performance_pay": PolicyColumn("performance pay on top of today's, 万元 a year (EQ-14)"),
        "secretary_pay": PolicyColumn("pay on top of today's, base and performance, 万元 a year (EQ-17)"),
        "graded": PolicyColumn("how far secretaries are graded, 0-1 (EQ-18)"),
        "grade_top_share": PolicyColumn("share graded A (EQ-18)"),
        "grade_low_share": PolicyColumn("share graded C (EQ-18)"),
        "grade_bottom_share": PolicyColumn("share graded D (EQ-18)"),
        "grade_weight_income": PolicyColumn("weight of growth of reported income in the score (EQ-18)"),
        "grade_weight_participation": PolicyColumn("weight of participation in the score (EQ-18)"),
        "grade_weight_audit": PolicyColumn("weight of the audit in the score (EQ-18)"),
        "grade_pay_a": PolicyColumn("multiplier on the pay of grade A, read where graded (EQ-18)"),
        "grade_pay_c": PolicyColumn("multiplier on the pay of grade C, read where graded (EQ-18)"),
        "grade_pay_d": PolicyColumn("multiplier on the pay of grade D, read where graded (EQ-18)"),
        "grade_promotion": PolicyColumn("how much likelier A is promoted, read where graded (EQ-18)"),
        "bonus_floor": PolicyColumn("profit of last year from which the bonus counts, 万元 (EQ-14)"),
        "benefits": PolicyColumn("housing fund and pension for the secretary, 0-1 (EQ-17)"),
        "reserve_pool": PolicyColumn("chance that a vacancy is filled from the reserve pool, 0-1 (EQ-16)"),
        "college_weight": PolicyColumn("weight of college education in selection (EQ-16)"),
        "assessment": PolicyColumn("share by which assessment cuts the error of selection, 0-1 (EQ-16)"),
        "age_cap_new": PolicyColumn("highest age of a new secretary, years (EQ-16)", "min", 200.0),
        "age_cap_incumbent": PolicyColumn(
            "highest age at which a secretary is re-elected, years (EQ-17)", "min", 200.0
        ),
        "platform": PolicyColumn("strength of the digital platform, 0-1 (EQ-19 to EQ-23)"),
        "platform_home": PolicyColumn("module 美好家园: services, 0-1 (EQ-23)"),
        "platform_party": PolicyColumn("module 党旗飘扬: visits organised online, 0-1 (EQ-22)"),
        "platform_voice": PolicyColumn("module 大事共商: taking part from afar, 0-1 (EQ-19)"),
        "platform_openness": PolicyColumn("module 村务公开: transparency, 0-2 (EQ-21)"),
        "platform_credit": PolicyColumn("module 诚信档案: files of good faith, 0-1 (P13)"),
        "service_shift": PolicyColumn("service money above or below an equal share, 万元 a year (EQ-23)", "sum"),
        "training": PolicyColumn("intensity of the secretary's training, 0-1 (EQ-15)"),
        "career_path": PolicyColumn("how far secretaries can be promoted, 0-1 (EQ-14, EQ-26)"),
        "responsibility": PolicyColumn("how far a list of duties is assessed, 0-2 (EQ-14, EQ-22)"),
        "target_pressure": PolicyColumn(
            "how far an income target presses the secretary and lets idle assets, 0-1 (EQ-14)"
        ),
        "target_income": PolicyColumn("operating income that is the target, 万元 a year (EQ-14)"),
        "report_inflation": PolicyColumn("how far a report may exceed the income to reach a line, share"),
        "risk_control": PolicyColumn("strength of risk control over projects, 0-1 (EQ-05)"),
        "grid": PolicyColumn("outreach organised by a grid, 0-1 (EQ-22)"),
        "doorstep": PolicyColumn("share of the time for the economy that goes to visits, 0-0.5 (EQ-11, EQ-22)"),
        "rectified": PolicyColumn("strength of rectification this year, 0-1 (EQ-26)"),
        "norm_reform": PolicyColumn("share of the banquet burden that is ended, 0-1 (P13)"),
        "road_repair_km": PolicyColumn("km of damaged roads repaired in the village this year (EQ-25)"),
    },
)
"""Every policy column by name; each becomes an array `(R, V)`, neutral at the start of every year."""


class PolicyState:
    """The year's policy columns, each `(R, V)`."""

    def __init__(self, runs: int, villages: int) -> None:
        arrays = {name: np.full((runs, villages), item.neutral) for name, item in POLICY_COLUMNS.items()}
        self._arrays: Declared[np.ndarray] = Declared("policy column", arrays)

    def __getattr__(self, name: str) -> np.ndarray:
        if name.startswith("_"):  # what copying asks for, of one that is not made yet
            raise AttributeError(name)
        return self._arrays[name]

    def reset(self) -> None:
        """Set every column to its neutral value."""
        for name, item in POLICY_COLUMNS.items():
            self._arrays[name][...] = item.neutral

    def apply(self, name: str, value: np.ndarray, where: np.ndarray) -> None:
        """Combine `value` into column `name` where the lever is in force; elsewhere nothing changes.

        Raises:
            UnknownName: no such policy column.
        """
        column = self._arrays[name]
        combined = {"max": np.maximum, "min": np.minimum, "sum": np.add}[POLICY_COLUMNS[name].combine](column, value)
        np.copyto(column, combined, where=where)

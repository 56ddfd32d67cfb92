"""Who manages a venture: hired professionals of a town company, or a secretary beside the office (EQ-28, EQ-29)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import rank
from sim.ledger import by_seat
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import capital
from sim.state import Moment

USUAL_PAY = 12.0
"""万元 a year; lowest of the published grades 18, 15 and 12 (effects.md 3)."""
LEAST_SKILL, SPREAD_OF_SKILL = 0.6, 0.6
"""Skill of a professional is uniform on 0.6–1.2, on the scale of M (EQ-29)."""


class ManagerParameters(Parameters):
    """Parameters of hired and of part-time managers."""

    needs = {
        ("joint_building", "town_company"): (),
        ("town_company",): ("manager_quit_rate", "pay_holds"),
    }

    manager_discount = Parameter(
        0.8, 0.6, 1.0, "ratio", ASSUMPTION, "兼职管理折扣", "quality of a secretary who manages beside the office"
    )
    manager_quit_rate = Parameter(
        0.5, 0.3, 0.8, "per year", "effects.md 3: most leave in 6-12 months", "职业经理人离任率", "quitting of managers"
    )
    pay_holds = Parameter(
        1.0, 0.0, 2.0, "log per unit", ASSUMPTION, "薪酬留人作用", "restraint of quitting by higher pay"
    )


def staff(now: Moment) -> None:
    """Professionals quit, vacant posts are filled from the market, and every venture has its manager for the year.

    Who has just quit is gone; those waiting at the turn of the year are hired, in drawn order where posts exceed them.
    A post that finds nobody stays vacant for the year, and the best secretary of the town stands in.
    """
    venture, p, draws = now.state.venture, now.parameters, now.draws
    pools = now.clusters.count
    in_post, skill = venture.professional_in_post[:, pools:], venture.professional_skill[:, pools:]
    has_post = (now.towns.maximum(now.policy.company_post) > 0) & (venture.wound_up[:, pools:] == 0)
    supply = np.max(now.policy.professionals, axis=1, keepdims=True)
    pay = now.towns.maximum(now.policy.manager_pay)
    hazard = p.manager_quit_rate * np.exp(-p.pay_holds * (pay / USUAL_PAY - 1))
    stays = (in_post > 0) & has_post & ~capital.strikes(draws.manager_quits, hazard)
    waiting = supply - np.sum(in_post, axis=1, keepdims=True)
    vacant = has_post & ~stays
    hired = vacant & (rank(np.where(vacant, draws.manager_order, np.inf)) < waiting)
    skill = np.where(hired, LEAST_SKILL + SPREAD_OF_SKILL * draws.manager_skill, skill)
    venture.professional_in_post[:, pools:] = stays | hired
    venture.professional_skill[:, pools:] = skill
    part_time = p.manager_discount * now.seats.maximum(by_seat(now.state.secretary.manager_quality))
    venture.manager_quality = np.where(venture.professional_in_post > 0, venture.professional_skill, part_time)

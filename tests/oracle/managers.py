"""Managers of ventures: EQ-29."""

from __future__ import annotations

import math

from oracle.agents import Venture

USUAL_PAY = 12.0
LEAST_SKILL, MOST_SKILL = 0.6, 1.2


def quit_hazard(model, pay: float) -> float:
    """Hazard a year that a professional leaves at this pay."""
    return model.p.manager_quit_rate * math.exp(-model.p.pay_holds * (pay / USUAL_PAY - 1))


def best_part_time(model, venture: Venture) -> float:
    """M of the members' best secretary, who manages the venture beside the office."""
    return model.p.manager_discount * max(village.secretary.manager_quality for village in venture.members)


def asked_of(venture: Venture, name: str) -> float:
    """What the levers want of a venture: the most that they want of any member."""
    return max(getattr(village.policy, name) for village in venture.members)


def staff(model) -> None:
    """Opening: professionals quit, those waiting are hired, every venture has its manager for the year."""
    companies = [venture for venture in model.ventures if venture.is_company]
    employed = sum(company.professional_in_post for company in companies)
    waiting = max(village.policy.professionals for village in model.villages) - employed
    vacant = []
    for town, company in enumerate(companies):
        has_post = asked_of(company, "company_post") > 0 and not company.wound_up
        chance = 1 - math.exp(-quit_hazard(model, asked_of(company, "manager_pay")))
        if company.professional_in_post and (not has_post or model.draws["manager_quits"][town] < chance):
            company.professional_in_post = 0.0
        if has_post and not company.professional_in_post:
            vacant.append(town)
    for place, town in enumerate(sorted(vacant, key=lambda town: model.draws["manager_order"][town])):
        if place < waiting:
            company = companies[town]
            company.professional_in_post = 1.0
            company.professional_skill = LEAST_SKILL + (MOST_SKILL - LEAST_SKILL) * model.draws["manager_skill"][town]
    for venture in model.ventures:
        if venture.professional_in_post:
            venture.manager_quality = venture.professional_skill
        else:
            venture.manager_quality = best_part_time(model, venture)

"""Industry alliances: EQ-31."""

from __future__ import annotations

import math

from oracle.agents import Alliance, Village
from oracle.arithmetic import logistic, ratio
from oracle.production import local_premium
from oracle.projects import stock

TOWN, AREA, DISTRICT = 0, 1, 2
THIRDS, YEARS_TO_DISSOLVE, NOT_PRODUCING = 3, 2, -1.0


def alliances_and_members(model) -> list[tuple[Alliance, list[Village]]]:
    """All alliances with their members; an alliance has the number of its lead, counted from 1."""
    members: list[list[Village]] = [[] for _ in model.alliances]
    for village in model.villages:
        if village.alliance:
            members[village.alliance - 1].append(village)
    return list(zip(model.alliances, members, strict=True))


def reach_of(village: Village) -> int:
    """Town, town area or district, whichever an alliance may span."""
    return {TOWN: village.town, AREA: village.area, DISTRICT: 0}[int(village.policy.alliance_reach)]


def form(model) -> None:
    """Opening: villages of one industry within reach that are in no alliance form some."""
    groups: dict[tuple[int, int], list[Village]] = {}
    for village in model.villages:
        if village.policy.alliance > 0 and not village.alliance and not village.was_allied:
            groups.setdefault((reach_of(village), village.industry), []).append(village)
    for group in groups.values():
        by_income = sorted(group, key=lambda village: -village.income_operating)
        number = math.ceil(len(group) / max(by_income[0].policy.alliance_size, 2))
        for first in range(number):
            found(model, by_income[first::number])


def found(model, members: list[Village]) -> None:
    """An alliance of these, led by the first; a village alone is none."""
    if len(members) < 2:
        return
    for village in members:
        village.alliance = members[0].number + 1
        village.alliance_lead = float(village is members[0])
        village.complies = NOT_PRODUCING
    model.alliances[members[0].number].alive = 1.0


def peer_gain(model, members: list[Village]) -> float:
    """EQ-31: what a strong lead adds and rivals in one town take away."""
    lead = next(village for village in members if village.alliance_lead)
    pairs = len(members) * (len(members) - 1)
    rivals = sum(one.town == other.town for one in members for other in members if one is not other)
    strength = math.exp(model.p.lead_gain * (lead.secretary.manager_quality - 0.5))
    return strength * (1 - model.p.rival_loss * ratio(rivals, pairs))


def produces(model, village: Village) -> bool:
    """Whether a village has capital, working or under construction, in an industry mode."""
    return any(held > 0 and mode.industry_mode for held, mode in zip(stock(village), model.modes, strict=True))


def quality_cost(model) -> float:
    """What the premium brings less what is left of it."""
    return max(0.0, model.p.alliance_premium - model.p.alliance_net)


def gap(model, village: Village, gain: float, producers: int) -> float:
    """EQ-31: what keeping to the quality is worth more than not, share of industry revenue."""
    p, policy = model.p, village.policy
    own_cost = quality_cost(model) * (1 - policy.cost_share)
    return p.alliance_premium * gain / producers - own_cost + policy.fine * policy.monitor


def turns(model) -> list[bool]:
    """Whether each village, if it is a member, chooses anew this year: every third member of a town by code."""
    found, before = [], [0] * model.district.towns
    for village in model.villages:
        found.append(before[village.town] % THIRDS == model.year % THIRDS)
        before[village.town] += village.alliance > 0
    return found


def choose_quality(model) -> None:
    """Opening: a third of the producers, and every new one, chooses whether to comply."""
    for village in model.villages:
        village.brand_premium = village.brand_cost = village.bulk_saving = village.premium_year = 0.0
    its_turn = turns(model)
    for alliance, members in alliances_and_members(model):
        if not members:
            alliance.quality = alliance.peer_gain = 0.0
            continue
        producers = [village for village in members if produces(model, village)]
        alliance.peer_gain = peer_gain(model, members) if len(producers) >= 2 else 0.0
        for village in members:
            if village not in producers:
                village.complies = NOT_PRODUCING
            elif its_turn[village.number] or village.complies == NOT_PRODUCING:
                better = gap(model, village, alliance.peer_gain, len(producers))
                chance = logistic(max(better / model.p.choice_scale, -700.0))
                village.complies = float(model.draws["alliance_choice"][village.number] < chance)
        alliance.quality = ratio(sum(village.complies > 0 for village in producers), len(producers))
        for village in members:
            village.brand_premium = model.p.alliance_premium * alliance.peer_gain * alliance.quality
            village.bulk_saving = model.p.bulk_saving * alliance.peer_gain
            if village.complies > 0:
                village.brand_cost = quality_cost(model) * (1 - village.policy.cost_share)


def settle(model) -> None:
    """Every quarter: cost of quality, fines, savings."""
    wished = sum(
        subsidy(model, village)
        for _, members in alliances_and_members(model) for village in members if village.complies > 0
    )  # fmt: skip
    covered = model.covered("district", "quality_subsidy", wished)
    for alliance, members in alliances_and_members(model):
        fines, complying = 0.0, sum(village.branded_revenue for village in members if village.complies > 0)
        for village in members:
            fines += keep_or_be_fined(model, village, alliance.quality, covered)
        for village in members:
            saved = village.bulk_saving * village.branded_cost
            model.ledger.pay("suppliers", village, saved, "bulk_saving")
            part = village.branded_revenue if village.complies > 0 else 0.0
            received = fines * ratio(part, complying)
            model.ledger.pay("alliances", village, received, "fines_received")
            village.premium_year += (
                max(0.0, village.brand_premium - local_premium(model, village)) * village.branded_revenue
            )
            village.profit_this_quarter += saved + received


def subsidy(model, village: Village) -> float:
    """What the public wishes to bear of a quarter's cost of quality."""
    return quality_cost(model) * village.policy.cost_share * village.branded_revenue


def keep_or_be_fined(model, village: Village, quality: float, covered: float) -> float:
    """A member bears the cost of quality, or is fined where somebody complies; returns the fine.

    Of the subsidy only a part may be covered; the rest of it the village bears.
    """
    sold, policy, pay = village.branded_revenue, village.policy, model.ledger.pay
    if village.complies > 0:
        public = covered * subsidy(model, village)
        own = village.brand_cost * sold + subsidy(model, village) - public
        pay(village, "suppliers", own, "quality_cost")
        pay("district", "suppliers", public, "quality_subsidy")
        village.profit_this_quarter -= own
        return 0.0
    if village.complies == NOT_PRODUCING or quality == 0:
        return 0.0
    fine = policy.fine * policy.monitor * sold
    pay(village, "alliances", fine, "fines")
    village.profit_this_quarter -= fine
    return fine


def review(model) -> None:
    """Closing: an alliance in which hardly anybody complies two years running dissolves."""
    for alliance, members in alliances_and_members(model):
        producing = any(village.complies != NOT_PRODUCING for village in members)
        weak = producing and alliance.quality < model.p.least_quality
        alliance.years_weak = alliance.years_weak + 1 if weak else 0.0
        if alliance.years_weak < YEARS_TO_DISSOLVE:
            continue
        for village in members:
            village.was_allied = 1.0
            village.alliance = 0
            village.alliance_lead = village.complies = 0.0
        alliance.alive = alliance.quality = alliance.peer_gain = alliance.years_weak = 0.0
        alliance.dissolved = 1.0

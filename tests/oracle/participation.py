"""Participation and trust: EQ-19, EQ-21, EQ-22."""

from __future__ import annotations

import math

import numpy as np

from oracle import norms
from oracle.agents import Resident, Village
from oracle.leadership import time_for_economy

GROUPS = 3
"""A third of the residents reconsiders in a quarter."""


def phone_share(model, age: int) -> float:
    """EQ-20: share with a smartphone among those who were as old as this at the start; nobody loses it."""
    older = min(max((age - 50) / 20, 0.0), 1.0)
    return model.p.phone_young + (model.p.phone_old - model.p.phone_young) * older


def personal_part(model, resident: Resident) -> float:
    """EQ-19: the part of the wish to attend that differs between people of a village."""
    p = model.p
    away = p.b_away * resident.away * (1 - p.s_digital * resident.online)
    return resident.leaning - away + p.b_digital * resident.online


def form_inclination(model) -> None:
    """Opening: who is online, and the personal part of the wish to attend."""
    for resident in model.residents:
        age_at_start = resident.age - model.quarters_since_start // 4
        has_phone = resident.phone_draw < np.float32(phone_share(model, age_at_start))
        use = resident.village.digital_adoption * resident.village.policy.platform_voice
        resident.online = np.float32(use if has_phone else 0.0)
        resident.inclination = np.float32(personal_part(model, resident))


def outreach(model, village: Village) -> float:
    """EQ-22: how much residents are visited."""
    p = model.p
    visits = p.ordinary_outreach + village.policy.grid + p.responsibility_outreach * village.policy.responsibility
    visits += p.outreach_by_platform * village.policy.platform_party
    settled = p.settlement_outreach if village.has_settlement else 1.0
    return visits * (1 - time_for_economy(model, village)) * village.organisation * settled


def village_part(model, village: Village) -> float:
    """EQ-19: the part of the wish to attend that a village's residents have in common."""
    p = model.p
    return (
        p.attend_constant
        + village.village_effect
        + p.b_trust * (2 * village.trust - 1)
        + mobilised(model, village)
        + p.b_lead * village.secretary.effort
        + p.anchor_leaning * village.recruited_members / village.registered_population
    )


def mobilised(model, village: Village) -> float:
    """EQ-19: what dividends, services and visits add to the wish."""
    p = model.p
    added = p.b_dividend * math.log(1 + norms.dividend_left(model, village) / p.dividend_scale)
    return added + p.b_service * village.service_quality + p.b_outreach * outreach(model, village)


def reconsider(model) -> None:
    """Every quarter: a third of each village's residents decides anew (EQ-19)."""
    if not model.residents:
        return
    p, group = model.p, model.quarters_since_start % GROUPS
    common = [village_part(model, village) - p.social_influence * p.reference_share for village in model.villages]
    decided = []
    for resident in model.residents:
        if resident.place % GROUPS != group:
            continue
        attending = sum(tie.participates for tie in resident.ties) / len(resident.ties)
        wish = resident.inclination + np.float32(common[resident.village.number])
        wish += np.float32(p.social_influence * attending)
        draw = model.draws["attendance"][place_on_tape(model, resident, group)]
        decided.append((resident, int(draw < wish)))
    for resident, attends in decided:
        resident.participates = attends
    for village in model.villages:
        village.participation = sum(person.participates for person in village.residents) / len(village.residents)


def place_on_tape(model, resident, group: int) -> int:
    """Whose turn it is has a draw: the same room for each village of a sample, else one after the other."""
    room = -(-len(resident.village.residents) // GROUPS)
    if model.is_sample:
        return resident.village.number * room + resident.place // GROUPS
    before = model.villages[: resident.village.number]
    return sum(len(range(group, len(village.residents), GROUPS)) for village in before) + resident.place // GROUPS


def hump(strength: float) -> float:
    """EQ-21: what residents think of an audit of this strength: best at one half, nothing at none and at the full."""
    return 1 - (2 * strength - 1) ** 2


def update_trust(model) -> None:
    """Every quarter: trust moves (EQ-21)."""
    p = model.p
    for village in model.villages:
        goal = (
            p.trust_base
            + p.trust_by_service * village.service_quality
            + p.trust_by_transparency * village.transparency
            + p.trust_by_profit * math.tanh(village.profit_change / p.profit_scale)
            + p.digital_trust_effect * village.policy.platform
            + p.trust_by_supervision * hump(village.policy.supervision)
            - norms.trust_lost(model, village)
        )
        moved = village.trust + p.kappa_trust / 4 * (goal - village.trust)
        village.trust = min(max(moved, 0.0), 1.0)

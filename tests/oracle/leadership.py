"""Secretaries: turnover, training, ability, learning, effort (EQ-11, EQ-14 to EQ-17, EQ-27a)."""

from __future__ import annotations

from oracle import grading, rewards
from oracle.agents import Candidate, Secretary, Village
from oracle.arithmetic import clip
from oracle.production import village_base

AN_ELECTION, YEARS_BETWEEN = 2026, 5
HIGHEST_TRAINING, HIGHEST_KNOWLEDGE = 0.15, 0.25


def is_election_year(year: int) -> bool:
    """2026, 2031 and so on; 2021 where a run begins before."""
    return (year - AN_ELECTION) % YEARS_BETWEEN == 0


def leaves(model, village: Village, draw: float) -> bool:
    """EQ-17: whether a secretary leaves other than by promotion."""
    p, policy = model.p, village.policy
    if is_election_year(model.year):
        return village.secretary.age > policy.age_cap_incumbent or draw < p.exit_at_term
    return draw < rewards.chance_to_quit(model, village)


def best_candidate(model, village: Village) -> Candidate | None:
    """EQ-16: the best free candidate of the town who is not too old, by a noisy score."""
    best, chosen = None, None
    assessed = max(other.policy.assessment for other in model.villages if other.town == village.town)
    for candidate in model.candidates:
        if candidate.town != village.town or candidate.used or not candidate.joined:
            continue
        if candidate.age > village.policy.age_cap_new:
            continue
        error = model.p.selection_noise * (1 - assessed)
        score = candidate.skill + error * model.selection_draw(candidate)
        score += village.policy.college_weight * candidate.is_college
        if best is None or score > best:
            best, chosen = score, candidate
    return chosen


def take_over(secretary: Secretary, age: float, college: float, capable: float, skill: float) -> None:
    """A new person in the office."""
    secretary.age, secretary.is_college, secretary.is_capable, secretary.skill = age, college, capable, skill
    secretary.tenure = secretary.training_stock = secretary.years_at_bottom = 0.0
    secretary.grade = 0


def hold_elections(model) -> None:
    """Opening: secretaries leave and are followed."""
    draws, p, able = model.draws, model.p, grading.abler_half(model)
    for village in model.villages:
        i, secretary = village.number, village.secretary
        removed = grading.has_to_go(village)
        promoted = not removed and draws["promotion"][i] < grading.chance_of_promotion(model, village)
        secretary.removed, secretary.wrongly_removed = float(removed), float(removed and i in able)
        secretary.promoted = float(promoted)
        if not (removed or promoted or leaves(model, village, draws["exit"][i])):
            continue
        if model.structure["learning"] == "fading":
            village.knowledge -= p.knowledge_of_secretary * village.knowledge
        candidate = best_candidate(model, village) if draws["from_pool"][i] < village.policy.reserve_pool else None
        if candidate:
            candidate.used = 1.0
            take_over(secretary, candidate.age, candidate.is_college, candidate.is_capable, candidate.skill)
        else:
            college = float(draws["local_college"][i] < p.local_college)
            capable = float(draws["local_capable"][i] < model.capable_share)
            age = model.local_age(draws["local_age"][i], village.policy.age_cap_new)
            take_over(secretary, age, college, capable, model.skill(draws["local_skill"][i]))


def train(model) -> None:
    """Opening: training (EQ-15)."""
    for village in model.villages:
        stock = model.p.training_kept * village.secretary.training_stock
        gained = stock + model.p.training_gain * village.policy.training
        village.secretary.training_stock = min(HIGHEST_TRAINING, gained)


def own_ability(model, village: Village) -> float:
    """EQ-11 without what was learnt from partners, before bounds."""
    p, secretary = model.p, village.secretary
    return (
        secretary.skill
        + p.capable_bonus * secretary.is_capable
        + p.college_bonus * secretary.is_college
        + secretary.training_stock
        + p.organisation_weight * (village.organisation - 0.5)
        - p.age_decay * max(0.0, secretary.age - 50) / 5
    )


def judge_ability(model) -> None:
    """Opening: ability (EQ-11)."""
    for village in model.villages:
        own = own_ability(model, village)
        village.secretary.own_ability = clip(own, 0.02, 0.98)
        village.secretary.ability = clip(own + village.knowledge, 0.02, 0.98)


def learn_from_partners(model) -> None:
    """Opening: members of a jointly building cluster learn from the lead, visitors from their town's best site."""
    p, level = model.p, [village.secretary.own_ability + village.knowledge for village in model.villages]
    leads = {village.cluster: level[village.number] for village in model.villages if village.policy.joint_lead}
    shown: dict[int, float] = {}
    for village in model.villages:
        if village.policy.demonstration_site:
            shown[village.town] = max(level[village.number], shown.get(village.town, 0.0))
    for village in model.villages:
        own = level[village.number]
        learnt = p.kappa_joint * village.policy.joint * max(0.0, leads.get(village.cluster, 0.0) - own)
        seen = max(0.0, shown.get(village.town, 0.0) - own)
        learnt += p.kappa_joint * p.demonstration_speed * village.policy.demonstration_visit * seen
        if model.structure["learning"] == "fading":
            village.knowledge *= p.knowledge_kept
        village.knowledge = clip(village.knowledge + learnt, 0.0, HIGHEST_KNOWLEDGE)


def time_for_economy(model, village: Village) -> float:
    """EQ-11, EQ-22: share of effort for the economy, less what doorstep service takes of it."""
    return model.p.effort_econ_share * (1 - village.policy.doorstep)


def manager_quality(model, village: Village) -> float:
    """EQ-11: M."""
    secretary = village.secretary
    drive = 0.5 + secretary.effort * time_for_economy(model, village) / 0.6
    return clip((secretary.ability + village.advice) * drive, 0.0, 1.4)


def take_advice(model) -> None:
    """Opening: advice from sponsors, town, company, and party members recruited."""
    for village in model.villages:
        village.advice = village.policy.advice
        company = village.town_company
        if company.active:
            strength = model.p.company_advice * village.policy.company_advice
            village.advice += strength * (0.5 + 0.5 * village.policy.supervision)
        village.advice += model.p.recruits_advice * min(1.0, village.recruited_members / 10)


def gain_from_effort(model, village: Village) -> float:
    """EQ-14: what effort adds to profit, 万元; under last year's management and labour, which is the state before."""
    gain = 0.0
    for m, mode in enumerate(model.modes):
        gain += mode.manager_exponent * mode.margin * village_base(model, village, m, village.capital[m])
    return gain * (village.secretary.ability + village.advice)


def wanted_effort(model, village: Village) -> float:
    """EQ-14: the effort a secretary moves towards."""
    p, policy = model.p, village.policy
    merit = 1 - 1 / max(1.0, policy.grade_promotion) if policy.graded else 0.0
    prize = p.career_prize * policy.career_path * (2 * merit - 1) + p.responsibility_prize * policy.responsibility
    short = max(0.0, policy.target_income - village.income_operating)
    pressure = p.pressure_weight * short * policy.target_pressure
    bonus = rewards.marginal_bonus(model, village)
    reward = bonus * gain_from_effort(model, village) + prize + pressure
    reward += rewards.at_stake(model, village)
    time_for_others = p.lead_time_cost * (policy.joint_lead + policy.demonstration_site)
    wanted = p.effort_at_rest + p.effort_response * reward
    return wanted * (1 - p.crowd_out * village.dependency) - time_for_others


def choose_effort(model) -> None:
    """Opening: effort moves (EQ-14), and with it manager quality."""
    for village in model.villages:
        secretary = village.secretary
        moved = secretary.effort + model.p.kappa_effort * (wanted_effort(model, village) - secretary.effort)
        secretary.effort = clip(moved, 0.05, 1.0)
        secretary.manager_quality = manager_quality(model, village)


def grow_older(model) -> None:
    """Closing: everybody is a year older."""
    for village in model.villages:
        village.secretary.age += 1
        village.secretary.tenure += 1
    for candidate in model.candidates:
        candidate.age += candidate.joined

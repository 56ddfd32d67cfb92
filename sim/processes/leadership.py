"""Secretaries: elections, promotion, selection, training, learning, ability and effort (EQ-11, 14 to 17, 27a)."""

from __future__ import annotations

import numpy as np
from scipy import special

from sim.arithmetic import Groups, over_modes, pick
from sim.columns import UNGRADED
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import grading, rewards, ventures
from sim.processes.production import yearly_base
from sim.state import Moment
from sim.tape import GRID, truncated_normal

TERM_LENGTH_YEARS = 5
FIRST_TERM_CHANGE = 2026
"""The report expects the next election (换届) by 2026; village terms last five years."""
SKILL_LAW = special.betainc(5.0, 5.0, GRID)
"""Skill is Beta(5, 5), for incumbents, candidates and local successors alike."""
KNOWLEDGE_CEILING = 0.25
FADING = "fading"
"""The usual form of the structure `learning`."""
TRAINING_CEILING = 0.15
RECRUITS_OF_FULL_ADVICE = 10.0
"""Party members recruited in a village from which more add no advice."""


class LeadershipParameters(Parameters):
    """Parameters of who leads a village and how well."""

    needs = {
        ("career_path",): ("career_prize", "promotion_rate"),
        ("responsibility_list",): ("responsibility_prize",),
        ("target_pressure",): ("pressure_weight",),
        ("training",): ("training_gain", "training_kept"),
        ("town_renewal",): ("renewal_advice",),
        ("party_member_recruitment",): ("recruits_advice",),
        ("joint_building", "demonstration_sites"): ("kappa_joint", "lead_time_cost"),
        ("demonstration_sites",): ("demonstration_speed",),
        ("cadre_pay",): ("benefits_hold",),
        ("secretary_selection",): ("selection_noise",),
    }

    capable_bonus = Parameter(0.08, 0.0, 0.16, "ability", ASSUMPTION, "致富能手加成", "ability of the capable")
    college_bonus = Parameter(
        0.05, 0.0, 0.10, "ability", "B67: sign only", "大专学历加成", "ability of college graduates"
    )
    organisation_weight = Parameter(
        0.1, 0.0, 0.2, "ability", ASSUMPTION, "组织力对能力的作用", "effect of organisation on ability"
    )
    age_decay = Parameter(
        0.06, 0.0, 0.12, "ability per 5 years over 50", ASSUMPTION, "五十岁后能力衰减", "decline of ability after 50"
    )
    effort_econ_share = Parameter(
        0.6, 0.4, 0.8, "share", ASSUMPTION, "精力用于经济的比例", "share of effort for the economy"
    )
    effort_at_rest = Parameter(0.44, 0.27, 0.67, "0-1", ASSUMPTION, "无激励时的努力", "effort without any incentive")
    effort_response = Parameter(
        0.4, 0.28, 0.56, "effort per 万元", ASSUMPTION, "努力对激励的反应", "how effort answers to what is at stake"
    )
    career_prize = Parameter(0.16, 0.0, 0.4, "万元", "Sierra Leone: +23 % with merit, -27 % without (11565/4075436)",
                             "晋升激励", "career prize")  # fmt: skip
    promotion_rate = Parameter(
        0.011, 0.0, 0.03, "per year", "N20: 7 promotions of 209; three years assumed", "晋升离任率", "rate of promotion"
    )
    responsibility_prize = Parameter(
        0.04, 0.0, 0.08, "万元", ASSUMPTION, "责任清单的激励", "prize for duties fulfilled"
    )
    pressure_weight = Parameter(0.01, 0.0, 0.05, "reward per 万元 short of the target", ASSUMPTION, "目标压力系数",
                                "weight of the income target")  # fmt: skip
    training_gain = Parameter(0.02, 0.0, 0.05, "ability per year", "trials: sales +5 to +10 % (scite.ai 4L4wL52a)",
                              "培训年增量", "ability gained by training")  # fmt: skip
    training_kept = Parameter(
        0.9, 0.8, 0.95, "share kept a year", ASSUMPTION, "培训成果留存率", "training not forgotten in a year"
    )
    renewal_advice = Parameter(
        0.02, 0.0, 0.04, "M", ASSUMPTION, "镇班子调整的指导作用", "advice from a renewed town leadership"
    )
    recruits_advice = Parameter(
        0.02, 0.0, 0.04, "M", ASSUMPTION, "新党员的指导作用", "advice of ten or more party members recruited"
    )
    crowd_out = Parameter(0.3, 0.0, 0.7, "ratio", "Philippines, India: about none (proquest 2673632066)",
                          "依赖对努力的挤出", "crowding-out of effort by dependency")  # fmt: skip
    kappa_effort = Parameter(0.5, 0.2, 0.9, "per year", ASSUMPTION, "努力调整速度", "speed of effort")
    lead_time_cost = Parameter(0.03, 0.0, 0.1, "effort", ASSUMPTION, "带村的时间成本", "time a lead village gives")
    kappa_joint = Parameter(0.18, 0.06, 0.32, "per year", "Colombia, groups: half of +8 to +10 points (W2907268177)",
                            "联建学习速度", "speed of learning from a partner")  # fmt: skip
    demonstration_speed = Parameter(0.1, 0.0, 0.3, "share of the speed of joint building",
                                    "India: hardly any spread without a tie (siepr.stanford.edu)",
                                    "示范点学习速度", "speed of learning from a demonstration site")  # fmt: skip
    knowledge_kept = Parameter(0.95, 0.90, 0.98, "share kept a year", "India: half dropped in 8 years (openknowledge)",
                               "联建所学留存率", "knowledge from partners not forgotten in a year")  # fmt: skip
    knowledge_of_secretary = Parameter(0.3, 0.0, 0.7, "share", "India: managers leave (openknowledge); size assumed",
                                       "随书记离任的经验", "knowledge lost when the secretary changes")  # fmt: skip
    exit_at_term = Parameter(
        0.15, 0.05, 0.3, "share", ASSUMPTION, "换届自然更替率", "leaving at an election for other reasons"
    )
    quit_rate = Parameter(0.02, 0.0, 0.05, "per year", ASSUMPTION, "届中离任率", "leaving between elections")
    benefits_hold = Parameter(0.3, 0.0, 0.6, "share", ASSUMPTION, "保障留人作用", "departures prevented by benefits")
    selection_noise = Parameter(0.25, 0.1, 0.5, "skill", ASSUMPTION, "选人误差", "noise of selection")
    local_age_mean = Parameter(
        45.0, 40.0, 50.0, "years of age", ASSUMPTION, "本地继任者平均年龄", "mean age of a local successor"
    )
    local_college = Parameter(
        0.5, 0.3, 0.7, "share", ASSUMPTION, "本地继任者大专比例", "college share of local successors"
    )


def hold_elections(now: Moment) -> None:
    """Secretaries leave by age cap, quitting, promotion or removal; others follow, untrained (EQ-16 to EQ-18)."""
    secretary, p, policy = now.state.secretary, now.parameters, now.policy
    if (now.year - FIRST_TERM_CHANGE) % TERM_LENGTH_YEARS == 0:
        leaves = (secretary.age > policy.age_cap_incumbent) | (now.draws.exit < p.exit_at_term)
    else:
        leaves = now.draws.exit < p.quit_rate * rewards.leaving_between_elections(now)
    removed = grading.removed(now)
    chance = p.promotion_rate * policy.career_path * grading.promotion_factor(now)
    promoted = (now.draws.promotion < chance) & ~removed
    leaves = leaves | promoted | removed
    secretary.removed, secretary.wrongly_removed = removed, removed & grading.above_the_median(now)
    if now.structure["learning"] == FADING:
        now.state.village.knowledge = now.state.village.knowledge * (1 - p.knowledge_of_secretary * leaves)
    _appoint_locally(now, leaves)
    _appoint_from_pool(now, leaves)
    secretary.tenure = np.where(leaves, 0.0, secretary.tenure)
    secretary.training_stock = np.where(leaves, 0.0, secretary.training_stock)
    secretary.grade = np.where(leaves, UNGRADED, secretary.grade)
    secretary.years_at_bottom = np.where(leaves, 0.0, secretary.years_at_bottom)
    secretary.promoted = promoted


def _appoint_locally(now: Moment, vacant: np.ndarray) -> None:
    """Fill vacancies with someone of the village."""
    p, draws = now.parameters, now.draws
    capable = now.district.facts["capable_secretaries"] / now.district.villages
    where = np.nonzero(vacant)
    run, oldest = where[0], np.minimum(now.policy.age_cap_new[where], 70.0)
    successor = {
        "age": truncated_normal(draws.local_age[where], p.local_age_mean[run, 0], 6.0, 25.0, oldest),
        "is_college": draws.local_college[where] < p.local_college[run, 0],
        "is_capable": draws.local_capable[where] < capable,
        "skill": skill(draws.local_skill[where]),
    }
    for name, value in successor.items():
        getattr(now.state.secretary, name)[where] = value


def skill(uniform: np.ndarray) -> np.ndarray:
    """Skill of anyone who may lead a village, from a uniform draw."""
    return np.interp(uniform, SKILL_LAW, GRID)


def _appoint_from_pool(now: Moment, vacant: np.ndarray) -> None:
    """Where the reserve programme runs, the town's best candidates by a noisy score fill its vacancies."""
    candidate, secretary, draws = now.state.candidate, now.state.secretary, now.draws
    wanted = vacant & (draws.from_pool < now.policy.reserve_pool)
    if not np.any(wanted) or not candidate.rows:
        return
    town_of_candidate = now.candidate_towns
    weight = now.towns.maximum(now.policy.college_weight)[:, town_of_candidate.of]
    cap = now.towns.minimum(now.policy.age_cap_new)[:, town_of_candidate.of]
    error = now.parameters.selection_noise * (1 - now.towns.maximum(now.policy.assessment)[:, town_of_candidate.of])
    noise = np.concatenate([draws.selection, draws.selection_inflow], axis=1)
    score = candidate.skill + error * noise + weight * candidate.is_college
    available = (candidate.joined > 0) & (candidate.used == 0) & (candidate.age <= cap)
    place = _place_in_town(np.where(available, -score, np.inf), town_of_candidate)
    wish = now.towns.order_among(wanted)
    offered = now.towns.spread(town_of_candidate.sum(available.astype(np.int64)))
    filled = wanted & (wish < offered)
    row = _candidate_at(place, town_of_candidate, wish, now.towns)
    for name in ("age", "is_college", "is_capable", "skill"):
        chosen = pick(getattr(candidate, name), row)
        setattr(secretary, name, np.where(filled, chosen, getattr(secretary, name)))
    used = np.zeros(candidate.used.shape)
    runs, villages = np.nonzero(filled)
    used[runs, row[runs, villages]] = 1.0
    candidate.used = candidate.used + used


def _place_in_town(badness: np.ndarray, towns: Groups) -> np.ndarray:
    """Candidates in order of town, best first inside each: position to candidate, `(R, candidates)`."""
    by_badness = np.argsort(badness, axis=1, kind="stable")
    town = towns.of.astype(np.int16)[by_badness]  # short, because such numbers are sorted by digits
    return pick(by_badness, np.argsort(town, axis=1, kind="stable"))


def _candidate_at(place: np.ndarray, of_town: Groups, wish: np.ndarray, towns: Groups) -> np.ndarray:
    """The candidate standing at place `wish` of the village's town, `(R, V)`; nonsense where the town has too few."""
    first = np.concatenate(([0], np.cumsum(of_town.size)[:-1]))
    position = np.minimum(first[towns.of] + wish, place.shape[1] - 1)
    return pick(place, position)


def train(now: Moment) -> None:
    """Training adds to a stock of ability and a part of it is forgotten each year, up to a ceiling (EQ-15)."""
    secretary, p = now.state.secretary, now.parameters
    stock = p.training_kept * secretary.training_stock + p.training_gain * now.policy.training
    secretary.training_stock = np.minimum(stock, TRAINING_CEILING)


def grow_older(now: Moment) -> None:
    """Secretaries and the candidates in the pool age a year (EQ-15, EQ-16)."""
    candidate, secretary = now.state.candidate, now.state.secretary
    candidate.age = candidate.age + (candidate.joined > 0)
    secretary.age = secretary.age + 1
    secretary.tenure = secretary.tenure + 1


def learn_from_partners(now: Moment) -> None:
    """What was learnt fades; a part of the gap to the cluster's lead, or to the town's best site, closes (EQ-27a)."""
    village, p, policy = now.state.village, now.parameters, now.policy
    reach = now.state.secretary.own_ability + village.knowledge

    def gap(groups: Groups, shown: np.ndarray) -> np.ndarray:
        best = groups.spread(groups.maximum(np.where(shown > 0, reach, 0.0)))
        return np.maximum(best - reach, 0)

    joint = p.kappa_joint * policy.joint * gap(now.clusters, policy.joint_lead)
    visit = p.kappa_joint * p.demonstration_speed * policy.demonstration_visit
    learnt = joint + visit * gap(now.towns, policy.demonstration_site)
    kept = village.knowledge * p.knowledge_kept if now.structure["learning"] == FADING else village.knowledge
    village.knowledge = np.clip(kept + learnt, 0, KNOWLEDGE_CEILING)


def judge_ability(now: Moment) -> None:
    """Ability from skill, experience in business, schooling, training, age, organisation and partners (EQ-11)."""
    village, secretary, p = now.state.village, now.state.secretary, now.parameters
    own = secretary.skill + p.capable_bonus * secretary.is_capable + p.college_bonus * secretary.is_college
    own = own + secretary.training_stock
    own = (
        own + p.organisation_weight * (village.organisation - 0.5) - p.age_decay * np.maximum(secretary.age - 50, 0) / 5
    )
    secretary.own_ability = np.clip(own, 0.02, 0.98)
    secretary.ability = np.clip(own + village.knowledge, 0.02, 0.98)


def take_advice(now: Moment) -> None:
    """Advice from those whom the levers name, the town's company, and members recruited for it (EQ-11, EQ-28)."""
    recruits = np.minimum(now.state.village.recruited_members / RECRUITS_OF_FULL_ADVICE, 1)
    advice = now.policy.advice + ventures.members_advice(now)
    now.state.village.advice = advice + now.parameters.recruits_advice * recruits


def choose_effort(now: Moment) -> None:
    """Effort answers to reward, career, duty, target, grade and motive, and yields to dependency (EQ-14); it sets M."""
    village, secretary, p, policy = now.state.village, now.state.secretary, now.parameters, now.policy
    base = yearly_base(now, village.capital)
    per_effort = over_modes(p.manager_exponent * p.margin * base) * (secretary.ability + village.advice)
    gap = np.maximum(policy.target_income - village.income_operating, 0)
    prize = p.career_prize * policy.career_path * (2 * grading.merit(now) - 1)
    prize = prize + p.responsibility_prize * policy.responsibility
    reward = rewards.marginal_bonus(now) * per_effort + prize
    reward = reward + p.pressure_weight * gap * policy.target_pressure + rewards.stake(now)
    wish = (p.effort_at_rest + p.effort_response * reward) * (1 - p.crowd_out * village.dependency)
    wish = wish - p.lead_time_cost * (policy.joint_lead + policy.demonstration_site)
    secretary.effort = np.clip(secretary.effort + p.kappa_effort * (wish - secretary.effort), 0.05, 1)
    secretary.manager_quality = manager_quality(now)


def economy_share(now: Moment) -> np.ndarray:
    """Share of a secretary's time for the economy, `(R, V)`: what doorstep service takes is spent on visits (EQ-22)."""
    return now.parameters.effort_econ_share * (1 - now.policy.doorstep)


def manager_quality(now: Moment) -> np.ndarray:
    """M of EQ-11 from ability, advice and effort spent on the economy, `(R, V)`."""
    secretary = now.state.secretary
    drive = 0.5 + secretary.effort * economy_share(now) / 0.6
    return np.clip((secretary.ability + now.state.village.advice) * drive, 0, 1.4)

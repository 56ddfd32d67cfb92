"""Participation of residents and their trust (EQ-19 to EQ-22)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import leadership, norms
from sim.register import Register, Turn
from sim.state import Moment

RECONSIDER_GROUPS = 3
"""A third of the residents reconsiders each quarter; the others keep to their habit."""


class ParticipationParameters(Parameters):
    """Parameters of the decision to attend village affairs, and of trust."""

    needs = {
        ("residents",): (
            "attend_constant", "sigma_village", "sigma_leaning", "anchor_leaning", "b_trust", "b_dividend",
            "dividend_scale", "b_service", "b_lead", "b_away", "s_digital", "b_digital", "b_outreach",
            "ordinary_outreach", "responsibility_outreach", "settlement_outreach", "social_influence", "vote_cut",
            "speak_cut", "initiate_cut", "voice_share", "outreach_by_platform", "phone_young", "phone_old",
        ),
        ("asset_supervision",): ("trust_by_supervision",),
        ("digital_platform",): ("digital_trust_effect",),
    }  # fmt: skip

    attend_constant = Parameter(-1.8, -2.4, -1.2, "logit", ASSUMPTION, "参与基准", "constant of attending")
    sigma_village = Parameter(
        1.8, 1.2, 2.2, "logit", "effects.md: 42 % of variance between villages", "村间差异", "spread between villages"
    )
    sigma_leaning = Parameter(
        1.0,
        0.6,
        1.4,
        "logit",
        "own ballot: women 60 %, men 90 %",
        "个人差异(含性别)",
        "spread of residents, for sex too",
    )
    anchor_leaning = Parameter(1.0, 0.0, 2.0, "logit", ASSUMPTION, "党员中心户参与倾向", "leaning of party anchors")
    b_trust = Parameter(
        0.9, 0.4, 1.5, "logit", "effects.md: +6.9 % per level; levels assumed", "信任的作用", "effect of trust"
    )
    b_dividend = Parameter(0.4, 0.0, 0.8, "logit", "CFPS: sign only", "分红的作用", "effect of dividends")
    dividend_scale = Parameter(20.0, 10.0, 40.0, "yuan per head", ASSUMPTION, "分红参照额", "scale of dividends")
    b_service = Parameter(0.6, 0.0, 1.3, "logit", "CFPS: sign only", "服务的作用", "effect of services")
    b_lead = Parameter(
        0.2, 0.0, 0.6, "logit", "trial of training: no effect", "带头人示范作用", "effect of the secretary's example"
    )
    b_away = Parameter(4.2, 2.6, 5.4, "logit", "Hangzhou migrants: 18 % vote", "外出的阻碍", "obstacle of being away")
    s_digital = Parameter(
        0.2, 0.0, 0.5, "share", ASSUMPTION, "平台对外出的弥补", "how far the platform bridges being away"
    )
    b_digital = Parameter(0.2, 0.0, 0.5, "logit", "B78: sign disputed", "平台的作用", "effect of the platform")
    b_outreach = Parameter(0.9, 0.3, 1.5, "logit", "trial of visits: +12 points", "走访的作用", "effect of outreach")
    ordinary_outreach = Parameter(0.2, 0.0, 0.4, "0-1", ASSUMPTION, "日常走访", "outreach without a grid programme")
    responsibility_outreach = Parameter(
        0.1, 0.0, 0.2, "0-1", ASSUMPTION, "责任清单增加的走访", "outreach from a list of duties"
    )
    settlement_outreach = Parameter(
        1.2, 1.0, 1.4, "ratio", ASSUMPTION, "聚居点走访倍数", "outreach in a settlement relative to elsewhere"
    )
    social_influence = Parameter(2.0, 0.0, 3.0, "logit", "B29: one equilibrium below 4", "邻里影响", "social influence")
    reference_share = Parameter(
        0.3, 0.2, 0.4, "share", ASSUMPTION, "邻里参与参照", "share at which neighbours neither pull nor push"
    )
    vote_cut = Parameter(3.8, 3.0, 4.6, "logit", "own ballots: 75 % of adults", "投票门槛", "ease of voting")
    speak_cut = Parameter(1.4, 0.8, 2.0, "logit", ASSUMPTION, "发言门槛", "hurdle of speaking")
    initiate_cut = Parameter(
        3.0, 2.0, 3.8, "logit", "letters to the village: 2.3 per 100", "倡议门槛", "hurdle of initiating"
    )
    voice_share = Parameter(
        0.3, 0.0, 0.6, "share", "Chengdu, Tamil Nadu: sign; size assumed", "动员对发言和倡议的作用比例",
        "part of mobilisation that reaches speaking and initiating",
    )  # fmt: skip
    kappa_trust = Parameter(0.15, 0.05, 0.3, "per year", ASSUMPTION, "信任调整速度", "speed of trust")
    trust_base = Parameter(0.25, 0.15, 0.35, "0-1", ASSUMPTION, "信任基准", "base of trust")
    trust_by_service = Parameter(0.35, 0.2, 0.5, "0-1", ASSUMPTION, "服务对信任的作用", "trust from services")
    trust_by_transparency = Parameter(
        0.2, 0.1, 0.3, "0-1", "B78: sign only", "公开对信任的作用", "trust from transparency"
    )
    trust_by_profit = Parameter(0.15, 0.0, 0.3, "0-1", ASSUMPTION, "增收对信任的作用", "trust from rising profit")
    profit_scale = Parameter(10.0, 5.0, 20.0, "万元/yr", ASSUMPTION, "增收参照额", "scale of rising profit")
    trust_lost_by_failure = Parameter(
        0.05, 0.0, 0.1, "0-1", ASSUMPTION, "项目失败的信任损失", "trust lost by a failure"
    )
    trust_by_supervision = Parameter(0.05, 0.0, 0.1, "0-1", "effects.md 9: hump, sign only; size assumed",
                                     "适度监管对信任的作用", "trust from supervision at half intensity")  # fmt: skip
    digital_trust_effect = Parameter(
        0.05, -0.10, 0.15, "0-1", "B78: both signs", "平台对信任的作用", "trust from the platform"
    )
    outreach_by_platform = Parameter(0.0, 0.0, 0.2, "0-1", f"{ASSUMPTION}; no data, so 0 = off", "党旗飘扬增加的走访",
                                     "outreach from the party module")  # fmt: skip
    phone_young = Parameter(0.95, 0.85, 0.99, "share", ASSUMPTION, "五十岁以下智能手机率", "smartphones under 50")
    phone_old = Parameter(
        0.4, 0.25, 0.5, "share", "31 % at 70-79, 2021", "七十岁以上智能手机率", "smartphones over 70 at the start"
    )


def form_inclination(now: Moment) -> None:
    """Once a year: the personal part of the wish to attend: leaning, being away, phone and platform (EQ-19)."""
    register = now.register
    if not register.size:
        return
    village, resident, p = now.state.village, now.state.resident, now.parameters
    adoption = register.spread((village.digital_adoption * now.policy.platform_voice).astype(np.float32))
    online = (register.arrange(has_smartphone(now)) * adoption).reshape(resident.online.shape)
    resident.online = online
    obstacle = p.b_away.astype(np.float32) * resident.away
    obstacle *= 1 - p.s_digital.astype(np.float32) * online
    np.subtract(resident.leaning, obstacle, out=resident.inclination)
    online *= p.b_digital.astype(np.float32)
    resident.inclination += online


def has_smartphone(now: Moment) -> np.ndarray:
    """Whether each resident has a smartphone, `(R, N)` of bool: by age at the start, under 50 likely, falling to 70.

    A phone stays with its owner, so that use among the old rises as those grow old who have one.
    """
    resident, p = now.state.resident, now.parameters
    old, young = p.phone_old.astype(np.float32), p.phone_young.astype(np.float32)
    age_at_start = resident.age - now.quarters_since_start // 4
    years_past_50 = np.clip(age_at_start - 50, 0, 20).astype(np.float32)
    return resident.phone_draw < young - (young - old) * (years_past_50 / 20)


def village_pull(now: Moment) -> np.ndarray:
    """The part of the utility of attending shared by a village, `(R, V)` (EQ-19, EQ-22)."""
    village, p = now.state.village, now.parameters
    return (
        p.attend_constant
        + village.village_effect
        + p.b_trust * (2 * village.trust - 1)
        + p.b_lead * now.state.secretary.effort
        + mobilisation(now)
        - p.social_influence * p.reference_share
        + p.anchor_leaning * village.recruited_members / village.registered_population
    )


def mobilisation(now: Moment) -> np.ndarray:
    """What dividends, services and visits add to the wish to attend, `(R, V)`; the platform's part is personal."""
    p = now.parameters
    return (
        p.b_dividend * np.log1p(norms.dividend_left(now) / p.dividend_scale)
        + p.b_service * now.state.village.service_quality
        + p.b_outreach * outreach(now)
    )


def outreach(now: Moment) -> np.ndarray:
    """Visits to households, ordinary, by grid, duty and platform: with the time left, as organisation allows (EQ-22).

    Where people live close together in a settlement, they reach more of them.
    """
    p, policy = now.parameters, now.policy
    visits = p.ordinary_outreach + policy.grid + p.responsibility_outreach * policy.responsibility
    visits = visits + p.outreach_by_platform * policy.platform_party
    reach = np.where(now.has_settlement, p.settlement_outreach, 1.0)
    return visits * (1 - leadership.economy_share(now)) * now.state.village.organisation * reach


def reconsider(now: Moment) -> None:
    """A rotating third of the residents decides anew whether to attend; the others keep their habit (EQ-19)."""
    register = now.register
    if not register.size:
        return
    turn = register.turn(now.quarters_since_start % RECONSIDER_GROUPS, RECONSIDER_GROUPS)
    wish = utility(now, turn)
    noise = now.draws.attendance.reshape(*wish.shape[:-1], -1)[..., : wish.shape[-1]]
    attends = register.arrange(now.state.resident.participates)
    attends[turn] = wish > noise
    now.state.village.participation = register.share(attends)


def utility(now: Moment, turn: Turn) -> np.ndarray:
    """Utility of attending for the residents whose turn it is, arranged, float32."""
    wish = wish_alone(now, turn)
    wish += pull_of_ties(now, turn)
    return wish


def wish_alone(now: Moment, turn: Turn) -> np.ndarray:
    """Utility of attending if nobody one knows attends, arranged, float32."""
    register = now.register
    wish: np.ndarray = register.arrange(now.state.resident.inclination)[turn]
    return wish + register.spread(village_pull(now).astype(np.float32), turn)


def pull_of_ties(now: Moment, turn: Turn) -> np.ndarray:
    """What those who attend among the people one knows add to the wish to attend, arranged, float32."""
    register = now.register
    active: np.ndarray = _attend(now, now.ties[0], turn)
    for friends in now.ties[1:]:
        active += _attend(now, friends, turn)
    if np.any(now.has_settlement):
        active += register.spread(now.has_settlement[None].view(np.int8), turn) * _attend(now, now.settlement_tie, turn)
    known = len(now.ties) + now.has_settlement
    pull: np.ndarray = active.astype(np.float32)
    pull *= register.spread((now.parameters.social_influence / known).astype(np.float32), turn)
    return pull


def _attend(now: Moment, friends: np.ndarray, turn: Turn) -> np.ndarray:
    """Whether the one whom each resident knows by a tie attends now, arranged, 0 or 1."""
    chosen = friends[turn[1:]]
    return np.take(now.state.resident.participates, chosen.reshape(-1), axis=1).reshape(now.runs, *chosen.shape)


def update_trust(now: Moment) -> None:
    """Trust follows services, openness, rising profit, the platform and customs, slowly (EQ-21)."""
    village, p = now.state.village, now.parameters
    signal = (
        p.trust_base
        + p.trust_by_service * village.service_quality
        + p.trust_by_transparency * village.transparency
        + p.trust_by_profit * np.tanh(village.profit_change / p.profit_scale)
        + p.digital_trust_effect * now.policy.platform
        + p.trust_by_supervision * liked_supervision(now)
        - norms.trust_lost(now)
    )
    village.trust = np.clip(village.trust + p.kappa_trust / 4 * (signal - village.trust), 0, 1)


def liked_supervision(now: Moment) -> np.ndarray:
    """How much residents like to see accounts audited, `(R, V)`: 1 at half intensity, 0 with none and with the full.

    The assessment pressure of full supervision undoes what some supervision gains.
    """
    strength = now.policy.supervision
    return 4 * strength * (1 - strength)


def held_back(now: Moment, ties: np.ndarray) -> np.ndarray:
    """The part of mobilisation that does not reach speaking and initiating, arranged, float32; it takes ties' room.

    The platform mobilises too, and so do friends: they take one along to a meeting, where one need not speak.
    """
    p, register = now.parameters, now.register
    ties += register.arrange(p.b_digital.astype(np.float32) * now.state.resident.online)
    ties += register.spread(mobilisation(now).astype(np.float32))
    ties *= register.spread((1 - p.voice_share).astype(np.float32))
    return ties


def funnel(now: Moment) -> dict[str, np.ndarray]:
    """Expected shares of registered residents, each `(R, V)`: who vote, attend, speak, initiate, and attend online.

    Those who vote and those who attend stand there once more for those at home alone, still of all registered.
    """
    p, resident, register = now.parameters, now.state.resident, now.register
    ties = pull_of_ties(now, register.everyone)
    easy = np.negative(wish_alone(now, register.everyone))
    easy -= ties
    np.exp(easy, out=easy)  # exp(-u): one exponential for all stages
    hard = np.exp(held_back(now, ties), out=ties)
    hard *= easy
    cuts = {"speak": -p.speak_cut, "initiate": -p.initiate_cut}
    shares = {name: register.mean(_chance(register, hard, cut)) for name, cut in cuts.items()}
    del ties, hard  # of all residents at once there is no room for everything
    home = ~register.arrange(resident.away)
    for name, cut in (("vote", p.vote_cut), ("attend", np.zeros_like(p.vote_cut))):
        chance = _chance(register, easy, cut)
        shares[name], shares[f"{name}_home"] = register.mean(chance), register.mean(chance * home)
    shares["online"] = register.mean(chance * register.arrange(resident.online))
    return shares


def _chance(register: Register, against: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Λ(u + cut) = 1 / (1 + exp(-u) exp(-cut)), from exp(-u), arranged."""
    chance: np.ndarray = against * register.spread(np.exp(-cut).astype(np.float32))
    chance += 1
    np.divide(1, chance, out=chance)
    return chance

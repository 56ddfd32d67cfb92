"""Industry alliances: who joins, who keeps to the quality, what the brand brings, when they dissolve (EQ-31)."""

from __future__ import annotations

import numpy as np
from scipy import special

from sim.arithmetic import over_modes, pick, share
from sim.modes import EXPOSED
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import capital
from sim.processes.production import local_premium
from sim.state import Moment

TOWN, AREA, DISTRICT = 0, 1, 2
REVISE_GROUPS = 3
"""A third of the members reconsiders its quality each year."""


class AllianceParameters(Parameters):
    """Parameters of the brand, its cost and the members' choice."""

    needs = {("industry_alliance",): ()}

    alliance_premium = Parameter(0.14, 0.04, 0.24, "share of revenue", "certified price +14 % (89e0f13d6a5b)",
                                 "品牌溢价", "premium of a full brand")  # fmt: skip
    alliance_net = Parameter(0.04, -0.05, 0.11, "share of revenue", "price +14 %, income +11 % (89e0f13d6a5b)",
                             "品牌净收益", "premium of a full brand less the cost of its quality")  # fmt: skip
    bulk_saving = Parameter(
        0.03, 0.0, 0.06, "share of operating cost", ASSUMPTION, "统购节约", "saving by buying together"
    )
    choice_scale = Parameter(0.005, 0.002, 0.01, "share of revenue", ASSUMPTION, "质量选择偏差", "noise of quality")
    lead_gain = Parameter(0.5, 0.2, 0.8, "log points per unit of M", "effects.md 4; India, advice of peers: +28 %",
                          "牵头村作用", "strong lead")  # fmt: skip
    rival_loss = Parameter(
        0.3, 0.0, 0.6, "share", "effects.md 4: sign only", "同镇竞争", "gain lost where all members are direct rivals"
    )
    least_quality = Parameter(
        0.2, 0.1, 0.3, "share", ASSUMPTION, "联盟存续线", "compliance below which an alliance decays"
    )


YEARS_TO_DISSOLVE = 2


def form(now: Moment) -> None:
    """Villages of one industry within reach that are in no alliance yet form alliances of the wanted size.

    In each group the strongest lead, one for each alliance, and the others are dealt out in order of strength. A
    village alone is no alliance; who was in one that dissolved joins no other. An alliance has its lead's number.
    """
    village, policy = now.state.village, now.policy
    free = (policy.alliance > 0) & (village.alliance == 0) & (village.was_allied == 0)
    if not np.any(free):
        return
    group = np.where(free, _reach(now) * 4 + village.industry, np.iinfo(np.int64).max)
    by_strength = np.argsort(-village.income_operating, axis=1, kind="stable")
    order = np.take_along_axis(
        by_strength, np.argsort(np.take_along_axis(group, by_strength, 1), axis=1, kind="stable"), 1
    )

    def sorted_by_group(values: np.ndarray) -> np.ndarray:
        return np.take_along_axis(values, order, axis=1)

    place = np.arange(group.shape[1])
    key = sorted_by_group(group)
    begins = np.concatenate([np.ones((now.runs, 1), dtype=bool), key[:, 1:] != key[:, :-1]], axis=1)
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    last = np.minimum.accumulate(np.where(np.roll(begins, -1, axis=1), place, place[-1])[:, ::-1], axis=1)[:, ::-1]
    size, position = last - first + 1, place - first
    number = np.ceil(size / np.maximum(sorted_by_group(policy.alliance_size), 2)).astype(np.int64)
    seat = position % number
    in_company = sorted_by_group(free) & (-(-(size - seat) // number) >= 2)
    leads = in_company & (position < number)
    joined = np.where(in_company, np.take_along_axis(order, first + seat, axis=1) + 1, 0)
    back = np.argsort(order, axis=1)
    member_of = np.take_along_axis(joined, back, axis=1)
    village.alliance = np.where(member_of > 0, member_of, village.alliance)
    village.alliance_lead = np.where(member_of > 0, np.take_along_axis(leads, back, axis=1), village.alliance_lead)
    village.complies = np.where(member_of > 0, -1.0, village.complies)  # has not chosen yet
    now.state.alliance.alive = np.maximum(now.state.alliance.alive, _count(now, member_of > 0) > 0)


def _reach(now: Moment) -> np.ndarray:
    """Number of the town, the town area or the district, whichever an alliance may span, `(R, V)` of int."""
    district = now.district
    reach = now.policy.alliance_reach
    area = district.area_of_town[district.town_of]
    return np.where(reach == TOWN, district.town_of, np.where(reach == AREA, area, 0)).astype(np.int64)


def _count(now: Moment, values: np.ndarray) -> np.ndarray:
    """Sum over the members of each alliance, `(R, V)` to `(R, A)`."""
    slots = now.state.alliance.rows
    place = now.state.village.alliance + (slots + 1) * np.arange(now.runs)[:, None]
    summed = np.bincount(place.ravel(), weights=(values * 1.0).ravel(), minlength=(slots + 1) * now.runs)
    return summed.reshape(now.runs, slots + 1)[:, 1:]


def _spread(now: Moment, values: np.ndarray) -> np.ndarray:
    """Each member's value of its alliance, `(R, A)` to `(R, V)`; 0 outside any."""
    padded = np.concatenate([np.zeros((now.runs, 1)), values], axis=1)
    return pick(padded, now.state.village.alliance)


def sizes(now: Moment) -> np.ndarray:
    """Members of the alliance that each village is in, `(R, V)`; 0 outside any."""
    return _spread(now, _count(now, now.state.village.alliance > 0))


def choose_quality(now: Moment) -> None:
    """A third of the producing members, and every new one, weighs the premium against the cost of quality (EQ-31).

    A member without a project of the industry has nothing to keep to; it weighs when it begins to produce. One
    producer makes no brand.
    """
    village, alliance, p, policy = now.state.village, now.state.alliance, now.parameters, now.policy
    member = village.alliance > 0
    for name in ("brand_premium", "brand_cost", "bulk_saving", "premium_year"):
        setattr(village, name, np.zeros_like(village.brand_premium))
    if not np.any(member):
        return
    produces = member & (over_modes(capital.stock(village) * EXPOSED) > 0)
    producers = _count(now, produces)
    alliance.peer_gain = peer_gain(now) * (producers >= 2)
    gain, size = _spread(now, alliance.peer_gain), np.maximum(_spread(now, producers), 1)
    own_cost = quality_cost(now) * (1 - policy.cost_share)
    better = p.alliance_premium * gain / size - own_cost + policy.fine * policy.monitor
    turn = now.towns.order_among(member) % REVISE_GROUPS == now.year % REVISE_GROUPS
    revises = produces & (turn | (village.complies < 0))
    choice = now.draws.alliance_choice < special.expit(better / p.choice_scale)
    village.complies = np.where(produces, np.where(revises, choice, village.complies), np.where(member, -1.0, 0.0))
    alliance.quality = share(_count(now, village.complies > 0), producers)
    village.brand_premium = p.alliance_premium * gain * _spread(now, alliance.quality)
    village.brand_cost = own_cost * (village.complies > 0)
    village.bulk_saving = p.bulk_saving * gain * member


def quality_cost(now: Moment) -> np.ndarray:
    """What keeping to the quality costs, share of industry revenue `(R, 1)`: premium and cost are drawn together."""
    p = now.parameters
    return np.maximum(p.alliance_premium - p.alliance_net, 0)


def peer_gain(now: Moment) -> np.ndarray:
    """What a strong lead adds to an alliance's brand and buying, and rivalry takes from it, `(R, A)`.

    Members of one town sell in one market: they are direct rivals.
    """
    village, p = now.state.village, now.parameters
    members = _count(now, village.alliance > 0)
    lead = share(_count(now, now.state.secretary.manager_quality * village.alliance_lead), np.minimum(members, 1))
    rivals = share(_count(now, rivals_in_town(now)), members * (members - 1))
    return np.exp(p.lead_gain * (lead - 0.5)) * (1 - p.rival_loss * rivals) * (members > 0)


def rivals_in_town(now: Moment) -> np.ndarray:
    """How many other villages of its town each village finds in its alliance (or, in none, outside any), `(R, V)`."""
    slots = now.state.alliance.rows + 1
    place = (now.state.village.alliance + slots * np.arange(now.runs)[:, None]) * now.towns.count + now.towns.of
    _, place, number = np.unique(place, return_inverse=True, return_counts=True)
    return number[place].reshape(now.runs, -1) - 1


def settle(now: Moment) -> None:
    """A quarter's cost of quality, fines of those who ride free, and savings of buying together (EQ-02, EQ-31)."""
    village, policy, ledger = now.state.village, now.policy, now.ledger
    member = village.alliance > 0
    if not np.any(member):
        return
    sold = village.branded_revenue
    quality = village.brand_cost * sold
    keeps = village.complies > 0
    wished = quality_cost(now) * policy.cost_share * keeps * sold
    public = ledger.covered("district", wished, "quality_subsidy")
    quality = quality + (wished - public)  # what a yearly budget doesn't cover stays with the village
    fined = policy.fine * policy.monitor * sold * (member & (village.complies == 0))
    fined = fined * (_spread(now, now.state.alliance.quality) > 0)
    pot, complying = _count(now, fined), sold * keeps
    received = share(complying, _spread(now, _count(now, complying))) * _spread(now, pot)
    saved = village.bulk_saving * village.branded_cost
    ledger.pay("village", "suppliers", quality, "quality_cost")
    ledger.pay("district", "suppliers", public, "quality_subsidy")
    ledger.pay("village", "alliances", fined, "fines")
    ledger.pay("alliances", "village", received, "fines_received")
    ledger.pay("suppliers", "village", saved, "bulk_saving")
    added = np.maximum(village.brand_premium - local_premium(now), 0)
    village.premium_year = village.premium_year + added * sold
    village.profit_this_quarter = village.profit_this_quarter - quality - fined + received + saved


def review(now: Moment) -> None:
    """An alliance in which hardly any producer complies two years running dissolves (EQ-31)."""
    village, alliance = now.state.village, now.state.alliance
    producing = _count(now, village.complies >= 0) * alliance.alive > 0
    weak = producing & (alliance.quality < now.parameters.least_quality)
    alliance.years_weak = np.where(weak, alliance.years_weak + 1, 0)
    ends = alliance.years_weak >= YEARS_TO_DISSOLVE
    if not np.any(ends):
        return
    leaves = _spread(now, ends * 1.0) > 0
    village.was_allied = np.maximum(village.was_allied, leaves)
    for name in ("alliance", "alliance_lead", "complies"):
        setattr(village, name, np.where(leaves, 0, getattr(village, name)))
    alliance.alive = alliance.alive * ~ends
    alliance.dissolved = np.maximum(alliance.dissolved, ends)
    alliance.years_weak = np.where(ends, 0, alliance.years_weak)
    for name in ("quality", "peer_gain"):
        setattr(alliance, name, getattr(alliance, name) * ~ends)

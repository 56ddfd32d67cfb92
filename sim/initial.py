"""The start: what nobody published about the villages is drawn for each world, and EQ-01 is turned round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from sim.arithmetic import first_largest, logistic, over_modes, power, rank, share
from sim.columns import NEVER_GRANTED
from sim.district import District
from sim.modes import LEASING, REFERENCE_CAPITAL
from sim.parameters import ASSUMPTION, Parameter, Parameters, ParameterValues
from sim.processes import credit, demography, enterprises, finance, leadership, participation, production, projects
from sim.processes.services import TRANSPARENCY_START
from sim.state import Moment
from sim.tape import Draws, beta, exponential, gumbel, truncated_normal

MODES_AT_START = 3
LAST_RESORT = -1e9
"""Appeal of leasing where a village's income reaches no mode's minimum scale."""
TAIL_FROM = 0.9
"""Position among villages with operating income above which incomes follow a Pareto law."""
SPREAD_FACTS = ("income_sigma", "income_zero_share")
"""Facts of a place that knows the spread of its villages' incomes, and how many have none."""
SUBSIDY_WITH_INCOME = 0.9
"""Correlation of subsidy, and of other income, with operating income (its sign: income.md 7)."""
INDUSTRIES = ("grain_oil", "fruit_vegetable", "livestock", "herbs")


class InitialParameters(Parameters):
    """Parameters of the start."""

    bazhong_income_sigma = Parameter(
        1.4, 1.1, 1.6, "log points", "income.md 9", "收入离散(巴中均值)", "spread of income, Bazhong start"
    )
    bazhong_zero_share = Parameter(0.29, 0.22, 0.35, "share", "income.md 2, 3: 28.8-34.8 %; Chongqing 22.4 %",
                                   "无经营收入村比例", "villages without operating income")  # fmt: skip
    income_tail = Parameter(1.3, 1.1, 1.6, "exponent of a Pareto law", "income.md 1, 4: 1.1 and 2.1 by two tiers",
                            "高收入村分布指数", "how thin the tail of rich villages is")  # fmt: skip
    target_income_mean = Parameter(17.9, 14.0, 22.0, "万元/yr", "42 at 30 in total in 2025", "平均收入(目标一致)",
                                   "mean income, target-consistent start")  # fmt: skip
    target_income_sigma = Parameter(
        0.80, 0.65, 1.0, "log points", ASSUMPTION, "收入离散(目标一致)", "spread of income, target-consistent start"
    )
    income_correlation = Parameter(
        0.75, 0.55, 0.9, "correlation", ASSUMPTION, "收入与条件的相关", "correlation of income with conditions"
    )
    endowment_sigma = Parameter(0.45, 0.3, 0.6, "log points", ASSUMPTION, "资源禀赋离散", "spread of endowment")
    access_sigma = Parameter(0.4, 0.25, 0.55, "log points", ASSUMPTION, "通达度离散", "spread of market access")
    access_town_share = Parameter(
        0.5, 0.3, 0.7, "share of variance", ASSUMPTION, "通达度的镇际部分", "part of access common to a town"
    )
    park_access = Parameter(
        0.1, 0.0, 0.3, "log points per park", ASSUMPTION, "园区对通达度的作用", "access from an industrial park"
    )
    population_cv = Parameter(0.4, 0.25, 0.55, "ratio", ASSUMPTION, "村人口离散", "spread of village population")
    registered_per_resident = Parameter(
        1.79, 1.6, 2.0, "ratio", "income.md 8: 620,000 / 345,728", "户籍与常住之比", "registered per resident"
    )
    initial_cash = Parameter(0.3, 0.1, 0.5, "share of income", ASSUMPTION, "起始现金", "cash at the start")
    initial_effort = Parameter(0.5, 0.4, 0.6, "0-1", ASSUMPTION, "起始努力", "effort at the start")
    initial_service = Parameter(0.4, 0.3, 0.5, "0-1", ASSUMPTION, "起始服务质量", "services at the start")
    initial_service_upgraded = Parameter(
        0.6, 0.5, 0.7, "0-1", ASSUMPTION, "改造村起始服务质量", "services where renovated"
    )
    initial_dependency_poor = Parameter(
        0.5, 0.3, 0.7, "0-1", ASSUMPTION, "低收入村起始依赖", "dependency of poor villages"
    )
    initial_dependency_other = Parameter(
        0.2, 0.1, 0.4, "0-1", ASSUMPTION, "其他村起始依赖", "dependency of other villages"
    )
    organisation_shape = Parameter(4.0, 2.5, 6.0, "beta shape", ASSUMPTION, "组织力分布", "shape of organisation")
    secretary_age_mean = Parameter(
        48.0, 45.0, 51.0, "years of age", ASSUMPTION, "书记平均年龄", "mean age of secretaries"
    )
    secretary_college = Parameter(0.45, 0.3, 0.6, "share", ASSUMPTION, "书记大专比例", "college share of secretaries")
    adult_age_shape = Parameter(1.6, 1.3, 2.0, "beta shape", ASSUMPTION, "成年人年龄分布", "shape of adult ages")


Law = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Of operating incomes at the start: mean, spread of its logarithm, share of villages without any, each `(R, 1)`."""


def _mean_of_the_place(now: Moment) -> Law:
    """The operating part of the published mean where the district lies; what the place knows of the spread holds."""
    facts, drawn = now.district.facts, (now.parameters.bazhong_income_sigma, now.parameters.bazhong_zero_share)
    known = [np.full_like(value, facts.get(name, value)) for name, value in zip(SPREAD_FACTS, drawn, strict=True)]
    return finance.mean_incomes(now)[0], known[0], known[1]


def _near_the_target(now: Moment) -> Law:
    """A mean at which the report's target is nearly reached."""
    p = now.parameters
    return p.target_income_mean, p.target_income_sigma, np.zeros_like(p.target_income_mean)


STARTS: dict[str, Callable[[Moment], Law]] = {
    "bazhong_mean": _mean_of_the_place,
    "target_consistent": _near_the_target,
}
"""Initial conditions by name."""


def start(now: Moment, draws: Draws, start_key: str) -> None:
    """Fill the state at the end of the year before the first."""
    draw_places(now, draws)
    draw_secretaries(now, draws)
    draw_pool(now, draws)
    draw_people(now, draws)
    draw_incomes(now, draws, start_key)
    open_balances(now)


def draw_places(now: Moment, draws: Draws) -> None:
    """Endowment, access, industry, position, population, organisation, service centre and town of each village."""
    village, p, district = now.state.village, now.parameters, now.district
    village.resource_endowment = now.district.own("resource_endowment", np.exp(p.endowment_sigma * draws.endowment))
    common = np.sqrt(p.access_town_share) * draws.access_town[:, district.town_of]
    log_access = p.access_sigma * (common + np.sqrt(1 - p.access_town_share) * draws.access)
    log_access = log_access + p.park_access * district.parks_in_town[district.town_of]
    village.market_access = now.district.own("market_access", np.clip(np.exp(log_access), 0.25, 2.5))
    village.industry = now.district.own("industry", np.floor(draws.industry * len(INDUSTRIES)))
    spread_km = 2.0  # villages lie a few kilometres from their town; a town's area is about 8 km across
    for axis, name in enumerate(("position_x_km", "position_y_km")):
        place = district.town_position_km[district.town_of, axis] + spread_km * draws.position[..., axis]
        setattr(village, name, now.district.own(name, place))
    village.registered_population, village.population_start = populations(district, p, draws.population)
    village.idle_rent = p.idle_rent * village.registered_population / finance.YUAN
    village.organisation = now.district.own(
        "organisation", beta(draws.organisation, p.organisation_shape, p.organisation_shape)
    )
    renewed = rank(draws.renewed_town) < round(district.facts["renewed_town_chiefs"])
    village.town_renewed = renewed[:, district.town_of]
    share_upgraded = district.facts["renovated_centres"] / district.facts["service_centres"]
    count = round(share_upgraded * district.villages)
    village.service_upgraded = now.district.own("service_upgraded", (rank(draws.upgraded) < count) * 1.0)
    quality = np.where(village.service_upgraded > 0, p.initial_service_upgraded, p.initial_service)
    village.service_quality = now.district.own("service_quality", quality)
    village.transparency = np.full_like(village.transparency, TRANSPARENCY_START)
    village.trust = np.clip(0.5 + 0.08 * draws.trust, 0, 1)
    village.village_effect = p.sigma_village * draws.village_effect
    village.pipeline = np.broadcast_to(enterprises.prepared_projects(now), village.debt.shape)
    village.years_since_grant = np.full_like(village.years_since_grant, NEVER_GRANTED)


def populations(district: District, p: ParameterValues, draw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Registered and resident population of each village at the start, each `(R, V)`, from a normal draw."""
    rural = (district.facts["resident_population"] - district.facts["urban_population"]) / district.villages
    sigma = np.sqrt(np.log1p(p.population_cv * p.population_cv))
    resident = district.own("population", rural * np.exp(sigma * draw - sigma * sigma / 2))
    registered = district.own("registered_population", p.registered_per_resident * resident)
    return registered, district.own("population", registered / p.registered_per_resident)


def draw_secretaries(now: Moment, draws: Draws) -> None:
    """Age, schooling, skill and business sense of each secretary; exactly as many capable ones as the report counts."""
    secretary, p, facts = now.state.secretary, now.parameters, now.district.facts
    age = truncated_normal(draws.secretary_age, p.secretary_age_mean, 7.0, 25.0, 65.0)
    secretary.age = now.district.own("secretary_age", age)
    level = np.log(p.secretary_college / (1 - p.secretary_college))
    chance = 1 / (1 + np.exp(-(level - 0.08 * (secretary.age - p.secretary_age_mean))))
    secretary.is_college = now.district.own("secretary_is_college", (draws.secretary_college < chance) * 1.0)
    capable = rank(draws.secretary_capable) < round(facts["capable_secretaries"])
    secretary.is_capable = now.district.own("secretary_is_capable", capable * 1.0)
    secretary.skill = now.district.own("secretary_skill", leadership.skill(draws.secretary_skill))
    secretary.effort = np.broadcast_to(p.initial_effort, secretary.effort.shape)
    leadership.judge_ability(now)
    secretary.manager_quality = leadership.manager_quality(now)


def draw_pool(now: Moment, draws: Draws) -> None:
    """The reserve pool: as many candidates and college graduates as the report counts; later ones wait."""
    candidate, facts = now.state.candidate, now.district.facts
    reserve = round(facts["reserve_cadres"])

    def both(name: str) -> np.ndarray:
        return np.concatenate([getattr(draws, f"pool_{name}"), getattr(draws, f"inflow_{name}")], axis=1)

    college = facts["reserve_cadres_with_college"] / max(reserve, 1)
    candidate.age = truncated_normal(both("age"), facts["reserve_mean_age"], 5.0, 22.0, 45.0)
    candidate.skill = leadership.skill(both("skill"))
    candidate.is_college = both("college") < college
    candidate.is_college[:, :reserve] = rank(draws.pool_college) < round(facts["reserve_cadres_with_college"])
    candidate.is_capable = both("capable") < facts["capable_secretaries"] / now.district.villages
    candidate.joined[:, :reserve] = 1.0


def draw_people(now: Moment, draws: Draws) -> None:
    """Residents at home and away; with residents off, the same people as cohorts."""
    village, p = now.state.village, now.parameters
    away_share = np.clip(1 - village.population_start / village.registered_population, 0, 1)
    if now.register.size:
        _draw_residents(now, draws, away_share)
    else:
        _fill_cohorts(now, away_share)
        village.participation = np.broadcast_to(p.reference_share, village.debt.shape)
    demography.count_people(now)
    village.labour_start = village.labour_share * village.registered_population


def _draw_residents(now: Moment, draws: Draws, away_share: np.ndarray) -> None:
    resident, p, register = now.state.resident, now.parameters, now.register
    resident.age = np.floor(18 + 70 * beta(draws.resident_age, p.adult_age_shape, 2.0))
    uniform = np.clip(draws.resident_away.astype(np.float64), 1e-9, 1 - 1e-9)
    wish_to_go = -0.1 * (resident.age - 45) + np.log(uniform / (1 - uniform))
    np.negative(wish_to_go, out=wish_to_go)
    del uniform
    going = register.rank(register.arrange(wish_to_go))
    del wish_to_go
    resident.away = (going < register.spread(np.rint(away_share * register.number))).reshape(now.runs, -1)
    resident.phone_draw = draws.resident_phone
    anchor = p.anchor_leaning.astype(np.float32) * now.is_anchor
    resident.leaning = p.sigma_leaning.astype(np.float32) * draws.resident_leaning + anchor
    _settle_habits(now, draws.resident_attends)


def _settle_habits(now: Moment, uniform: np.ndarray) -> None:
    """Who attends at the start: near the rest point of EQ-19, found as if everybody in a village knew everybody."""
    resident, village, p, register = now.state.resident, now.state.village, now.parameters, now.register
    participation.form_inclination(now)
    pull = register.spread(participation.village_pull(now).astype(np.float32))
    alone = register.arrange(resident.inclination) + pull
    attending: np.ndarray = np.broadcast_to(p.reference_share, village.debt.shape)
    for _ in range(10):  # the map contracts for social_influence below 4
        wish = alone + register.spread((p.social_influence * attending).astype(np.float32))
        attending = register.mean(logistic(wish))
    resident.participates = uniform < logistic(wish).reshape(now.runs, -1)
    village.participation = register.mean(register.arrange(resident.participates).astype(np.float32))


def _fill_cohorts(now: Moment, away_share: np.ndarray) -> None:
    ages, p = demography.AGES, now.parameters
    edges = np.clip((np.append(ages, ages[-1] + 1) - 18) / 70, 0, 1)
    law = np.diff(special.betainc(p.adult_age_shape, 2.0, edges), axis=-1)
    pull = 1 / (1 + np.exp(0.1 * (ages - 45)))
    leaving = law * pull / np.sum(law * pull, axis=1, keepdims=True)
    away = np.minimum(away_share[..., None] * leaving[:, None, :], law[:, None, :])
    now.state.cohort[:, :, 1] = away
    now.state.cohort[:, :, 0] = law[:, None, :] - away


def draw_incomes(now: Moment, draws: Draws, start_key: str) -> None:
    """Operating income of the year before the start, and the capital that earns it (EQ-01 turned round)."""
    village, p = now.state.village, now.parameters
    mean, sigma, zero = STARTS[start_key](now)
    conditions = _standard(
        _standard(np.log(village.resource_endowment))
        + _standard(np.log(village.market_access))
        + _standard(now.state.secretary.ability)
    )
    score = p.income_correlation * conditions + np.sqrt(1 - p.income_correlation * p.income_correlation) * draws.income
    _, subsidy, other = finance.mean_incomes(now)
    for name, amount in (("office_subsidy", subsidy), ("other_income", other)):
        common = SUBSIDY_WITH_INCOME
        likewise = special.ndtr(common * score + np.sqrt(1 - common * common) * getattr(draws, name))
        factor = _lognormal_with_tail(likewise, sigma, p.income_tail)
        setattr(village, name, amount * factor / np.mean(factor, axis=1, keepdims=True))
    place = special.ndtr(score)
    position = np.clip((place - zero) / (1 - zero), 1e-12, 1 - 1e-12)
    income = np.where(place > zero, _lognormal_with_tail(position, sigma, p.income_tail), 0.0)
    income = mean * share(income, np.mean(income, axis=1, keepdims=True))
    income = now.district.own("income_operating", income)
    village.income_operating = income
    village.income_reported = income
    village.income_total = income + village.office_subsidy + village.other_income
    village.advantage = production.advantage(now)
    village.capital = _capital_for(now, income, draws.mode_mix, draws.mode_choice)
    if now.structure["start"] == "rested":
        village.debt = _borrowed(now, draws.mode_choice)
    profit = over_modes(production.expected_profit(now, village.capital))
    leak = production.leakage(now, p.leak_revenue) * np.maximum(profit, 0)
    village.income_profit = profit - leak - p.fixed_cost - credit.interest_rate(now) * village.debt
    poor = income < 10.0
    village.dependency = np.where(poor, p.initial_dependency_poor, p.initial_dependency_other)
    revenue = over_modes(p.labour_exponent * production.yearly_base(now, village.capital))
    village.opportunity_start = revenue
    village.local_opportunity = np.ones_like(revenue)


def _lognormal_with_tail(position: np.ndarray, sigma: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Incomes at positions in (0, 1), median 1: lognormal up to `TAIL_FROM`, above it a Pareto law."""
    body = np.exp(sigma * special.ndtri(np.minimum(position, TAIL_FROM)))
    return body * power((1 - TAIL_FROM) / np.minimum(1 - position, 1 - TAIL_FROM), 1 / exponent)


def _standard(values: np.ndarray) -> np.ndarray:
    spread = np.std(values, axis=1, keepdims=True)
    return (values - np.mean(values, axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)


def _capital_for(now: Moment, income: np.ndarray, mix: np.ndarray, choice: np.ndarray) -> np.ndarray:
    """Capital by mode that earns exactly `income` at price 1: up to three modes, those with the best return.

    Parts that would lie below their mode's minimum scale join the village's largest part; where even that stays too
    small, everything goes to leasing, the smallest business.
    """
    p = now.parameters
    returns = production.reference_base(now) * production.profit_share(now) / REFERENCE_CAPITAL
    if now.structure["start"] == "rested":
        reached = _invert(now, np.broadcast_to(income[..., None], returns.shape)) >= p.minimum_scale
        appeal = projects.utility(now, returns) / projects.noise(now)[..., None] + gumbel(choice)
        appeal = np.where(reached, appeal, -np.inf)
        appeal[..., LEASING] = np.maximum(appeal[..., LEASING], LAST_RESORT)
        best = (rank(-appeal) < MODES_AT_START) & np.isfinite(appeal)
    else:
        best = rank(-(returns - p.failure_hazard * p.loss_given_failure - p.depreciation)) < MODES_AT_START
    parts = exponential(mix) * best
    parts = parts / np.sum(np.ascontiguousarray(parts), axis=2, keepdims=True)  # sums go by layout
    main = rank(-parts) == 0
    parts = _gather(parts, _invert(now, income[..., None] * parts) < p.minimum_scale, main)
    leasing = np.arange(parts.shape[2]) == LEASING
    parts = _gather(parts, _invert(now, income[..., None] * parts) < p.minimum_scale, leasing)
    return _invert(now, income[..., None] * parts)


def _borrowed(now: Moment, choice: np.ndarray) -> np.ndarray:
    """Debt of villages that borrowed all they could for the mode of their choice, where it pays (EQ-07), `(R, V)`."""
    village, p, room = now.state.village, now.parameters, credit.headroom(now)
    returns = projects.marginal_return(now, village.capital, room)
    appeal = projects.utility(now, returns) / projects.noise(now)[..., None] + gumbel(choice)
    reached = village.capital + room[..., None] >= p.minimum_scale
    mode = first_largest(np.where(reached, appeal, -np.inf))[..., None]
    worth = returns - (p.failure_hazard * p.loss_given_failure + p.depreciation)
    gains = np.take_along_axis(worth, mode, axis=2)[..., 0] > credit.interest_rate(now) + p.borrow_wedge
    return room * (gains & np.any(reached, axis=2))


def _gather(parts: np.ndarray, small: np.ndarray, into: np.ndarray) -> np.ndarray:
    """Move the parts of modes that are too small into one mode, `(R, V, 8)`."""
    moved = np.where(small & ~into, parts, 0.0)
    return parts - moved + into * over_modes(moved)[..., None]


def _invert(now: Moment, revenue: np.ndarray) -> np.ndarray:
    """Capital that earns `revenue` a year at price 1 (EQ-01 solved for capital)."""
    p = now.parameters
    ratio = revenue / (production.reference_base(now) * production.premium(now))
    return REFERENCE_CAPITAL * power(ratio, 1 / p.returns_to_scale)


def open_balances(now: Moment) -> None:
    """Cash at the start."""
    now.ledger.pay("outside", "village", now.parameters.initial_cash * now.state.village.income_operating, "opening")

"""Indicators of those with whom villages work: pools, town companies, alliances, enterprises."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.arithmetic import share
from sim.indicator import NONE, SUM, VILLAGES, Indicator
from sim.processes import ventures
from sim.processes.stakes import POOL
from sim.state import Moment


def partner_indicators() -> list[Indicator]:
    """Indicators of pools, companies, alliances and enterprises."""
    return [*_pools(), *_companies(), *_alliances(), *_enterprises()]


def _indicator(
    name: str, unit: str, direction: int, zh: str, en: str, measure: Callable[[Moment], np.ndarray], over: str = SUM
) -> Indicator:
    return Indicator(name, unit, direction, zh, en, lambda now, _: measure(now), at_start=False, over_districts=over)


def _payout(now: Moment, place: int) -> np.ndarray:
    """Payout received from pools or from companies, `(R, V)`."""
    seats = now.ledger.paid_by_seat(("venture_dividend",))
    villages = now.district.villages
    return seats[:, :villages] if place == POOL else seats[:, villages:]


def _pools() -> list[Indicator]:
    return [
        _indicator("pool_members", "村", 0, "联建项目参股村数", "villages with a stake in a pool",
                   lambda now: np.sum(now.state.village.stake > 0, axis=1) * 1.0),
        _indicator("pools_active", "个", 0, "联建项目数", "pools at work",
                   lambda now: np.sum(now.state.venture.active[:, : now.clusters.count], axis=1)),
        _indicator("pool_payout_mean", "万元", 1, "村均联建分红", "payout of pools per village",
                   lambda now: np.mean(_payout(now, POOL), axis=1), VILLAGES),
    ]  # fmt: skip


def _of_companies(now: Moment, column: str) -> np.ndarray:
    """A column of the town companies, `(R, T)`."""
    return getattr(now.state.venture, column)[:, now.clusters.count :]


def _sum_of(column: str) -> Callable[[Moment], np.ndarray]:
    return lambda now: np.sum(_of_companies(now, column), axis=1)


def _returns(now: Moment) -> np.ndarray:
    """Payout of the year over stakes paid in, of companies with stakes, `(R, T)`; NaN for the others."""
    paid_in = now.seats.sum(ventures.stakes(now))[:, now.clusters.count :]
    found = share(_of_companies(now, "payout_year"), paid_in)
    return np.where((paid_in > 0) & (_of_companies(now, "years_active") >= 1), found, np.nan)


def _over_companies(values: Callable[[Moment], np.ndarray], position: float) -> Callable[[Moment], np.ndarray]:
    """A quantile over companies, `(R,)`; NaN where there is none."""

    def measure(now: Moment) -> np.ndarray:
        ordered = np.sort(values(now), axis=1)  # NaN last
        number = np.sum(~np.isnan(ordered), axis=1)
        place = position * np.maximum(number - 1, 0)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, np.maximum(number - 1, 0))
        one, two = (np.take_along_axis(ordered, index[:, None], axis=1)[:, 0] for index in (low, high))
        return one + (place - low) * (two - one)

    return measure


def _profits(now: Moment) -> np.ndarray:
    return np.where(_of_companies(now, "active") > 0, _of_companies(now, "profit_year"), np.nan)


def _companies() -> list[Indicator]:
    return [
        _indicator("companies_active", "家", 0, "强村公司数", "town companies at work", _sum_of("active")),
        _indicator("companies_closed", "家", -1, "已清算的强村公司", "town companies wound up", _sum_of("wound_up")),
        _indicator("companies_failed", "次", -1, "强村公司失败次数", "failures of town companies", _sum_of("failures")),
        _indicator("professionals_in_post", "名", 1, "在岗职业经理人", "professional managers in post",
                   _sum_of("professional_in_post")),
        _indicator("company_members", "村", 0, "强村公司参股村数", "villages with a stake in a company",
                   lambda now: np.sum(now.state.village.company_stake > 0, axis=1) * 1.0),
        _indicator("company_stakes_mean", "万元", 0, "村均公司股份", "stake in companies per village",
                   lambda now: np.mean(now.state.village.company_stake, axis=1), VILLAGES),
        _indicator("company_payout_mean", "万元", 1, "村均公司分红", "payout of companies per village",
                   lambda now: np.mean(_payout(now, POOL + 1), axis=1), VILLAGES),
        _indicator("company_return_median", "", 1, "公司分红率中位数", "payout over stakes, median company",
                   _over_companies(_returns, 0.5), NONE),
        _indicator("company_return_p90", "", 1, "公司分红率第90百分位", "payout over stakes, 90th percentile",
                   _over_companies(_returns, 0.9), NONE),
        _indicator("company_profit_median", "万元", 1, "公司收益中位数", "profit before depreciation, median company",
                   _over_companies(_profits, 0.5), NONE),
    ]  # fmt: skip


def _producing(now: Moment) -> np.ndarray:
    """Members of alliances that produce the industry's goods, `(R, V)` of bool."""
    return (now.state.village.alliance > 0) & (now.state.village.complies >= 0)


def _member_gain(now: Moment) -> np.ndarray:
    """What alliances bring in a year, premium, savings and fines less cost, per producing member `(R,)`."""
    village, ledger = now.state.village, now.ledger
    member = _producing(now)
    balance = ledger.paid(("bulk_saving", "fines_received")) - ledger.paid(("quality_cost", "fines"))
    total = np.sum((balance + village.premium_year) * member, axis=1)
    return share(total, np.sum(member, axis=1) * 1.0)


def _alliances() -> list[Indicator]:
    return [
        _indicator("alliances_alive", "个", 0, "产业联盟数", "industry alliances",
                   lambda now: np.sum(now.state.alliance.alive, axis=1)),
        _indicator("alliances_dissolved", "个", -1, "已解散的产业联盟", "alliances dissolved so far",
                   lambda now: np.sum(now.state.alliance.dissolved, axis=1)),
        _indicator("alliance_members", "村", 0, "联盟成员村", "villages in an alliance",
                   lambda now: np.sum(now.state.village.alliance > 0, axis=1) * 1.0),
        _indicator("alliance_producers", "村", 0, "联盟生产村", "members that produce the industry's goods",
                   lambda now: np.sum(_producing(now), axis=1) * 1.0),
        _indicator("alliance_quality", "", 1, "执行标准比例", "share of producing members that comply",
                   lambda now: share(np.sum(now.state.village.complies * _producing(now), axis=1),
                                     np.sum(_producing(now), axis=1) * 1.0), "alliance_producers"),
        _indicator("alliance_gain_mean", "万元", 1, "联盟生产村村均增收", "net gain per producing member",
                   _member_gain, "alliance_producers"),
    ]  # fmt: skip


def _enterprises() -> list[Indicator]:
    return [
        _indicator("enterprises", "家", 1, "招商企业数", "enterprises in villages",
                   lambda now: np.sum(now.state.enterprise.alive, axis=1)),
        _indicator("enterprise_fees_mean", "万元", 1, "村均企业分成", "fees of enterprises per village",
                   lambda now: np.mean(now.ledger.paid(("enterprise_fee",)), axis=1), VILLAGES),
        _indicator("pipeline_projects", "个", 0, "未落地储备项目", "prepared projects not landed yet",
                   lambda now: np.sum(now.state.village.pipeline, axis=1)),
    ]  # fmt: skip

"""Indicators of those with whom villages work: pools, town companies, alliances, enterprises."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import share
from sim.indicator import NONE, VILLAGES, Values, mean_of, number_of, received, sum_of, yearly
from sim.processes import ventures
from sim.state import Moment


def _pool_payout(now: Moment) -> np.ndarray:
    return np.mean(now.ledger.paid_by_seat(("venture_dividend",))[:, : now.district.villages], axis=1)


def _company_payout(now: Moment) -> np.ndarray:
    return np.mean(now.ledger.paid_by_seat(("venture_dividend",))[:, now.district.villages :], axis=1)


def _of_companies(now: Moment, name: str) -> np.ndarray:
    """A column of the town companies, `(R, T)`."""
    return getattr(now.state.venture, name)[:, now.clusters.count :]


def _companies(name: str) -> Values:
    return lambda now: np.sum(_of_companies(now, name), axis=1)


def _returns(now: Moment) -> np.ndarray:
    """Payout of the year over stakes paid in, of companies with stakes, `(R, T)`; NaN for the others."""
    paid_in = now.seats.sum(ventures.stakes(now))[:, now.clusters.count :]
    found = share(_of_companies(now, "payout_year"), paid_in)
    return np.where((paid_in > 0) & (_of_companies(now, "years_active") >= 1), found, np.nan)


def _profits(now: Moment) -> np.ndarray:
    return np.where(_of_companies(now, "active") > 0, _of_companies(now, "profit_year"), np.nan)


def _over_companies(values: Values, position: float) -> Values:
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


def _producing(now: Moment) -> np.ndarray:
    """Members of alliances that produce the industry's goods, `(R, V)` of bool."""
    return (now.state.village.alliance > 0) & (now.state.village.complies >= 0)


def _quality(now: Moment) -> np.ndarray:
    member = _producing(now)
    return share(np.sum(now.state.village.complies * member, axis=1), np.sum(member, axis=1) * 1.0)


def _member_gain(now: Moment) -> np.ndarray:
    """What alliances bring in a year, premium, savings and fines less cost, per producing member `(R,)`."""
    village, ledger = now.state.village, now.ledger
    member = _producing(now)
    balance = ledger.paid(("bulk_saving", "fines_received")) - ledger.paid(("quality_cost", "fines"))
    total = np.sum((balance + village.premium_year) * member, axis=1)
    return share(total, np.sum(member, axis=1) * 1.0)


OF_PARTNERS = (
    yearly("pool_members", "村", 0, "联建项目参股村数", "villages with a stake in a pool",
           number_of(lambda now: now.state.village.stake > 0)),
    yearly("pools_active", "个", 0, "联建项目数", "pools at work",
           lambda now: np.sum(now.state.venture.active[:, : now.clusters.count], axis=1)),
    yearly("pool_payout_mean", "万元", 1, "村均联建分红", "payout of pools per village", _pool_payout, VILLAGES),
    yearly("companies_active", "家", 0, "强村公司数", "town companies at work", _companies("active")),
    yearly("companies_closed", "家", -1, "已清算的强村公司", "town companies wound up", _companies("wound_up")),
    yearly("companies_failed", "次", -1, "强村公司失败次数", "failures of town companies", _companies("failures")),
    yearly("professionals_in_post", "名", 1, "在岗职业经理人", "professional managers in post",
           _companies("professional_in_post")),
    yearly("company_members", "村", 0, "强村公司参股村数", "villages with a stake in a company",
           number_of(lambda now: now.state.village.company_stake > 0)),
    yearly("company_stakes_mean", "万元", 0, "村均公司股份", "stake in companies per village",
           mean_of("village.company_stake"), VILLAGES),
    yearly("company_payout_mean", "万元", 1, "村均公司分红", "payout of companies per village", _company_payout,
           VILLAGES),
    yearly("company_return_median", "", 1, "公司分红率中位数", "payout over stakes, median company",
           _over_companies(_returns, 0.5), NONE),
    yearly("company_return_p90", "", 1, "公司分红率第90百分位", "payout over stakes, 90th percentile",
           _over_companies(_returns, 0.9), NONE),
    yearly("company_profit_median", "万元", 1, "公司收益中位数", "profit before depreciation, median company",
           _over_companies(_profits, 0.5), NONE),
    yearly("alliances_alive", "个", 0, "产业联盟数", "industry alliances", sum_of("alliance.alive")),
    yearly("alliances_dissolved", "个", -1, "已解散的产业联盟", "alliances dissolved so far",
           sum_of("alliance.dissolved")),
    yearly("alliance_members", "村", 0, "联盟成员村", "villages in an alliance",
           number_of(lambda now: now.state.village.alliance > 0)),
    yearly("alliance_producers", "村", 0, "联盟生产村", "members that produce the industry's goods",
           number_of(_producing)),
    yearly("alliance_quality", "", 1, "执行标准比例", "share of producing members that comply", _quality,
           "alliance_producers"),
    yearly("alliance_gain_mean", "万元", 1, "联盟生产村村均增收", "net gain per producing member", _member_gain,
           "alliance_producers"),
    yearly("enterprises", "家", 1, "招商企业数", "enterprises in villages", sum_of("enterprise.alive")),
    yearly("enterprise_fees_mean", "万元", 1, "村均企业分成", "fees of enterprises per village",
           received("enterprise_fee"), VILLAGES),
    yearly("idle_rent_mean", "万元", 1, "村均盘活资产租金", "rent of assets found idle, per village",
           received("idle_rent"), VILLAGES),
    yearly("pipeline_projects", "个", 0, "未落地储备项目", "prepared projects not landed yet",
           sum_of("village.pipeline")),
)  # fmt: skip

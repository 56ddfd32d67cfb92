"""Village indicators: what is measured of each village at the end of a year. One line each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.arithmetic import over_modes
from sim.indicator import Indicator
from sim.processes import ventures
from sim.processes.finance import public_aid
from sim.state import Moment

Values = Callable[[Moment], np.ndarray]


def _column(table: str, name: str) -> Values:
    return lambda now: getattr(getattr(now.state, table), name)


def _stakes(now: Moment) -> np.ndarray:
    return now.state.village.stake + now.state.village.company_stake


def _indicator(
    name: str, unit: str, direction: int, zh: str, en: str, values: Values | None = None, at_start: bool = True
) -> Indicator:
    """A column of the village table of that name, or what `values` gives, `(R, V)`."""
    found = values or _column("village", name)
    return Indicator(name, unit, direction, zh, en, lambda now, _: found(now), at_start)


VILLAGE_INDICATORS: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        _indicator("income_operating", "万元", 1, "经营性收入", "operating income"),
        _indicator("income_total", "万元", 1, "总收入", "total income"),
        _indicator("income_reported", "万元", 0, "上报经营性收入", "operating income as reported"),
        _indicator("income_profit", "万元", 1, "经营收益", "operating profit"),
        _indicator("participation", "", 1, "参与率", "participation"),
        _indicator("capital", "万元", 1, "经营性资产", "capital", lambda now: over_modes(now.state.village.capital)),
        _indicator("public_money", "万元", 0, "公共资金", "public money received", public_aid, at_start=False),
        _indicator("dependency", "", -1, "依赖度", "dependency"),
        _indicator("effort", "", 1, "书记努力程度", "effort of the secretary", _column("secretary", "effort")),
        _indicator("ability", "", 1, "书记综合能力", "ability of the secretary", _column("secretary", "ability")),
        _indicator("manager_quality", "", 1, "书记经营管理水平", "manager quality of the secretary",
                   _column("secretary", "manager_quality")),
        _indicator("paired", "", 0, "结对", "has a sponsor", at_start=False),
        _indicator("home_share", "", 1, "在村比例", "share at home"),
        _indicator("organisation", "", 1, "组织力", "organisation"),
        _indicator("service_upgraded", "", 0, "服务中心已改造", "service centre renovated"),
        _indicator("market_access", "", 0, "市场通达度", "market access"),
        _indicator("alliance", "", 0, "在产业联盟", "in an industry alliance",
                   lambda now: (now.state.village.alliance > 0) * 1.0),
        _indicator("stake", "万元", 0, "联建和公司股份", "stakes in pools and companies", _stakes),
        _indicator("company_stake", "万元", 0, "公司股份", "stake in the town's company"),
        _indicator("venture_income", "万元", 1, "联建和公司分红", "payout of pools and companies", ventures.dividends,
                   at_start=False),
    )
}  # fmt: skip
"""Village indicators by name, one number per run, year and village."""

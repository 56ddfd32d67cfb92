"""Village indicators: what is measured of each village at the end of a year. One line each."""

from __future__ import annotations

from sim.arithmetic import over_modes
from sim.declared import Declared
from sim.indicator import Indicator, column, yearly
from sim.processes import ventures
from sim.processes.finance import public_aid


def _column(name: str, unit: str, direction: int, zh: str, en: str, table: str = "village") -> Indicator:
    """A column of that name."""
    return Indicator(name, unit, direction, zh, en, column(f"{table}.{name}"))


OF_VILLAGE = (
    _column("income_operating", "万元", 1, "经营性收入", "operating income"),
    _column("income_total", "万元", 1, "总收入", "total income"),
    _column("income_reported", "万元", 0, "上报经营性收入", "operating income as reported"),
    _column("income_profit", "万元", 1, "经营收益", "operating profit"),
    _column("participation", "", 1, "参与率", "participation"),
    Indicator("capital", "万元", 1, "经营性资产", "capital", lambda now: over_modes(now.state.village.capital)),
    yearly("public_money", "万元", 0, "公共资金", "public money received", public_aid),
    _column("dependency", "", -1, "依赖度", "dependency"),
    _column("effort", "", 1, "书记努力程度", "effort of the secretary", "secretary"),
    _column("ability", "", 1, "书记综合能力", "ability of the secretary", "secretary"),
    _column("manager_quality", "", 1, "书记经营管理水平", "manager quality of the secretary", "secretary"),
    yearly("paired", "", 0, "结对", "has a sponsor", column("village.paired")),
    _column("home_share", "", 1, "在村比例", "share at home"),
    _column("organisation", "", 1, "组织力", "organisation"),
    _column("service_upgraded", "", 0, "服务中心已改造", "service centre renovated"),
    _column("market_access", "", 0, "市场通达度", "market access"),
    Indicator("alliance", "", 0, "在产业联盟", "in an industry alliance",
              lambda now: (now.state.village.alliance > 0) * 1.0),
    Indicator("stake", "万元", 0, "联建和公司股份", "stakes in pools and companies",
              lambda now: now.state.village.stake + now.state.village.company_stake),
    _column("company_stake", "万元", 0, "公司股份", "stake in the town's company"),
    yearly("venture_income", "万元", 1, "联建和公司分红", "payout of pools and companies", ventures.dividends),
)  # fmt: skip
VILLAGE_INDICATORS = Declared("village indicator", {indicator.name: indicator for indicator in OF_VILLAGE})
"""Village indicators by name, one number per run, year and village."""

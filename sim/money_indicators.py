"""Indicators of incomes of villages and of money: what the public pays, what villages pay and get, what is lost."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import below, share
from sim.indicator import (
    NONE,
    VILLAGES,
    Indicator,
    Values,
    at_least,
    column,
    mean_of,
    number_of,
    quantile,
    received,
    yearly,
)
from sim.ledger import PUBLIC_PAYERS
from sim.policies.registry import LEVERS
from sim.processes.finance import PROJECT_GRANTS, SUBSIDIES
from sim.state import Moment

INCOMES = {
    "operating": ("经营性收入", "operating income"),
    "total": ("总收入", "total income"),
    "profit": ("经营收益", "operating profit"),
}
PAYERS = {
    "central": ("中省财政", "central and provincial"),
    "district": ("区财政", "district"),
    "sponsors": ("帮扶单位", "sponsors"),
    "partner_regions": ("省内结对地区", "partner regions of the province"),
    "state_firms": ("带县国有企业", "state firms"),
}
LEVER_PURPOSES = tuple(purpose for lever in LEVERS.values() for purpose in lever.purposes)
LEAKS = ("leak_invest", "leak_revenue", "venture_agency")
LEAKING = ("village.cash", "village.earmarked_cash", "village.pot_earmarked", "venture")


def gini(values: np.ndarray) -> np.ndarray:
    """Gini coefficient of each row `(R, V)`; negative values count as zero, and a row of zeros is 0."""
    ordered = np.sort(np.maximum(values, 0), axis=1)
    number = ordered.shape[1]
    weights = 2 * np.arange(1, number + 1) - number - 1
    return share(np.sum(weights * ordered, axis=1), number * np.sum(ordered, axis=1))


def _paid_by(payers: tuple[str, ...], purposes: tuple[str, ...]) -> Values:
    return lambda now: now.ledger.paid_by(payers, purposes)


def _village_paid(now: Moment) -> np.ndarray:
    return np.sum(now.ledger.paid((*now.lever_keys, "cadre_bonus"), payers=("village.cash",)), axis=1)


def _idle_share(now: Moment) -> np.ndarray:
    village, ledger = now.state.village, now.ledger
    unspent = np.sum(village.earmarked_cash + village.pot_earmarked, axis=1)
    return share(ledger.balances["idle"][:, 0] + unspent, ledger.ever_paid(PROJECT_GRANTS))


def at_least_aim(name: str) -> Values:
    """How many villages reach the line that the district aims at (`District.aim_line`)."""
    values = column(name)
    return number_of(lambda now: ~below(values(now), now.district.aim_line))


OF_INCOMES = (
    *(Indicator(f"income_{key}_mean", "万元", 1, f"村均{zh}", f"mean {en} per village",
                mean_of(f"village.income_{key}"), VILLAGES) for key, (zh, en) in INCOMES.items()),
    *(Indicator(f"villages_aim_{key}", "村", 1, f"{zh}达到目标线的村", f"villages with {en} at the district's line",
                at_least_aim(f"village.income_{key}")) for key, (zh, en) in INCOMES.items()),
    *(Indicator(f"villages_10_{key}", "村", 1, f"{zh}达10万元的村", f"villages with {en} of at least 10万元",
                at_least(f"village.income_{key}", 10)) for key, (zh, en) in INCOMES.items()),
    Indicator("income_operating_median", "万元", 1, "经营性收入中位数", "operating income, median",
              quantile("village.income_operating", 0.5), NONE),
    Indicator("income_operating_p10", "万元", 1, "经营性收入第10百分位", "operating income, 10th percentile",
              quantile("village.income_operating", 0.1), NONE),
    Indicator("income_operating_p90", "万元", 1, "经营性收入第90百分位", "operating income, 90th percentile",
              quantile("village.income_operating", 0.9), NONE),
    Indicator("villages_below_5_operating", "村", -1, "经营性收入不足5万元的村",
              "villages with operating income below 5万元",
              number_of(lambda now: below(now.state.village.income_operating, 5))),
    Indicator("villages_zero_operating", "村", -1, "无经营性收入的村", "villages without operating income",
              number_of(lambda now: ~(now.state.village.income_operating > 0))),
    Indicator("income_operating_gini", "", -1, "经营性收入基尼系数", "Gini of operating income",
              lambda now: gini(now.state.village.income_operating), NONE),
    Indicator("income_profit_gini", "", -1, "经营收益基尼系数", "Gini of operating profit",
              lambda now: gini(now.state.village.income_profit), NONE),
)  # fmt: skip

OF_MONEY = (
    yearly("public_cost", "万元", -1, "公共投入", "public cost", _paid_by(PUBLIC_PAYERS, LEVER_PURPOSES)),
    *(yearly(f"public_cost_{payer}", "万元", -1, f"公共投入：{zh}", f"public cost: {en}",
             _paid_by((payer,), LEVER_PURPOSES)) for payer, (zh, en) in PAYERS.items()),
    *(yearly(f"cost_{key}", "万元", -1, f"公共投入：{lever.zh}", f"public cost: {lever.en}",
             _paid_by(PUBLIC_PAYERS, lever.purposes)) for key, lever in LEVERS.items()),
    yearly("village_cost", "万元", -1, "村集体自付", "paid by villages for measures", _village_paid),
    yearly("deficit_cover", "万元", -1, "财政兜底", "deficits covered by the district",
           _paid_by(("district",), ("deficit_cover",))),
    yearly("project_grants_mean", "万元", 0, "村均项目资金", "project grants per village", received(*PROJECT_GRANTS),
           VILLAGES),
    yearly("subsidies_mean", "万元", 0, "村均补助收入", "subsidies per village", received(*SUBSIDIES), VILLAGES),
    yearly("leaked", "万元", -1, "资产流失", "leakage", _paid_by(LEAKING, LEAKS)),
    yearly("idle_share", "", -1, "项目资金闲置比例", "idle share of project money so far", _idle_share,
           "project_grants_so_far"),
)  # fmt: skip

"""Village finance: running cost, shortfalls, the three incomes, use of the surplus, dependency (EQ-02, 03, 09, 13)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import below, over_modes, share
from sim.ledger import PUBLIC_PAYERS
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import capital, credit, rewards
from sim.state import Moment

PROJECT_GRANTS = (
    "central_grant",
    "assistance_projects",
    "assistance_central",
    "assistance_province",
    "assistance_firms",
    "company_startup",
)
OPERATING = ("operations", "assistance_purchases", "venture_dividend", "enterprise_fee", "idle_rent")
COSTS = ("operating_cost", "purchase_cost", "leak_revenue", "fixed_cost", "interest", "quality_cost", "fines")
SUBSIDIES = ("running_subsidy", "assistance_cash", "deficit_cover")
MEAN_INCOME = "city_income_mean"
"""Fact of the district: mean collective income per village where it lies, 万元; `structure.income` says which."""
YUAN = 10_000.0
"""yuan in a 万元"""


class FinanceParameters(Parameters):
    """Parameters of running a village collective and sharing its surplus."""

    needs = {("cadre_pay",): ("bonus_cap",)}

    fixed_cost = Parameter(1.79, 0.6, 3.0, "万元/yr", "Sichuan, 3,757 villages: 1.79 (income.md 2)", "固定运行费",
                           "fixed running cost")  # fmt: skip
    subsidy_share = Parameter(0.45, 0.34, 0.57, "share of total income", "income.md 3, 4, 6: operating 0.18-0.53",
                              "补助占总收入比例", "subsidy in total income of 2023")  # fmt: skip
    other_share = Parameter(0.18, 0.13, 0.25, "share of total income", "income.md 6: 12.8 % and 24.8 %",
                            "其他收入占总收入比例", "other income in total income of 2023")  # fmt: skip
    interest_rate = Parameter(0.05, 0.035, 0.08, "per year", ASSUMPTION, "贷款利率", "interest rate")
    repayment_rate = Parameter(0.15, 0.05, 0.3, "per year", ASSUMPTION, "还款率", "repayment rate")
    fire_sale = Parameter(0.6, 0.4, 0.8, "share of book value", ASSUMPTION, "变卖折价", "price of a forced sale")
    reserve_share = Parameter(0.15, 0.10, 0.20, "share of surplus", ASSUMPTION, "公积金比例", "share to the reserve")
    service_share = Parameter(0.20, 0.10, 0.30, "share of surplus", ASSUMPTION, "公益金比例", "share to services")
    dividend_share = Parameter(0.35, 0.2, 0.45, "share of surplus", "parameters.md 2.7: Shaanxi 20.5 % of all returns",
                               "分红比例", "share to dividends where any are paid")  # fmt: skip
    dividend_from = Parameter(5.0, 2.0, 10.0, "万元/yr", "income.md 5: 7-31 % of villages pay", "分红起点",
                              "surplus from which dividends are paid")  # fmt: skip
    bonus_cap = Parameter(10.0, 5.0, 20.0, "万元/yr", "B65: at most 10万", "奖励上限", "highest bonus")
    kappa_dependency = Parameter(0.25, 0.0, 0.6, "per year", ASSUMPTION, "依赖形成速度", "speed of dependency")


def mean_incomes(now: Moment) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Operating income, office subsidy and other income of a village in 2023 by the published mean, each `(R, 1)`."""
    p, published = now.parameters, now.district.facts[MEAN_INCOME]
    operating = 1 - p.subsidy_share - p.other_share
    total = published / operating if now.structure["income"] == "operating_is_9.56" else published + 0 * operating
    return operating * total, p.subsidy_share * total, p.other_share * total


def run_office(now: Moment) -> None:
    """The yearly subsidy for running the village office (村级运转经费) and other income are received and spent."""
    village = now.state.village
    other = village.other_income * capital.activity(now)
    now.ledger.pay("central", "village", village.office_subsidy, "running_subsidy")
    now.ledger.pay("outside", "village", other, "other_income")
    now.ledger.pay("village", "suppliers", village.office_subsidy + other, "administration")


def pay_running_costs(now: Moment) -> None:
    """A quarter's fixed cost and interest (EQ-02)."""
    fixed = np.broadcast_to(now.parameters.fixed_cost / 4, now.state.village.debt.shape)
    now.ledger.pay("village", "suppliers", fixed, "fixed_cost")
    credit.pay_interest(now)


def cover_shortfall(now: Moment) -> None:
    """A village out of cash draws its reserve, then sells capital under value; the district covers the rest (EQ-09)."""
    village, p, ledger = now.state.village, now.parameters, now.ledger
    from_reserve = np.minimum(np.maximum(-village.cash, 0), village.reserve_fund)
    ledger.pay("village.reserve_fund", "village", from_reserve, "reserve_drawn")
    worth = p.fire_sale * over_modes(village.capital)
    proceeds = np.minimum(np.maximum(-village.cash, 0), worth)
    sold = np.minimum(share(proceeds, worth), 1)
    capital.give_up(village, sold)
    village.aided_capital = village.aided_capital * (1 - sold)
    ledger.pay("market", "village", proceeds, "forced_sale")
    ledger.pay("district", "village", np.maximum(-village.cash, 0), "deficit_cover")


def measure_incomes(now: Moment) -> None:
    """The three incomes of the year under the statistics' own names, as sums over ledger purposes (EQ-03)."""
    village, ledger = now.state.village, now.ledger
    operating = ledger.paid(OPERATING)
    subsidies = ledger.paid(SUBSIDIES)
    if now.project_grants_in_total:
        subsidies = subsidies + ledger.paid(PROJECT_GRANTS)
    costs = ledger.paid(COSTS)
    savings = ledger.paid(("bulk_saving", "fines_received"))
    lever_costs = ledger.paid(now.lever_keys, payers=("village.cash",))
    profit = operating + savings - costs - lever_costs
    village.profit_change = profit - village.income_profit
    village.income_operating = operating
    village.income_total = operating + subsidies + ledger.paid(("other_income",))
    village.income_profit = profit


def use_surplus(now: Moment) -> None:
    """Repay, pay the cadre bonus, then share what is left; nothing is paid out of a loss (EQ-09, EQ-14)."""
    village, p, ledger = now.state.village, now.parameters, now.ledger
    surplus = np.clip(village.income_profit, 0, np.maximum(village.cash, 0))
    repaid = np.minimum(p.repayment_rate * village.debt, surplus)
    ledger.pay("village", "banks", repaid, "repayment")
    village.debt = village.debt - repaid
    bonus = np.minimum(np.minimum(rewards.bonus(now), p.bonus_cap), surplus - repaid)
    ledger.pay("village", "secretaries", bonus, "cadre_bonus")
    village.income_profit = village.income_profit - bonus
    left = surplus - repaid - bonus
    ledger.pay("village", "village.reserve_fund", p.reserve_share * left, "reserve")
    ledger.pay("village", "suppliers", p.service_share * left, "services")
    dividend = p.dividend_share * left * ~below(left, p.dividend_from)
    ledger.pay("village", "residents", dividend, "dividend")
    village.dividend_per_head = dividend * YUAN / village.registered_population


def grow_dependent(now: Moment) -> None:
    """Dependency moves towards the share of public money in what the village received this year (EQ-13)."""
    village = now.state.village
    aid = public_aid(now)
    target = share(aid, aid + village.income_operating)
    village.dependency = village.dependency + now.parameters.kappa_dependency * (target - village.dependency)


def public_aid(now: Moment) -> np.ndarray:
    """Public money of this year's measures received by each village, `(R, V)` 万元, project grants included."""
    return now.ledger.paid((*PROJECT_GRANTS, "assistance_cash", "assistance_purchases"), payers=PUBLIC_PAYERS)

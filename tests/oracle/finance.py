"""Village finance: EQ-02, EQ-03, EQ-09, EQ-13."""

from __future__ import annotations

from oracle import rewards
from oracle.agents import Village
from oracle.arithmetic import below, ratio
from oracle.production import activity

PROJECT_GRANTS = ("central_grant", "assistance_projects", "assistance_central", "assistance_province",
                  "assistance_firms", "company_startup")  # fmt: skip


def pay_running_costs(model) -> None:
    """Every quarter: a fourth of the fixed cost and of the interest; the district's part of that first."""
    due = [model.p.interest_rate / 4 * village.debt for village in model.villages]
    helped = [village.policy.interest_subsidy * interest for village, interest in zip(model.villages, due, strict=True)]
    part = model.covered("district", "interest_subsidy", sum(helped))
    model.ledger.pay("district", "banks", part * sum(helped), "interest_subsidy")
    for village, interest, help_given in zip(model.villages, due, helped, strict=True):
        model.ledger.pay(village, "suppliers", model.p.fixed_cost / 4, "fixed_cost")
        model.ledger.pay(village, "banks", interest - part * help_given, "interest")


def interest_rate(model, village: Village) -> float:
    """What a yuan of debt costs the village a year."""
    return model.p.interest_rate - model.p.interest_rate * village.policy.interest_subsidy


def cover_shortfall(model) -> None:
    """Every quarter: negative cash is covered by the reserve, by selling capital, by the district."""
    for village in model.villages:
        missing = max(0.0, -village.cash)
        drawn = min(missing, village.reserve_fund)
        model.ledger.pay((village, "reserve_fund"), village, drawn, "reserve_drawn")
        missing -= drawn
        total = sum(village.capital)
        sold = min(missing, model.p.fire_sale * total)
        if sold > 0:
            kept = 1 - sold / (model.p.fire_sale * total)
            village.capital = [kept * capital for capital in village.capital]
            village.aided_capital *= kept
        model.ledger.pay("market", village, sold, "forced_sale")
        model.ledger.pay("district", village, missing - sold, "deficit_cover")


def run_office(model) -> None:
    """Closing: office subsidy and other income come and are spent."""
    for village in model.villages:
        model.ledger.pay("central", village, village.office_subsidy, "running_subsidy")
        other = village.other_income * activity(model)
        model.ledger.pay("outside", village, other, "other_income")
        model.ledger.pay(village, "suppliers", village.office_subsidy + other, "administration")


def income_operating(village: Village) -> float:
    """EQ-03: operating income."""
    came = village.received
    earned = came["operations"] + came["assistance_purchases"] + came["venture_dividend"] + came["enterprise_fee"]
    return earned + came["idle_rent"]


def income_total(village: Village, project_grants: bool) -> float:
    """EQ-03: total income."""
    came = village.received
    total = income_operating(village) + came["other_income"]
    total += came["running_subsidy"] + came["assistance_cash"] + came["deficit_cover"]
    return total + sum(came[purpose] for purpose in PROJECT_GRANTS) if project_grants else total


def income_profit(village: Village, lever_keys) -> float:
    """EQ-03: operating profit before the cadre bonus."""
    came, went = village.received, village.paid
    profit = income_operating(village) + came["bulk_saving"] + came["fines_received"]
    for purpose in ("operating_cost", "purchase_cost", "quality_cost", "fines", "leak_revenue", "fixed_cost",
                    "interest"):  # fmt: skip
        profit -= went[purpose]
    return profit - sum(went[key] for key in lever_keys)


def measure_incomes(model) -> None:
    """Closing: the three incomes of the year."""
    for village in model.villages:
        village.income_operating = income_operating(village)
        village.income_total = income_total(village, model.project_grants_in_total)
        profit = income_profit(village, model.lever_keys)
        village.profit_change = profit - village.income_profit
        village.income_profit = profit


def use_surplus(model) -> None:
    """Closing: repayment, bonus, reserve, services, dividends (EQ-09)."""
    p, pay = model.p, model.ledger.pay
    for village in model.villages:
        left = max(0.0, min(village.income_profit, village.cash))
        repaid = min(p.repayment_rate * village.debt, left)
        pay(village, "banks", repaid, "repayment")
        village.debt -= repaid
        left -= repaid
        bonus = min(rewards.bonus(village), p.bonus_cap, left)
        pay(village, "secretaries", bonus, "cadre_bonus")
        village.income_profit -= bonus
        left -= bonus
        pay(village, (village, "reserve_fund"), p.reserve_share * left, "reserve")
        pay(village, "suppliers", p.service_share * left, "services")
        dividend = 0.0 if below(left, p.dividend_from) else p.dividend_share * left
        pay(village, "residents", dividend, "dividend")
        village.dividend_per_head = 10_000 * dividend / village.registered_population


def public_aid(village: Village) -> float:
    """Public money of the year's measures."""
    came = village.received
    aid = came["assistance_cash"] + came["assistance_purchases"]
    return aid + sum(came[purpose] for purpose in PROJECT_GRANTS)


def grow_dependent(model) -> None:
    """Closing: dependency moves (EQ-13)."""
    for village in model.villages:
        aid = public_aid(village)
        goal = ratio(aid, aid + village.income_operating)
        village.dependency += model.p.kappa_dependency * (goal - village.dependency)

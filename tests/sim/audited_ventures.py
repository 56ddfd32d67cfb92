"""Checks of the phases of pools, companies, alliances and enterprises (known answers D-A4; EQ-20 to EQ-29).

Each amount is recomputed from the equations of docs/model.md, not from the functions of the model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from audited_flows import Snapshot, by_venture, flow, held, near, venture_of_seat

from sim.state import Moment


def check_alliances_settle(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-31: own and public cost of quality, fines that reach those who comply, savings; alliance by alliance."""
    p, policy, sold = now.parameters, now.policy, before["village:branded_revenue"]
    member, keeps = before["village:alliance"] > 0, before["village:complies"] > 0
    full = np.maximum(p.alliance_premium - p.alliance_net, 0) * sold * keeps * member
    near(np.broadcast_to(flow(moved, "quality_cost"), sold.shape), full * (1 - policy.cost_share))
    near(np.broadcast_to(flow(moved, "quality_subsidy"), sold.shape), full * policy.cost_share)
    saved = before["village:bulk_saving"] * before["village:branded_cost"]
    near(np.broadcast_to(flow(moved, "bulk_saving"), sold.shape), saved)
    fined = np.broadcast_to(flow(moved, "fines"), sold.shape)
    received = np.broadcast_to(flow(moved, "fines_received"), sold.shape)
    for run in range(sold.shape[0]):
        for number in set(before["village:alliance"][run]) - {0}:
            here = before["village:alliance"][run] == number
            rides = here & (before["village:complies"][run] == 0)
            due = (policy.fine * policy.monitor * sold)[run] * rides * bool((keeps[run] & here).any())
            near(fined[run][here], due[here])
            weight = (sold[run] * keeps[run])[here]
            parts = weight / weight.sum() if weight.sum() > 0 else 0 * weight
            near(received[run][here], due.sum() * parts)
    change = after["village:profit_this_quarter"] - before["village:profit_this_quarter"]
    near(change, received + saved - fined - full * (1 - policy.cost_share))
    audit.fines += fined.sum()


def check_enterprises_trade(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-30: a share of the profit of all enterprises of a village, never of a loss."""
    profit = flow(moved, "enterprise_operations") - flow(moved, "enterprise_cost")
    fee = np.broadcast_to(flow(moved, "enterprise_fee"), before["village.cash"].shape)
    near(fee, now.parameters.fee_share * np.maximum(profit, 0) * np.ones_like(fee))
    alive = before["enterprise:alive"].reshape(*fee.shape, -1).sum(axis=2)
    assert np.all(fee[alive == 0] == 0)
    audit.fees += fee.sum()


def check_stakes_contribute(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A4: stakes of the members equal what is paid into each venture and what it builds, in the modes of its mix."""
    bought = held(after) - held(before)
    paid = [amount for (_, payee, what), amount in moved.items() if what == "stakes" and payee == "venture"]
    near(bought, sum(paid) if paid else np.zeros_like(bought))
    built = after["venture:pending_this_year"] - before["venture:pending_this_year"]
    near(built.sum(axis=2), by_venture(now, bought))
    near(built, built.sum(axis=2)[..., None] * after["venture:mix"])
    near(after["venture"], before["venture"])
    founded = after["venture:active"] > 0
    near(after["venture:mix"].sum(axis=2)[founded], 1.0)
    audit.stakes += bought.sum()


def check_ventures_earn(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """The venture's cash and the year's profit grow by revenue less cost, pay and agency; losses fall on capital."""
    p = now.parameters
    revenue = flow(moved, "venture_operations") + flow(moved, "public_contracts")
    cost = flow(moved, "venture_operating_cost") + flow(moved, "manager_pay")
    agency, sold = flow(moved, "venture_agency"), flow(moved, "venture_forced_sale")
    near(after["venture"] - before["venture"], np.broadcast_to(revenue + sold - cost - agency, after["venture"].shape))
    profit = after["venture:profit_year"] - before["venture:profit_year"]
    near(profit, np.broadcast_to(revenue - cost - agency, profit.shape))
    monitoring = np.minimum(p.monitoring + p.monitoring_by_supervision * before["venture:supervision"], 1)
    rate = p.agency_base * (1 - monitoring)
    near(np.broadcast_to(agency, profit.shape), rate * np.maximum(revenue - cost, 0))
    lost = (before["venture:capital"] - after["venture:capital"]).sum(axis=2)
    near(p.fire_sale * lost, np.broadcast_to(sold, lost.shape))
    contracts = np.broadcast_to(flow(moved, "public_contracts"), profit.shape)
    near(contracts, before["venture:public_contracts"] * revenue)
    assert np.all(contracts[:, : now.district.clusters] == 0), "public contracts go to companies"
    pay = np.broadcast_to(flow(moved, "manager_pay"), profit.shape)
    assert np.all(pay[before["venture:professional_in_post"] == 0] == 0)


def check_ventures_pay_out(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A4: dividends received equal dividends paid; shares sum to 1 wherever something is paid."""
    seat_flows = [amount for (_, _, what), amount in moved.items() if what == "venture_dividend"]
    received = sum(seat_flows) if seat_flows else np.zeros_like(held(before))
    paid = by_venture(now, received)
    profit, cash = before["venture:profit_year"], np.maximum(before["venture"], 0)
    first = before["venture:years_paying"] == 0
    part = before["venture:payout_share"] * np.where(first, now.parameters.first_payout, 1.0)
    due = np.minimum(part * np.maximum(profit, 0), cash)
    near(paid, due)
    kept = np.minimum(np.maximum(profit - paid, 0), cash)
    built = (after["venture:pending_this_year"] - before["venture:pending_this_year"]).sum(axis=2)
    near(built, kept)
    near(before["venture"] - after["venture"], paid + kept)
    stake = held(before)
    assert np.all(received[stake == 0] == 0)
    income = before["village:income_operating"]
    need = stake / (1 + np.concatenate([income, income], axis=1))
    rule = before["venture:sharing"][:, venture_of_seat(now)]
    weight = np.choose(rule, [stake, (stake > 0) * 1.0, need])
    whole = by_venture(now, weight)[:, venture_of_seat(now)]
    shares = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)
    near(received, shares * due[:, venture_of_seat(now)])
    near(by_venture(now, shares)[paid > 0], 1.0)
    audit.payouts += paid.sum()


def check_ventures_wind_up(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """Below the line a venture sells what it has and all of it goes to those who held stakes; others stay."""
    stock = sum(before[f"venture:{name}"] for name in ("capital", "pending_this_year", "pending_last_year"))
    left, line = stock.sum(axis=2) + before["venture"], now.parameters.winding_up_line
    ends = (before["venture:active"] > 0) & (left < line)
    assert np.array_equal(before["venture:active"] - after["venture:active"], ends * 1.0)
    seat_flows = [amount for (_, _, what), amount in moved.items() if what == "winding_up"]
    returned = by_venture(now, sum(seat_flows)) if seat_flows else np.zeros_like(left)
    near(returned, ends * (now.parameters.fire_sale * stock.sum(axis=2) + before["venture"]))
    assert np.all(by_venture(now, held(after))[ends] == 0)
    kept = ~ends[:, venture_of_seat(now)]
    assert np.array_equal(held(after)[kept], held(before)[kept])


def check_managers_staff(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-29: never more professionals than the market has, and none in a pool."""
    in_post = after["venture:professional_in_post"]
    supply = now.policy.professionals.max(axis=1)
    assert np.all(in_post.sum(axis=1) <= supply) and np.all(in_post[:, : now.district.clusters] == 0)
    hired = (in_post > 0) & (before["venture:professional_in_post"] == 0)
    skill = after["venture:professional_skill"][hired]
    assert np.all((skill >= 0.6) & (skill <= 1.2))

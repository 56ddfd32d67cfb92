"""What money is paid for: every purpose of the ledger is declared once, and an unknown one is an error."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sim.problems import nearest

PURPOSES = {
    "opening": "cash that a village has at the start",
    "own_rule": "payments of a rule of the user's own, and balances set by hand",
    "operations": "sales of a village's own projects",
    "operating_cost": "what running them costs",
    "fixed_cost": "what running a collective costs",
    "investment": "capital built by a village",
    "forced_sale": "capital sold at a shortfall",
    "deficit_cover": "what the district covers of a shortfall",
    "borrowing": "loans",
    "repayment": "loans paid back",
    "interest": "interest on loans",
    "guarantee_paid": "defaults borne by the guarantee fund",
    "leak_revenue": "profit that leaks",
    "leak_invest": "project money that leaks",
    "idle": "project money that lies idle",
    "reserve": "surplus put into the reserve",
    "reserve_drawn": "reserve drawn at a shortfall",
    "services": "public services",
    "dividend": "surplus paid to residents",
    "cadre_bonus": "bonus on new profit",
    "running_subsidy": "subsidy for the village office",
    "administration": "work of the village office",
    "assistance_cash": "cash of sponsors",
    "assistance_purchases": "purchases by sponsors",
    "purchase_cost": "what producing for sponsors costs",
    "assistance_projects": "project money coordinated by sponsors",
    "assistance_central": "project money of the central and provincial budget that comes with a sponsor",
    "assistance_province": "project money of paired regions of the province",
    "assistance_firms": "project money of state firms",
    "pot": "money committed to a pool",
    "pot_returned": "money of a pot that did not fill",
    "stakes": "stakes in ventures",
    "company_startup": "public start-up money of companies",
    "venture_investment": "capital built by ventures",
    "venture_operations": "sales of ventures",
    "public_contracts": "sales of companies to the district",
    "venture_operating_cost": "what running ventures costs",
    "venture_forced_sale": "capital sold by ventures",
    "venture_agency": "profit lost to managers of ventures",
    "venture_dividend": "payouts of ventures",
    "winding_up": "what is left of a venture that ends",
    "manager_pay": "pay of professionals by their companies",
    "manager_pay_public": "pay of professionals by the public",
    "quality_cost": "cost of an alliance's quality",
    "quality_subsidy": "what the public bears of that",
    "fines": "fines of members that ride free",
    "fines_received": "fines shared among the others",
    "bulk_saving": "savings of buying together",
    "enterprise_investment": "capital built by enterprises",
    "enterprise_operations": "sales of enterprises",
    "enterprise_cost": "what running enterprises costs",
    "enterprise_fee": "fees of enterprises",
}
"""Meaning of every purpose, by name. A lever that books its cost under its own key adds that (`sim.policies.base`)."""


def check_names(names: Iterable[str], known: Collection[str], what: str) -> None:
    """Raise a ValueError that tells the nearest name where one is not known."""
    for name in names:
        if name not in known:
            near = nearest(name, list(known))
            raise ValueError(f"no {what} {name!r}" + (f"; did you mean {near!r}?" if near else ""))

"""The levers once more: who is treated, how much, who pays; in the order in which the district acts on them."""

from __future__ import annotations

from oracle import lever_economy, lever_money, lever_people, lever_places  # noqa: F401 (they say their turns)
from oracle.settings import TURNS, Settings

ACTS = {lever.__name__: lever for _, lever in sorted(TURNS.items())}
"""The levers by key, in their order."""


def act(model) -> None:
    """Opening: every lever acts."""
    for key, lever in ACTS.items():
        lever(model, Settings(model, key))


def each_quarter(model) -> None:
    """What levers pay quarter by quarter, in their order: purchases, professionals, alliances, performance."""
    for village in model.villages:
        model.ledger.pay("sponsors", village, village.policy.purchases / 4, "assistance_purchases")
    lever_money.pay_professionals(model, Settings(model, "town_company"))
    lever_money.pay_alliances(model, Settings(model, "industry_alliance"))
    lever_people.pay_for_performance(Settings(model, "cadre_pay"))

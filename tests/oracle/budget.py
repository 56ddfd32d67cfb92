"""A yearly budget: what each lever would cost on a sketch, what it is given, and no payment beyond that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from oracle import alliances, levers, managers, stakes
from oracle.agents import Policy
from oracle.settings import Settings
from sim.ledger import PUBLIC_PAYERS

PURPOSES = {
    "paired_assistance": (
        "paired_assistance", "assistance_cash", "assistance_purchases", "assistance_projects", "assistance_central",
        "assistance_province", "assistance_firms",
    ),
    "town_company": ("company_startup", "manager_pay_public", "public_contracts"),
    "industry_alliance": ("industry_alliance", "quality_subsidy"),
    "credit_guarantee": ("guarantee_paid",),
}  # fmt: skip
"""What levers pay for that do not pay for one thing, their own work."""
FREE = ("service_targeting", "career_path", "target_pressure", "town_renewal")
HALVINGS, TOO_LITTLE, NO_MONEY = 20, 1e-6, 1e-9


class Budget:
    """So much public money a year for all levers together, by priority."""

    def __init__(self, model, annual: float, priority: Sequence[str]) -> None:
        self.model, self.annual = model, annual
        self.order = [*priority, *(key for key in levers.ACTS if key not in priority)]
        self.lever_of = {
            purpose: key for key in levers.ACTS if key not in FREE for purpose in PURPOSES.get(key, (key,))
        }
        self.free = 0.0
        self.kept: dict[str, float] = defaultdict(float)
        self.spent: dict[str, float] = defaultdict(float)
        self.unmet: dict[str, float] = defaultdict(float)
        self.foreseen: dict[str, float] = {}
        self.unforeseen: dict[str, float] = defaultdict(float)
        self.sketching = False

    def open_year(self) -> None:
        """What last year went beyond what was foreseen is expected again; then each lever in turn gets its share."""
        share = self.model.share
        for key, foreseen in self.foreseen.items():
            beyond = self.spent[key] + self.unmet[key] - foreseen
            self.unforeseen[key] = beyond / share[key] if beyond > NO_MONEY and share[key] > 0 else 0.0
        for book in (self.kept, self.spent, self.unmet):
            book.clear()
        self.free = self.annual
        given = {}
        for key in self.order:
            if key not in FREE and self.model.settings[key]["payer"] in PUBLIC_PAYERS:
                given[key] = self.share_for(key)
                self.foreseen[key] = self.demand(key, given[key])
                self.kept[key] = self.foreseen[key] + self.unforeseen[key] * given[key]
                self.free = max(0.0, self.free - self.kept[key])
        self.model.share = given

    def share_for(self, key: str) -> float:
        """All, nothing, or the largest share that the rest covers."""
        if self.free <= TOO_LITTLE * self.annual:
            return 0.0
        low, high = 0.0, 1.0
        if self.demand(key, 1.0) + self.unforeseen[key] <= self.free:
            return 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if self.demand(key, middle) + self.unforeseen[key] * middle <= self.free:
                low = middle
            else:
                high = middle
        return low

    def demand(self, key: str, share: float) -> float:
        """What one lever alone would pay at a share, with what begins this year; nothing of it lasts."""
        model = self.model
        kinds = model.tables()
        agents = [agent for kind in kinds if kind not in ("resident", "enterprise") for agent in kinds[kind]]
        before = [{name: _copy(value) for name, value in vars(agent).items()} for agent in agents]
        ledger, model.ledger, quarter = model.ledger, Notes(), model.quarter
        model.share = dict.fromkeys(levers.ACTS, 0.0) | {key: share}
        self.sketching = True
        for village in model.villages:
            village.policy = Policy()
        levers.ACTS[key](model, Settings(model, key))
        for phase in (managers.staff, alliances.form, stakes.contribute):
            phase(model)
        for model.quarter in range(4):
            levers.each_quarter(model)
        noted, model.ledger, model.quarter, self.sketching = model.ledger.public, ledger, quarter, False
        for agent, values in zip(agents, before, strict=True):
            vars(agent).clear()
            vars(agent).update(values)
        return sum(amount for purpose, amount in noted.items() if self.lever_of.get(purpose) == key)

    def part(self, payer: str, purpose: str, wanted: float) -> float:
        """The part of a payment that what is kept for its lever and what is free cover; the rest is noted."""
        key = self.lever_of.get(purpose)
        if self.sketching or key is None or payer not in PUBLIC_PAYERS:
            return 1.0
        there = self.kept[key] + self.free
        if wanted <= there:
            return 1.0
        self.unmet[key] += wanted - there
        return there / wanted

    def take(self, payer, amount: float, purpose: str) -> None:
        """A payment comes out of what is kept for its lever, then out of what is free."""
        key = self.lever_of.get(purpose)
        if key is None or not isinstance(payer, str) or payer not in PUBLIC_PAYERS:
            return
        self.spent[key] += amount
        free = min(max(0.0, amount - self.kept[key]), self.free)
        assert amount <= self.kept[key] + self.free + NO_MONEY, f"{purpose}: {amount} is not there"
        self.kept[key] = max(0.0, self.kept[key] - amount)
        self.free -= free


class Notes:
    """A ledger that moves nothing."""

    def __init__(self) -> None:
        self.public: dict[str, float] = defaultdict(float)

    def pay(self, payer, payee, amount: float, purpose: str) -> None:
        """Note what a public payer would pay."""
        if isinstance(payer, str) and payer in PUBLIC_PAYERS:
            self.public[purpose] += amount


def _copy(value):
    return list(value) if isinstance(value, list) else value

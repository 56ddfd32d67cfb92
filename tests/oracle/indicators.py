"""What a year's indicators mean, counted agent by agent and payment by payment from the oracle's district."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oracle import participation
from oracle.agents import Venture, Village

PUBLIC = ("central", "district", "sponsors", "partner_regions", "state_firms")
NO_MEASURE = ("running_subsidy", "deficit_cover")
"""What governments pay villages whatever the strategy."""
OWN_PURPOSES = {
    "paired_assistance": ("assistance_cash", "assistance_purchases", "assistance_projects", "assistance_central",
                          "assistance_province", "assistance_firms"),
    "town_company": ("company_startup", "manager_pay_public", "public_contracts"),
    "industry_alliance": ("quality_subsidy",),
    "credit_guarantee": ("guarantee_paid",),
}  # fmt: skip
"""Purposes of a lever besides its own name."""


@dataclass(frozen=True)
class Payment:
    """One payment: the names of both accounts, and the village whose account it is, if one's is."""

    year: int
    payer: str
    payee: str
    purpose: str
    amount: float
    village: Village | None
    venture: Venture | None


def account(party: Any) -> str:
    """Name of an account."""
    if isinstance(party, tuple):
        return f"village.{party[1]}"
    return party if isinstance(party, str) else "village.cash" if isinstance(party, Village) else "venture"


class Book:
    """All payments of an oracle from now on."""

    def __init__(self, model: Any) -> None:
        self.model, self.payments = model, []
        self._pay = model.ledger.pay
        model.ledger.pay = self._note

    def _note(self, payer: Any, payee: Any, amount: float, purpose: str) -> None:
        sides = [side[0] if isinstance(side, tuple) else side for side in (payer, payee)]
        village, venture = (next((s for s in sides if isinstance(s, kind)), None) for kind in (Village, Venture))
        names = account(payer), account(payee)
        self.payments.append(Payment(self.model.year, *names, purpose, float(amount), village, venture))
        self._pay(payer, payee, amount, purpose)

    def of_year(self) -> Iterator[Payment]:
        """This year's payments."""
        return (payment for payment in self.payments if payment.year == self.model.year)

    def sum(self, **asked: Any) -> float:
        """This year's payments whose fields are the values asked for, or among them."""
        return sum(payment.amount for payment in self.of_year() if _matches(payment, asked))

    def ever(self, **asked: Any) -> float:
        """The same of all years."""
        return sum(payment.amount for payment in self.payments if _matches(payment, asked))


def _matches(payment: Payment, asked: dict[str, Any]) -> bool:
    for name, wanted in asked.items():
        found = getattr(payment, name)
        if found is not wanted and found != wanted and not (isinstance(wanted, tuple | list) and found in wanted):
            return False
    return True


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def quantile(values: list[float], position: float) -> float:
    """Between the two neighbours of the place, in proportion; NaN without values."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    place = position * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def gini(values: list[float]) -> float:
    """Mean difference of two villages over twice the mean; below zero counts as zero, all zero is 0."""
    positive = [max(value, 0.0) for value in values]
    if not sum(positive):
        return 0.0
    differences = sum(abs(one - other) for one in positive for other in positive)
    return differences / (2 * len(positive) * sum(positive))


def ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def reaching(values: list[float], line: float) -> int:
    return sum(value >= line - 1e-9 for value in values)


def district(model: Any, book: Book) -> dict[str, float]:
    """All indicators of the district at the end of a year."""
    return {
        **incomes(model), **attendance(model), **money(model, book), **state(model), **people(model),
        **pools(model, book), **companies(model, book), **alliances(model), **enterprises(model, book),
    }  # fmt: skip


def incomes(model: Any) -> dict[str, float]:
    """Incomes, reported incomes, lines, quantiles, Gini."""
    found: dict[str, float] = {}
    for key in ("operating", "total", "profit"):
        values = [getattr(village, f"income_{key}") for village in model.villages]
        found[f"income_{key}_mean"] = mean(values)
        found[f"villages_10_{key}"] = reaching(values, 10)
        found[f"villages_aim_{key}"] = reaching(values, model.district.facts.get("target_income_line", 30))
    operating = [village.income_operating for village in model.villages]
    for name, position in (("median", 0.5), ("p10", 0.1), ("p90", 0.9)):
        found[f"income_operating_{name}"] = quantile(operating, position)
    found["villages_below_5_operating"] = len(operating) - reaching(operating, 5)
    found["villages_zero_operating"] = sum(value <= 0 for value in operating)
    found["income_operating_gini"] = gini(operating)
    found["income_profit_gini"] = gini([village.income_profit for village in model.villages])
    reported = [village.income_reported for village in model.villages]
    found["income_reported_mean"] = mean(reported)
    near = [(value, line) for value in reported for line in (10, 30) if reaching([value], 0.9 * line)
            and not reaching([value], 1.1 * line)]  # fmt: skip
    found["reports_near_line"] = len(near)
    found["reports_just_above"] = ratio(sum(reaching([value], line) for value, line in near), len(near))
    return found | {f"villages_{line}_reported": reaching(reported, line) for line in (10, 30)}


def attendance(model: Any) -> dict[str, float]:
    """Participation, each stage as an expected share of all registered people."""
    people = sum(village.registered_population for village in model.villages)
    at_home = sum(village.registered_population * village.home_share for village in model.villages)
    found = {"registered_population": people, "population_home": at_home, "population_away": people - at_home}
    found["participation"] = sum(v.registered_population * v.participation for v in model.villages) / people
    sums = dict.fromkeys(("vote", "attend", "speak", "initiate", "online", "home", "vote_home", "vote_away"), 0.0)
    for village in model.villages if model.residents else ():
        for person in village.residents:
            weight = village.registered_population / len(village.residents)
            chance = stages(model, person)
            for stage, value in chance.items():
                sums[stage] += weight * value
            sums["online"] += weight * chance["attend"] * float(person.online)
            sums["home"] += weight * chance["attend"] * (not person.away)
            sums["vote_away" if person.away else "vote_home"] += weight * chance["vote"]
    return found | {
        f"participation_{stage}": total
        / {"home": at_home, "vote_home": at_home, "vote_away": people - at_home}.get(stage, people)
        for stage, total in sums.items()
    }


def stages(model: Any, person: Any) -> dict[str, float]:
    """Chance that a resident votes, attends, speaks, initiates: the harder the stage, the rarer.

    Of what mobilises (platform, dividends, services, visits, friends) a share reaches speaking and initiating.
    """
    p, village = model.p, person.village
    company = sum(tie.participates for tie in person.ties) / len(person.ties)
    wish = float(person.inclination) + participation.village_part(model, village)
    wish += p.social_influence * (company - p.reference_share)
    pushed = participation.mobilised(model, village) + p.b_digital * float(person.online) + p.social_influence * company
    hard = wish - pushed + p.voice_share * pushed
    wishes = {"vote": wish + p.vote_cut, "attend": wish, "speak": hard - p.speak_cut, "initiate": hard - p.initiate_cut}
    return {stage: 1 / (1 + math.exp(-value)) for stage, value in wishes.items()}


def money(model: Any, book: Book) -> dict[str, float]:
    """Who pays for measures, what villages receive, what leaks and lies idle."""
    number, levers = len(model.villages), model.settings
    found = {"public_cost": 0.0} | {f"public_cost_{payer}": 0.0 for payer in PUBLIC}
    for payment in book.of_year():
        if payment.payer in PUBLIC and payment.purpose not in NO_MEASURE:
            found["public_cost"] += payment.amount
            found[f"public_cost_{payment.payer}"] += payment.amount
    for lever in levers:
        found[f"cost_{lever}"] = book.sum(payer=PUBLIC, purpose=(lever, *OWN_PURPOSES.get(lever, ())))
    found["village_cost"] = book.sum(payer="village.cash", purpose=(*levers, "cadre_bonus"))
    found["deficit_cover"] = book.sum(purpose="deficit_cover")
    found["leaked"] = book.sum(payee="leaked")
    found["project_grants_mean"] = book.sum(payer=PUBLIC, payee="village.earmarked_cash") / number
    found["subsidies_mean"] = book.sum(purpose=("running_subsidy", "deficit_cover", "assistance_cash")) / number
    granted = book.ever(payer=PUBLIC, payee="village.earmarked_cash")
    unspent = sum(village.earmarked_cash + village.pot_earmarked for village in model.villages)
    found["project_grants_so_far"] = granted
    found["idle_share"] = ratio(book.ever(payee="idle") + unspent, granted)
    return found


MEANS = {
    "debt_mean": "debt", "cash_mean": "cash", "dividend_per_head": "dividend_per_head", "dependency_mean": "dependency",
    "organisation_mean": "organisation", "roads_done_share": "road_share", "trust_mean": "trust",
    "service_quality_mean": "service_quality", "home_share": "home_share", "elderly_share": "elderly_share",
}  # fmt: skip
SECRETARY_MEANS = {
    "effort_mean": "effort", "ability_mean": "ability", "secretary_college_share": "is_college",
    "secretary_age_mean": "age", "training_mean": "training_stock",
}  # fmt: skip


def state(model: Any) -> dict[str, float]:
    """Means over villages and secretaries, capital, projects and what failed."""
    villages, ventures = model.villages, model.ventures
    secretaries = [village.secretary for village in villages]
    found = {name: mean([getattr(village, column) for village in villages]) for name, column in MEANS.items()}
    found |= {name: mean([getattr(one, column) for one in secretaries]) for name, column in SECRETARY_MEANS.items()}
    found["capital_mean"] = sum(sum(owner.capital) for owner in (*villages, *ventures)) / len(villages)
    own = sum(village.failures for village in villages)
    found["failures"] = own + sum(venture.failures for venture in ventures)
    found["projects"] = sum(capital > 0 for village in villages for capital in village.capital)
    found["failure_share"] = ratio(own, found["projects"])
    found["paired_villages"] = sum(village.paired for village in villages)
    found["reformed_villages"] = sum(village.reformed for village in villages)
    return found


def people(model: Any) -> dict[str, float]:
    """Secretaries who went."""
    secretaries = [village.secretary for village in model.villages]
    columns = {"promotions": "promoted", "removals": "removed", "wrong_removals": "wrongly_removed"}
    return {name: sum(getattr(one, column) for one in secretaries) for name, column in columns.items()}


def pools(model: Any, book: Book) -> dict[str, float]:
    """Pools of clusters."""
    return {
        "pool_members": sum(village.stake > 0 for village in model.villages),
        "pools_active": sum(venture.active for venture in model.ventures if not venture.is_company),
        "pool_payout_mean": payouts(model, book, of_companies=False),
    }


def payouts(model: Any, book: Book, of_companies: bool) -> float:
    """Payout to villages, a village of the district."""
    found = (payment for payment in book.of_year() if payment.purpose == "venture_dividend")
    return sum(p.amount for p in found if p.venture.is_company is of_companies) / len(model.villages)


def companies(model: Any, book: Book) -> dict[str, float]:
    """Companies of towns."""
    all_of_them = [venture for venture in model.ventures if venture.is_company]
    returns = []
    for company in all_of_them:
        paid_in = sum(village.company_stake for village in company.members)
        if paid_in > 0 and company.years_active >= 1:
            returns.append(company.payout_year / paid_in)
    profits = [company.profit_year for company in all_of_them if company.active]
    stakes = [village.company_stake for village in model.villages]
    return {
        "companies_active": sum(company.active for company in all_of_them),
        "companies_closed": sum(company.wound_up for company in all_of_them),
        "companies_failed": sum(company.failures for company in all_of_them),
        "professionals_in_post": sum(company.professional_in_post for company in all_of_them),
        "company_members": sum(stake > 0 for stake in stakes),
        "company_stakes_mean": mean(stakes),
        "company_payout_mean": payouts(model, book, of_companies=True),
        "company_return_median": quantile(returns, 0.5),
        "company_return_p90": quantile(returns, 0.9),
        "company_profit_median": quantile(profits, 0.5),
    }


def alliances(model: Any) -> dict[str, float]:
    """Industry alliances."""
    members = [village for village in model.villages if village.alliance > 0]
    producers = [village for village in members if village.complies >= 0]
    gains = [
        village.received["bulk_saving"] + village.received["fines_received"] + village.premium_year
        - village.paid["quality_cost"] - village.paid["fines"]
        for village in producers
    ]  # fmt: skip
    return {
        "alliances_alive": sum(alliance.alive for alliance in model.alliances),
        "alliances_dissolved": sum(alliance.dissolved for alliance in model.alliances),
        "alliance_members": len(members),
        "alliance_producers": len(producers),
        "alliance_quality": ratio(sum(village.complies for village in producers), len(producers)),
        "alliance_gain_mean": ratio(sum(gains), len(producers)),
    }


def enterprises(model: Any, book: Book) -> dict[str, float]:
    """Enterprises from outside."""
    return {
        "enterprises": sum(enterprise.alive for enterprise in model.enterprises),
        "enterprise_fees_mean": book.sum(purpose="enterprise_fee") / len(model.villages),
        "idle_rent_mean": book.sum(purpose="idle_rent") / len(model.villages),
        "pipeline_projects": sum(village.pipeline for village in model.villages),
    }


OF_VILLAGE = (
    "income_operating", "income_total", "income_reported", "income_profit", "participation", "dependency", "paired",
    "home_share", "organisation", "service_upgraded", "market_access", "company_stake",
)  # fmt: skip
OF_SECRETARY = ("effort", "ability", "manager_quality")


def of_villages(model: Any, book: Book) -> dict[str, list[float]]:
    """All indicators of villages at the end of a year."""
    found = {name: [float(getattr(village, name)) for village in model.villages] for name in OF_VILLAGE}
    found |= {name: [float(getattr(village.secretary, name)) for village in model.villages] for name in OF_SECRETARY}
    found["capital"] = [sum(village.capital) for village in model.villages]
    found["alliance"] = [float(village.alliance > 0) for village in model.villages]
    found["stake"] = [village.stake + village.company_stake for village in model.villages]
    found["venture_income"] = [village.received["venture_dividend"] for village in model.villages]
    found["public_money"] = [
        book.sum(payer=PUBLIC, village=village, payee="village.earmarked_cash")
        + book.sum(payer=PUBLIC, village=village, purpose=("assistance_cash", "assistance_purchases"))
        for village in model.villages
    ]
    return found

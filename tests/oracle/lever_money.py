"""Levers on money and partners: grants, sponsors, joint building, companies, alliances, enterprises."""

from __future__ import annotations

import math

from oracle.alliances import alliances_and_members
from oracle.arithmetic import below
from oracle.settings import Settings, strengthen, turn

BUSINESS = {"mixed": 0, "assets": 1, "operations": 2}
SHARING = {"by_stake": 0, "equally": 1, "by_need": 2}
POOL_MODE = {"enclave": 0, "group_development": 1}
REACH = {"town": 0, "area": 1, "district": 2}


@turn(10)
def central_grant(model, settings: Settings) -> None:
    """Villages without a recent grant are drawn; the money is earmarked."""
    for village in model.villages:
        village.years_since_grant = min(village.years_since_grant + 1, 100)
    for village, level in settings.reached():
        if village.years_since_grant <= settings["pause_years"]:
            continue
        if model.draws["grant"][village.number] < level * settings["rate"]:
            village.years_since_grant = 0
            model.ledger.pay(settings.payer, (village, "earmarked_cash"), settings["amount"], settings.key)


@turn(20)
def paired_assistance(model, settings: Settings) -> None:
    """Sponsors: kept for a term and while there is reason; free slots go to the needy or are captured."""
    line, term = settings["income_line"], settings["term_years"]
    reached = dict((village.number, level) for village, level in settings.reached())
    need = {village.number: getattr(village, f"income_{settings['measure']}") - village.sponsored_income
            for village in model.villages}  # fmt: skip
    sign = 1 if settings["order"] == "neediest_first" else -1
    keeping, needy, strong = [], [], []
    for village in model.villages:
        had, income = village.paired > 0, need[village.number]
        village.paired = village.sponsored_income = 0.0
        if village.number not in reached:
            continue
        village.years_above_line = 0.0 if below(income, line) else village.years_above_line + 1
        within_term = village.sponsor_years < term
        if village.captured:
            keeps = within_term or below(income, 2 * line)
        else:
            keeps = village.years_above_line < settings["exit_years"] and (within_term or below(income, line))
        if had and keeps:
            keeping.append(village)
        elif below(income, line):
            needy.append(village)
        elif below(income, 2 * line):
            strong.append(village)
    slots = math.floor(settings["sponsor_departments"] * settings["villages_per_sponsor"])
    keeping = sorted(keeping, key=lambda village: sign * need[village.number])[:slots]
    free = slots - len(keeping)
    captured = sum(draw < model.p.targeting_capture for draw in model.draws["capture"][:free])
    taken = sorted(strong, key=lambda village: -need[village.number])[:captured]
    chosen = sorted(needy, key=lambda village: sign * need[village.number])[: free - len(taken)]
    lasting = {village.number: village.sponsor_years for village in keeping if village.sponsor_years < term}
    of_the_strong = taken + [village for village in keeping if village.captured]
    of_the_needy = chosen + [village for village in keeping if not village.captured]
    for village in model.villages:
        village.sponsor_years, village.captured = 0.0, float(village in of_the_strong)
    of_the_needy.sort(key=lambda village: (sign * need[village.number], village.number))
    of_the_strong.sort(key=lambda village: (-need[village.number], village.number))
    for place, village in enumerate(of_the_needy + of_the_strong):
        village.sponsor_years = lasting.get(village.number, 0.0) + 1
        help_village(model, settings, village, reached[village.number], advised=place < settings["advisors"])


def help_village(model, settings: Settings, village, level: float, advised: bool) -> None:
    """What a sponsor brings to a village this year."""
    pay = model.ledger.pay
    village.paired = 1.0
    strengthen(village, "paired", 1.0)
    direct, coordinated = level * settings["direct"], level * settings["coordinated"]
    village.policy.purchases += settings["purchase_share"] * direct
    bought = settings["purchase_share"] * direct
    village.sponsored_income = {"operating": bought, "total": direct, "profit": bought * model.p.purchase_margin}[
        settings["measure"]
    ]
    pay("sponsors", village, (1 - settings["purchase_share"]) * direct, "assistance_cash")
    pay("sponsors", (village, "earmarked_cash"), coordinated, "assistance_projects")
    central, province, firms = (level * settings[name] for name in ("central", "intra_province", "state_firms"))
    pay("central", (village, "earmarked_cash"), central, "assistance_central")
    pay("partner_regions", (village, "earmarked_cash"), province, "assistance_province")
    pay("state_firms", (village, "earmarked_cash"), firms, "assistance_firms")
    village.earmarked_aid += coordinated + province + firms
    pay("sponsors", "suppliers", level * settings["staff_cost"], settings.key)
    strengthen(village, "village_plan", level)
    if advised:
        village.policy.advice += level * model.p.pair_advice


@turn(30)
def joint_building(model, settings: Settings) -> None:
    """Clusters with a partner: a lead, learning, pools."""
    reached = settings.reached()
    for cluster in range(model.district.clusters):
        members = [(village, level) for village, level in reached if village.cluster == cluster]
        if len(members) < 2:
            continue
        lead = max(members, key=lambda item: strength(item[0], settings["pairing_rule"]))[0]
        for village, level in members:
            strengthen(village, "joint", level * settings["learning"])
            strengthen(village, "pool_contribution", level * settings["contribution_share"])
            strengthen(village, "pool_mode", POOL_MODE[settings["pool_mode"]])
            strengthen(village, "pool_sharing", SHARING[settings["sharing"]])
        strengthen(lead, "joint_lead", dict(members)[lead])
        for village, level in members:
            settings.pay(village, "suppliers", level * settings["cost_per_cluster"] / len(members))


def strength(village, rule: str) -> float:
    """By what a lead is named."""
    if rule == "large_small":
        return village.registered_population
    return village.income_operating if rule == "strong_weak" else village.secretary.own_ability + village.knowledge


@turn(50)
def town_company(model, settings: Settings) -> None:
    """A company in every town."""
    supply, reached = settings["professionals"], settings.reached()
    for village, level in reached:
        mates = sum(other.town == village.town for other, _ in reached)
        strengthen(village, "company", 1.0)
        strengthen(village, "company_startup", level * settings["startup"] / mates)
        strengthen(village, "company_entry", level * settings["entry"])
        strengthen(village, "company_stake_share", level * settings["stake_share"])
        strengthen(village, "company_stake_years", settings["stake_years"])
        strengthen(village, "company_mandatory", float(settings["stakes"] == "mandatory"))
        strengthen(village, "company_business", BUSINESS[settings["business"]])
        strengthen(village, "company_payout", settings["payout"])
        strengthen(village, "company_advice", level * settings["advice"])
        strengthen(village, "company_post", float(supply > 0))
        strengthen(village, "professionals", math.floor(level * supply))
        strengthen(village, "manager_pay", settings["manager_pay"])
        strengthen(village, "manager_pay_public", settings["manager_pay_public_share"])
        strengthen(village, "public_contracts", level * settings["public_contract_share"])


@turn(60)
def industry_alliance(model, settings: Settings) -> None:
    """Alliances form; the public bears a part of the cost of quality and of the alliance."""
    size = 2 if settings["form"] == "one_to_one" else settings["size"]
    for village, level in settings.reached():
        strengthen(village, "alliance", level)
        strengthen(village, "alliance_size", size)
        strengthen(village, "alliance_reach", REACH[settings["reach"]])
        strengthen(village, "cost_share", level * settings["cost_share"])
        strengthen(village, "fine", settings["fine"])
        strengthen(village, "monitor", level * settings["monitor"])


def pay_professionals(model, settings: Settings) -> None:
    """Every quarter: the public's part of the pay of professionals in post, spread over the members."""
    due = []
    for venture in model.ventures:
        members = [village for village in venture.members if village.policy.company > 0]
        if not (venture.professional_in_post and venture.active):
            continue
        for village in members:
            public = village.policy.manager_pay * village.policy.manager_pay_public / 4
            due.append(public / len(members))
    part = model.covered(settings.payer, "manager_pay_public", sum(due))
    for amount in due:
        model.ledger.pay(settings.payer, "managers", part * amount, "manager_pay_public")


def pay_alliances(model, settings: Settings) -> None:
    """Every quarter: the work of the alliances there are, spread over their members."""
    each = settings["cost_per_alliance"] / 4
    due = [
        (village, each * village.policy.alliance / len(members))
        for _, members in alliances_and_members(model)
        for village in members
    ]
    part = model.covered(settings.payer, settings.key, sum(amount for _, amount in due))
    for village, amount in due:
        settings.pay(village, "suppliers", part * amount)


@turn(70)
def enterprise_promotion(model, settings: Settings) -> None:
    """Enterprises are attracted at a fixed cost."""
    reached = settings.reached()
    for village, level in reached:
        strengthen(village, "promotion", level)
        settings.pay(village, "suppliers", level * settings["fixed_cost"] / len(reached))

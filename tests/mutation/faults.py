"""Deliberate faults: what stands in a file, what a careless hand might have written, and the tests that must notice.

`make mutation` (`run.py`) puts each into a copy of the tree. A fault's old text occurs exactly once in its file.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        file: path from the root of the tree.
        old: text as it is.
        new: text as it would be wrong.
        tests: names of test files that must notice, without `test_` and `.py`.
        excuse: why no test can notice; empty for all faults that a test must catch.
    """

    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    excuse: str = ""

    @property
    def name(self) -> str:
        """File and the words that change."""
        return f"{self.file}: {' '.join(self.old.split())[:60]}"


def _in(folder: str, *faults: tuple[str, str, str, str]) -> list[Fault]:
    return [Fault(f"sim/{folder}/{file}.py", old, new, tuple(tests.split())) for file, old, new, tests in faults]


PRODUCTION = _in(
    "processes",
    ("production", "- (sigma * sigma / 2)[..., None]", "+ (sigma * sigma / 2)[..., None]", "capital"),
    ("production", "power(village.market_access[..., None], p.access_exponent)",
     "power(village.market_access[..., None], p.endowment_exponent)", "capital accounting"),
    ("production", "np.exp(p.manager_exponent * (quality[..., None] - 0.5))",
     "np.exp(-p.manager_exponent * (quality[..., None] - 0.5))", "capital accounting"),
    ("production", "base = yearly_base(now, village.capital) / 4", "base = yearly_base(now, village.capital)", "units"),
    ("production", "costs = (1 - p.margin) * base", "costs = (1 - p.margin) * at_own_price", "written_out"),
    ("production", '    ledger.pay("village", "suppliers", purchase_cost, "purchase_cost")\n', "",
     "measures accounting"),
    ("production", "bought = now.policy.purchases / 4", "bought = now.policy.purchases", "measures accounting"),
    ("production", "np.exp(-p.leakage_supervision * now.policy.supervision)",
     "np.exp(p.leakage_supervision * now.policy.supervision)", "companies"),
    ("production", "return rate * watched * by_participation *", "return rate * watched *", "leadership liveness"),
    ("production", "(1 - p.leakage_reform * village.reformed)", "(1 + p.leakage_reform * village.reformed)",
     "property_rights"),
    ("production", "np.full_like(p.price_persistence, 0.25)", "np.full_like(p.price_persistence, 1.0)", "units"),
    ("production", "p.sigma_common * p.other_exposure\n", "p.sigma_common\n", "capital liveness"),
)  # fmt: skip

PROJECTS = _in(
    "processes",
    ("projects", "village.capital *= 1 - p.depreciation / 4", "village.capital *= 1 - p.depreciation", "units"),
    ("projects", "village.aided_capital * (1 - village.paired)", "village.aided_capital * village.paired", "measures"),
    ("projects", "risk = hazard(now) / 4", "risk = hazard(now)", "units"),
    ("projects", "np.exp(-p.eta_manager_hazard", "np.exp(p.eta_manager_hazard", "capital"),
    ("projects", "dependent = 1 + p.dep_hazard", "dependent = 1 - p.dep_hazard", "capital"),
    ("projects", "controlled = 1 - p.risk_control_effect", "controlled = 1 + p.risk_control_effect", "career"),
    ("projects", "(village.capital < p.minimum_scale)", "(village.capital > p.minimum_scale)", "capital"),
    ("projects", "return np.maximum(limit - village.debt, 0)", "return np.maximum(limit, 0)", "accounting"),
    ("projects", "village.debt * (1 - p.default_share * share_lost)",
     "village.debt * (1 - p.default_share * 0 * share_lost)",
     "capital"),
    ("projects", "idle=(1 - lost) * (1 - p.productive_share)", "idle=1 - p.productive_share",
     "measures joint_building"),
    ("projects", "done = pending * (delay <= elapsed)", "done = pending * (delay < elapsed)", "capital"),
    ("projects", "now.quarter + 4)", "now.quarter + 3)", "capital"),
    ("projects", "reach = placed + (amount + credit_headroom(now))",
     "reach = 0 * placed + (amount + credit_headroom(now))",
     "written_out"),
    ("projects", "returns - wear > p.interest_rate", "returns > p.interest_rate", "capital"),
    ("projects", '    now.ledger.pay("banks", "village", loan, "borrowing")\n', "", "accounting capital"),
    ("projects", "(1 - p.plan_steadies_choice * now.policy.village_plan)",
     "(1 + p.plan_steadies_choice * now.policy.village_plan)", "written_out"),
    ("projects", "returns - (p.risk_aversion", "returns + (p.risk_aversion", "written_out"),
    ("projects", "_money(village.reserve_fund - year_of_costs)", "village.reserve_fund", "written_out"),
    ("projects", "return amount - lost - idle", "return amount - lost", "accounting measures"),
    ("projects", "village.earmarked_aid * funds.productive * builds", "village.earmarked_aid * builds", "measures"),
    ("projects", "village.aided_capital * (1 - share_lost)", "village.aided_capital", "capital"),
    ("projects", "p.trust_lost_by_failure * (count > 0)", "p.trust_lost_by_failure * count", "capital"),
    ("projects", "p.aid_fade / 4 * weakness", "p.aid_fade * weakness", "units measures"),
)  # fmt: skip

FINANCE = _in(
    "processes",
    ("finance", "p.fixed_cost / 4", "p.fixed_cost", "units"),
    ("finance", "p.interest_rate / 4 * village.debt", "p.interest_rate * village.debt", "units"),
    ("finance", "sold = np.minimum(share(proceeds, p.fire_sale * capital), 1)",
     "sold = np.minimum(share(proceeds, capital), 1)", "accounting"),
    ("finance", "savings - costs - lever_costs", "savings - costs", "accounting pooling"),
    ("finance", "now.policy.bonus_share * np.maximum(village.profit_change, 0)",
     "now.policy.bonus_share * np.maximum(village.income_profit, 0)", "units measures"),
    ("finance", "np.minimum(p.repayment_rate * village.debt, surplus)",
     "np.minimum(p.repayment_rate / 4 * village.debt, surplus)", "units"),
    ("finance", "target = share(aid, aid + village.income_operating)", "target = share(aid, village.income_operating)",
     "leadership"),
    ("finance", "YUAN / village.registered_population", "YUAN / village.population_start", "units"),
    ("finance", "village.income_total = operating + subsidies", "village.income_total = operating",
     "accounting pooling"),
    ("finance", '    ledger.pay("village", "residents", dividend, "dividend")\n', "", "accounting units"),
    ("finance", "village.aided_capital = village.aided_capital * (1 - sold)",
     "village.aided_capital = village.aided_capital",
     "accounting written_out"),
    ("finance", "np.minimum(np.maximum(-village.cash, 0), village.reserve_fund)", "0 * village.reserve_fund",
     "accounting written_out"),
)  # fmt: skip

LEADERSHIP = _in(
    "processes",
    ("leadership", "(1 - p.crowd_out * village.dependency)", "(1 + p.crowd_out * village.dependency)", "leadership"),
    ("leadership", "- p.lead_time_cost * policy.joint_lead", "+ p.lead_time_cost * policy.joint_lead", "leadership"),
    ("leadership", "np.maximum(secretary.age - 50, 0) / 5", "np.maximum(secretary.age - 50, 0)", "leadership"),
    ("leadership", "reach = now.state.secretary.own_ability + village.knowledge",
     "reach = now.state.secretary.own_ability + 0 * village.knowledge", "leadership"),
    ("leadership", "(now.year - FIRST_TERM_CHANGE) %", "(now.year - 1 - FIRST_TERM_CHANGE) %", "leadership"),
    ("leadership", "secretary.age > policy.age_cap_incumbent", "secretary.age > policy.age_cap_new", "leadership"),
    ("leadership", "(1 - p.benefits_hold * policy.benefits)", "(1 + p.benefits_hold * policy.benefits)", "leadership"),
    ("leadership", "    candidate.used = candidate.used + used\n", "", "leadership"),
    ("leadership", "np.where(leaves, 0.0, secretary.training_stock)", "secretary.training_stock", "training"),
    ("leadership", "p.training_kept * secretary.training_stock", "secretary.training_stock", "training"),
    ("leadership", "policy.bonus_share * (1 - p.ratchet)", "policy.bonus_share * p.ratchet", "written_out"),
    ("leadership", "policy.target_income - village.income_operating", "policy.target_income - village.income_profit",
     "career"),
    ("leadership", "np.where(available, -score, np.inf)", "np.where(available, score, np.inf)", "leadership"),
    ("leadership", "secretary.age = secretary.age + 1\n", "secretary.age = secretary.age + 0.25\n", "written_out"),
    ("leadership", "p.promotion_rate * policy.career_path", "p.promotion_rate", "career"),
    ("managers", "np.exp(-p.pay_holds", "np.exp(p.pay_holds", "companies"),
    ("managers", "waiting = supply - np.sum(in_post, axis=1, keepdims=True)", "waiting = supply", "companies"),
    ("organisation", "+ p.organisation_by_rectification", "- p.organisation_by_rectification", "organisation"),
    ("leadership", "secretary.effort * economy_share(now) / 0.6", "secretary.effort", "written_out leadership"),
    ("leadership", "effort_econ_share * (1 - now.policy.doorstep)", "effort_econ_share * (1 + now.policy.doorstep)",
     "organisation"),
    ("leadership", "selection_noise * (1 - now.towns", "selection_noise * (1 + now.towns", "selection"),
    ("leadership", "p.organisation_weight * (village.organisation - 0.5)",
     "p.organisation_weight * village.organisation",
     "leadership"),
    ("managers", "part_time = p.manager_discount *", "part_time =", "companies"),
)  # fmt: skip

RESIDENTS = _in(
    "processes",
    ("participation", "- p.social_influence * p.reference_share", "+ p.social_influence * p.reference_share",
     "residents"),
    ("participation", "register.turn(now.quarters_since_start %", "register.turn(now.quarter %", "residents"),
    ("participation", "resident.away * bridge", "resident.away", "residents"),
    ("participation", "p.kappa_trust / 4 *", "p.kappa_trust *", "residents units"),
    ("participation", "visits * (1 - leadership.economy_share(now))", "visits * leadership.economy_share(now)",
     "residents organisation"),
    ("participation", "known = len(now.ties) + now.has_settlement", "known = len(now.ties) + 0 * now.has_settlement",
     "settlements"),
    ("participation", "np.log1p(village.dividend_per_head / p.dividend_scale)",
     "np.log1p(village.dividend_per_head * p.dividend_scale)", "residents"),
    ("participation", "attends[turn] = wish > noise", "attends[turn] = wish < noise", "cascades residents"),
    ("participation", "p.b_trust * (2 * village.trust - 1)", "p.b_trust * village.trust", "residents"),
    ("services", "(village.participation - VOICE_REFERENCE)", "village.participation", "measures"),
    ("services", "registered_population * village.home_share, 1.0)", "registered_population, 1.0)", "measures"),
    ("services", "p.kappa_service * (target", "p.kappa_service / 4 * (target", "measures"),
    ("demography", "logistic(-p.leave_age_slope", "logistic(p.leave_age_slope", "written_out"),
    ("demography", "np.exp(-p.leave_pull", "np.exp(p.leave_pull", "written_out"),
    ("demography", "(1 - now.parameters.population_decline)", "(1 + now.parameters.population_decline)", "residents"),
    ("demography", "resident.away[dead] = False", "resident.away[dead] = True", "residents"),
    ("demography", "now.state.cohort[:, :, 0, 0] += born", "now.state.cohort[:, :, 1, 0] += born", "box residents"),
    ("roads", "p.road_damage - now.policy.road_repair_km", "p.road_damage + now.policy.road_repair_km", "roads"),
    ("participation", "(village.digital_adoption * now.policy.platform)", "(village.digital_adoption)",
     "residents measures written_out"),
    ("participation", "+ p.digital_trust_effect * now.policy.platform",
     "- p.digital_trust_effect * now.policy.platform",
     "residents measures written_out"),
    ("services", 'now.ledger.paid(("assistance_cash",), payers=PUBLIC_PAYERS)',
     '0 * now.ledger.paid(("assistance_cash",), payers=PUBLIC_PAYERS)', "written_out"),
    ("services", "TRANSPARENCY_START + p.transparency", "TRANSPARENCY_START - p.transparency", "measures written_out"),
    ("demography", "    revenue = revenue + exponent[..., enterprises.PARTNERSHIP] * enterprises.yearly_base(now)\n",
     "",
     "enterprises"),
)  # fmt: skip

PARTNERS = _in(
    "processes",
    ("ventures", "p.monitoring + p.monitoring_by_supervision", "p.monitoring - p.monitoring_by_supervision",
     "companies"),
    ("ventures", "np.where(venture.years_paying == 0,", "np.where(venture.years_paying != 0,", "joint_building"),
    ("ventures", "np.maximum(members - 1, 0)", "members", "joint_building"),
    ("ventures", "supervised = 0.5 + 0.5 *", "supervised = 0.5 - 0.5 *", "companies"),
    ("ventures", '    now.ledger.pay("venture", "village", returned, "winding_up")\n', "", "accounting companies"),
    ("ventures", "hazard / 4)) & (total > 0)", "hazard)) & (total > 0)", "companies joint_building"),
    ("ventures", "1 - p.venture_depreciation / 4", "1 - p.venture_depreciation", "joint_building companies"),
    ("ventures", "pay = own_part_of_pay(now) / 4", "pay = own_part_of_pay(now)", "companies"),
    ("ventures", '    ledger.pay("district", "venture", revenue * venture.public_contracts, "public_contracts")\n', "",
     "accounting companies"),
    ("stakes", "YEARS_TO_COLLECT = 2", "YEARS_TO_COLLECT = 3", "joint_building"),
    ("stakes", "worth + now.parameters.autonomy_premium", "worth - now.parameters.autonomy_premium",
     "written_out"),
    ("stakes", "willing = (payout > asked)", "willing = (payout < asked)", "joint_building"),
    ("enterprises", "p.fee_share * np.maximum(revenue - cost, 0)", "p.fee_share * revenue", "enterprises"),
    ("enterprises", "p.exit_after_promotion * (now.policy.promotion == 0)",
     "p.exit_after_promotion * (now.policy.promotion > 0)", "enterprises"),
    ("enterprises", "p.enterprise_rate * now.district.villages / RATE_HOLDS_FOR", "p.enterprise_rate", "enterprises"),
    ("enterprises", "    village.pipeline = village.pipeline - lands\n", "", "enterprises"),
    ("alliances", "own_cost + policy.fine * policy.monitor", "own_cost - policy.fine * policy.monitor", "alliances"),
    ("alliances", "YEARS_TO_DISSOLVE = 2", "YEARS_TO_DISSOLVE = 3", "alliances"),
    ("alliances", '    ledger.pay("district", "suppliers", public, "quality_subsidy")\n', "", "alliances accounting"),
    ("alliances", "gain / size - own_cost", "gain - own_cost", "alliances"),
    ("alliances", "(1 - policy.cost_share)", "1", "alliances"),
    ("ventures", "controlled = 1 - p.risk_control_effect", "controlled = 1 + p.risk_control_effect",
     "written_out companies"),
    ("ventures", "manager = np.exp(-p.eta_manager_hazard", "manager = np.exp(p.eta_manager_hazard",
     "written_out companies"),
    ("ventures", "power(mean(village.market_access), p.venture_access_exponent)",
     "power(mean(village.market_access), p.venture_endowment_exponent)", "companies joint_building written_out"),
    ("ventures", "lost = agency(now) * np.maximum(profit, 0)", "lost = agency(now) * revenue",
     "companies joint_building"),
    ("ventures", "by_need = held / (1 +", "by_need = held * (1 +", "joint_building"),
    ("ventures", "build(now, np.clip(venture.profit_year - payable, 0,", "build(now, np.clip(payable, 0,",
     "companies joint_building"),
    ("stakes", "village.company_stake + cash + arrived", "village.company_stake + cash", "companies accounting"),
    ("stakes", 'of_company("years_active") < policy', 'of_company("years_active") <= policy', "companies"),
    ("alliances", "p.alliance_premium * gain * _spread(now, alliance.quality)", "p.alliance_premium * gain",
     "written_out"),
    ("alliances", "% REVISE_GROUPS == now.year % REVISE_GROUPS", "% REVISE_GROUPS == 0", "alliances"),
    ("alliances", "p.lead_gain * (lead - 0.5)", "p.lead_gain * (0.5 - lead)", "alliances"),
    ("alliances", "saved = village.bulk_saving * village.branded_cost",
     "saved = village.bulk_saving * village.branded_revenue",
     "alliances written_out"),
    ("enterprises", "weight = village.market_access /", "weight = 1 /", "enterprises"),
)  # fmt: skip

LEVERS = _in(
    "policies",
    ("paired_assistance", '        self.pay(now, "suppliers", given * self.number("staff_cost", now))\n', "",
     "measures"),
    ("paired_assistance", 'village.years_above_line < self.number("exit_years", now)',
     'village.years_above_line <= self.number("exit_years", now)', "measures"),
    ("paired_assistance", "now.policy.purchases / 4", "now.policy.purchases", "measures"),
    ("paired_assistance", 'sign = 1.0 if self.values["order"]', 'sign = -1.0 if self.values["order"]', "measures"),
    ("central_grant", 'since > self.number("pause_years", now)', 'since >= self.number("pause_years", now)',
     "measures"),
    ("joint_building", 'self.number("cost_per_cluster", now) / np.maximum(members, 1)',
     'self.number("cost_per_cluster", now)', "joint_building"),
    ("joint_building", "spread(now.clusters.sum((level > 0).astype(np.float64))) >= 2",
     "spread(now.clusters.sum((level > 0).astype(np.float64))) >= 1", "joint_building"),
    ("town_company", 'self.number("startup", now) / in_town', 'self.number("startup", now)', "companies"),
    ("town_company", "* in_post / 4", "* in_post", "companies"),
    ("town_company", '"supervision": level * self.number("supervision", now)', '"supervision": 0 * level', "companies"),
    ("industry_alliance", 'self.number("cost_per_alliance", now) / 4', 'self.number("cost_per_alliance", now)',
     "alliances"),
    ("digital_platform", "* level / served", "* level", "measures"),
    ("enterprise_promotion", "* level / served", "* level", "enterprises"),
    ("grid_outreach", 'now.policy.apply("grid", level * self.number("strength", now)', 'now.policy.apply("grid", level',
     "organisation residents"),
    ("org_rectification", "rank(np.where(treated, now.state.village.organisation, np.inf))",
     "rank(np.where(treated, -now.state.village.organisation, np.inf))", "organisation"),
    ("property_rights_reform", "(level > 0) & (village.reformed == 0)", "(level > 0)", "property_rights"),
    ("infrastructure", ' + repaired * self.number("cost_per_repair", now)', "", "roads"),
    ("infrastructure", "urgency = -village.market_access if by_access", "urgency = village.market_access if by_access",
     "roads"),
    ("training", 'level * self.number("cost_per_secretary", now)', 'self.number("cost_per_secretary", now)',
     "training"),
    ("cadre_pay", '        self.pay(now, "secretaries", level * self.number("benefit_cost", now))\n', "",
     "measures levers"),
    ("cadre_pay", 'np.broadcast_to(self.number("bonus_floor", now), level.shape)', "0 * level", "measures levers"),
    ("career_path", "np.minimum(level, 1)", "0 * level", "career"),
    ("responsibility_list",
     '        self.pay(now, "suppliers", level * strength * self.number("cost_per_village", now))\n', "", "career"),
    ("responsibility_list", "np.minimum(level, 1) * strength", "np.minimum(level, 1)", "career"),
    ("grid_outreach", 'level * self.number("doorstep_share", now)', "0 * level", "organisation"),
    ("secretary_selection", 'assessment * self.number("assessment_cost", now)', "0 * assessment", "selection"),
    ("target_pressure", 'np.broadcast_to(self.number("target_income", now), level.shape)', "0 * level", "career"),
    ("town_renewal", "self.level(now) * now.state.village.town_renewed", "self.level(now)", "career"),
    ("secretary_selection", "waiting * level / self.district.villages", "waiting * level", "measures"),
    ("service_upgrade", "urgency = -village.service_quality if", "urgency = village.service_quality if", "measures"),
    ("paired_assistance", "below(income, 2 * line)", "below(income, 3 * line)", "measures"),
    ("paired_assistance", 'place < self.number("advisors", now)', 'place <= self.number("advisors", now)', "measures"),
    ("paired_assistance", "given * direct * (1 - purchases)", "given * direct", "measures"),
    ("central_grant", "funded * self.number", "drawn * self.number", "measures"),
    ("town_company", 'self.number("supervision", now) * self.number("supervision_cost", now)',
     'self.number("supervision", now) * 0', "companies"),
    ("property_rights_reform", "-over_modes(village.capital)", "over_modes(village.capital)", "property_rights"),
    ("secretary_selection", "(place <= number)", "(place < number)", "measures"),
    ("service_upgrade", "renovated * self.number", "waits * self.number", "measures"),
    ("infrastructure", "treated * (1 - village.road_share) * network", "treated * network", "roads"),
    ("joint_building", 'now.policy.apply("joint_lead", level, where=lead)',
     'now.policy.apply("joint_lead", level, where=member)',
     "joint_building"),
    ("industry_alliance", '"monitor": level * self.number("monitor", now)', '"monitor": level', "alliances"),
)  # fmt: skip

FAULTS = [*PRODUCTION, *PROJECTS, *FINANCE, *LEADERSHIP, *RESIDENTS, *PARTNERS, *LEVERS]

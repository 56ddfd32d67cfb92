"""The levers once more: who is treated, how much, who pays; in the order in which the district acts on them."""

from __future__ import annotations

from oracle import lever_economy, lever_money, lever_people, lever_places
from oracle.settings import Settings

ACTS = {
    "central_grant": lever_money.central_grant,
    "paired_assistance": lever_money.paired_assistance,
    "joint_building": lever_money.joint_building,
    "demonstration_sites": lever_economy.demonstration_sites,
    "town_company": lever_money.town_company,
    "industry_alliance": lever_money.industry_alliance,
    "enterprise_promotion": lever_money.enterprise_promotion,
    "credit_guarantee": lever_economy.credit_guarantee,
    "interest_subsidy": lever_economy.interest_subsidy,
    "asset_supervision": lever_economy.asset_supervision,
    "expert_corps": lever_economy.expert_corps,
    "industry_plan": lever_economy.industry_plan,
    "district_coordination": lever_economy.district_coordination,
    "cadre_pay": lever_people.cadre_pay,
    "secretary_selection": lever_people.secretary_selection,
    "digital_platform": lever_places.digital_platform,
    "service_upgrade": lever_places.service_upgrade,
    "service_targeting": lever_places.service_targeting,
    "training": lever_people.training,
    "career_path": lever_people.career_path,
    "responsibility_list": lever_people.responsibility_list,
    "graded_management": lever_people.graded_management,
    "target_pressure": lever_people.target_pressure,
    "town_renewal": lever_people.town_renewal,
    "grid_outreach": lever_people.grid_outreach,
    "org_rectification": lever_people.org_rectification,
    "party_member_recruitment": lever_people.party_member_recruitment,
    "norm_reform": lever_people.norm_reform,
    "property_rights_reform": lever_places.property_rights_reform,
    "infrastructure": lever_places.infrastructure,
}


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

"""All levers, in the order in which the district acts on them each year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.ablation import PROCESSES
from sim.parameters import unknown_names
from sim.policies.asset_supervision import AssetSupervision
from sim.policies.base import Lever, Strategy
from sim.policies.cadre_pay import CadrePay
from sim.policies.career_path import CareerPath
from sim.policies.central_grant import CentralGrant
from sim.policies.credit_guarantee import CreditGuarantee
from sim.policies.demonstration_sites import DemonstrationSites
from sim.policies.digital_platform import DigitalPlatform
from sim.policies.district_coordination import DistrictCoordination
from sim.policies.enterprise_promotion import EnterprisePromotion
from sim.policies.expert_corps import ExpertCorps
from sim.policies.graded_management import GradedManagement
from sim.policies.grid_outreach import GridOutreach
from sim.policies.industry_alliance import IndustryAlliance
from sim.policies.industry_plan import IndustryPlan
from sim.policies.infrastructure import Infrastructure
from sim.policies.joint_building import JointBuilding
from sim.policies.norm_reform import NormReform
from sim.policies.org_rectification import OrganisationRectification
from sim.policies.paired_assistance import PairedAssistance
from sim.policies.party_member_recruitment import PartyMemberRecruitment
from sim.policies.property_rights_reform import PropertyRightsReform
from sim.policies.responsibility_list import ResponsibilityList
from sim.policies.secretary_selection import SecretarySelection
from sim.policies.service_targeting import ServiceTargeting
from sim.policies.service_upgrade import ServiceUpgrade
from sim.policies.target_pressure import TargetPressure
from sim.policies.town_company import TownCompany
from sim.policies.town_renewal import TownRenewal
from sim.policies.training import Training
from sim.problems import Problem

if TYPE_CHECKING:
    from sim.district import District

LEVERS: dict[str, type[Lever]] = {
    lever.key: lever
    for lever in (
        CentralGrant,
        PairedAssistance,
        JointBuilding,
        DemonstrationSites,
        TownCompany,
        IndustryAlliance,
        EnterprisePromotion,
        CreditGuarantee,
        AssetSupervision,
        ExpertCorps,
        IndustryPlan,
        DistrictCoordination,
        CadrePay,
        SecretarySelection,
        DigitalPlatform,
        ServiceUpgrade,
        ServiceTargeting,
        Training,
        CareerPath,
        ResponsibilityList,
        GradedManagement,
        TargetPressure,
        TownRenewal,
        GridOutreach,
        OrganisationRectification,
        PartyMemberRecruitment,
        NormReform,
        PropertyRightsReform,
        Infrastructure,
    )
}


def check_strategy(strategy: Any, district: District) -> list[Problem]:
    """All problems of a strategy: unknown levers, settings, types, ranges, dates, targets, processes left out."""
    if not isinstance(strategy, Strategy):
        zh, en = "应为策略", "must be a strategy"
        allowed = 'load_strategy("existing")'
        return [Problem(zh, en, field="strategy", value=str(strategy)[:80], allowed=allowed)]
    where = f"strategy {strategy.key}"
    levers: Any = strategy.levers
    if not isinstance(levers, Mapping):
        zh, en = "应为“措施: 设置”", "must hold lever: settings"
        return [Problem(zh, en, file=where, field="levers", value=str(levers))]
    problems = unknown_names(levers, LEVERS, f"{where}.levers")
    problems += unknown_names(strategy.without, PROCESSES, f"{where}.without")
    for key, values in levers.items():
        if not isinstance(values, Mapping):
            zh, en = "应为“设置: 值”", "must hold setting: value"
            problems.append(Problem(zh, en, file=f"{where}.levers", field=str(key), value=str(values),
                                    allowed="{intensity: 1, start: 2025}"))  # fmt: skip
        elif key in LEVERS:
            problems += LEVERS[key].check(values, district, where)
    return problems


def build_levers(strategy: Strategy, district: District) -> list[Lever]:
    """The strategy's levers, those at intensity 0 included, in the fixed order of `LEVERS`."""
    return [lever(district, strategy.levers.get(key, {})) for key, lever in LEVERS.items()]

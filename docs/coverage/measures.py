"""The measures in force: M1 to M13."""

from __future__ import annotations

from docs.coverage.checks import CHANGES, DOWN, LAST, UP, Check, by_lever
from docs.coverage.row import ACTS, Row
from docs.coverage.setups import absent, facts, lever, option, parameters, without_phase

NO_REFORM = parameters(collateral_reform=0, leakage_reform=0, idle_found=0)

MEASURES = (
    Row(
        "M1",
        "一(一)",
        "四级组织架构、片区联合党委",
        "process",
        "organisation of a village follows its secretary and participation; clusters and town areas are N6 and N7",
        ("sim.processes.organisation.develop", "sim.columns.VillageColumns.organisation"),
        ACTS,
        (
            Check(
                "organisation_mean", CHANGES, parameters(kappa_organisation=0), without_phase("organisation.develop")
            ),
            Check(
                "secretary.ability",
                CHANGES,
                parameters(organisation_weight=0),
                without_phase("organisation.develop"),
                option(residents_per_village=0),
            ),
        ),
    ),
    Row(
        "M2",
        "一(一)",
        "“网格方阵”工程",
        "lever",
        "visits to households on top of the ordinary ones",
        ("sim.policies.plain.GridOutreach", "sim.processes.participation.outreach"),
        ACTS,
        (by_lever("grid_outreach", "participation", UP, parameters(b_outreach=0)),),
    ),
    Row(
        "M3",
        "一(一)",
        "镇领导班子分析研判、联动调整",
        "lever",
        "renewed town leaderships advise their villages",
        ("sim.policies.town_renewal.TownRenewal", "sim.processes.leadership.LeadershipParameters.renewal_advice"),
        ACTS,
        (by_lever("town_renewal", "secretary.manager_quality", UP, parameters(renewal_advice=0), when=2025),),
    ),
    Row(
        "M4",
        "一(二)",
        "后备力量三年行动",
        "lever",
        "younger secretaries with more schooling out of the pool",
        ("sim.policies.secretary_selection.SecretarySelection", "sim.processes.leadership.hold_elections"),
        ACTS,
        (
            by_lever(
                "secretary_selection",
                "total candidate.used",
                UP,
                facts(reserve_cadres=0, reserve_cadres_with_college=0),
                when=LAST,
            ),
            by_lever("secretary_selection", "ability_mean", UP, without_phase("leadership.hold_elections"), when=LAST),
        ),
    ),
    Row(
        "M5",
        "一(二)",
        "薪酬体系、公积金、养老保险",
        "lever",
        "bonus out of new profit; benefits that hold",
        ("sim.policies.cadre_pay.CadrePay", "sim.processes.finance.use_surplus"),
        ACTS,
        (
            by_lever("cadre_pay", "effort_mean", UP, parameters(ratchet=1, bonus_cap=0, benefits_hold=0)),
            by_lever("cadre_pay", "village_cost", UP, parameters(bonus_cap=0)),
        ),
    ),
    Row(
        "M6",
        "一(二)",
        "职业通道：事业编、公务员、镇班子",
        "lever",
        "the prize counts in effort by merit: more where grades put the good first, less where nobody grades and all "
        "are promoted alike; who is promoted leaves",
        ("sim.policies.plain.CareerPath", "sim.processes.leadership.LeadershipParameters.career_prize"),
        ACTS,
        (
            by_lever(
                "career_path",
                "effort_mean",
                UP,
                parameters(career_prize=0, promotion_rate=0),
                under=lever("graded_management", promotion_factor=4),
            ),
            by_lever("career_path", "effort_mean", DOWN, parameters(career_prize=0, promotion_rate=0)),
            by_lever("career_path", "promotions", UP, parameters(promotion_rate=0)),
        ),
    ),
    Row(
        "M7",
        "一(二)",
        "进修班、线上龙门阵、流动课堂；轮流讲、现场比、大家评",
        "lever",
        "training adds to a stock of ability, a part of which is forgotten",
        ("sim.policies.plain.Training", "sim.processes.leadership.train"),
        ACTS,
        (by_lever("training", "training_mean", UP, parameters(training_gain=0)),),
        "learning from one another at these meetings is in the same stock, because nothing says how much it is",
    ),
    Row(
        "M8",
        "一(三)",
        "《攻坚突破》：产权改革、政策支持、风险防范、健全机制",
        "lever",
        "reform: better collateral, less leakage, idle assets let; risk control: fewer failures",
        (
            "sim.policies.property_rights_reform.PropertyRightsReform",
            "sim.processes.credit.headroom",
            "sim.processes.production.leakage",
            "sim.processes.idle_assets.let",
            "sim.processes.projects.hazard",
        ),
        ACTS,
        (
            by_lever("property_rights_reform", "debt_mean", UP, NO_REFORM, under=parameters(idle_found=0)),
            by_lever("property_rights_reform", "leaked", DOWN, NO_REFORM),
            by_lever("property_rights_reform", "idle_rent_mean", UP, parameters(idle_found=0)),
            Check(
                "failures", DOWN, parameters(risk_control_effect=0), lever("target_pressure", risk_control=0), when=2026
            ),
        ),
        "政策支持 is N26; 健全机制 is not modelled, because it does not say which mechanism",
    ),
    Row(
        "M9",
        "一(三)",
        "结对帮扶",
        "lever",
        "sponsors for weak villages: purchases, cash, project money, plan, advice",
        ("sim.policies.paired_assistance.PairedAssistance", "sim.processes.finance.grow_dependent"),
        ACTS,
        (
            by_lever("paired_assistance", "income_total_mean", UP, lever("paired_assistance", sponsor_departments=0)),
            by_lever("paired_assistance", "dependency_mean", UP, lever("paired_assistance", sponsor_departments=0)),
        ),
    ),
    Row(
        "M10",
        "一(三)",
        "双招双引、强村公司、政招企用",
        "lever",
        "enterprises arrive and pay fees; companies with hired managers pay out and advise",
        (
            "sim.policies.plain.EnterprisePromotion",
            "sim.policies.town_company.TownCompany",
            "sim.processes.ventures.members_advice",
            "sim.processes.managers.staff",
        ),
        ACTS,
        (
            by_lever(
                "enterprise_promotion", "enterprise_fees_mean", UP, parameters(enterprise_rate=0, landing_chance=0)
            ),
            by_lever(
                "town_company", "village.advice", UP, parameters(company_advice=0), under=absent("paired_assistance")
            ),
            by_lever("town_company", "company_payout_mean", UP, lever("town_company", payout=0)),
        ),
    ),
    Row(
        "M11",
        "一(四)",
        "服务中心标准化、亲民化改造",
        "lever",
        "a number of centres a year; better services",
        ("sim.policies.service_upgrade.ServiceUpgrade", "sim.processes.services.improve"),
        ACTS,
        (by_lever("service_upgrade", "service_quality_mean", UP, parameters(service_by_upgrade=0)),),
    ),
    Row(
        "M12",
        "一(四)",
        "“恩阳党建·村务清”平台",
        "lever",
        "openness, services, participation from afar",
        (
            "sim.policies.digital_platform.DigitalPlatform",
            "sim.processes.services.adopt_platform",
            "sim.processes.participation.form_inclination",
        ),
        ACTS,
        (
            by_lever(
                "digital_platform",
                "participation",
                UP,
                parameters(
                    b_digital=0, s_digital=0, trust_by_transparency=0, service_by_platform=0, digital_trust_effect=0
                ),
            ),
            by_lever("digital_platform", "participation_online", UP, parameters(digital_ceiling=0)),
        ),
    ),
    Row(
        "M13",
        "一(四)",
        "基础设施提升、人居环境整治",
        "lever",
        "roads: services, and return of those away",
        ("sim.policies.infrastructure.Infrastructure", "sim.processes.demography.pulls"),
        ACTS,
        (
            by_lever("infrastructure", "service_quality_mean", UP, parameters(service_by_roads=0, return_by_roads=0)),
            by_lever(
                "infrastructure", "home_share", UP, parameters(return_by_roads=0), under=option(residents_per_village=0)
            ),
        ),
        "ditches, pipes, sewage, houses, toilets: not modelled, because no amounts or only private homes are named",
    ),
)

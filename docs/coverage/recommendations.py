"""The recommendations of the report's third part: R1 to R17."""

from __future__ import annotations

from docs.coverage.checks import DOWN, LAST, UP, Check, by_lever, by_setting
from docs.coverage.row import ACTS, Row
from docs.coverage.setups import absent, lever, parameters, together

NO_DUTIES = parameters(responsibility_prize=0, responsibility_outreach=0)
NO_GRADES = together(
    parameters(grade_stake=0, performance_response=0),
    lever("graded_management", share_d=0, pay_a=1, pay_c=1, pay_d=1, promotion_factor=1),
)
MANY_REMOVED = {"share_d": 0.2}
NO_AUDIT = parameters(
    leakage_supervision=0,
    monitoring_by_supervision=0,
    approval_delay=0,
    company_advice=0,
    trust_by_supervision=0,
    idle_found=0,
)
NO_COORDINATION = parameters(coordination_effect=0, coordination_speed=0)

RECOMMENDATIONS = (
    Row(
        "R1",
        "三(一)一是",
        "突出政治引领，明确责任落实",
        "lever",
        "a list of responsibilities that counts double",
        ("sim.policies.plain.ResponsibilityList",),
        ACTS,
        (
            by_setting("responsibility_list", "strength", (1, 2), "effort_mean", UP, NO_DUTIES),
            by_setting("responsibility_list", "strength", (1, 2), "participation", UP, NO_DUTIES),
        ),
        "political education is not modelled, because no state or outcome of it can be observed",
    ),
    Row(
        "R2",
        "三(一)二是",
        "软弱涣散村党组织整顿提升",
        "lever",
        "each year the villages of the weakest organisation",
        ("sim.policies.org_rectification.OrganisationRectification", "sim.processes.organisation.develop"),
        ACTS,
        (by_lever("org_rectification", "organisation_mean", UP, parameters(organisation_by_rectification=0)),),
    ),
    Row(
        "R3",
        "三(一)二是",
        "推进村级权力公开透明运行",
        "lever",
        "openness raises trust",
        ("sim.policies.digital_platform.DigitalPlatform", "sim.processes.participation.update_trust"),
        ACTS,
        (
            by_setting("digital_platform", "openness", (1, 2), "trust_mean", UP, parameters(trust_by_transparency=0)),
            by_setting(
                "asset_supervision",
                "form",
                ("audit", "disclosure"),
                "village.transparency",
                UP,
                parameters(transparency_by_disclosure=0),
            ),
        ),
    ),
    Row(
        "R4",
        "三(一)二是",
        "“政治体检”“分档管理”，清退不合格人员",
        "lever",
        "grades, removal of the abler too, pay by grade; noise of the score puts fewer at the bottom twice running",
        ("sim.policies.plain.GradedManagement",),
        ACTS,
        (
            by_lever("graded_management", "effort_mean", UP, NO_GRADES),
            by_lever("graded_management", "removals", UP, lever("graded_management", share_d=0), settings=MANY_REMOVED),
            by_lever(
                "graded_management", "wrong_removals", UP, lever("graded_management", share_d=0), settings=MANY_REMOVED
            ),
            Check(
                "removals",
                DOWN,
                lever("graded_management", share_d=0),
                parameters(grade_noise=0),
                lever("graded_management", **MANY_REMOVED),
                when=2026,
            ),
        ),
    ),
    Row(
        "R5",
        "三(一)二是",
        "“跨村联建”：先进带后进、大带小、强带弱",
        "lever",
        "learning from a lead village, and a pooled project of the cluster",
        (
            "sim.policies.joint_building.JointBuilding",
            "sim.processes.leadership.learn_from_partners",
            "sim.processes.stakes.contribute",
        ),
        ACTS,
        (
            by_lever("joint_building", "ability_mean", UP, lever("joint_building", learning=0)),
            by_lever(
                "joint_building",
                "pools_active",
                UP,
                lever("joint_building", contribution_share=0),
                under=parameters({"enclave.minimum_scale": 20}),
            ),
        ),
    ),
    Row(
        "R6",
        "三(一)三是",
        "党支部标准化规范化，典型示范点",
        "lever",
        "sites from which others learn",
        ("sim.policies.demonstration_sites",),
        ACTS,
        (by_lever("demonstration_sites", "village.knowledge", UP, parameters(demonstration_speed=0)),),
    ),
    Row(
        "R7",
        "三(一)三是",
        "发展党员，聚焦“四大经营”主体和“四乡人才”",
        "lever",
        "more residents who are party anchors",
        ("sim.policies.party_member_recruitment",),
        ACTS,
        (
            by_lever(
                "party_member_recruitment",
                "participation_attend",
                UP,
                parameters(anchor_leaning=0, recruits_advice=0),
                settings={"members_per_village": 5},
            ),
            by_lever("party_member_recruitment", "village.advice", UP, parameters(recruits_advice=0)),
        ),
    ),
    Row(
        "R8",
        "三(二)一是",
        "制定发展规划、分村施策、打造产业品牌",
        "lever",
        "plans that steady project choice; a brand",
        ("sim.policies.industry_plan",),
        ACTS,
        (
            by_lever("industry_plan", "village.local_brand", UP, lever("industry_plan", brand=0)),
            by_lever(
                "industry_plan", "income_profit_mean", UP, parameters(plan_steadies_choice=0, local_brand_premium=0)
            ),
        ),
    ),
    Row(
        "R9",
        "三(二)一是",
        "奖励机制；全程监督从立项到资产收益分配",
        "lever",
        "bonus; supervision",
        ("sim.policies.cadre_pay.CadrePay", "sim.processes.production.leakage"),
        ACTS,
        (
            Check(
                "effort_mean",
                UP,
                parameters(ratchet=1, bonus_cap=0),
                lever("cadre_pay", bonus_share=0),
                lever("cadre_pay", bonus_share=0.15),
            ),
            by_lever("asset_supervision", "leaked", DOWN, NO_AUDIT),
        ),
    ),
    Row(
        "R10",
        "三(二)二是",
        "产业发展联盟：1+1、1+N、清资核产、折股量化",
        "lever",
        "a brand, buying together, fines for who rides free; idle assets let; 折股量化 is the reform of M8",
        (
            "sim.policies.industry_alliance.IndustryAlliance",
            "sim.processes.alliances.settle",
            "sim.processes.idle_assets.let",
        ),  # fmt: skip
        ACTS,
        (
            by_lever("asset_supervision", "village.found_rent", UP, parameters(idle_found=0)),
            by_lever("industry_alliance", "village.brand_premium", UP, parameters(alliance_premium=0)),
            by_lever(
                "industry_alliance",
                "alliance_gain_mean",
                UP,
                parameters(alliance_premium=0, bulk_saving=0, alliance_net=0),
                under=parameters(alliance_net=0.04),
                when=LAST,
            ),
        ),
    ),
    Row(
        "R11",
        "三(二)三是",
        "规范完善集体资产监督管理机制",
        "lever",
        "audit against leakage; slower approvals",
        ("sim.policies.asset_supervision", "sim.processes.production.leakage"),
        ACTS,
        (by_lever("asset_supervision", "leaked", DOWN, NO_AUDIT),),
    ),
    Row(
        "R12",
        "三(二)三是",
        "区级农业技术专家服务总团",
        "lever",
        "experts raise what farming yields",
        ("sim.policies.expert_corps",),
        ACTS,
        (by_lever("expert_corps", "income_operating_mean", UP, parameters(expert_effect=0)),),
    ),
    Row(
        "R13",
        "三(三)一是",
        "治理协调机制、联席会议、条块",
        "lever",
        "help that fits, projects approved sooner",
        ("sim.policies.plain.DistrictCoordination",),
        ACTS,
        (
            by_lever("district_coordination", "idle_share", DOWN, NO_COORDINATION),
            by_lever("district_coordination", "total village.pending_this_year", DOWN, NO_COORDINATION),
        ),
    ),
    Row(
        "R14",
        "三(三)二是",
        "走村入户，把服务“送上门”",
        "lever",
        "time of the secretary for visits instead of the economy",
        ("sim.policies.plain.GridOutreach", "sim.processes.participation.outreach"),
        ACTS,
        (
            by_setting("grid_outreach", "doorstep_share", (0, 0.2), "participation", UP, parameters(b_outreach=0)),
            by_setting(
                "grid_outreach",
                "doorstep_share",
                (0, 0.2),
                "secretary.manager_quality",
                DOWN,
                parameters(effort_econ_share=0),
            ),
        ),
    ),
    Row(
        "R15",
        "三(三)三是",
        "“小切口”：项目滞后、公共服务投入不够、办事不便",
        "lever",
        "centres renovated sooner, roads: what services lack",
        ("sim.policies.service_upgrade.ServiceUpgrade", "sim.processes.services.improve"),
        ACTS,
        (
            Check(
                "service_quality_mean",
                UP,
                parameters(service_by_upgrade=0),
                lever("service_upgrade", centres_per_year=20),
                lever("service_upgrade", centres_per_year=60),
            ),
        ),
        "场镇管理 is not modelled, because it is of towns and not of villages",
    ),
    Row(
        "R16",
        "三(三)三是",
        "按人口流向、服务半径配置公共服务设施",
        "lever",
        "service money by people at home and need; where centres are renovated worst first, those then go elsewhere",
        ("sim.policies.service_targeting",),
        ACTS,
        (
            by_lever("service_targeting", "spread of services", DOWN, lever("service_targeting", rule="equal")),
            by_lever(
                "service_targeting",
                "services of those at home",
                UP,
                parameters(service_by_spending=0),
                under=absent("service_upgrade"),
            ),
            by_lever("service_targeting", "services of those at home", DOWN, absent("service_upgrade")),
        ),
    ),
    Row(
        "R17",
        "二(三)",
        "乡风文明建设",
        "lever",
        "a lighter burden of banquets",
        ("sim.policies.plain.NormReform",),
        ACTS,
        (
            by_lever(
                "norm_reform",
                "participation",
                UP,
                parameters(trust_by_burden=0, b_dividend=0),
                under=parameters(banquet_burden=200),
            ),
        ),
    ),
)

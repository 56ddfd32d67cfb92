"""The recommendations of the report's third part: R1 to R17."""

from __future__ import annotations

from docs.coverage.checks import DOWN, UP, Check, by_lever
from docs.coverage.row import ACTS, Row
from docs.coverage.setups import lever, parameters

NO_TRUST_BY_PLATFORM = parameters(
    trust_by_transparency=0, service_by_platform=0, digital_trust_effect=0, b_digital=0, s_digital=0
)

RECOMMENDATIONS = (
    Row(
        "R1",
        "三(一)一是",
        "突出政治引领，明确责任落实",
        "lever",
        "the list of responsibilities (N3), assessed",
        ("sim.policies.responsibility_list.ResponsibilityList",),
        ACTS,
        (
            by_lever(
                "responsibility_list", "effort_mean", UP, parameters(responsibility_prize=0, responsibility_outreach=0)
            ),
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
            by_lever(
                "digital_platform", "trust_mean", UP, NO_TRUST_BY_PLATFORM, under=parameters(digital_trust_effect=0)
            ),
        ),
    ),
    Row(
        "R4",
        "三(一)二是",
        "“政治体检”“分档管理”，清退不合格人员",
        "lever",
        "grades, removal, pay by grade",
        ("sim.policies.graded_management",),
        ACTS,
        (by_lever("graded_management", "effort_mean", UP),),
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
        (by_lever("demonstration_sites", "village.knowledge", UP),),
    ),
    Row(
        "R7",
        "三(一)三是",
        "发展党员，聚焦“四大经营”主体和“四乡人才”",
        "lever",
        "more residents who are party anchors",
        ("sim.policies.party_member_recruitment",),
        ACTS,
        (by_lever("party_member_recruitment", "participation", UP),),
    ),
    Row(
        "R8",
        "三(二)一是",
        "制定发展规划、分村施策、打造产业品牌",
        "lever",
        "plans that steady project choice; a brand",
        ("sim.policies.industry_plan",),
        ACTS,
        (by_lever("industry_plan", "income_operating_mean", UP),),
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
            by_lever(
                "asset_supervision", "leaked", DOWN, parameters(leakage_supervision=0, monitoring_by_supervision=0)
            ),
        ),
    ),
    Row(
        "R10",
        "三(二)二是",
        "产业发展联盟：1+1、1+N、清资核产、折股量化",
        "lever",
        "a brand, buying together, fines for who rides free; reform is M8",
        ("sim.policies.industry_alliance.IndustryAlliance", "sim.processes.alliances.settle"),
        ACTS,
        (
            by_lever("industry_alliance", "village.brand_premium", UP, parameters(alliance_premium=0)),
            by_lever(
                "industry_alliance",
                "alliance_gain_mean",
                UP,
                parameters(alliance_premium=0, bulk_saving=0, quality_cost=0),
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
        (
            by_lever(
                "asset_supervision", "leaked", DOWN, parameters(leakage_supervision=0, monitoring_by_supervision=0)
            ),
        ),
    ),
    Row(
        "R12",
        "三(二)三是",
        "区级农业技术专家服务总团",
        "lever",
        "experts raise what farming yields",
        ("sim.policies.expert_corps",),
        ACTS,
        (by_lever("expert_corps", "income_operating_mean", UP),),
    ),
    Row(
        "R13",
        "三(三)一是",
        "治理协调机制、联席会议、条块",
        "lever",
        "help that fits, projects approved sooner",
        ("sim.policies.district_coordination",),
        ACTS,
        (by_lever("district_coordination", "income_operating_mean", UP),),
    ),
    Row(
        "R14",
        "三(三)二是",
        "走村入户，把服务“送上门”",
        "lever",
        "time of the secretary for visits instead of the economy",
        ("sim.policies.grid_outreach.GridOutreach", "sim.processes.participation.outreach"),
        ACTS,
        (by_lever("grid_outreach", "participation", UP, parameters(b_outreach=0)),),
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
        "which villages services reach first",
        ("sim.policies.service_targeting",),
        ACTS,
        (by_lever("service_targeting", "participation", UP),),
    ),
    Row(
        "R17",
        "二(三)",
        "乡风文明建设",
        "lever",
        "a lighter burden of banquets",
        ("sim.policies.norm_reform",),
        ACTS,
        (by_lever("norm_reform", "participation", UP),),
    ),
)

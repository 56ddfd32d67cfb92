"""The numbers of the report on the economy, services and what follows: N22 to N44."""

from __future__ import annotations

from docs.coverage.checks import CHANGES, DOWN, MOST, START, UP, Check, by_lever, by_setting, equals
from docs.coverage.row import ACTS, DATUM, OUT, OUTCOME, Row
from docs.coverage.setups import (
    absent,
    facts,
    given,
    in_own_modes,
    lever,
    option,
    parameters,
    together,
)
from sim.modes import MODES

UNNAMED = [
    mode.key for mode in MODES if mode.key not in ("village_enterprise", "group_development", "entity_operation")
]
POOLS_OF_GROUPS = together(
    lever("joint_building", pool_mode="group_development"),
    parameters({"group_development.minimum_scale": 40, "group_development.revenue_yield": 0.2}),
)
"""A pool for group development needs 150万元 at the defaults, which seldom comes together."""
ONE_START = together(
    parameters(subsidy_share=0.45, other_share=0.18, bazhong_zero_share=0, bazhong_income_sigma=1),
    parameters(target_income_mean=9.56 * (1 - 0.45 - 0.18), target_income_sigma=1),
)
"""Under these both starts are one."""

ECONOMY = (
    Row(
        "N22",
        "一(三)、二(二)",
        "10种发展模式",
        "initial condition",
        "ten modes; three named in the report, seven assumed",
        ("sim.modes.MODES",),
        DATUM,
        (equals("modes in use", 10, in_own_modes("minimum_scale", 1e9, *UNNAMED), under=POOLS_OF_GROUPS, when=MOST),),
    ),
    Row(
        "N23",
        "一(三)",
        "近三年目标任务",
        "lever",
        "who falls short of the target works harder until 2026",
        ("sim.policies.plain.TargetPressure", "sim.processes.leadership.choose_effort"),
        ACTS,
        (
            by_lever(
                "target_pressure",
                "effort_mean",
                UP,
                parameters(pressure_weight=0, risk_control_effect=0, idle_found=0),
                when=2026,
            ),
        ),
    ),
    Row(
        "N24",
        "一(三)",
        "年内收入30万元以上的村达到42个",
        "indicator",
        "an aim and not a rule; the second start asks what if it were near, reports may reach it untruly",
        ("sim.indicators.INDICATORS", "sim.initial.draw_incomes"),
        OUTCOME,
        (
            Check(
                "villages_aim_operating",
                UP,
                ONE_START,
                option(start="bazhong_mean"),
                option(start="target_consistent"),
                when=2024,
            ),
            by_setting(
                "target_pressure",
                "inflation",
                (0, 0.2),
                "villages_30_reported",
                UP,
                lever("target_pressure", intensity=0),
                when=2026,
            ),
        ),
    ),
    Row(
        "N25",
        "一(三)",
        "结对帮扶年收入低于10万元的村",
        "lever",
        "the line below which a village gets a sponsor",
        ("sim.policies.paired_assistance.PairedAssistance.income_line",),
        ACTS,
        (
            Check(
                "paired_villages",
                UP,
                lever("paired_assistance", sponsor_departments=0),
                lever("paired_assistance", income_line=0),
            ),
        ),
    ),
    Row(
        "N26",
        "一(三)",
        "中省财政扶持、省内结对帮扶、国企三级联帮",
        "lever",
        "grants; with a sponsor three more streams of money, 0 unless an amount is given",
        ("sim.policies.central_grant.CentralGrant", "sim.policies.paired_assistance.PairedAssistance"),
        ACTS,
        (
            by_lever("central_grant", "project_grants_mean", UP, lever("central_grant", amount=0)),
            by_lever("central_grant", "capital_mean", UP, lever("central_grant", amount=0)),
            *(
                by_setting(
                    "paired_assistance",
                    stream,
                    (0, 6),
                    "project_grants_mean",
                    UP,
                    lever("paired_assistance", sponsor_departments=0),
                )
                for stream in ("central", "intra_province", "state_firms")
            ),
        ),
    ),
    Row(
        "N27",
        "一(三)",
        "“一村一策”",
        "lever",
        "a plan steadies the choice of projects",
        ("sim.policies.columns.POLICY_COLUMNS", "sim.processes.projects.invest"),
        ACTS,
        (Check("capital_mean", CHANGES, absent("paired_assistance"), parameters(plan_steadies_choice=0)),),
    ),
    Row(
        "N28",
        "一(三)",
        "18个镇(街道)全覆盖组建“强村公司”",
        "lever",
        "a company in every town",
        ("sim.policies.town_company.TownCompany", "sim.processes.stakes.contribute"),
        ACTS,
        (equals("companies founded", 18, absent("town_company"), when=2024),),
    ),
    Row(
        "N29",
        "一(三)",
        "选聘职业经理人、乡村发展顾问20余名",
        "lever",
        "22 professionals on the market (20余 read as 22)",
        ("sim.policies.town_company.TownCompany.professionals", "sim.processes.managers.staff"),
        ACTS,
        (Check("professionals_in_post", UP, absent("town_company"), lever("town_company", professionals=0)),),
    ),
    Row(
        "N30",
        "一(三)",
        "编报优质项目90个",
        "initial condition",
        "a stock of prepared projects, some of which land",
        ("sim.processes.enterprises.prepared_projects", "sim.processes.enterprises.arrive"),
        DATUM,
        (
            equals("total village.pipeline", 90, facts(pipeline_projects=0), when=START),
            Check("enterprises", UP, parameters(landing_chance=0), facts(pipeline_projects=0)),
        ),
    ),
)

SERVICES = (
    Row(
        "N31",
        "一(四)",
        "309个村(社区)党群服务中心",
        "datum",
        "46 of 309 are read as 31 of the 209 villages' centres",
        ("sim.initial.draw_places",),
        DATUM,
        (equals("total village.service_upgraded", 31, facts(service_centres=618), when=START),),
        "the 100 centres of communities are not modelled, because communities have no collective here",
    ),
    Row(
        "N32",
        "一(四)",
        "46余个已改造",
        "initial condition",
        "better services there from the start",
        ("sim.columns.VillageColumns.service_upgraded", "sim.initial.InitialParameters.initial_service_upgraded"),
        DATUM,
        (
            Check(
                "service_quality_mean",
                UP,
                parameters(initial_service=0.4, initial_service_upgraded=0.4),
                facts(renovated_centres=0),
                when=START,
            ),
        ),
    ),
    Row(
        "N33",
        "一(四)",
        "办事群众同比增长3倍以上",
        "indicator",
        "contacts and not participation: it gives the sign of what a renovated centre does for services",
        ("sim.processes.services.ServiceParameters.service_by_upgrade",),
        OUTCOME,
        (by_lever("service_upgrade", "service_quality_mean", UP, parameters(service_by_upgrade=0)),),
        "visits are not counted, because no number of visits is published",
    ),
    Row(
        "N34",
        "一(四)",
        "平台五个功能模块",
        "lever",
        "five switches: services, visits, participation from afar, openness, fewer banquets",
        ("sim.policies.digital_platform.DigitalPlatform", "sim.processes.services.adopt_platform"),
        ACTS,
        (
            by_setting(
                "digital_platform",
                "home",
                (0, 1),
                "service_quality_mean",
                UP,
                parameters(service_by_platform=0),
                under=option(residents_per_village=0),
            ),
            by_setting(
                "digital_platform",
                "party",
                (0, 1),
                "participation",
                UP,
                parameters(outreach_by_platform=0),
                under=parameters(outreach_by_platform=0.2),
            ),
            by_setting("digital_platform", "voice", (0, 1), "participation_online", UP, parameters(digital_ceiling=0)),
            by_setting(
                "digital_platform",
                "openness",
                (0, 1),
                "village.transparency",
                UP,
                parameters(transparency_by_platform=0),
            ),
            by_setting(
                "digital_platform",
                "credit_file",
                (0, 1),
                "trust_mean",
                UP,
                parameters(burden_by_credit_file=0),
                under=parameters(banquet_burden=200),
            ),
        ),
    ),
    Row(
        "N35",
        "一(四)",
        "点击量突破100万人次",
        "indicator",
        "two or three clicks a resident: a low ceiling of use",
        ("sim.processes.services.ServiceParameters.digital_ceiling",),
        OUTCOME,
        (by_lever("digital_platform", "participation_online", UP, parameters(digital_ceiling=0)),),
    ),
    Row(
        "N36",
        "一(四)",
        "危房1259户、户厕3100户、硬化60公里、美丽乡村路60公里、水毁258公里",
        "lever",
        "120 km of roads and repairs of 258 km a year",
        ("sim.policies.infrastructure.Infrastructure", "sim.processes.roads.wear"),
        ACTS,
        (
            by_lever("infrastructure", "roads_done_share", UP, lever("infrastructure", new_km=0)),
            Check("roads_done_share", UP, parameters(road_damage=0), lever("infrastructure", repair_km=0)),
        ),
        "houses and toilets are not modelled, because they change private homes and nothing says how that would act",
    ),
    Row(
        "N37",
        "一(四)",
        "“四好农村路”全国示范县",
        "out of scope",
        "",
        (),
        OUT,
        because="a title has no effect of its own; the roads themselves are N36",
    ),
)

REST = (
    Row(
        "N38",
        "二(二)",
        "致富能手140名，占比67%",
        "initial condition",
        "exactly 140 secretaries with more ability",
        ("sim.columns.SecretaryColumns.is_capable", "sim.processes.leadership.LeadershipParameters.capable_bonus"),
        DATUM,
        (
            equals("total secretary.is_capable", 140, facts(capable_secretaries=100), when=START),
            Check("ability_mean", UP, parameters(capable_bonus=0), facts(capable_secretaries=0), when=START),
        ),
    ),
    Row(
        "N39",
        "三(三)",
        "区镇村四级联动机制",
        "out of scope",
        "",
        (),
        OUT,
        because="the sentence names three levels for four and says nothing beyond N3 and R13",
    ),
    Row(
        "N40",
        "三(一)",
        "五级书记、两个全覆盖、“三个第一”、强“五基”促“三化”",
        "lever",
        "the two full coverages: a list of responsibilities that counts double",
        ("sim.policies.plain.ResponsibilityList",),
        ACTS,
        (
            by_setting(
                "responsibility_list",
                "strength",
                (1, 2),
                "effort_mean",
                UP,
                parameters(responsibility_prize=0, responsibility_outreach=0),
            ),
        ),
        "the rest is not modelled, because no state or outcome of it can be observed; what it is to bring about is M1",
    ),
    Row(
        "N41",
        "三(二)",
        "“1+1”“1+N”产业联盟",
        "lever",
        "pairs, or a lead with others",
        ("sim.policies.industry_alliance.IndustryAlliance.form", "sim.processes.alliances.form"),
        ACTS,
        (
            Check(
                "alliances_alive",
                DOWN,
                lever("industry_alliance", intensity=0),
                lever("industry_alliance", form="one_to_one"),
                lever("industry_alliance"),
                when=2024,
            ),
        ),
    ),
    Row(
        "N42",
        "三(二)",
        "优质粮油、有机果蔬、生态畜禽、道地药材",
        "initial condition",
        "industry of a village: which prices it meets, whom it may ally with",
        ("sim.initial.INDUSTRIES", "sim.processes.production.move_prices"),
        DATUM,
        (equals("industries", 4, given(industry=0), when=START),),
        "the layout 一核两环四带多园 is not modelled, because it is not published which villages belong to it",
    ),
    Row(
        "N43",
        "三(二)",
        "专家服务总团五类成员",
        "lever",
        "experts raise what farming yields",
        ("sim.policies.expert_corps",),
        ACTS,
        (by_lever("expert_corps", "income_operating_mean", UP, parameters(expert_effect=0)),),
    ),
    Row(
        "N44",
        "统计",
        "户籍与常住人口",
        "initial condition",
        "registered residents, at home and away",
        ("sim.initial.populations",),
        DATUM,
        (
            Check(
                "residents in thousands",
                UP,
                given(population=1000, registered_population=1800),
                facts(urban_population=250000),
                when=START,
            ),
            Check(
                "participation",
                DOWN,
                parameters(b_away=0),
                given(population=1800, registered_population=1800),
                given(population=1000, registered_population=1800),
                when=START,
            ),
        ),
    ),
)

NUMBERS_ECONOMY = (*ECONOMY, *SERVICES, *REST)

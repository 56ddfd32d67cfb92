"""The numbers of the report on organisation and secretaries: N1 to N21."""

from __future__ import annotations

from docs.coverage.checks import DOWN, LAST, MOST, START, UP, Check, by_lever, by_setting, equals
from docs.coverage.row import ACTS, DATUM, OUTCOME, Row
from docs.coverage.setups import (
    absent,
    facts,
    in_own_modes,
    lever,
    option,
    parameters,
    place,
    together,
    without_phase,
)

NO_POOL = facts(reserve_cadres=0, reserve_cadres_with_college=0)

ORGANISATION = (
    Row(
        "N1",
        "摘要",
        "2024年",
        "datum",
        "first simulated year; the measures of part one are in force from then",
        ("sim.engine.RunOptions",),
        DATUM,
        (equals("first year", 2024, option(start_year=2025), when=START),),
    ),
    Row(
        "N2",
        "一(一)",
        "双组长、7名分管区领导、42个部门联动",
        "lever",
        "42 departments, two villages each, are the supply of sponsors; heads and groups: coordination by the district",
        (
            "sim.policies.paired_assistance.PairedAssistance.sponsor_departments",
            "sim.policies.plain.DistrictCoordination",
        ),
        ACTS,
        (
            equals("paired_villages", 84, lever("paired_assistance", sponsor_departments=0), when=2024),
            by_lever(
                "district_coordination", "idle_share", DOWN, parameters(coordination_effect=0, coordination_speed=0)
            ),
        ),
        "the two heads and seven groups are no agents, because nothing observable follows from them one by one",
    ),
    Row(
        "N3",
        "一(一)",
        "区镇村三级书记责任清单、联户到人",
        "lever",
        "assessed duties: reason for effort, and visits",
        ("sim.policies.plain.ResponsibilityList",),
        ACTS,
        (
            by_lever(
                "responsibility_list", "effort_mean", UP, parameters(responsibility_prize=0, responsibility_outreach=0)
            ),
            by_lever(
                "responsibility_list",
                "participation",
                UP,
                parameters(responsibility_prize=0, responsibility_outreach=0),
            ),
        ),
    ),
    Row(
        "N4",
        "一(一)",
        "调整乡镇“一把手”9名、班子成员19名",
        "initial condition",
        "9 of 18 towns, drawn, advise their villages a little",
        ("sim.columns.VillageColumns.town_renewed", "sim.policies.town_renewal.TownRenewal"),
        DATUM,
        (
            equals("towns with a renewed chief", 9, facts(renewed_town_chiefs=0), when=START),
            Check(
                "secretary.manager_quality", UP, parameters(renewal_advice=0), facts(renewed_town_chiefs=0), when=2025
            ),
        ),
        "the 19 members are stored only, because no effect is published",
    ),
    Row(
        "N5",
        "一(一)",
        "四级组织架构、党员中心户",
        "initial condition",
        "district, towns, villages and residents; party anchors whom many know and who are readier to attend",
        ("sim.network.anchors", "sim.processes.participation.ParticipationParameters.anchor_leaning"),
        DATUM,
        (Check("participation", UP, parameters(anchor_leaning=0), parameters(anchor_leaning=0)),),
        "the grid is no level of its own, because nothing is published on it",
    ),
    Row(
        "N6",
        "一(一)",
        "5个镇域片区联合党委",
        "initial condition",
        "town areas: how far an alliance reaches",
        ("sim.district.District.area_of_town", "sim.processes.alliances.form"),
        DATUM,
        (
            equals("town areas", 5, place("every town an area of its own"), when=START),
            Check(
                "alliances_alive",
                DOWN,
                lever("industry_alliance", reach="town"),
                place("every town an area of its own"),
                lever("industry_alliance"),
                when=2024,
            ),
        ),
    ),
    Row(
        "N7",
        "一(一)",
        "37个村级片区联合党组织",
        "initial condition",
        "clusters: who builds jointly, ties across villages",
        ("sim.district.District.cluster_of", "sim.processes.leadership.learn_from_partners"),
        DATUM,
        (
            equals("clusters", 37, place("every village a cluster of its own"), when=START),
            Check(
                "village.knowledge",
                UP,
                parameters(kappa_joint=0),
                place("every village a cluster of its own"),
                lever("joint_building"),
            ),
        ),
    ),
    Row(
        "N8",
        "一(一)",
        "12个产业园区党组织",
        "initial condition",
        "parks raise market access in their towns",
        ("sim.district.District.parks_in_town", "sim.initial.InitialParameters.park_access"),
        DATUM,
        (
            equals("parks", 12, place("no parks"), when=START),
            Check("village.market_access", UP, parameters(park_access=0), place("no parks"), when=START),
        ),
    ),
    Row(
        "N9",
        "一(一)",
        "32个聚居点党组织",
        "initial condition",
        "one tie more, and outreach reaches more of the residents",
        ("sim.network.settlements", "sim.processes.participation.ParticipationParameters.settlement_outreach"),
        DATUM,
        (
            equals("villages with a settlement", 32, facts(settlements=0), when=START),
            Check(
                "participation",
                UP,
                parameters(settlement_outreach=1),
                facts(settlements=0),
                together(parameters(social_influence=0), lever("grid_outreach", doorstep_share=0.2)),
            ),
        ),
    ),
    Row(
        "N10",
        "一(一)",
        "“家庭农场+”“合作社+”“电商+”3种",
        "initial condition",
        "three modes of business: industry-driven farming, share cooperation, service income",
        ("sim.modes.MODES",),
        DATUM,
        (
            equals(
                "new forms in use",
                3,
                in_own_modes("minimum_scale", 1e9, "industry_driven", "share_cooperation", "service_income"),
                when=MOST,
            ),
        ),
        "e-commerce has no price of its own, because nothing is published on it",
    ),
)

SECRETARIES = (
    Row(
        "N11",
        "一(二)",
        "后备力量三年行动",
        "lever",
        "a reserve pool fills vacancies; nobody new joins it unless asked",
        ("sim.policies.secretary_selection.SecretarySelection", "sim.processes.leadership.hold_elections"),
        ACTS,
        (by_lever("secretary_selection", "total candidate.used", UP, NO_POOL, when=LAST),),
    ),
    Row(
        "N12",
        "一(二)、二(二)",
        "209个行政村",
        "datum",
        "the villages",
        ("sim.district.District.villages",),
        DATUM,
        (equals("villages", 209, place("one village less"), when=START),),
    ),
    Row(
        "N13",
        "一(二)",
        "后备力量366名",
        "initial condition",
        "the size of the pool, spread over the towns",
        ("sim.initial.draw_pool",),
        DATUM,
        (equals("total candidate.joined", 366, facts(reserve_cadres=300), when=START),),
    ),
    Row(
        "N14",
        "一(二)",
        "平均年龄33.5岁",
        "initial condition",
        "mean of a normal law between 22 and 45",
        ("sim.columns.CandidateColumns.age",),
        DATUM,
        (equals("candidate.age", 33.5, facts(reserve_mean_age=40), when=START, within=1.0),),
    ),
    Row(
        "N15",
        "一(二)",
        "大专及以上学历281人",
        "initial condition",
        "exactly so many have college",
        ("sim.columns.CandidateColumns.is_college",),
        DATUM,
        (
            equals("total candidate.is_college", 281, facts(reserve_cadres_with_college=200), when=START),
            Check(
                "secretary_college_share",
                UP,
                absent("secretary_selection"),
                facts(reserve_cadres_with_college=0),
                when=LAST,
            ),
        ),
    ),
    Row(
        "N16",
        "一(二)",
        "2026年换届，新任不超过45岁、继任不超过55岁",
        "lever",
        "age caps at elections from 2026 on",
        (
            "sim.policies.secretary_selection.SecretarySelection.age_cap_incumbent",
            "sim.processes.leadership.hold_elections",
        ),
        ACTS,
        (
            Check(
                "secretary_age_mean",
                DOWN,
                without_phase("leadership.hold_elections"),
                lever("secretary_selection", age_cap_new=80, age_cap_incumbent=200),
                when=2026,
            ),
        ),
    ),
    Row(
        "N17",
        "一(二)",
        "大专及以上学历的书记达到80%",
        "indicator",
        "not a rule: what elections and the pool bring about",
        ("sim.indicators.INDICATORS", "sim.policies.secretary_selection.SecretarySelection.college_weight"),
        OUTCOME,
        (
            by_lever(
                "secretary_selection",
                "secretary_college_share",
                UP,
                without_phase("leadership.hold_elections"),
                when=2026,
            ),
        ),
    ),
    Row(
        "N18",
        "一(二)",
        "“基本报酬+绩效报酬+集体经济创收奖励”",
        "lever",
        "a bonus on new profit moves effort; what is added to base pay holds, to performance pay moves effort",
        ("sim.policies.cadre_pay.CadrePay", "sim.processes.leadership.choose_effort"),
        ACTS,
        (
            Check("effort_mean", UP, parameters(ratchet=1, bonus_cap=0), lever("cadre_pay", bonus_share=0)),
            by_setting("cadre_pay", "base_pay", (0, 2), "secretary.tenure", UP, parameters(pay_retention=0)),
            by_setting(
                "cadre_pay",
                "performance_pay",
                (0, 2),
                "effort_mean",
                UP,
                parameters(performance_response=0, pay_retention=0),
                under=lever("graded_management"),
            ),
        ),
    ),
    Row(
        "N19",
        "一(二)",
        "缴存住房公积金、购买养老保险",
        "lever",
        "benefits hold secretaries in office",
        ("sim.policies.cadre_pay.CadrePay", "sim.processes.leadership.LeadershipParameters.benefits_hold"),
        ACTS,
        (by_lever("cadre_pay", "secretary.tenure", UP, parameters(benefits_hold=0)),),
    ),
    Row(
        "N20",
        "一(二)",
        "1名进事业编、4名考取公务员、2名进镇级班子",
        "lever",
        "seven promotions set the yearly chance",
        ("sim.policies.plain.CareerPath", "sim.processes.leadership.LeadershipParameters.promotion_rate"),
        ACTS,
        (by_lever("career_path", "promotions", UP, parameters(promotion_rate=0)),),
    ),
    Row(
        "N21",
        "一(二)",
        "进修班、线上龙门阵、流动课堂、一镇一直播团队",
        "lever",
        "a stock of ability gained by training",
        ("sim.policies.plain.Training", "sim.processes.leadership.train"),
        ACTS,
        (by_lever("training", "ability_mean", UP, parameters(training_gain=0)),),
        "live-stream sales are not modelled, because nothing is published on them",
    ),
)

NUMBERS = (*ORGANISATION, *SECRETARIES)

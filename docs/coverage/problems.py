"""The problems that the report names: P1 to P13."""

from __future__ import annotations

from docs.coverage.checks import CHANGES, DOWN, LAST, START, UP, Check, by_lever
from docs.coverage.row import ACTS, DATUM, OUT, Row
from docs.coverage.setups import (
    facts,
    given,
    in_own_modes,
    lever,
    no_measures,
    option,
    parameters,
    together,
    without_phase,
)
from sim.modes import OWN_MODES

OWN = [mode.key for mode in OWN_MODES]

PROBLEMS = (
    Row(
        "P1",
        "二(一)",
        "只是简单执行上级任务，未能从本地实际深入规划",
        "process",
        "project choice errs, the more the weaker the manager and the less there is of a plan",
        ("sim.processes.projects.invest", "sim.processes.projects.ProjectParameters.choice_noise"),
        ACTS,
        (
            Check(
                "income_profit_mean",
                DOWN,
                parameters(choice_noise=1e-9),
                parameters(plan_steadies_choice=0.8),
                together(lever("industry_plan", brand=0), parameters(plan_steadies_choice=0, choice_noise=0.1)),
                when=LAST,
            ),
        ),
    ),
    Row(
        "P2",
        "二(一)",
        "“两委”年龄偏大、学历偏低、安于现状",
        "initial condition",
        "age and schooling of secretaries; ability falls with every year over 50",
        ("sim.initial.draw_secretaries", "sim.processes.leadership.judge_ability"),
        DATUM,
        (
            Check(
                "ability_mean",
                DOWN,
                together(given(secretary_age=40), without_phase("leadership.hold_elections")),
                parameters(age_decay=0),
            ),
            Check("ability_mean", DOWN, parameters(college_bonus=0), given(secretary_is_college=1), when=START),
        ),
    ),
    Row(
        "P3",
        "二(一)",
        "党员干部自身认知局限",
        "out of scope",
        "",
        (),
        OUT,
        because="it can't be told apart from ability (N38, P2) and training (M7), in which it is contained",
    ),
    Row(
        "P4",
        "二(二)",
        "资源禀赋、地理位置、交通条件",
        "initial condition",
        "endowment and access of a village enter what capital earns",
        (
            "sim.columns.VillageColumns.resource_endowment",
            "sim.columns.VillageColumns.market_access",
            "sim.processes.production.advantage",
        ),
        DATUM,
        (
            Check(
                "income_operating_mean",
                DOWN,
                in_own_modes("endowment_exponent", 0, *OWN),
                given(resource_endowment=1.5),
                given(resource_endowment=0.6),
                when=LAST,
            ),
            Check(
                "income_operating_mean",
                DOWN,
                in_own_modes("access_exponent", 0, *OWN),
                given(market_access=1.5),
                given(market_access=0.6),
                when=LAST,
            ),
        ),
    ),
    Row(
        "P5",
        "二(二)",
        "基础薄弱、初始资金入不敷出",
        "process",
        "fixed cost and minimum scale: who is small neither lives on its surplus nor can begin a project",
        ("sim.processes.finance.pay_running_costs", "sim.processes.projects.feasible"),
        ACTS,
        (
            Check("deficit_cover", UP, without_phase("finance.pay_running_costs"), parameters(fixed_cost=0)),
            Check("village.earmarked_cash", UP, no_measures(), in_own_modes("minimum_scale", 0, *OWN)),
        ),
    ),
    Row(
        "P6",
        "二(二)",
        "缺乏有效的抵押和担保",
        "process",
        "credit up to what capital is worth as collateral; a guarantee",
        ("sim.processes.credit.headroom", "sim.policies.plain.CreditGuarantee"),
        ACTS,
        (
            Check("debt_mean", UP, in_own_modes("collateral_share", 0, *OWN), parameters(collateral_multiplier=0)),
            by_lever("credit_guarantee", "debt_mean", UP, lever("credit_guarantee", guarantee=0), when=2026),
        ),
    ),
    Row(
        "P7",
        "二(二)",
        "乡村致富带头人少：140名",
        "initial condition",
        "the capable have more ability and manage better; the others none of it",
        ("sim.columns.SecretaryColumns.is_capable",),
        DATUM,
        (
            *(
                Check(
                    output,
                    DOWN,
                    parameters(capable_bonus=0),
                    facts(capable_secretaries=209),
                    facts(capable_secretaries=140),
                )
                for output in ("ability_mean", "secretary.manager_quality")
            ),
        ),
    ),
    Row(
        "P8",
        "二(二)",
        "常住人口中老弱病残占比大",
        "process",
        "people leave, age and die; labour at home enters production",
        ("sim.processes.demography.move", "sim.processes.production.labour_ratio"),
        ACTS,
        (
            Check("home_share", DOWN, without_phase("demography.move"), parameters(leave_rate=0)),
            Check(
                "village.advantage",
                DOWN,
                in_own_modes("labour_exponent", 0, *OWN),
                parameters(leave_rate=0),
                together(option(residents_per_village=0), parameters(service_demand=1e9)),
            ),
        ),
        "illness and disability are not modelled, because nothing is published on them here",
    ),
    Row(
        "P9",
        "二(二)",
        "“指导员”少，CEO、职业经理人难引难留",
        "process",
        "advisers reach a limited number of villages; hired managers quit",
        ("sim.policies.paired_assistance.PairedAssistance.advisors", "sim.processes.managers.staff"),
        ACTS,
        (
            Check(
                "village.advice",
                DOWN,
                parameters(pair_advice=0, company_advice=0),
                lever("paired_assistance", advisors=209),
            ),
            Check(
                "professionals_in_post", DOWN, lever("town_company", professionals=0), parameters(manager_quit_rate=0)
            ),
        ),
    ),
    Row(
        "P10",
        "二(二)",
        "过于依赖镇政府和区级部门",
        "process",
        "dependency lowers effort and makes failures likelier",
        (
            "sim.processes.finance.grow_dependent",
            "sim.processes.leadership.LeadershipParameters.crowd_out",
            "sim.processes.projects.ProjectParameters.dep_hazard",
        ),
        ACTS,
        (
            Check(
                "effort_mean",
                DOWN,
                parameters(kappa_dependency=0, initial_dependency_poor=0, initial_dependency_other=0),
                parameters(crowd_out=0),
            ),
            Check(
                "failures",
                UP,
                parameters(kappa_dependency=0, initial_dependency_poor=0, initial_dependency_other=0),
                parameters(dep_hazard=0),
            ),
        ),
    ),
    Row(
        "P11",
        "二(三)",
        "主动性不强，被动等待上级安排",
        "process",
        "effort answers to reward, duty, target and motive",
        ("sim.processes.leadership.choose_effort",),
        ACTS,
        (
            Check("effort_mean", CHANGES, parameters(kappa_effort=0), without_phase("leadership.choose_effort")),
            Check(
                "income_operating_mean",
                DOWN,
                parameters(effort_econ_share=0),
                parameters(effort_at_rest=0.65),
                together(option(residents_per_village=0), parameters(effort_at_rest=0.3)),
                when=LAST,
            ),
        ),
    ),
    Row(
        "P12",
        "二(三)",
        "多元共治未打开，村民参与意识不强",
        "process",
        "whether residents attend: trust, services, dividends, example, neighbours, being away",
        ("sim.processes.participation.reconsider", "sim.processes.participation.village_pull"),
        ACTS,
        (
            Check(
                "participation",
                DOWN,
                together(given(population=1800, registered_population=1800), parameters(leave_rate=0, leave_at_18=0)),
                parameters(b_away=0),
            ),
            by_lever("service_upgrade", "participation", UP, parameters(b_service=0, trust_by_service=0)),
        ),
    ),
    Row(
        "P13",
        "二(三)",
        "违规操办宴席、攀比炫富；干部违纪违法",
        "process",
        "money leaks from projects and profit; a burden of banquets lowers trust, 0 unless a number is given",
        ("sim.processes.production.leakage", "sim.processes.norms"),
        ACTS,
        (
            Check("leaked", UP, parameters(leak_invest=0, leak_revenue=0), parameters(leak_invest=0, leak_revenue=0)),
            Check(
                "participation",
                DOWN,
                parameters(trust_by_burden=0, b_dividend=0),
                parameters(banquet_burden=0),
                parameters(banquet_burden=200),
            ),
        ),
        "single cases are not modelled, because neither their number nor their kind is published",
    ),
)

"""What can be left out of the model, to see which patterns and which answers need it.

Leaving a process out takes phases out of the calendar or holds parameters at the value at which it does nothing;
`Strategy.without` names what is left out. `qiangcun compare strategies=ablation` leaves out each in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sim.calendar import YEAR, Calendar, Phase
from sim.modes import MODE_PARAMETERS
from sim.policies.base import Strategy
from sim.processes import demography, enterprises, finance, leadership, organisation, participation, roads, services

EVERY_MODE = "*."
"""First part of the name of a parameter that every mode of business has."""


@dataclass(frozen=True)
class Process:
    """Something that can be left out.

    Attributes:
        zh: Chinese name.
        en: English name.
        parameters: values at which it does nothing; `*.` stands for every mode.
        phases: phases of the calendar that are it.
    """

    zh: str
    en: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()


PROCESSES: dict[str, Process] = {
    # places and production
    "endowment": Process("资源禀赋差异", "differences of endowment", {"*.endowment_exponent": 0}),
    "location": Process("区位差异", "differences of location", {"*.access_exponent": 0}),
    "manager_quality": Process("书记能力对经营的作用", "managers in production", {"*.manager_exponent": 0}),
    "labour": Process("劳动力对经营的作用", "labour in production", {"*.labour_exponent": 0}),
    "common_prices": Process("共同价格波动", "common prices", {"sigma_common": 0}),
    "village_shocks": Process("各村年景", "shocks of single villages", {"sigma_idio": 0}),
    # projects and credit
    "minimum_scale": Process("最低规模", "minimum scale", {"*.minimum_scale": 0}),
    "failure": Process("项目失败", "failure", {"*.failure_hazard": 0, "company_hazard": 0}),
    "wear": Process("资产折旧", "wear of capital", {"*.depreciation": 0}),
    "credit": Process("贷款", "credit", {"collateral_multiplier": 0}),
    "default": Process("坏账", "default on loans", {"default_share": 0}),
    "choice_error": Process("项目选择失误", "error in choosing projects", {"choice_noise": 1e-9}),
    "risk_aversion": Process("规避风险", "risk aversion", {"risk_aversion": 0}),
    "small_scale_hazard": Process("规模不足更易失败", "failure below minimum scale", {"small_scale_hazard": 0}),
    # public money
    "leakage": Process("资产流失", "leakage", {"leak_invest": 0, "leak_revenue": 0}),
    "idle_money": Process("项目资金闲置", "idle project money", {"productive_share": 1}),
    "fading": Process("帮扶资产消退", "fading of aided capital", {"aid_fade": 0}),
    "capture": Process("扶强不扶弱", "capture of sponsors", {"targeting_capture": 0}),
    "dependency": Process("依赖上级", "dependency", {"crowd_out": 0, "dep_hazard": 0}, (finance.grow_dependent,)),
    "fixed_cost": Process("固定运行费", "fixed running cost", {"fixed_cost": 0}),
    # secretaries
    "turnover": Process("书记更替", "turnover of secretaries", phases=(leadership.hold_elections,)),
    "training": Process("干部培训", "training", phases=(leadership.train,)),
    "learning": Process("联建学习", "learning from partners", phases=(leadership.learn_from_partners,)),
    "ageing": Process("年龄对能力的作用", "age in ability", {"age_decay": 0}),
    "schooling": Process("学历和致富能手加成", "schooling and experience", {"capable_bonus": 0, "college_bonus": 0}),
    "effort": Process("努力随激励变化", "effort that answers to incentives", {"kappa_effort": 0}),
    "organisation": Process("组织力变化", "change of organisation", phases=(organisation.develop,)),
    # residents
    "social_influence": Process("邻里影响", "social influence", {"social_influence": 0}),
    "village_effect": Process("村风差异", "differences between villages", {"sigma_village": 0}),
    "trust": Process("信任变化", "change of trust", phases=(participation.update_trust,)),
    "outreach": Process("走访动员", "outreach", {"b_outreach": 0}),
    "dividends_draw": Process("分红对参与的作用", "dividends in participation", {"b_dividend": 0}),
    "services_draw": Process("服务对参与的作用", "services in participation", {"b_service": 0}),
    "leaders_draw": Process("书记示范", "example of the secretary", {"b_lead": 0}),
    "distance": Process("外出者难参与", "absence in participation", {"b_away": 0}),
    "services": Process("服务变化", "change of services", phases=(services.improve,)),
    "platform": Process("数字平台使用", "use of the platform", phases=(services.adopt_platform,)),
    "roads": Process("道路损毁", "damage to roads", phases=(roads.wear,)),
    "migration": Process("迁移和老龄化", "migration and ageing", phases=(demography.move,)),
    # partners
    "manager_turnover": Process("职业经理人离任", "professionals who leave", {"manager_quit_rate": 0}),
    "company_advice": Process("强村公司指导", "advice of companies", {"company_advice": 0}),
    "agency": Process("强村公司内部流失", "agency loss in ventures", {"agency_base": 0}),
    "coordination_cost": Process("联建协调成本", "cost of coordination", {"coord_cost": 0}),
    "autonomy": Process("自主偏好", "wish for autonomy", {"autonomy_premium": 0}),
    "quality_cost": Process("联盟质量成本", "cost of quality in alliances", {"alliance_net": 1}),
    "brand": Process("联盟品牌溢价", "brand premium of alliances", {"alliance_premium": 0, "alliance_net": 0}),
    "enterprises": Process("招商企业", "enterprises", phases=(enterprises.arrive,)),
    "idle_assets": Process("清资核产", "idle assets let", {"idle_rent": 0}),
}
"""Everything that can be left out, by name, in the order of the model description."""


def calendar_without(names: Iterable[str], year: Calendar = YEAR) -> Calendar:
    """A year without the phases of these processes."""
    gone = {phase for name in names for phase in PROCESSES[name].phases}
    if not gone:
        return year
    parts = (year.opening, year.every_quarter, year.closing)
    return Calendar(*([phase for phase in part if phase not in gone] for part in parts))


def parameters_without(names: Iterable[str]) -> dict[str, float]:
    """Values at which these processes do nothing, by parameter."""
    values: dict[str, float] = {}
    for name in names:
        for parameter, value in PROCESSES[name].parameters.items():
            values.update(dict.fromkeys(_named(parameter), float(value)))
    return values


def _named(parameter: str) -> list[str]:
    if not parameter.startswith(EVERY_MODE):
        return [parameter]
    return [name for name in MODE_PARAMETERS if name.endswith(parameter.removeprefix("*"))]


def variants(strategy: Strategy, names: Iterable[str]) -> list[Strategy]:
    """The strategy in a model that leaves out each of these processes in turn."""
    return [
        replace(
            strategy, key=f"{strategy.key}_without_{name}", zh=f"{strategy.zh}（不含{PROCESSES[name].zh}）",
            en=f"{strategy.en} (without {PROCESSES[name].en})", without=(*strategy.without, name),
        )
        for name in names
    ]  # fmt: skip

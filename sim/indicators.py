"""Indicators: what is measured at the end of each year, with unit, direction and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sim.arithmetic import below, over_modes, share
from sim.indicator import NONE, SUM, VILLAGES, Indicator, Measure
from sim.ledger import PUBLIC_PAYERS
from sim.partner_indicators import partner_indicators
from sim.people_indicators import people_indicators
from sim.policies.registry import LEVERS
from sim.processes.finance import PROJECT_GRANTS, SUBSIDIES
from sim.state import Moment

INCOMES = {
    "operating": ("经营性收入", "operating income"),
    "total": ("总收入", "total income"),
    "profit": ("经营收益", "operating profit"),
}

PAYER_LABELS = {
    "central": ("中省财政", "central and provincial"),
    "district": ("区财政", "district"),
    "sponsors": ("帮扶单位", "sponsors"),
    "partner_regions": ("省内结对地区", "partner regions of the province"),
    "state_firms": ("带县国有企业", "state firms"),
}


def gini(values: np.ndarray) -> np.ndarray:
    """Gini coefficient of each row `(R, V)`; negative values count as zero, and a row of zeros is 0."""
    ordered = np.sort(np.maximum(values, 0), axis=1)
    number = ordered.shape[1]
    weights = 2 * np.arange(1, number + 1) - number - 1
    return share(np.sum(weights * ordered, axis=1), number * np.sum(ordered, axis=1))


def weighted(now: Moment, values: np.ndarray) -> np.ndarray:
    """Mean over villages weighted by registered population, `(R,)`."""
    people = now.state.village.registered_population
    return np.sum(values * people, axis=1) / np.sum(people, axis=1)


def _at_least(column: str, line: float) -> Measure:
    return lambda now, _: np.sum(~below(getattr(now.state.village, column), line), axis=1) * 1.0


def _quantile(column: str, position: float) -> Measure:
    return lambda now, _: np.quantile(getattr(now.state.village, column), position, axis=1)


def _in_funnel(stage: str) -> Measure:
    return lambda now, funnel: weighted(now, funnel[stage])


def _public_cost(payers: tuple[str, ...]) -> Callable[[Moment], np.ndarray]:
    purposes = tuple(purpose for lever in LEVERS.values() for purpose in lever.purposes)
    return lambda now: now.ledger.paid_by(payers, purposes)


def _lever_cost(key: str) -> Callable[[Moment], np.ndarray]:
    return lambda now: now.ledger.paid_by(PUBLIC_PAYERS, LEVERS[key].purposes)


def _received(purposes: tuple[str, ...]) -> Callable[[Moment], np.ndarray]:
    return lambda now: np.mean(now.ledger.paid(purposes), axis=1)


def _deficit_cover(now: Moment) -> np.ndarray:
    return now.ledger.paid_by(("district",), ("deficit_cover",))


def _village_paid(now: Moment) -> np.ndarray:
    return np.sum(now.ledger.paid((*now.lever_keys, "cadre_bonus"), payers=("village.cash",)), axis=1)


def _idle_share(now: Moment) -> np.ndarray:
    village, ledger = now.state.village, now.ledger
    unspent = np.sum(village.earmarked_cash + village.pot_earmarked, axis=1)
    return share(ledger.balances["idle"][:, 0] + unspent, ledger.ever_paid(PROJECT_GRANTS))


def _mean(kind: str, column: str) -> Measure:
    return lambda now, _: np.mean(getattr(getattr(now.state, kind), column), axis=1)


def _income_indicators() -> list[Indicator]:
    found = []
    for key, (zh, en) in INCOMES.items():
        column = f"income_{key}"
        found.append(
            Indicator(f"{column}_mean", "万元", 1, f"村均{zh}", f"mean {en} per village", _mean("village", column),
                      over_districts=VILLAGES)
        )  # fmt: skip
    for key, (zh, en) in INCOMES.items():
        for line in (30, 10):
            found.append(
                Indicator(f"villages_{line}_{key}", "村", 1, f"{zh}达{line}万元的村",
                          f"villages with {en} of at least {line}万元", _at_least(f"income_{key}", line))
            )  # fmt: skip
    operating = "income_operating"
    quantiles = {
        "median": ("中位数", "median", 0.5),
        "p10": ("第10百分位", "10th percentile", 0.1),
        "p90": ("第90百分位", "90th percentile", 0.9),
    }
    for name, (zh, en, position) in quantiles.items():
        label = (f"经营性收入{zh}", f"operating income, {en}")
        found.append(
            Indicator(f"{operating}_{name}", "万元", 1, *label, _quantile(operating, position), over_districts=NONE)
        )
    found += [
        Indicator("villages_below_5_operating", "村", -1, "经营性收入不足5万元的村",
                  "villages with operating income below 5万元",
                  lambda now, _: np.sum(below(now.state.village.income_operating, 5), axis=1) * 1.0),
        Indicator("villages_zero_operating", "村", -1, "无经营性收入的村", "villages without operating income",
                  lambda now, _: np.sum(~(now.state.village.income_operating > 0), axis=1) * 1.0),
        Indicator("income_operating_gini", "", -1, "经营性收入基尼系数", "Gini of operating income",
                  lambda now, _: gini(now.state.village.income_operating), over_districts=NONE),
        Indicator("income_profit_gini", "", -1, "经营收益基尼系数", "Gini of operating profit",
                  lambda now, _: gini(now.state.village.income_profit), over_districts=NONE),
    ]  # fmt: skip
    return found


def _participation_indicators() -> list[Indicator]:
    labels = {
        "vote": ("参加投票的比例", "share who vote"),
        "attend": ("预期参与比例", "expected share who attend"),
        "speak": ("会上发言的比例", "share who speak"),
        "initiate": ("提出倡议的比例", "share who initiate"),
        "online": ("线上参与比例", "share who attend online"),
    }
    found = [
        Indicator(
            "participation",
            "",
            1,
            "参与率",
            "participation",
            lambda now, _: weighted(now, now.state.village.participation),
            over_districts="registered_population",
        )
    ]
    for key, (zh, en) in labels.items():
        found.append(
            Indicator(f"participation_{key}", "", 1, zh, en, _in_funnel(key), at_start=False,
                      over_districts="registered_population")
        )  # fmt: skip
    found.append(
        Indicator("participation_home", "", 1, "在村居民参与率", "participation of those at home",
                  lambda now, funnel: share(weighted(now, funnel["home"]), weighted(now, now.state.village.home_share)),
                  at_start=False, over_districts="population_home")
    )  # fmt: skip
    return found


def _money_indicators() -> list[Indicator]:
    def flow(
        name: str, zh: str, en: str, measure: Callable[[Moment], np.ndarray], unit: str = "万元", over: str = SUM
    ) -> Indicator:
        direction = 0 if over == VILLAGES else -1
        return Indicator(
            name, unit, direction, zh, en, lambda now, _: measure(now), at_start=False, over_districts=over
        )

    found = [flow("public_cost", "公共投入", "public cost", _public_cost(PUBLIC_PAYERS))]
    for payer, (zh, en) in PAYER_LABELS.items():
        found.append(flow(f"public_cost_{payer}", f"公共投入：{zh}", f"public cost: {en}", _public_cost((payer,))))
    for key, lever in LEVERS.items():
        found.append(flow(f"cost_{key}", f"公共投入：{lever.zh}", f"public cost: {lever.en}", _lever_cost(key)))
    return found + [
        flow("village_cost", "村集体自付", "paid by villages for measures", _village_paid),
        flow("deficit_cover", "财政兜底", "deficits covered by the district", _deficit_cover),
        flow(
            "project_grants_mean",
            "村均项目资金",
            "project grants per village",
            _received(PROJECT_GRANTS),
            over=VILLAGES,
        ),
        flow("subsidies_mean", "村均补助收入", "subsidies per village", _received(SUBSIDIES), over=VILLAGES),
        flow("leaked", "资产流失", "leakage", _leaked),
        flow(
            "idle_share",
            "项目资金闲置比例",
            "idle share of project money so far",
            _idle_share,
            "",
            "project_grants_so_far",
        ),
    ]


def _leaked(now: Moment) -> np.ndarray:
    payers = ("village.cash", "village.earmarked_cash", "village.pot_earmarked", "venture")
    return now.ledger.paid_by(payers, ("leak_invest", "leak_revenue", "venture_agency"))


def _state_indicators() -> list[Indicator]:
    means = [
        ("village", "debt", "debt_mean", "万元", 0, "村均负债", "debt per village"),
        ("village", "cash", "cash_mean", "万元", 0, "村均现金", "cash per village"),
        (
            "village",
            "dividend_per_head",
            "dividend_per_head",
            "元",
            1,
            "村均人均分红",
            "dividend per head, mean of villages",
        ),
        ("village", "dependency", "dependency_mean", "", -1, "依赖度", "dependency"),
        ("secretary", "effort", "effort_mean", "", 1, "书记努力程度", "effort of secretaries"),
        ("secretary", "ability", "ability_mean", "", 1, "书记综合能力", "ability of secretaries"),
        ("secretary", "is_college", "secretary_college_share", "", 1, "大专及以上书记比例", "secretaries with college"),
        ("secretary", "age", "secretary_age_mean", "岁", 0, "书记平均年龄", "mean age of secretaries"),
        ("secretary", "training_stock", "training_mean", "", 1, "培训积累", "ability gained by training"),
        ("village", "organisation", "organisation_mean", "", 1, "组织力", "organisation"),
        ("village", "road_share", "roads_done_share", "", 1, "道路提升比例", "village roads brought up to standard"),
        ("village", "trust", "trust_mean", "", 1, "村民信任", "trust of residents"),
        ("village", "service_quality", "service_quality_mean", "", 1, "服务质量", "service quality"),
        ("village", "home_share", "home_share", "", 1, "在村比例", "share at home"),
        ("village", "elderly_share", "elderly_share", "", 0, "在村老年比例", "elderly among those at home"),
    ]
    found = [
        Indicator(name, unit, direction, zh, en, _mean(kind, column), over_districts=VILLAGES)
        for kind, column, name, unit, direction, zh, en in means
    ]
    found += [
        Indicator("capital_mean", "万元", 1, "村均经营性资产", "capital per village, pools and companies included",
                  lambda now, _: _capital(now), over_districts=VILLAGES),
        Indicator("failures", "个", -1, "项目失败数", "project failures in the year",
                  lambda now, _: _failures(now), at_start=False),
        Indicator("failure_share", "", -1, "当年项目失败比例", "share of projects that failed in the year",
                  lambda now, _: _failure_share(now), at_start=False, over_districts="projects"),
        Indicator("paired_villages", "村", 0, "结对村数", "villages with a sponsor",
                  lambda now, _: np.sum(now.state.village.paired, axis=1), at_start=False),
        Indicator("promotions", "人", 0, "书记晋升人数", "secretaries promoted in the year",
                  lambda now, _: np.sum(now.state.secretary.promoted, axis=1), at_start=False),
        Indicator("reformed_villages", "村", 0, "完成产权改革的村", "villages with property rights reformed",
                  lambda now, _: np.sum(now.state.village.reformed, axis=1), at_start=False),
    ]  # fmt: skip
    return found


def _denominators() -> list[Indicator]:
    """What shares are shares of, so that those of a province follow from its counties (`Indicator.over_districts`)."""
    return [
        Indicator("registered_population", "人", 0, "户籍人口", "registered population",
                  lambda now, _: np.sum(now.state.village.registered_population, axis=1)),
        Indicator("population_home", "人", 0, "在村人口", "people at home",
                  lambda now, _: _people_home(now)),
        Indicator("projects", "个", 0, "经营项目数", "projects of villages, by village and mode",
                  lambda now, _: _projects(now)),
        Indicator("project_grants_so_far", "万元", 0, "累计项目资金", "project grants so far",
                  lambda now, _: now.ledger.ever_paid(PROJECT_GRANTS), at_start=False),
    ]  # fmt: skip


def _people_home(now: Moment) -> np.ndarray:
    village = now.state.village
    return np.sum(village.registered_population * village.home_share, axis=1)


def _failures(now: Moment) -> np.ndarray:
    return np.sum(now.state.village.failures, axis=1) + np.sum(now.state.venture.failures, axis=1)


def _failure_share(now: Moment) -> np.ndarray:
    """Failures of the villages' own projects over the projects there are; a failed one keeps a part of its capital."""
    return share(np.sum(now.state.village.failures, axis=1), _projects(now))


def _projects(now: Moment) -> np.ndarray:
    return np.sum(now.state.village.capital > 0, axis=(1, 2)) * 1.0


def _capital(now: Moment) -> np.ndarray:
    own = np.sum(over_modes(now.state.village.capital), axis=1)
    return (own + np.sum(np.ascontiguousarray(now.state.venture.capital), axis=(1, 2))) / now.district.villages


INDICATORS: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        *_income_indicators(),
        *_participation_indicators(),
        *_money_indicators(),
        *_state_indicators(),
        *_denominators(),
        *people_indicators(),
        *partner_indicators(),
    )
}
"""District indicators by name, one number per run and year."""


def measure(
    now: Moment, indicators: Mapping[str, Indicator], funnel: Mapping[str, np.ndarray], at_start: bool
) -> dict[str, np.ndarray]:
    """All indicators of the moment; those without meaning are left out (start of a run, residents off)."""
    residents = now.register.size > 0
    return {
        name: item.measure(now, funnel)
        for name, item in indicators.items()
        if (item.at_start or not at_start) and (residents or not name.startswith("participation"))
    }

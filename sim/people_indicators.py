"""Indicators of people: who takes part, the state of villages, those who lead them, what these report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from sim.arithmetic import below, over_modes, share
from sim.indicator import VILLAGES, Indicator, at_least, mean_of, sum_of, yearly
from sim.processes.finance import PROJECT_GRANTS
from sim.processes.reporting import LINES
from sim.state import Moment

NEAR = 0.1
"""A village is near a line if it reports within a tenth of it."""
PEOPLE = "registered_population"

STAGES = (
    ("vote", "投票", "vote"),
    ("attend", "预期参与", "attend, expected"),
    ("speak", "会上发言", "speak"),
    ("initiate", "提出倡议", "initiate"),
    ("online", "线上参与", "attend online"),
)
"""Stages of taking part, with their names; each a share of registered residents."""

of_funnel = partial(yearly, of_funnel=True)


def weighted(now: Moment, values: np.ndarray) -> np.ndarray:
    """Mean over villages weighted by registered population, `(R,)`."""
    people = now.state.village.registered_population
    return np.sum(values * people, axis=1) / np.sum(people, axis=1)


def _share_who(stage: str) -> Callable[[Moment, Mapping[str, np.ndarray]], np.ndarray]:
    return lambda now, funnel: weighted(now, funnel[stage])


def _of_those_at_home(stage: str) -> Callable[[Moment, Mapping[str, np.ndarray]], np.ndarray]:
    return lambda now, funnel: share(
        weighted(now, funnel[f"{stage}_home"]), weighted(now, now.state.village.home_share)
    )


def _away_who_vote(now: Moment, funnel: Mapping[str, np.ndarray]) -> np.ndarray:
    votes = weighted(now, funnel["vote"]) - weighted(now, funnel["vote_home"])
    return share(np.maximum(votes, 0), weighted(now, 1 - now.state.village.home_share))


def _people_home(now: Moment) -> np.ndarray:
    village = now.state.village
    return np.sum(village.registered_population * village.home_share, axis=1)


def _people_away(now: Moment) -> np.ndarray:
    village = now.state.village
    return np.sum(village.registered_population * (1 - village.home_share), axis=1)


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


def _near_lines(now: Moment) -> tuple[np.ndarray, np.ndarray]:
    """Reports within a tenth of 10 or 30万元: how many reach the line, and how many there are, each `(R,)`."""
    reported, above, near = now.state.village.income_reported, np.zeros(now.runs), np.zeros(now.runs)
    for line in LINES:
        close = ~below(reported, (1 - NEAR) * line) & below(reported, (1 + NEAR) * line)
        near += np.sum(close, axis=1)
        above += np.sum(close & ~below(reported, line), axis=1)
    return above, near


OF_PARTICIPATION = (
    Indicator("participation", "", 1, "户籍居民参与率", "registered residents who attend",
              lambda now: weighted(now, now.state.village.participation), PEOPLE),
    *(of_funnel(f"participation_{stage}", "", 1, f"户籍居民{zh}比例", f"registered residents who {en}",
                _share_who(stage), PEOPLE) for stage, zh, en in STAGES),
    of_funnel("participation_home", "", 1, "在村居民参与率", "share of those at home who attend",
              _of_those_at_home("attend"), "population_home"),
    of_funnel("participation_vote_home", "", 1, "在村居民投票比例", "share of those at home who vote",
              _of_those_at_home("vote"), "population_home"),
    of_funnel("participation_vote_away", "", 1, "外出居民投票比例", "share of those away who vote", _away_who_vote,
              "population_away"),
)  # fmt: skip

OF_VILLAGES = (
    Indicator("debt_mean", "万元", 0, "村均负债", "debt per village", mean_of("village.debt"), VILLAGES),
    Indicator("cash_mean", "万元", 0, "村均现金", "cash per village", mean_of("village.cash"), VILLAGES),
    Indicator("dividend_per_head", "元", 1, "村均人均分红", "dividend per head, mean of villages",
              mean_of("village.dividend_per_head"), VILLAGES),
    Indicator("dependency_mean", "", -1, "依赖度", "dependency", mean_of("village.dependency"), VILLAGES),
    Indicator("effort_mean", "", 1, "书记努力程度", "effort of secretaries", mean_of("secretary.effort"), VILLAGES),
    Indicator("ability_mean", "", 1, "书记综合能力", "ability of secretaries", mean_of("secretary.ability"), VILLAGES),
    Indicator("secretary_college_share", "", 1, "大专及以上书记比例", "secretaries with college",
              mean_of("secretary.is_college"), VILLAGES),
    Indicator("secretary_age_mean", "岁", 0, "书记平均年龄", "mean age of secretaries", mean_of("secretary.age"),
              VILLAGES),
    Indicator("training_mean", "", 1, "培训积累", "ability gained by training", mean_of("secretary.training_stock"),
              VILLAGES),
    Indicator("organisation_mean", "", 1, "组织力", "organisation", mean_of("village.organisation"), VILLAGES),
    Indicator("roads_done_share", "", 1, "道路提升比例", "village roads brought up to standard",
              mean_of("village.road_share"), VILLAGES),
    Indicator("trust_mean", "", 1, "村民信任", "trust of residents", mean_of("village.trust"), VILLAGES),
    Indicator("service_quality_mean", "", 1, "服务质量", "service quality", mean_of("village.service_quality"),
              VILLAGES),
    Indicator("home_share", "", 1, "在村比例", "share at home", mean_of("village.home_share"), VILLAGES),
    Indicator("elderly_share", "", 0, "在村老年比例", "elderly among those at home", mean_of("village.elderly_share"),
              VILLAGES),
    Indicator("capital_mean", "万元", 1, "村均经营性资产", "capital per village, pools and companies included",
              _capital, VILLAGES),
    yearly("failures", "个", -1, "项目失败数", "project failures in the year", _failures),
    yearly("failure_share", "", -1, "当年项目失败比例", "share of projects that failed in the year", _failure_share,
           "projects"),
    yearly("paired_villages", "村", 0, "结对村数", "villages with a sponsor", sum_of("village.paired")),
    yearly("promotions", "人", 0, "书记晋升人数", "secretaries promoted in the year", sum_of("secretary.promoted")),
    yearly("reformed_villages", "村", 0, "完成产权改革的村", "villages with property rights reformed",
           sum_of("village.reformed")),
    # what shares are shares of, so that those of a province follow from its counties
    Indicator(PEOPLE, "人", 0, "户籍人口", "registered population", sum_of(f"village.{PEOPLE}")),
    Indicator("population_home", "人", 0, "在村人口", "people at home", _people_home),
    Indicator("population_away", "人", 0, "外出人口", "people away", _people_away),
    Indicator("projects", "个", 0, "经营项目数", "projects of villages, by village and mode", _projects),
    yearly("project_grants_so_far", "万元", 0, "累计项目资金", "project grants so far",
           lambda now: now.ledger.ever_paid(PROJECT_GRANTS)),
)  # fmt: skip

OF_LEADERS = (
    yearly("removals", "人", 0, "清退书记人数", "secretaries removed in the year", sum_of("secretary.removed")),
    yearly("wrong_removals", "人", -1, "误清退书记人数", "secretaries of the abler half removed in the year",
           sum_of("secretary.wrongly_removed")),
    Indicator("income_reported_mean", "万元", 0, "村均上报经营性收入", "mean operating income as reported",
              mean_of("village.income_reported"), VILLAGES),
    *(Indicator(f"villages_{line:.0f}_reported", "村", 0, f"上报经营性收入达{line:.0f}万元的村",
                f"villages that report operating income of at least {line:.0f}万元",
                at_least("village.income_reported", line)) for line in LINES),
    Indicator("reports_just_above", "", 0, "临线村上报达线比例", "share of reports near a line that reach it",
              lambda now: share(*_near_lines(now)), "reports_near_line"),
    Indicator("reports_near_line", "村", 0, "临线上报的村次", "reports near a line", lambda now: _near_lines(now)[1]),
)  # fmt: skip

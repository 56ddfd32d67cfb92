"""A made-up study with the shapes of a real one, so that the analysis is tested without running the model."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from fake_recommendations import RECOMMENDATIONS, RECOMMENDED

from analysis.data.seal import files_in, hash_of, seal_of
from experiments.manifest import describe_indicator, describe_levers, parameter_row
from sim.indicators import INDICATORS
from sim.policies.registry import LEVERS
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import DECLARED

STRATEGIES = {
    "none": ("没有措施", "No measures"),
    "existing": ("现有措施", "Existing measures"),
    "existing_pairing_expanded": ("现有措施，扩大结对帮扶", "Existing, wider paired assistance"),
    "existing_joint_building": ("现有措施，加跨村联建", "Existing, plus joint building"),
    "existing_company_strengthened": ("现有措施，做强强村公司", "Existing, stronger town companies"),
    "existing_alliances": ("现有措施，加产业联盟", "Existing, plus industry alliances"),
    "existing_all_four": ("现有措施，四项一起加", "Existing, all four together"),
    "grants_same_cost": ("现有措施，同等资金全用作补助", "Existing, same money as plain grants"),
}
DRIFT = {
    "none": -0.35,
    "existing": 0.15,
    "existing_pairing_expanded": 0.34,
    "existing_joint_building": 0.42,
    "existing_company_strengthened": 0.24,
    "existing_alliances": 0.19,
    "existing_all_four": 0.62,
    "grants_same_cost": 0.48,
}
COSTS = {
    "paired_assistance": 6.0, "central_grant": 4.5, "joint_building": 0.35, "town_company": 1.2,
    "industry_alliance": 0.4, "enterprise_promotion": 0.5, "digital_platform": 1.1, "training": 0.3,
}  # fmt: skip
"""What each lever of the made-up strategies takes a village and year, 万元; the others are in none of them."""
PARTS = ("pairing", "joint", "company", "alliances")
FACTORIAL = {
    "existing": (),
    "existing_pairing_expanded": ("pairing",),
    "existing_joint_building": ("joint",),
    "existing_company_strengthened": ("company",),
    "existing_alliances": ("alliances",),
    **{f"existing_{one}_and_{two}": (one, two) for one, two in combinations(PARTS, 2)},
    **{f"existing_all_but_{one}": tuple(part for part in PARTS if part != one) for one in PARTS},
    "existing_all_four": PARTS,
}
"""The sixteen combinations of the four headline policies."""
STRATEGIES_MORE = {key: (f"现有措施＋{'＋'.join(parts)}", f"Existing, plus {' and '.join(parts)}")
                   for key, parts in FACTORIAL.items() if key not in STRATEGIES}  # fmt: skip
DRIFT |= {key: 0.15 + 0.07 * len(FACTORIAL[key]) + 0.01 * number for number, key in enumerate(STRATEGIES_MORE)}
STRATEGIES_MORE |= RECOMMENDED
DRIFT |= {"rec_joint_building": 0.42, "rec_small_steps": 0.15, "rec_norms": 0.02, "recommended": 0.55}
MEASURES = {"operating": ("经营性收入", 0.0), "total": ("总收入", 2.4), "profit": ("经营收益", -4.5)}
FUNNEL = {"": 0.25, "_home": 0.36, "_vote": 0.66, "_speak": 0.12, "_initiate": 0.06, "_online": 0.1}
USUAL = 0.3
"""What stands in every column about which the study makes up nothing."""
ASSUMED = {"source": "assumption"}
PARAMETERS = [
    parameter_row("leak_invest", DECLARED["leak_invest"], "world", None, "finance"),
    parameter_row("paired_assistance.income_line", LEVERS["paired_assistance"].settings()["income_line"], "setting", 10,
                  "pairing") | ASSUMED,
    parameter_row("kappa_joint", DECLARED["kappa_joint"], "world", None, "cooperation") | ASSUMED
    | {"drawn": True, "question": "Did the gap close?", "question_zh": "差距缩小了没有？"},
]  # fmt: skip


def levers_of(strategy: str) -> dict[str, dict]:
    """Levers of a made-up strategy with their settings."""
    if strategy == "none":
        return {}
    everything = "all_four" in strategy
    everything = everything or strategy == "recommended"
    added = {"joint_building": "joint", "industry_alliance": "alliances"}
    keys = [key for key in COSTS if key not in added or added[key] in strategy or everything]
    chosen = {key: {"intensity": 1.0, "start": 2024, "targeting": "all"} for key in keys}
    chosen["paired_assistance"]["income_line"] = 20 if "pairing" in strategy or everything else 10
    chosen["town_company"]["intensity"] = 2.0 if "company" in strategy or everything else 1.0
    chosen["central_grant"]["intensity"] = 2.4 if strategy == "grants_same_cost" else 1.0
    chosen["training"]["intensity"] = {"2024": 0.5, "2026": 1.0}
    return chosen


def manifest(strategies: list[str], futures: int, villages: int, horizon: int, starts: list[str]) -> dict:
    """Manifest of the made-up study."""
    names = {key: (STRATEGIES | STRATEGIES_MORE).get(key, (key, key)) for key in strategies}
    reference = "existing" if "existing" in strategies else strategies[0]
    return {
        "name": "compare",
        "id": "0a1b2c3d",
        "created": "2025-01-05T09:00:00",
        "command": "qiangcun compare",
        "strategies": [
            {
                "key": key,
                "zh": zh,
                "en": en,
                "description_zh": f"{zh}的说明。",
                "description_en": f"About: {en}.",
                "reference": key == reference,
                "incomplete": key.startswith("existing"),
                "levers": levers_of(key),
                "missing_zh": ["分档管理", "专家服务总团"] if key == "existing" else [],
                "missing_en": ["Graded management", "Expert corps"] if key == "existing" else [],
                **({"same_cost": SAME_COST} if key == "grants_same_cost" else {}),
            }
            for key, (zh, en) in names.items()
        ],
        "reference": reference,
        "futures": futures,
        "worlds": futures,
        "seeds": 1,
        "horizon": horizon,
        "start_year": 2024,
        "start": starts[0],
        "starts": starts,
        "discount_rate": 0.04,
        "district": {
            "key": "enyang",
            "zh": "恩阳区",
            "en": "Enyang district",
            "villages": villages,
            "towns": 18,
            "fingerprint": "ab" * 16,
            "facts": {"target_villages_30": 42, "villages": villages, "towns": 18, "resident_population": 345728},
            "given_columns": ["population"],
            "recommendations": RECOMMENDATIONS,
            "map": places(villages),
        },
        "parameters": PARAMETERS,
        "levers": describe_levers(),
        "versions": {"python": "3.11", "numpy": "2.4"},
        "git": "deadbeef",
        "hashes": {"model": "cd" * 16},
        "indicators": [describe_indicator(item) for item in INDICATORS.values()],
        "village_indicators": [describe_indicator(item) for item in VILLAGE_INDICATORS.values()],
    }


def places(villages: int) -> dict:
    """Towns, outline and village positions as `experiments.manifest.describe_district` writes them."""
    draw = np.random.default_rng(11)
    towns = draw.uniform(-20, 20, (18, 2)).round()
    of = [number % 18 for number in range(villages)]
    return {
        "town_zh": [f"玉山镇{number + 1}" for number in range(18)],
        "town_en": [f"Yushan {number + 1}" for number in range(18)],
        "town_position_km": towns.tolist(),
        "area_of_town": [number // 4 for number in range(18)],
        "parks_in_town": [number % 2 for number in range(18)],
        "outline_km": [[[-25, -25], [25, -22], [22, 25], [-24, 20], [-25, -25]]],
        "village_code": [f"5119032{number:05d}" for number in range(villages)],
        "town_of": of,
        "cluster_of": [number // 4 for number in range(villages)],
        "village_position_km": (towns[of] + draw.normal(0, 2, (villages, 2))).round(1).tolist(),
        "village_position_status": "synthetic",
    }


SAME_COST = {
    "target": "existing_all_four",
    "lever": "central_grant",
    "scale": 2.4,
    "cost": 31000.0,
    "target_cost": 31200.0,
    "futures": 20,
    "reached": True,
    "reason_zh": "",
    "reason_en": "",
}
"""As `same_cost.table(experiments)` writes it."""


def gini(values: np.ndarray) -> np.ndarray:
    """Gini coefficient along the last axis, negatives set to zero."""
    values = np.sort(np.maximum(values, 0), axis=-1)
    count = values.shape[-1]
    total = np.maximum(values.sum(axis=-1), 1e-12)
    return 2 * (values * np.arange(1, count + 1)).sum(axis=-1) / (count * total) - (count + 1) / count


def simulate(
    strategy: str, start: str, futures: int, villages: int, years: np.ndarray, constant: bool
) -> dict[str, np.ndarray]:
    """Village incomes of one made-up strategy, arrays `(futures, years, villages)`."""
    common = np.random.default_rng(7)
    level = 7.2 if start == "bazhong_mean" else 17.9
    base = common.lognormal(0, 1.0, (futures, villages)) * (common.random((futures, villages)) > 0.15) * level / 1.4
    weather = np.cumsum(common.normal(0, 0.04, (futures, len(years))), axis=1)
    skill = common.normal(0, 1, (futures, villages))
    if constant:
        base, weather, skill = np.full_like(base, level), weather * 0, skill * 0
    own = np.random.default_rng(len(strategy))
    noise = 0 if constant else own.normal(0, 0.25, (futures, villages))
    reach = {"none": skill * 0.2, "existing_joint_building": skill}.get(strategy, 0.5 + 0 * skill)
    luck = np.ones((futures, 1)) if constant else common.normal(1, 0.35, (futures, 1))
    doubt = 0 if constant else common.normal(0, 0.12, (futures, 1)) * (strategy == "existing_pairing_expanded")
    drift = (DRIFT.get(strategy, 0.2) - 0.15 * ("pairing" in strategy)) * (1 + 0.6 * reach + noise) * luck + doubt
    t = (years - years[0])[None, :, None]
    operating = np.maximum(0, base[:, None] * np.exp(weather[..., None]) + drift[:, None] * t)
    share = (
        0.25
        + 0.004 * t * (strategy != "none")
        + 0.002 * t * drift[:, None] * (1 + noise if constant else 1 + common.normal(0, 1, (futures, 1, 1)))
        + 0.02 * np.tanh(skill)[:, None]
    )
    return {
        "operating": operating,
        "total": operating + 2.4,
        "profit": operating * 0.42 - 1.5,
        "participation": share,
        "luck": luck,
    }


def write_worlds(folder: Path, luck: np.ndarray) -> None:
    """Parameters of the worlds: the speed of learning goes with luck, all others with nothing."""
    draw, worlds = np.random.default_rng(3), np.arange(len(luck))
    values = {f"noise_{number}": draw.random(len(luck)) for number in range(30)}
    values |= {
        "leak_invest": draw.random(len(luck)),
        "kappa_joint": np.exp(luck[:, 0]),
        "held": np.full(len(luck), 2.0),
    }
    pd.DataFrame({"world": worlds, **values}).to_parquet(folder / "worlds.parquet")


def district_indicators(strategy: str, data: dict[str, np.ndarray], villages: int) -> dict[str, np.ndarray]:
    """Indicators of the district `(futures, years)` from village arrays."""
    operating = data["operating"]
    table = {}
    for measure in MEASURES:
        income = data[measure]
        table[f"income_{measure}_mean"] = income.mean(axis=2)
        for name, line in (("10", 10), ("aim", 30)):
            table[f"villages_{name}_{measure}"] = (income >= line).sum(axis=2)
    table["income_operating_median"] = np.median(operating, axis=2)
    table["income_operating_p10"], table["income_operating_p90"] = np.quantile(operating, [0.1, 0.9], axis=2)
    table["income_operating_gini"], table["income_profit_gini"] = gini(operating), gini(data["profit"])
    table["villages_below_5_operating"] = (operating < 5).sum(axis=2)
    table["villages_zero_operating"] = (operating <= 0).sum(axis=2)
    attending = data["participation"].mean(axis=2)
    for suffix, level in FUNNEL.items():
        table[f"participation{suffix}"] = attending * level / 0.25
    active = levers_of(strategy) if strategy in STRATEGIES | STRATEGIES_MORE else {"central_grant": {}}
    payers = dict.fromkeys(("central", "district", "sponsors"), 0.0)
    for key, cost in COSTS.items():
        factor = {
            "paired_assistance": 1.7 if "pairing" in strategy or "all_four" in strategy else 1.0,
            "town_company": 2.0 if "company" in strategy or "all_four" in strategy else 1.0,
            "central_grant": 2.4 if strategy == "grants_same_cost" else 1.0,
        }.get(key, 1.0)
        spent = (key in active) * cost * factor * villages * (1 + 0.1 * (operating.mean(axis=2) - 8) / 8)
        table[f"cost_{key}"] = spent
        payers[LEVERS[key].defaults()["payer"]] += spent
    for payer, spent in payers.items():
        table[f"public_cost_{payer}"] = spent
    table["public_cost"] = sum(payers.values())
    table["capital_mean"] = operating.mean(axis=2) * 6
    table |= fates(strategy, active, operating)
    usual = np.full(operating.shape[:2], USUAL)
    return {**{name: usual * ("cost" not in name) for name in INDICATORS}, **table}


def fates(strategy: str, active: dict, operating: np.ndarray) -> dict[str, np.ndarray]:
    """Companies, alliances and enterprises of one made-up strategy, `(futures, years)`."""
    shape = operating.shape[:2]
    draw = np.random.default_rng(len(strategy))
    t, noise = np.arange(shape[1])[None, :], draw.normal(0, 1, shape)
    company, alliance = "town_company" in active, "industry_alliance" in active
    enterprise = "enterprise_promotion" in active
    strong = 1.3 if "company" in strategy else 1.0
    closed = np.cumsum(draw.random(shape) < 0.2 / strong, axis=1) * company
    dissolved = np.cumsum(draw.random(shape) < 0.3, axis=1) * alliance
    alive = np.maximum(np.minimum(4 * t, 30) - dissolved, 0) * alliance
    nothing = np.full(shape, np.nan)
    return {
        "companies_active": (18 - closed) * company,
        "companies_closed": closed,
        "companies_failed": (draw.random(shape) < 0.2) * company,
        "professionals_in_post": np.clip(10 * strong + noise, 0, 18) * company,
        "company_members": 160.0 * company + 0 * noise,
        "company_stakes_mean": 3.0 * company + 0 * noise,
        "company_payout_mean": (0.15 * strong + 0.02 * noise) * company,
        "company_return_median": 0.03 * strong + 0.01 * noise if company else nothing,
        "company_return_p90": 0.11 * strong + 0.02 * noise if company else nothing,
        "company_profit_median": (4 + noise) * company,
        "alliances_alive": alive,
        "alliances_dissolved": dissolved,
        "alliance_members": 4.0 * alive,
        "alliance_quality": np.clip(0.7 + 0.05 * noise, 0, 1) if alliance else nothing,
        "alliance_gain_mean": 0.4 + 0.3 * noise if alliance else nothing,
        "enterprises": np.minimum(3 * t + noise, 40) * enterprise,
        "enterprise_fees_mean": (0.2 + 0.02 * noise) * enterprise,
        "idle_rent_mean": (0.5 + 0.02 * noise) * ("property_rights_reform" in active),
        "pipeline_projects": np.minimum(8.0 * t, 90) * enterprise,
        "organisation_mean": 0.5 + 0.005 * t + 0 * noise,
    }


def write(
    folder: Path,
    strategies: list[str] | None = None,
    futures: int = 20,
    villages: int = 60,
    horizon: int = 2035,
    starts: tuple[str, ...] = ("bazhong_mean", "target_consistent"),
    constant: bool = False,
    forms: dict[str, dict[str, str]] | None = None,
) -> Path:
    """Write a made-up study and return its folder; in other forms of the model every strategy does alike."""
    folder = Path(folder)
    (folder / "villages.parquet").mkdir(parents=True, exist_ok=True)
    strategies = list(strategies or STRATEGIES)
    facts = manifest(strategies, futures, villages, horizon, list(starts))
    facts |= {"structures": forms} if forms else {}
    years = np.arange(2023, horizon + 1)
    frames = []
    for strategy in strategies:
        for start in [*(starts if strategy == facts["reference"] else starts[:1]), *(forms or {})]:
            data = simulate(strategy, start, futures, villages, years, constant)
            index = pd.MultiIndex.from_product([range(futures), years], names=["world", "year"])
            table = district_indicators(strategy, data, villages)
            wide = pd.DataFrame({k: np.broadcast_to(v, (futures, len(years))).ravel() for k, v in table.items()}, index)
            wide.loc[wide.index.get_level_values("year") == 2023, [c for c in wide if "cost" in c]] = np.nan
            wide = wide.reset_index()
            keys = {"strategy": strategy, "start": start, "world": wide["world"], "seed": wide["world"]}
            frames.append(pd.DataFrame({**keys, "year": wide["year"]}).join(wide.drop(columns=["world", "year"])))
            if start == starts[0]:
                write_worlds(folder, data["luck"])
                write_villages(folder, strategy, start, data, years)
    write_runs(folder, pd.concat(frames, ignore_index=True))
    facts["hashes"] = {name: hash_of(folder / name) for name in files_in(folder)}
    facts["seal"] = seal_of(facts)
    (folder / "manifest.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return folder


def write_runs(folder: Path, runs: pd.DataFrame) -> None:
    """Write the table of runs as the store does: a row group for each strategy and start."""
    runs = runs.astype(
        {"strategy": "category", "start": "category", "world": "int32", "seed": "int64", "year": "int32"}
    )
    table = pa.Table.from_pandas(runs, preserve_index=False)
    with pq.ParquetWriter(folder / "runs.parquet", table.schema) as writer:
        for place in runs.groupby(["strategy", "start"], observed=True, sort=False).indices.values():
            writer.write_table(table.take(place))


def write_villages(folder: Path, strategy: str, start: str, data: dict[str, np.ndarray], years: np.ndarray) -> None:
    """Write the village table of one strategy as one part file."""
    futures, _, villages = data["operating"].shape
    codes = [f"5119032{number:05d}" for number in range(villages)]
    towns = [f"玉山镇{number % 18 + 1}" for number in range(villages)]
    index = pd.MultiIndex.from_product([range(futures), years, codes], names=["world", "year", "village"])
    table = pd.DataFrame({f"income_{name}": data[name].ravel().astype("float32") for name in MEASURES}, index=index)
    table["participation"] = data["participation"].ravel().astype("float32")
    table["capital"] = table["income_operating"] * 6
    usual = dict.fromkeys((name for name in VILLAGE_INDICATORS if name not in table), np.float32(USUAL))
    for name, values in {**usual, **village_columns(strategy, data["operating"])}.items():
        table[name] = np.broadcast_to(values, data["operating"].shape).ravel().astype("float32")
    table = table.reset_index()
    table["seed"] = table["world"]
    table["town"] = pd.Categorical(np.tile(towns, futures * len(years)))
    table["village"] = table["village"].astype("category")
    table.insert(0, "strategy", strategy)
    table.insert(1, "start", start)
    table.to_parquet(folder / "villages.parquet" / f"part-{strategy}.parquet")


def village_columns(strategy: str, operating: np.ndarray) -> dict[str, np.ndarray]:
    """Conditions, memberships and money of villages, broadcastable to `(futures, years, villages)`."""
    futures, _, villages = operating.shape
    draw = np.random.default_rng(5)
    one = (futures, 1, villages)
    active = levers_of(strategy) if strategy in STRATEGIES | STRATEGIES_MORE else {}
    alliance = (draw.random(one) < 0.4) * ("industry_alliance" in active)
    company = (draw.random(one) < 0.7) * 5.0 * ("town_company" in active)
    pool = (draw.random(one) < 0.2) * 3.0 * ("joint_building" in active)
    return {
        "home_share": draw.uniform(0.3, 0.8, one),
        "organisation": draw.uniform(0, 1, one),
        "market_access": np.exp(draw.normal(0, 0.4, one)),
        "service_upgraded": (draw.random(one) < 0.4) * 1.0,
        "dependency": np.where(operating[:, :1] < 10, 0.5, 0.2),
        "alliance": alliance * 1.0,
        "stake": company + pool,
        "company_stake": company,
        "venture_income": 0.3 * alliance,
        "public_money": 8 / (1 + operating[:, :1]) * (strategy != "none") + 0.2,
    }

"""The ten modes of collective business (发展模式) and their parameters (model table C4).

The report names the first three of ten modes; the other seven are assumptions, and so is every number here. They are
ordered by what the field reports: self-run farming risky, leases and photovoltaics safe and modest.

Worlds do not draw the cells one by one, for so many draws average out and leave the level too sure; they draw what all
modes have in common (`ModeParameters`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.parameters import ASSUMPTION, Parameter, Parameters

REFERENCE_CAPITAL = 50.0
"""万元; the size of project at which `revenue_yield` is stated (central scheme of at least 50万 a village)."""

FIELDS: dict[str, tuple[str, str, str]] = {
    "revenue_yield": ("yuan of revenue a year per yuan of a 50万 project", "产出率", "revenue yield"),
    "margin": ("share of revenue", "毛利率", "margin"),
    "returns_to_scale": ("exponent of capital", "规模报酬", "returns to scale"),
    "endowment_exponent": ("exponent", "资源弹性", "exponent of resource endowment"),
    "access_exponent": ("exponent", "区位弹性", "exponent of market access"),
    "manager_exponent": ("log points per unit of M", "管理弹性", "effect of the manager"),
    "labour_exponent": ("exponent", "劳动弹性", "exponent of labour at home"),
    "minimum_scale": ("万元", "最低规模", "minimum scale"),
    "failure_hazard": ("per year", "失败率", "failure hazard"),
    "loss_given_failure": ("share of capital", "失败损失率", "loss given failure"),
    "collateral_share": ("share of capital", "抵押率", "collateral value"),
    "depreciation": ("per year", "折旧率", "depreciation"),
    "delay_quarters": ("quarters", "建设期", "delay before it produces"),
}


@dataclass(frozen=True)
class Mode:
    """A mode of collective business.

    Attributes:
        key: name in configuration.
        zh: Chinese name.
        en: English name.
        alone: whether a village can run it alone; the others need a pool.
        exposed: whether it is an industry mode, fully exposed to its industry's prices.
        values: one number for each of `FIELDS`.
    """

    key: str
    zh: str
    en: str
    alone: bool
    exposed: bool
    values: tuple[float, ...]


MODES = (
    Mode("village_enterprise", "村企合作", "village-enterprise partnership", True, False,
         (0.080, 0.85, 0.85, 0.15, 0.30, 0.15, 0.10, 30, 0.04, 0.5, 0.30, 0.030, 4)),
    Mode("group_development", "组团发展", "group development", False, False,
         (0.160, 0.60, 0.95, 0.15, 0.25, 0.40, 0.10, 150, 0.04, 0.5, 0.0, 0.040, 4)),
    Mode("entity_operation", "实体创收", "own entity", True, True,
         (0.280, 0.36, 0.80, 0.20, 0.30, 0.60, 0.30, 40, 0.08, 0.5, 0.40, 0.050, 3)),
    Mode("resource_development", "资源开发", "resource development", True, True,
         (0.200, 0.50, 0.75, 0.60, 0.40, 0.40, 0.10, 60, 0.09, 0.5, 0.30, 0.040, 6)),
    Mode("asset_leasing", "资产租赁", "asset leasing", True, False,
         (0.070, 0.92, 0.80, 0.10, 0.60, 0.10, 0.00, 10, 0.02, 0.3, 0.70, 0.030, 1)),
    Mode("service_income", "服务创收", "service income", True, False,
         (0.300, 0.33, 0.70, 0.00, 0.30, 0.60, 0.30, 10, 0.05, 0.4, 0.20, 0.050, 1)),
    Mode("industry_driven", "产业带动", "industry-driven farming", True, True,
         (0.300, 0.33, 0.75, 0.50, 0.20, 0.50, 0.40, 30, 0.10, 0.5, 0.20, 0.050, 4)),
    Mode("share_cooperation", "股份合作", "share cooperation", True, True,
         (0.150, 0.48, 0.80, 0.30, 0.20, 0.40, 0.30, 40, 0.06, 0.5, 0.30, 0.040, 4)),
    Mode("photovoltaic", "光伏发电", "photovoltaics", True, False,
         (0.110, 0.82, 1.00, 0.10, 0.00, 0.05, 0.00, 30, 0.02, 0.3, 0.60, 0.045, 2)),
    Mode("enclave", "飞地项目", "enclave project", False, False,
         (0.100, 0.95, 1.00, 0.00, 0.00, 0.10, 0.00, 50, 0.02, 0.4, 0.0, 0.020, 4)),
)  # fmt: skip
"""Enclave stands with yield 0.10 and minimum scale 50 of a pooled project (EQ-27b)."""

OWN_MODES = tuple(mode for mode in MODES if mode.alone)
VENTURE_KEYS = ("enclave", "group_development", "asset_leasing", "service_income", "entity_operation")
VENTURE_MODES = tuple(mode for key in VENTURE_KEYS for mode in MODES if mode.key == key)
"""Modes that ventures run: pools the first two, town companies all but group development."""
POOL_MODES = tuple(mode for mode in VENTURE_MODES if not mode.alone)
EXPOSED = np.array([mode.exposed for mode in OWN_MODES])
VENTURE_EXPOSED = np.array([mode.exposed for mode in VENTURE_MODES])
PHOTOVOLTAIC = np.array([mode.key == "photovoltaic" for mode in OWN_MODES])
LEASING = [mode.key for mode in OWN_MODES].index("asset_leasing")
SERVICE_INCOME = [mode.key for mode in OWN_MODES].index("service_income")


SOURCED: dict[str, tuple[float, float, str]] = {
    "village_enterprise.revenue_yield": (0.06, 0.10, "Gaoxian, Pingchang: 5-6.7 % (theworldseeds 100911)"),
    "share_cooperation.revenue_yield": (0.11, 0.18, "Gaoxian, Pingchang, Wenzhou: 5-8.3 % (fx361 13626050)"),
    "entity_operation.failure_hazard": (0.05, 0.12, "small firms die at 8.2 % a year (3693630133df)"),
    "entity_operation.manager_exponent": (0.3, 0.9, "India: ln 1.17 / 0.26 (openknowledge)"),
    "resource_development.failure_hazard": (0.05, 0.14, "a third of rural tourism at a standstill (sdiia 7106672a)"),
    "industry_driven.failure_hazard": (0.03, 0.20, "158 counties: 1 % of money fails at once (feifmx 30816524)"),
}
"""Lower end, upper end and source of the cells of the table for which figures are in print."""


def _range(field: str, value: float) -> tuple[float, float]:
    """Declared range: ±30 % unless a narrower one is needed for sense; hazards from half to double."""
    if field == "revenue_yield":  # the common level of all yields varies by another ±15 %
        return 0.85 * value, 1.15 * value
    if field == "margin":
        return 0.9 * value, min(1.1 * value, 0.98)
    if field == "returns_to_scale":  # near 1 steady states explode (known answer K1)
        return value - 0.05, min(value + 0.05, 1.0)
    if field == "failure_hazard":
        return 0.5 * value, 2.0 * value
    if field == "delay_quarters":
        return max(1.0, value - 1), value + 1
    return 0.7 * value, 1.3 * value


def _declare() -> dict[str, Parameter]:
    """One parameter for each non-zero cell of the mode table; zeros are structure, not numbers to vary."""
    declared = {}
    for mode in MODES:
        for field, value in zip(FIELDS, mode.values, strict=True):
            if value:
                unit, zh, en = FIELDS[field]
                name = f"{mode.key}.{field}"
                low, high, source = SOURCED.get(name) or (*_range(field, value), ASSUMPTION)
                labels = f"{mode.zh}：{zh}", f"{mode.en}: {en}"
                declared[name] = Parameter(value, low, high, unit, source, *labels, name, "mode_table", drawn=False)
    return declared


class ModeParameters(Parameters):
    """What all modes have in common and nobody knows."""

    mode_margin = Parameter(1.0, 0.9, 1.1, "ratio", ASSUMPTION, "各模式毛利率总体水平", "common level of margins")
    mode_own_run = Parameter(
        1.0, 0.85, 1.15, "ratio", ASSUMPTION, "自营产业模式的相对产出", "yield of industry modes relative to the others"
    )
    mode_place = Parameter(
        1.0, 0.6, 1.4, "ratio", ASSUMPTION, "资源与区位弹性总体水平", "common level of exponents of place"
    )
    mode_manager = Parameter(
        1.0, 0.5, 1.5, "ratio", "World Bank 29442: +17 % at +0.26 of practices; 0.3-0.9 of own entities",
        "管理弹性总体水平", "common level of effects of the manager",
    )  # fmt: skip
    mode_scale = Parameter(1.0, 0.7, 1.3, "ratio", ASSUMPTION, "最低规模总体水平", "common level of minimum scales")
    mode_hazard = Parameter(
        1.0, 0.6, 1.6, "ratio", "small firms die at 8.2 % a year in 16 panels; spread assumed", "失败率总体水平",
        "common level of failure hazards",
    )  # fmt: skip
    mode_wear = Parameter(1.0, 0.7, 1.3, "ratio", ASSUMPTION, "折旧率总体水平", "common level of depreciation")
    mode_delay = Parameter(0.0, -1.0, 2.0, "quarters", ASSUMPTION, "建设期总体变动", "common shift of delays")


FACTORS = {
    "margin": "mode_margin", "endowment_exponent": "mode_place", "access_exponent": "mode_place",
    "manager_exponent": "mode_manager", "minimum_scale": "mode_scale", "failure_hazard": "mode_hazard",
    "depreciation": "mode_wear",
}  # fmt: skip
"""Common factor of each field; of the yield it is `yield_level`, which processes read.

Losses act only together with hazards, and collateral with `collateral_multiplier`, so that they have none."""
MOST_MARGIN = 0.98
"""Near 1 steady states explode (known answer K1)."""

MODE_PARAMETERS = _declare()


def mode_arrays(values: Mapping[str, np.ndarray], runs: int) -> dict[str, np.ndarray]:
    """Arrays `(R, 1, 8)` of each field for modes run alone, and `venture_<field>` `(R, 1, 5)` for those of ventures."""
    arrays = {}
    for field in FIELDS:
        for prefix, modes in (("", OWN_MODES), ("venture_", VENTURE_MODES)):
            columns = [in_world(mode, field, values, np.zeros(runs)) for mode in modes]
            arrays[prefix + field] = np.stack(columns, axis=-1)[:, None, :]
    return arrays


def in_world(mode: Mode, field: str, values: Mapping[str, Any], absent: Any) -> Any:
    """A cell of the table in each world: its number and what all modes have in common there; `absent` where empty."""
    alone = values.get(f"{mode.key}.{field}", absent)
    cell = alone * values[FACTORS[field]] if field in FACTORS else alone
    if field == "revenue_yield" and mode.exposed:
        return cell * values["mode_own_run"]
    if field == "margin":
        return np.minimum(cell, np.maximum(alone, MOST_MARGIN))
    if field == "delay_quarters":
        return np.maximum(np.rint(cell + values["mode_delay"]), np.minimum(np.rint(alone), 1.0))
    return cell


def self_finance_table(
    values: Mapping[str, float], reinvest: float, reserve: float, leak: float
) -> list[dict[str, Any]]:
    """Self-finance ratio of each mode: reinvested profit over what wears out and fails; below 1 a village shrinks.

    `φ · margin · v · (1 - leak) / (δ + h · lgd)` with φ the share reinvested, without and with the reserve.
    """
    rows = []
    for mode in MODES:
        v, margin, wear, hazard, loss = (
            values[f"{mode.key}.{field}"]
            for field in ("revenue_yield", "margin", "depreciation", "failure_hazard", "loss_given_failure")
        )
        ratio = margin * v * (1 - leak) / (wear + hazard * loss)
        rows.append(
            {"mode": mode.key, "zh": mode.zh, "en": mode.en, "reinvested": reinvest * ratio,
             "with_reserve": (reinvest + reserve) * ratio}
        )  # fmt: skip
    return rows

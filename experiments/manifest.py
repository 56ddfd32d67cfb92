"""What a study says of itself: design, labels, parameters, versions, hashes."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import sim
from experiments.budget import CAPPED, EQUAL_COST, UNCAPPED
from experiments.provinces import describe_province, province_indicators
from experiments.reach import describe_reach
from experiments.study import Study, as_plain, model_fingerprint
from scenarios.plausibility import tell_given, to_km
from scenarios.province import Province
from sim.ablation import PROCESSES
from sim.district import District
from sim.engine import Engine
from sim.futures import numbered
from sim.indicators import INDICATORS, Indicator
from sim.options import RunOptions
from sim.parameters import Parameter
from sim.policies.base import Choice, Setting, Strategy
from sim.policies.reach import is_on
from sim.policies.registry import LEVERS
from sim.questions import QUESTION_OF
from sim.rules.registry import find
from sim.structures import in_force
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import DECLARED

PACKAGES = ("qiangcun", "mesa", "numpy", "scipy", "pandas", "pyarrow", "matplotlib", "hydra-core", "omegaconf")


def describe(study: Study, command: str, futures: int | None = None, reached: bool | None = None) -> dict[str, Any]:
    """The manifest of a study, without the hashes of its results.

    Args:
        study: what was run.
        command: how it was called.
        futures: number of futures that were run; all of the study's unless given.
        reached: whether the precision asked for was reached.
    """
    content = {
        "name": study.name,
        "id": study.id,
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": command,
        **told(study, len(study.futures) if futures is None else futures, reached),
        "district": describe_district(study),
        "reach": describe_reach(study),
        "configuration": study.description(),
        "versions": versions(),
        "git": git_state(),
        "hashes": {"model": model_fingerprint(), "district": study.district.fingerprint},
    }
    return as_plain(content)


def told(study: Study, futures: int, reached: bool | None = None) -> dict[str, Any]:
    """What a manifest repeats of the configuration, and labels: all that follows without the district's data."""
    return {
        "strategies": [describe_strategy(strategy, study) for strategy in study.strategies],
        "reference": study.reference,
        "futures": futures,
        "design": describe_design(study),
        "detail": study.detail,
        **describe_stopping(study, futures, reached),
        "horizon": study.options.horizon,
        "start_year": study.options.start_year,
        "start": study.options.start,
        "starts": [study.options.start, *study.other_starts],
        "residents": study.options.residents_per_village,
        "project_grants_in_total": study.options.project_grants_in_total,
        "discount_rate": study.discount_rate,
        "budget": describe_budget(study),
        "parameters": describe_parameters(study),
        "ranges": study.ranges,
        "structure": dict(in_force(study.options.structure)),
        "rules": [
            {"key": key, "zh": find(key).zh, "en": find(key).en, "values": find(key)(values).values}
            for key, values in study.options.rules.items()
        ],
        "levers": describe_levers(),
        "indicators": [describe_indicator(item) for item in indicators_of(study).values()],
        "village_indicators": [describe_indicator(item) for item in VILLAGE_INDICATORS.values()],
        **({"sweep": study.sweep} if study.sweep else {}),
        **({"structures": study.forms} if study.structures else {}),
    }


def indicators_of(study: Study) -> Mapping[str, Indicator]:
    """What the table of runs holds: of a province, what counties' values tell."""
    return province_indicators() if isinstance(study.district, Province) else INDICATORS


def describe_design(study: Study) -> dict[str, Any]:
    """How the futures were chosen, and where their worlds and seeds lie."""
    futures = study.futures
    return {
        **study.design,
        "futures": len(futures),
        "drawn": futures.drawn,
        "names": list(futures.names),
        "hash": futures.fingerprint,
    }


def describe_stopping(study: Study, futures: int, reached: bool | None) -> dict[str, Any]:
    """The rule by which a study could stop early, and whether it did; nothing where it had none."""
    if study.stopping is None:
        return {}
    return {"stopping": {**asdict(study.stopping), "futures": futures, "most": len(study.futures), "reached": reached}}


def describe_strategy(strategy: Strategy, study: Study) -> dict[str, Any]:
    """A strategy with the settings of the levers it uses, defaults too; what is not set at all is left out.

    `same_cost` says how it was given the cost of another strategy, where it was.
    """
    same_cost = study.same_cost.get(strategy.key)
    full = {
        key: {name: value for name, value in {**lever.defaults(), **strategy.levers[key]}.items() if value is not None}
        for key, lever in LEVERS.items()
        if key in strategy.levers
    }
    return {
        "key": strategy.key,
        "zh": strategy.zh,
        "en": strategy.en,
        "description_zh": strategy.description_zh,
        "description_en": strategy.description_en,
        "reference": strategy.key == study.reference,
        "incomplete": bool(strategy.missing_zh or strategy.missing_en),
        "missing_zh": strategy.missing_zh,
        "missing_en": strategy.missing_en,
        **({"without": describe_without(strategy)} if strategy.without else {}),
        "levers": {key: settings for key, settings in full.items() if is_on(settings)},
        **({"same_cost": same_cost.to_dict()} if same_cost else {}),
    }


def describe_without(strategy: Strategy) -> dict[str, dict[str, str]]:
    """Processes that the strategy leaves out of the model, with their names."""
    return {name: {"zh": PROCESSES[name].zh, "en": PROCESSES[name].en} for name in strategy.without}


def describe_budget(study: Study) -> dict[str, Any]:
    """What strategies may spend: mode, the strategy whose cost all have, or the yearly budget and its priorities."""
    annual, priority = study.options.annual_budget, study.options.priority
    mode = EQUAL_COST if study.equal_to else UNCAPPED if annual is None else CAPPED
    return {"mode": mode, "equal_to": study.equal_to, "annual": annual, "priority": priority}


def describe_district(study: Study) -> dict[str, Any]:
    """The place: names, counts, published figures, and which columns a user's own table gives."""
    district = study.district
    if isinstance(district, Province):
        return {**describe_province(district), "source": study.source}
    return {
        "key": district.key,
        "zh": district.zh,
        "en": district.en,
        "villages": district.villages,
        "towns": district.towns,
        "clusters": district.clusters,
        "fingerprint": district.fingerprint,
        "facts": district.facts,
        "stand_ins": district.stand_ins,
        "source": study.source,
        "aims": [dict(item) for item in district.aims],
        "observations": [dict(item) for item in district.observations],
        "given_columns": list(district.given),
        "given_told": dict(zip(("zh", "en"), zip(*tell_given(district), strict=True), strict=False)),
        "recommendations": [dict(item) for item in district.recommendations],
        "map": describe_map(district),
    }


def describe_map(district: District) -> dict[str, Any]:
    """What a schematic map needs; villages stand where the default draw of world 0 puts them."""
    options, futures = RunOptions(residents_per_village=0), numbered([0], drawn=False)
    village = Engine(district, Strategy("none"), futures, options).now.state.village
    positions = np.stack([village.position_x_km[0], village.position_y_km[0]], axis=1)
    own = {"position_x_km", "position_y_km"} <= set(district.given)
    return {
        "town_zh": district.town_name,
        "town_en": district.town_name_en,
        "town_position_km": district.town_position_km.tolist(),
        "area_of_town": district.area_of_town.tolist(),
        "parks_in_town": district.parks_in_town.tolist(),
        "outline_km": [outline_km(ring, district.seat_degrees) for ring in district.outline_degrees],
        "village_code": district.village_code.tolist(),
        "town_of": district.town_of.tolist(),
        "cluster_of": district.cluster_of.tolist(),
        "village_position_km": positions.round(1).tolist(),
        "village_position_status": "given" if own else "synthetic",
    }


def outline_km(ring: np.ndarray, seat: tuple[float, ...]) -> list[list[float]]:
    """A ring of degrees `(points, 2)` as kilometres east and north of the seat; empty where no seat is given."""
    return to_km(ring, seat).round(1).tolist() if seat else []


def describe_parameters(study: Study) -> list[dict[str, Any]]:
    """What can act in the study: parameters of the world, and settings as the reference has them.

    `drawn` says whether a value differs between the worlds.
    """
    chosen = {*study.ranges, *study.futures.names, *study.held_apart}
    reference = next(strategy for strategy in study.strategies if strategy.key == study.reference)
    rows = []
    for name, item in DECLARED.items():
        if not study.can_act(name) and name not in {*study.parameters, *chosen}:
            continue
        varies = name in chosen or (study.futures.drawn and item.drawn)
        value = study.parameters.get(name, None if varies else item.default)
        row = parameter_row(name, item, "world", value, item.module)
        row["drawn"] = value is None
        if row["drawn"] and name in QUESTION_OF:
            row["question"], row["question_zh"] = QUESTION_OF[name].en, QUESTION_OF[name].zh
        if name in study.ranges:
            row["low"], row["high"] = study.ranges[name]
        rows.append(row)
    for key, lever in LEVERS.items():
        if key not in study.levers_on:
            continue
        values = {**lever.defaults(), **reference.levers.get(key, {})}
        for name, setting in lever.settings().items():
            if isinstance(setting, Setting):
                rows.append(parameter_row(f"{key}.{name}", setting, "setting", values[name], key))
    return rows


def parameter_row(name: str, item: Parameter, kind: str, value: Any, module: str) -> dict[str, Any]:
    """One line of the list of parameters."""
    return {
        "name": name, "default": item.default, "low": item.low, "high": item.high, "unit": item.unit,
        "unit_zh": item.unit_zh, "source": item.source, "zh": item.zh, "en": item.en,
        "kind": kind, "value": value, "module": module,
    }  # fmt: skip


def describe_levers() -> dict[str, Any]:
    """Every lever: labels, payer, unit costs, what it changes."""
    return {
        key: {
            "zh": lever.zh,
            "en": lever.en,
            "place": lever.place,
            "payer": lever.defaults()["payer"],
            "unit_costs": {
                name: {"value": item.default, "unit": item.unit, "zh": item.zh, "en": item.en}
                for name, item in lever.unit_costs().items()
            },
            "choices": {
                name: {"zh": item.zh, "en": item.en, "options": item.options}
                for name, item in lever.settings().items()
                if isinstance(item, Choice)
            },
            "changes": lever.changes,
        }
        for key, lever in LEVERS.items()
    }


def describe_indicator(item: Indicator) -> dict[str, Any]:
    """Unit, direction and labels."""
    return {"name": item.name, "unit": item.unit, "direction": item.direction, "zh": item.zh, "en": item.en}


def versions() -> dict[str, str]:
    """Versions of Python, of the system and of the packages that numbers depend on."""
    found = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def git_state() -> Mapping[str, Any]:
    """Commit of the source tree and whether files differ from it; empty if it is no git tree."""
    root, git = Path(sim.__file__).parent.parent, shutil.which("git")
    if git is None or Path(git).resolve().parent == Path.cwd() or not (root / ".git").exists():  # Windows looks there
        return {}
    commit = _ask(git, root, "rev-parse", "HEAD")
    return {"commit": commit, "changed": bool(_ask(git, root, "status", "--porcelain"))} if commit else {}


def _ask(git: str, root: Path, *words: str) -> str:
    try:  # a fixed command of fixed words
        answer = subprocess.run(  # noqa: S603
            [git, "-C", str(root), *words], capture_output=True, text=True, encoding="utf-8", timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""

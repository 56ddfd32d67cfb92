"""Headline indicators of one small study, kept in `headline.json`: `make golden` writes what the model gives now."""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
import tomllib
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILE = HERE / "headline.json"
CHANGELOG = ROOT / "CHANGELOG.md"

FUTURES, HORIZON, RESIDENTS = range(4), 2030, 10
YEARS = (2023, 2024, 2027, 2030)
INDICATORS = (
    "income_operating_mean", "income_total_mean", "income_profit_mean", "income_operating_gini",
    "villages_aim_operating", "villages_10_operating", "villages_aim_profit", "participation", "participation_vote",
    "home_share", "ability_mean", "effort_mean", "secretary_college_share", "organisation_mean", "trust_mean",
    "dividend_per_head", "alliance_quality", "enterprises",
    "service_quality_mean", "dependency_mean", "capital_mean", "debt_mean", "leaked", "failures", "public_cost",
    "public_cost_central", "public_cost_sponsors",
)  # fmt: skip
TOLERANCE = 1e-9
"""Relative. Another processor or NumPy may differ in the last digits of an exponential (1e-16), and sums over 209
villages and seven years carry that to 1e-13 or so; a change of a rule or a parameter shows in the first digits."""

Numbers = dict[str, dict[str, list[float]]]


def compute() -> Numbers:
    """Mean over the futures in the years, by strategy and indicator; 0 stands where an indicator is not defined yet."""
    from experiments import compare
    from scenarios import load_district

    names = yaml.safe_load((ROOT / "conf/strategies/headline.yaml").read_text(encoding="utf-8"))["names"]
    study = compare(load_district("enyang"), names, seeds=FUTURES, horizon=HORIZON, residents=RESIDENTS)
    table = study.to_frame().groupby(["strategy", "indicator", "year"], observed=True)["value"].mean()
    found = {}
    for name in names:
        rows = {indicator: table[name][indicator] for indicator in INDICATORS}
        found[name] = {key: [float(row.get(year, 0.0)) for year in YEARS] for key, row in rows.items()}
    return {name: {key: [0.0 if math.isnan(x) else x for x in row] for key, row in rows.items()}
            for name, rows in found.items()}  # fmt: skip


def differences(old: Numbers, new: Numbers) -> list[str]:
    """What differs by more than the tolerance, as `strategy indicator year: old -> new`."""
    found = [f"{name}: only on one side" for name in sorted(set(old) ^ set(new))]
    for name in [key for key in new if key in old]:
        found += [f"{name} {key}: only on one side" for key in sorted(set(old[name]) ^ set(new[name]))]
        for key in [key for key in new[name] if key in old[name]]:
            for year, one, two in zip(YEARS, old[name][key], new[name][key], strict=True):
                if not math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=1e-12):
                    found.append(f"{name} {key} {year}: {one!r} -> {two!r}")
    return found


def digest(numbers: Numbers) -> str:
    """Fingerprint of the numbers as they stand in the file."""
    return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:16]


def sections() -> list[tuple[str, str]]:
    """Headings of the CHANGELOG with their text, newest first."""
    parts = re.split(r"^## (.+)$", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [(name.strip(), text) for name, text in zip(parts[::2], parts[1::2], strict=True)]


def read() -> dict:
    """The file: `numbers`, and the fingerprint at each heading of the CHANGELOG."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def write() -> None:
    """Write the numbers of now; those that agree with the file keep its digits, so that nothing changes for nothing."""
    old = read() if FILE.exists() else {"numbers": {}, "fingerprints": {}}
    new = compute()
    changed = differences(old["numbers"], new)
    numbers = new if changed else old["numbers"]
    newest = sections()[0][0]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    kept = {name: mark for name, mark in old["fingerprints"].items() if name != "Unreleased"} or {version: digest(new)}
    text = {"years": YEARS, "numbers": numbers, "fingerprints": {**kept, newest: digest(numbers)}}
    FILE.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
    for line in changed[:20]:
        print(line)
    print(f"{len(changed)} numbers changed" if changed else "no number changed")
    if changed:
        print('Write "Results change" and why into the newest section of CHANGELOG.md.')


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    write()

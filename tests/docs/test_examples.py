"""The code in the documentation runs."""

from __future__ import annotations

import inspect
import re
import runpy
from pathlib import Path

import pytest

from sim.policies import registry
from sim.policies.plain import InterestSubsidy
from sim.rules import registry as rules

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(path: str) -> list[str]:
    """Python code blocks of a page."""
    return BLOCK.findall((ROOT / path).read_text(encoding="utf-8"))


def test_own_rule_page_shows_the_example_file() -> None:
    for block, file in ((0, "own_rule_in_a_study"), (2, "own_rule")):
        source = (ROOT / f"docs/{file}.py").read_text(encoding="utf-8")
        assert blocks("docs/own-rule.md")[block].strip() in source


def test_own_rule_raises_trust_in_the_same_future() -> None:
    from experiments import load_district, load_strategy
    from sim import DistrictModel
    from sim.options import RunOptions

    example = runpy.run_path(str(ROOT / "docs/own_rule.py"))
    district, strategy, options = load_district("enyang"), load_strategy("existing"), RunOptions(horizon=2024)
    changed = example["VisitingModel"](district, strategy, future=1, options=options)
    plain = DistrictModel(district, strategy, rng=1, world=1, options=options)
    for model in (changed, plain):
        model.step()
        model.step()
    assert changed.indicators["trust_mean"] > plain.indicators["trust_mean"]
    assert changed.indicators["secretary_age_mean"] == plain.indicators["secretary_age_mean"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_code_of_the_own_rule_page_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_REGISTERED", dict(rules._REGISTERED))
    names: dict[str, object] = {"__name__": "own_rule_page"}
    for code in blocks("docs/own-rule.md"):
        exec(compile(code, "docs/own-rule.md", "exec"), names)  # noqa: S102 (our own page)
    rows = names["rows"]
    assert isinstance(rows, list) and len(rows) == 4
    assert capsys.readouterr().out


def test_lever_of_the_architecture_page_is_the_whole_file_and_works(monkeypatch: pytest.MonkeyPatch) -> None:
    from scenarios import load_district
    from sim.engine import Engine
    from sim.futures import numbered
    from sim.options import RunOptions
    from sim.policies.base import Strategy

    code = next(code for code in blocks("docs/architecture.md") if "(Lever)" in code)
    assert inspect.getsource(InterestSubsidy) in code
    names: dict[str, object] = {"__name__": "interest_subsidy_page"}
    exec(compile(code, "docs/architecture.md", "exec"), names)  # noqa: S102 (our own page)
    monkeypatch.setitem(registry.LEVERS, "interest_subsidy", names["InterestSubsidy"])
    district = load_district("enyang")

    def paid(intensity: float) -> tuple[float, float]:
        """What district and villages paid to the banks, 万元 in all."""
        strategy = Strategy("test", levers={"interest_subsidy": {"intensity": intensity, "subsidised_share": 1}})
        assert not registry.check_strategy(strategy, district)
        engine = Engine(district, strategy, numbered([0, 1]), RunOptions(horizon=2025, residents_per_village=0))
        for _ in range(8):
            engine.step()
        ledger = engine.now.ledger
        return ledger.paid_by(("district",), ("interest_subsidy",)).sum(), ledger.paid(("interest",)).sum()

    (no_subsidy, interest), (subsidy, no_interest) = paid(0), paid(1)
    assert no_subsidy == no_interest == 0
    assert interest > 0 and subsidy > 0


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_code_of_the_readme_runs_small(page: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    found = blocks(page)
    assert found
    names: dict[str, object] = {"__name__": "readme"}
    for code in found:
        small = re.sub(r"range\(\d+\)", "range(2)", code)
        small = re.sub(r"horizon=\d+", "horizon=2025", small)
        exec(compile(small, page, "exec"), names)  # noqa: S102 (our own page)

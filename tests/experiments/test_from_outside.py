"""What was once taken in silence or ended in a traceback, tried from outside: by command and by the public classes."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experiments import load_district, load_strategy
from sim import DistrictModel
from sim.engine import run_batch
from sim.futures import futures_of
from sim.options import RunOptions
from tests.experiments.conftest import TINY
from tests.tiers import fast

Command = Callable[..., int]
Told = pytest.CaptureFixture[str]
SHORT = [*TINY, "report=false"]
TRAINING = "strategy.levers.training"
EQUAL = ["strategies=[none,existing]", "budget.mode=equal_cost", "budget.equal_to=existing", "other_starts=[]"]


def mine(folder: Path, text: str) -> list[str]:
    """A strategy of one's own, and the words that choose it."""
    (folder / "c" / "strategy").mkdir(parents=True)
    (folder / "c" / "strategy" / "mine.yaml").write_text(text, encoding="utf-8")
    return ["--config-dir", "c", "strategy=mine"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["strategy=none", TRAINING + "={intensity:1,start:2040}"], "2040", id="W1 starts too late"),
        pytest.param(["strategy=none", TRAINING + "={intensity:1,end:2020}"], "2020", id="W1 ended before"),
        pytest.param(["strategy=none", TRAINING + ".intensity={2090:1}"], "2090", id="W1 dated too late"),
        pytest.param(["strategy=none", "strategy.levers.central_grant.amount=50"], "intensity", id="W4"),
        pytest.param(["~parameters.fixed_cost"], "(~)", id="T27"),
    ],
)
def test_what_would_do_nothing_is_refused(
    qiangcun: Command, workplace: Path, capsys: Told, words: list[str], said: str
) -> None:
    assert qiangcun("run", *words, *SHORT) == 2
    assert said in capsys.readouterr().err
    assert not list(workplace.iterdir())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("levers: {training: {intensity: 1}}\n", "[existing, _self_]", id="W12 builds on nothing"),
        pytest.param("defaults: {existing: _self_}\n", "defaults", id="T6 mapping"),
        pytest.param("defaults: [null]\n", "defaults", id="T6 nothing"),
    ],
)
def test_a_strategy_says_in_a_list_what_it_builds_on(
    qiangcun: Command, workplace: Path, capsys: Told, text: str, said: str
) -> None:
    assert qiangcun("run", *mine(workplace, text), *SHORT) == 2
    told = capsys.readouterr().err
    assert "mine.yaml" in told and said in told and "Traceback" not in told


@pytest.mark.thorough
def test_t25_several_strategies_stand_in_brackets(qiangcun: Command, workplace: Path, capsys: Told) -> None:
    assert qiangcun("compare", "strategies=none,existing", *SHORT) == 2
    assert "strategies=[none,existing]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [{"parameters": {"nope": 1}}, {"parameters": {"fixed_cost": 1e9}}, {"world": -3},
              {"ranges": {"fixed_cost": (2, 1)}}, {"points": [{"nope": 1}]}],
)  # fmt: skip
def test_w13_the_classes_check_what_the_command_checks(wrong: dict[str, Any]) -> None:
    district, strategy = load_district("enyang"), load_strategy("existing")
    with pytest.raises(ValueError) as caught:
        if "points" in wrong:
            futures = futures_of([0], [0], wrong["points"])
            run_batch(district, strategy, futures, RunOptions(horizon=2024, residents_per_village=0))
        else:
            DistrictModel(district, strategy, **wrong)
    assert type(caught.value).__name__ == "InputErrors"


@pytest.mark.parametrize("way", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])  # noqa: S301
def test_w14_a_copy_goes_on_like_its_original(way: Callable[[DistrictModel], DistrictModel]) -> None:
    model = DistrictModel(load_district("enyang"), load_strategy("existing"))
    for _ in range(6):
        model.step()
    twin = way(model)
    ends = []
    for one in (model, twin):
        for _ in range(6):
            one.step()
        ends.append(one.datacollector.get_model_vars_dataframe().iloc[-1])
    assert ends[0].equals(ends[1])


@pytest.mark.thorough
def test_t13_a_hundred_thousand_mistakes_are_told_in_few_lines(
    qiangcun: Command, workplace: Path, capsys: Told
) -> None:
    rows = "".join(f"{511903000000 + number},{number}x\n" for number in range(100_000))
    (workplace / "t.csv").write_text(f"code,population\n{rows}", encoding="utf-8")
    assert qiangcun("run", "district.village_table=t.csv", *SHORT) == 2
    assert len(capsys.readouterr().err.splitlines()) <= 120, "fifty in each language and what stands around them"


@pytest.mark.parametrize("content", fast(["固定运行费\n1\n2\n".encode("gbk"), b"fixed_cost,\n1,\n2,\n"], 1))
def test_t15_a_design_is_read_like_a_table_of_villages(qiangcun: Command, workplace: Path, content: bytes) -> None:
    (workplace / "points.csv").write_bytes(content)
    assert qiangcun("run", "design=table", "design.file=points.csv", *SHORT) == 0


NAMES = ("x[1]=!.csv", "v (1).csv", "a~b.csv", "a&b #c.csv", "it's.csv", "\\\\server\\t.csv")


@pytest.mark.parametrize("name", fast(NAMES, 1))
def test_t21_names_of_files_are_taken_as_typed(qiangcun: Command, workplace: Path, name: str, capsys: Told) -> None:
    (workplace / name).write_text("fixed_cost\n1\n", encoding="utf-8")
    assert qiangcun("run", "design=table", f"design.file={name}", *SHORT) == 0, capsys.readouterr().err


@pytest.mark.thorough
def test_t26_two_sweeps_over_the_same_jobs_both_end_well(workplace: Path) -> None:
    words = ["run", "-m", "strategy=none,existing", *SHORT, "futures=100", "horizon=2035"]
    both = [subprocess.Popen([sys.executable, "-m", "experiments.cli", *words], stderr=subprocess.PIPE, text=True)
            for _ in range(2)]  # fmt: skip
    assert [(one.wait(timeout=300), one.communicate()[1]) for one in both] == [(0, ""), (0, "")]


def study_of(workplace: Path) -> Path:
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    return folder


@pytest.mark.parametrize(
    "alter",
    fast(
        [
            lambda m: [m["strategies"][place].update(zh=m["strategies"][1 - place]["en"]) for place in (0, 1)],
            lambda m: m.update(discount_rate=0.2),
            lambda m: m.update(futures=100_000),
            lambda m: m.update(budget={"mode": "capped", "annual": 1.0, "priority": []}),
        ],
        1,
    ),
    ids=["names", "rate", "futures", "budget"],
)
def test_s3_an_altered_manifest_is_not_vouched_for(
    qiangcun: Command, workplace: Path, alter: Callable[[dict[str, Any]], object]
) -> None:
    assert qiangcun("compare", "strategies=[none,existing]", *SHORT) == 0
    path = study_of(workplace) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    alter(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert qiangcun("verify", str(path.parent)) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("content", [b"", b'{"id": "0', b"[1]", '{"id": "村"}'.encode("gbk"), b"\xef\xbb\xbf{}"])
def test_t5_a_damaged_manifest_is_told_by_every_command(
    qiangcun: Command, workplace: Path, capsys: Told, content: bytes
) -> None:
    words = ["compare", "strategies=[none,existing]", *SHORT]
    assert qiangcun(*words) == 0
    path = study_of(workplace) / "manifest.json"
    for job, code in (("verify", 1), ("report", 2)):
        path.write_bytes(content)
        assert qiangcun(job, str(path.parent)) == code
    path.write_bytes(content)
    assert qiangcun(*words) == 0, "set aside and computed again"
    assert "Traceback" not in "".join(capsys.readouterr())


@pytest.mark.thorough
def test_f2_found_costs_that_are_cut_are_searched_again(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("compare", *EQUAL, *SHORT, "horizon=2025") == 0
    (path,) = (path for path in (workplace / "outputs" / "same_cost").iterdir() if path.is_file())
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    assert qiangcun("compare", *EQUAL, *SHORT, "horizon=2025") == 0
    assert path.read_bytes() == whole

"""A study with `structures`: each contested structure in its other form, beside the usual ones, in the same futures."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from experiments import study, tasks
from experiments.store import FAILURES, MANIFEST, RUNS
from sim.structures import STRUCTURES, turned
from tests.experiments.conftest import TINY, counting

Command = Callable[..., int]
WORDS = ["futures=3", "horizon=2025", *TINY[2:], "strategies=[none,existing]", "other_starts=[target_consistent]"]
KEYS = ["strategy", "start", "world", "seed", "year"]


def folder_of(workplace: Path, name: str = "compare") -> Path:
    (folder,) = (workplace / "outputs" / "studies").glob(f"{name}-*")
    return folder


def runs_of(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / RUNS).astype({"strategy": str, "start": str})


def same(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Whether two tables of runs hold the same numbers, bit for bit, whatever stands in the column `start`."""
    return one.drop(columns="start").reset_index(drop=True).equals(two.drop(columns="start").reset_index(drop=True))


def test_all_names_every_other_form_once_and_never_two_together() -> None:
    others = sum(len(item.forms) - 1 for item in STRUCTURES.values())
    assert len(turned({}, list(STRUCTURES))) == others
    assert list(turned({"learning": "permanent"}, ["learning", "start"])) == ["learning=fading", "start=drawn"]


def test_the_usual_forms_are_as_without_and_each_other_one_as_a_study_of_its_own(
    qiangcun: Command, workplace: Path
) -> None:
    assert qiangcun("compare", *WORDS, "name=plain") == 0
    assert qiangcun("compare", *WORDS, "name=whole", "structures=all") == 0
    plain, whole = (runs_of(folder_of(workplace, name)) for name in ("plain", "whole"))
    forms = list(turned({}, list(STRUCTURES)))
    told = json.loads((folder_of(workplace, "whole") / MANIFEST).read_text(encoding="utf-8"))
    assert list(told["structures"]) == forms
    assert told["starts"] == ["bazhong_mean", "target_consistent"]
    assert list(dict.fromkeys(whole["start"])) == ["bazhong_mean", "target_consistent", *forms]
    assert whole[~whole["start"].isin(forms)].reset_index(drop=True).equals(plain)
    for number, form in enumerate(forms):
        key, _, value = form.partition("=")
        words = [*WORDS[:-1], "other_starts=[]", f"name=own{number}", f"structure={{{key}:{value}}}"]
        assert qiangcun("compare", *words) == 0
        assert same(whole[whole["start"] == form], runs_of(folder_of(workplace, f"own{number}")))
    turned_round = [item for item in forms if not same(whole[whole["start"] == item], plain[: len(plain) * 2 // 3])]
    assert {"learning=permanent", "income=operating_is_9.56", "start=drawn"} & set(turned_round)


def test_without_structures_nothing_more_is_run_and_the_study_is_the_same(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("compare", *WORDS) == 0
    assert (
        "structures" not in json.loads((folder_of(workplace) / MANIFEST).read_text(encoding="utf-8"))["configuration"]
    )
    assert qiangcun("compare", *WORDS, "structures=null") == 0
    assert len(list((workplace / "outputs" / "studies").iterdir())) == 1


def test_a_stopped_study_goes_on_and_verify_agrees(
    qiangcun: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS, "structures=[learning,start]"]
    with monkeypatch.context() as patch:
        counting(patch, 6)
        assert qiangcun("compare", *words) == 130
    counted = counting(monkeypatch)
    assert qiangcun("compare", *words) == 0
    assert len(counted) == 1, "of two strategies, another start and two forms, 2 + 1 + 2 x 2 batches, one was left"
    assert qiangcun("verify", str(folder_of(workplace)), "--sample", "20") == 0, capsys.readouterr().out


def test_verify_sees_a_form_that_lacks_a_run(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("compare", *WORDS, "structures=[learning]") == 0
    place = folder_of(workplace) / MANIFEST
    manifest = json.loads(place.read_text(encoding="utf-8"))
    from analysis.data.seal import seal_of

    manifest["structures"]["learning=permanent"]["en"] = "another name"
    place.write_text(json.dumps({**manifest, "seal": seal_of(manifest)}), encoding="utf-8")
    assert qiangcun("verify", str(folder_of(workplace))) == 1


@pytest.mark.parametrize(
    ("word", "seen"),
    [
        ("structures=[lerning]", ("structures", "lerning", "all, learning", "learning")),
        ("structures=al", ("structures", "al", "all, [learning", "all")),
        ("structures=learning", ("structures", "learning", "all, [learning", "learning")),
        ("structures=true", ("structures", "True")),
        ("structures={learning:permanent}", ("structures", "all, [learning")),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_name_is_told_with_what_is_allowed(
    qiangcun: Command, capsys: pytest.CaptureFixture[str], word: str, seen: tuple[str, ...], language: str
) -> None:
    assert qiangcun("compare", *WORDS, word, f"language={language}") == 2
    text = "".join(capsys.readouterr())
    assert all(item in text for item in seen), text
    assert "Traceback" not in text


def test_the_command_beside_a_failure_repeats_its_form(
    qiangcun: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tasks.run_batch

    def breaks(district: object, strategy: object, futures: object, options: object, *rest: object) -> object:
        if options.structure == {"income": "operating_is_9.56", "learning": "permanent"} and 1 in futures.seeds:  # type: ignore[attr-defined]
            raise FloatingPointError("ours")
        return real(district, strategy, futures, options, *rest)  # type: ignore[arg-type]

    words = [*WORDS[:4], "strategies=[existing]", "other_starts=[]", "structures=[learning]",
             "structure={income:operating_is_9.56}"]  # fmt: skip
    assert qiangcun("compare", *words, "name=good") == 0
    monkeypatch.setattr(tasks, "run_batch", breaks)
    assert qiangcun("compare", *words, "name=bad") == 1
    monkeypatch.setattr(tasks, "run_batch", real)
    (row,) = pd.read_csv(folder_of(workplace, "bad") / FAILURES).to_dict("records")
    assert row["start"] == "learning=permanent"
    assert qiangcun(*shlex.split(row["command"])[1:]) == 0
    whole, again = runs_of(folder_of(workplace, "good")), runs_of(folder_of(workplace, "run"))
    assert same(again, whole[(whole["start"] == "learning=permanent") & (whole["seed"] == 1)])


def test_a_joint_study_leaves_other_forms_out(qiangcun: Command, workplace: Path) -> None:
    assert study.FUTURES_PER_BATCH > 3
    assert qiangcun("compare", *WORDS, "structures=[learning]", "name=one") == 0
    assert qiangcun("compare", *WORDS, "strategies=[existing_joint_building,existing]", "name=two") == 0
    assert qiangcun("report", *(str(folder_of(workplace, name)) for name in ("one", "two"))) == 0
    joint = folder_of(workplace, "report")
    assert not runs_of(joint)["start"].str.contains("=").any()
    assert "structures" not in json.loads((joint / MANIFEST).read_text(encoding="utf-8"))

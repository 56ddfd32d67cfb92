"""A few hundred hostile inputs of each cheap kind with a fixed seed; and the fuzzer can fail."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from tests.tiers import fast

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the watchdog needs timers of the system")
if hasattr(signal, "setitimer"):
    from tests.fuzz import arguments, common, designs, doors, studies, tables, words, yaml_files
    from tests.fuzz.__main__ import SUBJECTS, main, offences, run, share_out, table

    CHEAP = [(tables, 50), (words, 100), (yaml_files, 100), (designs, 200), (arguments, 60)]
else:
    CHEAP = []


@pytest.mark.parametrize(("module", "inputs"), fast(CHEAP, 2), ids=[module.SUBJECT.name for module, _ in CHEAP])
def test_hostile_inputs_end_in_words_or_are_rightly_taken(module: Any, inputs: int, tmp_path: Path) -> None:
    tally = common.explore(module.SUBJECT, 1, inputs, tmp_path)
    assert tally.counts.total() == inputs
    assert tally.counts[common.CLEAN] > 0
    assert tally.counts[common.ACCEPTED] > 0
    assert not tally.bad, offences(tally, None)


@pytest.mark.thorough
def test_the_same_seed_makes_the_same_inputs(tmp_path: Path) -> None:
    for subject in (yaml_files.SUBJECT, designs.SUBJECT, words.SUBJECT):
        made: list[list[bytes]] = [[], []]
        for each in made:
            common.some(subject, 7, 30, tmp_path, lambda one, each=each: each.append(one.content))
        assert made[0] == made[1]


def ends(inputs: list[Any], folder: Path, longest_s: float = 10.0) -> list[tuple[str, str]]:
    with common.Guard(folder) as guard:
        return [common.try_one(one, guard, longest_s) for one in inputs]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("levers: {training: {intensity: 1}}\nzh: ${oc.env:HOME}\n", "${"),
        ("zh: a\nzh: b\n", "key twice"),
        (" # @package hydra\nzh: a\n", "@package"),
        ('zh: "\\e[31m"\n', "control characters"),
        ("levers: {training: {_target_: os.system}}\n", "runs code"),
    ],
)
def test_a_reader_that_lets_such_a_file_through_is_found(
    text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "user_folder", lambda folder: None)
    one = yaml_files.handed_in("strategy", text.encode(), tmp_path, whole=False)
    ((end, cause),) = ends([one], tmp_path)
    assert end == common.NONSENSE
    assert told in cause


def test_a_right_file_is_taken_and_one_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    right = b"defaults: [existing, _self_]\nzh: a\nen: b\nlevers: {training: {intensity: 1}}\n"
    given = [yaml_files.handed_in("strategy", content, tmp_path, whole=False) for content in (right, b"zh: [1\n")]
    assert ends(given, tmp_path) == [(common.ACCEPTED, ""), (common.CLEAN, "")]


def test_an_error_that_is_no_clean_one_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(path: Path) -> None:
        raise KeyError("seed")

    monkeypatch.setattr(doors, "design_table", breaks)
    tally = common.explore(designs.SUBJECT, 1, 5, tmp_path)
    assert tally.counts[common.TRACEBACK] == 5
    assert "KeyError" in offences(tally, tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_an_input_that_takes_too_long_is_found(tmp_path: Path) -> None:
    def computes() -> None:
        while True:
            pass

    def waits() -> None:
        time.sleep(60)

    found = ends([common.Input("", b"", computes), common.Input("", b"", waits)], tmp_path, longest_s=0.1)
    assert [end for end, _ in found] == [common.HANG, common.HANG]


def test_a_limit_of_time_leaves_no_subject_out_and_holds(tmp_path: Path) -> None:
    def waits() -> None:
        time.sleep(0.02)

    inputs = st.integers().map(lambda number: common.Input("", b"", waits))
    subjects = [common.Subject(name, 1, lambda folder: inputs) for name in "abc"]
    begun = time.monotonic()
    tallies = run(subjects, 1, 3000, 0.6, tmp_path)
    assert time.monotonic() - begun < 5, "a hundred inputs of each would take six"
    assert all(1 <= tally.counts.total() < 100 for tally, _ in tallies)


def test_what_is_done_beside_the_reading_is_found(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()

    def writes() -> None:
        (tmp_path / "evil").write_text("x", encoding="utf-8")

    def makes() -> None:
        Path("../evil-folder").mkdir()

    def starts() -> None:
        import subprocess

        subprocess.run(["true"], check=False)  # noqa: S607

    def inside() -> None:
        Path("outputs").mkdir()
        Path("outputs/runs").write_text("x", encoding="utf-8")

    given = [common.Input("", b"", attempt) for attempt in (writes, makes, starts, inside)]
    assert [end for end, _ in ends(given, work)] == [common.NONSENSE] * 3 + [common.ACCEPTED]


def test_an_error_that_obeys_a_file_or_lacks_a_language_is_found(tmp_path: Path) -> None:
    from sim.problems import InputErrors, Problem

    def refuses(*problems: Problem) -> common.Input:
        def attempt() -> None:
            raise InputErrors(problems)

        return common.Input("", b"", attempt)

    given = [refuses(Problem("有误", "wrong", value="a")), refuses(Problem("", "wrong")), refuses(Problem("有误", ""))]
    assert [end for end, _ in ends(given, tmp_path)] == [common.CLEAN, common.NONSENSE, common.NONSENSE]


def test_a_table_read_as_another_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    district = tables.place()
    rows = [f"{code},{1200 + place}" for place, code in enumerate(district.village_code)]
    content = "\n".join(["code,population", *rows]).encode()
    one = tables.table_of(content, tmp_path)
    assert ends([one], tmp_path) == [(common.ACCEPTED, "")]
    path = tmp_path / "other.csv"
    path.write_bytes(content.replace(b",1201", b",1202"))
    other = doors.load_district("enyang", path)
    monkeypatch.setattr(doors, "load_district", lambda *_: other)
    ((end, cause),) = ends([one], tmp_path)
    assert (end, cause) == (common.NONSENSE, "a cell of population was read as another number")


@pytest.mark.thorough
def test_checks_of_a_study_that_are_switched_off_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, _ = studies.made()
    assert not studies.differs(study)
    assert doors.verified(study)
    for name in ("verified", "opened", "finds_whole"):
        monkeypatch.setattr(doors, name, lambda *_: True)
    tally = common.explore(studies.SUBJECT, 1, 7, tmp_path)
    assert tally.counts[common.NONSENSE] >= 5  # one or two may alter nothing
    assert "verify, report, compare" in offences(tally, None)


def test_a_call_that_takes_a_wrong_value_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "run_batch", lambda *_, **given: None)
    tally = common.explore(arguments.SUBJECT, 1, 40, tmp_path)
    assert any("run_batch takes a wrong value" in cause for cause in tally.causes)


def test_a_word_for_hydra_that_gets_through_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Job:
        pass

    monkeypatch.setattr(doors, "jobs_of", lambda job, words: [Job()])
    monkeypatch.setattr(words, "judge_job", lambda job: None)
    given = [
        ["hydra.run.dir=../evil"],
        ["+hydra.callbacks={}"],
        ["~parameters.fixed_cost"],
        ["zh=${oc.env:HOME}"],
        ["futures=2"],
    ]
    found = ends([words.composed("run", one) for one in given], tmp_path)
    assert [end for end, _ in found] == [common.NONSENSE] * 4 + [common.ACCEPTED]


def test_the_table_counts_every_end_and_the_exit_code_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sum(share_out(SUBJECTS, 20_000)) == pytest.approx(20_000, abs=5)
    tally = common.Tally("x")
    tally.add(common.HANG, "cause", common.Input("words", b"content", lambda: None), 3)
    assert table([tally], [1.0]).splitlines()[1].split() == ["x", "1", "0", "0", "0", "1", "0", "1"]
    monkeypatch.setattr(
        doors, "design_table", lambda path: doors.Futures(*(3 * [designs.math.nan * tables.place().town_of]))
    )
    assert main(["--only", "designs", "--inputs", "3"]) == 1
    assert "--only designs --inputs 100 --seed 1" in capsys.readouterr().out

"""The command line: words grown from the keys of the composed configuration, Hydra's own words, and flags."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.fuzz import doors
from tests.fuzz.common import CLEAN, SECRET, SECRET_NAME, Input, Nonsense, Subject
from tests.fuzz.hostile import NUMBERS, TEXTS
from tests.fuzz.judging import judge_job

VALUES = (
    *NUMBERS, *(text for text in TEXTS if "\x00" not in text and len(text) < 500), "1", "0.5", "2", "[1,2]",
    "[0.1,0.2]", "[0.2,0.1]", "{2025:1}", "{a:1}", "[[]]",
    "{}", "null", "true", "false", "1,2", "range(1,4)", "range(1,100000000)", "choice(1,2)", "glob(*)",
    "interval(0,1)", "sort(3,1)",
    "shuffle(range(3))", "extend_list(1)", "int(1)", "str([1])", "cast(1)", "'[1,2'", "[1,2", "(1)", "a=b", "a:b",
    "$x", "\\", "'a'b'",
    "${horizon}", "${oc.env:" + SECRET_NAME + "}", "${hydra:runtime.cwd}",
    "${oc.create:{_target_:os.mkdir,_args_:[off-limits]}}", "???",
    "[existing]", "[none,existing]", "existing", "none", "drawn", "default", "all", "off", "[credit]", "enyang",
    "capped", "equal_cost",
    "recommendations", "central", "[training]", "district", "villages", "2024", "2030", "2160", "1990", "'~/x'",
    "C:\\x", "\\\\server\\share",
)  # fmt: skip
HYDRA_KEYS = (
    "hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.searchpath", "hydra.job.name",
    "hydra.job.chdir", "hydra.callbacks",
    "hydra.job_logging.handlers.file.filename", "hydra.output_subdir", "hydra.launcher._target_",
    "hydra.sweeper._target_", "hydra/launcher",
    "hydra/job_logging", "hydra/hydra_logging", "hydra/output", "hydra/sweeper", "hydra/env",
    "hydra.launcher.n_jobs", "hydra.mode",
    "hydra.job.env_set.PATH", "hydra.job.env_copy", "hydra.runtime.output_dir", "hydra.verbose",
    "hydra.help.template", "hydra", "hydra.x",
)  # fmt: skip
HYDRA_VALUES = (
    "off-limits/evil", "../evil", "/off-limits", "joblib", "basic", "none", "[file:///etc]",
    "{a:{_target_:os.system,_args_:[true]}}", "true",
    "os.system", "MULTIRUN", "2", "default", "[HOME]", "x",
)  # fmt: skip
FLAGS = (
    "-m", "--multirun", "--cfg", "--cfg=job", "-c", "job", "--info", "--info=all", "--config-path=/etc",
    "--config-name=run", "-cp", "-cn",
    "--config-dir", "--config-dir=.", "-cd=own", "--package=hydra", "-p", "--run", "-r", "--shell-completion",
    "--hydra-help", "--version",
    "--resolve", "--experimental-rerun=x", "--", "-", "--help", "-h", "--x", "-sc", "--quiet", "install=bash",
)  # fmt: skip
ALLOWED_HYDRA = re.compile(r"hydra/launcher=(joblib|basic)|hydra\.launcher\.n_jobs=-?\d+")
"""What may be said to Hydra."""
ONE = {"run": (), "compare": ("strategies=[none]", "other_starts=[]", "reference=none")}
"""So that a comparison is composed quickly; later words take their place."""
SMALL = ("futures=1", "horizon=2024", "residents=off", "workers=1", "report=false", "progress=off")
JOBS = ("run", "compare")


@cache
def keys() -> tuple[str, ...]:
    """Names of values, those of the job first, and groups."""
    found = doors.composed_keys("compare")
    short = [name for name in found if name.count(".") < 2 and not name.startswith("parameters.")]
    few = found[:: max(1, len(found) // 200)]
    return (
        *short * 4,
        *few,
        "strategies",
        "strategies.names",
        "design",
        "executor",
        "world",
        "district",
        "hydra",
        "nope",
        "横轴",
        "",
    )


@st.composite
def word(draw: st.DrawFn) -> str:
    """One word."""
    kind = draw(st.integers(0, 11))
    if kind == 0:
        return draw(st.sampled_from(FLAGS))
    if kind == 1:
        return (
            draw(st.sampled_from(["", "+", "++", "~"]))
            + draw(st.sampled_from(HYDRA_KEYS))
            + "="
            + draw(st.sampled_from(HYDRA_VALUES))
        )
    if kind == 2:
        return (
            draw(st.sampled_from(["+", "++", "~", "@", "a@"]))
            + draw(st.sampled_from(keys()))
            + draw(st.sampled_from(["", "=", "=1", "@x=1"]))
        )
    if kind == 3:
        return draw(st.text(max_size=20).filter(lambda text: "\x00" not in text))
    if kind == 4:
        name = draw(st.sampled_from(list(doors.DECLARED)))
        return f"parameters.{name}={draw(st.sampled_from(VALUES))}"
    if kind == 5:
        lever = draw(st.sampled_from(list(doors.LEVERS)))
        name = draw(st.sampled_from(list(doors.LEVERS[lever].defaults())))
        return f"strategy.levers.{lever}.{name}={draw(st.sampled_from(VALUES))}"
    return f"{draw(st.sampled_from(keys()))}={draw(st.sampled_from(VALUES))}"


def lines() -> st.SearchStrategy[tuple[str, list[str]]]:
    """A job and its words."""
    return st.tuples(st.sampled_from(JOBS), st.lists(word(), min_size=1, max_size=3))


def told(job: str, words: list[str]) -> tuple[str, bytes]:
    """A command line for people and as bytes."""
    return f"qiangcun {job} {words!r}", "\n".join([job, *words]).encode("utf-8", "surrogatepass")


def taken(job: str, words: list[str]) -> Input:
    """Words, read without composing anything."""

    def attempt() -> None:
        with unseen():
            doors.words_taken(job, words)

    return Input(*told(job, words), attempt)


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Nothing is printed; an end with exit code 0, as of `--version`, is an end like others."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            yield
        except SystemExit as end:
            if end.code:
                raise


def composed(job: str, words: list[str]) -> Input:
    """Words, read, composed and checked down to the last value."""

    def attempt() -> None:
        jobs: list[Any] = []
        with unseen():
            jobs = doors.jobs_of(job, quick(job, words))
        if jobs:
            judge_words(words)
        for one in jobs:
            judge_job(one)

    return Input(*told(job, words), attempt)


def quick(job: str, words: list[str]) -> list[str]:
    """The words, and those that keep a comparison small where they do not say otherwise."""
    given = {one.partition("=")[0].lstrip("+~") for one in words}
    return [*(one for one in ONE[job] if one.partition("=")[0] not in given), *words]


def judge_words(words: list[str]) -> None:
    """Accepted words say nothing to Hydra beside what they may, take nothing away, and ask for no variable."""
    for one in words:
        plain = one.lstrip("+~")
        if re.match(r"hydra($|[./@=])", plain) and not ALLOWED_HYDRA.fullmatch(plain):
            raise Nonsense(f"accepted: {plain.partition('=')[0]}")
        if one.startswith("~"):
            raise Nonsense("accepted: ~key")
        if "oc.env" in one or "oc.create" in one:
            raise Nonsense("accepted: an interpolation")


def whole(job: str, words: list[str], folder: Path) -> Input:
    """Words, handed to the command, which runs a small study."""

    def attempt() -> str | None:
        out, wrong = io.StringIO(), io.StringIO()
        work = folder / "outputs"
        shutil.rmtree(work, ignore_errors=True)
        before = set(folder.iterdir())
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(wrong):
            code = doors.main([job, *quick(job, [*SMALL, *words])])
        printed = out.getvalue() + wrong.getvalue()
        if SECRET in printed or any(SECRET in path.read_text("utf-8", "replace") for path in work.rglob("*.json")):
            raise Nonsense("a run shows a variable of the environment")
        if "Traceback" in printed:
            raise Nonsense("a run prints a traceback")
        if code not in (0, 1, 2, 3, 130):
            raise Nonsense(f"exit code {code}")
        if code in (0, 1) and work.exists():
            judge_words(words)
        new = {path for path in set(folder.iterdir()) - before if path.name not in ("outputs", "temporary")}
        if new and not any(one.startswith("outputs=") for one in words):
            raise Nonsense("a run writes outside the folder of results")
        return CLEAN if code else None

    name, content = told(job, words)
    return Input(name + " (run)", content, attempt)


def inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Command lines, read."""
    return lines().map(lambda line: taken(*line))


def whole_inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Command lines, composed; some are run."""
    return st.tuples(lines(), st.integers(0, 14)).map(
        lambda pair: whole(*pair[0], folder) if pair[1] == 7 else composed(*pair[0])
    )


SUBJECT = Subject("words", 15, inputs)
WHOLE = Subject("overrides", 2, whole_inputs)

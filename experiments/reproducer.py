"""The command that repeats one failed run of a study."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from experiments.parts import Failure
from experiments.study import Study
from experiments.sweep import as_word, words_of
from sim.structures import in_form

OF_COMPARE = ("strategies", "reference", "other_starts", "structures", "name", "budget.mode", "budget.equal_to")
OF_SWEEP = ("swept", "cells", "reference", "name", "parameters", "world.fixed")
OF_ALL = ("only", "start", "executor", "workers", "progress", "report", "stopping", "detail")


def reproducer(study: Study, failure: Failure, overrides: Sequence[str]) -> str:
    """A `qiangcun run` of this future alone.

    Args:
        study: what was run.
        failure: the run.
        overrides: words of the command line of the study.
    """
    left_out = (*OF_ALL, *(OF_SWEEP if study.sweep else OF_COMPARE if study.equal_to else OF_COMPARE[:5]))
    kept = [word for word in overrides if not _is_of(word.partition("=")[0].lstrip("+~"), (*left_out, "strategy"))]
    strategy = next(item for item in study.strategies if item.key == failure.strategy)
    base = strategy.key.removesuffix(f"_without_{strategy.without[-1]}") if strategy.without else strategy.key
    of_all = [word for word in overrides if word.startswith("strategy.")]
    words = [f"strategy={base}", *of_all]
    if study.sweep:
        is_cell = any(cell["key"] == strategy.key for cell in study.sweep["cells"])
        parameters = {**study.parameters, **study.fixed.get(strategy.key, {})}
        words = [*(of_all if is_cell else []), *words_of(study.sweep, strategy.key, parameters)]
    if strategy.without:
        words.append(f"strategy.without=[{','.join(strategy.without)}]")
    if strategy.key in study.same_cost:
        lever = study.same_cost[strategy.key].lever
        words += ["strategy.same_cost_as=''", "strategy.scaled_lever=''"]
        words += [f"strategy.levers.{lever}.{name}={as_word(value)}"
                  for name, value in strategy.levers[lever].items()]  # fmt: skip
    if failure.start in study.forms:
        forms = in_form(study.options.structure, failure.start)
        kept = [word for word in kept if not _is_of(word.partition("=")[0].lstrip("+~"), ("structure",))]
        words.append(f"structure={{{','.join(f'{key}:{form}' for key, form in forms.items())}}}")
    start = study.options.start if failure.start in study.forms else failure.start
    words += [f"start={start}", f"only=[{failure.future}]", "workers=1"]
    return "qiangcun run " + shlex.join([*kept, *words])


def _is_of(name: str, keys: Sequence[str]) -> bool:
    return any(name == key or name.startswith((f"{key}.", f"{key}/")) for key in keys)

"""qiangcun completion bash: what makes a shell complete jobs, names and choices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from experiments.compose import CHOSEN, compose, known_keys, options, session
from experiments.flags import Flags, flags_of_model_jobs
from experiments.jobs import jobs, model_jobs
from experiments.jobs.help import TOPICS
from experiments.output import STUDIES
from experiments.user_yaml import Options, offer

ABOUT = ("bash 命令补全", "completion of commands in bash")
SCRIPT = r"""
_qiangcun() {
    local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT}
    local word=${line##* }
    COMPREPLY=($(qiangcun completion words "$line" 2>/dev/null))
    if [[ $COMP_WORDBREAKS == *=* ]]; then  # bash takes what stands before = as a word of its own
        COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*=}"}"}")
    fi
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=.] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o default -F _qiangcun qiangcun
"""


def main(arguments: Sequence[str]) -> None:
    """Print the script for the shell, or, for that script, the words that may stand at the end of a line."""
    parser = Flags("completion")
    parser.offer("shell", '在 ~/.bashrc 中写：eval "$(qiangcun completion bash)"',
                 'bash; in ~/.bashrc: eval "$(qiangcun completion bash)"', choices=["bash", "words"])  # fmt: skip
    parser.add_argument("line", nargs="?", default="")
    parser.add_language()
    chosen = parser.read(arguments)
    print(SCRIPT.strip() if chosen.shell == "bash" else "\n".join(candidates(chosen.line)))


def candidates(line: str) -> list[str]:
    """What may stand for the last word of a command line, itself included."""
    _, *others, word = ["", *line.split(" ")]
    others = [other for other in others if other][1:]  # without the command itself
    if not others:
        return matching(word, jobs())
    job = others[0]
    if job == "help" and len(others) == 1:
        return matching(word, [*TOPICS, *jobs()])
    if job == "diff":
        return matching(word, [path.name for path in Path("outputs", STUDIES).glob("*")])
    if job not in model_jobs():
        return []
    if word.startswith("-"):
        return matching(word, [flag for action in flags_of_model_jobs(job)._actions for flag in action.option_strings])
    folders = [Path(name) for flag, name in zip(others, others[1:], strict=False) if flag in ("--config-dir", "-cd")]
    with session():
        key, equals, value = word.partition("=")
        if equals:
            begun = value[: len(value) - len(re.split(r"[\[,]", value)[-1])]
            group = "strategy" if key == "strategies" and begun else key
            offer(Options(folders).trees())
            valid = options(group) if group in CHOSEN[job] else []
            return matching(word, [f"{key}={begun}{name}" for name in valid])
        names = list(known_keys(compose(job, []).values))
    branches = {name.rpartition(".")[0] for name in names}
    here = [name for name in names if name.count(".") == word.count(".")]
    groups = [f"{name}=" for name in CHOSEN[job] if "." not in word]
    return matching(word, [*groups, *(f"{name}." if name in branches else f"{name}=" for name in here)])


def matching(word: str, words: Iterable[str]) -> list[str]:
    """Those that begin like `word`."""
    return sorted(other for other in words if other.startswith(word))

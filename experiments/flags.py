"""The flags of each job, read by one parser that tells mistakes in words."""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, NoReturn

from experiments.jobs import jobs
from experiments.messages import AUTO, LANGUAGES, WHERE, columns, in_a_line, language_of
from sim.problems import InputErrors, Problem, nearest

MISTAKES = {
    "the following arguments are required": ("缺少", "is missing"),
    "unrecognized arguments": ("没有这个选项", "no such option"),
}
"""How the parser of Python begins to tell a mistake, and what is told instead."""


class Flags(ArgumentParser):
    """Reads the words of a job: `--name value` and `name=value` alike; a mistake is an `InputErrors`."""

    def __init__(self, job: str, **more: Any) -> None:
        super().__init__(f"qiangcun {job}", description=in_a_line(*jobs()[job]), allow_abbrev=False, **more)

    def offer(self, name: str, zh: str, en: str, **more: Any) -> None:
        """Take a word or, where the name begins with `--`, an option, with what it means in both languages."""
        self.add_argument(name, help=in_a_line(zh, en), **more)

    def add_language(self) -> None:
        """The language of messages and pages, which `choose_language` has taken before."""
        zh, en = "语言：zh、en、both；auto = 系统语言", "language: zh, en or both; auto = the system's"
        self.offer("--language", zh, en, choices=(AUTO, *LANGUAGES), default=AUTO)

    def add_outputs(self) -> None:
        """The folder of all results."""
        self.offer("--outputs", "结果文件夹", "folder of all results", default="outputs")

    def read(self, arguments: Sequence[str]) -> Namespace:
        """What was asked for; `name=value` is an option where there is one of that name, and `auto` is a language."""
        found = self.parse_intermixed_args([self._as_flag(word) for word in arguments])
        found.language = language_of(found.language)
        return found

    def _as_flag(self, word: str) -> str:
        name = "--" + word.partition("=")[0].replace("_", "-")
        return name + word[word.index("=") :] if "=" in word and name in self._option_string_actions else word

    def format_help(self) -> str:
        """What the job does, how it is called, and a line for each word and option."""
        rows = [(_named(action), action.help or "") for action in self._actions if action.dest != "help"]
        words = " ".join(name for name, _ in rows if "=" not in name and not name.startswith("--"))
        usage = in_a_line(f"用法：{self.prog} {words} [名称=值 …]", f"Usage: {self.prog} {words} [name=value ...]")
        return f"{self.description}\n\n{usage}\n{columns(rows)}\n"

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong."""
        valid = [flag for action in self._actions for flag in action.option_strings]
        unknown = [word.partition("=")[0] for word in message.split() if word.startswith("-")]
        near = nearest(unknown[0], valid) if unknown and "unrecognized" in message else ""
        kind, _, words = message.partition(": ")
        zh, en = MISTAKES.get(kind, ("命令行选项有误", "not a valid option"))
        value, allowed = words if kind in MISTAKES else message, ", ".join(valid)
        raise InputErrors([Problem(zh, en, file=WHERE, value=value, allowed=allowed, nearest=near)])


def _named(action: Action) -> str:
    """A word, or an option with its default, as one writes it."""
    if not action.option_strings:
        return f"[{action.dest}]" if action.nargs in ("?", "*") else action.dest
    name = action.option_strings[0].removeprefix("--").replace("-", "_")
    return f"--{name}" if action.nargs == 0 else f"{name}={action.default if action.default is not None else ''}"


def flags_of_model_jobs(job: str) -> Flags:
    """The flags of jobs that run the model: those of Hydra that show, sweep or name a folder of one's own.

    Others would read configuration from elsewhere, run a stored job, or write outside the folder of results.
    """
    flags = Flags(job, add_help=False)
    flags.add_argument("overrides", nargs="*")
    for words in (("--help", "-h"), ("--multirun", "-m"), ("--run", "-r"), ("--resolve",)):
        flags.add_argument(*words, action="store_true")
    flags.add_argument("--cfg", "-c", choices=["job", "hydra", "all"])
    flags.add_argument("--package", "-p")
    flags.add_argument("--info", "-i", nargs="?", const="all",
                       choices=["all", "config", "defaults", "defaults-tree", "plugins", "searchpath"])  # fmt: skip
    flags.add_argument("--config-dir", "-cd")
    return flags

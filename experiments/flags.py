"""The flags of each job, read by one parser that tells mistakes in words."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, NoReturn

from experiments.messages import LANGUAGES, WHERE
from sim.problems import InputErrors, Problem, nearest


class Flags(ArgumentParser):
    """Reads the words of a job; no flag may be shortened, and a mistake is an `InputErrors`."""

    def __init__(self, job: str, description: str, **more: Any) -> None:
        super().__init__(f"qiangcun {job}", description=description, allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong."""
        valid = [flag for action in self._actions for flag in action.option_strings]
        unknown = [word.partition("=")[0] for word in message.split() if word.startswith("-")]
        near = nearest(unknown[0], valid) if unknown and "unrecognized" in message else ""
        zh, en, allowed = "命令行选项有误", "not a valid option", ", ".join(valid)
        raise InputErrors([Problem(zh, en, file=WHERE, value=message, allowed=allowed, nearest=near)])

    def add_language(self) -> None:
        """The language of messages, which `choose_language` has taken before."""
        self.add_argument("--language", choices=LANGUAGES, default="both", help="提示语言 / language of messages")


def flags_of_model_jobs(job: str) -> Flags:
    """The flags of `run` and `compare`: those of Hydra that show, sweep or name a folder of one's own.

    Others would read configuration from elsewhere, run a stored job, or write outside the folder of results.
    """
    flags = Flags(job, "", add_help=False)
    flags.add_argument("overrides", nargs="*")
    for words in (("--help", "-h"), ("--multirun", "-m"), ("--run", "-r"), ("--resolve",)):
        flags.add_argument(*words, action="store_true")
    flags.add_argument("--cfg", "-c", choices=["job", "hydra", "all"])
    flags.add_argument("--package", "-p")
    flags.add_argument("--info", "-i", nargs="?", const="all",
                       choices=["all", "config", "defaults", "defaults-tree", "plugins", "searchpath"])  # fmt: skip
    flags.add_argument("--config-dir", "-cd")
    return flags

"""Headline numbers do not change unnoticed: the golden file, and what the CHANGELOG must say when it changes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import headline

SAYS = re.compile(r"results change|changes numbers", re.IGNORECASE)
HOW = 'If that is meant: run `make golden` and write "Results change" with the reason into CHANGELOG.md.'


def must_say(fingerprints: dict[str, str], sections: list[tuple[str, str]]) -> str:
    """What is wrong with the newest section of the CHANGELOG; nothing if it may stand."""
    newest, text = sections[0]
    earlier = next((name for name, _ in sections[1:] if name in fingerprints), None)
    if newest not in fingerprints:
        return f"run `make golden`: it records the numbers of {newest}"
    says = SAYS.search(re.sub(r"no results change", "", text, flags=re.IGNORECASE))
    if earlier and fingerprints[earlier] != fingerprints[newest] and not says:
        return f'numbers differ from {earlier}: write "Results change" with the reason under "{newest}"'
    return ""


@pytest.fixture(scope="module")
def golden() -> dict:
    return headline.read()


def test_headline_numbers_are_those_of_the_file(golden):
    found = headline.differences(golden["numbers"], headline.compute())
    assert found == [], f"{len(found)} headline numbers changed. {HOW}"


def test_the_changelog_tells_of_changed_numbers(golden):
    newest = headline.sections()[0][0]
    assert golden["fingerprints"].get(newest) == headline.digest(golden["numbers"]), (
        "written by hand? run `make golden`"
    )
    assert must_say(golden["fingerprints"], headline.sections()) == ""


def test_what_the_changelog_must_say():
    """The check above can fail."""
    marks = {"Unreleased": "b", "0.2.0": "a"}
    assert must_say(marks, [("Unreleased", "* Faster."), ("0.2.0", "")])
    assert must_say(marks, [("Unreleased", "* Table. No results change."), ("0.2.0", "")])
    assert not must_say(marks, [("Unreleased", "* Floods. Results change."), ("0.2.0", "")])
    assert not must_say(marks, [("Unreleased", "* Floods. *Changes numbers.*"), ("0.2.0", "")])
    assert not must_say({"Unreleased": "a", "0.2.0": "a"}, [("Unreleased", "* Faster."), ("0.2.0", "")])
    assert must_say(marks, [("0.3.0", "* Results change."), ("0.2.0", "")]), "a release is recorded"


def test_a_change_of_a_millionth_is_seen(golden):
    changed = {name: {key: [*row] for key, row in rows.items()} for name, rows in golden["numbers"].items()}
    changed["existing"]["income_operating_mean"][-1] *= 1 + 1e-6
    assert len(headline.differences(golden["numbers"], changed)) == 1
    changed["existing"]["income_operating_mean"][-1] *= 1 - 1e-6 + 1e-13
    assert headline.differences(golden["numbers"], changed) == []

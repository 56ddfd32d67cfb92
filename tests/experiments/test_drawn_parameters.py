"""What worlds draw is little, and each of it has a source, or a question to the district that would settle it."""

from __future__ import annotations

from typing import Any

from experiments.compose import compose, session
from experiments.manifest import describe_parameters
from experiments.settings import read_job
from experiments.user_yaml import Options, offer
from sim.held import HELD
from sim.policies.registry import LEVERS
from sim.questions import QUESTION_OF, QUESTIONS
from sim.world import DECLARED, can_act

WITHOUT_SIZE = ("assum", "sign", "disputed")
"""What a source says that gives a direction at most, and no size."""
ALL_DRAWN = [name for name, item in DECLARED.items() if item.drawn]


def rows_of(*words: str) -> dict[str, dict[str, Any]]:
    """Parameters of a comparison by name, as its manifest has them."""
    with session():
        offer(Options(()).trees())
        return {
            row["name"]: row for row in describe_parameters(read_job("compare", compose("compare", words), ()).study)
        }


def test_a_default_comparison_draws_at_most_90_parameters():
    drawn = {name for name, row in rows_of().items() if row.get("drawn")}
    assert len(drawn) <= 90 and {"vote_cut", "kappa_joint", "unit_cost_level"} <= drawn


def test_all_levers_together_draw_at_most_96():
    assert sum(can_act(LEVERS, True, DECLARED[name]) for name in ALL_DRAWN) <= 96


def test_a_parameter_that_is_not_drawn_stands_at_its_value_in_the_manifest():
    rows = rows_of("residents=off", "world.ranges={kappa_effort: [0.3, 0.4]}", "parameters={exit_at_term: 0.2}")
    assert (rows["quit_rate"]["value"], rows["quit_rate"]["drawn"]) == (0.02, False)
    assert (rows["exit_at_term"]["value"], rows["exit_at_term"]["drawn"]) == (0.2, False)
    assert (rows["kappa_effort"]["value"], rows["kappa_effort"]["drawn"]) == (None, True), "a user may range it"
    assert rows["kappa_joint"]["drawn"] and "联建" in rows["kappa_joint"]["question_zh"]
    assert "vote_cut" not in rows, "without residents it can do nothing"


def test_what_is_drawn_without_a_published_size_has_a_question():
    assert [
        name
        for name in ALL_DRAWN
        if any(word in DECLARED[name].source for word in WITHOUT_SIZE) and name not in QUESTION_OF
    ] == []


def test_questions_settle_parameters_that_exist_and_each_of_them_once():
    settled = [name for question in QUESTIONS for name in question.settles.split()]
    assert set(settled) <= set(DECLARED) and len(settled) == len(set(settled))
    assert all(question.settles and question.zh and question.en for question in QUESTIONS)


def test_what_is_held_exists():
    assert set(DECLARED) >= HELD and not any(DECLARED[name].drawn for name in HELD)

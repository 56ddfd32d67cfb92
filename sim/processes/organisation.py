"""Organisation 组织力: how well a village's party branch works, slow to change (EQ-26)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.state import Moment


class OrganisationParameters(Parameters):
    """Parameters of how organisation changes."""

    kappa_organisation = Parameter(0.1, 0.05, 0.2, "per year", ASSUMPTION, "组织力调整速度", "speed of organisation")
    organisation_base = Parameter(0.15, 0.05, 0.25, "0-1", ASSUMPTION, "组织力基准", "base of organisation")
    organisation_by_ability = Parameter(
        0.5, 0.25, 0.75, "0-1", ASSUMPTION, "能力对组织力的作用", "organisation from ability"
    )
    organisation_by_participation = Parameter(
        0.3, 0.15, 0.45, "0-1", ASSUMPTION, "参与对组织力的作用", "organisation from participation"
    )
    organisation_by_rectification = Parameter(
        0.2, 0.1, 0.3, "0-1", ASSUMPTION, "整顿对组织力的作用", "organisation from rectification"
    )


def develop(now: Moment) -> None:
    """Organisation moves towards what the secretary, participation and this year's rectification allow (EQ-26)."""
    village, p = now.state.village, now.parameters
    target = (
        p.organisation_base
        + p.organisation_by_ability * now.state.secretary.ability
        + p.organisation_by_participation * village.participation
        + p.organisation_by_rectification * now.policy.rectified
    )
    moved = village.organisation + p.kappa_organisation * (target - village.organisation)
    village.organisation = np.clip(moved, 0, 1)

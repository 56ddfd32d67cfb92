"""Career path 职业通道: good posts above the village are open to secretaries (EQ-14, EQ-26)."""

from __future__ import annotations

from sim.policies.base import NOBODY, Choice, Lever


class CareerPath(Lever):
    """The prospect of promotion adds to effort; each year a few secretaries are promoted and leave their village."""

    key = "career_path"
    turn = 190
    zh = "职业通道"
    en = "career path"
    place = "一(二)"
    changes = ("secretary.effort", "secretary.promoted", "secretary.tenure", "village.income_operating")
    purposes = ()

    payer = Choice("nobody", NOBODY, "付款方", "payer")

    writes = {"career_path": ("level",)}

"""Recruiting party members 发展党员 among new farmers and people with skills: members who take part and advise (R7)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost
from sim.state import Moment


class PartyMemberRecruitment(Lever):
    """A few residents a year become members, readier to attend, and advise the village; they stay when it ends."""

    key = "party_member_recruitment"
    turn = 260
    zh = "发展党员"
    en = "recruiting party members"
    place = "三(一)"
    changes = ("village.recruited_members", "village.advice", "village.participation", "village.income_operating")
    purposes = ("party_member_recruitment",)

    members_per_village = Setting(
        1, 0, 5, "members per village a year", ASSUMPTION, "每村每年发展党员", "members beyond the ordinary"
    )
    cost_per_member = UnitCost(0.1, 0, 2, "万元 per member", f"C6; {ASSUMPTION}", "每名发展成本", "cost per member")

    def act(self, now: Moment) -> None:
        """Take in this year's members and pay for their training."""
        village = now.state.village
        new = self.level(now) * self.number("members_per_village", now)
        village.recruited_members = village.recruited_members + new
        self.pay(now, "suppliers", new * self.number("cost_per_member", now))

"""Levers on secretaries and party organisations."""

from __future__ import annotations

import math

from oracle.rewards import pay_factor
from oracle.settings import Settings, strengthen, turn


@turn(130)
def cadre_pay(model, settings: Settings) -> None:
    """A bonus on new profit by tiers, benefits and pay that hold secretaries."""
    for village, level in settings.reached():
        strengthen(village, "bonus_share", level * settings["bonus_share"])
        strengthen(village, "bonus_floor", settings["bonus_floor"])
        strengthen(village, "bonus_tier_from", settings["tier_from"])
        strengthen(village, "bonus_tier", level * settings["tier_bonus"])
        strengthen(village, "ratchet_relief", level * settings["ratchet_relief"])
        strengthen(village, "performance_pay", level * settings["performance_pay"])
        strengthen(village, "secretary_pay", level * (settings["base_pay"] + settings["performance_pay"]))
        strengthen(village, "benefits", level)
        settings.pay(village, "secretaries", level * (settings["benefit_cost"] + settings["base_pay"]))


def pay_for_performance(settings: Settings) -> None:
    """Every quarter a fourth of the performance pay, by the grade of whoever is in office."""
    due = [
        (village, level * settings["performance_pay"] * pay_factor(village) / 4)
        for village, level in settings.reached()
    ]
    part = settings.model.covered(settings.payer, settings.key, sum(amount for _, amount in due))
    for village, amount in due:
        settings.pay(village, "secretaries", part * amount)


@turn(210)
def graded_management(model, settings: Settings) -> None:
    """Secretaries are graded this year: shares, weights, what follows."""
    for village, level in settings.reached():
        strengthen(village, "graded", level)
        strengthen(village, "grade_top_share", level * settings["share_a"])
        strengthen(village, "grade_low_share", level * settings["share_c"])
        strengthen(village, "grade_bottom_share", level * settings["share_d"])
        for kind in ("income", "participation", "audit"):
            strengthen(village, f"grade_weight_{kind}", settings[f"weight_{kind}"])
        for grade in "acd":
            strengthen(village, f"grade_pay_{grade}", settings[f"pay_{grade}"])
        strengthen(village, "grade_promotion", settings["promotion_factor"])
        settings.pay(village, "suppliers", level * settings["cost_per_village"])


@turn(140)
def secretary_selection(model, settings: Settings) -> None:
    """Reserve pool, age caps, weight of college."""
    for village, level in settings.reached():
        policy = village.policy
        strengthen(village, "reserve_pool", level)
        strengthen(village, "college_weight", settings["college_weight"])
        strengthen(village, "assessment", settings["assessment"])
        policy.age_cap_new = min(policy.age_cap_new, settings["age_cap_new"])
        policy.age_cap_incumbent = min(policy.age_cap_incumbent, settings["age_cap_incumbent"])
    reached = settings.reached()
    if reached:
        join(model, settings["inflow_per_year"])
    waiting = sum(candidate.joined > 0 and not candidate.used for candidate in model.candidates)
    for village, level in reached:
        a_head = settings["cost_per_candidate"] + settings["assessment"] * settings["assessment_cost"]
        settings.pay(village, "suppliers", a_head * waiting * level / len(model.villages))


def join(model, number: float) -> None:
    """New candidates join the pool, in the order of their numbers."""
    outside = [candidate for candidate in model.candidates if not candidate.joined]
    for candidate in outside[: math.floor(number)]:
        candidate.joined = 1.0


@turn(180)
def training(model, settings: Settings) -> None:
    """Every secretary is trained."""
    for village, level in settings.reached():
        strengthen(village, "training", level)
        settings.pay(village, "suppliers", level * settings["cost_per_secretary"])


@turn(190)
def career_path(model, settings: Settings) -> None:
    """The career prize counts, and promotions take secretaries away; costs nothing."""
    for village, level in settings.reached():
        strengthen(village, "career_path", level)


@turn(200)
def responsibility_list(model, settings: Settings) -> None:
    """Duties are assessed."""
    for village, level in settings.reached():
        strengthen(village, "responsibility", level * settings["strength"])
        settings.pay(village, "suppliers", level * settings["strength"] * settings["cost_per_village"])


@turn(220)
def target_pressure(model, settings: Settings) -> None:
    """An income target presses who falls short; risks are controlled; costs nothing."""
    for village, level in settings.reached():
        strengthen(village, "target_pressure", level)
        strengthen(village, "target_income", settings["target_income"])
        strengthen(village, "risk_control", level * settings["risk_control"])
        strengthen(village, "report_inflation", level * settings["inflation"])


@turn(230)
def town_renewal(model, settings: Settings) -> None:
    """Towns whose chief was renewed advise their villages; costs nothing."""
    for village, level in settings.reached():
        village.policy.advice += level * model.p.renewal_advice * village.town_renewed


@turn(240)
def grid_outreach(model, settings: Settings) -> None:
    """Visits on top of the ordinary ones."""
    for village, level in settings.reached():
        strengthen(village, "grid", level * settings["strength"])
        strengthen(village, "doorstep", level * settings["doorstep_share"])
        settings.pay(village, "suppliers", level * settings["cost_per_village"])


@turn(250)
def org_rectification(model, settings: Settings) -> None:
    """The weakest organisations are rectified for the year: a share of the villages, at least one, rounded up."""
    reached = settings.reached()
    number = math.ceil(settings["share_a_year"] * len(reached) - 1e-9)
    weakest = sorted(reached, key=lambda item: item[0].organisation)
    for village, level in weakest[:number]:
        strengthen(village, "rectified", level)
        settings.pay(village, "suppliers", level * settings["cost_per_village"])


@turn(260)
def party_member_recruitment(model, settings: Settings) -> None:
    """Members recruited stay."""
    for village, level in settings.reached():
        new = level * settings["members_per_village"]
        village.recruited_members += new
        settings.pay(village, "suppliers", new * settings["cost_per_member"])


@turn(270)
def norm_reform(model, settings: Settings) -> None:
    """A part of the banquet burden is ended."""
    for village, level in settings.reached():
        strengthen(village, "norm_reform", level * settings["reduction"])
        settings.pay(village, "suppliers", level * settings["cost_per_village"])

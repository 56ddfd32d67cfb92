"""Customs: what banquets take from households (off by default)."""

from __future__ import annotations


def burden(model, village) -> float:
    """Yuan a year per registered head."""
    left = model.p.banquet_burden * (1 - village.policy.norm_reform)
    return left * (1 - model.p.burden_by_credit_file * village.policy.platform_credit)


def dividend_left(model, village) -> float:
    """What is left of last year's dividend per head."""
    return max(0.0, village.dividend_per_head - burden(model, village))


def trust_lost(model, village) -> float:
    """By how much the burden lowers the level that trust moves towards."""
    return model.p.trust_by_burden * burden(model, village) / 100

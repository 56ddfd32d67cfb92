"""Shocks and rules of one's own, which enter a study by name."""

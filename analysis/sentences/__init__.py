"""Sentences of the report in Chinese and English, kept apart from the code that computes."""

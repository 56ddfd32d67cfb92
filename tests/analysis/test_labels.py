"""Both catalogues have the same keys and placeholders."""

from __future__ import annotations

import re
from string import Formatter

from analysis.sentences.catalogue import Words, sentences


def placeholders(text: str) -> set[str]:
    """Names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_same_keys() -> None:
    """Every sentence exists in Chinese and English."""
    assert set(sentences("zh")) == set(sentences("en"))


def test_same_placeholders() -> None:
    """Every sentence takes the same values in both."""
    different = [
        key for key in sentences("zh") if placeholders(sentences("zh")[key]) != placeholders(sentences("en")[key])
    ]
    assert not different


def test_chinese_marks_are_full_width() -> None:
    """No half-width comma, semicolon, colon or question mark next to a Chinese letter."""
    wrong = [key for key, text in sentences("zh").items() if re.search(r"[\u4e00-\u9fff][,;:?!]", text)]
    assert not wrong


def test_english_has_no_chinese_but_units() -> None:
    """English sentences hold no Chinese except 万元 beside its explanation, and the language switch."""
    wrong = [
        key
        for key, text in sentences("en").items()
        if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text.replace("万元", "")) and key != "language_switch"
    ]
    assert not wrong


def test_numbers() -> None:
    """True minus sign, thousands, dash for nothing, no negative zero."""
    words = Words("en")
    assert words.number(-1234.56, 1) == "−1,234.6"
    assert words.number(2, 1, signed=True) == "+2.0"
    assert words.number(-0.001, 1, signed=True) == "0.0"
    assert words.number(float("nan")) == "–"
    assert words.amount("money", 1234.0) == "12.3"
    assert Words("zh").amount("money", 1234.0) == "1,234"

"""Hostile values and plain mutation, used by all subjects."""

from __future__ import annotations

from random import Random

from tests.fuzz.common import SECRET_NAME

NUMBERS = (
    "0", "-0", "-1", "1e309", "-1e309", "nan", "NaN", "inf", "-inf", "1_000", "1,234", "1,23", "0x10", "1e-400", "١٢",
    "１２．５", "12.5万", "1e5", "+5", "5.", ".5", "5%", "1/2", "2026-01-01", "1:30", "00012", "9" * 400, "1 000",
    "1\u00a0000",
    "−5", "--5", "5-", "0o17", "0b1", "True", "null", "~", "-", "—", "/", "无", "N/A", "#REF!", "#DIV/0!", "1.2.3",
    "12.50",
)  # fmt: skip
TEXTS = (
    "", " ", "\t", "=1+1", "+1", "@SUM(A1)", "=HYPERLINK(\"x\")", "-2+3", "\x1b[31mred\x1b[0m", "\u202eabc",
    "a\x00b", "\ufeff",
    "a" * 5000, "\ud7ff", "\U0010ffff", "é\u0301", "$x$", "${oc.env:" + SECRET_NAME + "}", "'", '"', "\\", "\r",
    "\n", "a,b",
    "../evil", "off-limits/evil", "~/evil", "/etc/passwd", "CON", "a/b", "{}", "[]", "%s", "{0}", "<script>",
    "&amp;", "是", "否",
    "公", "　", "\x85", "\u2028", "\x7f", "𠮷", "existing", "none",
)  # fmt: skip
"""Cells, labels, names."""
YAML_PIECES = (
    ":", "：", "，", "- ", "? ", "&a ", "*a", "!!python/object:os.system ", "<<: ", "|\n", ">", "---\n", "...\n",
    "%YAML 1.1\n", "# @package hydra\n",
)  # fmt: skip
TABLE_PIECES = (",", ";", "\t", "\n", "\r\n", '"', ",,", "\ufeff")
PIECES = tuple(item.encode("utf-8", "surrogatepass") for item in (*NUMBERS[:20], *TEXTS, *YAML_PIECES, *TABLE_PIECES))
"""What byte mutation puts in."""


def mutate(content: bytes, dice: Random, most: int = 4) -> bytes:
    """A few plain mutations: bits flipped, pieces cut out, doubled, swapped, put in, and ends cut off."""
    for _ in range(dice.randint(1, most)):
        size = len(content)
        place = dice.randrange(size + 1)
        length = min(size - place, int(2 ** dice.uniform(0, 8)))
        kind = dice.randrange(7)
        if kind == 0 and size:
            place = min(place, size - 1)
            content = content[:place] + bytes([content[place] ^ (1 << dice.randrange(8))]) + content[place + 1 :]
        elif kind == 1:
            content = content[:place] + content[place + length :]
        elif kind == 2:
            content = content[:place] + content[place : place + length] * 2 + content[place + length :]
        elif kind == 3:
            content = content[:place] + dice.choice(PIECES) + content[place:]
        elif kind == 4:
            lines = content.split(b"\n")
            one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            content = b"\n".join(lines)
        elif kind == 5:
            lines = content.split(b"\n")
            lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))
            content = b"\n".join(lines)
        elif dice.random() < 0.2:
            content = content[:place]
    return content


def recode(text: str, dice: Random) -> bytes:
    """Text in one of the encodings that people's programs write, most often UTF-8."""
    encoding = dice.choice(["utf-8"] * 5 + ["utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "big5", "latin-1"])
    return text.encode(encoding, "replace")

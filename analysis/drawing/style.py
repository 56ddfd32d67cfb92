"""One look for all figures: fonts, colours, page furniture."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

mpl.use("Agg")

INK, FAINT, LINE = "#22262b", "#6f767e", "#d9dcdf"
REFERENCE = "#7a8087"
FIXED = {
    "none": "#c98a00", "existing": REFERENCE,
    "existing_pairing_expanded": "#0072b2", "existing_joint_building": "#009371",
    "existing_company_strengthened": "#b0558f", "existing_alliances": "#4aa3df", "existing_all_four": "#c2410c",
    "grants_same_cost": "#1d1f22", "existing_pairing_and_joint": "#7a5230",
    # organisation: purple to rose
    "rec_responsibility": "#6a3d9a", "rec_rectification": "#a06cc0", "rec_openness": "#d6409f",
    "rec_grading": "#7f1d4f", "rec_joint_building": "#e2748f", "rec_demonstration": "#43307a",
    "rec_party_members": "#a9758a",
    # economy: earth and green
    "rec_industry_plan": "#b8860b", "rec_rewards": "#e08214", "rec_alliances": "#2f7d32",
    "rec_asset_supervision": "#7f5a1e", "rec_expert_corps": "#84a816",
    # governance: blue
    "rec_coordination": "#0b4f94", "rec_doorstep": "#3a8fc8", "rec_small_steps": "#01796f",
    "rec_service_targeting": "#4fb3a9", "rec_norms": "#4c5f7a",
    "recommended": "#b80c1f",
}  # fmt: skip
FURTHER = (
    "#6b5b95", "#a3a500", "#1f6f78", "#d98880", "#5b2c3f", "#4b6b2f", "#8fb8de", "#8a6d3b",
    "#e377c2", "#2c3e70", "#76c7b7", "#b7410e", "#9467bd", "#55606b", "#c9a227", "#00747a",
)  # fmt: skip
PAYERS = {
    "central": "#31688e", "district": "#7fb3a6", "sponsors": "#e0b35a", "partner_regions": "#b5651d",
    "state_firms": "#8c6bb1",
}  # fmt: skip
SYSTEM_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)  # fmt: skip
WIDTH = 9.0


@cache
def chinese_font() -> str | None:
    """Name of a font that can write Chinese, or None: the font package first, then the system's fonts."""
    try:
        path = Path(import_module("pylopdf_fonts_zh_cn").sans_path())
        font_manager.fontManager.addfont(str(path))
        return font_manager.FontProperties(fname=str(path)).get_name()
    except (ImportError, OSError, AttributeError, RuntimeError):
        installed = {entry.name for entry in font_manager.fontManager.ttflist}
        return next((name for name in SYSTEM_FONTS if name in installed), None)


def figure_language(lang: str) -> str:
    """Language that figures can be written in: English, with a warning, where no font has Chinese."""
    if lang == "zh" and chinese_font() is None:
        warnings.warn(
            "没有中文字体，图用英文；请安装 pylopdf-fonts-zh-cn / no Chinese font, figures in English; "
            "install pylopdf-fonts-zh-cn",
            stacklevel=2,
        )
        return "en"
    return lang


@contextmanager
def look() -> Generator[None]:
    """Settings of matplotlib that every figure is drawn and saved under."""
    family = [name for name in (chinese_font(), "DejaVu Sans") if name]
    settings: dict[Any, Any] = {
        "font.family": family, "font.size": 9,
        "text.color": INK, "text.parse_math": False,  # a label is no formula
        "axes.edgecolor": LINE, "axes.linewidth": 0.8, "axes.spines.top": False, "axes.spines.right": False,
        "axes.labelcolor": FAINT, "axes.labelsize": 8.5, "axes.unicode_minus": True, "axes.axisbelow": True,
        "axes.titlesize": 9, "axes.titlecolor": INK, "axes.titlelocation": "left",
        "xtick.color": LINE, "xtick.labelcolor": FAINT, "xtick.labelsize": 8, "xtick.major.size": 3,
        "ytick.color": LINE, "ytick.labelcolor": FAINT, "ytick.labelsize": 8, "ytick.major.size": 0,
        "grid.color": "#eceef0", "grid.linewidth": 0.8,
        "figure.dpi": 100, "figure.constrained_layout.w_pad": 0.09, "figure.constrained_layout.h_pad": 0.08,
        "svg.fonttype": "path", "svg.hashsalt": "qiangcun", "path.simplify": True,
    }  # fmt: skip
    with mpl.rc_context():
        mpl.rcdefaults()  # a `matplotlibrc` that lies somewhere changes no figure, and has LaTeX run for none
        mpl.rcParams.update(settings)
        yield


def colour(key: str, reference: str, strategies: list[str]) -> str:
    """The one colour of a strategy: grey for the reference, fixed for known ones, else the next free one."""
    if key == reference:
        return REFERENCE
    if key in FIXED and key != "existing":
        return FIXED[key]
    unknown = [name for name in strategies if name != reference and (name not in FIXED or name == "existing")]
    return FURTHER[unknown.index(key) % len(FURTHER)] if key in unknown else INK


def payer_colour(payer: str) -> str:
    """Colour of a payer; those that are not known share one."""
    return PAYERS.get(payer, "#a9a4b8")


def width_of(text: str) -> int:
    """Width of a text in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def wrap(text: str, columns: int) -> str:
    """Break a text into lines no wider than `columns`; never before a closing or after an opening mark."""
    pieces = re.findall(r"[“（《]*(?:[A-Za-z0-9_'’.,%+−()/:;-]+[ ]?|.)", text)
    lines, line = [], ""
    for piece in pieces:
        closing = piece in "，。；：、）”！？》"
        if line and not closing and width_of((line + piece).rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return "\n".join([*lines, line.rstrip()]) if line.strip() else "\n".join(lines)


def shorten(text: str, columns: int) -> str:
    """A text no wider than `columns`: what stands in its middle is left out, for names differ at either end."""
    if width_of(text) <= columns:
        return text
    head, tail = text, ""
    while head and width_of(head) > 0.6 * columns:
        head = head[:-1]
    for letter in reversed(text[len(head) :]):
        if width_of(f"{head}…{letter}{tail}") > columns:
            break
        tail = letter + tail
    return f"{head.rstrip()}…{tail.lstrip()}"


def clean(text: str, lang: str) -> str:
    """Replace marks that a Chinese font draws full width inside English text."""
    if lang == "zh":
        return text
    for mark, plain in {"—": "–", "“": '"', "”": '"', "‘": "'", "’": "'", "·": "|", "…": "..."}.items():
        text = text.replace(mark, plain)
    if chinese_font() is None:
        text = "".join(letter for letter in text if ord(letter) < 0x2E80)
        text = text.replace("()", "").rstrip()
    return text


def frame(figure: Figure, title: str, foot: str, lang: str) -> None:
    """Lay the figure out, and put the finding above and the foot below the canvas; the page has them as text."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once; every saving would do it again
    for legend in figure.legends:  # else it would move to the edge of the larger picture
        legend.set_bbox_to_anchor((0, 0, 1, 1), figure.transFigure)
    inches, height = figure.get_size_inches()
    above = clean(wrap(title, int(inches * 10.2)), lang)
    below = clean(wrap(foot, int(inches * 15.5)), lang)
    figure.text(0.005, 1 + 0.1 / height, above, ha="left", va="bottom", fontsize=11.5, color=INK, linespacing=1.45)
    figure.text(0.005, -0.1 / height, below, ha="left", va="top", fontsize=7.5, color=FAINT, linespacing=1.5)


def thousands() -> FuncFormatter:
    """Axis numbers with thousands separated and a true minus sign."""
    return FuncFormatter(
        lambda value, _position: f"{round(value, 6):,.6g}".replace("-", "−") if abs(value) < 1e6 else f"{value:,.0f}"
    )


def numbers(axis: Axis, most: int = 5, whole: bool = False) -> None:
    """Have an axis carry a few numbers, written as `thousands` does."""
    axis.set_major_locator(MaxNLocator(most, integer=whole))
    axis.set_major_formatter(thousands())


def zero(axes: Axes, vertical: bool) -> None:
    """Draw the line of no difference."""
    draw = axes.axvline if vertical else axes.axhline
    draw(0, color=FAINT, linewidth=0.9, zorder=1)

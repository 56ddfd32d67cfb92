"""The brief as a Word file, with python-docx where it is installed (the extra `office`)."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis.answers import Picture
from analysis.data.results import Results
from analysis.drawing import style
from analysis.page.figures import drawn_in
from analysis.sentences.catalogue import Words

MARGIN_CM, WIDTH_CM, FIRST_COLUMN_CM = 1.8, 17.4, 2.6
"""Margins of an A4 page, what they leave, and the first column of a table."""
FONTS = {"zh": ("Times New Roman", "宋体"), "en": ("Calibri", "宋体")}
"""Latin and Chinese font of each language; Word and WPS have them."""
DOTS_PER_INCH = 220


def available() -> bool:
    """Whether python-docx is installed."""
    return find_spec("docx") is not None


def write(brief: dict[str, Any], results: Results, path: Path) -> None:
    """Write the brief, as `analysis.page.brief.build` gives it, as a Word file of two pages."""
    from docx import Document
    from docx.shared import Cm, Pt

    words: Words = brief["t"]
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(MARGIN_CM))
    plain = document.styles["Normal"]
    plain.font.size, plain.paragraph_format.space_after = Pt(10), Pt(3)
    for name in ("Normal", "Title", "Heading 2", "List Number", "List Bullet"):
        set_fonts(document.styles[name], words.lang)
    document.add_paragraph(brief["title"], style="Title").runs[0].font.size = Pt(18)
    small(document, brief["meta"])
    heading(document, words("brief_question"))
    document.add_paragraph(brief["question"])
    heading(document, words("brief_findings"))
    for one in brief["findings"]:
        line = document.add_paragraph(one["text"], style="List Number")
        if one["certainty"]:
            line.add_run(words("in_brackets", text=one["certainty"])).bold = True
    if brief["figure"] is not None:
        document.add_paragraph(brief["figure"].title).runs[0].bold = True
        document.add_picture(drawn(brief["picture"], results, words), width=Cm(WIDTH_CM))
        small(document, f"{brief['figure'].note} {brief['figure'].foot}")
    if brief["table"] is not None:
        heading(document, brief["table"]["head"]).paragraph_format.page_break_before = True
        fill_table(document, brief["table"], words)
        small(document, brief["table"]["below"])
    for key, title in (("hangs_on", "hangs_on"), ("reservations", "reservations"), ("steps", "next")):
        heading(document, words(f"brief_{title}"))
        for line in brief[key]:
            document.add_paragraph(line, style="List Bullet")
    small(document, brief["assumption"])
    small(document, brief["cite"])
    document.core_properties.title, document.core_properties.author = brief["title"], "qiangcun"
    document.save(str(path))


def set_fonts(style_of: Any, lang: str) -> None:
    """Give a style its Latin and its Chinese font, and plain black."""
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    latin, chinese = FONTS[lang]
    style_of.font.name, style_of.font.color.rgb = latin, RGBColor(0x22, 0x26, 0x2B)
    fonts = style_of.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:  # a theme's font would win over ours
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), chinese)


def heading(document: Any, text: str) -> Any:
    """A heading, which stays with what follows."""
    return document.add_paragraph(text, style="Heading 2")


def small(document: Any, text: str) -> None:
    """Small print."""
    from docx.shared import Pt

    document.add_paragraph(text).runs[0].font.size = Pt(8)


def drawn(picture: Picture, results: Results, words: Words) -> io.BytesIO:
    """A picture as PNG."""
    file = io.BytesIO()
    with style.look():
        picture.draw(results, drawn_in(words)).savefig(file, format="png", dpi=DOTS_PER_INCH)
    file.seek(0)
    return file


def fill_table(document: Any, table: dict[str, Any], words: Words) -> None:
    """The reference's level, then a line for each strategy: mean difference, and its range beneath."""
    from docx.shared import Cm, Pt

    heads = [words("effects_strategy"), *(f"{head}\n{unit}" for head, unit in table["heads"])]
    level = [f"{table['reference']['name']} {words('level_tag')}", *table["reference"]["cells"]]
    lines = [[row["name"], *(f"{cell['main']}\n{cell['spread']}" for cell in row["cells"])] for row in table["rows"]]
    grid = document.add_table(rows=0, cols=len(heads), style="Table Grid")
    grid.autofit = False
    widths = [FIRST_COLUMN_CM, *[(WIDTH_CM - FIRST_COLUMN_CM) / (len(heads) - 1)] * (len(heads) - 1)]
    for number, line in enumerate([heads, level, *lines]):
        for cell, text, width in zip(grid.add_row().cells, line, widths, strict=True):
            cell.text, cell.width = text, Cm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                for run in paragraph.runs:
                    run.font.size, run.font.bold = Pt(7.5), number == 0

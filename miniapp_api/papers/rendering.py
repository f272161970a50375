"""Draws a paper as PDF/A-2u on A4: large type, the code to scan, the frame of the seal.

Pure: no Flask, no database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby

import qrcode
from fpdf import FPDF
from fpdf.enums import Align, DocumentCompliance, TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

from miniapp_api.papers.breaking import break_lines
from miniapp_api.papers.composing import Content, Part
from miniapp_api.papers.fonts import OWN, Fonts
from miniapp_api.papers.seals import Mark

COMPLIANCE = DocumentCompliance.PDFA_2U
MARGIN, TOP = 22.0, 16.0
WIDTH, HEIGHT = 210.0, 297.0
INNER = WIDTH - 2 * MARGIN
"""Millimetres, as are all lengths here."""

TITLE, HEADING, BODY, CELL, SMALL = 26, 15, 15, 13, 11
"""Sizes of type, in points: 15 is what a reader with presbyopia reads without glasses."""

FRAME_SIZES = (34, 20)
"""At most, of the two lines in the frame; each is as large as fits."""

LEADING = 1.42
QR_MODULE = 0.72
QUIET_ZONE = 4
FRAME = 40.0
FOOT = 24.0
CLOSING = 60.0
"""What the last sentence, the code, the date and the seal take, which stay together."""

_GREY = 110
_SHARES = {"序号": 2, "份数": 2, "形式": 3, "样表": 3}
_WIDE = 9
"""Shares of a table's width, by label; other columns are wide."""

for _name in ("fontTools", "fpdf", "pyhanko"):
    logging.getLogger(_name).setLevel(logging.ERROR)  # they tell of every table, and of characters of names


@dataclass(frozen=True, slots=True)
class Job:
    """A paper to be drawn.

    Attributes:
        link: what the code says.
        made_at: the moment of issue.
        void: it was declared void before it was drawn.
    """

    content: Content
    link: str
    mark: Mark
    made_at: datetime
    void: bool = False


class Sheet(FPDF):
    """A document whose pages carry the paper's number and, if need be, a warning."""

    def __init__(self, job: Job, fonts: Fonts) -> None:
        """Open the document."""
        super().__init__(format="A4", enforce_compliance=COMPLIANCE)
        self.job = job
        self.set_margins(MARGIN, TOP)
        self.set_auto_page_break(True, FOOT + 2)
        self.add_font("own", "", OWN)
        if fonts.rare:
            self.add_font("rare", "", fonts.rare)
            self.set_fallback_fonts(["rare"])
        self._describe()
        self.add_page()

    def _describe(self) -> None:
        content = self.job.content
        self.set_title(f"{content.title} {content.number}")
        self.set_author(content.issuer)
        self.set_lang("zh-CN")
        self.set_creator("Daoban")
        self.set_creation_date(self.job.made_at)

    def footer(self) -> None:
        """Draw what stands at the foot of each page."""
        self.set_y(-FOOT)
        if banner := self.job.mark.banner:
            self.set_font("own", size=HEADING)
            self.cell(INNER, 8, banner, align=Align.C, border="TB", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font("own", size=SMALL)
        self.set_text_color(_GREY)
        self.cell(INNER, 7, f"{self.job.content.number}　第 {self.page_no()} 页", align=Align.C)
        self.set_text_color(0)

    def measure(self, size: int) -> Callable[[str], float]:
        """Give what measures texts of a size in millimetres."""
        self.set_font("own", size=size)

        @cache
        def width(character: str) -> float:
            return float(self.get_string_width(character))

        return lambda text: sum(map(width, text))

    def write_lines(self, text: str, size: int = BODY, *, indent: float = 0, align: Align = Align.L) -> None:
        """Write a text below what is there, broken into lines."""
        measure = self.measure(size)
        height = size * LEADING * 25.4 / 72
        for line in break_lines(text, INNER - indent, measure):
            self.set_font("own", size=size)
            self.set_x(MARGIN + indent)
            self.cell(INNER - indent, height, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def draw(job: Job, fonts: Fonts) -> bytes:
    """Draw a paper.

    Args:
        job: what is drawn.
        fonts: have all its characters.

    Returns:
        The document, not signed yet.
    """
    sheet = Sheet(job, fonts)
    _head(sheet)
    for part in job.content.parts:
        _PARTS[part.kind](sheet, part)
    _closing(sheet)
    return bytes(sheet.output())


def _head(sheet: Sheet) -> None:
    content = sheet.job.content
    sheet.write_lines(content.issuer, 18, align=Align.C)
    sheet.write_lines(content.title, TITLE, align=Align.C)
    sheet.write_lines(content.number, HEADING, align=Align.C)
    if sheet.job.void:
        sheet.write_lines("已作废，不能再用", TITLE, align=Align.C)
    sheet.ln(4)


def _text(sheet: Sheet, part: Part) -> None:
    for (text,) in part.rows:
        sheet.write_lines(text)
    sheet.ln(1.5)


def _lines(sheet: Sheet, part: Part) -> None:
    for label, text in part.rows:
        sheet.write_lines(f"{label}：{text}")
    sheet.ln(1.5)


def _list(sheet: Sheet, part: Part) -> None:
    sheet.write_lines(f"{part.heading}：")
    for place, (entry,) in enumerate(part.rows, 1):
        sheet.write_lines(f"{place}. {entry}", indent=6)
    sheet.ln(1.5)


def _sign(sheet: Sheet, part: Part) -> None:
    sheet.ln(4)
    for (label,) in part.rows:
        sheet.write_lines(f"{label}：{'_' * 20}")
    sheet.ln(1.5)


def _table(sheet: Sheet, part: Part) -> None:
    sheet.write_lines(f"{part.heading}：")
    shares = [_SHARES.get(label, _WIDE) for label in part.rows[0]]
    measure = sheet.measure(CELL)
    inner = [INNER * share / sum(shares) - 4 for share in shares]
    sheet.set_font("own", size=CELL)
    with sheet.table(
        width=INNER,
        col_widths=shares,
        line_height=CELL * 1.4 * 25.4 / 72,
        padding=1.5,
        text_align=Align.L,
        headings_style=FontFace(fill_color=235),
        cell_fill_mode=TableCellFillMode.NONE,
    ) as table:
        for row in part.rows:
            table.row(["\n".join(break_lines(cell, width, measure)) for cell, width in zip(row, inner, strict=True)])
    sheet.ln(3)


_PARTS: dict[str, Callable[[Sheet, Part], None]] = {
    "text": _text,
    "lines": _lines,
    "list": _list,
    "sign": _sign,
    "table": _table,
}


def _closing(sheet: Sheet) -> None:
    """Draw the code with what it is for, the date and the frame of the seal."""
    if sheet.will_page_break(CLOSING):
        sheet.add_page()
    sheet.write_lines(sheet.job.content.footer, CELL)
    top = sheet.get_y() + 2
    _code(sheet, MARGIN, top)
    _frame(sheet, WIDTH - MARGIN - FRAME, top)
    left = MARGIN + 48
    for text, down in ((sheet.job.content.issuer, 6.0), (sheet.job.content.day, 18.0)):
        lines = break_lines(text, INNER - 48 - FRAME - 4, sheet.measure(BODY))
        for place, line in enumerate(lines):
            sheet.set_xy(left, top + down + place * 7)
            sheet.cell(INNER - 48 - FRAME - 4, 7, line, align=Align.R)


def _code(sheet: Sheet, left: float, top: float) -> None:
    """Draw the code as rectangles, one for each run of dark modules."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(sheet.job.link)
    sheet.set_fill_color(0)
    for down, row in enumerate(code.get_matrix()):
        across = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                x, y = left + across * QR_MODULE, top + down * QR_MODULE
                sheet.rect(x, y, length * QR_MODULE, QR_MODULE, style="F")
            across += length


def _frame(sheet: Sheet, left: float, top: float) -> None:
    """Draw the frame of the seal: square and grey, so that nobody takes it for a seal."""
    sheet.set_draw_color(_GREY)
    sheet.set_line_width(0.8)
    sheet.rect(left, top, FRAME, FRAME)
    sheet.set_draw_color(0)
    sheet.set_line_width(0.2)
    down = top + 5
    for text, largest in zip(sheet.job.mark.frame, FRAME_SIZES, strict=True):
        size = max(CELL, min(largest, int((FRAME - 8) / len(text) * 72 / 25.4)))
        height = size * 1.3 * 25.4 / 72
        for line in break_lines(text, FRAME - 4, sheet.measure(size)):
            sheet.set_xy(left + 2, down)
            sheet.cell(FRAME - 4, height, line, align=Align.C)
            down += height

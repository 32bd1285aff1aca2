"""A report on paper: blocks of words, tables and drawings as an A4 PDF with its Japanese font inside.

All words come in as they are to be read. Text is black, what is drawn is grey with a vermilion line for the pass mark,
so that a report reads the same from any printer. One weight and three sizes: the font has no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF, FontFace

Colour = tuple[int, int, int]
MISSING = "〓"  # printers' sign for a character that the font does not have
MARGIN = 18.0  # millimetres, like all lengths here
WIDTH = 210 - 2 * MARGIN
NEAR, GAP = 6, 1.5  # a figure that would stand so near the pass mark's line stands beside it instead
ROOM = 12  # between two figures on a scale; the ends of the scale give way to those of the interval
INK, NOTE, RULE = (25, 30, 40), (95, 100, 110), (205, 208, 214)
FILL, PALE, TRACK, MARK = (60, 80, 130), (160, 172, 200), (230, 232, 236), (196, 58, 35)
SMALL, TEXT, HEAD, TITLE = 8.0, 10.0, 13.0, 20.0  # points


@dataclass(frozen=True, slots=True)
class Heading:
    """Over what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; ``is_note`` smaller and grey."""

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A few figures: (label, figure) side by side."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score as a point on the exam's scale with its interval: hollow where it fails. ``mark_label`` names the pass
    mark under its line."""

    minimum: int
    mark: int
    maximum: int
    score: int
    interval: tuple[int, int] | None
    passed: bool
    mark_label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with its interval and the cut, all in 0 to 1; ``words`` say the figures."""

    title: str
    words: str
    share: float
    interval: tuple[float, float]
    cut: float


@dataclass(frozen=True, slots=True)
class Spread:
    """People per stretch of the scale, (lowest score, highest score, people), from the lowest; those from the pass mark
    on are filled."""

    columns: Sequence[tuple[int, int, int]]
    mark: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text. ``widths`` are shares of the page's width; all but the first column are set to the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


Block = Heading | Words | Facts | ScoreLine | Bar | Spread | Table


@dataclass(frozen=True, slots=True)
class Report:
    """One document. ``foot`` stands at the bottom of every page beside its number; ``language`` is told to readers of
    the file."""

    title: str
    subtitle: str
    foot: str
    language: str
    blocks: Sequence[Block]


def pdf(report: Report) -> bytes:
    """The file. The part of the font that it uses is inside."""
    paper = _Paper(report)
    for block in report.blocks:
        paper.draw(block)
    return bytes(paper.pdf.output())


class _Paper:
    """The sheet, and a pen that moves down on it."""

    def __init__(self, report: Report) -> None:
        from fpdf import FPDF  # large, and needed by few requests
        from pylopdf_fonts_jp import sans_path

        self.pdf: FPDF = FPDF(format="A4")
        self.pdf.add_font("report", "", sans_path())
        self.known = self.pdf.fonts["report"].cmap  # type: ignore[union-attr]
        self.pdf.set_title(report.title)
        self.pdf.set_lang(report.language)
        self.pdf.set_margin(MARGIN)
        self.pdf.c_margin = 0
        self.pdf.set_auto_page_break(True, margin=MARGIN + 6)
        self.pdf.footer = lambda: self._foot(report.foot)  # type: ignore[method-assign]
        self.pdf.add_page()
        self._line(report.title, TITLE)
        self._line(report.subtitle, TEXT, NOTE)
        self.pdf.ln(4)

    def draw(self, block: Block) -> None:
        """One block, under the last."""
        match block:
            case Heading():
                self._keep(24)
                self.pdf.ln(5)
                self._line(block.text, HEAD)
                self.pdf.ln(1)
            case Words():
                self._line(block.text, SMALL if block.is_note else TEXT, NOTE if block.is_note else INK)
                self.pdf.ln(1)
            case Facts():
                self._facts(block)
            case ScoreLine():
                self._score(block)
            case Bar():
                self._bar(block)
            case Spread():
                self._spread(block)
            case _:
                self._table(block)

    def text(self, words: str) -> str:
        """What can be set: a character that the font does not have is shown as missing."""
        return "".join(char if char == "\n" or ord(char) in self.known else MISSING for char in words)

    def _line(self, words: str, size: float, colour: Colour = INK) -> None:
        from fpdf.enums import WrapMode

        self._pen(size, colour)
        # Japanese has no spaces to break at.
        self.pdf.multi_cell(
            WIDTH,
            size * 0.55,
            self.text(words),
            align="L",
            new_x="LMARGIN",
            new_y="NEXT",
            wrapmode=WrapMode.CHAR if _is_japanese(words) else WrapMode.WORD,
        )

    def _pen(self, size: float, colour: Colour = INK) -> None:
        self.pdf.set_font("report", size=size)
        self.pdf.set_text_color(*colour)

    def _at(self, x: float, y: float, words: str, size: float, colour: Colour = INK, side: str = "") -> None:
        """Words whose base begins (or, by ``side``, ends or has its middle) at a point, kept on the page."""
        self._pen(size, colour)
        words = self.text(words)
        width = self.pdf.get_string_width(words)
        x -= width if side == "end" else width / 2 if side == "mid" else 0
        self.pdf.text(min(max(MARGIN, x), MARGIN + WIDTH - width), y, words)

    def _keep(self, height: float) -> None:
        """Begin a new page where so much does not fit on this one."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()

    def _foot(self, words: str) -> None:
        y = 297 - MARGIN + 4
        self._at(MARGIN, y, words, SMALL, NOTE)
        self._at(MARGIN + WIDTH, y, str(self.pdf.page_no()), SMALL, NOTE, "end")

    def _facts(self, block: Facts) -> None:
        self._keep(18)
        y, width = self.pdf.get_y(), WIDTH / len(block.pairs)
        for number, (label, figure) in enumerate(block.pairs):
            self._at(MARGIN + number * width, y + 4, label, SMALL, NOTE)
            self._at(MARGIN + number * width, y + 11, figure, HEAD)
        self.pdf.set_y(y + 15)

    def _score(self, block: ScoreLine) -> None:
        self._keep(32)
        y = self.pdf.get_y() + 13

        def x(score: float) -> float:
            return MARGIN + WIDTH * (score - block.minimum) / (block.maximum - block.minimum)

        self._box(MARGIN, y, WIDTH, 5, TRACK)
        if block.interval:
            low, high = block.interval
            self._box(x(low), y, x(high) - x(low), 5, PALE)
            for end in block.interval:
                place, side = _clear_of(x(block.mark), x(end))
                self._at(place, y + 9.5, str(end), SMALL, NOTE, side)
        self._cut(x(block.mark), y - 1, y + 13)
        self._at(x(block.mark), y + 16.5, block.mark_label, SMALL, MARK, "mid")
        self.pdf.set_draw_color(*INK)
        self.pdf.set_fill_color(*(INK if block.passed else (255, 255, 255)))
        self.pdf.set_line_width(0.5)
        self.pdf.circle(x(block.score), y + 2.5, 2.2, style="DF")
        self._at(x(block.score), y - 3, str(block.score), TITLE, INK, "mid")
        for score, side in ((block.minimum, ""), (block.maximum, "end")):
            if all(abs(x(end) - x(score)) > ROOM for end in block.interval or ()):
                self._at(x(score), y + 9.5, str(score), SMALL, NOTE, side)
        self.pdf.set_y(y + 20)

    def _bar(self, block: Bar) -> None:
        self._keep(15)
        self._line(block.title, TEXT)
        y, half = self.pdf.get_y() + 1, WIDTH * 0.5
        self._box(MARGIN, y, half, 3, TRACK)
        self._box(MARGIN, y, half * block.share, 3, FILL if block.share >= block.cut else PALE)
        self.pdf.set_draw_color(*FILL)
        self.pdf.set_line_width(0.4)
        low, high = (MARGIN + half * end for end in block.interval)
        self.pdf.line(low, y + 4.2, high, y + 4.2)
        for end in (low, high):
            self.pdf.line(end, y + 3.5, end, y + 4.9)
        self._cut(MARGIN + half * block.cut, y - 1, y + 5)
        self._at(MARGIN + half + 5, y + 3, block.words, SMALL)
        self.pdf.set_y(y + 7)

    def _spread(self, block: Spread) -> None:
        self._keep(46)
        base = self.pdf.get_y() + 34
        tallest = max(people for _, _, people in block.columns)
        width = WIDTH / len(block.columns)
        for number, (low, _high, people) in enumerate(block.columns):
            height = 26 * people / tallest
            x = MARGIN + number * width
            self._box(x + 0.6, base - height, width - 1.2, height, FILL if low >= block.mark else PALE)
            if people:
                self._at(x + width / 2, base - height - 1, str(people), SMALL, INK, "mid")
            self._at(x, base + 4, str(low), 6.5, MARK if low == block.mark else NOTE, "mid" if number else "")
            if low == block.mark:
                self._cut(x, base - 31, base + 1)
        self._at(MARGIN + WIDTH, base + 4, str(block.columns[-1][1]), 6.5, NOTE, "end")
        self.pdf.set_draw_color(*NOTE)
        self.pdf.line(MARGIN, base, MARGIN + WIDTH, base)
        self.pdf.set_y(base + 7)

    def _table(self, block: Table) -> None:
        from fpdf.enums import TableBordersLayout

        self._pen(SMALL)
        self.pdf.set_draw_color(*RULE)
        self.pdf.set_line_width(0.2)
        self.pdf.set_fill_color(255, 255, 255)
        with self.pdf.table(
            width=WIDTH,
            col_widths=[round(1000 * share) for share in block.widths],
            text_align=("LEFT", *["RIGHT"] * (len(block.widths) - 1)),
            line_height=SMALL * 0.6,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=self._heading_face(),
            padding=(0.8, 1),
        ) as table:
            for row in [block.head, *block.rows]:
                table.row([self.text(cell) for cell in row])
        self.pdf.ln(2)

    def _heading_face(self) -> FontFace:
        from fpdf import FontFace

        return FontFace(emphasis="", color=NOTE)

    def _box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(x, y, width, height, style="F")

    def _cut(self, x: float, top: float, bottom: float) -> None:
        self.pdf.set_draw_color(*MARK)
        self.pdf.set_line_width(0.5)
        self.pdf.line(x, top, x, bottom)


def _is_japanese(words: str) -> bool:
    return any("\u3040" <= char <= "\u9fff" for char in words)


def _clear_of(line: float, x: float) -> tuple[float, str]:
    """Where a figure for ``x`` stands, and by which side, so that a line does not run through it."""
    if abs(x - line) >= NEAR:
        return x, "mid"
    return (line - GAP, "end") if x < line else (line + GAP, "")

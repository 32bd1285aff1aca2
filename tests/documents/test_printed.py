"""Reports on paper. What they look like was looked at; here is what can be read out of the file."""

from __future__ import annotations

import re
import zlib

import pytest

from exams.documents.printed import Bar, Facts, Heading, Report, ScoreLine, Spread, Table, Words, pdf

SCALE = {"minimum": 100, "mark": 750, "maximum": 1000, "mark_label": "合格ライン750"}


def report(*blocks, **changes):
    return Report(
        **{"title": "得点レポート", "subtitle": "青木", "foot": "f", "language": "ja", **changes}, blocks=blocks
    )


def streams(content: bytes) -> bytes:
    found = re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)
    return b"\n".join(zlib.decompress(part) if part[:1] == b"\x78" else part for part in found)


def letters(content: bytes) -> str:
    """What characters the file lets one copy, from the map of its font."""
    pairs = re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>", streams(content))
    return "".join(sorted(chr(int(code, 16)) for code in pairs))


def filled_boxes(content: bytes) -> list[bytes]:
    """The colour in force at each box that is filled."""
    found, colour = [], b""
    for line in streams(content).split(b"\n"):
        if re.fullmatch(rb"[0-9. ]+ rg|[0-9.]+ g", line):
            colour = line
        found += [colour] * len(re.findall(rb" re f\b", line))
    return found


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\n", content))


def test_the_font_is_in_the_file_with_the_letters_that_it_needs():
    content = pdf(report(Words("本当の得点")))
    assert content.startswith(b"%PDF-")
    assert b"/FontFile" in content
    assert set("得点レポート青木本当の") <= set(letters(content))


def test_a_letter_that_the_font_does_not_have_is_shown_as_missing():
    assert "〓" in letters(pdf(report(Words("🎉"))))
    assert "〓" not in letters(pdf(report(Words("a\nb"))))


def test_the_file_says_its_language_and_title():
    content = pdf(report(language="en", title="Score report"))
    assert b"/Lang (en)" in content
    assert b"/Title" in content


@pytest.mark.parametrize(
    "block",
    [
        Heading("h"),
        Words("w", is_note=True),
        Words("A long paragraph in English. " * 30),
        Words("日本語の長い文章です。" * 30),
        Facts([("点", "1"), ("b", "2")]),
        ScoreLine(score=100, interval=(100, 400), passed=False, **SCALE),
        ScoreLine(score=1000, interval=None, passed=True, **SCALE),
        Bar("データ", "1 of 2", 0.5, (0.1, 0.9), 0.72),
        Bar("データ", "2 of 2", 1.0, (0.4, 1.0), 0.72),
        Spread([(100, 749, 0), (750, 874, 3), (875, 1000, 1)], 750),
        Table(["a", "b"], [["1", "2"], ["青木 さくら" * 9, "4"]], (0.6, 0.4)),
    ],
)
def test_every_block_can_be_drawn(block):
    assert len(streams(pdf(report(block)))) > len(streams(pdf(report())))


@pytest.mark.parametrize(("interval", "figures"), [((400, 900), 4), ((706, 972), 3), ((100, 400), 3), (None, 2)])
def test_figures_on_a_scale_are_not_printed_over_each_other(interval, figures):
    line = ScoreLine(score=900, interval=interval, passed=True, **SCALE)
    others = 2  # the score and the label of the mark
    assert said(pdf(report(line))) - said(pdf(report())) == figures + others


def test_a_figure_beside_the_pass_mark_leaves_its_line_free():
    def places(interval):
        found = streams(pdf(report(ScoreLine(score=900, interval=interval, passed=True, **SCALE))))
        return {float(place) for place in re.findall(rb"BT ([\d.]+) [\d.]+ Td", found)}

    line, millimetre = (18 + 174 * 650 / 900) * 72 / 25.4, 72 / 25.4
    for interval, sides in (((745, 755), (-1, 1)), ((400, 745), (-1,))):
        near = [place for place in places(interval) - places(None) if abs(place - line) < 10 * millimetre]
        for place, side in zip(sorted(near), sides, strict=True):
            width = 5 * millimetre if side < 0 else 0  # of three digits, which end at the line
            assert side * (place + width * 0.9 - line) > 0


def said(content):
    """How many pieces of text there are."""
    return streams(content).count(b" Tj ")


def test_a_table_after_a_bar_does_not_take_its_colour():
    bar, table = Bar("データ", "2 of 2", 1.0, (0.4, 1.0), 0.72), Table(["a", "b"], [["1", "2"]], (0.5, 0.5))
    assert filled_boxes(pdf(report(bar, table))).count(b"0.2353 0.3137 0.5098 rg") == 1


def test_what_does_not_fit_goes_on_the_next_page():
    assert pages(pdf(report())) == 1
    many = [Bar("データ", "1 of 2", 0.5, (0.1, 0.9), 0.72)] * 30
    assert pages(pdf(report(*many))) == 2
    rows = [["青木", "1"]] * 200
    assert pages(pdf(report(Table(["a", "b"], rows, (0.5, 0.5))))) > 3

"""Pictures: told by their content, and an SVG is nothing but a drawing."""

from __future__ import annotations

import hashlib

import pytest

from exams.formats.pictures import LARGEST, picture_problem, stored_name
from tests.formats.makers import PNG, SVG

START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def drawing(inside: str, start: str = START) -> bytes:
    return f"{start}{inside}</svg>".encode()


@pytest.mark.parametrize(
    ("data", "ending"),
    [(PNG, "png"), (b"\xff\xd8\xff\xe0 and so on", "jpg"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp"), (SVG, "svg")],
)
def test_a_picture_is_stored_by_hash_and_kind(data, ending):
    assert picture_problem("media/x", data) is None
    assert stored_name(data) == f"{hashlib.sha256(data).hexdigest()}.{ending}"


@pytest.mark.parametrize(
    "data",
    [
        drawing('<g transform="translate(1 2)"><rect width="3" height="4" fill="#fff"/></g>'),
        drawing('<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><rect fill="url( \'#a\' )"/>'),
        drawing('<defs><g id="b"/></defs><use href="#b"/><use xlink:href="#b"/><text xml:lang="ja">曲線</text>'),
        drawing("<!-- a remark -->", '<?xml version="1.0" encoding="UTF-8"?>\n' + START),
        drawing("", "\ufeff" + START),
    ],
)
def test_a_plain_drawing_is_taken(data):
    assert picture_problem("media/x.svg", data) is None


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<style>@import 'http://x'</style>", "<style>"),
        ("<image href='http://x'/>", "<image>"),
        ("<animate attributeName='href'/>", "<animate>"),
        ("<a href='#x'/>", "<a>"),
        ("<x:g xmlns:x='http://elsewhere'/>", "<g>"),
        ("<rect onclick='x()'/>", 'onclick="x()"'),
        ("<rect style='fill:red'/>", 'style="fill:red"'),
        ("<rect unknown='x'/>", 'unknown="x"'),
        ("<rect xmlns:x='http://elsewhere' x:fill='red'/>", 'fill="red"'),
        ("<use href='http://x/#a'/>", 'href="http://x/#a"'),
        ("<use xlink:href='javascript:x()'/>", 'href="javascript:x()"'),
        ("<rect fill='url(http://x)'/>", 'fill="url(http://x)"'),
        ("<rect fill='URL( http://x)'/>", 'fill="URL( http://x)"'),
        ("<rect fill='url(#a) url(//x)'/>", 'fill="url(#a) url(//x)"'),
        ("<rect fill='u\\72l(//x)'/>", 'fill="u\\72l(//x)"'),
        ("<?xml-stylesheet href='http://x'?>", "<?"),
    ],
)
def test_what_is_no_drawing_is_named(inside, found):
    problem = picture_problem("media/x.svg", drawing(inside))
    assert problem is not None
    assert (problem.code, problem.where, problem.params) == ("picture_foreign", "media/x.svg", {"found": found})


def test_a_style_sheet_before_the_drawing_is_found_too():
    problem = picture_problem("media/x.svg", b'<?xml version="1.0"?><?xml-stylesheet href="//x"?>' + drawing(""))
    assert problem is not None
    assert problem.params == {"found": "<?"}


def test_an_encoding_in_which_a_browser_would_read_something_else_is_refused():
    problem = picture_problem("media/x.svg", b'<?xml version="1.0" encoding="ISO-2022-JP"?>' + drawing(""))
    assert problem is not None
    assert problem.params == {"found": "encoding"}


def test_another_kind_of_document_is_named_by_its_root():
    problem = picture_problem("media/x.svg", b"<html/>")
    assert problem is not None
    assert problem.params == {"found": "<html>"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ",
        b"<svg",
        b"<svg>\xff</svg>",
        drawing("").decode().encode("utf-16"),
        b"\x89PNG\r\n\x1a\n" + b"x" * LARGEST,
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + drawing("<text>&b;</text>"),
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + drawing("<text>&a;</text>"),
        b'<!DOCTYPE svg SYSTEM "http://x/svg.dtd">' + drawing(""),
    ],
    ids=range(9),
)
def test_what_is_no_picture_is_refused(data):
    problem = picture_problem("media/x.svg", data)
    assert problem is not None
    assert problem.code == "picture_refused"


def test_a_very_deep_drawing_is_judged_without_falling_over():
    assert picture_problem("media/x.svg", drawing("<g>" * 100_000 + "</g>" * 100_000)) is None

"""Lists of addresses as people paste and export them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.formats import addresses
from exams.formats.addresses import Standing


def found(pairs):
    return [(entry.line, entry.address, entry.standing.value) for entry in addresses.judged(pairs)]


def test_a_pasted_list_takes_what_stands_between_addresses():
    text = "a@example.org, b@example.org;c@example.org\n\n佐藤 <D@Example.org>、e@example.org\n"
    assert addresses.from_text(text) == [
        (1, "a@example.org"),
        (1, "b@example.org"),
        (1, "c@example.org"),
        (3, "D@Example.org"),
        (3, "e@example.org"),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("b@example.org  Taro Yamada <taro@example.org>", ["b@example.org", "taro@example.org"]),
        ("Taro <taro@example.org> b@example.org", ["taro@example.org", "b@example.org"]),
        ("a@example.org、太郎 <taro@example.org>", ["a@example.org", "taro@example.org"]),
        ('"Taro@example.org" <taro@Example.org>', ["taro@Example.org"]),
        ("taro@example.org <taro@example.org >; b@example.org", ["taro@example.org", "b@example.org"]),
        ("b@example.org taro@example.org <taro@example.org>", ["b@example.org", "taro@example.org"]),
        ("Taro <>", ["Taro", "<>"]),
        ("Taro <taro@example.org", ["Taro", "<taro@example.org"]),
    ],
)
def test_nothing_that_looks_like_an_address_is_lost_beside_a_name(line, words):
    assert [word for _line, word in addresses.from_text(line)] == words


def test_a_long_line_is_read_at_once():
    assert len(addresses.from_text("x" * addresses.MOST_BYTES + " <" * 1000)) == 1001


def test_of_what_stands_twice_the_first_is_valid_whatever_its_case():
    assert found([(1, "A@example.org"), (2, "a@Example.org")]) == [
        (1, "a@example.org", "valid"),
        (2, "a@example.org", "doubled"),
    ]


@pytest.mark.parametrize(
    "word",
    [
        "nobody",
        "a@b",
        "a@@example.org",
        "a@example..org",
        "a..b@example.org",
        "a@-x.org",
        "a b@x",
        "a@x.org\0",
        "x" * 65 + "@example.org",
    ],
)
def test_what_is_no_address_is_told(word):
    assert addresses.judged([(1, word)])[0].standing is Standing.MALFORMED


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_gives_the_cell_with_an_address_and_leaves_out_its_header(separator):
    rows = [["name", "e-mail"], ["Sato", "a@example.org"], ["Ito", ""], ["", ""], ["b@example.org", "Abe"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    assert addresses.from_csv(text) == [(2, "a@example.org"), (3, "Ito"), (5, "b@example.org")]


def test_a_csv_without_a_header_loses_nothing():
    assert addresses.from_csv("a@example.org\nb@example.org") == [(1, "a@example.org"), (2, "b@example.org")]


def test_a_quote_that_is_not_closed_swallows_nothing():
    text = 'name,mail\n"Sato,a@example.org\nIto,b@example.org'
    assert [entry for _row, entry in addresses.from_csv(text)] == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_files_as_spreadsheets_write_them_are_read(encoding):
    assert addresses.decode("氏名,メール".encode(encoding)) == "氏名,メール"


@pytest.mark.parametrize("content", [b"a\0b", b"\x81", b"\xff\xff\xff\xfa"])
def test_a_file_that_is_no_text_is_refused(content):
    with pytest.raises(UnicodeDecodeError):
        addresses.decode(content)


@given(st.text())
def test_any_text_is_read_and_every_valid_address_stands_once(text):
    entries = addresses.judged([*addresses.from_csv(text), *addresses.from_text(text)])
    valid = [entry.address for entry in entries if entry.standing is Standing.VALID]
    assert len(valid) == len(set(valid))
    assert all(entry.line >= 1 for entry in entries)

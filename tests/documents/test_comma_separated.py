"""Rows as CSV."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from exams.documents.comma_separated import CHUNK, lines


def read(parts) -> list[list[str]]:
    return list(csv.reader(StringIO(b"".join(parts).decode("utf-8-sig"), newline="")))


def test_excel_is_told_that_it_is_unicode():
    assert b"".join(lines(["氏名"], [["青木"]])) == b"\xef\xbb\xbf" + "氏名\r\n青木\r\n".encode()


def test_a_time_is_written_to_the_minute_and_a_truth_as_a_digit():
    row = [datetime(2026, 11, 30, 9, 5, 59), True, False, None, 5]  # noqa: DTZ001 (the head names the zone)
    assert read(lines(["a"], [row]))[1] == ["2026-11-30 09:05", "1", "0", "", "5"]


def test_quotes_commas_and_line_breaks_come_back_as_they_were():
    row = ['say "x", y', "two\nlines", "青木、さくら"]
    assert read(lines(["a", "b", "c"], [row])) == [["a", "b", "c"], row]


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2)))
def test_texts_come_back_behind_their_apostrophe_at_most(rows):
    found = read(lines(["a", "b"], rows))[1:]
    assert [[text.removeprefix("'") for text in row] for row in found] == [
        [text.replace("\uffff", "").replace("\ufffe", "").removeprefix("'") for text in row] for row in rows
    ]


def test_rows_are_read_while_they_are_sent():
    asked = []

    def rows():
        for number in range(3 * CHUNK):
            asked.append(number)
            yield [number]

    parts = lines(["n"], rows())
    next(parts)
    assert len(asked) < CHUNK + 1
    assert len(read(parts)) == 2 * CHUNK + 1


def test_an_exact_chunk_ends_without_an_empty_one():
    assert all(lines(["n"], [[number] for number in range(CHUNK - 1)]))

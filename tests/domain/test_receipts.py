"""The checksum of a receipt: the same for the same answers, another for any other."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from exams.domain.receipts import checksum

ATTEMPT = UUID("6a1f9a2e-3c1b-4b1c-8a58-7f6f0f8e2b11")
END = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IDS = st.sampled_from(["o0", "o1", "o2", "o3"])
RESPONSES = (
    st.none()
    | st.lists(IDS, min_size=1, unique=True).map(sorted)
    | st.dictionaries(IDS, st.integers(1, 4), min_size=1)
    | st.dictionaries(IDS, IDS, min_size=1)
)
ANSWERS = st.lists(RESPONSES, max_size=6)


@given(ANSWERS)
def test_it_is_sixteen_digits_in_groups_of_four(answers):
    assert re.fullmatch(r"([0-9a-f]{4} ){3}[0-9a-f]{4}", checksum(ATTEMPT, END, answers))


@given(ANSWERS, ANSWERS)
def test_it_is_the_same_for_the_same_answers_and_another_for_any_other(one, other):
    assert (checksum(ATTEMPT, END, one) == checksum(ATTEMPT, END, other)) == (one == other)


def test_the_order_in_which_a_mapping_was_stored_does_not_matter():
    one, other = {"o0": 1, "o1": 2}, {"o1": 2, "o0": 1}
    assert checksum(ATTEMPT, END, [one]) == checksum(ATTEMPT, END, [other])


def test_another_attempt_or_another_end_has_another():
    same = checksum(ATTEMPT, END, [["o0"]])
    assert checksum(UUID(int=ATTEMPT.int + 1), END, [["o0"]]) != same
    assert checksum(ATTEMPT, END + timedelta(microseconds=1), [["o0"]]) != same


def test_the_zone_in_which_the_end_is_said_does_not_matter():
    assert checksum(ATTEMPT, END.astimezone(timezone(timedelta(hours=9))), []) == checksum(ATTEMPT, END, [])

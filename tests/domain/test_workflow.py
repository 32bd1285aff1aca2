"""From draft to published: the state after an edit, and who may publish."""

from __future__ import annotations

import pytest

from exams.domain.workflow import review_problem, status_after_edit


@pytest.mark.parametrize(
    ("status", "is_as_published", "expected"),
    [
        ("published", False, "draft"),
        ("published", True, "published"),
        ("draft", True, "published"),
        ("draft", False, "draft"),
        ("in_review", False, "in_review"),
        ("in_review", True, "in_review"),
        ("retired", False, "retired"),
        ("retired", True, "retired"),
    ],
)
def test_the_state_after_an_edit(status, is_as_published, expected):
    assert status_after_edit(status, is_as_published=is_as_published) == expected


@pytest.mark.parametrize(
    ("status", "by", "by_another", "code"),
    [
        ("draft", 1, False, None),
        ("draft", 2, True, "review_needed"),
        ("in_review", 1, True, "review_own"),
        ("in_review", 2, True, None),
        ("in_review", 1, False, None),
    ],
)
def test_who_may_publish_what_person_1_has_written(status, by, by_another, code):
    problem = review_problem(status, by=by, writers={1}, by_another=by_another)
    assert (problem and problem.code) == code

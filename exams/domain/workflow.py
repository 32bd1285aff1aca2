"""From draft to published: what may be done to a question in which state, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from exams.domain.problems import Problem


class Action(StrEnum):
    """What is done to a question; each leaves a row in its history."""

    CREATED = "created"
    EDITED = "edited"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    RETIRED = "retired"
    RESTORED = "restored"


def status_after_edit(status: str, *, is_as_published: bool) -> str:
    """The state of a question whose text was changed: what is published becomes a draft of its next version, or is
    published again when the change was taken back. Review goes on, and what is retired stays so."""
    if status == "published" and not is_as_published:
        return "draft"
    if status == "draft" and is_as_published:
        return "published"
    return status


def review_problem(status: str, *, by: int, writers: Collection[int], by_another: bool) -> Problem | None:
    """Why this person may not publish the text, or None. Where the house demands ``by_another``, the question is in
    review (or retired: its review is whoever brings it back) and whoever publishes it has not written any of what is
    new: ``writers`` are the ids of those who have."""
    if not by_another:
        return None
    if status not in ("in_review", "retired"):
        return Problem("review_needed")
    return Problem("review_own") if by in writers else None

"""What members of a classroom do."""

from __future__ import annotations

from datetime import timedelta

from exams.services import attempts, cohorts
from tests.factories import NOW

MINUTE = timedelta(minutes=1)


def join(cohort, person, instructor):
    cohorts.join(person, cohorts.invite(cohort, by=instructor, now=NOW), now=NOW)
    return person


def sit(person, assignment, *, correct=0, at=NOW, finish=True):
    attempt = attempts.start(
        person, assignment.exam, assignment.size, now=at, seed=1, language="en", assignment=assignment
    ).attempt
    for item in attempt.items.filter(position__lte=correct):
        attempt.items.filter(pk=item.pk).update(response=item.answer_key["right"], is_correct=True)
    if finish:
        attempts.finish(attempt, now=at + MINUTE)
    return attempt

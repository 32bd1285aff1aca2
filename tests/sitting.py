"""Finished attempts, made in bulk: whoever tests statistics needs many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from exams.models import Assignment, Attempt, AttemptItem, Exam, Form, FormItem, Membership, QuestionVersion, Size, User
from exams.queries import blueprints
from tests.factories import NOW, make_exam, make_instructor, make_questions, make_size, make_user

HOUR = timedelta(hours=1)


def make_people(count: int, prefix: str = "sitter") -> list[User]:
    """People without a password, in one statement."""
    return User.objects.bulk_create(
        User(email=f"{prefix}-{number}@example.org", display_name=f"{prefix} {number}", password="!", language="en")
        for number in range(count)
    )


def make_form(questions: int, *, scored: int = 0, members: Sequence[User] = (), **fields: Any) -> Assignment:
    """An assignment of one fixed form of so many single-choice questions, whose key is o0, for a cohort of these."""
    exam = make_exam(weights={"all": 100}, sizes=False)
    size = make_size(exam, "short", questions=questions, scored=scored or questions, minutes=60, cut=1)
    rows = make_questions(exam, questions)
    teacher = fields.pop("by", None) or make_instructor(language="en")
    cohort = teacher.taught_cohorts.create(name="Autumn")
    Membership.objects.bulk_create(
        Membership(cohort=cohort, candidate=person, accepted_at=NOW - HOUR) for person in members
    )
    assignment = Assignment.objects.create(
        cohort=cohort, exam=exam, size=size, title="First", created_by=teacher, **{"is_fixed": True, **fields}
    )
    form = Form.objects.create(exam=exam, assignment=assignment)
    FormItem.objects.bulk_create(
        FormItem(form=form, position=place, version=row.current_version, is_scored=place <= size.scored)
        for place, row in enumerate(rows, start=1)
    )
    return assignment


def versions_of(assignment: Assignment) -> list[QuestionVersion]:
    """The questions of its form, in order."""
    return [item.version for item in assignment.form.items.select_related("version")]


def sit(
    people: Sequence[User],
    exam: Exam,
    size: Size,
    answers: Sequence[Sequence[Any]],
    versions: Sequence[QuestionVersion],
    *,
    scored: int = 0,
    now: datetime = NOW,
    **fields: Any,
) -> list[Attempt]:
    """One finished attempt per person. ``answers`` has a row per person with a response, or None, per version: a string
    stands for the one option chosen."""
    parameters = blueprints.parameters(
        exam, blueprints.sitting(size, None), list(exam.sizes.all()), list(exam.domains.all())
    ).to_json()
    defaults = {"finished_at": now - HOUR, "started_at": now - 2 * HOUR, "deadline_at": now, "language": "en"}
    attempts = Attempt.objects.bulk_create(
        Attempt(
            candidate=person, exam=exam, size_code=size.code, parameters=parameters, seed=1, **{**defaults, **fields}
        )
        for person in people
    )
    AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            position=place,
            version=version,
            domain_id=version.domain_id,
            task_id=version.task_id,
            is_scored=place <= (scored or len(versions)),
            answer_key=version.answer_key,
            option_order=version.option_ids,
            response=[answer] if isinstance(answer, str) else answer,
            is_correct=(
                sorted([answer] if isinstance(answer, str) else answer or []) == sorted(version.answer_key["right"])
            ),
            seconds_spent=10 * place,
        )
        for attempt, row in zip(attempts, answers, strict=True)
        for place, (version, answer) in enumerate(zip(versions, row, strict=True), start=1)
    )
    return attempts


def sit_form(
    assignment: Assignment, people: Sequence[User], answers: Sequence[Sequence[Any]], **fields: Any
) -> list[Attempt]:
    """The same, of an assignment's form."""
    return sit(
        people,
        assignment.exam,
        assignment.size,
        answers,
        versions_of(assignment),
        scored=assignment.size.scored,
        assignment=assignment,
        form=assignment.form,
        **fields,
    )


def rights(pattern: str) -> list[str]:
    """A pattern such as "10110" as answers: the key where right, another option where wrong."""
    return ["o0" if one == "1" else "o1" for one in pattern]


__all__ = ["make_form", "make_people", "make_user", "rights", "sit", "sit_form", "versions_of"]

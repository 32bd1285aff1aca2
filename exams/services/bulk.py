"""Things that are done to many questions at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from exams.domain.problems import Problems
from exams.models import Domain, Exam, Question, Tag, Task, User
from exams.queries.bank import content_of
from exams.services import bank, checking, workflow
from exams.services.bank import Published


def publish(
    questions: Iterable[Question], *, by: User, now: datetime
) -> Iterator[tuple[Question, Published | Problems]]:
    """Publish each on its own, one that is refused not holding up the others, and tell what came of it. A portion is
    committed together with its comparison with the bank, so that no form is drawn from questions not compared."""
    left = iter(questions)
    while portion := list(islice(left, PORTION)):
        with transaction.atomic():
            told = [(question, _published(question, by=by, now=now)) for question in portion]
            done: dict[int, list[int]] = defaultdict(list)
            for question, came in told:
                if not isinstance(came, Problems):
                    done[question.exam_id].append(question.pk)
            for exam in Exam.objects.filter(pk__in=done):
                checking.compare(exam, done[exam.pk])
        yield from told


PORTION = 50


def _published(question: Question, *, by: User, now: datetime) -> Published | Problems:
    try:
        return workflow.publish(question, by=by, now=now, compare=False)
    except Problems as refused:
        return refused


def tag(questions: Iterable[Question], tag: Tag, *, by: User, now: datetime) -> int:
    """Give the tag to questions of its exam; how many did not have it."""
    return sum(_change(question, by=by, now=now, tag=tag) for question in questions if question.exam_id == tag.exam_id)


def move(questions: Iterable[Question], domain: Domain, task: Task | None, *, by: User, now: datetime) -> int:
    """Put questions of the domain's exam under it and ``task`` (one of its own); how many were elsewhere."""
    here = [question for question in questions if question.exam_id == domain.exam_id]
    return sum(_change(question, by=by, now=now, domain=domain, task=task) for question in here)


def _change(
    question: Question,
    *,
    by: User,
    now: datetime,
    tag: Tag | None = None,
    domain: Domain | None = None,
    task: Task | None = None,
) -> bool:
    with transaction.atomic():
        row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        before = content_of(row)
        if tag:
            row.tags.add(tag)
        if domain:
            row.domain, row.task = domain, task
            row.save(update_fields=["domain", "task", "updated_at"])
        bank.note_revised(row, before, now=now, by=by)
        return content_of(Question.objects.get(pk=row.pk)) != before

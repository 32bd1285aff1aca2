"""A question's way from draft to published, each step by somebody and with a row in its history."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from exams.domain.problems import Problem, Problems
from exams.domain.workflow import Action, review_problem
from exams.models import Comment, Question, QuestionVersion, User
from exams.queries.bank import content_of_version
from exams.queries.workflow import writers
from exams.rendering import unprintable
from exams.services import bank, checking
from exams.services.bank import Published

LONGEST_COMMENT = 2000  # characters
Status = Question.Status


def submit(question: Question, *, by: User, now: datetime) -> None:
    """Ask for a review. Raises Problems (``not_a_draft``) for anything but a draft."""
    _step(question, Status.DRAFT, Status.IN_REVIEW, Problem("not_a_draft"), Action.SUBMITTED, by=by, now=now)


def send_back(question: Question, *, by: User, now: datetime) -> None:
    """End a review with the question as a draft again. Raises Problems (``not_in_review``)."""
    _step(question, Status.IN_REVIEW, Status.DRAFT, Problem("not_in_review"), Action.RETURNED, by=by, now=now)


def _step(
    question: Question, was: str, becomes: str, refusal: Problem, action: Action, *, by: User, now: datetime
) -> None:
    with transaction.atomic():
        if not Question.objects.filter(pk=question.pk, status=was).update(status=becomes):
            raise Problems([refusal])
        bank.note(question, action, by=by, now=now)


def publish(question: Question, *, by: User, now: datetime, compare: bool = True) -> Published:
    """Publish as ``services.bank.publish`` does (``compare`` is handed on), unless the house demands a reviewer and
    this person is none.

    Raises Problems: ``review_needed``, ``review_own``, or what keeps the text from being published.
    """
    with transaction.atomic():
        checking.hold(question.exam_id)
        row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        refusal = review_problem(
            row.status, by=by.pk, writers=writers(row), by_another=settings.REVIEW_BY_ANOTHER and _is_new(row)
        )
        if refusal:
            raise Problems([refusal])
        return bank.publish(row, by=by, now=now, compare=compare)


def _is_new(question: Question) -> bool:
    """Whether publishing would make a version; a retired one that comes back as it was needs no second review."""
    version = question.current_version
    return version is None or version.checksum != question.checksum


def retire(question: Question, *, by: User, now: datetime) -> bool:
    """Give the question to no new attempt. Whether it was not retired before."""
    with transaction.atomic():
        row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if row.status == Status.RETIRED and not row.retired_by_pack:
            return False
        bank.retire(row)
        bank.note(row, Action.RETIRED, by=by, now=now)
    return True


def comment(question: Question, text: str, *, by: User, now: datetime) -> Comment:
    """Say something about the question. Raises Problems: ``comment_empty``, ``too_long``, ``control_character``."""
    text = text.strip()
    if not text:
        raise Problems([Problem("comment_empty", "text")])
    if len(text) > LONGEST_COMMENT:
        raise Problems([Problem("too_long", "text", {"limit": LONGEST_COMMENT})])
    if unprintable(text):
        raise Problems([Problem("control_character", "text")])
    return Comment.objects.create(question=question, author=by, at=now, text=text)


def restore(question: Question, version: QuestionVersion, *, by: User, now: datetime) -> None:
    """Make the working copy say again what ``version`` says; publishing it then makes a new version.

    A case's text is shared, so it stays as it is today. Raises Problems (``restore_gone``) where the exam no longer
    has the version's domain, case or such.
    """
    with transaction.atomic():
        row = Question.objects.select_for_update(of=("self",)).select_related("exam").get(pk=question.pk)
        try:
            bank.write(row, content_of_version(version), now=now, by=by)
        except ObjectDoesNotExist:
            raise Problems([Problem("restore_gone")]) from None
        bank.note(row, Action.RESTORED, by=by, now=now, version=version.number)

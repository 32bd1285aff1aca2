"""A question's history and comments, and what waits on an author's desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from exams.domain.workflow import Action
from exams.models import Comment, Question, QuestionEvent, Report, User
from exams.queries.bank_list import flagged

WRITING = (Action.CREATED.value, Action.EDITED.value, Action.RESTORED.value)
MOST_ON_THE_DESK = 8  # rows of each list of the author's home


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a question's history: an event or a comment."""

    at: datetime
    who: User | None
    event: QuestionEvent | None = None
    comment: Comment | None = None


def timeline(question: Question) -> list[Entry]:
    """Everything that was done to the question and said about it, newest first; two queries."""
    events = [Entry(row.at, row.actor, event=row) for row in question.events.select_related("actor")]
    comments = [Entry(row.at, row.author, comment=row) for row in question.comments.select_related("author")]
    return sorted([*events, *comments], key=lambda entry: entry.at, reverse=True)


def writers(question: Question) -> set[int]:
    """Ids of those who have written anything since the question was last published."""
    published = question.events.filter(action=Action.PUBLISHED.value).aggregate(last=Max("pk"))["last"] or 0
    rows = question.events.filter(pk__gt=published, action__in=WRITING, actor__isnull=False)
    return {pk for pk in rows.values_list("actor_id", flat=True) if pk is not None}


@dataclass(frozen=True, slots=True)
class Pile:
    """Some questions of a list, the most recent first, and how many there are."""

    rows: Sequence[Question]
    total: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What the author's home shows."""

    drafts: Pile
    to_review: Pile
    flagged: Pile
    recent: Pile
    open_reports: int


def desk(person: User) -> Desk:
    """The home of an author: drafts that ``person`` has written at, what waits for a review, what
    statistics cast a doubt on, what they last did, and how many reports of candidates wait for an answer."""
    mine = QuestionEvent.objects.filter(actor=person)
    questions = Question.objects.select_related("exam", "domain", "current_version")
    drafts = questions.filter(status=Question.Status.DRAFT, pk__in=mine.filter(action__in=WRITING).values("question"))
    waiting = questions.filter(status=Question.Status.IN_REVIEW)
    recent = list(
        mine.values("question")
        .annotate(last=Max("pk"))
        .order_by("-last")
        .values_list("question", flat=True)[:MOST_ON_THE_DESK]
    )
    rows = questions.in_bulk(recent)
    return Desk(
        drafts=_pile(drafts),
        to_review=_pile(waiting),
        flagged=_pile(flagged(questions)),
        recent=Pile([rows[pk] for pk in recent], len(recent)),
        open_reports=Report.objects.filter(answered_at=None).count(),
    )


def _pile(questions: QuerySet[Question]) -> Pile:
    rows = list(questions.order_by("-updated_at")[:MOST_ON_THE_DESK])
    total = questions.count() if len(rows) == MOST_ON_THE_DESK else len(rows)
    return Pile(rows, total)

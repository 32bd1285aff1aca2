"""Reading repairs of keys: what is in force, what one would change, what was changed, and what a candidate is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Sum, Value, When
from django.utils.text import Truncator
from django.utils.translation import pgettext

from exams.domain import rescoring
from exams.domain.attempts import State
from exams.domain.bank import CHOICE_KINDS
from exams.domain.rescoring import Marked, Policy, Repair, Shape, Standing
from exams.domain.responses import AnswerKey
from exams.domain.scoring import Parameters
from exams.models import (
    Assignment,
    Attempt,
    AttemptItem,
    Cohort,
    Question,
    QuestionVersion,
    Rescore,
    RescoredAttempt,
    RescoredItem,
    User,
)
from exams.models.texts import in_language
from exams.queries import assignments, bank
from exams.queries.attempts import state_of
from exams.queries.cohort_members import ended_attempts
from exams.queries.cohort_sittings import ended, waiting_for
from exams.queries.results import hidden_from
from exams.rendering import plain_text


def shape_of(version: QuestionVersion) -> Shape:
    """The version as far as keys are concerned."""
    return Shape(AnswerKey.from_json(version.answer_key), frozenset(version.option_ids))


def sources(version: QuestionVersion) -> list[QuestionVersion]:
    """Versions of the same question whose key can be applied to answers given to this one, newest first."""
    own = shape_of(version)
    others = version.question.versions.exclude(pk=version.pk).order_by("-number")
    return [row for row in others if rescoring.can_be_source(own, shape_of(row))]


def repairs(versions: Iterable[int] | QuerySet[Any, Any]) -> dict[int, list[Repair]]:
    """Everything on record about the keys of these versions (ids, or a query for them). One query."""
    found: dict[int, list[Repair]] = defaultdict(list)
    rows = Rescore.objects.filter(version__in=versions).order_by("pk")
    for version, pk, assignment, key, undo_of in rows.values_list("version", "pk", "assignment", "key", "undo_of"):
        # One that takes another back has no key of its own; it is never asked for it.
        in_force = AnswerKey.from_json(key) if key else _NO_KEY
        found[version].append(Repair(pk, assignment, in_force, undo_of))
    return found


_NO_KEY = AnswerKey.from_json({"kind": "single", "right": []})


@dataclass(frozen=True, slots=True)
class ItemChange:
    """How an answer is marked, and how it would be."""

    item: AttemptItem
    before: Marked
    after: Marked


@dataclass(frozen=True, slots=True)
class AttemptChange:
    """A result that stands, and what becomes of it."""

    attempt: Attempt
    before: Standing
    after: Standing

    @property
    def is_changed(self) -> bool:
        """Whether the candidate sees another figure or verdict."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Preview:
    """What a repair would do: to answers, and to the results of attempts that have ended. Void ones are remarked but
    not counted here."""

    items: tuple[ItemChange, ...]
    attempts: tuple[AttemptChange, ...]

    @property
    def running(self) -> int:
        """Attempts that go on: they have no result yet, and get the key at once."""
        return len(self.items) - len(self.attempts)

    @property
    def changed(self) -> list[AttemptChange]:
        """Results that change in any figure."""
        return [row for row in self.attempts if row.is_changed]

    @property
    def better(self) -> int:
        """Results with more points."""
        return sum(row.after.points > row.before.points for row in self.attempts)

    @property
    def worse(self) -> int:
        """Results with fewer points."""
        return sum(row.after.points < row.before.points for row in self.attempts)

    @property
    def now_passing(self) -> int:
        """Results that did not pass and would."""
        return sum(row.after.passed and not row.before.passed for row in self.attempts)

    @property
    def now_failing(self) -> int:
        """Results that passed and would not."""
        return sum(row.before.passed and not row.after.passed for row in self.attempts)


def items_in_scope(version: QuestionVersion, assignment: Assignment | None) -> QuerySet[AttemptItem]:
    """The answers given to a version, in one assignment or everywhere, in the order in which they are locked."""
    rows = AttemptItem.objects.filter(version=version).order_by("pk")
    return rows.filter(attempt__assignment=assignment) if assignment else rows


def items_shown(
    version: QuestionVersion, assignment: Assignment | None, reader: User, now: datetime
) -> QuerySet[AttemptItem]:
    """Those of which a preview tells: in an assignment, answers of people who are members now, without the reader's own
    before their score is shown. A repair itself leaves nobody out."""
    rows = items_in_scope(version, assignment).select_related("attempt__candidate")
    if assignment is None:
        return rows
    members = assignment.cohort.memberships.filter(left_at=None).order_by().values("candidate")
    waiting = Attempt.objects.filter(waiting_for(reader, now), assignment=assignment).order_by().values("pk")
    return rows.filter(attempt__candidate__in=members).exclude(attempt__in=waiting)


def changes(version: QuestionVersion, items: Iterable[AttemptItem], on_record: Iterable[Repair]) -> list[ItemChange]:
    """How each of the ``items`` (with their attempts) would be marked if these repairs were all there are."""
    published, rows = AnswerKey.from_json(version.answer_key), list(on_record)
    keys: dict[int | None, AnswerKey] = {}
    found = []
    for item in items:
        scope = item.attempt.assignment_id
        if scope not in keys:
            keys[scope] = rescoring.key_in_force(published, rows, scope)
        before = Marked(AnswerKey.from_json(item.answer_key), item.is_scored, item.is_correct)
        after = rescoring.marked(keys[scope], item.response, before, is_scored=item.is_scored)
        found.append(ItemChange(item, before, after))
    return found


def preview_of(items: Iterable[ItemChange], now: datetime) -> Preview:
    """What becomes of the results. One query, whatever their number."""
    found = tuple(row for row in items if not row.item.attempt.is_void)
    ended = [row for row in found if state_of(row.item.attempt, now) is State.FINISHED]
    standings = dict(_standings({row.item.attempt_id: row.item.attempt for row in ended}))
    return Preview(found, tuple(_moved(row, standings[row.item.attempt_id]) for row in ended))


def _moved(row: ItemChange, now: Standing) -> AttemptChange:
    parameters = Parameters.from_json(row.item.attempt.parameters)
    return AttemptChange(row.item.attempt, now, rescoring.moved(parameters, now, row.before, row.after))


def _standings(attempts: dict[int, Attempt]) -> Iterator[tuple[int, Standing]]:
    rows = (
        AttemptItem.objects.filter(attempt__in=list(attempts))
        .values_list("attempt_id")
        .annotate(
            points=Sum(
                Case(
                    When(is_correct=True, is_scored=True, then=Value(1)), default=Value(0), output_field=IntegerField()
                )
            ),
            total=Count("pk", filter=Q(is_scored=True)),
        )
        .order_by()
    )
    for pk, points, total in rows:
        yield pk, rescoring.standing(Parameters.from_json(attempts[pk].parameters), points, total)


@dataclass(frozen=True, slots=True)
class Reader:
    """An instructor who reads of a cohort now: of its present members, and not of own results that are held back."""

    cohort: Cohort
    person: User
    now: datetime


def history(
    version: QuestionVersion | None = None, *, seen_by: Reader | None = None, **which: object
) -> QuerySet[Rescore]:
    """Repairs, newest first, with ``results`` (that moved) and ``flips`` (verdicts changed): of all, or those that a
    cohort's instructor sees."""
    rows = Rescore.objects.filter(**({"version": version} if version else {}), **which)
    counted = Q()
    if seen_by:
        members = seen_by.cohort.memberships.filter(left_at=None).order_by().values("candidate")
        own = Attempt.objects.filter(waiting_for(seen_by.person, seen_by.now)).order_by().values("pk")
        counted = Q(attempts__attempt__candidate__in=members) & ~Q(attempts__attempt__in=own)
    moved = ~Q(attempts__points_before=F("attempts__points_after")) | ~Q(
        attempts__total_before=F("attempts__total_after")
    )
    return (
        rows.select_related("version__question", "source", "made_by", "undone_by", "undo_of", "assignment")
        .annotate(
            results=Count("attempts", distinct=True, filter=counted & moved),
            flips=Count(
                "attempts", distinct=True, filter=counted & ~Q(attempts__passed_before=F("attempts__passed_after"))
            ),
        )
        .order_by("-pk")
    )


@dataclass(frozen=True, slots=True)
class UsedVersion:
    """A version that candidates were given: in how many attempts, answered or not, and in how many it is right."""

    version: QuestionVersion
    attempts: int
    correct: int
    first: int

    @property
    def title(self) -> str:
        """What it asks."""
        return title_of(self.version)


def used_versions(
    now: datetime, *, reader: User, assignment: Assignment | None = None, question: Question | None = None
) -> list[UsedVersion]:
    """Versions that were given in an assignment, or of a question anywhere. Two queries.

    Counted are attempts that have ended, in an assignment those of present members: while one goes on, nobody is told
    what is right in it.
    """
    rows = AttemptItem.objects.order_by()
    counted = ended("attempt__", now) & Q(attempt__is_void=False)
    if assignment:
        rows = rows.filter(attempt__assignment=assignment)
        counted = Q(attempt__in=ended_attempts(assignment, now, reader=reader).order_by().values("pk"))
    if question:
        rows = rows.filter(version__question=question)
    counts = {
        version: (given, correct, first)
        for version, given, correct, first in rows.values_list("version_id").annotate(
            given=Count("pk", filter=counted),
            correct=Count("pk", filter=counted & Q(is_correct=True)),
            first=Max("position"),
        )
    }
    versions = QuestionVersion.objects.filter(pk__in=counts).select_related("question", "domain")
    found = [UsedVersion(version, *counts[version.pk]) for version in versions]
    in_order = assignment is not None and assignment.is_fixed
    return sorted(found, key=lambda row: row.first if in_order else (row.version.question.code, -row.version.number))


@dataclass(frozen=True, slots=True)
class Correction:
    """What a candidate is told of one repair. Nothing but ``is_hidden`` where the question is in an exam that the
    candidate is sitting, and when the one was made that it ``takes_back``. ``before`` and ``after`` are None where the
    attempt had no result yet."""

    position: int
    made_at: datetime
    policy: Policy
    reason: str
    is_hidden: bool
    takes_back: datetime | None
    points_before: int | None
    points_after: int | None
    total_before: int | None
    total_after: int | None
    passed_before: bool
    passed_after: bool

    @property
    def is_moved(self) -> bool:
        """Whether the result has another figure."""
        return (self.points_before, self.total_before) != (self.points_after, self.total_after)

    @property
    def had_result(self) -> bool:
        """Whether there was a result before it."""
        return self.points_before is not None


def corrections(attempt: Attempt, now: datetime) -> list[Correction]:
    """The repairs that touched an attempt, newest first. Three queries at most."""
    rows = list(
        RescoredItem.objects.filter(item__attempt=attempt)
        .select_related("rescore__version", "rescore__undo_of", "item")
        .order_by("-rescore__pk")
    )
    if not rows:
        return []
    results = {row.rescore_id: row for row in RescoredAttempt.objects.filter(attempt=attempt)}
    hidden = hidden_from(attempt.candidate, now)
    waits = attempt.pk in assignments.hides_score([attempt], now)
    return [
        _correction(row, results.get(row.rescore_id), is_hidden=waits or row.rescore.version.question_id in hidden)
        for row in rows
    ]


def _correction(row: RescoredItem, result: RescoredAttempt | None, *, is_hidden: bool) -> Correction:
    shown = None if is_hidden else result
    return Correction(
        position=row.item.position,
        made_at=row.rescore.made_at,
        policy=Policy(row.rescore.policy),
        reason="" if is_hidden else row.rescore.reason,
        is_hidden=is_hidden,
        takes_back=row.rescore.undo_of.made_at if row.rescore.undo_of else None,
        points_before=shown.points_before if shown else None,
        points_after=shown.points_after if shown else None,
        total_before=shown.total_before if shown else None,
        total_after=shown.total_after if shown else None,
        passed_before=bool(shown and shown.passed_before),
        passed_after=bool(shown and shown.passed_after),
    )


def corrected(candidate: User) -> set[int]:
    """The person's attempts (ids) of which a repair moved the result."""
    rows = RescoredAttempt.objects.filter(attempt__candidate=candidate)
    moved = rows.exclude(points_before=F("points_after"), total_before=F("total_after"))
    return set(moved.values_list("attempt_id", flat=True))


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as those who repair it see it, in their language; None of its keys while they sit an exam with it."""

    version: QuestionVersion
    side: bank.Side | None
    sources: tuple[tuple[QuestionVersion, str], ...]  # with the words of their keys, "" where they are not shown


def shown(version: QuestionVersion, reader: User, language: str, now: datetime) -> Shown:
    """The question and the versions whose keys fit it."""
    fitting = sources(version)
    if version.question_id in hidden_from(reader, now):
        return Shown(version, None, tuple((row, "") for row in fitting))
    sides = {side.language: side for side in bank.preview(bank.content_of_version(version), version.question.exam)}
    side = sides.get(language) or next(iter(sides.values()))
    return Shown(version, side, tuple((row, _key_words(row, side.language)) for row in fitting))


def _key_words(version: QuestionVersion, language: str) -> str:
    content = bank.content_of_version(version)
    if content.kind not in CHOICE_KINDS:
        return ""
    texts = [plain_text(option.text.get(language, "")) for option in content.options if option.is_key]
    return Truncator(pgettext("between two items", ", ").join(texts)).chars(80)


def title_of(version: QuestionVersion) -> str:
    """The first words of its stem, in the reader's language."""
    return Truncator(plain_text(in_language(version.content["stem"]))).chars(110)


def undoable(**which: object) -> QuerySet[Rescore]:
    """Repairs that can be taken back: no undo, and not taken back already."""
    return Rescore.objects.filter(undo_of=None, undone_by=None, **which).select_related(
        "version__question", "assignment", "made_by"
    )


def people_changed(preview: Preview) -> list[AttemptChange]:
    """Results that would change, by name of whose they are; for the preview of an assignment, of which there are
    members only."""
    return sorted(preview.changed, key=lambda row: (row.attempt.candidate.display_name, row.attempt.pk))

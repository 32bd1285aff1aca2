"""Reading exams: their facts, and which questions could be placed on a form for one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, DateTimeField, Max, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from exams.domain import blueprints
from exams.domain.assignments import KeyRelease, ScoreRelease, cut
from exams.domain.attempts import CLOSING, deadline
from exams.domain.blueprints import Candidate, Offer
from exams.domain.scoring import Parameters, Scale
from exams.models import (
    Accommodation,
    Assignment,
    AttemptItem,
    Domain,
    Exam,
    Form,
    FormItem,
    Question,
    Size,
    User,
)
from exams.queries.people import extra_minutes


@dataclass(frozen=True, slots=True)
class Sitting:
    """A size of an exam as one person would sit it: ``extra_minutes`` are those of accommodations, ``closes_at`` is the
    close of an assignment for this person."""

    size: Size
    extra_minutes: int
    assignment: Assignment | None = None
    closes_at: datetime | None = None
    may_pass_close: bool = False

    @property
    def minutes(self) -> int:
        """The whole time."""
        return self.size.minutes + self.extra_minutes

    @property
    def pilots(self) -> int:
        """How many questions do not count."""
        return self.size.questions - self.size.scored

    def ends_at(self, now: datetime) -> datetime:
        """The deadline, if it were started now: the earlier of time and close."""
        time_is_up = deadline(now, minutes=self.size.minutes, extra_minutes=self.extra_minutes)
        return cut(time_is_up, closes_at=self.closes_at, may_pass=self.may_pass_close)

    def is_cut(self, now: datetime) -> bool:
        """Whether the close would take some of the time."""
        return self.ends_at(now) < deadline(now, minutes=self.size.minutes, extra_minutes=self.extra_minutes)


@dataclass(frozen=True, slots=True)
class SizeOffer:
    """A sitting and what the bank can do for it: ``missing`` names domains with too few questions."""

    sitting: Sitting
    offer: Offer
    missing: tuple[tuple[Domain, int], ...]

    @property
    def size(self) -> Size:
        """The size that is offered."""
        return self.sitting.size


def exams() -> QuerySet[Exam]:
    """All exams with their sizes, largest first."""
    return Exam.objects.prefetch_related("sizes")


def rule_of(size: Size) -> blueprints.Size:
    """A size as the rules of ``domain`` want it."""
    return blueprints.Size(
        code=size.code,
        questions=size.questions,
        scored=size.scored,
        minutes=size.minutes,
        cut=size.cut,
        cut_assumed=size.cut_assumed,
    )


def scale_of(exam: Exam) -> Scale:
    """The exam's scale."""
    return Scale(exam.scale_minimum, exam.scale_pass, exam.scale_maximum)


def parameters(exam: Exam, sitting: Sitting, sizes: Iterable[Size], domains: Iterable[Domain]) -> Parameters:
    """The snapshot that an attempt keeps. The full form is the exam's size with the most scored questions."""
    size = sitting.size
    full = max(sizes, key=lambda row: row.scored)
    return Parameters(
        size_code=size.code,
        questions=size.questions,
        scored=size.scored,
        minutes=size.minutes,
        extra_minutes=sitting.extra_minutes,
        cut=size.cut,
        cut_assumed=size.cut_assumed,
        full_cut=full.cut,
        full_scored=full.scored,
        full_form=full.pk == size.pk,
        scale=scale_of(exam),
        weights={domain.code: domain.weight for domain in domains},
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody knows of an exam: when each question (id) was given to them last, and the questions whose keys an
    assignment keeps back from them."""

    seen: Mapping[int, datetime]
    kept: Set[int]


NOTHING = Known({}, frozenset())


class PoolVersion(NamedTuple):
    """A version with what an order of its options is drawn from: their ids as JSON, and whether to shuffle."""

    id: int
    option_ids: str
    shuffle: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """The questions that new attempts may get, as the rules of ``domain`` want them, and the version of each."""

    candidates: list[Candidate]
    versions: dict[int, PoolVersion]


def pool(exam: Exam, known: Known = NOTHING) -> Pool:
    """What may be placed on a form for somebody who knows so much. One query."""
    found = Pool([], {})
    rows = _in_force().filter(exam=exam).values_list(*_PLACED, *_OPTIONS)
    for pk, version, domain, case, near, shuffle, option_ids in rows:
        found.candidates.append(
            Candidate(
                id=pk, domain=domain, case=case, last_seen=known.seen.get(pk), near=near, is_kept=pk in known.kept
            )
        )
        found.versions[pk] = PoolVersion(version, option_ids, shuffle)
    return found


def form_versions(form: Form) -> list[tuple[PoolVersion, bool]]:
    """The versions of a form that is the same for all, in order, and whether they count. One query."""
    option_ids = Cast("version__option_ids", TextField())
    rows = form.items.values_list("version_id", option_ids, "version__shuffle", "is_scored")
    return [(PoolVersion(version, ids, shuffle), is_scored) for version, ids, shuffle, is_scored in rows]


def fillable_sizes() -> list[int]:
    """Sizes (ids), of all exams in their order, that the bank can fill for somebody who has seen none of it. Three
    queries."""
    weights: dict[int, dict[str, int]] = defaultdict(dict)
    for exam, code, weight in Domain.objects.order_by("exam", "order", "pk").values_list("exam", "code", "weight"):
        weights[exam][code] = weight
    rows: dict[int, list[Candidate]] = defaultdict(list)
    for exam, pk, _version, domain, case, near in _in_force().values_list("exam", *_PLACED):
        rows[exam].append(Candidate(id=pk, domain=domain, case=case, last_seen=None, near=near))
    return [
        size.pk
        for size in Size.objects.all()
        if blueprints.offer(rule_of(size), weights[size.exam_id], rows[size.exam_id]).possible
    ]


def _in_force() -> QuerySet[Question]:
    """Questions that new attempts may get."""
    return Question.objects.filter(current_version__isnull=False).exclude(status=Question.Status.RETIRED).order_by("pk")


_PLACED = ("pk", "current_version_id", "current_version__domain__code", "current_version__case_code", "near_group")
_OPTIONS = (
    "current_version__shuffle",
    Cast("current_version__option_ids", TextField()),
)  # as text: only those of drawn questions are parsed


def known(exam: Exam, candidate: User, now: datetime, *, is_member: bool = True) -> Known:
    """What this person knows of the exam. Kept back are the questions that an assignment drew for the person, and those
    of a form that is the same for all, sat or not. One query, and a much smaller one for who is no ``is_member`` of any
    cohort (docs/performance.md)."""
    items = AttemptItem.objects.filter(attempt__candidate=candidate, attempt__exam=exam).order_by()
    given = items.values_list("version__question_id").annotate(last=Max("attempt__started_at"))
    if not is_member:
        return Known(dict(given), frozenset())
    drawn = given.annotate(kept=Max(Case(When(_keeps("attempt__assignment", now), then=1), default=0)))
    shared = (
        FormItem.objects.filter(_keeps("form__assignment", now), form__exam=exam)
        .filter(form__assignment__cohort__memberships__candidate=candidate)
        .values_list("version__question_id", Value(None, DateTimeField()), Value(1))
        .order_by()
    )
    seen: dict[int, datetime] = {}
    kept: set[int] = set()
    for question, last, is_kept in drawn.union(shared, all=True):
        if last:
            seen[question] = last
        if is_kept:
            kept.add(question)
    return Known(seen, kept)


def _keeps(assignment: str, now: datetime) -> Q:
    """Of rows that lead to an assignment: whether it keeps its keys back now, going by its own close.
    queries.assignments.withheld knows who sits longer, too, and hides the keys meanwhile."""
    name = f"{assignment}__"
    at_once = Q((f"{name}score_release", ScoreRelease.AT_ONCE), (f"{name}key_release", KeyRelease.AT_ONCE))
    never = Q((f"{name}key_release", KeyRelease.NEVER))
    is_open = Q((f"{name}closes_at", None)) | Q((f"{name}closes_at__gt", now - CLOSING))
    return Q((f"{assignment}__isnull", False)) & ~at_once & (never | is_open)


def sitting(size: Size, accommodation: Accommodation | None = None) -> Sitting:
    """The size as somebody with this accommodation would sit it on their own."""
    return Sitting(size, extra_minutes(accommodation, size.minutes))


def offers(exam: Exam, known: Known = NOTHING, accommodation: Accommodation | None = None) -> list[SizeOffer]:
    """What each size can offer to somebody who knows so much, in the order of the sizes. Two or three queries."""
    domains = list(exam.domains.all())
    weights = {domain.code: domain.weight for domain in domains}
    rows = pool(exam, known).candidates
    found = []
    for size in exam.sizes.all():
        offer = blueprints.offer(rule_of(size), weights, rows)
        missing = tuple((domain, offer.missing[domain.code]) for domain in domains if domain.code in offer.missing)
        found.append(SizeOffer(sitting(size, accommodation), offer, missing))
    return found

"""Results: computed from the answers by one aggregate, whoever asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When
from django.utils.translation import gettext

from exams.domain import scoring
from exams.domain.attempts import CLOSING, State, ended_at
from exams.domain.bank import CHOICE_KINDS
from exams.domain.responses import AnswerKey, split_order
from exams.domain.scoring import DomainResult, DomainTally, Parameters, ScoreReport, Verdict
from exams.models import Attempt, AttemptItem, Domain, User
from exams.models.texts import in_language
from exams.queries import assignments
from exams.queries.attempts import letter, minutes_of, own_attempts, state_of
from exams.rendering import plain_text


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain of a result: its name and what was reached in it."""

    domain: Domain
    result: DomainResult

    @property
    def meets(self) -> bool:
        """The issuer's better word."""
        return self.result.verdict is Verdict.MEETS


_OR = " / "  # between the labels of several keys


@dataclass(frozen=True, slots=True)
class ReviewedOption:
    """An option after the end. In an ordering or matching it is a row, and ``given`` and ``wanted`` are the labels of
    the place or target it was given, and of the right one; "" for none, and where keys are not shown."""

    letter: str
    html: str
    rationale: str
    is_key: bool
    is_chosen: bool
    given: str = ""
    wanted: str = ""

    @property
    def fits(self) -> bool:
        """Whether a row was given what it was to be given."""
        return bool(self.given) and self.given in self.wanted.split(_OR)


@dataclass(frozen=True, slots=True)
class ReviewedTarget:
    """What the rows of a matching were to be matched to."""

    label: str
    html: str


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """A question after the end. ``is_hidden``: its key is not shown, since it is in an exam that the candidate is
    sitting, or (``is_withheld``) in an assignment whose keys are not released."""

    position: int
    title: str
    domain: Domain
    case: str
    stem: str
    options: tuple[ReviewedOption, ...]
    targets: tuple[ReviewedTarget, ...]
    is_choice: bool
    note: str
    objective: str
    references: tuple[tuple[str, str], ...]
    is_answered: bool
    is_correct: bool
    is_flagged: bool
    is_scored: bool
    is_hidden: bool
    is_withheld: bool
    was_late: bool
    seconds: int
    repair: str

    @property
    def verdict(self) -> str:
        """right, wrong, open (not answered), or hidden."""
        if self.is_hidden:
            return "hidden"
        return "right" if self.is_correct else "wrong" if self.is_answered else "open"


@dataclass(frozen=True, slots=True)
class Result:
    """A finished attempt."""

    attempt: Attempt
    ended_at: datetime
    parameters: Parameters
    report: ScoreReport
    domains: tuple[DomainRow, ...]
    pilots: int
    answered: int
    late: int

    @property
    def minutes(self) -> int:
        """The whole time there was."""
        return minutes_of(self.attempt)

    @property
    def minutes_used(self) -> int:
        """Whole minutes from the start to the end."""
        return int((self.ended_at - self.attempt.started_at).total_seconds() / 60)

    @property
    def distance(self) -> int:
        """Points of the scale between the score and the pass mark."""
        return abs(self.report.scaled - self.parameters.scale.pass_mark)

    @property
    def cut_share(self) -> float:
        """The cut as a share of the scored questions."""
        return self.report.cut / self.report.total

    @property
    def probability(self) -> str:
        """The probability that the true share reaches the cut, in words."""
        return chance(self.report.probability or Fraction(0))


def chance(probability: Fraction) -> str:
    """A probability in whole percent, in words; its ends are not rounded away."""
    percent = round(100 * float(probability))
    if 1 <= percent <= 99:
        return f"{percent}%"
    return gettext("less than 1%") if percent < 1 else gettext("more than 99%")


def reports(attempts: Iterable[Attempt]) -> dict[int, ScoreReport]:
    """The score report of each attempt (by id), by one aggregate over their answers. Unfinished ones are the
    caller's to leave out."""
    wanted = {attempt.pk: attempt for attempt in attempts}
    tallies: dict[int, list[DomainTally]] = defaultdict(list)
    rows = (
        AttemptItem.objects.filter(attempt__in=wanted, is_scored=True)
        .values_list("attempt_id", "domain__code")
        .annotate(
            correct=Sum(Case(When(is_correct=True, then=Value(1)), default=Value(0), output_field=IntegerField())),
            total=Count("pk"),
            answered=Count("pk", filter=Q(response__isnull=False)),
        )
        .order_by("attempt_id", "domain__order", "domain_id")
    )
    for attempt_id, domain, correct, total, answered in rows:
        tallies[attempt_id].append(DomainTally(domain, correct=correct, total=total, answered=answered))
    return {pk: scoring.score(Parameters.from_json(attempt.parameters), tallies[pk]) for pk, attempt in wanted.items()}


@dataclass(frozen=True, slots=True)
class Past:
    """A line of somebody's history."""

    attempt: Attempt
    report: ScoreReport


def history(candidate: User, now: datetime, **which: object) -> list[Past]:
    """The person's finished attempts in exam mode whose score may be shown, newest first (``exam=`` narrows it). Two
    queries."""
    sat = own_attempts(candidate).filter(mode=Attempt.Mode.EXAM, is_void=False, **which).select_related("assignment")
    rows = [attempt for attempt in sat if state_of(attempt, now) is State.FINISHED]
    hidden = assignments.hides_score(rows, now)
    rows = [attempt for attempt in rows if attempt.pk not in hidden]
    found = reports(rows)
    return [Past(attempt, found[attempt.pk]) for attempt in rows]


def result(attempt: Attempt, now: datetime) -> Result:
    """The result of an attempt that has ended; raises ValueError for one that has not."""
    end = ended_at(now, deadline_at=attempt.deadline_at, finished_at=attempt.finished_at)
    if end is None:
        raise ValueError("an attempt that has not ended has no result")
    report = reports([attempt])[attempt.pk]
    domains = {domain.code: domain for domain in attempt.exam.domains.all()}
    rest = attempt.items.aggregate(
        pilots=Count("pk", filter=Q(is_scored=False)),
        answered=Count("pk", filter=Q(response__isnull=False)),
        late=Count("late_at"),
    )
    return Result(
        attempt=attempt,
        ended_at=end,
        parameters=Parameters.from_json(attempt.parameters),
        report=report,
        domains=tuple(DomainRow(domains[row.code], row) for row in report.domains),
        **rest,
    )


def reviewed(attempt: Attempt, language: str, now: datetime, *, reader: User | None = None) -> list[ReviewedItem]:
    """Every question of a finished attempt with answer, key, rationales and references, as far as its candidate may
    see them. Another ``reader``, an instructor, sees all but what is in an exam of their own, and no notes of the
    candidate. Five queries at most."""
    in_hand = questions_in_hand(reader or attempt.candidate, now)
    withheld = assignments.withheld(reader or attempt.candidate, now)
    rows = attempt.items.select_related("version", "domain")
    items = [
        _reviewed(
            row,
            language,
            is_hidden=row.version.question_id in in_hand | withheld,
            is_withheld=row.version.question_id in withheld - in_hand,
        )
        for row in rows
    ]
    return [replace(item, note="") for item in items] if reader else items


SHOWS = ("", "wrong", "flagged", "open")  # all; answered wrongly or not at all; marked; not answered


def filtered(items: Iterable[ReviewedItem], *, domain: str, show: str) -> list[ReviewedItem]:
    """Those of one domain (code; "" for all) and of one kind (SHOWS; anything else for all)."""
    return [item for item in items if domain in ("", item.domain.code) and _is_shown(item, show)]


def _is_shown(item: ReviewedItem, show: str) -> bool:
    if show == "flagged":
        return item.is_flagged
    return item.verdict in {"wrong": ("wrong", "open"), "open": ("open",)}.get(show, (item.verdict,))


def questions_in_hand(candidate: User, now: datetime) -> set[int]:
    """Questions (ids) of the exams that the candidate is sitting now: their keys are shown nowhere else meanwhile.
    While an attempt is closing its answers still count, so it is in hand until it is over."""
    return set(
        AttemptItem.objects.filter(
            attempt__candidate=candidate, attempt__finished_at=None, attempt__deadline_at__gt=now - CLOSING
        ).values_list("version__question_id", flat=True)
    )


def hidden_from(reader: User, now: datetime) -> set[int]:
    """Questions (ids) whose keys this person is shown nowhere now, whatever their role: those of an exam in hand, and
    those of own assignments whose keys are not released."""
    return questions_in_hand(reader, now) | assignments.withheld(reader, now)


def _reviewed(row: AttemptItem, language: str, *, is_hidden: bool, is_withheld: bool) -> ReviewedItem:
    key = AnswerKey.from_json(row.answer_key)
    question, review = row.version.question_html[language], row.version.review_html[language]
    options, targets = split_order(key, row.option_order)
    is_choice = key.kind in CHOICE_KINDS
    response = row.response or {}
    given, wanted = ({}, {}) if is_choice else (_labels(response, targets), _wanted(key, targets))
    return ReviewedItem(
        position=row.position,
        title=plain_text(row.version.content["stem"][language]),
        domain=row.domain,
        case=question["case"],
        stem=question["stem"],
        options=tuple(
            ReviewedOption(
                letter=str(position + 1) if targets else letter(position),
                html=question["options"][option],
                rationale="" if is_hidden else review["rationales"][option],
                is_key=is_choice and not is_hidden and key.is_key(option),
                is_chosen=option in response,
                given=given.get(option, ""),
                wanted="" if is_hidden else wanted.get(option, ""),
            )
            for position, option in enumerate(options)
        ),
        targets=tuple(
            ReviewedTarget(letter(position), question["options"][target]) for position, target in enumerate(targets)
        ),
        is_choice=is_choice,
        note=row.note,
        objective="" if is_hidden else review["objective"],
        references=()
        if is_hidden
        else tuple((in_language(ref["title"], language), ref["url"]) for ref in row.version.content["references"]),
        is_answered=bool(response),
        is_correct=row.is_correct and not is_hidden,
        is_flagged=row.is_flagged,
        is_scored=row.is_scored,
        is_hidden=is_hidden,
        is_withheld=is_withheld,
        was_late=row.late_at is not None,
        seconds=row.seconds_spent,
        repair="" if is_hidden else _repair(key, row.version.answer_key),
    )


def _repair(key: AnswerKey, published: dict[str, Any]) -> str:
    """What a repair has put in force here, as the policies of domain.rescoring; "" for nothing."""
    if key.is_dropped:
        return "drop"
    if key.takes_all:
        return "full_credit"
    if key.also:
        return "both_keys"
    return "" if key.to_json() == published else "new_key"


def _wanted(key: AnswerKey, targets: Sequence[str]) -> dict[str, str]:
    """What each row was to be given; where several keys count, all that any of them wants."""
    labels = [_labels(pairs, targets) for pairs in key.all_pairs]
    return {row: _OR.join(dict.fromkeys(each[row] for each in labels)) for row in labels[0]}


def _labels(pairs: Mapping[str, int | str], targets: Sequence[str]) -> dict[str, str]:
    """What each row was given, as the candidate read it: the place's number or the target's letter."""
    return {row: letter(targets.index(str(value))) if targets else str(value) for row, value in pairs.items()}

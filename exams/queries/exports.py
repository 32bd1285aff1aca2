"""Rows that instructors take away: members, answers and questions of one assignment, for a spreadsheet.

They hold what the page shows and no more: a member's name, never an address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.documents import cells
from exams.domain.responses import AnswerKey
from exams.models import Assignment, Attempt, AttemptItem, QuestionVersion, Task, User
from exams.models.texts import in_language
from exams.queries import statistics
from exams.queries.bank import letters_of
from exams.queries.cohort_members import ended_attempts
from exams.queries.cohort_results import AssignmentResults
from exams.queries.results import hidden_from
from exams.rendering import plain_text

SHEETS = ("members", "answers", "items")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A head, rows that are read as they are asked for, widths of columns in characters, and which columns (from 0) are
    shares of 1."""

    title: str
    head: cells.Row
    rows: Iterator[cells.Row]
    widths: Sequence[int]
    shares: Collection[int] = ()


def sheet(name: str, found: AssignmentResults, now: datetime, *, reader: User) -> Sheet:
    """One of SHEETS; raises KeyError for another name. Of questions whose keys the ``reader`` may not see now, nothing
    is in it that tells them."""
    hidden = set() if name == "members" else hidden_from(reader, now)
    return {"members": _members, "answers": _answers, "items": _items}[name](found, now, reader, hidden)


def _members(found: AssignmentResults, now: datetime, reader: User, hidden: Collection[int]) -> Sheet:
    head = [
        *(_("Member"), _("Attempts"), _in_zone(_("Finished")), _("Points"), _("Scored questions"), _("Score")),
        *(_("Interval from"), _("Interval to"), _("Verdict"), _("Probability to pass"), _("Best score")),
        *(_("%(domain)s, percent correct") % {"domain": column.title} for column in found.domains),
    ]
    widths = [24, 10, 18, *[12] * (len(head) - 3)]
    shares = [head.index(_("Probability to pass"))]
    return Sheet(_("Members"), head, _member_rows(found, len(head)), widths, shares)


def _member_rows(found: AssignmentResults, fields: int) -> Iterator[cells.Row]:
    for row in found.rows:
        if row.latest is None or row.best is None:
            yield [row.candidate.display_name, 0, *[None] * (fields - 2)]
            continue
        report = row.latest.report
        low, high = report.interval or (None, None)
        yield [
            *(row.candidate.display_name, row.finished, _local(row.latest.ended_at), report.points, report.total),
            *(report.scaled, low, high, _("Passed") if report.passed else _("Not passed")),
            None if report.probability is None else round(float(report.probability), 4),
            row.best.report.scaled,
            *(cell.percent if cell else None for cell in row.cells(found.domains)),
        ]


def _answers(found: AssignmentResults, now: datetime, reader: User, hidden: Collection[int]) -> Sheet:
    head = [
        *(
            _("Member"),
            _in_zone(_("Attempt started")),
            _in_zone(_("Attempt finished")),
            _("Position"),
            _("Question"),
            _("Version"),
        ),
        *(_("Domain"), _("Task"), _("Scored"), _("Answer"), _("Key"), _("Right or wrong"), _("Flagged"), _("Seconds")),
    ]
    widths = [24, 18, 18, 9, 34, 9, 34, 9, 9, 12, 12, 9, 9, 9]
    return Sheet(_("Answers"), head, _answer_rows(found.assignment, now, reader, hidden), widths)


def _answer_rows(assignment: Assignment, now: datetime, reader: User, hidden: Collection[int]) -> Iterator[cells.Row]:
    """One for each question of each ended attempt, read in portions."""
    attempts = {row.pk: row for row in ended_attempts(assignment, now, reader=reader)}
    letters = {pk: letters_of(content) for pk, _question, _number, content in _versions(assignment)}
    titles = {domain.pk: in_language(domain.title) for domain in assignment.exam.domains.all()}
    rows = (
        AttemptItem.objects.filter(attempt__in=list(attempts))  # and not those that end meanwhile
        .order_by("attempt__candidate__display_name", "attempt__candidate_id", "attempt_id", "position")
        .values_list(
            *(
                "attempt_id",
                "position",
                "version_id",
                "version__question_id",
                "version__question__code",
                "version__number",
                "domain_id",
            ),
            *("task__code", "is_scored", "response", "answer_key", "is_correct", "is_flagged", "seconds_spent"),
        )
    )
    for (
        pk,
        position,
        version,
        question,
        code,
        number,
        domain,
        task,
        scored,
        response,
        key,
        right,
        flagged,
        seconds,
    ) in rows.iterator(chunk_size=2000):
        attempt, names = attempts[pk], letters[version]
        end = attempt.finished_at or attempt.deadline_at
        yield [
            *(attempt.candidate.display_name, _local(attempt.started_at), _local(end), position, code, number),
            *(titles[domain], task, int(scored), _words(response, names)),
            *((None, None) if question in hidden else (_key_words(key, names), int(right))),
            *(int(flagged), seconds),
        ]


def _items(found: AssignmentResults, now: datetime, reader: User, hidden: Collection[int]) -> Sheet:
    head = [
        *(_("Question"), _("Version"), _("Domain"), _("Task"), _("Scored"), _("Stem"), _("Key"), _("Attempts")),
        *(_("Unanswered"), _("Correct answers"), _("Difficulty (p)"), _("Interval from"), _("Interval to")),
        _("Seconds on average"),
    ]
    widths = [34, 9, 34, 9, 9, 60, 9, 10, 11, 9, 11, 11, 11, 11]
    return Sheet(_("Questions"), head, _item_rows(found.assignment, now, reader, hidden), widths)


def _item_rows(assignment: Assignment, now: datetime, reader: User, hidden: Collection[int]) -> Iterator[cells.Row]:
    """What item analysis says, and refuses to say: of each present member the first attempt, with the key in force."""
    found = statistics.eligible_of(assignment, now, reader).values_list("pk", flat=True)
    attempts = Attempt.objects.filter(pk__in=list(found))  # and not those that end meanwhile
    given = AttemptItem.objects.filter(attempt__in=attempts).order_by()
    seconds = dict(given.values_list("version_id").annotate(Avg("seconds_spent")))
    codes = {pk: (code, number) for pk, code, number, _content in _versions(assignment)}
    tasks = {pk: (order, code) for pk, order, code in _tasks(assignment)}
    items = statistics.analysis_of(attempts, is_fixed=assignment.is_fixed).items
    for item in sorted(items, key=lambda item: _in_the_blueprints_order(item.version, tasks)):
        version, figures = item.version, item.statistics
        difficulty = (None,) * 3 if figures.refusal else (figures.p, *figures.p_interval)
        yield [
            *(*codes[version.pk], in_language(version.domain.title)),
            *(tasks[version.task_id][1] if version.task_id else None, int(item.is_scored)),
            plain_text(in_language(version.content["stem"])),
            None if version.question_id in hidden else _key_words(item.key.to_json(), letters_of(version.content)),
            *(figures.n, figures.unanswered, figures.correct),
            *(None if figure is None else round(figure, 4) for figure in difficulty),
            None if (mean := seconds.get(version.pk)) is None else round(float(mean), 1),
        ]


def _in_the_blueprints_order(version: QuestionVersion, tasks: Mapping[int, tuple[int, str]]) -> tuple[int, ...]:
    order = tasks[version.task_id][0] if version.task_id else -1
    return version.domain.order, version.domain_id, order, version.pk


def _tasks(assignment: Assignment) -> Iterable[tuple[int, int, str]]:
    return Task.objects.filter(domain__exam=assignment.exam_id).order_by().values_list("pk", "order", "code")


def _versions(assignment: Assignment) -> list[tuple[int, str, int, dict[str, Any]]]:
    """(id, code of the question, number, content) of every version in the assignment's attempts."""
    used = AttemptItem.objects.filter(attempt__assignment=assignment).values("version_id")
    rows = QuestionVersion.objects.filter(pk__in=used)
    return list(rows.values_list("pk", "question__code", "number", "content"))


def _key_words(key: dict[str, Any], names: dict[str, str]) -> str | None:
    """The key in force, with every further one that counts as right; words where all or nothing does."""
    known = AnswerKey.from_json(key)
    if known.is_dropped:
        return _("dropped")
    if known.takes_all:
        return _("full credit")
    rights = (known.right, *known.also)
    return " / ".join(
        _words(dict(right) if isinstance(right, Mapping) else list(right), names) or "" for right in rights
    )


def _words(answer: list[str] | dict[str, Any] | None, names: dict[str, str]) -> str | None:
    """``B``, ``A C``, steps in their order ``B A D C``, or pairs ``A:c B:a``."""
    if not answer:
        return None
    if isinstance(answer, list):
        return " ".join(names.get(option, option) for option in answer)
    if all(isinstance(place, int) for place in answer.values()):
        return " ".join(names.get(option, option) for option in sorted(answer, key=answer.__getitem__))
    return " ".join(sorted(f"{names.get(row, row)}:{names.get(target, target)}" for row, target in answer.items()))


def _in_zone(head: str) -> str:
    """The head of a column of instants, with the zone in which they are told."""
    return f"{head} ({timezone.get_current_timezone_name()})"


def _local(instant: datetime) -> datetime:
    """To the minute, in the reader's zone, which a cell can't name: the head does."""
    return timezone.localtime(instant).replace(second=0, microsecond=0, tzinfo=None)

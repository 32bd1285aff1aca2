"""Reading item statistics: the database counts attempts that are alike, exams.domain.statistics does the rest."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from exams.domain import statistics
from exams.domain.assignments import ScoreRelease, shows_score
from exams.domain.attempts import CLOSING
from exams.domain.responses import AnswerKey
from exams.domain.statistics import FEWEST_ATTEMPTS, FEWEST_PEOPLE, Cell, ItemStatistics, Reliability, Warn
from exams.models import (
    Assignment,
    Attempt,
    AttemptItem,
    Exam,
    ItemStatistic,
    Membership,
    Question,
    QuestionVersion,
    User,
)

# One row per attempt: how many scored questions were right, of how many, and all its answers in one text, each
# starting with the version, scored or not, right or not. Counting what is alike among 650,000 such answers is less
# work for Python than sorting or hashing them is for a database. JSON has no control characters, so one may part them.
_ANSWERS = """
    SELECT attempt_id, SUM(CASE WHEN is_scored AND is_correct THEN 1 ELSE 0 END),
        SUM(CASE WHEN is_scored THEN 1 ELSE 0 END),
        {join}(version_id || CASE WHEN is_scored THEN '+' ELSE '-' END || CASE WHEN is_correct THEN '+' ELSE '-' END
            || COALESCE({response}, ''), %s) {which}
    FROM exams_attemptitem WHERE attempt_id {among} GROUP BY attempt_id ORDER BY attempt_id"""
_WORDS = {
    "postgresql": {"join": "STRING_AGG", "response": "response::text", "among": "= ANY(%s)"},
    "sqlite": {"join": "GROUP_CONCAT", "response": "response", "among": "IN (SELECT value FROM json_each(%s))"},
}
_BETWEEN = "\x1f"
_ANSWER = re.compile(r"(\d+)([+-])([+-])(.*)", re.DOTALL)


Role = tuple[int, bool]  # a version, and whether it is scored


@dataclass(frozen=True, slots=True)
class Item:
    """A question of an analysis. ``position`` is its place on the form; where forms are drawn, on one of them."""

    version: QuestionVersion
    key: AnswerKey
    position: int
    is_scored: bool
    statistics: ItemStatistics


@dataclass(frozen=True, slots=True)
class Analysis:
    """The item analysis of an assignment: questions by their estimated discrimination, the worst first."""

    is_fixed: bool
    items: tuple[Item, ...]
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class Handling:
    """How a question was dealt with: the median of the seconds spent on it, and how many marked it for review."""

    seconds: float | None
    flagged: int


@dataclass(frozen=True, slots=True)
class VersionStatistics:
    """One version over everybody who was given it; ``item`` and ``handling`` are None where that rests on under 5
    people."""

    version: QuestionVersion
    people: int
    item: Item | None
    handling: Handling | None


@dataclass(frozen=True, slots=True)
class _Counted:
    """Cells of one question in one role; place and key in force are those of its ``newest`` attempt (id)."""

    newest: int
    cells: tuple[Cell, ...]
    position: int
    key: AnswerKey


def eligible(now: datetime, **which: Any) -> QuerySet[Attempt]:
    """Per candidate, exam and size the first finished exam-mode attempt that is neither void nor without any answer.
    ``which`` narrows down before the first is looked for: ``assignment`` makes it the first of that assignment."""
    answered = AttemptItem.objects.filter(attempt=OuterRef("pk"), response__isnull=False)
    finished = Q(finished_at__isnull=False) | Q(deadline_at__lte=now - CLOSING)
    able = Attempt.objects.filter(finished, Exists(answered), mode=Attempt.Mode.EXAM, is_void=False, **which)
    same, by_time = ("candidate", "exam", "size_code"), ("started_at", "pk")
    firsts = able.annotate(nth=Window(RowNumber(), partition_by=same, order_by=by_time)).filter(nth=1)
    return Attempt.objects.filter(pk__in=firsts.values("pk")).order_by()


def eligible_of(assignment: Assignment, now: datetime, reader: User | None = None) -> QuerySet[Attempt]:
    """Those of an assignment, of people who are members now: leaving ends what its instructors see. Without the own one
    of a ``reader`` whose score is not shown to them yet: in a small class, figures would tell it."""
    members = Membership.objects.filter(cohort=assignment.cohort_id, left_at=None).values("candidate")
    rows = eligible(now, assignment=assignment).filter(candidate__in=members)
    if reader is None or shows_score(
        now, release=ScoreRelease(assignment.score_release), closes_at=assignment.closes_at
    ):
        return rows
    return rows.exclude(candidate=reader)


def analysis(assignment: Assignment, now: datetime, reader: User | None = None) -> Analysis:
    """All questions of an assignment. Four queries, however many members and questions."""
    return analysis_of(eligible_of(assignment, now, reader), is_fixed=assignment.is_fixed)


def analysis_of(attempts: QuerySet[Attempt], *, is_fixed: bool) -> Analysis:
    """The same of these attempts."""
    return _analysis(_counted(attempts), is_fixed=is_fixed)


def one_item(
    assignment: Assignment, version_id: int, now: datetime, reader: User | None = None
) -> tuple[Item, Handling]:
    """One question of an assignment, whoever was given it. Five queries. Raises QuestionVersion.DoesNotExist where
    nobody was."""
    given = AttemptItem.objects.filter(version=OuterRef("pk"), attempt__assignment=assignment)
    version = QuestionVersion.objects.select_related("question", "domain", "task").get(Exists(given), pk=version_id)
    attempts = eligible_of(assignment, now, reader)
    roles = _counted(attempts, [version.pk])
    found = _both_roles(roles).get(version.pk) or _Counted(0, (), 0, AnswerKey.from_json(version.answer_key))
    is_fixed = assignment.is_fixed and statistics.share_one_form([found.cells])
    is_scored = (version.pk, False) not in roles
    handling = _handling(attempts, [version.pk]).get(version.pk, Handling(None, 0))
    return _item(version, found, is_scored=is_scored, is_fixed=is_fixed), handling


def of_question(question: Question, now: datetime) -> list[VersionStatistics]:
    """What authors see: each version over all attempts, newest version first. Six queries.

    Attempts had different questions, so people are compared by their share of the others; a version may have been
    scored in some and a pilot in others, which makes no difference then.
    """
    versions = list(question.versions.select_related("domain", "task").order_by("-number"))
    which = [version.pk for version in versions]
    if not which:
        return []
    given = AttemptItem.objects.filter(attempt=OuterRef("pk"), version__in=which)
    attempts = eligible(now, exam=question.exam_id).filter(Exists(given))
    counted, handling = _both_roles(_counted(attempts, which)), _handling(attempts, which)
    people = _people(attempts, version__in=which)
    return [
        VersionStatistics(
            version=version,
            people=people.get(version.pk, 0),
            item=_item(version, counted[version.pk], is_scored=True, is_fixed=False) if is_shown else None,
            handling=handling[version.pk] if is_shown else None,
        )
        for version in versions
        for is_shown in [people.get(version.pk, 0) >= FEWEST_PEOPLE]
    ]


def of_exam(exam: Exam, now: datetime) -> list[VersionStatistics]:
    """Every version that was given in an exam that counts, whoever sat it. Five queries."""
    attempts = eligible(now, exam=exam)
    counted = _both_roles(_counted(attempts))
    people = _people(attempts)
    versions = _versions(counted)
    return [
        VersionStatistics(versions[pk], people[pk], _item(versions[pk], found, is_scored=True, is_fixed=False), None)
        for pk, found in counted.items()
    ]


def times_used(exam: Exam) -> dict[int, int]:
    """Version -> in how many exams it was given, finished or not."""
    items = AttemptItem.objects.filter(attempt__exam=exam, attempt__mode=Attempt.Mode.EXAM).order_by()
    return dict(items.values_list("version").annotate(number=Count("pk")))


@dataclass(frozen=True, slots=True)
class Overview:
    """A question in a list, as its statistics were kept at ``as_of``: ``used`` over all its versions, the rest of the
    version in force. ``is_hidden``: they rest on under 5 people. ``attempts`` of ``needed`` are analysed; under that
    there is no figure, and ``r_rest`` is None as well where all are alike."""

    used: int
    attempts: int
    is_hidden: bool
    p: float | None
    p_interval: tuple[float, float] | None
    r_rest: float | None
    r_interval: tuple[float, float] | None
    flags: tuple[Warn, ...]
    as_of: datetime

    @property
    def needed(self) -> int:
        """From how many attempts on there are figures."""
        return FEWEST_ATTEMPTS


def bank_overview(questions: Iterable[Question]) -> dict[int, Overview]:
    """Question id -> what a list shows of it, from what `manage.py item_statistics` kept; questions that were in no
    exam then are left out. One query, however many."""
    current = {question.pk: question.current_version_id for question in questions}
    kept = ItemStatistic.objects.filter(version__question__in=current).annotate(question=F("version__question"))
    rows: dict[int, list[ItemStatistic]] = defaultdict(list)
    for row in kept.order_by("-version__number"):
        rows[row.question].append(row)
    return {pk: _overview(found, current[pk]) for pk, found in rows.items()}


def _overview(rows: Sequence[ItemStatistic], current: int | None) -> Overview:
    used, as_of = sum(row.used for row in rows), rows[0].computed_at
    row = next((row for row in rows if row.version_id == current), None)
    if row is None:
        return Overview(used, 0, False, None, None, None, None, (), as_of)
    if row.attempts and row.people < FEWEST_PEOPLE:
        return Overview(used, 0, True, None, None, None, None, (), as_of)
    return Overview(
        used=used,
        attempts=row.attempts,
        is_hidden=False,
        p=row.p,
        p_interval=_interval(row.p_low, row.p_high),
        r_rest=row.r_rest,
        r_interval=_interval(row.r_low, row.r_high),
        flags=tuple(Warn(code) for code in row.flags),
        as_of=as_of,
    )


def _interval(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)


def _analysis(roles: Mapping[Role, _Counted], *, is_fixed: bool) -> Analysis:
    scored = [found.cells for (_version, is_scored), found in roles.items() if is_scored]
    is_fixed = is_fixed and statistics.share_one_form(scored)
    counted = _both_roles(roles)
    versions = _versions(counted)
    items = [
        _item(versions[pk], found, is_scored=(pk, False) not in roles, is_fixed=is_fixed)
        for pk, found in counted.items()
    ]
    form = statistics.reliability(scored, is_fixed=is_fixed)
    return Analysis(is_fixed, tuple(sorted(items, key=_worst_first)), form)


def _worst_first(item: Item) -> tuple[bool, float, int, int]:
    """By r_rest; those without one at the end."""
    r = item.statistics.r_rest
    return r is None, r.value if r else 0.0, item.position, item.version.pk


def _item(version: QuestionVersion, found: _Counted, *, is_scored: bool, is_fixed: bool) -> Item:
    options = [option["id"] for option in version.content["options"]]
    figures = statistics.item_statistics(found.key, options, found.cells, is_scored=is_scored, is_fixed=is_fixed)
    return Item(version, found.key, found.position, is_scored, figures)


def _counted(attempts: QuerySet[Attempt], versions: Sequence[int] = ()) -> dict[Role, _Counted]:
    """Cells by version and role, in three queries. ``versions`` leaves out all others.

    The attempts are looked up first: a planner that knows how many there are does not read the whole table.
    """
    ids = list(attempts.values_list("pk", flat=True))
    which = f"FILTER (WHERE version_id IN ({', '.join(['%s'] * len(versions))}))" if versions else ""
    sql = _ANSWERS.format(which=which, **_WORDS[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(sql, [_BETWEEN, *versions, ids if connection.vendor == "postgresql" else json.dumps(ids)])
        rows = [row for row in cursor.fetchall() if row[3]]
    alike: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for _attempt, points, scored, answers in rows:
        alike[points, scored].update(answers.split(_BETWEEN))
    groups: dict[Role, list[tuple[int, int, bool, str, int]]] = defaultdict(list)
    roles: dict[str, Role] = {}
    for (points, scored), counts in alike.items():
        for answer, count in counts.items():
            role, is_right, response = _read(answer)
            roles[answer] = role
            groups[role].append((points - (is_right and role[1]), scored - role[1], is_right, response, count))
    places = _newest(rows, roles)
    return {
        role: _Counted(newest, _cells(groups[role], key), position, key)
        for role, (newest, position, key) in places.items()
    }


def _read(answer: str) -> tuple[Role, bool, str]:
    """One answer of ``_ANSWERS``: its role, whether it is right, and the response as JSON, empty where there is
    none."""
    version, scored, right, response = cast("re.Match[str]", _ANSWER.fullmatch(answer)).groups()
    return (int(version), scored == "+"), right == "+", response


def _newest(
    rows: Sequence[tuple[int, int, int, str]], roles: Mapping[str, Role]
) -> dict[Role, tuple[int, int, AnswerKey]]:
    """The newest attempt (id) of each role, with place and key in force there; ``roles`` are those of all answers. One
    query."""
    missing, newest = set(roles.values()), {}
    for attempt, _points, _scored, answers in reversed(rows):
        if not missing:
            break
        for role in missing.intersection(roles[answer] for answer in answers.split(_BETWEEN)):
            newest[attempt, role[0]] = role
            missing.remove(role)
    found = AttemptItem.objects.filter(
        attempt__in={attempt for attempt, _version in newest}, version__in={version for _attempt, version in newest}
    ).order_by()
    return {
        newest[attempt, version]: (attempt, position, AnswerKey.from_json(key))
        for attempt, version, position, key in found.values_list("attempt", "version", "position", "answer_key")
        if (attempt, version) in newest
    }


def _cells(rows: Iterable[tuple[int, int, bool, str, int]], key: AnswerKey) -> tuple[Cell, ...]:
    marks: dict[str, tuple[str, ...] | None] = {"": None}
    cells = []
    for right, of, is_correct, response, count in rows:
        if response not in marks:
            marks[response] = statistics.marks(key, json.loads(response))
        cells.append(Cell(right, of, is_correct, marks[response], count))
    return tuple(cells)


def _both_roles(counted: Mapping[Role, _Counted]) -> dict[int, _Counted]:
    """Cells by version alone."""
    found: dict[int, _Counted] = {}
    for (version, _is_scored), one in sorted(counted.items(), key=lambda row: row[1].newest):
        found[version] = replace(one, cells=(*found[version].cells, *one.cells)) if version in found else one
    return found


def _handling(attempts: QuerySet[Attempt], versions: Iterable[int]) -> dict[int, Handling]:
    items = AttemptItem.objects.filter(attempt__in=attempts, version__in=versions).order_by()
    marked = Count("pk", filter=Q(is_flagged=True))
    spent: dict[int, dict[int, int]] = defaultdict(dict)
    flagged: dict[int, int] = defaultdict(int)
    rows = items.values_list("version", "seconds_spent").annotate(number=Count("pk"), flags=marked)
    for version, seconds, number, flags in rows:
        spent[version][seconds] = number
        flagged[version] += flags
    return {version: Handling(statistics.median(counts), flagged[version]) for version, counts in spent.items()}


def _people(attempts: QuerySet[Attempt], **which: Any) -> dict[int, int]:
    """How many different people the figures of each version rest on."""
    items = AttemptItem.objects.filter(attempt__in=attempts, **which).order_by()
    return dict(items.values_list("version").annotate(people=Count("attempt__candidate", distinct=True)))


def _versions(which: Iterable[int]) -> dict[int, QuestionVersion]:
    found = QuestionVersion.objects.filter(pk__in=list(which)).select_related("domain")
    return {version.pk: version for version in found.defer("question_html", "review_html").order_by()}

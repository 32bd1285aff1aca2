"""What the checker finds in working copies, with what authors have accepted of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from exams.domain import duplicates
from exams.domain.bank import QuestionContent
from exams.domain.checking import Finding, Level, findings, fingerprint, services_from_json
from exams.domain.publishing import is_too_long
from exams.models import NearDuplicate, Question, QuestionVersion, Waiver
from exams.queries.bank import content_of_version, publishing_rules, text_faults


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, the text it is about (its fingerprint), and the waiver where it was accepted for just this text."""

    finding: Finding
    text: str
    waiver: Waiver | None

    @property
    def is_error(self) -> bool:
        """Whether it keeps the question from being published."""
        return self.finding.level is Level.ERROR

    @property
    def is_open(self) -> bool:
        """Whether it is a warning that nobody has accepted."""
        return not self.is_error and self.waiver is None


def judged(question: Question, content: QuestionContent, *, on: date, near: Iterable[Finding] = ()) -> list[Judged]:
    """Everything to be said about the content of a question on that day, and about its likeness to others (``near``).
    Of one with a text that is too long nothing else is: looking would take long.

    Two queries, for the waivers and, where the texts show any, the exam's pictures, unless they were prefetched.
    """
    faults = text_faults(content, question.exam)
    found = [Finding(fault.code, fault.where, fault.params, Level.ERROR) for fault in faults]
    if not is_too_long(content):
        found += findings(
            content,
            publishing_rules(question.exam),
            on=on,
            services=services_from_json(question.exam.services),
            revised_at=question.revised_at,
        )
    waivers = {(row.code, row.where, row.text): row for row in question.waivers.all()} if question.pk else {}
    rows = []
    for finding in [*found, *near]:
        text = fingerprint(content, finding)
        waiver = None if finding.level is Level.ERROR else waivers.get((finding.code, finding.where, text))
        rows.append(Judged(finding, text, waiver))
    return rows


def near_duplicates_of(question: Question, content: QuestionContent) -> list[Finding]:
    """The questions whose versions in force are near-identical to this content. Two queries; the texts of those few
    that may be are read, and for the others their sketches do."""
    if is_too_long(content):
        return []
    sketches = sketches_of(question.exam_id, but=question.pk or 0)
    found = []
    for language in question.exam.languages:
        mine = duplicates.said(content, language)
        if not mine:
            continue
        here = {id_: of[language] for id_, (_version, of) in sketches.items() if language in of} | {
            0: duplicates.sketch(mine)
        }
        likely = [other for _me, other in duplicates.candidates(here, [0])]
        for version in QuestionVersion.objects.filter(pk__in=[sketches[id_][0] for id_ in likely]).select_related(
            "question"
        ):
            share = duplicates.percent(mine, duplicates.said(content_of_version(version), language))
            if share is not None:
                found.append(near_finding(language, version.question.code, share))
    return found


def near_pairs(ids: Iterable[int]) -> list[tuple[str, Finding]]:
    """Of the kept pairs of near-identical questions that forms may get, those with one of these (ids): its code and
    what is said of it, once for each pair. One query."""
    wanted = set(ids)
    most: dict[tuple[int, int], NearDuplicate] = {}
    for row in _pairs(wanted).order_by("first", "second", "-percent"):
        most.setdefault((row.first_id, row.second_id), row)
    sides = [
        (row, row.second, row.first) if row.second_id in wanted else (row, row.first, row.second)
        for row in most.values()
    ]
    return [(one.code, near_finding(row.language, other.code, row.percent)) for row, one, other in sides]


def near_of(ids: Iterable[int]) -> dict[int, list[Finding]]:
    """The same of each of these questions (ids), in every language. One query."""
    wanted, found = set(ids), defaultdict(list)
    for row in _pairs(wanted).order_by("first", "second", "language"):
        for one, other in ((row.first, row.second), (row.second, row.first)):
            if one.pk in wanted:
                found[one.pk].append(near_finding(row.language, other.code, row.percent))
    return found


def _pairs(ids: Collection[int]) -> QuerySet[NearDuplicate]:
    rows = NearDuplicate.objects.filter(Q(first__in=ids) | Q(second__in=ids)).select_related("first", "second")
    return rows.exclude(first__status=Question.Status.RETIRED).exclude(second__status=Question.Status.RETIRED)


def near_finding(language: str, other: str, percent: int) -> Finding:
    """That a question is near-identical to another one (its code) in a language."""
    return Finding("near_duplicate", f"stem.{language}", {"other": other, "percent": percent})


def sketches_of(exam_id: int, *, but: int = 0) -> dict[int, tuple[int, dict[str, duplicates.Sketch]]]:
    """Of each question (by id) that forms may get: its version in force (id), and the sketches of that. Two queries at
    most: a version's sketches never change once it has some, so each process reads them once."""
    rows = list(
        QuestionVersion.objects.filter(question__exam=exam_id, question__current_version=F("pk"))
        .exclude(question__status=Question.Status.RETIRED)
        .exclude(question=but)
        .order_by()
        .values_list("question", "pk", "checksum")
    )
    wanted = {(version, checksum) for _question, version, checksum in rows}
    found = {name: sketches for name in wanted if (sketches := _READ.get(name)) is not None}
    if missing := wanted - found.keys():
        read = _read(exam_id, missing)
        if len(_READ) + len(read) > MOST_READ:
            _READ.clear()
        _READ.update(read)
        found |= read
    return {question: (version, found.get((version, checksum), {})) for question, version, checksum in rows}


MOST_READ = 50_000  # sketches of versions that a process keeps; a kilobyte each
FEW = 100  # that are named to the database one by one
_READ: dict[tuple[int, str], dict[str, duplicates.Sketch]] = {}  # by id and checksum


def _read(exam_id: int, missing: set[tuple[int, str]]) -> dict[tuple[int, str], dict[str, duplicates.Sketch]]:
    versions = QuestionVersion.objects.filter(question__exam=exam_id, question__current_version=F("pk"))
    if len(missing) <= FEW:
        versions = QuestionVersion.objects.filter(pk__in=[version for version, _checksum in missing])
    return {
        (version, checksum): {language: duplicates.Sketch.from_json(row) for language, row in kept.items()}
        for version, checksum, kept in versions.order_by().values_list("pk", "checksum", "sketches").iterator()
        if kept and (version, checksum) in missing
    }

"""Accepting warnings, and keeping note of near-identical questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from exams.domain import duplicates
from exams.domain.bank import QuestionContent
from exams.domain.problems import Problem, Problems
from exams.formats.pack_rows import WaiverRow
from exams.models import Exam, KeptCheck, NearDuplicate, Question, QuestionVersion, User, Waiver
from exams.queries.bank import content_of, content_of_version
from exams.queries.checking import judged, near_duplicates_of, sketches_of
from exams.rendering import unprintable

LONGEST_REASON = 500  # characters


def accept(question: Question, code: str, where: str, text: str, *, reason: str, by: User, now: datetime) -> Waiver:
    """Accept a warning about the working copy as it is stored, for this text alone; a second time changes nothing.

    Raises Problems: ``waiver_reason``, ``too_long``, ``control_character`` (of the reason), or ``finding_gone``
    where there is no such warning (any more).
    """
    reason = reason.strip()
    if not reason:
        raise Problems([Problem("waiver_reason", "reason")])
    if len(reason) > LONGEST_REASON:
        raise Problems([Problem("too_long", "reason", {"limit": LONGEST_REASON})])
    if unprintable(reason):
        raise Problems([Problem("control_character", "reason")])
    with transaction.atomic():
        content = content_of(question)
        found = judged(question, content, on=timezone.localdate(now), near=near_duplicates_of(question, content))
        known = {(row.finding.code, row.finding.where, row.text) for row in found if not row.is_error}
        if (code, where, text) not in known:
            raise Problems([Problem("finding_gone")])
        waiver, _is_new = Waiver.objects.get_or_create(
            question=question,
            code=code,
            where=where,
            text=text,
            defaults={"reason": reason, "by": by, "given_at": now},
        )
    return waiver


def put_waivers(question: Question, rows: Sequence[WaiverRow], *, now: datetime) -> bool:
    """Make the question's waivers those of its pack, apart from those given here; whether anything changed."""
    wanted = {(row.code, row.where, row.text): row.reason for row in rows}
    stored = {(row.code, row.where, row.text): row for row in question.waivers.all()}
    gone = [row.pk for name, row in stored.items() if row.by_id is None and name not in wanted]
    reworded = [row for name, row in stored.items() if name in wanted and row.reason != wanted[name]]
    new = [(name, reason) for name, reason in wanted.items() if name not in stored]
    Waiver.objects.filter(pk__in=gone).delete()
    for row in reworded:
        row.reason = wanted[row.code, row.where, row.text]
        row.save(update_fields=["reason"])
    Waiver.objects.bulk_create(
        Waiver(question=question, code=code, where=where, text=text, reason=reason, given_at=now)
        for (code, where, text), reason in new
    )
    return bool(gone or reworded or new)


def sketches(content: QuestionContent, languages: Iterable[str]) -> dict[str, list[object]]:
    """What a version keeps for finding questions that are near-identical to it."""
    said = {language: duplicates.said(content, language) for language in languages}
    return {language: duplicates.sketch(text).to_json() for language, text in said.items() if text}


def catch_up(exam: Exam) -> int:
    """Make the sketches of versions in force that were published before there were any, and compare them; how many."""
    missing = QuestionVersion.objects.filter(question__exam=exam, question__current_version=F("pk"), sketches={})
    found = list(missing.order_by("pk"))
    for version in found:
        said = sketches(content_of_version(version), exam.languages)
        QuestionVersion.objects.filter(pk=version.pk).update(sketches=said)
    if found:
        compare(exam, [version.question_id for version in found])
    return len(found)


def hold(exam_id: int) -> None:
    """Until the end of the transaction nobody else publishes in this bank. Taken before any of its questions is locked:
    of two questions that are near-identical, the later one then sees the earlier one."""
    Exam.objects.select_for_update(no_key=True).filter(pk=exam_id).values_list("pk").order_by().first()


def compare(exam: Exam, questions: Iterable[int]) -> None:
    """Find what is near-identical to these questions (ids), by their versions in force, and keep note of it, so that
    no form gets both."""
    wanted = set(questions)
    with transaction.atomic():
        hold(exam.pk)
        found = _near(exam, wanted)
        was = list(NearDuplicate.objects.filter(Q(first__in=wanted) | Q(second__in=wanted)).order_by())
        if was:
            NearDuplicate.objects.filter(pk__in=[row.pk for row in was]).delete()
        NearDuplicate.objects.bulk_create(
            NearDuplicate(first_id=one, second_id=other, language=language, percent=share)
            for (one, other, language), share in found.items()
        )
        if was or found:
            _regroup(exam)
            pairs = [(row.first_id, row.second_id) for row in was] + [(one, other) for one, other, _language in found]
            forget(pk for pair in pairs for pk in pair)


def forget(ids: Iterable[int]) -> None:
    """The last checks of these questions (ids) no longer hold, as others have become, or are no more, near-identical to
    them."""
    KeptCheck.objects.filter(question__in=set(ids)).delete()


def _near(exam: Exam, wanted: set[int]) -> dict[tuple[int, int, str], int]:
    """Pairs with one of these questions (ids) in each language, and how alike they are in percent."""
    known = sketches_of(exam.pk)
    found: dict[tuple[int, int, str], int] = {}
    for language in exam.languages:
        here = {id_: of[language] for id_, (_version, of) in known.items() if language in of}
        likely = list(duplicates.candidates(here, wanted & here.keys()))
        versions = {known[id_][0] for pair in likely for id_ in pair}
        texts = {
            version.question_id: duplicates.said(content_of_version(version), language)
            for version in QuestionVersion.objects.filter(pk__in=versions)
        }
        for one, other in likely:
            if (share := duplicates.percent(texts[one], texts[other])) is not None:
                found[one, other, language] = share
    return found


def _regroup(exam: Exam) -> None:
    pairs = NearDuplicate.objects.filter(first__exam=exam).values_list("first", "second")
    groups = duplicates.groups(pairs)
    for pk, group in exam.questions.exclude(near_group=None).values_list("pk", "near_group"):
        if groups.get(pk) != group:
            Question.objects.filter(pk=pk).update(near_group=groups.get(pk))
    for pk, group in groups.items():
        Question.objects.filter(pk=pk, near_group=None).update(near_group=group)

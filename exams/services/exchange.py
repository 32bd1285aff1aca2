"""Loading content packs into the bank, all or nothing, and writing them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from exams.domain.bank import checksum
from exams.domain.problems import Problem, Problems
from exams.domain.workflow import Action
from exams.formats import pack_files, packs
from exams.formats.packs import Pack, QuestionRow, WaiverRow
from exams.formats.pictures import stored_name
from exams.models import Case, Exam, Media, Question, User
from exams.queries.bank import bank_of, content_of
from exams.services import bank, checking
from exams.services.bank import Published
from exams.services.exchange_exam import drop_vanished, exam_row, put, store_exam

PICTURES = "questions"  # the folder of the storage


@dataclass(slots=True)
class Report:
    """What loading did: whether the exam's own rows were made or changed, and lists of question codes."""

    exam: Exam
    is_new: bool = False
    is_changed: bool = False
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)  # in the admin since the pack was loaded, or retired: left alone
    missing: list[str] = field(default_factory=list)  # no longer in the pack: left alone
    retired: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)  # of those added and changed, the ones that got a new version
    in_force_anew: list[int] = field(default_factory=list)  # ids: published, or no longer retired


@dataclass(frozen=True, slots=True)
class _Known:
    """A question of the bank before the load: its working copy's checksum tells whether somebody has edited it."""

    question: Question
    digest: str

    @property
    def is_edited(self) -> bool:
        return self.digest != self.question.loaded_checksum


def load_pack(
    files: Mapping[str, bytes],
    *,
    by: User | None,
    now: datetime,
    force: bool = False,
    retire_missing: bool = False,
) -> Report:
    """Bring the bank up to date with a pack (path: bytes). Loading the same pack again changes nothing.

    A question that was edited or retired since it was loaded, or made by hand, stays as it is unless ``force``; one
    that vanished from the pack is only named unless ``retire_missing``, and comes back when it is in the pack again.
    Raises Problems, and then nothing has changed.
    """
    pack = packs.read(files)
    with transaction.atomic():
        Exam.objects.select_for_update().filter(code=pack.exam.code).first()  # two loads of an exam take turns
        questions = bank_of(pack.exam.code).select_for_update(of=("self",))
        known = {question.code: _Known(question, checksum(content_of(question))) for question in questions}
        stored = store_exam(pack.exam)
        report = Report(stored.exam, stored.is_new, stored.is_changed)
        _store_media(pack.media, stored.exam)
        _store_cases(pack, stored.exam, known, force=force)
        found: list[Problem] = []
        for row in pack.questions:
            try:
                _load(row, report, known.get(row.code), by=by, now=now, force=force)
            except Problems as refused:
                found += refused.problems
        if found:
            raise Problems(found)
        wanted = {row.code for row in pack.questions}
        for code, old in known.items():
            if code in wanted or not old.question.loaded_checksum or old.question.status == Question.Status.RETIRED:
                continue
            if retire_missing:
                bank.retire(old.question, by_pack=True)
                bank.note(old.question, Action.RETIRED, by=by, now=now)
            (report.retired if retire_missing else report.missing).append(code)
        if report.in_force_anew:
            checking.compare(stored.exam, report.in_force_anew)
        report.is_changed |= drop_vanished(pack.exam, stored.exam)
    return report


def dump_pack(exam: Exam, *, only: Collection[int] | None = None) -> dict[str, bytes]:
    """The exam with the working copies of its questions as the files of a pack; retired questions are left out.

    A working copy that differs from what is published is written as a draft, so that no pack publishes unfinished work.
    ``only`` names the ids of those to write, retired ones too; then pictures that none of them shows are left out.
    Raises Problems (``picture_lost``) for a picture that is gone from the storage.
    """
    rows = []
    questions = bank_of(exam.code)
    questions = questions.exclude(status=Question.Status.RETIRED) if only is None else questions.filter(pk__in=only)
    for question in questions:
        content = content_of(question)
        waivers = tuple(WaiverRow(row.code, row.where, row.text, row.reason) for row in question.waivers.all())
        rows.append(QuestionRow(question.code, content, _is_in_force(question, checksum(content)), waivers=waivers))
    shown = None if only is None else {path for row in rows for path in row.content.media}
    return pack_files.write(Pack(exam_row(exam), tuple(rows), _stored_media(exam, shown)))


def _load(row: QuestionRow, report: Report, old: _Known | None, *, by: User | None, now: datetime, force: bool) -> None:
    wanted = checksum(row.content)
    question = old.question if old else Question(exam=report.exam, code=row.code)
    says_so = old is not None and old.digest == wanted
    is_retired = question.status == Question.Status.RETIRED
    is_kept_out = is_retired and not question.retired_by_pack
    if not force and ((is_kept_out and (row.is_published or not says_so)) or (old and old.is_edited and not says_so)):
        report.edited.append(row.code)
        return
    if not says_so:
        bank.write(question, row.content, now=now, by=by)
    if question.loaded_checksum != wanted:
        Question.objects.filter(pk=question.pk).update(loaded_checksum=wanted)
    is_back = is_retired and question.retired_by_pack and question.current_version is None  # a draft again
    if is_back:
        Question.objects.filter(pk=question.pk).update(status=Question.Status.DRAFT, retired_by_pack=False)
    is_lagging = row.is_published and (is_retired or not _has_version(question, wanted))
    if is_lagging:
        published = _publish(question, row.where, by=by, now=now)
        if published.is_new:
            report.published.append(row.code)
        if published.is_new or published.is_back:
            report.in_force_anew.append(question.pk)
    is_changed = checking.put_waivers(question, row.waivers, now=now) or is_lagging or is_back or not says_so
    outcome = report.added if old is None else report.changed if is_changed else report.unchanged
    outcome.append(row.code)


def _publish(question: Question, where: str, *, by: User | None, now: datetime) -> Published:
    """A text may not come out as meant, or a case edited here lack what the pack's own had: say of which question."""
    try:
        return bank.publish(question, by=by, now=now, compare=False)
    except Problems as refused:
        raise Problems(
            [Problem(problem.code, f"{where}: {problem.where}", problem.params) for problem in refused.problems]
        ) from None


def _has_version(question: Question, digest: str) -> bool:
    return question.current_version is not None and question.current_version.checksum == digest


def _is_in_force(question: Question, digest: str) -> bool:
    return question.status == Question.Status.PUBLISHED and _has_version(question, digest)


def _store_cases(pack: Pack, exam: Exam, known: Mapping[str, _Known], *, force: bool) -> None:
    """The shared texts. One that was edited here stays: all its questions then differ from what was loaded."""
    stored = {case.code: case for case in exam.cases.all()}
    for case in {row.content.case.id: row.content.case for row in pack.questions if row.content.case}.values():
        row = stored.get(case.id) or Case(exam=exam, code=case.id)
        users = [old for old in known.values() if row.pk is not None and old.question.case_id == row.pk]
        if force or not users or not all(old.is_edited for old in users):
            put(row, text=dict(case.text))


def _store_media(media: Mapping[str, bytes], exam: Exam) -> None:
    stored = {row.path: row for row in exam.media.all()}
    for path, data in media.items():
        name = stored_name(data)
        if not default_storage.exists(f"{PICTURES}/{name}"):
            default_storage.save(f"{PICTURES}/{name}", ContentFile(data))
        put(stored.get(path) or Media(exam=exam, path=path), name=name)


def _stored_media(exam: Exam, paths: Collection[str] | None) -> dict[str, bytes]:
    media = {}
    for row in exam.media.all() if paths is None else exam.media.filter(path__in=paths):
        if not default_storage.exists(f"{PICTURES}/{row.name}"):
            raise Problems([Problem("picture_lost", row.path, {"path": row.path})])
        with default_storage.open(f"{PICTURES}/{row.name}") as file:
            media[row.path] = file.read()
    return media

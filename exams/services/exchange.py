"""Loading content packs into the bank, all or nothing, and writing them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from exams.domain.bank import checksum
from exams.domain.problems import Problem, Problems
from exams.formats import pack_files, packs
from exams.formats.packs import Pack, QuestionRow
from exams.formats.pictures import stored_name
from exams.models import Case, Domain, Exam, Media, Question, Size, Tag, Task, User
from exams.queries.bank import bank_of, content_of
from exams.services import bank

PICTURES = "questions"  # the folder of the storage


@dataclass(slots=True)
class Report:
    """What loading did, as lists of question codes."""

    exam: Exam
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)  # in the admin since the pack was loaded: left alone
    missing: list[str] = field(default_factory=list)  # no longer in the pack: left alone
    retired: list[str] = field(default_factory=list)


def load_pack(
    files: Mapping[str, bytes],
    *,
    by: User | None,
    now: datetime,
    force: bool = False,
    retire_missing: bool = False,
) -> Report:
    """Bring the bank up to date with a pack (path: bytes). Loading the same pack again changes nothing.

    A question that was edited since it was loaded keeps its edits unless ``force``; one that vanished from the pack is only
    named unless ``retire_missing``. Raises Problems, and then nothing has changed.
    """
    pack = packs.read(files)
    with transaction.atomic():
        known = {question.code: question for question in bank_of(pack.exam.code)}
        before = {code: checksum(content_of(question)) for code, question in known.items()}
        exam = _store_exam(pack)
        report = Report(exam)
        for row in pack.questions:
            _load(row, exam, known.get(row.code), before.get(row.code), report, by=by, now=now, force=force)
        wanted = {row.code for row in pack.questions}
        for code, question in known.items():
            if code in wanted or not question.loaded_checksum or question.status == Question.Status.RETIRED:
                continue
            if retire_missing:
                bank.retire(question)
            (report.retired if retire_missing else report.missing).append(code)
    return report


def dump_pack(exam: Exam) -> dict[str, bytes]:
    """The exam with the working copies of its questions as the files of a pack; retired questions are left out."""
    questions = bank_of(exam.code).exclude(status=Question.Status.RETIRED)
    media = {
        row.path: default_storage.open(f"{PICTURES}/{row.name}").read()
        for row in exam.media.all()
        if default_storage.exists(f"{PICTURES}/{row.name}")
    }
    rows = [
        QuestionRow(question.code, content_of(question), question.current_version_id is not None)
        for question in questions
    ]
    return pack_files.write(Pack(_exam_row(exam), tuple(rows), media))


def _load(
    row: QuestionRow,
    exam: Exam,
    question: Question | None,
    before: str | None,
    report: Report,
    *,
    by: User | None,
    now: datetime,
    force: bool,
) -> None:
    wanted = checksum(row.content)
    if question is None:
        question = Question(exam=exam, code=row.code)
        outcome = report.added
    elif before == question.loaded_checksum == wanted and not (force and _lags(row, question, wanted)):
        (report.edited if _lags(row, question, wanted) else report.unchanged).append(row.code)
        return
    elif question.loaded_checksum not in (before, "") and before != wanted and not force:
        report.edited.append(row.code)
        return
    else:
        outcome = report.changed
    bank.write(question, row.content, now=now)
    Question.objects.filter(pk=question.pk).update(loaded_checksum=wanted)
    if row.is_published:
        bank.publish(question, by=by, now=now)
    outcome.append(row.code)


def _lags(row: QuestionRow, question: Question, wanted: str) -> bool:
    """Whether the pack wants published what is retired here, or another version of it."""
    current = question.current_version
    is_in_force = question.status == Question.Status.PUBLISHED and current is not None and current.checksum == wanted
    return row.is_published and not is_in_force


def _store_exam(pack: Pack) -> Exam:
    row = pack.exam
    minimum, mark, maximum = row.scale
    exam, _ = Exam.objects.update_or_create(
        code=row.code,
        defaults={
            "version": row.version,
            "title": dict(row.title),
            "languages": list(row.languages),
            "licence": row.licence,
            "source": dict(row.source),
            "is_current": row.is_current,
            "retired_on": row.retired_on,
            "scale_minimum": minimum,
            "scale_pass": mark,
            "scale_maximum": maximum,
            "rules": dict(row.rules),
        },
    )
    for size in row.sizes:
        Size.objects.update_or_create(
            exam=exam,
            code=size.code,
            defaults={
                "title": dict(size.title),
                "questions": size.questions,
                "scored": size.scored,
                "minutes": size.minutes,
                "cut": size.cut,
                "cut_assumed": size.cut_assumed,
            },
        )
    for order, domain in enumerate(row.domains):
        stored, _ = Domain.objects.update_or_create(
            exam=exam,
            code=domain.code,
            defaults={"title": dict(domain.title), "weight": domain.weight, "order": order},
        )
        for number, task in enumerate(domain.tasks):
            Task.objects.update_or_create(
                domain=stored, code=task.code, defaults={"statement": dict(task.statement), "order": number}
            )
    for tag in row.tags:
        Tag.objects.update_or_create(exam=exam, code=tag.code, defaults={"title": dict(tag.title)})
    _drop_vanished(pack, exam)
    _store_media(pack.media, exam)
    for content in (question.content for question in pack.questions):
        if content.case:
            Case.objects.update_or_create(exam=exam, code=content.case.id, defaults={"text": dict(content.case.text)})
    return exam


def _drop_vanished(pack: Pack, exam: Exam) -> None:
    """Sizes, domains and tasks that the pack no longer has; one that something rests on can't go."""
    row = pack.exam
    tasks = {(domain.code, task.code) for domain in row.domains for task in domain.tasks}
    vanished: list[tuple[str, Size | Domain | Task]] = [
        *(("sizes", size) for size in exam.sizes.exclude(code__in=[size.code for size in row.sizes])),
        *(("domains", domain) for domain in exam.domains.exclude(code__in=[domain.code for domain in row.domains])),
        *(
            ("domains.tasks", task)
            for task in Task.objects.filter(domain__exam=exam).select_related("domain")
            if (task.domain.code, task.code) not in tasks
        ),
    ]
    for where, gone in vanished:
        try:
            gone.delete()
        except ProtectedError:
            raise Problems([Problem("in_use", f"exam.yaml: {where}", {"id": gone.code})]) from None


def _store_media(media: Mapping[str, bytes], exam: Exam) -> None:
    for path, data in media.items():
        name = stored_name(data)
        if not default_storage.exists(f"{PICTURES}/{name}"):
            default_storage.save(f"{PICTURES}/{name}", ContentFile(data))
        Media.objects.update_or_create(exam=exam, path=path, defaults={"name": name})


def _exam_row(exam: Exam) -> packs.ExamRow:
    return packs.ExamRow(
        code=exam.code,
        version=exam.version,
        title=exam.title,
        languages=tuple(exam.languages),
        licence=exam.licence,
        source=exam.source,
        is_current=exam.is_current,
        retired_on=exam.retired_on,
        scale=(exam.scale_minimum, exam.scale_pass, exam.scale_maximum),
        sizes=tuple(
            packs.SizeRow(
                code=size.code,
                title=size.title,
                questions=size.questions,
                scored=size.scored,
                minutes=size.minutes,
                cut=size.cut,
                cut_assumed=size.cut_assumed,
            )
            for size in exam.sizes.all()
        ),
        domains=tuple(
            packs.DomainRow(
                domain.code,
                domain.title,
                domain.weight,
                tuple(packs.TaskRow(task.code, task.statement) for task in domain.tasks.all()),
            )
            for domain in exam.domains.prefetch_related("tasks")
        ),
        tags=tuple(packs.TagRow(tag.code, tag.title) for tag in exam.tags.all()),
        rules=exam.rules,
    )

"""The part of loading and dumping that concerns the exam itself: its row, sizes, domains, tasks and tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, ProtectedError

from exams.domain.checking import services_from_json
from exams.domain.problems import Problem, Problems
from exams.formats.pack_rows import DomainRow, ExamRow, SizeRow, TagRow, TaskRow
from exams.models import Domain, Exam, Size, Tag, Task


@dataclass(frozen=True, slots=True)
class Stored:
    """The exam's row, and whether storing made or changed anything."""

    exam: Exam
    is_new: bool
    is_changed: bool


def store_exam(row: ExamRow) -> Stored:
    """Bring the exam up to date with what its pack says; what the pack no longer has stays for ``drop_vanished``."""
    minimum, mark, maximum = row.scale
    exam = Exam.objects.filter(code=row.code).first() or Exam(code=row.code)
    is_new = exam.pk is None
    changes = [
        put(
            exam,
            version=row.version,
            title=dict(row.title),
            languages=list(row.languages),
            licence=row.licence,
            source=dict(row.source),
            is_current=row.is_current,
            retired_on=row.retired_on,
            has_calculator=row.has_calculator,
            scale_minimum=minimum,
            scale_pass=mark,
            scale_maximum=maximum,
            rules=dict(row.rules),
            services=[service.to_json() for service in row.services],
        )
    ]
    sizes = {size.code: size for size in exam.sizes.all()}
    for size in row.sizes:
        stored = sizes.get(size.code) or Size(exam=exam, code=size.code)
        changes.append(
            put(
                stored,
                title=dict(size.title),
                questions=size.questions,
                scored=size.scored,
                minutes=size.minutes,
                cut=size.cut,
                cut_assumed=size.cut_assumed,
            )
        )
    domains = {domain.code: domain for domain in exam.domains.all()}
    tasks = {(task.domain_id, task.code): task for task in Task.objects.filter(domain__exam=exam)}
    for order, domain in enumerate(row.domains):
        kept = domains.get(domain.code) or Domain(exam=exam, code=domain.code)
        changes.append(put(kept, title=dict(domain.title), weight=domain.weight, order=order))
        for number, task in enumerate(domain.tasks):
            kept_task = tasks.get((kept.pk, task.code)) or Task(domain=kept, code=task.code)
            changes.append(put(kept_task, statement=dict(task.statement), order=number))
    tags = {tag.code: tag for tag in exam.tags.all()}
    for tag in row.tags:
        changes.append(put(tags.get(tag.code) or Tag(exam=exam, code=tag.code), title=dict(tag.title)))
    return Stored(exam, is_new, any(changes))


def put(row: Model, **values: Any) -> bool:
    """Save the row where it is new or says anything else; whether it was."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if row.pk is None:
        row.save()
        return True
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def drop_vanished(row: ExamRow, exam: Exam) -> bool:
    """Delete sizes, domains, tasks and tags that the pack no longer has; whether there were any.

    Raises Problems (``in_use``) for one that something rests on. The questions must be in their new places by then.
    """
    kept = {(domain.code, task.code) for domain in row.domains for task in domain.tasks}
    tasks = Task.objects.filter(domain__exam=exam).select_related("domain")
    vanished: list[tuple[str, Size | Domain | Task | Tag]] = [
        *(("sizes", size) for size in exam.sizes.exclude(code__in=[size.code for size in row.sizes])),
        *(("domains.tasks", task) for task in tasks if (task.domain.code, task.code) not in kept),
        *(("domains", domain) for domain in exam.domains.exclude(code__in=[domain.code for domain in row.domains])),
        *(("tags", tag) for tag in exam.tags.exclude(code__in=[tag.code for tag in row.tags])),
    ]
    for where, gone in vanished:
        try:
            if isinstance(gone, Tag) and gone.questions.exists():  # deleting it would change them in silence
                raise Problems([Problem("in_use", f"exam.yaml: {where}", {"id": gone.code})])
            gone.delete()
        except ProtectedError:
            raise Problems([Problem("in_use", f"exam.yaml: {where}", {"id": gone.code})]) from None
    return bool(vanished)


def exam_row(exam: Exam) -> ExamRow:
    """The exam as its pack says it."""
    return ExamRow(
        code=exam.code,
        version=exam.version,
        title=exam.title,
        languages=tuple(exam.languages),
        licence=exam.licence,
        source=exam.source,
        is_current=exam.is_current,
        retired_on=exam.retired_on,
        has_calculator=exam.has_calculator,
        scale=(exam.scale_minimum, exam.scale_pass, exam.scale_maximum),
        sizes=tuple(
            SizeRow(
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
            DomainRow(
                domain.code,
                domain.title,
                domain.weight,
                tuple(TaskRow(task.code, task.statement) for task in domain.tasks.all()),
            )
            for domain in exam.domains.prefetch_related("tasks")
        ),
        tags=tuple(TagRow(tag.code, tag.title) for tag in exam.tags.all()),
        rules=exam.rules,
        services=services_from_json(exam.services),
    )

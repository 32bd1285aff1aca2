"""Publishing and retiring questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from exams.domain.bank import CHOICE_KINDS, Kind, QuestionContent, checksum, from_json, to_json
from exams.domain.differences import differences
from exams.domain.problems import Problems
from exams.domain.publishing import texts
from exams.domain.responses import answer_key, option_ids
from exams.domain.workflow import Action, status_after_edit
from exams.models import Option, Question, QuestionEvent, QuestionVersion, Reference, User
from exams.queries.bank import content_of, publishing_problems, question_html, review_html
from exams.rendering import RENDERER_VERSION
from exams.services import checking


@dataclass(frozen=True, slots=True)
class Published:
    """The version in force, whether this call made it (an unchanged question keeps the one it has), and whether the
    question was retired until now."""

    version: QuestionVersion
    is_new: bool
    is_back: bool


def publish(question: Question, *, by: User | None, now: datetime, compare: bool = True) -> Published:
    """Freeze the working copy as the next version, which new attempts get; attempts that exist keep theirs.

    Whoever publishes many may ``compare`` them with the bank afterwards, at once (services.checking).

    Raises Problems with everything that keeps it from being published; then nothing is changed.
    """
    with transaction.atomic():
        checking.hold(question.exam_id)
        question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        content = content_of(question)
        if found := publishing_problems(question, content):
            raise Problems(found)
        digest = checksum(content)
        version, is_new = question.current_version, False
        if version is None or version.checksum != digest:
            is_new = True
            version = QuestionVersion.objects.create(
                question=question,
                number=question.versions.count() + 1,
                content=to_json(content),
                checksum=digest,
                kind=content.kind.value,
                domain=question.domain,
                task=question.task,
                case_code=content.case.id if content.case else "",
                answer_key=answer_key(content).to_json(),
                option_ids=list(option_ids(content)),
                shuffle=content.shuffle,
                sketches=checking.sketches(content, question.exam.languages),
                question_html={language: question_html(content, language) for language in question.exam.languages},
                review_html={language: review_html(content, language) for language in question.exam.languages},
                renderer_version=RENDERER_VERSION,
                published_at=now,
                published_by=by,
            )
        Question.objects.filter(pk=question.pk).update(
            status=Question.Status.PUBLISHED, retired_by_pack=False, current_version=version, checksum=digest
        )
        if is_new or question.status != Question.Status.PUBLISHED:
            note(question, Action.PUBLISHED, by=by, now=now, version=version.number)
        if compare:
            checking.compare(question.exam, [question.pk])
    return Published(version, is_new, is_back=question.status == Question.Status.RETIRED)


def note(
    question: Question,
    action: Action,
    *,
    by: User | None,
    now: datetime,
    version: int | None = None,
    places: Sequence[str] = (),
) -> None:
    """Add a row to the question's history."""
    QuestionEvent.objects.create(
        question=question, action=action.value, actor=by, at=now, version=version, places=list(places)
    )


def write(question: Question, content: QuestionContent, *, now: datetime, by: User | None = None) -> None:
    """Make the working copy say ``content`` (domain, task, tags and case must exist in its exam). Options keep their
    rows by id. Its state follows as after any edit, and its history says who wrote it."""
    exam = question.exam
    with transaction.atomic():
        before = content_of(question) if question.pk else None
        question.kind = content.kind.value
        question.domain = exam.domains.get(code=content.domain)
        question.task = question.domain.tasks.filter(code=content.task).first()
        question.case = exam.cases.get(code=content.case.id) if content.case else None
        question.stem, question.objective = dict(content.stem), dict(content.objective)
        question.difficulty, question.shuffle = content.difficulty.value, content.shuffle
        question.as_of, question.source, question.licence = content.as_of, dict(content.source), content.licence
        question.revised_at = {**question.revised_at, **revised(before, content, now)}
        question.checksum = checksum(content)
        question.status = _status_after_edit(question)
        question.save()
        _write_options(question, content)
        question.references.all().delete()
        Reference.objects.bulk_create(
            Reference(question=question, title=dict(reference.title), url=reference.url, order=order)
            for order, reference in enumerate(content.references)
        )
        question.tags.set(exam.tags.filter(code__in=content.tags))
        _note_edit(question, before, content, by=by, now=now)


def _status_after_edit(question: Question) -> str:
    version = question.current_version
    is_as_published = version is not None and version.checksum == question.checksum
    return status_after_edit(question.status, is_as_published=is_as_published)


def _note_edit(
    question: Question, before: QuestionContent | None, after: QuestionContent, *, by: User | None, now: datetime
) -> None:
    if before is None:
        note(question, Action.CREATED, by=by, now=now)
    elif places := [difference.where for difference in differences(before, after)]:
        note(question, Action.EDITED, by=by, now=now, places=places)


def revised(before: QuestionContent | None, after: QuestionContent, now: datetime) -> dict[str, str]:
    """The languages in which any text differs, each with the instant (ISO) of the change."""
    was = dict(texts(before)) if before else {}
    languages = {
        language
        for where, text in texts(after)
        for language in {*text, *was.get(where, {})}
        if text.get(language, "") != was.get(where, {}).get(language, "")
    }
    return {language: now.isoformat() for language in sorted(languages)}


def drop_unused(question: Question) -> None:
    """Take from the options what the question's kind has no use for: targets of a matching, keys of a choice."""
    if question.kind != Kind.MATCHING:
        question.options.exclude(target="").update(target="")
    if question.kind not in CHOICE_KINDS:
        question.options.filter(is_key=True).update(is_key=False)


def note_revised(question: Question, before: QuestionContent | None, *, now: datetime, by: User | None = None) -> None:
    """After an edit, given what the working copy said ``before``: keep which languages changed and when, its checksum,
    the state that follows, and who it was."""
    question = Question.objects.select_related("current_version").get(pk=question.pk)
    content = content_of(question)
    question.checksum = checksum(content)
    Question.objects.filter(pk=question.pk).update(
        checksum=question.checksum,
        revised_at={**question.revised_at, **revised(before, content, now)},
        status=_status_after_edit(question),
    )
    _note_edit(question, before, content, by=by, now=now)


def _write_options(question: Question, content: QuestionContent) -> None:
    rows = [
        {
            "code": option.id,
            "text": dict(option.text),
            "rationale": dict(option.rationale),
            "is_key": option.is_key,
            "target": option.target,
        }
        for option in content.options
    ] + [
        {"code": target.id, "text": dict(target.text), "rationale": {}, "is_key": False, "target": ""}
        for target in content.targets
    ]
    question.options.exclude(code__in=[row["code"] for row in rows]).delete()
    for order, row in enumerate(rows):
        Option.objects.update_or_create(question=question, code=row.pop("code"), defaults={**row, "order": order})


def retire(question: Question, *, by_pack: bool = False) -> None:
    """Give the question to no new attempt; attempts that have it, keep it. Publishing brings it back, and the pack may
    bring back what it retired (``by_pack``) as long as nobody has retired it on purpose."""
    Question.objects.filter(pk=question.pk).update(status=Question.Status.RETIRED, retired_by_pack=by_pack)
    if question.near_group:
        checking.forget(Question.objects.filter(near_group=question.near_group).values_list("pk", flat=True))


def rebuild_html(version: QuestionVersion) -> None:
    """Render a version again, under the renderer of today; its content stays."""
    content = from_json(version.content)
    QuestionVersion.objects.filter(pk=version.pk).update(
        question_html={language: question_html(content, language) for language in version.question_html},
        review_html={language: review_html(content, language) for language in version.question_html},
        renderer_version=RENDERER_VERSION,
    )

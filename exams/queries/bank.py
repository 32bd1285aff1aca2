"""Reading the question bank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from exams.domain.bank import (
    Case,
    Difficulty,
    Kind,
    Option,
    QuestionContent,
    Reference,
    Target,
    from_json,
    parts,
)
from exams.domain.problems import Problem
from exams.domain.publishing import PublishingRules, illustrated, pictures_named, problems, texts
from exams.models import Exam, Question, QuestionVersion
from exams.models.texts import in_language
from exams.rendering import RENDERER_VERSION, plain_text, render_block, render_inline, text_problems


def bank_of(exam_code: str) -> QuerySet[Question]:
    """All questions of an exam with their waivers and all that ``content_of`` reads, in eight queries in all."""
    return with_content(Question.objects.filter(exam__code=exam_code)).order_by("domain__order", "pk")


def with_content(questions: QuerySet[Question]) -> QuerySet[Question]:
    """The same questions with their waivers and all that ``content_of`` reads."""
    return questions.select_related("exam", "domain", "task", "case", "current_version").prefetch_related(
        "options", "references", "tags", "waivers", "exam__media"
    )


def content_of(question: Question) -> QuestionContent:
    """The working copy as content. In a matching, rows that match nothing are targets. Reads five tables."""
    kind = Kind(question.kind)
    rows = list(question.options.all())
    is_target = {row.pk: kind is Kind.MATCHING and not row.target for row in rows}
    content = QuestionContent(
        kind=kind,
        domain=question.domain.code,
        task=question.task.code if question.task else "",
        stem=question.stem,
        options=tuple(
            Option(id=row.code, text=row.text, rationale=row.rationale, is_key=row.is_key, target=row.target)
            for row in rows
            if not is_target[row.pk]
        ),
        targets=tuple(Target(id=row.code, text=row.text) for row in rows if is_target[row.pk]),
        case=Case(id=question.case.code, text=question.case.text) if question.case else None,
        objective=question.objective,
        references=tuple(Reference(title=row.title, url=row.url) for row in question.references.all()),
        tags=tuple(sorted(tag.code for tag in question.tags.all())),
        difficulty=Difficulty(question.difficulty),
        shuffle=question.shuffle,
        as_of=question.as_of,
        source=question.source,
        licence=question.licence,
    )
    return with_media(content, question.exam)


def with_media(content: QuestionContent, exam: Exam) -> QuestionContent:
    """The content with the pictures of the exam that its texts name. One query, where they show any."""
    written = illustrated(content)
    if not written:
        return content
    return replace(content, media=pictures_named(written, {row.path: row.name for row in exam.media.all()}))


def publishing_rules(exam: Exam) -> PublishingRules:
    """The rules that questions of this exam must keep."""
    return PublishingRules.from_json(exam.rules, exam.languages)


def publishing_problems(question: Question, content: QuestionContent) -> list[Problem]:
    """What keeps the working copy from being published; empty when nothing does."""
    return [*problems(content, publishing_rules(question.exam)), *text_faults(content, question.exam)]


def text_faults(content: QuestionContent, exam: Exam) -> list[Problem]:
    """What in the texts would not come out as meant. One query, for the exam's pictures, where they show any."""
    written = [*texts(content), ("source", content.source)]
    is_illustrated = any("![" in words for _where, text in written for words in text.values())
    pictures = {row.path for row in exam.media.all()} if is_illustrated else set()
    return [
        Problem(problem.code, f"{where}.{language}", problem.params)
        for where, text in written
        for language, words in text.items()
        for problem in text_problems(words, pictures=pictures)
    ]


def content_of_version(version: QuestionVersion) -> QuestionContent:
    """What a version froze."""
    return from_json(version.content)


def outdated_versions() -> QuerySet[QuestionVersion]:
    """Versions whose HTML another renderer made than today's."""
    return QuestionVersion.objects.exclude(renderer_version=RENDERER_VERSION)


def stem_start(question: Question) -> str:
    """The first words of the stem, in the reader's language."""
    return Truncator(plain_text(in_language(question.stem))).chars(80)


def state(question: Question) -> str:
    """In which state a question is, with the version in force."""
    version = question.current_version
    label = question.get_status_display()
    if version is None or question.status == Question.Status.RETIRED:
        return label
    if version.checksum != question.checksum:
        text = gettext("%(state)s of version %(next)s; version %(number)s in force")
        return text % {"state": label, "next": version.number + 1, "number": version.number}
    if question.status == Question.Status.IN_REVIEW:
        return label
    return gettext("published, version %(number)s") % {"number": version.number}


@dataclass(frozen=True, slots=True)
class Side:
    """A question with all its keys and rationales in one language, as an author sees it."""

    language: str
    case: str
    stem: str
    options: tuple[tuple[Option, str, str], ...]  # the option, its text and its rationale as HTML
    targets: tuple[tuple[Target, str], ...]
    objective: str
    references: tuple[tuple[str, str], ...]

    @property
    def letters(self) -> dict[str, str]:
        """What instructors and authors call each option and target, by id: see ``letters_of``."""
        return _letters([row.id for row, _text, _why in self.options], [row.id for row, _text in self.targets])


def letters_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What instructors and authors call the options of a version's content, by id: A, B … in the order in which they
    were written, the same for everybody, however they were shown; targets of a matching in small letters."""
    return _letters(*([row["id"] for row in content[part]] for part in ("options", "targets")))


def _letters(options: Iterable[str], targets: Iterable[str]) -> dict[str, str]:
    return {
        name: chr(ord(first) + place)
        for first, names in (("A", options), ("a", targets))
        for place, name in enumerate(names)
    }


def preview(content: QuestionContent, exam: Exam) -> list[Side]:
    """The content in each language of the exam, rendered as candidates get it; in the order of the form's columns."""
    columns = [code for code, _name in settings.LANGUAGES if code in exam.languages]
    return [_side(content, language) for language in dict.fromkeys([*columns, *exam.languages])]


def _side(content: QuestionContent, language: str) -> Side:
    question, review = question_html(content, language), review_html(content, language)
    return Side(
        language=language,
        case=question["case"],
        stem=question["stem"],
        options=tuple((row, question["options"][row.id], review["rationales"][row.id]) for row in content.options),
        targets=tuple((row, question["options"][row.id]) for row in content.targets),
        objective=review["objective"],
        references=tuple((ref.title.get(language, ""), ref.url) for ref in content.references),
    )


def question_html(content: QuestionContent, language: str) -> dict[str, Any]:
    """What a candidate may see during an attempt: case, stem, options and targets by id, as clean HTML."""
    media = _media_urls(content)
    return {
        "case": render_block(content.case.text.get(language, ""), lang=language, media=media) if content.case else "",
        "stem": render_block(content.stem.get(language, ""), lang=language, media=media),
        "options": {
            part.id: render_inline(part.text.get(language, ""), lang=language, media=media) for part in parts(content)
        },
    }


Html = Mapping[str, Mapping[str, Any]]  # what question_html makes, by language
Made = tuple[int, str, int]  # a version: its id and checksum, and the renderer; together they say all of its HTML
_shown: dict[Made, Html] = {}
_MOST_SHOWN = 5_000  # of a few kB each


def question_htmls(versions: Iterable[Made]) -> dict[Made, Html]:
    """The kept HTML of versions. It never changes, so this process keeps what it has read; one query for the rest.

    Shared by all who ask: not to be changed.
    """
    wanted = set(versions)
    found = {made: html for made in wanted if (html := _shown.get(made)) is not None}
    if missing := wanted - found.keys():
        rows = QuestionVersion.objects.filter(pk__in=[pk for pk, _checksum, _renderer in missing]).order_by()
        read = {
            (pk, checksum, renderer): html
            for pk, checksum, renderer, html in rows.values_list("pk", "checksum", "renderer_version", "question_html")
        }
        if len(_shown) + len(read) > _MOST_SHOWN:
            _shown.clear()
        _shown.update(read)
        found |= read
    return found


def review_html(content: QuestionContent, language: str) -> dict[str, Any]:
    """What a candidate sees after the end: rationales by option id, and the objective."""
    media = _media_urls(content)
    return {
        "rationales": {
            option.id: render_block(option.rationale.get(language, ""), lang=language, media=media)
            for option in content.options
        },
        "objective": render_inline(content.objective.get(language, ""), lang=language, media=media),
    }


def _media_urls(content: QuestionContent) -> dict[str, str]:
    return {path: reverse("media", args=[name]) for path, name in content.media.items()}

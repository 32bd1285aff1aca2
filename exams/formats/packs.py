"""Content packs: a folder of YAML files and pictures to an exam with its questions. docs/packs.md is the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from exams.domain.checking import Service
from exams.domain.problems import Problem, Problems
from exams.domain.publishing import PublishingRules
from exams.formats.nodes import Map, Reader, twice
from exams.formats.pack_questions import code_of, read_questions
from exams.formats.pack_rows import DomainRow, ExamRow, Pack, QuestionRow, SizeRow, TagRow, TaskRow, WaiverRow
from exams.formats.pictures import picture_problem, stored_name

__all__ = [
    "DomainRow",
    "ExamRow",
    "Pack",
    "QuestionRow",
    "SizeRow",
    "TagRow",
    "TaskRow",
    "WaiverRow",
    "code_in",
    "is_picture_path",
    "read",
]

LARGEST_SCORE = 2_147_483_647  # what a whole number holds in a database
_QUESTIONS = re.compile(r"questions/[^/\\]+\.yaml")
# No dots but the last, so that no path is the beginning of another; no "..", so that none leads outside.
_MEDIA = re.compile(r"media/(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.(?:svg|png|jpg|jpeg|webp)")
_LONGEST_PATH = 200


def is_picture_path(path: str) -> bool:
    """Whether a pack may have a picture at this path."""
    return len(path) <= _LONGEST_PATH and _MEDIA.fullmatch(path) is not None


def read(files: Mapping[str, bytes]) -> Pack:
    """The pack in ``files`` (path relative to the pack's folder: bytes).

    Raises Problems with everything that is wrong, publishing rules included: what is returned can be loaded whole.
    Their ``where`` is ``file:line: question: field``, as far as each is known.
    """
    reader = Reader()
    if "exam.yaml" not in files:
        raise Problems([Problem("file_missing", "exam.yaml")])
    for path in sorted(files):
        if path.startswith("media/"):
            if not is_picture_path(path):
                reader.refuse("picture_name", path)
        elif path != "exam.yaml" and not _QUESTIONS.fullmatch(path):
            reader.refuse("file_unknown", path)
    media = {path: data for path, data in sorted(files.items()) if path.startswith("media/")}
    reader.problems += [problem for path, data in media.items() if (problem := picture_problem(path, data))]
    root = reader.document("exam.yaml", files["exam.yaml"])
    exam = _exam(Map(reader, root, "exam.yaml")) if root is not None else None
    if exam is None or reader.problems:  # questions are judged by the exam, so its own faults come first
        raise Problems(reader.problems)
    questions = read_questions(reader, exam, files, {path: stored_name(data) for path, data in media.items()})
    if reader.problems:
        raise Problems(reader.problems)
    return Pack(exam, tuple(questions), media)


def code_in(data: bytes) -> str:
    """The exam's code that an exam.yaml states, "" where it states none."""
    reader = Reader()
    root = reader.document("exam.yaml", data)
    return Map(reader, root, "exam.yaml").text("code", "") if root is not None else ""


def _exam(top: Map) -> ExamRow:
    status, scale = top.map("status"), top.map("scale")
    languages = tuple(top.strings("languages"))
    exam = ExamRow(
        code=code_of(top, "code", longest=40),
        version=top.text("version", "", longest=20),
        title=top.words("title", languages=languages),
        languages=languages,
        licence=top.text("licence", "", longest=80),
        source=top.words("source"),
        is_current=status.flag("current", True) if status else True,
        retired_on=status.day("retired_on") if status else None,
        has_calculator=top.flag("calculator", False),
        scale=_scale(scale) if scale else (0, 0, 0),
        sizes=tuple(_size(row, languages) for row in top.maps("sizes")),
        domains=tuple(_domain(row, languages) for row in top.maps("domains")),
        tags=tuple(_tag(row, languages) for row in top.maps("tags", optional=True)),
        rules=top.data("rules"),
        services=tuple(_service(row) for row in top.maps("services", optional=True)),
    )
    if status:
        status.close()
    top.close()
    if (not languages or twice(languages)) and not top.reader.problems:
        top.problem("languages_needed", "languages", line=top.line_of("languages"))
    total = sum(domain.weight for domain in exam.domains)
    if total != 100 and not top.reader.problems:  # else the weight that has a fault may be the one
        top.problem("weights_not_100", "domains", line=top.line_of("domains"), total=total)
    for name, rows in (("sizes", exam.sizes), ("domains", exam.domains), ("tags", exam.tags)):
        for code in twice(row.code for row in rows):
            top.problem("code_twice", name, line=top.line_of(name), id=code)
    try:
        PublishingRules.from_json(exam.rules, languages)
    except Problems as refused:
        for problem in refused.problems:
            top.pass_on(problem)
    return exam


def _service(row: Map) -> Service:
    service = Service(name=row.text("name"), since=row.day("since") or date.min, now=row.text("now", ""))
    if service.since == date.min and not row.reader.problems:
        row.problem("field_missing", "since")
    row.close()
    return service


def _scale(row: Map) -> tuple[int, int, int]:
    before = len(row.reader.problems)
    minimum, mark, maximum = (row.whole(name, high=LARGEST_SCORE) for name in ("minimum", "pass", "maximum"))
    row.close()
    if not minimum < mark < maximum and len(row.reader.problems) == before:
        row.problem("scale_not_ascending")
    return minimum, mark, maximum


def _size(row: Map, languages: tuple[str, ...]) -> SizeRow:
    before = len(row.reader.problems)
    size = SizeRow(
        code=code_of(row, "code", longest=20),
        title=row.words("title", languages=languages),
        questions=row.whole("questions"),
        scored=row.whole("scored"),
        minutes=row.whole("minutes"),
        cut=row.whole("cut"),
        cut_assumed=row.flag("cut_assumed", True),
    )
    fits = 1 <= size.cut <= size.scored <= size.questions and size.minutes >= 1
    if not fits and len(row.reader.problems) == before:
        row.problem("size_figures")
    row.close()
    return size


def _domain(row: Map, languages: tuple[str, ...]) -> DomainRow:
    before = len(row.reader.problems)
    domain = DomainRow(
        code_of(row, "code"),
        row.words("title", languages=languages),
        row.whole("weight"),
        tuple(_task(task, languages) for task in row.maps("tasks")),
    )
    for code in twice(task.code for task in domain.tasks):
        row.problem("code_twice", "tasks", line=row.line_of("tasks"), id=code)
    if not 1 <= domain.weight <= 100 and len(row.reader.problems) == before:
        row.problem("weight_range", "weight", line=row.line_of("weight"))
    row.close()
    return domain


def _task(row: Map, languages: tuple[str, ...]) -> TaskRow:
    task = TaskRow(row.text("code", longest=20), row.words("statement", languages=languages))
    row.close()
    return task


def _tag(row: Map, languages: tuple[str, ...]) -> TagRow:
    tag = TagRow(code_of(row, "code"), row.words("title", languages=languages))
    row.close()
    return tag

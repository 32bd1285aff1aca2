"""Content packs: a folder of YAML files and pictures to an exam with its questions, and back. docs/packs.md is the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from exams.domain.bank import Case, Difficulty, Kind, Option, QuestionContent, Reference, Target
from exams.domain.problems import Problem, Problems
from exams.domain.publishing import PublishingRules, problems
from exams.formats.nodes import Map, Reader
from exams.formats.pictures import stored_name

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)")
_FOLDERS = ("questions/", "media/")


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRow:
    """A size of the exam, as domain.blueprints.Size but with its title."""

    code: str
    title: Mapping[str, str]
    questions: int
    scored: int
    minutes: int
    cut: int
    cut_assumed: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task statement."""

    code: str
    statement: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain with its tasks; ``weight`` in percent."""

    code: str
    title: Mapping[str, str]
    weight: int
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag."""

    code: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamRow:
    """What exam.yaml says."""

    code: str
    version: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    licence: str
    source: Mapping[str, str]
    is_current: bool
    retired_on: date | None
    scale: tuple[int, int, int]
    sizes: tuple[SizeRow, ...]
    domains: tuple[DomainRow, ...]
    tags: tuple[TagRow, ...]
    rules: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question and whether the pack wants it published; ``where`` (file:line: id) is for messages."""

    code: str
    content: QuestionContent
    is_published: bool
    where: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack. ``media`` maps the path that texts name to the bytes of the picture."""

    exam: ExamRow
    questions: tuple[QuestionRow, ...]
    media: Mapping[str, bytes]


def read(files: Mapping[str, bytes]) -> Pack:
    """The pack in ``files`` (path relative to the pack's folder: bytes).

    Raises Problems with everything that is wrong, publishing rules included, so that what is returned can be loaded whole.
    """
    reader = Reader()
    if "exam.yaml" not in files:
        raise Problems([Problem("file_missing", "exam.yaml")])
    for path in sorted(files):
        known = (
            path == "exam.yaml"
            or (path.startswith(_FOLDERS[0]) and path.endswith(".yaml"))
            or path.startswith(_FOLDERS[1])
        )
        if not known:
            reader.problems.append(Problem("file_unknown", path))
    exam = _exam(Map(reader, reader.document("exam.yaml", files["exam.yaml"]), "exam.yaml"))
    media = {path: data for path, data in files.items() if path.startswith("media/")}
    names = {}
    for path, data in sorted(media.items()):
        name = stored_name(data)
        if name is None:
            reader.problems.append(Problem("picture_refused", path))
        else:
            names[path] = name
    if reader.problems:  # questions are judged by the exam, so its own faults come first
        raise Problems(reader.problems)
    questions = _questions(reader, exam, files, names)
    if reader.problems:
        raise Problems(reader.problems)
    return Pack(exam, tuple(questions), media)


# ── exam.yaml


def _exam(top: Map) -> ExamRow:
    status, scale = top.map("status"), top.map("scale")
    exam = ExamRow(
        code=_code(top, "code"),
        version=top.text("version", ""),
        title=top.words("title"),
        languages=tuple(top.strings("languages")),
        licence=top.text("licence", ""),
        source=top.words("source"),
        is_current=status.flag("current", True) if status else True,
        retired_on=status.day("retired_on") if status else None,
        scale=(scale.whole("minimum"), scale.whole("pass"), scale.whole("maximum")) if scale else (0, 1, 2),
        sizes=tuple(_size(row) for row in top.maps("sizes")),
        domains=tuple(_domain(row) for row in top.maps("domains")),
        tags=tuple(_tag(row) for row in top.maps("tags", optional=True)),
        rules=top.data("rules"),
    )
    for inner in (status, scale, top):
        if inner:
            inner.close()
    if not exam.scale[0] < exam.scale[1] < exam.scale[2]:
        top.problem("scale_not_ascending", "scale")
    if exam.domains and sum(domain.weight for domain in exam.domains) != 100:
        top.problem("weights_not_100", "domains", total=sum(domain.weight for domain in exam.domains))
    for name, rows in (("sizes", exam.sizes), ("domains", exam.domains), ("tags", exam.tags)):
        for code in _twice(row.code for row in rows):
            top.problem("code_twice", name, id=code)
    try:
        PublishingRules.from_json(exam.rules, exam.languages)
    except Problems as refused:
        for problem in refused.problems:
            top.problem(problem.code, problem.where, **problem.params)
    return exam


def _size(row: Map) -> SizeRow:
    size = SizeRow(
        code=_code(row, "code"),
        title=row.words("title"),
        questions=row.whole("questions"),
        scored=row.whole("scored"),
        minutes=row.whole("minutes"),
        cut=row.whole("cut"),
        cut_assumed=row.flag("cut_assumed", True),
    )
    if not (1 <= size.cut <= size.scored <= size.questions and size.minutes >= 1):
        row.problem("size_figures")
    row.close()
    return size


def _domain(row: Map) -> DomainRow:
    domain = DomainRow(
        _code(row, "code"), row.words("title"), row.whole("weight"), tuple(map(_task, row.maps("tasks")))
    )
    for code in _twice(task.code for task in domain.tasks):
        row.problem("code_twice", "tasks", id=code)
    if not 1 <= domain.weight <= 100:
        row.problem("weight_range", "weight")
    row.close()
    return domain


def _task(row: Map) -> TaskRow:
    task = TaskRow(row.text("code"), row.words("statement"))
    row.close()
    return task


def _tag(row: Map) -> TagRow:
    tag = TagRow(_code(row, "code"), row.words("title"))
    row.close()
    return tag


# ── questions/*.yaml


def _questions(
    reader: Reader, exam: ExamRow, files: Mapping[str, bytes], names: Mapping[str, str]
) -> list[QuestionRow]:
    rows = [
        row for path in sorted(files) if path.startswith("questions/") for row in _entries(reader, path, files[path])
    ]
    cases = {}
    for row in rows:
        if "case" in row and "id" not in row:
            case = Case(id=_code(row, "case"), text=row.words("text"))
            row.close()
            if case.id in cases:
                row.problem("code_twice", "case", id=case.id)
            cases[case.id] = case
    rules = PublishingRules.from_json(exam.rules, exam.languages)
    found: dict[str, QuestionRow] = {}
    for row in rows:
        if "id" not in row:
            continue
        question = _question(row, exam, cases, names)
        if question.code in found:
            row.problem("question_twice", "id", id=question.code)
        found[question.code] = question
        if question.is_published:
            for problem in problems(question.content, rules):
                row.problem(problem.code, problem.where, **problem.params)
    domains = {(row.content.case.id, row.content.domain) for row in found.values() if row.content.case}
    for code in _twice(case for case, _domain in domains):
        reader.problems.append(Problem("case_in_two_domains", code, {"id": code}))
    return list(found.values())


def _entries(reader: Reader, path: str, data: bytes) -> Iterable[Map]:
    root = reader.document(path, data)
    if root is None:
        return
    if not hasattr(root, "value") or root.id != "sequence":
        reader.problems.append(Problem("not_list", path))
        return
    for node in root.value:
        row = Map(reader, node, path)
        if "id" not in row and "case" not in row:
            row.problem("field_missing", "id")
        else:
            yield row


def _question(row: Map, exam: ExamRow, cases: Mapping[str, Case], names: Mapping[str, str]) -> QuestionRow:
    code = row.label = _code(row, "id")
    kind = _one_of(row, "kind", [kind.value for kind in Kind], None)
    domain = _one_of(row, "domain", [domain.code for domain in exam.domains], None)
    tasks = [task.code for known in exam.domains if known.code == domain for task in known.tasks]
    case = row.text("case", "")
    if case and case not in cases:
        row.problem("case_unknown", "case", id=case)
    tags = row.strings("tags", optional=True)
    for tag in tags:
        if tag not in {known.code for known in exam.tags}:
            row.problem("value_unknown", "tags", found=tag, known=", ".join(known.code for known in exam.tags))
    content = QuestionContent(
        kind=Kind(kind or "single"),
        domain=domain,
        task=_one_of(row, "task", tasks, None) if domain else row.text("task"),
        difficulty=Difficulty(_one_of(row, "difficulty", [value.value for value in Difficulty], "medium") or "medium"),
        tags=tuple(sorted(set(tags))),
        as_of=row.day("as_of"),
        stem=row.words("stem"),
        options=tuple(_option(option) for option in row.maps("options")),
        targets=tuple(_target(target) for target in row.maps("targets", optional=True)),
        case=cases.get(case),
        objective=row.words("objective"),
        references=tuple(_reference(reference) for reference in row.maps("references", optional=True)),
        shuffle=row.flag("shuffle", True),
        source=row.words("source") or exam.source,
        licence=row.text("licence", exam.licence),
    )
    is_published = _one_of(row, "status", ["published", "draft"], "published") == "published"
    row.close()
    used = _pictures(content)
    for path in sorted(used - names.keys()):
        row.problem("picture_missing", path, path=path)
    content = replace(content, media={path: names[path] for path in sorted(used & names.keys())})
    return QuestionRow(code, content, is_published, f"{row.path}:{row.line}: {code}")


def _option(row: Map) -> Option:
    option = Option(
        id=_code(row, "id"),
        text=row.words("text"),
        rationale=row.words("rationale"),
        is_key=row.flag("key", False),
        target=row.text("target", ""),
    )
    row.close()
    return option


def _target(row: Map) -> Target:
    target = Target(id=_code(row, "id"), text=row.words("text"))
    row.close()
    return target


def _reference(row: Map) -> Reference:
    reference = Reference(title=row.words("title"), url=row.text("url"))
    if not re.match(r"https?://[^\s]+$", reference.url):
        row.problem("url_invalid", "url", found=reference.url)
    row.close()
    return reference


def _code(row: Map, name: str) -> str:
    value = row.text(name)
    if value and not CODE.fullmatch(value):
        row.problem("code_invalid", name, found=value)
    return value


def _one_of(row: Map, name: str, known: list[str], default: str | None) -> str:
    value = row.text(name, default)
    if value and value not in known:
        row.problem("value_unknown", name, found=value, known=", ".join(known))
        return ""
    return value


def _pictures(content: QuestionContent) -> set[str]:
    texts = [content.stem, content.objective, *([content.case.text] if content.case else [])]
    for option in content.options:
        texts += [option.text, option.rationale]
    texts += [target.text for target in content.targets]
    return {path for text in texts for words in text.values() for path in _PICTURE.findall(words)}


def _twice(codes: Iterable[str]) -> list[str]:
    seen = list(codes)
    return sorted({code for code in seen if seen.count(code) > 1})

"""The questions and cases of a content pack, judged by its exam."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import unquote

import yaml

from exams.domain.bank import CHOICE_KINDS, Case, Difficulty, Kind, Option, QuestionContent, Reference, Target
from exams.domain.publishing import PublishingRules, illustrated, pictures_named, problems, texts
from exams.formats.nodes import Map, Reader, twice
from exams.formats.pack_rows import ExamRow, QuestionRow, WaiverRow

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_PICTURE = re.compile(r"!\[[^\]]*\]\(<?([^)>\s]+)")


def read_questions(
    reader: Reader, exam: ExamRow, files: Mapping[str, bytes], names: Mapping[str, str]
) -> list[QuestionRow]:
    """Every question of ``files``, in their order; ``names`` maps the pictures there are to their stored names."""
    rows = [
        row for path in sorted(files) if path.startswith("questions/") for row in _entries(reader, path, files[path])
    ]
    cases: dict[str, Case] = {}
    places: dict[str, Map] = {}
    for row in rows:
        if "id" in row:
            continue
        case = Case(id=code_of(row, "case"), text=row.words("text"))
        row.close()
        if case.id in cases:
            row.problem("code_twice", "case", id=case.id)
        cases[case.id], places[case.id] = case, row
    rules = PublishingRules.from_json(exam.rules, exam.languages)
    found: dict[str, QuestionRow] = {}
    for row in rows:
        if "id" not in row:
            continue
        before = len(reader.problems)
        question = _question(row, exam, cases, names)
        if question.code in found:
            row.problem("question_twice", "id", line=row.line_of("id"), id=question.code)
        found[question.code] = question
        if question.is_published and len(reader.problems) == before:  # what can't be read can't be judged
            for problem in problems(question.content, rules):
                if not problem.where.startswith("case."):  # said once, below
                    row.pass_on(problem)
    _judge_cases(cases, places, list(found.values()), exam)
    return list(found.values())


def code_of(row: Map, name: str, *, longest: int = 60) -> str:
    """An id: lower-case letters, digits, hyphens."""
    before = len(row.reader.problems)
    value = row.text(name, longest=longest)
    if len(row.reader.problems) == before and not CODE.fullmatch(value):
        row.problem("code_invalid", name, line=row.line_of(name), found=value)
    return value


def _texts(content: QuestionContent) -> list[tuple[str, Mapping[str, str]]]:
    return [(where, text) for where, text in texts(content) if not where.startswith("references.")]


def _judge_cases(cases: Mapping[str, Case], places: Mapping[str, Map], found: list[QuestionRow], exam: ExamRow) -> None:
    for code, case in cases.items():
        users = [row for row in found if row.content.case == case]
        if not users and not places[code].reader.problems:  # else the question that has a fault may be the one
            places[code].problem("case_unused", "case", id=code)
        if len({row.content.domain for row in users}) > 1:
            places[code].problem("case_in_two_domains", "case", id=code)
        for language in exam.languages:
            if language not in case.text and any(row.is_published for row in users):
                line = places[code].line_of("text")
                places[code].problem("text_missing", f"text.{language}", line=line, language=language)


def _entries(reader: Reader, path: str, data: bytes) -> Iterable[Map]:
    root = reader.document(path, data)
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        reader.refuse("not_list", path)
        return
    for node in root.value:
        row = Map(reader, node, path)
        if "id" in row or ("case" in row and "kind" not in row):
            yield row
        elif row.is_mapping:
            row.problem("field_missing", "id")


def _question(row: Map, exam: ExamRow, cases: Mapping[str, Case], names: Mapping[str, str]) -> QuestionRow:
    code = row.label = code_of(row, "id")
    kind = Kind(_one_of(row, "kind", [kind.value for kind in Kind], None) or Kind.SINGLE)
    domain = _one_of(row, "domain", [domain.code for domain in exam.domains], None)
    tasks = [task.code for known in exam.domains if known.code == domain for task in known.tasks]
    case = row.text("case", "")
    if case and case not in cases:
        row.problem("case_unknown", "case", line=row.line_of("case"), id=case)
    tags = row.strings("tags", optional=True)
    for tag in tags:
        if tag not in {known.code for known in exam.tags}:
            known_tags = ", ".join(known.code for known in exam.tags)
            row.problem("value_unknown", "tags", line=row.line_of("tags"), found=tag, known=known_tags)
    content = QuestionContent(
        kind=kind,
        domain=domain,
        task=_one_of(row, "task", tasks, "") if domain else row.text("task", ""),
        difficulty=Difficulty(_one_of(row, "difficulty", [value.value for value in Difficulty], "medium") or "medium"),
        tags=tuple(sorted(set(tags))),
        as_of=row.day("as_of"),
        stem=row.words("stem"),
        options=tuple(_option(option, kind) for option in row.maps("options")),
        targets=tuple(_target(target) for target in row.maps("targets", optional=True)),
        case=cases.get(case),
        objective=row.words("objective"),
        references=tuple(_reference(reference) for reference in row.maps("references", optional=True)),
        shuffle=row.flag("shuffle", True),
        source=row.words("source") if "source" in row else exam.source,
        licence=row.text("licence", exam.licence, longest=80),
    )
    waivers = tuple(_waiver(waiver) for waiver in row.maps("waivers", optional=True))
    is_published = _one_of(row, "status", ["published", "draft"], "published") == "published"
    row.close()
    if content.targets and kind is not Kind.MATCHING:
        row.problem("targets_not_wanted", "targets", line=row.line_of("targets"))
    for id_ in twice([*(option.id for option in content.options), *(target.id for target in content.targets)]):
        row.problem("option_id_twice", "options", line=row.line_of("options"), id=id_)
    for where, text in _texts(content):
        for language, words in text.items():
            for path in sorted({unquote(path) for path in _PICTURE.findall(words)} - names.keys()):
                field = f"{where}.{language}"
                row.problem("picture_missing", field, line=row.line_of(field), path=path)
    content = replace(content, media=pictures_named(illustrated(content), names))
    return QuestionRow(code, content, is_published, f"{row.path}:{row.line}: {code}", waivers)


def _waiver(row: Map) -> WaiverRow:
    waiver = WaiverRow(
        row.text("code", longest=40), row.text("where", longest=120), row.text("text", longest=16), row.text("reason")
    )
    row.close()
    return waiver


def _option(row: Map, kind: Kind) -> Option:
    if "key" in row and kind not in CHOICE_KINDS:
        row.problem("key_not_wanted", "key", line=row.line_of("key"))
    if "target" not in row and kind is Kind.MATCHING:
        row.problem("target_missing", "target")
    option = Option(
        id=code_of(row, "id"),
        text=row.words("text"),
        rationale=row.words("rationale"),
        is_key=row.flag("key", False),
        target=row.text("target", "", longest=60),
    )
    row.close()
    return option


def _target(row: Map) -> Target:
    target = Target(id=code_of(row, "id"), text=row.words("text"))
    row.close()
    return target


def _reference(row: Map) -> Reference:
    before = len(row.reader.problems)
    reference = Reference(title=row.words("title"), url=row.text("url", longest=500))
    if len(row.reader.problems) == before and not re.fullmatch(r"https?://\S+", reference.url):
        row.problem("url_invalid", "url", line=row.line_of("url"), found=reference.url)
    row.close()
    return reference


def _one_of(row: Map, name: str, known: list[str], default: str | None) -> str:
    is_there, before = name in row, len(row.reader.problems)
    value = row.text(name, default)
    if is_there and len(row.reader.problems) == before and value not in known:
        row.problem("value_unknown", name, line=row.line_of(name), found=value, known=", ".join(known))
        return default or ""
    return value

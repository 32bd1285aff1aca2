"""A pack as the files that hold it: the inverse of packs.read, in the order and style of docs/packs.md."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import yaml

from exams.domain.bank import CHOICE_KINDS, Case, Option, QuestionContent
from exams.domain.checking import Service
from exams.formats.pack_rows import ExamRow, Pack, QuestionRow

_AWKWARD = re.compile("[ \t]$|[\x85\u2028\u2029\ufeff]", re.MULTILINE)  # a block would not give these back as they are


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, so that they can be read and compared; lists indented as in docs/packs.md."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = '"' if _AWKWARD.search(value) else "|" if "\n" in value else None
    # Reading strips the end of the last line; with it the block needs no sign that there is none.
    return dumper.represent_scalar("tag:yaml.org,2002:str", f"{value}\n" if style == "|" else value, style=style)


_Dumper.add_representer(str, _text)


def write(pack: Pack) -> dict[str, bytes]:
    """The files of the pack: path relative to its folder to bytes. One file of questions per domain."""
    files = {"exam.yaml": _yaml(_exam(pack.exam)), **pack.media}
    by_domain: dict[str, list[Any]] = defaultdict(list)
    cases: dict[str, Case] = {}
    for question in pack.questions:
        content = question.content
        if content.case and content.case.id not in cases:
            cases[content.case.id] = content.case
            by_domain[content.domain].append({"case": content.case.id, "text": dict(content.case.text)})
        by_domain[content.domain].append(_question(question, pack.exam))
    for domain, rows in by_domain.items():
        files[f"questions/{domain}.yaml"] = b"\n".join(_yaml([row]) for row in rows)
    return files


def _yaml(data: Any) -> bytes:
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=False)
    return text.encode()


def _exam(exam: ExamRow) -> dict[str, Any]:
    minimum, mark, maximum = exam.scale
    return {
        "code": exam.code,
        "version": exam.version,
        "title": dict(exam.title),
        "languages": list(exam.languages),
        "licence": exam.licence,
        "source": dict(exam.source),
        "status": {"current": exam.is_current, **({"retired_on": exam.retired_on} if exam.retired_on else {})},
        **({"calculator": True} if exam.has_calculator else {}),
        "scale": {"minimum": minimum, "pass": mark, "maximum": maximum},
        "sizes": [
            {
                "code": size.code,
                "title": dict(size.title),
                "questions": size.questions,
                "scored": size.scored,
                "minutes": size.minutes,
                "cut": size.cut,
                "cut_assumed": size.cut_assumed,
            }
            for size in exam.sizes
        ],
        "domains": [
            {
                "code": domain.code,
                "title": dict(domain.title),
                "weight": domain.weight,
                "tasks": [{"code": task.code, "statement": dict(task.statement)} for task in domain.tasks],
            }
            for domain in exam.domains
        ],
        "tags": [{"code": tag.code, "title": dict(tag.title)} for tag in exam.tags],
        "rules": dict(exam.rules),
        **({"services": [_service(row) for row in exam.services]} if exam.services else {}),
    }


def _service(row: Service) -> dict[str, Any]:
    return {"name": row.name, "since": row.since, **({"now": row.now} if row.now else {})}


def _question(row: QuestionRow, exam: ExamRow) -> dict[str, Any]:
    content = row.content
    wanted: dict[str, tuple[Any, bool]] = {
        "id": (row.code, True),
        "kind": (content.kind.value, True),
        "domain": (content.domain, True),
        "task": (content.task, bool(content.task)),
        "difficulty": (content.difficulty.value, True),
        "tags": (list(content.tags), bool(content.tags)),
        "as_of": (content.as_of, content.as_of is not None),
        "case": (content.case.id if content.case else "", content.case is not None),
        "stem": (dict(content.stem), True),
        "options": ([_option(option, content) for option in content.options], True),
        "targets": ([{"id": part.id, "text": dict(part.text)} for part in content.targets], bool(content.targets)),
        "objective": (dict(content.objective), bool(content.objective)),
        "references": (
            [{"title": dict(ref.title), "url": ref.url} for ref in content.references],
            bool(content.references),
        ),
        "shuffle": (content.shuffle, not content.shuffle),
        "source": (dict(content.source), dict(content.source) != dict(exam.source)),
        "licence": (content.licence, content.licence != exam.licence),
        "waivers": (
            [{"code": w.code, "where": w.where, "text": w.text, "reason": w.reason} for w in row.waivers],
            bool(row.waivers),
        ),
        "status": ("draft", not row.is_published),
    }
    return {name: value for name, (value, is_said) in wanted.items() if is_said}


def _option(option: Option, content: QuestionContent) -> dict[str, Any]:
    return {
        "id": option.id,
        **({"key": True} if option.is_key and content.kind in CHOICE_KINDS else {}),
        **({"target": option.target} if option.target else {}),
        "text": dict(option.text),
        **({"rationale": dict(option.rationale)} if option.rationale else {}),
    }

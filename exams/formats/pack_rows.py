"""The shapes of a content pack: what exam.yaml and questions/*.yaml say, with every default filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from exams.domain.bank import QuestionContent
from exams.domain.checking import Service


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
    has_calculator: bool = False
    scale: tuple[int, int, int]
    sizes: tuple[SizeRow, ...]
    domains: tuple[DomainRow, ...]
    tags: tuple[TagRow, ...]
    rules: Mapping[str, Any]
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A warning that was accepted for a text (domain.checking.fingerprint)."""

    code: str
    where: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question and whether the pack wants it published; ``where`` (file:line: id) is for messages."""

    code: str
    content: QuestionContent
    is_published: bool
    where: str = ""
    waivers: tuple[WaiverRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack. ``media`` maps the path that texts name to the bytes of the picture."""

    exam: ExamRow
    questions: tuple[QuestionRow, ...]
    media: Mapping[str, bytes]

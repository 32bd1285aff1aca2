"""What a question is: the hub that working copy, published version, pack and every import convert to and from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from exams.domain.problems import Problem, Problems

CONTENT_SCHEMA = 1

Text = Mapping[str, str]  # language code -> Markdown
LONGEST_TEXT = 20_000  # characters in one language, some ten pages: more is a document that was pasted by mistake


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERING = "ordering"
    MATCHING = "matching"


CHOICE_KINDS = frozenset({Kind.SINGLE, Kind.MULTIPLE})


class Difficulty(StrEnum):
    """The author's estimate; the measured one is the p-value."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a choice, a step of an ordering (in the right order) or a prompt of a matching.

    ``id`` survives versions and packs. ``is_key`` counts for choices, ``target`` (the id of a Target) for matchings.
    """

    id: str
    text: Text
    rationale: Text = field(default_factory=dict)
    is_key: bool = False
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the prompts of a matching are matched to; one that no prompt names is a distractor."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where the issuer's documentation says so."""

    title: Text
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A text that several questions share; published inside each of them."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContent:
    """All that publishing freezes. ``media`` maps a path as written in the texts to the name under which it is
    stored."""

    kind: Kind
    domain: str
    task: str
    stem: Text
    options: tuple[Option, ...]
    targets: tuple[Target, ...] = ()
    case: Case | None = None
    objective: Text = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: Difficulty = Difficulty.MEDIUM
    shuffle: bool = True
    as_of: date | None = None
    source: Text = field(default_factory=dict)
    licence: str = ""
    media: Mapping[str, str] = field(default_factory=dict)


def key_ids(content: QuestionContent) -> tuple[str, ...]:
    """The ids of the options that are keys, in authored order (choices only; empty for the other kinds)."""
    return tuple(option.id for option in content.options if option.is_key) if content.kind in CHOICE_KINDS else ()


def parts(content: QuestionContent) -> tuple[Option | Target, ...]:
    """Everything with an id and a text that a candidate sees in drawn order: the options, then a matching's targets."""
    return (*content.options, *content.targets)


def to_json(content: QuestionContent) -> dict[str, Any]:
    """The content as the JSON document that a version keeps; ``from_json`` is its inverse."""
    return {
        "schema": CONTENT_SCHEMA,
        "kind": content.kind.value,
        "domain": content.domain,
        "task": content.task,
        "stem": dict(content.stem),
        "options": [
            {
                "id": option.id,
                "text": dict(option.text),
                "rationale": dict(option.rationale),
                "key": option.is_key,
                "target": option.target,
            }
            for option in content.options
        ],
        "targets": [{"id": target.id, "text": dict(target.text)} for target in content.targets],
        "case": {"id": content.case.id, "text": dict(content.case.text)} if content.case else None,
        "objective": dict(content.objective),
        "references": [{"title": dict(ref.title), "url": ref.url} for ref in content.references],
        "tags": sorted(content.tags),
        "difficulty": content.difficulty.value,
        "shuffle": content.shuffle,
        "as_of": content.as_of.isoformat() if content.as_of else None,
        "source": dict(content.source),
        "licence": content.licence,
        "media": dict(content.media),
    }


def from_json(document: Mapping[str, Any]) -> QuestionContent:
    """Read a document written by ``to_json``; raises Problems on any other schema or a damaged document."""
    if document.get("schema") != CONTENT_SCHEMA:
        raise Problems([Problem("content_schema", "schema", {"found": document.get("schema")})])
    try:
        case = document["case"]
        return QuestionContent(
            kind=Kind(document["kind"]),
            domain=document["domain"],
            task=document["task"],
            stem=dict(document["stem"]),
            options=tuple(
                Option(
                    id=option["id"],
                    text=dict(option["text"]),
                    rationale=dict(option["rationale"]),
                    is_key=option["key"],
                    target=option["target"],
                )
                for option in document["options"]
            ),
            targets=tuple(Target(id=target["id"], text=dict(target["text"])) for target in document["targets"]),
            case=Case(id=case["id"], text=dict(case["text"])) if case else None,
            objective=dict(document["objective"]),
            references=tuple(Reference(title=dict(ref["title"]), url=ref["url"]) for ref in document["references"]),
            tags=tuple(document["tags"]),
            difficulty=Difficulty(document["difficulty"]),
            shuffle=document["shuffle"],
            as_of=date.fromisoformat(document["as_of"]) if document["as_of"] else None,
            source=dict(document["source"]),
            licence=document["licence"],
            media=dict(document["media"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Problems([Problem("content_damaged", "", {"detail": repr(error)})]) from error


def checksum(content: QuestionContent) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON document: equal exactly when the contents are."""
    canonical = json.dumps(to_json(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

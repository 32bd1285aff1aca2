"""What a question must keep to be published. The figures are the exam's own rules, given in its pack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from exams.domain.bank import CHOICE_KINDS, LONGEST_TEXT, Kind, Option, QuestionContent, Target, Text, key_ids, parts
from exams.domain.problems import Problem, Problems

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_STATED = {
    "en": re.compile(r"\((?:choose|select) (one|two|three|four|five|[1-9])\b", re.IGNORECASE),
    "ja": re.compile(r"([1-9一二三四五]) ?つ(?:を)?選択"),  # looked for after NFKC, so 2 and 2 are one
}
_LETTER = {
    "en": re.compile(r"\b(?:options?|answers?|choices?) [A-F]\b|\b[A-F] (?:and|or) [A-F]\b", re.IGNORECASE),
    "ja": re.compile(
        r"(?:選択肢|解答|回答|答え) ?[A-F](?![A-Za-z])|(?<![A-Za-z])[A-F] ?(?:と|や|または|および) ?[A-F](?![A-Za-z])"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingRules:
    """An exam's rules: languages a question must have, and how many options each kind takes (ranges are inclusive)."""

    languages: tuple[str, ...]
    single_options: int = 4
    multiple_options: tuple[int, int] = (5, 6)
    ordering_options: tuple[int, int] = (3, 5)
    matching_prompts: tuple[int, int] = (3, 7)

    def to_json(self) -> dict[str, Any]:
        """As a pack and the exam's row keep them, without the languages."""
        return {
            "single_options": self.single_options,
            "multiple_options": list(self.multiple_options),
            "ordering_options": list(self.ordering_options),
            "matching_prompts": list(self.matching_prompts),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any], languages: Iterable[str]) -> PublishingRules:
        """Inverse of ``to_json``; what is left out has the default. Raises Problems for anything else."""
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        for name, value in document.items():
            if name == "single_options":
                good = isinstance(value, int) and not isinstance(value, bool) and value >= 2
                values[name] = value
            elif name in ("multiple_options", "ordering_options", "matching_prompts"):
                good = _is_range(value)
                values[name] = tuple(value) if good else value
            else:
                good = False
            if not good:
                problems.append(Problem("rule_invalid", f"rules.{name}"))
        if problems:
            raise Problems(problems)
        return cls(languages=tuple(languages), **values)

    def count_range(self, kind: Kind) -> tuple[int, int]:
        """How few and how many options a question of this kind may have."""
        if kind is Kind.SINGLE:
            return self.single_options, self.single_options
        return {
            Kind.MULTIPLE: self.multiple_options,
            Kind.ORDERING: self.ordering_options,
            Kind.MATCHING: self.matching_prompts,
        }[kind]


def problems(content: QuestionContent, rules: PublishingRules) -> list[Problem]:
    """Everything that keeps the question from being published, in reading order; empty when it may be."""
    return [
        *_missing_texts(content, rules),
        *_counts(content, rules),
        *_keys(content, rules),
        *_order(content),
        *_targets(content),
        *_twins(content, rules),
        *_letters(content, rules),
        *([] if content.references else [Problem("reference_missing", "references")]),
    ]


def stated_number(stem: str, language: str) -> int | None:
    """How many options a stem tells the candidate to choose, or None where it does not say."""
    pattern = _STATED.get(language)
    match = pattern.search(unicodedata.normalize("NFKC", stem)) if pattern else None
    if match is None:
        return None
    word = match.group(1).lower()
    return _NUMBERS.get(word) or int(word)


def _is_range(value: object) -> bool:
    if not (isinstance(value, list | tuple) and len(value) == 2):
        return False
    low, high = value
    return isinstance(low, int) and isinstance(high, int) and 2 <= low <= high


def texts(content: QuestionContent) -> Iterator[tuple[str, Text]]:
    """Every text that a question's languages must all have, with the place where it stands."""
    yield "stem", content.stem
    if content.case:
        yield "case.text", content.case.text
    for number, option in enumerate(content.options, start=1):
        yield f"options.{number}.text", option.text
        yield f"options.{number}.rationale", option.rationale
    for number, target in enumerate(content.targets, start=1):
        yield f"targets.{number}.text", target.text
    if any(content.objective.values()):  # may be left out, but not in one language only
        yield "objective", content.objective
    for number, reference in enumerate(content.references, start=1):
        yield f"references.{number}.title", reference.title


def is_too_long(content: QuestionContent) -> bool:
    """Whether a text is longer than any may be."""
    return any(len(words) > LONGEST_TEXT for _where, text in texts(content) for words in text.values())


def illustrated(content: QuestionContent) -> str:
    """All texts among which a picture may stand, in one; "" where no picture does."""
    found = [text for where, text in texts(content) if not where.startswith("references.")]
    written = "\n".join(words for text in found for words in text.values())
    return written if "![" in written else ""


def pictures_named(written: str, names: Mapping[str, str]) -> dict[str, str]:
    """Those of the pictures (path to stored name) whose paths stand in what is ``illustrated``, percent-encoded or not.

    Packs and the bank must agree on it, since the pictures are part of a question's checksum.
    """
    plain = unquote(written)
    return {path: name for path, name in names.items() if path in written or path in plain}


def _missing_texts(content: QuestionContent, rules: PublishingRules) -> Iterator[Problem]:
    for where, text in texts(content):
        for language in rules.languages:
            if not text.get(language, "").strip():
                yield Problem("text_missing", f"{where}.{language}", {"language": language})


def _counts(content: QuestionContent, rules: PublishingRules) -> Iterator[Problem]:
    low, high = rules.count_range(content.kind)
    if not low <= len(content.options) <= high:
        params = {"kind": content.kind.value, "low": low, "high": high, "found": len(content.options)}
        if low == high:
            yield Problem("option_count_exact", "options", params)
        else:
            yield Problem("option_count", "options", params)
    ids = [part.id for part in parts(content)]
    for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield Problem("option_id_twice", "options", {"id": id_})


def _keys(content: QuestionContent, rules: PublishingRules) -> Iterator[Problem]:
    if content.kind not in CHOICE_KINDS:
        return
    keys = len(key_ids(content))
    if keys == 0:
        yield Problem("key_missing", "options")
    elif keys == len(content.options):
        yield Problem("key_everywhere", "options")
    elif content.kind is Kind.SINGLE and keys != 1:
        yield Problem("key_count_single", "options", {"found": keys})
    elif content.kind is Kind.MULTIPLE and keys < 2:
        yield Problem("key_count_multiple", "options", {"found": keys})
    for language in rules.languages:
        stated = stated_number(content.stem.get(language, ""), language)
        if content.kind is Kind.MULTIPLE and stated is None and keys > 1 and language in _STATED:
            yield Problem("number_not_stated", f"stem.{language}", {"keys": keys})
        elif stated is not None and stated != keys:
            yield Problem("number_differs", f"stem.{language}", {"stated": stated, "keys": keys})


def _order(content: QuestionContent) -> Iterator[Problem]:
    if content.kind is Kind.ORDERING and not content.shuffle:  # it is right as authored
        yield Problem("ordering_not_shuffled", "shuffle")


def _targets(content: QuestionContent) -> Iterator[Problem]:
    known = {target.id for target in content.targets}
    for number, option in enumerate(content.options, start=1):
        if content.kind is Kind.MATCHING and option.target not in known:
            yield Problem("target_unknown", f"options.{number}.target", {"target": option.target})
        elif content.kind is not Kind.MATCHING and option.target:
            yield Problem("target_not_wanted", f"options.{number}.target")
    if content.targets and content.kind is not Kind.MATCHING:
        yield Problem("targets_not_wanted", "targets")


def _twins(content: QuestionContent, rules: PublishingRules) -> Iterator[Problem]:
    sides: tuple[tuple[str, Sequence[Option | Target]], ...] = (
        ("options", content.options),
        ("targets", content.targets),
    )
    for part, rows in sides:
        for language in rules.languages:
            first: dict[str, int] = {}
            for number, row in enumerate(rows, start=1):
                text = _normalised(row.text.get(language, ""))
                if text and text in first:
                    yield Problem(
                        "option_twice", f"{part}.{number}.text.{language}", {"first": first[text], "second": number}
                    )
                first.setdefault(text, number)


def _letters(content: QuestionContent, rules: PublishingRules) -> Iterator[Problem]:
    for number, option in enumerate(content.options, start=1):
        for name, text in (("text", option.text), ("rationale", option.rationale)):
            for language in rules.languages:
                pattern = _LETTER.get(language)
                match = pattern.search(unicodedata.normalize("NFKC", text.get(language, ""))) if pattern else None
                if match:
                    where = f"options.{number}.{name}.{language}"
                    yield Problem("letter_named", where, {"found": match.group(0)})


def _normalised(text: str) -> str:
    """A text without what readers overlook: width, case, spaces and punctuation at the end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", "", folded).rstrip(".。、,;")

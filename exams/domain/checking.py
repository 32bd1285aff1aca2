"""What makes a question worse than it need be: warnings beside the errors of ``publishing`` (docs/checking.md).

A warning does not keep a question from being published; an author may accept it with a reason, for the text it was
given for (``fingerprint``). The rules look at prose: code, formulas and addresses are left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import comb, sqrt
from typing import Any

from exams.domain.bank import CHOICE_KINDS, QuestionContent, checksum
from exams.domain.problems import Problem, Problems
from exams.domain.publishing import PublishingRules, problems, texts
from exams.domain.wording import (
    ABSOLUTES,
    ALL_OR_NONE,
    NEGATIVES,
    asking,
    asks,
    odd_width,
    prose,
    subject_words,
    visible,
)

CHECKER = 1  # counts up when a rule here, in ``publishing`` or in ``rendering.judging`` changes: kept checks go by it
LONGEST_KEY = Fraction(13, 10)  # of the mean of the other options, and
LONGEST_BY = 8  # characters more than it: of names, one is always the longest
STALE_YEARS = 2
ONE_SITTING = timedelta(hours=1)  # both languages revised within it are in step


class Level(StrEnum):
    """Whether a finding keeps the question from being published."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """A problem with its level."""

    level: Level = Level.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that has another name (``now``) since a day, or (``now`` empty) is closed to newcomers since then."""

    name: str
    since: date
    now: str = ""

    def to_json(self) -> dict[str, str]:
        """As a pack and the exam's row keep it."""
        return {"name": self.name, "since": self.since.isoformat(), **({"now": self.now} if self.now else {})}


def services_from_json(rows: object) -> tuple[Service, ...]:
    """The services of an exam's row or pack. Raises Problems (``service_invalid``) with the number of each bad row."""
    found, bad = [], []
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        service = _service(row)
        if service is None:
            bad.append(Problem("service_invalid", f"services.{number}"))
        else:
            found.append(service)
    if bad:
        raise Problems(bad)
    return tuple(found)


def _service(row: Any) -> Service | None:
    if not isinstance(row, Mapping) or not {"name", "since"} <= row.keys() <= {"name", "since", "now"}:
        return None
    name, now = row["name"], row.get("now", "")
    if not (isinstance(name, str) and name.strip() and isinstance(now, str)):
        return None
    try:
        return Service(name=name, since=date.fromisoformat(str(row["since"])), now=now)
    except ValueError:
        return None


def findings(
    content: QuestionContent,
    rules: PublishingRules,
    *,
    on: date,
    services: Sequence[Service] = (),
    revised_at: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Errors and warnings about one question, in reading order of each.

    ``on`` is the day that ages are reckoned from; ``revised_at`` says when each language was last revised (ISO
    instants). What concerns two questions is for ``domain.duplicates``.
    """
    errors = [Finding(found.code, found.where, found.params, Level.ERROR) for found in problems(content, rules)]
    warnings = [warning for language in rules.languages for warning in _in_language(content, language, on, services)]
    return [*errors, *warnings, *_steps(rules, revised_at or {}), *_stale(content, on)]


_SEVERAL = {  # of what more than one thing may be found at one place, and the parameter that tells them apart
    "near_duplicate": "other",
    "service_closed": "name",
    "service_renamed": "name",
    "mixed_width": "found",
}


def fingerprint(content: QuestionContent, finding: Problem) -> str:
    """What an accepted warning was accepted for, as 16 hexadecimal digits: a later change of the text asks again.

    The text is that of the language that ``where`` ends with, or else the whole question. Two old names in one text
    are two things to accept.
    """
    language = finding.where.rpartition(".")[2]
    said = [[where, text[language]] for where, text in texts(content) if text.get(language)]
    which = finding.params.get(_SEVERAL.get(finding.code, ""), "")
    about = [finding.code, finding.where, which, said or checksum(content)]
    return hashlib.sha256(json.dumps(about, ensure_ascii=False).encode()).hexdigest()[:16]


def facts_are_stale(as_of: date, on: date) -> bool:
    """Whether facts of that day are older than 24 months on another."""
    return (as_of.year + STALE_YEARS, as_of.month, as_of.day) < (on.year, on.month, on.day)


def stale_before(on: date) -> date:
    """The first day whose facts are not stale on a day: those of any earlier one are."""
    if (on.month, on.day) == (2, 29):
        return date(on.year - STALE_YEARS, 3, 1)
    return on.replace(year=on.year - STALE_YEARS)


def _in_language(content: QuestionContent, language: str, on: date, services: Sequence[Service]) -> Iterator[Finding]:
    stem = prose(content.stem.get(language, ""))
    if content.kind in CHOICE_KINDS:
        if stem and not asks(stem, language):
            yield Finding("stem_without_question", f"stem.{language}")
        yield from _negative(content, language)
        yield from _longest(content, language)
        yield from _absolutes(content, language)
        yield from _all_or_none(content, language)
        yield from _telling(content, stem, language)
    yield from _widths(content, language)
    yield from _services(content, language, on, services)


def _negative(content: QuestionContent, language: str) -> Iterator[Finding]:
    """A question for what is not so, whose "not" is easily overlooked. ``*…*`` marks what decides."""
    pattern = NEGATIVES.get(language)
    match = pattern.search(asking(content.stem.get(language, ""), language)) if pattern else None
    if match:
        yield Finding(
            "negative_not_emphasised", f"stem.{language}", {"found": match.group("word") or match.group("but")}
        )


def _longest(content: QuestionContent, language: str) -> Iterator[Finding]:
    lengths = [len(visible(option.text.get(language, ""))) for option in content.options]
    if len(lengths) < 2 or not all(lengths):
        return
    for number, (option, length) in enumerate(zip(content.options, lengths, strict=True), start=1):
        mean = Fraction(sum(lengths) - length, len(lengths) - 1)
        is_longest = length == max(lengths) and length > LONGEST_KEY * mean and length - mean >= LONGEST_BY
        if option.is_key and is_longest:
            percent = round(100 * length / mean)
            yield Finding("longest_is_key", f"options.{number}.text.{language}", {"percent": percent})


def _absolutes(content: QuestionContent, language: str) -> Iterator[Finding]:
    """Absolutes that a candidate may rule out by their sound. Where a key has one too, the sound tells nothing."""
    pattern = ABSOLUTES.get(language)
    if pattern is None:
        return
    said = [pattern.search(prose(option.text.get(language, ""))) for option in content.options]
    if any(match and option.is_key for match, option in zip(said, content.options, strict=True)):
        return
    for number, match in enumerate(said, start=1):
        if match:
            yield Finding("absolute_in_distractor", f"options.{number}.text.{language}", {"found": match.group(0)})


def _all_or_none(content: QuestionContent, language: str) -> Iterator[Finding]:
    pattern = ALL_OR_NONE.get(language)
    for number, option in enumerate(content.options, start=1):
        match = pattern.search(prose(option.text.get(language, ""))) if pattern else None
        if match:
            yield Finding("all_or_none_of_above", f"options.{number}.text.{language}", {"found": match.group(0)})


def _telling(content: QuestionContent, stem: str, language: str) -> Iterator[Finding]:
    """Words of the stem that the keys alone repeat. Where a distractor repeats words of its own, they tell nothing."""
    asked = subject_words(stem, language)
    written = [subject_words(prose(option.text.get(language, "")), language) for option in content.options]
    shared = [asked.keys() & words.keys() for words in written]
    keys = [words for words, option in zip(shared, content.options, strict=True) if option.is_key]
    others = [words for words, option in zip(shared, content.options, strict=True) if not option.is_key]
    if not keys or any(others):
        return
    for number, option in enumerate(content.options, start=1):
        if option.is_key and (words := sorted(set.intersection(*keys))):
            found = ", ".join(written[number - 1][word] for word in words)
            yield Finding("telling_word", f"options.{number}.text.{language}", {"found": found})


def _widths(content: QuestionContent, language: str) -> Iterator[Finding]:
    """Letters, digits and kana of both widths in one question; said where the rarer one stands first."""
    said = [(where, prose(text.get(language, ""))) for where, text in texts(content)]
    for name in ("letters", "kana"):
        full, half = (
            [(where, here[name]) for where, text in said if name in (here := odd_width(text, full=is_full))]
            for is_full in (True, False)
        )
        if full and half:
            where, character = (full if len(full) <= len(half) else half)[0]
            yield Finding("mixed_width", f"{where}.{language}", {"found": character})


def _services(content: QuestionContent, language: str, on: date, services: Sequence[Service]) -> Iterator[Finding]:
    """Old names in what candidates choose from and read. A text that has the new name too, or a question that names
    the year of the change, says so itself."""
    parts = [(where, prose(text.get(language, ""))) for where, text in texts(content)]
    whole = "\n".join(text for _where, text in parts)
    for service in services:
        if service.since > on or str(service.since.year) in whole:
            continue
        for where, text in parts:
            if where.startswith("references") or not _names(service.name, text):
                continue
            if not service.now:
                params = {"name": service.name, "since": service.since.isoformat()}
                yield Finding("service_closed", f"{where}.{language}", params)
            elif service.now not in text:
                params = {"name": service.name, "since": service.since.isoformat(), "now": service.now}
                yield Finding("service_renamed", f"{where}.{language}", params)


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text) is not None


def _steps(rules: PublishingRules, revised_at: Mapping[str, str]) -> Iterator[Finding]:
    """A language that was last revised before another one was."""
    times = {code: datetime.fromisoformat(revised_at[code]) for code in rules.languages if code in revised_at}
    newest = max(times, key=lambda code: times[code], default="")
    for language, time in times.items():
        if times[newest] - time > ONE_SITTING:
            yield Finding(
                "language_behind", f"stem.{language}", {"language": language, "days": (times[newest] - time).days}
            )


def _stale(content: QuestionContent, on: date) -> Iterator[Finding]:
    if content.as_of and facts_are_stale(content.as_of, on):
        yield Finding("facts_stale", "as_of", {"as_of": content.as_of.isoformat()})


@dataclass(frozen=True, slots=True)
class Bot:
    """One that always takes the longest options, in one language: how often it is right, against chance.

    ``bound`` is chance with two standard errors on top, in questions.
    """

    language: str
    questions: int
    right: float
    chance: float
    bound: float

    @property
    def is_too_good(self) -> bool:
        """Whether the length of options gives keys away."""
        return self.right > self.bound


def longest_option_bot(contents: Iterable[QuestionContent], language: str) -> Bot:
    """Let the bot answer all choices. Where several options are equally long it guesses among them."""
    odds = [longest_option_odds(content, language) for content in contents]
    return bot_of(language, [one for one in odds if one])


def longest_option_odds(content: QuestionContent, language: str) -> tuple[Fraction, Fraction] | None:
    """How likely the bot is right on one question, and whoever takes as many options by chance; None where it is no
    choice or has no key."""
    keys = [option.is_key for option in content.options]
    if content.kind not in CHOICE_KINDS or not any(keys):
        return None
    lengths = [len(visible(option.text.get(language, ""))) for option in content.options]
    return _by_length(lengths, keys), Fraction(1, comb(len(keys), sum(keys)))


def bot_of(language: str, odds: Collection[tuple[Fraction | float, Fraction | float]]) -> Bot:
    """The bot over a bank, of its odds on each question."""
    chance = float(sum(by_chance for _right, by_chance in odds))
    variance = float(sum(by_chance * (1 - by_chance) for _right, by_chance in odds))
    return Bot(
        language, len(odds), float(sum(right for right, _by_chance in odds)), chance, chance + 2 * sqrt(variance)
    )


def _by_length(lengths: Sequence[int], keys: Sequence[bool]) -> Fraction:
    """The chance that the longest so many, with ties broken by chance, are just the keys."""
    wanted = sum(keys)
    least = sorted(lengths, reverse=True)[wanted - 1]
    above = [is_key for length, is_key in zip(lengths, keys, strict=True) if length > least]
    level = [is_key for length, is_key in zip(lengths, keys, strict=True) if length == least]
    if not all(above) or sum(above) + sum(level) != wanted:
        return Fraction(0)
    return Fraction(1, comb(len(level), wanted - len(above)))

"""How two texts of a question differ, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from exams.domain.bank import CHOICE_KINDS, Case, Kind, Option, QuestionContent, Target, Text

MOST_TOKENS = 4_000  # of one text; beyond that whole lines are compared, since the time grows with the square
SHORTEST = 4  # characters that stayed between two changes; fewer are told with them, as reading bits is no help
# Words and numbers; runs of katakana and of kanji, which are words in Japanese; anything else by the character.
_TOKEN = re.compile(r"[A-Za-zÀ-ɏ0-9_]+|[ァ-ヺー]+|[一-鿿々〆]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: ``same``, ``gone`` (in the older one only) or ``new``."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One place (``options.2.text.ja``, counted in the newer text, or in the older one where it is gone) and its
    pieces."""

    where: str
    pieces: tuple[Piece, ...]


def words(text: str) -> list[str]:
    """The text cut into what a reader takes for words; joined, they are the text again."""
    return _TOKEN.findall(text)


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """What became of ``old``: without the new pieces it reads as the older text, without the gone ones as the newer."""
    before, after = words(old), words(new)
    if max(len(before), len(after)) > MOST_TOKENS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Piece] = []
    gone = come = ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, i1, i2, j1, j2 in opcodes:
        was, becomes = "".join(before[i1:i2]), "".join(after[j1:j2])
        is_between = (gone or come) and j2 < len(after) and i2 < len(before)
        if kind == "equal" and not (is_between and len(was) < SHORTEST):
            found += [Piece(state, text) for state, text in (("gone", gone), ("new", come)) if text]
            found.append(Piece("same", was))
            gone = come = ""
        else:
            gone, come = gone + was, come + becomes
    return (*found, *(Piece(state, text) for state, text in (("gone", gone), ("new", come)) if text))


def differences(old: QuestionContent, new: QuestionContent) -> list[Difference]:
    """Every place where the two differ, in reading order; options are told apart by their ids, so that moving one
    shows as a change of order only."""
    return _differences(dict(_places(old)), dict(_places(new)), _numbers(old) | _numbers(new))


def case_differences(old: Case, new: Case) -> list[Difference]:
    """The same of a case on its own."""
    before, after = ({"case": case.id, **dict(_languages("text", case.text))} for case in (old, new))
    return _differences(before, after, {})


def _differences(before: Mapping[str, str], after: Mapping[str, str], numbers: Mapping[str, str]) -> list[Difference]:
    names = [*after, *(name for name in before if name not in after)]
    return [
        Difference(_numbered(name, numbers), pieces(before.get(name, ""), after.get(name, "")))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _numbers(content: QuestionContent) -> dict[str, str]:
    rows: tuple[tuple[str, tuple[Option | Target, ...]], ...] = (
        ("options", content.options),
        ("targets", content.targets),
    )
    return {f"{part}/{row.id}": f"{part}.{number}" for part, of in rows for number, row in enumerate(of, start=1)}


def _numbered(name: str, numbers: Mapping[str, str]) -> str:
    """``options/an-id/text/ja`` as ``options.2.text.ja``."""
    row = "/".join(name.split("/")[:2])
    return (numbers[row] + name[len(row) :] if row in numbers else name).replace("/", ".")


def _places(content: QuestionContent) -> Iterator[tuple[str, str]]:
    """Everything that can differ, as text, by its name; a row of options goes by its id."""
    yield "kind", content.kind.value
    yield "domain", content.domain
    yield "task", content.task
    if content.case:
        yield "case", content.case.id
        yield from _languages("case/text", content.case.text)
    yield from _languages("stem", content.stem)
    yield "options", " → ".join(option.id for option in content.options)
    for option in content.options:
        yield from _languages(f"options/{option.id}/text", option.text)
        if content.kind in CHOICE_KINDS:
            yield f"options/{option.id}/key", "○" if option.is_key else ""
        if content.kind is Kind.MATCHING:
            yield f"options/{option.id}/target", option.target
        yield from _languages(f"options/{option.id}/rationale", option.rationale)
    yield "targets", " → ".join(target.id for target in content.targets)
    for target in content.targets:
        yield from _languages(f"targets/{target.id}/text", target.text)
    yield from _languages("objective", content.objective)
    for number, reference in enumerate(content.references, start=1):
        yield from _languages(f"references/{number}/title", reference.title)
        yield f"references/{number}/url", reference.url
    yield "tags", ", ".join(sorted(content.tags))
    yield "difficulty", content.difficulty.value
    yield "shuffle", "○" if content.shuffle else "–"
    yield "as_of", content.as_of.isoformat() if content.as_of else ""
    yield from _languages("source", content.source)
    yield "licence", content.licence
    yield "media", ", ".join(f"{path} ({name[:8]})" for path, name in sorted(content.media.items()))


def _languages(name: str, text: Text) -> Iterator[tuple[str, str]]:
    for language, words_ in sorted(text.items()):
        yield f"{name}/{language}", words_

"""Item analysis in words: the sentences in which figures are flagged or refused, and a question's page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exams.domain.bank import CHOICE_KINDS, Kind
from exams.domain.statistics import ItemStatistics, OptionStatistics, Refusal, Warn
from exams.models import QuestionVersion
from exams.models.texts import in_language
from exams.queries.bank import letters_of
from exams.queries.statistics import Handling, Item, VersionStatistics
from exams.rendering import plain_text


def flag_words(warn: Warn, letter: str) -> str:
    """What a flag says of the question, or of its option with this letter."""
    if letter:
        texts = {
            Warn.SUSPECT_KEY: _("The key may be wrong: strong candidates choose %(letter)s."),
            Warn.UNCHOSEN: _("Hardly anybody chooses %(letter)s."),
        }
        return texts[warn] % {"letter": letter}
    return {
        Warn.SUSPECT_KEY: _("The key may be wrong: strong candidates avoid it."),
        Warn.WEAK: _("It hardly tells strong candidates from weak ones."),
        Warn.TOO_HARD: _("Very hard: fewer than one in five is right."),
        Warn.TOO_EASY: _("Very easy: more than 95% are right."),
        Warn.UNANSWERED: _("Nobody has answered it."),
    }[warn]


def refusal_words(refusal: Refusal | None, n: int, needed: int) -> str:
    """Why a figure is not given; "" where it is."""
    return {
        None: "",
        Refusal.TOO_FEW: _("not enough data: %(n)s of %(needed)s") % {"n": n, "needed": needed},
        Refusal.NO_SPREAD: _("not given: all scores are alike"),
        Refusal.DRAWN: _("not given: questions were drawn for each candidate"),
        Refusal.TOO_SHORT: _("not given: fewer than two scored questions"),
    }[refusal]


@dataclass(frozen=True, slots=True)
class Row:
    """A question of an analysis as a line: the start of its stem, what is flagged, and why there are no figures."""

    item: Item
    title: str
    flags: tuple[str, ...]
    refusal: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option of a question's table. ``html`` is clean; ``is_key`` is of choices only, as each row of an ordering or
    matching is right to place; ``fifths`` are people, ``percents`` those of each fifth (None where nobody is in it);
    both are empty where figures are refused. ``targets`` are what a prompt of a matching belongs to, by each key that
    counts as right, as letter and clean HTML."""

    letter: str
    html: str
    is_key: bool
    is_suspect: bool
    is_unchosen: bool
    fifths: tuple[int, ...]
    percents: tuple[int | None, ...]
    statistics: OptionStatistics
    targets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One question with all that is said of it. ``targets`` are a matching's, as letter and clean HTML."""

    row: Row
    stem: str
    options: tuple[OptionRow, ...]
    targets: tuple[tuple[str, str], ...]
    handling: Handling
    is_choice: bool
    is_suspect: bool
    is_hidden: bool

    @property
    def figures(self) -> ItemStatistics:
        """The numbers."""
        return self.row.item.statistics


def rows(items: Iterable[Item], hidden: Collection[int]) -> list[Row]:
    """The lines of an analysis; of ``hidden`` questions (ids) nothing that tells their key."""
    return [_row(item, is_hidden=item.version.question_id in hidden) for item in items]


def item_page(item: Item, handling: Handling, *, is_hidden: bool = False) -> ItemPage:
    """The page of one question, its text in the reader's language; ``is_hidden`` leaves out what tells its key."""
    figures, version = item.statistics, item.version
    language = get_language() or ""
    html = version.question_html.get(language) or next(iter(version.question_html.values()))
    letters = letters_of(version.content)
    matched = item.key.all_pairs if item.key.kind is Kind.MATCHING else ()
    flagged = {(flag.warn, flag.option) for flag in figures.flags}
    is_choice = item.key.kind in CHOICE_KINDS
    options = (
        ()
        if is_hidden
        else tuple(
            OptionRow(
                letter=letters[option.id],
                html=html["options"][option.id],
                is_key=is_choice and option.is_key,
                is_suspect=(Warn.SUSPECT_KEY, option.id) in flagged,
                is_unchosen=(Warn.UNCHOSEN, option.id) in flagged,
                fifths=option.fifths,
                percents=tuple(
                    round(100 * count / size) if size else None
                    for count, size in zip(option.fifths, figures.fifths, strict=True)
                ),
                statistics=option,
                targets=tuple(
                    (letters[target], html["options"][target])
                    for target in dict.fromkeys(str(pairs.get(option.id)) for pairs in matched)
                    if target in letters
                ),
            )
            for option in figures.options
        )
    )
    return ItemPage(
        row=_row(item, is_hidden=is_hidden),
        stem=html["stem"],
        options=options,
        targets=()
        if is_hidden
        else tuple((letters[row["id"]], html["options"][row["id"]]) for row in version.content["targets"]),
        handling=handling,
        is_choice=is_choice,
        is_suspect=any(flag.warn is Warn.SUSPECT_KEY for flag in figures.flags),
        is_hidden=is_hidden,
    )


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the author's table; ``row`` is None where its figures would be about persons."""

    version: QuestionVersion
    people: int
    row: Row | None


def version_rows(versions: Iterable[VersionStatistics]) -> list[VersionRow]:
    """The lines of the author's table."""
    return [VersionRow(one.version, one.people, _row(one.item) if one.item else None) for one in versions]


def _row(item: Item, *, is_hidden: bool = False) -> Row:
    figures = item.statistics
    letters = letters_of(item.version.content)
    return Row(
        item=item,
        title=_title(in_language(item.version.content["stem"])),
        flags=() if is_hidden else tuple(flag_words(flag.warn, letters.get(flag.option, "")) for flag in figures.flags),
        refusal=refusal_words(figures.refusal, figures.n, figures.needed),
    )


@lru_cache(maxsize=2_000)
def _title(stem: str) -> str:
    """The start of a stem. Versions never change, and a list of 65 would parse 65 texts."""
    return Truncator(plain_text(stem)).chars(90)

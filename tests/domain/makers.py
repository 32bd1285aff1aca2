"""Contents for the tests of the pure layers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from exams.domain.bank import Case, Difficulty, Kind, Option, QuestionContent, Reference, Target
from exams.domain.scoring import Parameters, Scale


def text(words: str) -> dict[str, str]:
    return {"en": words, "ja": f"{words}の日本語"}


def option(number: int, **fields) -> Option:
    defaults = {"id": f"o{number}", "text": text(f"Text {number}"), "rationale": text(f"Reason {number}")}
    return Option(**{**defaults, **fields})


def single(**fields) -> QuestionContent:
    """A single choice that may be published."""
    content = QuestionContent(
        kind=Kind.SINGLE,
        domain="modeling",
        task="3.2",
        stem={"en": "Which one?", "ja": "どれか。"},
        options=tuple(option(number, is_key=number == 0) for number in range(4)),
        references=(Reference(title=text("Guide"), url="https://docs.example.org/"),),
    )
    return replace(content, **fields)


def multiple(**fields) -> QuestionContent:
    """A multiple response that may be published."""
    defaults = {
        "kind": Kind.MULTIPLE,
        "stem": {"en": "Which two? (Choose two.)", "ja": "どれか。（2つ選択）"},
        "options": tuple(option(number, is_key=number < 2) for number in range(5)),
    }
    return single(**{**defaults, **fields})


def ordering(**fields) -> QuestionContent:
    return single(**{"kind": Kind.ORDERING, "options": tuple(option(number) for number in range(3)), **fields})


def matching(**fields) -> QuestionContent:
    defaults = {
        "kind": Kind.MATCHING,
        "options": tuple(option(number, target=f"t{number}") for number in range(3)),
        "targets": tuple(Target(id=f"t{number}", text=text(f"Target {number}")) for number in range(4)),
    }
    return single(**{**defaults, **fields})


def full() -> QuestionContent:
    """Every field set."""
    return matching(
        case=Case(id="a-case", text=text("Case")),
        objective=text("Objective"),
        tags=("b", "a"),
        difficulty=Difficulty.HARD,
        shuffle=False,
        as_of=date(2026, 11, 1),
        source=text("Source"),
        licence="CC BY 4.0",
        media={"media/x.svg": "ab.svg"},
    )


# A full form of one domain, as MLS-C01 has it.
PARAMETERS = Parameters(
    size_code="full",
    questions=65,
    scored=50,
    minutes=180,
    extra_minutes=0,
    cut=36,
    cut_assumed=True,
    full_cut=36,
    full_scored=50,
    full_form=True,
    scale=Scale(100, 750, 1000),
    weights={"data": 100},
)

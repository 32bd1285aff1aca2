"""Writing packs: reading gives back what was written, in a form that people like to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from exams.domain.bank import CHOICE_KINDS, Case, Difficulty, Kind, Option, QuestionContent, Reference, Target
from exams.formats import packs
from exams.formats.pack_files import write
from exams.formats.pack_rows import Pack, QuestionRow
from tests.formats.makers import SVG, pack_files

letters = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="[\ufffe\uffff", include_characters="\n\t\x85\u2028\ufeff"
)
words = st.text(letters, max_size=60).map(lambda text: text.strip() or "Nothing")
texts = st.dictionaries(st.sampled_from(["en", "ja", "pt-BR"]), words, max_size=3)
codes = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)


@st.composite
def questions(draw) -> QuestionContent:
    """Drafts of every kind, as odd as the format can hold."""
    kind = draw(st.sampled_from(Kind))
    ids = draw(st.lists(codes, min_size=1, max_size=6, unique=True))
    cut = draw(st.integers(0, len(ids))) if kind is Kind.MATCHING else len(ids)
    return QuestionContent(
        kind=kind,
        domain="left",
        task=draw(st.sampled_from(["", "1.1"])),
        stem=draw(texts),
        options=tuple(
            Option(
                id=id_,
                text=draw(texts),
                rationale=draw(texts),
                is_key=draw(st.booleans()) if kind in CHOICE_KINDS else False,
                target=draw(codes) if kind is Kind.MATCHING else "",
            )
            for id_ in ids[:cut]
        ),
        targets=tuple(Target(id=id_, text=draw(texts)) for id_ in ids[cut:]),
        case=draw(st.sampled_from([None, Case(id="a-case", text={"en": "One\n\ntwo ", "ja": "一"})])),
        objective=draw(texts),
        references=tuple(
            Reference(title=title, url="https://x.org/#a:b") for title in draw(st.lists(texts, max_size=2))
        ),
        tags=draw(st.sampled_from([(), ("a-tag",)])),
        difficulty=draw(st.sampled_from(Difficulty)),
        shuffle=draw(st.booleans()),
        as_of=draw(st.none() | st.dates(min_value=date(1900, 1, 1))),
        source=draw(texts),
        licence=draw(st.sampled_from(["", "CC0", "yes", "1.0"])),
    )


def unplaced(pack: Pack) -> Pack:
    """Without the places in files, which differ."""
    return replace(pack, questions=tuple(replace(row, where="") for row in pack.questions))


@given(st.lists(questions(), max_size=4))
@settings(max_examples=60, deadline=None)
def test_reading_gives_back_what_was_written(contents):
    exam = packs.read(pack_files()).exam
    case = Case(id="a-case", text={"en": "One\n\ntwo", "ja": "一"})
    rows = tuple(
        QuestionRow(f"q{number}", replace(content, case=content.case and case), False)
        for number, content in enumerate(contents)
    )
    pack = Pack(exam, rows, {"media/curve.svg": SVG})
    assert unplaced(packs.read(write(pack))) == pack


def test_a_pack_survives_writing_and_reading_and_is_written_alike_again():
    pack = packs.read(pack_files())
    files = write(pack)
    assert sorted(files) == ["exam.yaml", "media/curve.svg", "questions/left.yaml", "questions/right.yaml"]
    assert unplaced(packs.read(files)) == unplaced(pack)
    assert write(packs.read(files)) == files


def test_what_is_written_is_pleasant_to_read():
    left = write(packs.read(pack_files()))["questions/left.yaml"].decode()
    assert left.startswith("- case: a-case\n  text:\n    en: A shared text\n    ja: 共通の文章\n\n- id: a-single\n")
    assert "  stem:\n    en: |\n      Look at this.\n\n      ![A curve]" in left
    assert "  options:\n    - id: yes-it-is\n      key: true\n      text:\n        en: It is\n" in left
    assert "  as_of: 2026-11-01\n" in left
    assert "status" not in left


def test_a_source_that_was_emptied_stays_empty():
    pack = packs.read(pack_files(("source: {en: From elsewhere, ja: よそから}", "source: {}")))
    assert packs.read(write(pack)).questions[1].content.source == {}


def test_an_exam_that_is_not_retired_has_no_day_of_it():
    pack = packs.read(pack_files((", retired_on: 2026-03-31", "")))
    assert b"retired_on" not in write(pack)["exam.yaml"]
    assert packs.read(write(pack)).exam == pack.exam

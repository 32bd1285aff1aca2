"""How two texts differ: what is told, and that nothing of either is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.bank import Case, Kind, Option, Target
from exams.domain.differences import MOST_TOKENS, case_differences, differences, pieces, words
from tests.domain.makers import full, single

BOTH = st.text(alphabet="ab 。データ分析をする。,\n", max_size=60)


def shown(old, new):
    signs = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(signs[piece.state].format(piece.text) for piece in pieces(old, new))


def changed(old, new):
    return {one.where: shown_pieces(one.pieces) for one in differences(old, new)}


def shown_pieces(found):
    return [(piece.state, piece.text) for piece in found if piece.state != "same"]


@given(BOTH)
def test_words_joined_are_the_text(text):
    assert "".join(words(text)) == text


@given(BOTH, BOTH)
def test_without_the_new_pieces_it_reads_as_the_older_text_and_without_the_gone_as_the_newer(old, new):
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.state != "new") == old
    assert "".join(piece.text for piece in found if piece.state != "gone") == new


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Use the EFS file system.", "Use the EBS file system.", "Use the [-EFS-][+EBS+] file system."),
        ("データを分析する。", "データを評価する。", "データを[-分析-][+評価+]する。"),
        ("モデルを訓練する", "アルゴリズムを訓練する", "[-モデル-][+アルゴリズム+]を訓練する"),
        ("same", "same", "same"),
        ("", "come", "[+come+]"),
        ("gone", "", "[-gone-]"),
        ("red, green is it", "blue, brown is it", "[-red, green-][+blue, brown+] is it"),
    ],
)
def test_whole_words_are_told_in_english_and_in_japanese(old, new, expected):
    assert shown(old, new) == expected


def test_a_text_beyond_measure_is_compared_by_lines():
    lines = [f"line {number}\n" for number in range(MOST_TOKENS)]
    found = pieces("".join(lines), "".join([*lines[:-1], "another\n"]))
    assert [(piece.state, piece.text) for piece in found[1:]] == [
        ("gone", f"line {MOST_TOKENS - 1}\n"),
        ("new", "another\n"),
    ]


def test_equal_contents_have_no_differences():
    assert differences(full(), full()) == []


def test_an_option_that_moved_shows_as_another_order_only():
    old = single()
    new = replace(old, options=(*old.options[1:], old.options[0]))
    assert list(changed(old, new)) == ["options"]


def test_a_changed_option_is_told_by_its_number_and_language():
    old = single()
    first = old.options[0]
    new = replace(old, options=(replace(first, text={**first.text, "ja": "別の文"}), *old.options[1:]))
    assert list(changed(old, new)) == ["options.1.text.ja"]


def test_another_key_is_told_at_both_options():
    old = single()
    options = tuple(replace(option, is_key=number == 1) for number, option in enumerate(old.options))
    assert changed(old, replace(old, options=options)) == {
        "options.1.key": [("gone", "○")],
        "options.2.key": [("new", "○")],
    }


def test_an_option_that_is_gone_is_told_at_its_old_number():
    old = single()
    assert f"options.{len(old.options)}.text.en" in changed(old, replace(old, options=old.options[:-1]))


def test_everything_else_is_told_at_its_place():
    old = single()
    new = replace(
        old,
        kind=Kind.MATCHING,
        options=(Option(id="p", text={"en": "a prompt"}, target="t"),),
        targets=(Target(id="t", text={"en": "a target"}),),
        case=Case(id="c", text={"en": "A case."}),
        shuffle=not old.shuffle,
        media={"media/a.svg": "0" * 64 + ".svg"},
    )
    found = changed(old, new)
    assert {"kind", "targets", "targets.1.text.en", "options.1.target", "case", "case.text.en", "shuffle"} <= set(found)
    assert found["media"] == [("new", "media/a.svg (00000000)")]


def test_two_cases_differ_in_their_ids_and_in_each_language():
    old, new = Case(id="a", text={"en": "One."}), Case(id="b", text={"en": "One.", "ja": "一"})
    found = {one.where: shown_pieces(one.pieces) for one in case_differences(old, new)}
    assert found == {"case": [("gone", "a"), ("new", "b")], "text.ja": [("new", "一")]}

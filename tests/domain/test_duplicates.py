"""Near-identical questions: found exactly, in either language, and grouped."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.bank import Case
from exams.domain.duplicates import Pair, Sketch, candidates, groups, pairs, percent, said, sketch
from tests.domain.makers import matching, option, single
from tests.load import texts

LONG = {language: said(texts.question(1, "d", "1.1"), language) for language in ("en", "ja")}


def changed(text: str, share: float) -> str:
    """The text with the last part of it written in letters it had not."""
    kept = int(len(text) * (1 - share))
    return text[:kept] + "".join(chr(0x0410 + number % 32 + number // 32) for number in range(len(text) - kept))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_text_with_a_tenth_rewritten_is_near_and_one_with_half_is_not(language):
    text = LONG[language]
    assert percent(text, text) == 100
    assert percent(text, changed(text, 0.1)) is not None
    assert percent(text, changed(text, 0.5)) is None
    assert pairs({1: text, 2: changed(text, 0.1), 3: changed(text, 0.5)}, language)[0].second == 2


def test_case_width_spaces_and_marks_do_not_matter():
    assert percent("Is it A1?", "is it Ａ１") == 100


def test_short_texts_are_near_only_where_they_are_equal():
    assert percent("Which is right in 11?", "Which is right in 12?") is None
    assert percent("Which is right?", "Which is right") == 100


def test_texts_of_marks_alone_have_nothing_in_common():
    assert percent("…", "!!") is None
    assert pairs({1: "…", 2: "", 3: "!!"}, "en") == []


def test_stem_and_options_are_compared_and_a_shared_case_is_not():
    content = matching(case=Case(id="c", text={"en": "Shared"}), stem={"en": "Match."})
    assert said(content, "en").splitlines()[:2] == ["Match.", "Text 0"]
    assert "Target 3" in said(content, "en")
    assert "Shared" not in said(content, "en")
    assert said(single(stem={"en": "X"}, options=(option(0, text={"en": "Y"}),)), "ja") == ""


def test_a_sketch_is_the_same_anywhere_and_survives_json():
    assert sketch("abcd").size == 2
    assert Sketch.from_json(sketch(LONG["en"]).to_json()) == sketch(LONG["en"])


@given(st.integers(0, 2**32))
def test_the_filter_loses_no_pair(seed):
    random = Random(seed)
    base = [LONG["en"], LONG["ja"]]
    bank = {n: changed(random.choice(base), random.choice([0, 0.05, 0.2, 0.24, 0.27, 0.3, 0.6])) for n in range(8)}
    exact = [(a, b) for a, b in combinations(bank, 2) if percent(bank[a], bank[b]) is not None]
    assert [(pair.first, pair.second) for pair in pairs(bank, "en")] == exact
    sketches = {n: sketch(text) for n, text in bank.items()}
    of = set(random.sample(range(8), 3))
    likely = list(candidates(sketches, of))
    assert len(likely) == len(set(likely))
    assert {pair for pair in exact if of & set(pair)} <= set(likely)


def test_pairs_come_in_order_with_their_share():
    assert pairs({3: LONG["en"], 2: LONG["en"], 1: "other"}, "en") == [Pair(2, 3, "en", 100)]


def test_pairs_that_touch_are_one_group_named_by_its_smallest():
    assert groups([(5, 9), (2, 7), (7, 5), (11, 12)]) == {2: 2, 5: 2, 7: 2, 9: 2, 11: 11, 12: 11}
    assert groups([]) == {}

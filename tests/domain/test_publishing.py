"""What keeps a question from being published: one test per rule, in both languages where words matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exams.domain.bank import Case, Kind, Option, Reference, Target
from exams.domain.problems import Problems
from exams.domain.publishing import PublishingRules, problems, stated_number
from tests.domain.makers import full, matching, multiple, option, ordering, single, text

RULES = PublishingRules(languages=("en", "ja"))


def found(content) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in problems(content, RULES)]


def with_option(content, index, **fields):
    options = list(content.options)
    options[index] = replace(options[index], **fields)
    return replace(content, options=tuple(options))


@pytest.mark.parametrize("content", [single(), multiple(), ordering(), matching(), full()])
def test_a_good_question_of_every_kind_may_be_published(content):
    assert found(content) == []


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (single(stem={"en": "Which?"}), "stem.ja"),
        (single(stem={"en": " ", "ja": "どれか。"}), "stem.en"),
        (with_option(single(), 1, text={"en": "x"}), "options.2.text.ja"),
        (with_option(single(), 1, rationale={"en": "x"}), "options.2.rationale.ja"),
        (single(objective={"en": "x"}), "objective.ja"),
        (single(references=(Reference(title={"ja": "x"}, url="https://x.example"),)), "references.1.title.en"),
        (single(case=Case(id="c", text={"en": "x"})), "case.text.ja"),
        (matching(targets=(*matching().targets, Target(id="t9", text={"en": "x"}))), "targets.5.text.ja"),
    ],
)
def test_a_language_that_the_exam_must_have_is_missed_wherever_it_is_missing(content, where):
    assert found(content) == [("text_missing", where)]


def test_the_steps_of_an_ordering_are_shuffled_since_they_are_right_as_authored():
    assert found(ordering(shuffle=False)) == [("ordering_not_shuffled", "shuffle")]
    assert found(single(shuffle=False)) == []


@pytest.mark.parametrize(
    "content", [single(options=single().options[:3]), single(options=(*single().options, option(9)))]
)
def test_the_number_of_options_is_that_of_the_exam(content):
    assert found(content) == [("option_count_exact", "options")]


@pytest.mark.parametrize(
    "content",
    [
        multiple(options=multiple().options[:4]),
        ordering(options=ordering().options[:2]),
        matching(options=matching().options[:2]),
    ],
)
def test_the_number_of_options_is_that_of_the_kind(content):
    assert found(content) == [("option_count", "options")]


def test_two_parts_with_one_id_are_refused():
    content = with_option(single(), 1, id="o0", is_key=False)
    assert found(content) == [("option_id_twice", "options")]


@pytest.mark.parametrize(
    ("keys", "content", "code"),
    [
        ((), single(), "key_missing"),
        ((0, 1, 2, 3), single(), "key_everywhere"),
        ((0, 1), single(), "key_count_single"),
        ((0,), multiple(stem={"en": "Which? (Choose one.)", "ja": "どれか。（1つ選択）"}), "key_count_multiple"),
    ],
)
def test_the_number_of_keys_is_that_of_the_kind(keys, content, code):
    options = tuple(replace(row, is_key=index in keys) for index, row in enumerate(content.options))
    assert found(replace(content, options=options)) == [(code, "options")]


@pytest.mark.parametrize(
    ("language", "stem", "number"),
    [
        ("en", "Which? (Choose two.)", 2),
        ("en", "Which? (Select THREE)", 3),
        ("en", "Which? (choose 2)", 2),
        ("en", "Which two?", None),
        ("ja", "どれか。（2つ選択）", 2),
        ("ja", "どれか。（２つ選択）", 2),
        ("ja", "どれか。（2 つ選択）", 2),
        ("ja", "どれか。（三つを選択）", 3),
        ("ja", "どれか。", None),
        ("fr", "Lesquels ? (Choose two.)", None),
    ],
)
def test_the_number_that_a_stem_states_is_read_however_it_is_written(language, stem, number):
    assert stated_number(stem, language) == number


def test_a_multiple_response_says_how_many_to_choose():
    assert found(multiple(stem={"en": "Which?", "ja": "どれか。（2つ選択）"})) == [("number_not_stated", "stem.en")]


@pytest.mark.parametrize("keys", [0, 1])
def test_how_many_to_choose_is_not_asked_for_before_there_are_keys_enough(keys):
    content = multiple(stem={"en": "Which?", "ja": "どれか。"})
    options = tuple(replace(row, is_key=index < keys) for index, row in enumerate(content.options))
    assert [code for code, _where in found(replace(content, options=options))] in (
        ["key_missing"],
        ["key_count_multiple"],
    )


def test_the_number_stated_is_that_of_the_keys_in_each_language():
    content = multiple(stem={"en": "Which? (Choose three.)", "ja": "どれか。（2つ選択）"})
    assert found(content) == [("number_differs", "stem.en")]
    content = single(stem={"en": "Which?", "ja": "どれか。（2つ選択）"})
    assert found(content) == [("number_differs", "stem.ja")]


def test_targets_are_for_matchings_and_exist():
    assert found(with_option(matching(), 0, target="t9")) == [("target_unknown", "options.1.target")]
    assert found(with_option(single(), 0, target="t0")) == [("target_not_wanted", "options.1.target")]
    assert found(single(targets=(Target(id="t0", text=text("T")),))) == [("targets_not_wanted", "targets")]


@pytest.mark.parametrize("twin", ["Text 0", " text  0. ", "TEXT 0", "Ｔｅｘｔ 0"])
def test_two_options_that_say_the_same_are_refused(twin):
    content = with_option(single(), 2, text={"en": twin, "ja": "別"})
    assert found(content) == [("option_twice", "options.3.text.en")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Option A is wrong."),
        ("en", "Both A and C."),
        ("en", "answer B"),
        ("ja", "選択肢Aは誤り。"),
        ("ja", "選択肢 Ｂは誤り。"),
        ("ja", "AとCの両方"),
        ("ja", "解答D"),
    ],
)
@pytest.mark.parametrize("field", ["text", "rationale"])
def test_an_option_named_by_its_letter_is_refused(language, words, field):
    content = with_option(single(), 1, **{field: {**text("x"), language: words}})
    assert found(content) == [("letter_named", f"options.2.{field}.{language}")]


@pytest.mark.parametrize(
    "words", ["Run an A/B test.", "Amazon A2I", "A and the rest", "A/Bテスト", "AUCとROC", "選択肢AWS"]
)
def test_ordinary_words_are_not_taken_for_letters(words):
    content = with_option(single(), 1, rationale={"en": words, "ja": words})
    assert found(content) == []


def test_a_question_needs_a_reference():
    assert found(single(references=())) == [("reference_missing", "references")]


def test_rules_read_back_as_what_was_written():
    rules = PublishingRules(languages=("en",), single_options=5, multiple_options=(4, 8))
    assert PublishingRules.from_json(rules.to_json(), ["en"]) == rules
    assert PublishingRules.from_json({}, ["en", "ja"]) == RULES


@pytest.mark.parametrize(
    "document",
    [
        {"single_options": 1},
        {"single_options": True},
        {"single_options": "4"},
        {"multiple_options": [6, 5]},
        {"multiple_options": [1, 5]},
        {"ordering_options": [3]},
        {"matching_prompts": ["3", "7"]},
        {"colour": 3},
    ],
)
def test_rules_without_sense_are_refused(document):
    with pytest.raises(Problems, match="rule_invalid"):
        PublishingRules.from_json(document, ["en"])


def test_every_kind_has_its_range():
    assert [RULES.count_range(kind) for kind in Kind] == [(4, 4), (5, 6), (3, 5), (3, 7)]


def test_an_option_is_only_what_it_says():
    assert Option(id="x", text={}).rationale == {}

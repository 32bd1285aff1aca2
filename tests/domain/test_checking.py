"""Warnings: each rule in both languages, with a question that breaks just it and one that nearly does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from exams.domain.checking import (
    Finding,
    Level,
    Service,
    facts_are_stale,
    findings,
    fingerprint,
    longest_option_bot,
    services_from_json,
    stale_before,
)
from exams.domain.problems import Problem, Problems
from exams.domain.publishing import PublishingRules
from tests.domain.makers import matching, multiple, option, ordering, single

BOTH = PublishingRules(languages=("en", "ja"))
DAY = date(2026, 11, 24)
RENAMED = Service(name="Old Store", since=date(2023, 8, 30), now="New Store")
CLOSED = Service(name="Oracle Stone", since=date(2024, 7, 29))
WORDS = {
    "en": (
        "copy the files to a bucket",
        "load the rows into tables",
        "send all lines to a queue",
        "keep it as it now is",
    ),
    "ja": ("ファイルを複製しておく", "行を表に読み込ませる", "記録を待ち行列に送る", "いまのままにしておく"),
}
ASK = {"en": "A shop is slow. Which step helps?", "ja": "ある店の処理が遅い。役立つ手順はどれか。"}


def question(language="en", *, stem="", texts=(), rationale="", keys=(0,), **fields):
    """A single choice without a fault whose stem, options (by position) or first rationale are as told in one
    language."""
    options = []
    for number in range(4):
        text = {code: WORDS[code][number] for code in WORDS}
        if number < len(texts) and texts[number]:
            text[language] = texts[number]
        reason = {"en": f"Reason {number}", "ja": f"理由{number}"}
        if rationale and number == 0:
            reason[language] = rationale
        options.append(option(number, text=text, rationale=reason, is_key=number in keys))
    return single(stem={**ASK, **({language: stem} if stem else {})}, options=tuple(options), **fields)


def codes(content, **more):
    return [(found.code, found.where) for found in findings(content, BOTH, on=DAY, **more)]


@pytest.mark.parametrize("content", [question(), matching(), ordering()])
def test_a_good_question_has_no_finding(content):
    assert codes(content) == []


def test_what_keeps_a_question_from_being_published_is_an_error_and_comes_first():
    found = findings(question(stem="No question.", references=()), BOTH, on=DAY)
    assert [(row.code, row.level) for row in found] == [
        ("reference_missing", Level.ERROR),
        ("stem_without_question", Level.WARNING),
    ]


OPTION_RULES = [  # rule, language, texts of the options that break it, and some that nearly do (the first is the key)
    ("longest_is_key", "en", ["copy the files to a bucket, then to another"], ["copy the files to a big bucket"]),
    ("longest_is_key", "ja", ["ファイルを複製しておき、そのあとで消す"], ["ファイルを複製し、あとで消す"]),
    ("absolute_in_distractor", "en", ["", "load rows only into tables"], ["", "load rows in a read-only mode"]),
    ("absolute_in_distractor", "ja", ["", "行を必ず読み込ませる"], ["", "すべての行を読み込ませる"]),
    ("absolute_in_distractor", "en", ["", "never load any rows"], ["never copy any files", "never load any rows"]),
    ("absolute_in_distractor", "ja", ["", "行のみを読み込ませる"], ["複製のみをしておく", "行のみを読み込ませる"]),
    ("all_or_none_of_above", "en", ["", "none of the above"], ["", "none of the four"]),
    ("all_or_none_of_above", "ja", ["", "上記のいずれでもない"], ["", "上位の二つを送る"]),
]


@pytest.mark.parametrize(("rule", "language", "breaks", "nearly"), OPTION_RULES)
def test_a_rule_about_options_finds_what_breaks_it_and_just_that(rule, language, breaks, nearly):
    assert {code for code, where in codes(question(language, texts=breaks)) if where.endswith(language)} == {rule}
    assert codes(question(language, texts=nearly)) == []


def test_a_key_is_not_called_longest_for_a_few_letters_more_as_names_go():
    assert codes(question(texts=["Redshift", "Glue", "S3", "EMR"])) == []


def test_the_length_of_a_distractor_or_of_a_key_among_longer_ones_gives_nothing_away():
    long = "load the rows into tables, and do it once again when it is night"
    assert codes(question(texts=["", long])) == []
    assert codes(question(texts=["copy the files to a bucket, then on", long])) == []


def test_a_length_is_what_a_reader_sees():
    linked = "[copy the files](https://docs.example.org/a-long-address) to a *bucket*"
    assert codes(question(texts=[linked])) == []


def test_a_telling_word_is_named_as_it_is_written():
    found = findings(
        question(stem="Which job copies nightly batches?", texts=["copy the batch nightly to a bucket"]), BOTH, on=DAY
    )
    assert [row.params["found"] for row in found if row.code == "telling_word"] == ["batch, nightly"]


STEM_RULES = [
    ("stem_without_question", "en", "A shop is slow. Name the step.", "A shop is slow. Which step helps?"),
    ("stem_without_question", "ja", "ある店の処理が遅い。手順を述べよ。", "ある店の処理が遅い。何をすべきか"),
    ("negative_not_emphasised", "en", "Which step does not help?", "Which step does *not* help?"),
    ("negative_not_emphasised", "en", "All help, except which?", "All help, EXCEPT which?"),
    ("negative_not_emphasised", "en", "Which step isn't a help?", "Which step keeps a table that does not grow?"),
    ("negative_not_emphasised", "ja", "誤っているものはどれか。", "*誤っている*ものはどれか。"),
    ("negative_not_emphasised", "ja", "役立たないのはどれか。", "手間の少ない方法はどれか。"),
    ("telling_word", "en", "Is a bucket what helps?", "Is a basket what helps?"),
    ("telling_word", "ja", "ファイルはどれか。", "フォルダはどれか。"),
    ("mixed_width", "en", "Which of ３ steps of 4 helps?", "Which of 3 steps of 4 helps?"),
    ("mixed_width", "ja", "３つのうち役立つのは1番目か。", "3つのうち役立つのは1番目か。"),
    ("mixed_width", "ja", "ﾀﾞﾝﾌﾟとテーブルのどちらか。", "ダンプとテーブルのどちらか。"),
]


@pytest.mark.parametrize(("rule", "language", "breaks", "nearly"), STEM_RULES)
def test_a_rule_about_the_stem_finds_what_breaks_it_and_just_that(rule, language, breaks, nearly):
    assert {code for code, _where in codes(question(language, stem=breaks))} == {rule}
    assert codes(question(language, stem=nearly)) == []


def test_how_many_to_choose_may_follow_the_question():
    stem = {"en": "Which are right? (Choose two.)", "ja": "正しいものはどれか。（2つ選択）"}
    assert codes(multiple(stem=stem)) == []


def test_code_and_formulas_are_not_prose():
    stem = "```sql\nSELECT ３ AS never\n```\n\nIs `３` or $３$ of 4 right?"
    assert codes(question(stem=stem)) == []


def test_a_word_that_a_distractor_shares_as_well_tells_nothing():
    assert codes(question(stem="Is it a bucket, or tables?")) == []


def test_a_word_that_only_one_of_two_keys_has_tells_nothing():
    stem = {"en": "Which bucket or what else? (Choose two.)", "ja": "どれか。（2つ選択）"}
    options = tuple(
        option(number, is_key=number < 2, text={"en": words, "ja": f"選択{number}"})
        for number, words in enumerate(["a bucket", "a folder", "a carton", "a basket", "a barrel"])
    )
    assert codes(multiple(stem=stem, options=options)) == []


@pytest.mark.parametrize(("language", "rationale"), [("en", "So named until 2023"), ("ja", "2023年までの名称")])
def test_an_old_name_is_found_unless_the_new_one_or_the_year_stands_there(language, rationale):
    where = f"options.1.text.{language}"
    old = ["use Old Store"]
    assert codes(question(language, texts=old), services=[RENAMED]) == [("service_renamed", where)]
    assert codes(question(language, texts=["", "New Store (Old Store)"]), services=[RENAMED]) == []
    assert codes(question(language, texts=old, rationale=rationale), services=[RENAMED]) == []
    assert codes(question(language, texts=["use Old Stores"]), services=[RENAMED]) == []
    assert codes(question(language, texts=old), services=[replace(RENAMED, since=date(2026, 11, 25))]) == []


@pytest.mark.parametrize(("language", "rationale"), [("en", "Closed in 2024"), ("ja", "2024年に受付を終了した")])
def test_a_closed_service_is_found_unless_the_year_stands_there(language, rationale):
    old = ["use Oracle Stone"]
    found = [("service_closed", f"options.1.text.{language}")]
    assert codes(question(language, texts=old), services=[CLOSED]) == found
    assert codes(question(language, texts=old, rationale=rationale), services=[CLOSED]) == []


def test_the_title_of_a_reference_is_as_its_publisher_named_it():
    reference = replace(single().references[0], title={"en": "Old Store guide", "ja": "Old Storeの手引き"})
    assert codes(question(references=(reference,)), services=[RENAMED]) == []


@pytest.mark.parametrize(("first", "second", "behind"), [("en", "ja", "en"), ("ja", "en", "ja")])
def test_a_language_is_behind_that_was_revised_before_the_other(first, second, behind):
    revised = {first: "2026-01-01T00:00:00+00:00", second: "2026-01-04T00:00:01+00:00"}
    (found,) = findings(question(), BOTH, on=DAY, revised_at=revised)
    assert (found.code, found.where) == ("language_behind", f"stem.{behind}")
    assert found.params == {"language": behind, "days": 3}


def test_languages_revised_in_one_sitting_are_in_step():
    revised = {"en": "2026-01-01T00:00:00+00:00", "ja": "2026-01-01T01:00:00+00:00"}
    assert codes(question(), revised_at=revised) == []
    assert codes(question(), revised_at={"en": "2026-01-01T00:00:00+00:00"}) == []


@pytest.mark.parametrize(
    ("as_of", "is_stale"), [(date(2024, 11, 23), True), (date(2024, 11, 24), False), (None, False)]
)
def test_facts_are_stale_after_24_months_on_the_day_of_the_check(as_of, is_stale):
    assert codes(question(as_of=as_of)) == ([("facts_stale", "as_of")] if is_stale else [])


@pytest.mark.parametrize("on", [date(2026, 11, 24), date(2028, 2, 29), date(2026, 3, 1), date(2026, 2, 28)])
def test_there_is_a_first_day_that_is_not_stale(on):
    first = stale_before(on)
    assert not facts_are_stale(first, on)
    assert facts_are_stale(first - timedelta(days=1), on)


def test_facts_of_a_leap_day_are_stale_from_the_first_of_march():
    assert not facts_are_stale(date(2024, 2, 29), date(2026, 2, 28))
    assert facts_are_stale(date(2024, 2, 29), date(2026, 3, 1))


def test_texts_that_are_missing_are_errors_and_their_lengths_are_not_compared():
    content = question(texts=["a text that is far longer than what else there is"])
    content = replace(content, options=(*content.options[:3], option(3, text={"ja": "いまのままにしておく"})))
    assert codes(content) == [("text_missing", "options.4.text.en")]


def test_a_language_without_rules_of_wording_is_judged_by_the_others():
    rules = PublishingRules(languages=("fr",))
    options = tuple(option(n, is_key=n == 0, text={"fr": f"réponse {n}"}, rationale={"fr": "ainsi"}) for n in range(4))
    reference = replace(single().references[0], title={"fr": "Guide"})
    content = single(stem={"fr": "Nommez-la."}, options=options, references=(reference,))
    assert findings(content, rules, on=DAY) == []


# ── what was accepted


def test_a_fingerprint_changes_with_the_text_of_its_language_and_no_other():
    finding = Finding("longest_is_key", "options.1.text.en")
    before = fingerprint(question(), finding)
    assert len(before) == 16
    assert fingerprint(question("ja", stem="別の質問か。"), finding) == before
    assert fingerprint(question("en", stem="Another one?"), finding) != before
    assert fingerprint(question(), replace(finding, where="options.2.text.en")) != before


def test_a_fingerprint_is_for_one_of_two_old_names_in_a_text():
    one, two = (Finding("service_renamed", "stem.en", {"name": name}) for name in ("Kinesis", "SageMaker"))
    assert fingerprint(question(), one) != fingerprint(question(), two)


def test_a_fingerprint_of_likeness_is_for_one_other_question():
    one, two = (Problem("near_duplicate", "stem.en", {"other": code}) for code in ("a", "b"))
    assert fingerprint(question(), one) != fingerprint(question(), two)


def test_what_is_about_no_language_is_about_the_whole_question():
    finding = Finding("facts_stale", "as_of")
    assert fingerprint(question(as_of=DAY), finding) != fingerprint(question(), finding)


# ── services as data


def test_services_are_read_and_written():
    rows = [RENAMED.to_json(), CLOSED.to_json()]
    assert rows[1] == {"name": "Oracle Stone", "since": "2024-07-29"}
    assert services_from_json(rows) == (RENAMED, CLOSED)
    assert services_from_json([]) == ()


@pytest.mark.parametrize(
    "bad",
    [
        "x",
        {"name": "A"},
        {"name": " ", "since": "2024-01-01"},
        {"name": "A", "since": "May"},
        {"name": "A", "since": "2024-01-01", "now": 1},
        {"name": "A", "since": "2024-01-01", "then": "B"},
    ],
)
def test_a_bad_service_is_named_by_its_number(bad):
    with pytest.raises(Problems) as caught:
        services_from_json([RENAMED.to_json(), bad])
    assert [(found.code, found.where) for found in caught.value.problems] == [("service_invalid", "services.2")]


def test_services_are_a_list():
    with pytest.raises(Problems):
        services_from_json("x")


# ── the bot


def of_lengths(lengths, keys, **fields):
    make = multiple if len(keys) > 1 else single
    return make(
        options=tuple(
            option(number, text={"en": "x" * length}, is_key=number in keys) for number, length in enumerate(lengths)
        ),
        **fields,
    )


def test_the_bot_takes_the_longest_and_guesses_among_equals():
    assert longest_option_bot([of_lengths([9, 1, 1, 1], {0})], "en").right == 1
    assert longest_option_bot([of_lengths([1, 9, 1, 1], {0})], "en").right == 0
    assert longest_option_bot([of_lengths([9, 9, 1, 1], {0})], "en").right == 0.5
    assert longest_option_bot([of_lengths([9, 8, 1, 1, 1], {0, 1})], "en").right == 1
    assert longest_option_bot([of_lengths([9, 1, 8, 8, 1], {0, 2})], "en").right == 0.5
    assert longest_option_bot([of_lengths([9, 8, 1, 1, 1], {1, 2})], "en").right == 0
    assert longest_option_bot([of_lengths([9, 8, 7, 1, 1], {0, 2})], "en").right == 0


def test_chance_and_bound_are_those_of_a_guess_at_every_question():
    bot = longest_option_bot([of_lengths([9, 1, 1, 1], {0})] * 48 + [ordering(), of_lengths([1] * 4, set())], "en")
    assert (bot.questions, bot.chance, bot.bound) == (48, 12, 12 + 2 * 3)
    assert bot.is_too_good


def test_a_bot_at_the_bound_is_not_too_good():
    contents = [of_lengths([9, 1, 1, 1], {0})] * 18 + [of_lengths([1, 9, 1, 1], {0})] * 30
    assert not longest_option_bot(contents, "en").is_too_good
    assert longest_option_bot([*contents[1:], contents[0], contents[0]][:48], "en").right == 18

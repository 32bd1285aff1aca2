"""The exam room over HTTP."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.domain.attempts import CLOSING, GRACE
from exams.domain.receipts import checksum
from exams.models import Attempt
from exams.services import attempts as service
from exams.templatetags.icons import icon
from tests.factories import NOW, make_assignment, make_bank, make_cohort, make_exam, make_user

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def exam():
    exam = make_exam("an-exam")
    make_bank(exam)
    return exam


@pytest.fixture
def candidate():
    return make_user(language="en")


@pytest.fixture
def page(client, candidate):
    client.force_login(candidate)
    return client


@pytest.fixture
def attempt(candidate, exam):
    size = exam.sizes.get(code="short")
    return service.start(candidate, exam, size, now=NOW, seed=1, language="en").attempt


def url(name, attempt, *rest):
    return reverse(name, args=[attempt.public_id, *rest])


def post(page, attempt, *, position=1, answer=("1",), base=0, rev=1, headers=JSON, **more):
    data = {"answer": list(answer), "base": base, "rev": rev, "writer": "w", **more}
    return page.post(url("item", attempt, position), data, headers=headers)


# ── starting


def test_starting_leads_into_the_room(page, exam):
    answer = page.post(reverse("start", args=["an-exam"]), {"size": "short"})
    attempt = Attempt.objects.get()
    assert (answer.status_code, answer.url) == (302, url("room", attempt))
    assert attempt.language == "en"


@pytest.mark.parametrize("is_member", [False, True])
def test_a_start_takes_eleven_queries(page, exam, candidate, assert_queries, is_member):
    if is_member:
        make_assignment(make_cohort(candidate), exam, key_release="never")
    with assert_queries(11):
        page.post(reverse("start", args=["an-exam"]), {"size": "short"})


def test_a_size_that_the_bank_cannot_fill_is_refused_with_a_sentence(page, exam):
    answer = page.post(reverse("start", args=["an-exam"]), {"size": "full"}, follow=True)
    assert not Attempt.objects.exists()
    assert "question bank" in answer.content.decode()


def test_a_second_start_is_told_that_one_is_open(page, exam, attempt):
    answer = page.post(reverse("start", args=["an-exam"]), {"size": "short"}, follow=True)
    assert "Go on" in answer.content.decode()
    assert Attempt.objects.count() == 1


def test_a_start_while_an_attempt_is_closing_leads_to_its_result(page, exam, attempt, clock):
    for seconds in (0, 19):
        clock.move_to(attempt.deadline_at + timedelta(seconds=seconds))
        answer = page.post(reverse("start", args=["an-exam"]), {"size": "short"}, follow=True)
        assert answer.redirect_chain == [(url("result", attempt), 302)]
        assert "Time is up" in answer.content.decode()
        assert "You are sitting this exam already" not in answer.content.decode()
    clock.move_to(attempt.deadline_at + CLOSING)
    assert page.post(reverse("start", args=["an-exam"]), {"size": "short"}).url != url("result", attempt)
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize(
    "data", [{}, {"size": "huge"}, {"assignment": "x"}, {"assignment": "6a1f9a2e-3c1b-4b1c-8a58-7f6f0f8e2b11"}]
)
def test_an_unknown_size_or_assignment_is_absent(page, exam, data):
    assert page.post(reverse("start", args=["an-exam"]), data).status_code == 404


# ── the room


def test_the_room_holds_every_question_in_both_languages_and_is_never_stored(page, attempt):
    answer = page.get(url("room", attempt))
    text = answer.content.decode()
    assert text.count('<form class="q"') == 20
    assert text.count('lang="ja"') >= 100
    assert "no-store" in answer["Cache-Control"]


def test_the_room_shows_the_question_that_is_asked_for(page, attempt):
    assert page.get(url("room", attempt), {"item": 7}).context["here"] == 7
    assert page.get(url("room", attempt), {"item": "x"}).context["here"] == 1


def test_the_room_takes_at_most_fifteen_queries(page, attempt, assert_queries):
    with assert_queries(5):  # one of them for the texts, which this process keeps from then on
        page.get(url("room", attempt))
    with assert_queries(4):
        page.get(url("room", attempt))


def test_another_persons_room_is_as_absent_as_none(client, attempt):
    client.force_login(make_user())
    answers = [client.get(url("room", attempt)), client.get(reverse("room", args=[make_user().public_id]))]
    assert [answer.status_code for answer in answers] == [404, 404]


# ── saving


def test_a_save_answers_with_what_it_was_sent_for(page, attempt):
    answer = post(page, attempt, struck=["2"], flag="1", seconds="0")
    assert answer.status_code == 200
    assert answer.json() == {
        "state": "saved",
        "writer": "w",
        "rev": 1,
        "base": 1,
        "answer": ["1"],
        "flag": True,
        "struck": [2],
        "left": 56 * 60.0,
        "build": "local",
    }


def test_a_save_takes_four_queries(page, attempt, assert_queries):
    with assert_queries(4):
        post(page, attempt)


def test_a_conflict_takes_four_queries_too(page, attempt, assert_queries):
    post(page, attempt)
    with assert_queries(4):
        answer = post(page, attempt, answer=["2"], rev=9, writer="other")
    assert (answer.status_code, answer.json()["answer"], answer.json()["base"]) == (409, ["1"], 1)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"answer": ["9"]}, "option"),
        ({"answer": ["0", "1"]}, "1"),
        ({"struck": ["7"]}, "option"),
        ({"rev": "x"}, "page"),
        ({"rev": 0}, "page"),
        ({"base": 5, "rev": 5}, "page"),
        ({"writer": ""}, "page"),
        ({"writer": "w" * 37}, "page"),
        ({"base": -1}, "page"),
    ],
)
def test_what_cannot_be_stored_gets_422_a_sentence_and_changes_nothing(page, attempt, fields, word):
    answer = post(page, attempt, **fields)
    item = attempt.items.get(position=1)
    assert answer.status_code == 422
    assert word in answer.json()["message"]
    assert (item.revision, item.response) == (0, None)


def test_a_save_after_finishing_gets_410_and_a_sentence(page, attempt):
    page.post(url("finish", attempt))
    answer = post(page, attempt)
    assert (answer.status_code, answer.json()["state"]) == (410, "finished")
    assert "finished" in answer.json()["message"]


def test_a_save_after_the_grace_gets_410_and_is_shown_as_late(page, attempt, clock):
    clock.move_to(attempt.deadline_at + GRACE + MINUTE)
    answer = post(page, attempt)
    assert (answer.status_code, answer.json()["state"]) == (410, "late")
    assert "1 answer arrived after the time was up" in page.get(url("result", attempt)).content.decode()


def test_a_save_to_anothers_attempt_gets_404(client, attempt):
    client.force_login(make_user())
    answer = post(client, attempt)
    assert (answer.status_code, answer.json()["state"]) == (404, "refused")


def test_a_save_by_nobody_gets_401_and_no_redirect(client, attempt):
    answer = post(client, attempt)
    assert (answer.status_code, answer.json()["state"]) == (401, "refused")


def test_a_save_without_token_gets_403_as_json(attempt, candidate):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(candidate)
    answer = post(strict, attempt)
    assert answer.status_code == 403
    assert json.loads(answer.content)["state"] == "refused"


# ── without script


def test_without_script_a_save_leads_to_the_question_that_was_asked_for(page, attempt):
    answer = post(page, attempt, headers={"accept": "text/html"}, go="2", qlang="ja")
    assert (answer.status_code, answer.url) == (302, url("room", attempt) + "?item=2&lang=ja")
    assert post(page, attempt, position=2, headers={}, go="review").url == url("room", attempt) + "?review="


def test_without_script_an_answer_can_be_cleared(page, attempt):
    post(page, attempt, headers={})
    post(page, attempt, headers={}, base=1, rev=2, clear="1")
    assert attempt.items.get(position=1).response is None


def test_without_script_a_conflict_shows_both_answers(page, attempt):
    post(page, attempt)
    answer = post(page, attempt, answer=["2"], headers={}, writer="other", flag="1", struck=["0"])
    assert answer.status_code == 409
    assert [[o.is_chosen for o in answer.context[name].options] for name in ("mine", "stored")] == [
        [False, False, True, False],
        [False, True, False, False],
    ]


def test_without_script_a_refused_answer_is_shown_again_with_the_reason(page, attempt):
    answer = post(page, attempt, position=4, answer=["0", "3"], headers={})
    assert answer.status_code == 422
    shown = answer.context["room"].items[3]
    assert [option.is_chosen for option in shown.options] == [True, False, False, True]
    assert answer.context["here"] == 4
    assert answer.context["wrong"] in answer.content.decode()


def test_without_script_a_save_after_the_end_leads_to_the_result_with_a_sentence(page, attempt):
    page.post(url("finish", attempt))
    answer = page.post(url("item", attempt, 1), {"answer": "1", "base": 0, "rev": 1, "writer": "w"}, follow=True)
    assert "can&#x27;t be changed" in answer.content.decode()


# ── time and the end


def test_the_clock_tells_what_is_left_and_every_revision(page, attempt, clock, assert_queries):
    post(page, attempt, position=2)
    clock.shift(MINUTE)
    with assert_queries(4):
        answer = page.get(url("time", attempt), headers=JSON)
    assert answer.json() == {
        "state": "open",
        "left": 55 * 60.0,
        "until": "18:56",
        "build": "local",
        "revisions": [0, 1] + [0] * 18,
    }
    assert "csrftoken" in answer.cookies


def test_finishing_takes_four_queries_and_leads_to_the_receipt(page, attempt, assert_queries):
    with assert_queries(4):
        answer = page.post(url("finish", attempt))
    assert answer.url == url("receipt", attempt)


def test_the_rooms_script_is_led_to_the_receipt_too(page, attempt):
    assert f'data-result="{url("receipt", attempt)}"' in page.get(url("room", attempt)).content.decode()
    answer = page.post(url("finish", attempt), headers={"accept": "application/json"})
    assert answer.json() == {"state": "finished", "next": url("receipt", attempt)}
    assert f'data-attempt="{attempt.public_id}"' in page.get(url("receipt", attempt)).content.decode()


def test_while_closing_neither_room_nor_receipt_nor_result_show_anything(page, attempt, clock):
    clock.move_to(attempt.deadline_at)
    for name in ("room", "receipt", "result"):
        answer = page.get(url(name, attempt))
        assert "report" not in answer.context
        assert "receipt" not in answer.context
        assert "Reason" not in answer.content.decode()
        assert answer["Refresh"] == "21"


def test_an_attempt_that_nobody_attended_is_finished_after_closing(page, attempt, clock):
    clock.move_to(attempt.deadline_at + CLOSING)
    assert page.get(url("room", attempt)).url == url("receipt", attempt)
    answer = page.get(url("result", attempt))
    assert answer.context["result"].ended_at == attempt.deadline_at
    attempt.refresh_from_db()
    assert attempt.finished_at is None


@pytest.mark.parametrize("name", ["receipt", "result"])
def test_an_open_attempt_has_neither_receipt_nor_result(page, attempt, name):
    assert page.get(url(name, attempt)).url == url("room", attempt)


# ── the receipt


def receipt(page, attempt):
    """The receipt's pairs: what is said of each word."""
    text = page.get(url("receipt", attempt)).content.decode()
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text))


def test_the_receipt_says_when_and_how_it_ended_and_what_was_received(page, attempt, candidate, clock):
    for position in (1, 2, 5):
        post(page, attempt, position=position)
    post(page, attempt, position=5, answer=(), base=1, rev=2)
    clock.shift(20 * MINUTE)
    page.post(url("finish", attempt))
    said = receipt(page, attempt)
    assert said.pop("Checksum").count(" ") == 3
    assert said == {
        "Candidate": candidate.display_name,
        "Started": "Nov. 23, 2026, 18:00",
        "Ended": "Nov. 23, 2026, 18:20, by yourself",
        "Time used": "20 of 56 minutes",
        "Answers received": "2 of 20",
        "Too late": "0",
    }


def test_the_receipt_of_one_that_ran_out_says_so_and_counts_what_came_too_late(page, attempt, clock):
    post(page, attempt)
    clock.move_to(attempt.deadline_at + GRACE + MINUTE)
    post(page, attempt, position=2)
    said = receipt(page, attempt)
    assert said["Ended"] == "Nov. 23, 2026, 18:56, when time was up"
    assert said["Answers received"] == "1 of 20"
    assert said["Too late"].startswith("1<")
    service.stamp_expired(attempt.deadline_at + CLOSING)
    assert receipt(page, attempt) == said


def test_the_receipt_counts_extra_time(page, attempt, candidate, clock):
    service.extend(attempt, 10, reason="Alarm", by=candidate, now=NOW)
    clock.shift(60 * MINUTE)
    page.post(url("finish", attempt))
    assert receipt(page, attempt)["Time used"] == "60 of 66 minutes"


def test_the_checksum_can_be_recomputed_and_changes_with_any_answer(page, attempt):
    post(page, attempt)
    page.post(url("finish", attempt))
    attempt.refresh_from_db()
    answers = list(attempt.items.order_by("position").values_list("response", flat=True))
    said = receipt(page, attempt)["Checksum"]
    assert checksum(attempt.public_id, attempt.finished_at, answers) in said
    attempt.items.filter(position=2).update(response=["o0"])
    assert receipt(page, attempt)["Checksum"] != said


def test_the_receipt_tells_nothing_of_keys_or_score_not_even_between_the_lines(page, attempt):
    post(page, attempt)
    page.post(url("finish", attempt))
    texts = set()
    for is_correct in (False, True):
        attempt.items.update(is_correct=is_correct, answer_key={"kind": "single", "right": [f"canary-{is_correct}"]})
        answer = page.get(url("receipt", attempt))
        texts.add(re.sub(r'csrfmiddlewaretoken" value="\w+', "", answer.content.decode()))
        assert not [name for name in ("report", "result", "items") if name in answer.context]
    assert len(texts) == 1
    assert "canary" not in texts.pop()


def test_a_receipt_is_never_stored_writes_nothing_and_takes_six_queries(page, attempt, assert_queries):
    page.post(url("finish", attempt))
    with assert_queries(6), CaptureQueriesContext(connection) as made:
        answer = page.get(url("receipt", attempt))
    assert "no-store" in answer["Cache-Control"]
    assert not [row["sql"] for row in made.captured_queries if not row["sql"].startswith("SELECT")]


def test_another_persons_receipt_is_as_absent_as_none(client, page, attempt):
    page.post(url("finish", attempt))
    client.force_login(make_user())
    answers = [client.get(url("receipt", attempt)), client.get(reverse("receipt", args=[make_user().public_id]))]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_result_leads_back_to_the_receipt_and_the_receipt_to_the_result(page, attempt):
    page.post(url("finish", attempt))
    for one, other in (("receipt", "result"), ("result", "receipt")):
        assert f'href="{url(other, attempt)}"' in page.get(url(one, attempt)).content.decode()


def test_the_receipt_is_in_the_readers_language(page, attempt, candidate):
    page.post(url("finish", attempt))
    candidate.language = "ja"
    candidate.save()
    assert "<dt>照合コード</dt>" in page.get(url("receipt", attempt)).content.decode()


# ── the result


def answer_all(attempt, *, correct):
    """Store right answers for so many questions, wrong ones for the rest."""
    for item in attempt.items.all():
        right = item.answer_key["right"]
        wrong = [next(option for option in item.option_order if option not in right)]
        is_right = item.position <= correct
        attempt.items.filter(pk=item.pk).update(response=right if is_right else wrong, is_correct=is_right)


def test_the_result_shows_score_domains_keys_and_rationales(page, attempt):
    answer_all(attempt, correct=15)
    page.post(url("finish", attempt))
    answer = page.get(url("result", attempt))
    text = answer.content.decode()
    assert (answer.context["report"].scaled, answer.context["report"].passed) == (750, True)
    assert [row.domain.code for row in answer.context["result"].domains] == [
        "data",
        "analysis",
        "modeling",
        "operations",
    ]
    assert text.count("verdict--key") == 20
    assert text.count("Reason ") == 80
    assert "no-store" in answer["Cache-Control"]


def test_the_result_takes_at_most_fifteen_queries(page, attempt, assert_queries):
    page.post(url("finish", attempt))
    with assert_queries(14):
        page.get(url("result", attempt))


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, 20), ({"show": "wrong"}, 5), ({"show": "flagged"}, 1), ({"show": "open"}, 0), ({"domain": "modeling"}, 7)],
)
def test_the_questions_can_be_filtered(page, attempt, query, expected):
    answer_all(attempt, correct=15)
    attempt.items.filter(position=2).update(is_flagged=True)
    page.post(url("finish", attempt))
    assert len(page.get(url("result", attempt), query).context["items"]) == expected


@pytest.mark.parametrize(
    ("correct", "language", "words"),
    [
        (0, "en", "reaches the pass mark is less than 1%."),
        (20, "en", "reaches the pass mark is more than 99%."),
        (0, "ja", "届いている確率は1%未満です。"),
        (20, "ja", "届いている確率は99%超です。"),
    ],
)
def test_a_probability_at_its_ends_is_said_in_words(page, attempt, candidate, correct, language, words):
    answer_all(attempt, correct=correct)
    page.post(url("finish", attempt))
    candidate.language = language
    candidate.save()
    assert words in page.get(url("result", attempt)).content.decode()


@pytest.mark.parametrize(
    ("correct", "language", "words"),
    [
        (15, "en", "Exactly at the pass mark"),
        (15, "ja", "合格ラインちょうど"),
        (16, "en", "50 points over the pass mark"),
        (14, "en", "43 points under the pass mark"),
    ],
)
def test_how_far_a_score_is_from_the_pass_mark_is_said_in_words(page, attempt, candidate, correct, language, words):
    answer_all(attempt, correct=correct)
    page.post(url("finish", attempt))
    candidate.language = language
    candidate.save()
    assert f'<p class="quiet">{words}</p>' in page.get(url("result", attempt)).content.decode()


def test_an_older_result_hides_the_keys_of_questions_in_the_exam_being_sat(page, attempt, exam, candidate):
    answer_all(attempt, correct=20)
    page.post(url("finish", attempt))
    size = exam.sizes.get(code="short")
    service.start(candidate, exam, size, now=NOW + MINUTE, seed=2, language="en")
    text = page.get(url("result", attempt)).content.decode()
    assert text.count("verdict--key") == 0
    assert "Reason" not in text


@pytest.mark.parametrize(("seconds", "keys"), [(-1, 0), (0, 0), (15, 0), (19, 0), (20, 20)])
def test_an_older_result_hides_keys_until_the_later_attempt_is_over(
    page, attempt, exam, candidate, clock, seconds, keys
):
    page.post(url("finish", attempt))
    later = service.start(candidate, exam, exam.sizes.get(code="short"), now=NOW + MINUTE, seed=2, language="en")
    clock.move_to(later.attempt.deadline_at + timedelta(seconds=seconds))
    text = page.get(url("result", attempt)).content.decode()
    assert (text.count("verdict--key"), text.count("Reason ")) == (keys, 4 * keys)


def test_a_full_form_is_sat_from_start_to_result(page, candidate):
    """65 questions, each saved as the page saves it: 40 of the 50 scored are right, of the pilots none."""
    exam = make_exam("a-full-exam")
    make_bank(exam, {"data": 13, "analysis": 16, "modeling": 23, "operations": 13})
    page.post(reverse("start", args=["a-full-exam"]), {"size": "full"})
    attempt = Attempt.objects.get()
    right = set(attempt.items.filter(is_scored=True).values_list("position", flat=True)[:40])
    for item in attempt.items.all():
        key = item.option_order.index(item.answer_key["right"][0])
        answer = str(key if item.position in right else (key + 1) % 4)
        assert post(page, attempt, position=item.position, answer=[answer]).json()["state"] == "saved"
    page.post(url("finish", attempt))
    answer = page.get(url("result", attempt))
    result, report = answer.context["result"], answer.context["report"]
    assert (report.points, report.total, report.cut, report.passed, report.scaled) == (40, 50, 36, True, 821)
    assert (result.pilots, result.answered, answer.context["total"]) == (15, 65, 65)
    assert sum(row.result.total for row in result.domains) == 50
    assert "Meets competencies" in answer.content.decode()


@pytest.mark.parametrize(("language", "drawing"), [("ja", "ring"), ("en", "check")])
def test_right_is_drawn_as_the_reader_expects_it_at_every_place(page, candidate, language, drawing):
    exam = make_exam("a-full-exam")
    make_bank(exam, {"data": 13, "analysis": 16, "modeling": 23, "operations": 13})
    attempt = service.start(candidate, exam, exam.sizes.get(code="full"), now=NOW, seed=1, language="en").attempt
    answer_all(attempt, correct=65)
    service.finish(attempt, now=NOW + MINUTE)
    candidate.language = language
    candidate.save()
    text = page.get(url("result", attempt)).content.decode()
    # Passed, four domains that meet the issuer's words, 65 questions, 65 keys.
    assert text.count(icon(drawing)) == 1 + 4 + 65 + 65
    assert icon({"ring": "check", "check": "ring"}[drawing]) not in text


def test_the_result_is_in_the_readers_language(page, attempt, candidate):
    page.post(url("finish", attempt))
    candidate.language = "ja"
    candidate.save()
    assert "（日本語）" in page.get(url("result", attempt)).content.decode()

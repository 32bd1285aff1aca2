"""What candidates see of what is set for them, and what of its results when; and how instructors change it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from exams.domain.attempts import CLOSING
from exams.models import MemberAccommodation
from exams.queries import results
from exams.services import attempts, cohorts
from tests.factories import NOW, make_assignment, make_bank, make_cohort, make_exam, make_instructor, make_user

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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
def person():
    return make_user(language="en", time_zone="Asia/Tokyo")


@pytest.fixture
def cohort(person):
    return make_cohort(person)


@pytest.fixture
def page(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def room(client, cohort):
    client.force_login(cohort.instructors.get())
    return client


def sit(person, assignment, *, finish=True):
    started = attempts.start(
        person, assignment.exam, assignment.size, now=NOW, seed=1, language="en", assignment=assignment
    )
    if finish:
        attempts.finish(started.attempt, now=NOW + MINUTE)
    return started.attempt


def shown(page, attempt):
    return page.get(reverse("result", args=[attempt.public_id])).content.decode()


def start(page, assignment):
    path = reverse("start", args=[assignment.exam.code])
    return page.post(path, {"assignment": str(assignment.public_id)}, follow=True).content.decode()


# ── what is due


def test_home_lists_first_what_is_due_with_times_in_the_persons_zone(page, cohort, exam):
    make_assignment(cohort, exam, title="Closed", closes_at=NOW - HOUR)
    make_assignment(cohort, exam, title="Later", opens_at=NOW + DAY)
    make_assignment(cohort, exam, title="Tonight", closes_at=NOW + 3 * HOUR)
    text = page.get("/").content.decode()
    assert text.index("Tonight") < text.index("Later") < text.index("Closed")
    assert "Open until Nov. 23, 2026, 21:00." in text
    assert text.count("badge--care") == 1


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"opens_at": NOW + HOUR}, "This exam opens at"),
        ({"closes_at": NOW}, "This exam closed at"),
    ],
)
def test_outside_of_its_window_a_start_is_refused_in_words(page, person, cohort, exam, rules, sentence):
    assignment = make_assignment(cohort, exam, **rules)
    assert sentence in start(page, assignment)
    assert not person.attempts.exists()
    before = reverse("before", args=[exam.code]) + f"?assignment={assignment.public_id}"
    assert page.get(before).url.endswith("#set")


def test_the_page_before_says_where_the_close_cuts_the_time(page, cohort, exam):
    assignment = make_assignment(cohort, exam, closes_at=NOW + 10 * MINUTE)
    text = page.get(reverse("before", args=[exam.code]), {"assignment": assignment.public_id}).content.decode()
    assert "when the exam closes, before the whole time is over" in text
    assert "18:10" in text


def test_used_up_attempts_are_said_and_refused(page, person, cohort, exam):
    assignment = make_assignment(cohort, exam, most_attempts=1)
    sit(person, assignment)
    assert "1 of 1 attempts used." in page.get("/").content.decode()
    assert "You have used all attempts" in start(page, assignment)
    assert person.attempts.count() == 1


# ── what is shown when


def test_a_score_that_waits_is_nowhere_before_the_close(page, person, cohort, exam, clock):
    assignment = make_assignment(cohort, exam, closes_at=NOW + DAY, score_release="closed")
    attempt = sit(person, assignment)
    for at in (NOW + HOUR, NOW + DAY + CLOSING - timedelta(seconds=1)):
        clock.move_to(at)
        page.force_login(person)
        assert "The result is not out yet" in shown(page, attempt)
        assert "qlist" not in shown(page, attempt)
        assert results.history(person, at) == []
        assert "last-h" not in page.get("/").content.decode()
    clock.move_to(NOW + DAY + CLOSING)
    assert "verdict--key" in shown(page, attempt)
    assert len(results.history(person, NOW + DAY + CLOSING)) == 1


def test_keys_wait_for_the_last_members_deadline(page, person, cohort, exam, clock):
    assignment = make_assignment(cohort, exam, closes_at=NOW + HOUR, key_release="last_deadline")
    attempt = sit(person, assignment)
    text = shown(page, attempt)
    assert "score-h" in text
    assert "verdict--key" not in text
    assert "Reason 0" not in text
    other = make_user()
    cohort.memberships.create(candidate=other, accepted_at=NOW)
    MemberAccommodation.objects.create(
        assignment=assignment,
        candidate=other,
        closes_at=NOW + 3 * HOUR,
        reason="Ill.",
        granted_by=assignment.created_by,
        granted_at=NOW,
    )
    for at, is_shown in ((HOUR + CLOSING, False), (3 * HOUR, False), (3 * HOUR + CLOSING, True)):
        clock.move_to(NOW + at)
        assert ("verdict--key" in shown(page, attempt)) is is_shown


def test_keys_wait_for_one_who_may_pass_the_close(page, person, cohort, exam, clock):
    assignment = make_assignment(cohort, exam, closes_at=NOW + HOUR, key_release="last_deadline")
    attempt = sit(person, assignment)
    other = make_user()
    cohort.memberships.create(candidate=other, accepted_at=NOW)
    late = sit(other, assignment, finish=False)
    attempts.extend(late, 60, reason="Ill.", by=assignment.created_by, now=NOW + MINUTE, may_pass_close=True)
    clock.move_to(NOW + HOUR + CLOSING)
    assert "verdict--key" not in shown(page, attempt)
    attempts.finish(late, now=NOW + HOUR + CLOSING)
    assert "verdict--key" in shown(page, attempt)


@pytest.mark.parametrize("is_fixed", [False, True])
def test_keys_that_are_never_shown_are_hidden_in_older_results_too(page, person, cohort, exam, is_fixed):
    alone = attempts.start(person, exam, exam.sizes.get(code="short"), now=NOW - DAY, seed=1, language="en").attempt
    attempts.finish(alone, now=NOW - DAY + MINUTE)
    assert "verdict--key" in shown(page, alone)
    assignment = make_assignment(cohort, exam, key_release="never", is_fixed=is_fixed, most_attempts=1)
    attempt = sit(person, assignment)  # the bank has one form, so that the questions are the same
    for one in (attempt, alone):
        text = shown(page, one)
        assert "verdict--key" not in text
        assert "Reason 0" not in text
        assert "has not released the key" in text


def test_a_form_that_is_the_same_for_everybody_is_hidden_from_who_has_not_sat_it(page, person, cohort, exam):
    alone = attempts.start(person, exam, exam.sizes.get(code="short"), now=NOW - DAY, seed=1, language="en").attempt
    attempts.finish(alone, now=NOW - DAY + MINUTE)
    other = make_user()
    cohort.memberships.create(candidate=other, accepted_at=NOW)
    sit(other, make_assignment(cohort, exam, key_release="never", is_fixed=True, most_attempts=1))
    assert "verdict--key" not in shown(page, alone)
    cohorts.leave(person, cohort, now=NOW)  # leaving opens nothing
    assert "verdict--key" not in shown(page, alone)


def test_a_release_that_is_forgotten_would_be_caught(page, person, cohort, exam, monkeypatch):
    from exams.queries import assignments

    attempt = sit(person, make_assignment(cohort, exam, key_release="never"))
    monkeypatch.setattr(assignments, "withheld", lambda candidate, now: set())
    assert "verdict--key" in shown(page, attempt)


# ── changing


def edit(assignment):
    return reverse("assignment_edit", args=[assignment.cohort.public_id, assignment.public_id])


def test_an_instructor_sets_times_in_their_own_zone(room, cohort, exam):
    assignment = make_assignment(cohort, exam)
    teacher = cohort.instructors.get()
    teacher.time_zone = "America/New_York"
    teacher.save()
    data = {"title": "Second", "size": assignment.size.pk, "closes_at": "2026-11-30T18:00", "key_release": "never"}
    assert room.post(edit(assignment), data).status_code == 302
    assignment.refresh_from_db()
    assert (assignment.title, assignment.key_release) == ("Second", "never")
    assert assignment.closes_at.isoformat() == "2026-11-30T23:00:00+00:00"
    assert 'value="2026-11-30T18:00"' in room.get(edit(assignment)).content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"opens_at": "2026-11-30T18:00", "closes_at": "2026-11-30T18:00"},
        {"score_release": "closed"},
        {"key_release": "last_deadline"},
        {"most_attempts": "0"},
    ],
)
def test_what_makes_no_sense_is_refused(room, cohort, exam, data):
    assignment = make_assignment(cohort, exam)
    answer = room.post(edit(assignment), {"title": "Second", "size": assignment.size.pk, **data})
    assert answer.status_code == 422
    assignment.refresh_from_db()
    assert assignment.title == "First"


PAST = "This close has passed already."


def test_a_close_that_has_passed_is_refused_beside_its_field(room, cohort, exam):
    size = exam.sizes.get(code="short")
    data = {"title": "Second", "size": size.pk, "closes_at": "2026-11-23T18:00"}  # now, in Tokyo
    answer = room.post(reverse("assign", args=[cohort.public_id]), data)
    assert (answer.status_code, answer.context["form"].errors["closes_at"][0][: len(PAST)]) == (422, PAST)
    assignment = make_assignment(cohort, exam, closes_at=NOW + DAY)
    answer = room.post(edit(assignment), data)
    assert (answer.status_code, PAST in answer.content.decode()) == (422, True)
    assignment.refresh_from_db()
    assert assignment.closes_at == NOW + DAY


def test_what_is_closed_can_still_be_given_another_title(room, person, cohort, exam, clock):
    closes_at = NOW + HOUR + timedelta(seconds=30)  # browsers send no seconds
    assignment = make_assignment(cohort, exam, closes_at=closes_at, key_release="last_deadline")
    sit(person, assignment)
    clock.move_to(NOW + 2 * HOUR)
    data = {"title": "Second", "size": assignment.size.pk, "closes_at": "2026-11-23T19:00"}
    answer = room.post(edit(assignment), {**data, "key_release": "last_deadline"}, follow=True)
    assert "The assignment is changed." in answer.content.decode()
    assert "shorter than the exam" not in answer.content.decode()
    assignment.refresh_from_db()
    assert (assignment.title, assignment.closes_at) == ("Second", closes_at)


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        ({"closes_at": "2026-11-23T18:30"}, 30),
        ({"opens_at": "2026-11-23T20:00", "closes_at": "2026-11-23T20:55"}, 55),
        ({"opens_at": "2026-11-23T20:00", "closes_at": "2026-11-23T20:56"}, None),
        ({}, None),
    ],
)
def test_a_window_that_is_shorter_than_the_exam_is_taken_with_a_warning(room, cohort, exam, times, minutes):
    warning = f"The window is shorter than the exam: who starts then gets {minutes} of 56 minutes at most."
    data = {"title": "Second", "size": exam.sizes.get(code="short").pk, **times}
    page = room.post(reverse("assign", args=[cohort.public_id]), data, follow=True).content.decode()
    assert "The exam is set." in page
    assert (warning in page) is (minutes is not None)
    assert ("shorter than the exam" in page) is (minutes is not None)
    page = room.post(edit(make_assignment(cohort, exam)), data, follow=True).content.decode()
    assert (warning in page) is (minutes is not None)
    title_only = {**data, "title": "Third"}
    page = room.post(edit(cohort.assignments.first()), title_only, follow=True).content.decode()
    assert "shorter than the exam" not in page


@pytest.mark.parametrize("number", ["-3", "0", "1.5", "101", "many"])
def test_whatever_is_wrong_with_a_number_is_told_in_one_sentence(room, cohort, exam, number):
    data = {"title": "Second", "size": exam.sizes.get(code="short").pk, "most_attempts": number}
    answer = room.post(reverse("assign", args=[cohort.public_id]), data)
    told = "This number is out of range. Use a whole number from 1 to 100."
    assert answer.context["form"].errors == {"most_attempts": [told]}


def test_what_was_set_by_mistake_is_removed_until_somebody_starts_it(room, person, cohort, exam):
    def path(assignment):
        return reverse("assignment_remove", args=[cohort.public_id, assignment.public_id])

    kept, mistake = make_assignment(cohort, exam), make_assignment(cohort, exam, title="Twice")
    assert f'action="{path(mistake)}"' in room.get(edit(mistake)).content.decode()
    answer = room.post(path(mistake), follow=True)
    assert answer.redirect_chain == [(reverse("cohort", args=[cohort.public_id]), 302)]
    assert "“Twice” is removed." in answer.content.decode()
    assert room.post(path(mistake)).url == reverse("cohort", args=[cohort.public_id])  # pressed twice
    sit(person, kept)
    assert path(kept) not in room.get(edit(kept)).content.decode()
    answer = room.post(path(kept), follow=True)
    assert "so it can&#x27;t be removed any more." in answer.content.decode()
    assert list(cohort.assignments.all()) == [kept]


def test_what_attempts_rest_on_can_t_be_sent_any_more(room, person, cohort, exam):
    assignment = make_assignment(cohort, exam)
    sit(person, assignment)
    other = make_exam("another").sizes.get(code="full")
    data = {"title": "Second", "size": other.pk, "is_fixed": "on", "opens_at": "2026-11-30T18:00", "cohort": 0}
    room.post(edit(assignment), {**data, "created_by": person.pk, "public_id": "x"})
    before = {name: getattr(assignment, name) for name in ("size", "exam", "is_fixed", "opens_at", "created_by")}
    assignment.refresh_from_db()
    assert assignment.title == "Second"
    assert {name: getattr(assignment, name) for name in before} == before


def test_a_member_is_granted_more_and_a_stranger_is_absent(room, person, cohort, exam):
    assignment = make_assignment(cohort, exam)

    def path(who):
        return reverse("member_accommodation", args=[cohort.public_id, assignment.public_id, who.public_id])

    assert room.post(path(person), {"percent": 0, "minutes": 0, "reason": "A note."}).status_code == 422
    assert room.post(path(person), {"percent": 50, "minutes": 0, "reason": "A note."}).status_code == 302
    granted = MemberAccommodation.objects.get()
    assert (granted.percent, granted.granted_by) == (50, cohort.instructors.get())
    assert room.get(path(make_user())).status_code == 404
    room.post(path(person), {"withdraw": ""})
    assert not MemberAccommodation.objects.exists()


def test_another_instructor_changes_nothing(client, cohort, exam):
    assignment = make_assignment(cohort, exam)
    client.force_login(make_instructor())
    assert client.post(edit(assignment), {"title": "Mine"}).status_code == 404

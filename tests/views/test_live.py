"""The live board, and what instructors do to single attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from exams.models import Assignment, Attempt, Membership
from exams.queries import live
from exams.services import attempts, cohorts, interventions
from tests.factories import (
    NOW,
    make_assignment,
    make_bank,
    make_cohort,
    make_exam,
    make_instructor,
    make_members,
    make_user,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def people():
    return [make_user(name) for name in ("Aoki", "Baba", "Chiba")]


@pytest.fixture
def assignment(people):
    exam = make_exam("an-exam")
    make_bank(exam)
    return make_assignment(make_cohort(*people), exam, key_release="never")


@pytest.fixture
def room(client, assignment):
    client.force_login(assignment.created_by)
    return client


def sit(person, assignment, *, answered=0):
    attempt = attempts.start(
        person, assignment.exam, assignment.size, now=NOW, seed=1, language="en", assignment=assignment
    ).attempt
    attempt.items.filter(position__lte=answered).update(response=["o0"], saved_at=NOW)
    return attempt


def url(name, assignment, *more):
    return reverse(name, args=[assignment.cohort.public_id, assignment.public_id, *more])


def test_the_board_says_who_sits_how_far_they_are_and_when_they_last_saved(room, assignment, people, clock):
    sit(people[1], assignment, answered=7)
    attempts.finish(sit(people[2], assignment), now=NOW + MINUTE)
    clock.move_to(NOW + 6 * MINUTE)
    board = room.get(url("assignment_live", assignment)).context["board"]
    rows = [(row.candidate.display_name, row.standing.value, row.answered, row.total) for row in board.rows]
    assert rows == [("Baba", "running", 7, 20), ("Aoki", "waiting", 0, 0), ("Chiba", "finished", 0, 20)]
    assert (board.rows[0].seconds_left, board.rows[0].saved_at) == (50 * 60, NOW)
    assert board.counts == {"running": 1, "waiting": 1, "finished": 1}


def test_the_script_gets_what_changes_and_everybody_else_the_page(room, assignment):
    page = room.get(url("assignment_live", assignment)).content.decode()
    part = room.get(url("assignment_live", assignment), headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert 'hx-trigger="every 10s"' in page
    assert part.startswith('<div id="board"')
    assert part.strip() in page


def test_nothing_of_answers_and_scores_is_on_the_board(room, assignment, people):
    attempt = sit(people[0], assignment, answered=20)
    attempt.items.update(is_correct=True)
    fields = live.BoardRow.__dataclass_fields__
    assert not {"report", "score", "response", "items"} & set(fields)
    path, script = url("assignment_live", assignment), {"HX-Request": "true"}  # no token, which differs
    before = room.get(path, headers=script).content
    attempt.items.update(is_correct=False)
    assert room.get(path, headers=script).content == before


@pytest.mark.parametrize("number", [3, 300])
def test_the_board_takes_as_many_queries_for_three_as_for_three_hundred(
    room, assignment, people, assert_queries, number
):
    more = [make_user(password=None) for _ in range(number - 3)]
    Membership.objects.bulk_create(
        Membership(cohort=assignment.cohort, candidate=person, accepted_at=NOW) for person in more
    )
    first = sit(people[0], assignment, answered=3)
    Attempt.objects.bulk_create(
        Attempt(
            candidate=person,
            exam=first.exam,
            size_code="short",
            assignment=assignment,
            language="en",
            parameters=first.parameters,
            seed=1,
            started_at=NOW,
            deadline_at=first.deadline_at,
            finished_at=NOW if n % 2 else None,
        )
        for n, person in enumerate(more)
    )
    with assert_queries(10):
        found = room.get(url("assignment_live", assignment), headers={"HX-Request": "true"})
    assert len(found.context["board"].rows) == number


def test_a_large_cohort_is_shown_in_pages_and_counted_whole(room, assignment, people):
    make_members(assignment.cohort, 120)
    path = url("assignment_live", assignment)
    first, second = (room.get(path, {"page": page}, headers={"HX-Request": "true"}) for page in (1, 2))
    assert [len(answer.context["rows"]) for answer in (first, second)] == [100, 23]
    shown = [row.candidate.pk for answer in (first, second) for row in answer.context["rows"]]
    assert len(set(shown)) == 123
    assert second.context["board"].counts["waiting"] == 123
    assert f'hx-get="{path}?page=2"' in second.content.decode()  # it renews the page that is looked at
    for beyond in ("9", "-1", "many", "9" * 30):
        assert room.get(path, {"page": beyond}).status_code == 200


def test_extra_time_is_given_with_a_reason_and_reaches_the_clock(room, assignment, people):
    attempt = sit(people[0], assignment)
    path = url("live_attempt", assignment, attempt.public_id)
    assert room.post(path, {"extend": "", "extend-minutes": 10, "extend-reason": ""}).status_code == 422
    answer = room.post(path, {"extend": "", "extend-minutes": 10, "extend-reason": "A fire alarm."})
    assert answer.url == url("assignment_live", assignment)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 66 * MINUTE
    page = room.get(path).content.decode()
    assert "A fire alarm." in page
    assert assignment.created_by.display_name in page


@pytest.mark.parametrize(
    ("sent", "told", "minutes"),
    [
        ({}, "Aoki has more time. Until Nov. 23, 2026, 19:00: the exam closes then.", 4),
        ({"extend-may_pass_close": "on"}, "Aoki has more time.</p>", 300),
        ({"extend-minutes": 3}, "Aoki has more time.</p>", 3),
    ],
)
def test_time_that_the_close_cuts_is_told_and_kept_as_what_is_left_of_it(room, assignment, people, sent, told, minutes):
    Assignment.objects.update(closes_at=NOW + 60 * MINUTE)
    attempt = sit(people[0], Assignment.objects.get())
    path = url("live_attempt", assignment, attempt.public_id)
    answer = room.post(path, {"extend": "", "extend-minutes": 300, "extend-reason": "Ill.", **sent}, follow=True)
    assert told in answer.content.decode()
    assert attempt.extensions.get().minutes == minutes


def test_what_was_done_to_an_attempt_is_listed_by_time(room, assignment, people):
    attempt, by = sit(people[0], assignment), assignment.created_by
    interventions.void(attempt, reason="First.", by=by, now=NOW + MINUTE)
    interventions.restore(attempt, reason="Second.", by=by, now=NOW + 2 * MINUTE)
    interventions.reopen(attempt, 20, reason="Third.", by=by, now=NOW + 3 * MINUTE)
    attempts.extend(attempt, 5, reason="Fourth.", by=by, now=NOW + 4 * MINUTE)
    interventions.void(attempt, reason="Fifth.", by=by, now=NOW + 5 * MINUTE)
    record = live.watched(attempt, NOW + 6 * MINUTE).record
    assert [entry.reason for entry in record] == ["First.", "Second.", "Third.", "Fourth.", "Fifth."]
    assert [entry.minutes for entry in record] == [None, None, None, 5, None]
    page = room.get(url("live_attempt", assignment, attempt.public_id)).content.decode()
    assert page.index("Third.") < page.index("5 more minutes") < page.index("Fifth.")


def test_an_attempt_is_declared_void_and_its_candidate_sees_no_result(room, client, assignment, people):
    attempt = sit(people[0], assignment)
    room.post(url("live_attempt", assignment, attempt.public_id), {"void": "", "void-reason": "Not them."})
    attempt.refresh_from_db()
    assert attempt.is_void
    people[0].language = "en"
    people[0].save()
    client.force_login(people[0])
    page = client.get(reverse("result", args=[attempt.public_id])).content.decode()
    assert "This attempt is void" in page
    assert "Not them." not in page
    assert "qlist" not in page
    assert client.get(reverse("room", args=[attempt.public_id])).url == reverse("receipt", args=[attempt.public_id])


def test_what_was_void_is_reached_from_the_new_attempt_and_counts_again(room, assignment, people):
    attempt = sit(people[0], assignment)
    room.post(url("live_attempt", assignment, attempt.public_id), {"void": "", "void-reason": "Not them."})
    again = sit(people[0], assignment)
    path = url("live_attempt", assignment, attempt.public_id)
    assert f'href="{path}"' in room.get(url("live_attempt", assignment, again.public_id)).content.decode()
    answer = room.post(path, {"restore": "", "restore-reason": "It was."})
    assert answer.status_code == 422
    assert "The candidate is sitting this exam again already." in answer.content.decode()
    attempts.finish(again, now=NOW)
    answer = room.post(path, {"restore": "", "restore-reason": "It was."}, follow=True)
    assert "The attempt of Aoki counts again." in answer.content.decode()
    assert answer.context["board"].rows[2].sat == 2
    page = room.get(path).content.decode()
    assert "It was." in page
    assert 'name="void"' in page


def test_a_finished_attempt_is_opened_again_and_its_candidate_goes_on(room, client, assignment, people, clock):
    attempt = sit(people[0], assignment)
    attempts.finish(attempt, now=NOW + MINUTE)
    clock.move_to(NOW + 5 * MINUTE)
    path = url("live_attempt", assignment, attempt.public_id)
    assert room.get(path).context["forms"]["reopen"].initial == {"minutes": 55}
    room.post(path, {"reopen": "", "reopen-minutes": 30, "reopen-reason": "By mistake."})
    client.force_login(people[0])
    assert client.get(reverse("room", args=[attempt.public_id])).status_code == 200


def test_what_a_service_refuses_is_told_beside_its_form(room, assignment, people):
    attempt = sit(people[0], assignment)
    attempts.finish(attempt, now=NOW)
    path = url("live_attempt", assignment, attempt.public_id)
    answer = room.post(path, {"extend": "", "extend-minutes": 10, "extend-reason": "Late."})
    assert answer.status_code == 422
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 56 * MINUTE


@pytest.mark.parametrize("whose", ["leaver", "own", "other"])
def test_attempts_that_are_not_the_instructors_business_are_absent(room, assignment, people, whose):
    if whose == "leaver":
        attempt = sit(people[0], assignment)
        cohorts.leave(people[0], assignment.cohort, now=NOW)
    elif whose == "own":
        size = assignment.size
        attempt = attempts.start(people[0], assignment.exam, size, now=NOW, seed=1, language="en").attempt
    else:
        other = make_assignment(make_cohort(people[0], teacher=make_instructor()), assignment.exam)
        attempt = sit(people[0], other)
    path = url("live_attempt", assignment, attempt.public_id)
    data = {"void": "", "void-reason": "Mine."}
    assert (room.get(path).status_code, room.post(path, data).status_code) == (404, 404)
    attempt.refresh_from_db()
    assert not attempt.is_void


def test_fields_that_no_form_has_change_nothing(room, assignment, people):
    attempt = sit(people[0], assignment)
    before = Attempt.objects.filter(pk=attempt.pk).values().get()
    data = {"extend": "", "extend-minutes": 10, "extend-reason": "A fire alarm.", "deadline_at": "2030-01-01"}
    more = {
        "candidate": people[1].pk,
        "is_void": "1",
        "extend-is_void": "1",
        "extend-by": people[1].pk,
        "started_at": "2020-01-01",
    }
    room.post(url("live_attempt", assignment, attempt.public_id), {**data, **more})
    after = Attempt.objects.filter(pk=attempt.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {"deadline_at"}
    assert after["deadline_at"] == NOW + 66 * MINUTE
    assert attempt.extensions.get().granted_by == assignment.created_by

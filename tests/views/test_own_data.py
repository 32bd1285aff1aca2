"""Taking one's data along, and leaving for good."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from exams.models import (
    Accommodation,
    Attempt,
    AttemptItem,
    Intervention,
    Invitation,
    MemberAccommodation,
    Membership,
    Report,
    User,
)
from exams.queries.own_data import own_data
from exams.services import attempts, cohorts, interventions, invitations
from exams.services import own_data as service
from tests.factories import (
    NOW,
    PASSWORD,
    make_bank,
    make_exam,
    make_exam_of_all_kinds,
    make_instructor,
    make_user,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person():
    person = make_user("青木 さくら", language="en", email="sakura@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def exam():
    exam = make_exam("an-exam")
    make_bank(exam)
    return exam


@pytest.fixture
def own(client, person):
    client.force_login(person)
    return client


def start(person, exam, at=NOW, **fields):
    size = exam.sizes.get(code="short")
    return attempts.start(person, exam, size, now=at, seed=1, language="en", **fields).attempt


def join(person, exam):
    teacher = make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    cohorts.join(person, cohorts.invite(cohort, by=teacher, now=NOW), now=NOW)
    return cohorts.assign(cohort, exam, exam.sizes.get(code="short"), title="First", is_fixed=False, by=teacher)


# ── the file


def test_the_file_has_profile_memberships_attempts_answers_and_notes(own, person, exam):
    assignment = join(person, exam)
    attempt = start(person, exam, assignment=assignment)
    item = attempt.items.get(position=1)
    attempt.items.filter(pk=item.pk).update(response=["o2"], note="ask again", is_flagged=True, saved_at=NOW)
    attempts.finish(attempt, now=NOW + MINUTE)
    Accommodation.objects.create(candidate=person, percent=25, note="of others")
    answer = own.get(reverse("own-data"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mogi-own-data.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    found = json.loads(answer.content)
    assert found["profile"]["name"] == "青木 さくら"
    assert found["profile"]["addresses"] == [{"email": "sakura@example.org", "verified": True, "primary": True}]
    assert found["profile"]["extra_time"] == {"percent": 25, "minutes": 0}
    assert found["memberships"] == [{"cohort": "Autumn", "accepted_at": NOW.isoformat(), "left_at": None}]
    (told,) = found["attempts"]
    assert told["assignment"] == {"title": "First", "cohort": "Autumn"}
    assert told["result"] == {"points": 0, "of": 20, "score": 100, "passed": False}
    first = told["answers"][0]
    code = item.version.question.code
    assert (first["answer"], first["note"], first["flagged"]) == ([f"Answer 2 of {code}"], "ask again", True)
    assert first["question"] == f"{code}: Which is right?"
    assert len(told["answers"]) == 20


def test_answers_of_every_kind_are_told_in_words(person):
    exam = make_exam_of_all_kinds()
    attempt = start(person, exam)
    given = {
        "single": ["o1"],
        "multiple": ["o0"],
        "ordering": {"o1": 1},
        "matching": {"o0": "t1"},
    }
    codes = {}
    for item in attempt.items.select_related("version__question"):
        codes[item.position] = item.version.question.code
        attempt.items.filter(pk=item.pk).update(response=given[item.answer_key["kind"]], late_response=["o0"])
    told = {codes[row["position"]]: row for row in own_data(person, NOW)["attempts"][0]["answers"]}
    answers = {code.rpartition("-")[0]: (code, row["answer"]) for code, row in told.items()}
    code, ordered = answers["ordering"]
    assert ordered == {f"Answer 1 of {code}": 1}
    code, matched = answers["matching"]
    assert matched == {f"Answer 0 of {code}": f"Target 1 of {code}"}
    assert all(row["came_too_late"] == [f"Answer 0 of {code}"] for code, row in told.items())


def test_the_file_says_nothing_of_keys_nor_of_a_result_that_is_not_out(own, person, exam):
    attempt = start(person, exam)
    attempt.items.update(is_correct=True, response=["o0"])
    before = own.get(reverse("own-data")).content
    assert json.loads(before)["attempts"][0]["result"] is None
    attempt.items.update(is_correct=False)
    assert own.get(reverse("own-data")).content == before
    assert b"Reason" not in before


def test_the_file_has_nothing_of_others(own, person, exam):
    other = make_user("Somebody Else")
    attempts.finish(start(other, exam), now=NOW)
    text = own.get(reverse("own-data")).content.decode()
    assert json.loads(text)["attempts"] == []
    assert "Somebody" not in text


@pytest.mark.parametrize("number", [1, 5])
def test_the_file_takes_as_many_queries_for_one_attempt_as_for_five(person, exam, assert_queries, number):
    for count in range(number):
        attempts.finish(start(person, exam, NOW + count * MINUTE), now=NOW + count * MINUTE)
    with assert_queries(14):
        own_data(person, NOW + 9 * MINUTE)


# ── leaving for good


def delete(client, password=PASSWORD):
    return client.post(reverse("delete-account"), {"password": password})


def test_without_the_password_nothing_happens(own, person):
    answer = delete(own, "wrong")
    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    person.refresh_from_db()
    assert person.is_active


def test_passwords_cannot_be_tried_without_end(own, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {}  # as they are by default; the tests have none
    statuses = [delete(own, "wrong").status_code for _ in range(12)]
    assert 429 in statuses
    assert delete(own).status_code == 429
    assert User.objects.get(pk=person.pk).is_active


def test_who_leaves_is_nameless_and_cannot_sign_in_again(own, person, exam):
    elsewhere = Client()
    elsewhere.force_login(person)
    stranger = Client()
    stranger.force_login(make_user())
    old_id = person.public_id
    assert delete(own).url == "/"
    person.refresh_from_db()
    assert (person.display_name, person.language, person.time_zone, person.last_login) == ("", "", "", None)
    assert person.email == f"{person.public_id}@gone.invalid"
    assert person.public_id != old_id
    assert not person.is_active
    assert not person.has_usable_password()
    assert not EmailAddress.objects.filter(user=person).exists()
    assert Session.objects.count() == 1  # the stranger's
    assert elsewhere.get(reverse("own-account")).status_code == 302
    assert stranger.get(reverse("own-account")).status_code == 200
    page = own.get("/", headers={"accept-language": "en"}).content.decode()
    assert "Your account is deleted." in page
    assert own.post("/accounts/login/", {"login": "sakura@example.org", "password": PASSWORD}).status_code == 200


def test_the_address_is_free_again(own, person):
    delete(own)
    assert make_user(email="sakura@example.org").pk != person.pk


def test_answers_and_results_survive_and_notes_do_not(own, person, exam):
    attempt = start(person, exam)
    attempt.items.filter(position__lte=15).update(is_correct=True, response=["o0"], note="private", writer="w")
    attempts.finish(attempt, now=NOW + MINUTE)
    delete(own)
    items = AttemptItem.objects.filter(attempt=attempt)
    assert items.filter(is_correct=True, response=["o0"]).count() == 15
    assert not items.exclude(note="", writer="").exists()
    assert Attempt.objects.get(pk=attempt.pk).candidate_id == person.pk


def test_a_running_attempt_ends_with_its_person(own, person, exam, clock):
    attempt = start(person, exam)
    clock.shift(MINUTE)
    assert "It ends with your account." in own.get(reverse("delete-account")).content.decode()
    delete(own)
    attempt.refresh_from_db()
    assert attempt.finished_at == NOW + MINUTE


def test_memberships_accommodation_and_what_others_wrote_are_deleted(own, person, exam):
    attempt = start(person, exam, assignment=join(person, exam))
    accommodation = Accommodation.objects.create(candidate=person, percent=25, note="because")
    attempts.extend(attempt, 5, reason="Ms Aoki is ill", by=make_user(), now=NOW)
    for row in (person, accommodation):
        LogEntry.objects.create(
            user=make_user(),
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
        )
    delete(own)
    assert not Membership.objects.filter(candidate=person).exists()
    assert not Accommodation.objects.exists()
    assert attempt.extensions.get().reason == "–"
    assert set(LogEntry.objects.values_list("object_repr", flat=True)) == {"–"}


def test_what_others_noted_about_who_leaves_and_what_the_person_reported_goes_too(own, person, exam):
    assignment = join(person, exam)
    attempt = start(person, exam, assignment=assignment)
    attempts.finish(attempt, now=NOW + MINUTE)
    teacher = assignment.created_by
    interventions.void(attempt, reason="Sakura was ill", by=teacher, now=NOW + MINUTE)
    MemberAccommodation.objects.create(
        assignment=assignment, candidate=person, percent=25, reason="ill", granted_by=teacher, granted_at=NOW
    )
    invitations.invite_each(assignment.cohort, [person.email], by=teacher, now=NOW)
    item = attempt.items.get(position=1)
    Report.objects.create(
        version=item.version, item=item, candidate=person, category="key", text="I think so", language="en", sent_at=NOW
    )
    found = json.loads(own.get(reverse("own-data")).content)
    assert [row["text"] for row in found["reports"]] == ["I think so"]
    assert [row["reason"] for row in found["time_in_assignments"]] == ["ill"]
    assert [row["kind"] for row in found["attempts"][0]["interventions"]] == ["void"]
    assert "Sakura was ill" not in json.dumps(found, ensure_ascii=False)  # whoever declares it void is told so
    service.forget(person, now=NOW + MINUTE)
    assert Intervention.objects.get().reason == service.REMOVED
    assert not MemberAccommodation.objects.exists()
    assert not Report.objects.exists()
    assert not Invitation.objects.filter(email__gt="").exists()


def test_an_instructor_who_leaves_teaches_nothing_any_more(client):
    teacher = make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    cohorts.invite(cohort, by=teacher, now=NOW)
    client.force_login(teacher)
    delete(client)
    assert not cohort.instructors.exists()
    assert not cohort.invitations.filter(revoked_at=None).exists()
    assert not teacher.groups.exists()


def test_an_administrator_stays(client):
    boss = make_user(is_staff=True, is_superuser=True)
    client.force_login(boss)
    assert delete(client).url == reverse("own-account")
    boss.refresh_from_db()
    assert boss.is_active
    with pytest.raises(service.AdministratorStays):
        service.forget(boss, now=NOW)


def test_what_else_is_sent_along_changes_nothing(own, person):
    other = make_user()
    own.post(reverse("delete-account"), {"password": PASSWORD, "user": other.pk, "id": other.pk, "is_superuser": "1"})
    other.refresh_from_db()
    person.refresh_from_db()
    assert (other.is_active, person.is_active, person.is_superuser) == (True, False, False)


def test_the_account_has_its_page(own, person):
    page = own.get(reverse("own-account")).content.decode()
    assert "sakura@example.org" in page
    assert reverse("own-data") in page

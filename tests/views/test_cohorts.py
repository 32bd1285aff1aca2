"""The instructor's room, and joining."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from exams.models import Assignment, Cohort, Invitation, Membership
from exams.queries import assignments as assigned
from exams.queries import cohort_results, invitations
from exams.services import cohorts
from exams.services.invitations import invite_each
from tests.classroom import MINUTE, join, sit
from tests.factories import NOW, make_assignment, make_author, make_exam, make_instructor, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# ── cohorts and invitations


def test_who_makes_a_cohort_teaches_it(room, instructor):
    answer = room.post(reverse("cohorts"), {"name": "Spring"})
    made = Cohort.objects.get()
    assert answer.url == reverse("cohort", args=[made.public_id])
    assert list(made.instructors.all()) == [instructor]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "AN-EXAM, Short, the same questions for everybody, until 2026-11-23 19:00</p>"),
        ("ja", "AN-EXAM、Short（日本語）、全員に同じ問題を出す、2026/11/23 19:00まで</p>"),
    ],
)
def test_what_is_set_is_told_in_one_line_without_stray_spaces(room, cohort, exam, instructor, language, line):
    instructor.language = language
    instructor.save()
    make_assignment(cohort, exam, is_fixed=True, closes_at=NOW + 60 * MINUTE)
    page = room.get(reverse("cohort", args=[cohort.public_id])).content.decode()
    assert line in page.replace("\n", "")


def test_a_cohort_without_a_name_is_refused_beside_the_field(room):
    assert "error" in room.post(reverse("cohorts"), {"name": " "}).content.decode()
    assert not Cohort.objects.exists()


def test_only_instructors_have_a_room(client, cohort):
    for person in (make_user(), make_author()):
        client.force_login(person)
        assert client.get(reverse("cohorts")).status_code == 403


def test_another_instructors_cohort_is_as_absent_as_none(client, cohort, assignment):
    client.force_login(make_instructor())
    paths = [
        reverse("cohort", args=[cohort.public_id]),
        reverse("cohort", args=[assignment.public_id]),
        reverse("assignment", args=[cohort.public_id, assignment.public_id]),
    ]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert client.post(reverse("invite", args=[cohort.public_id])).status_code == 404


def test_an_invitation_is_shown_once_and_kept_as_a_hash_only(room, cohort):
    page = room.post(reverse("invite", args=[cohort.public_id]), follow=True).content.decode()
    token = re.search(r"/join/([\w-]+)/", page).group(1)
    assert len(token) >= 43
    assert token not in Invitation.objects.get().token_hash
    assert "/join/" not in room.get(reverse("cohort", args=[cohort.public_id])).content.decode()


def test_the_page_to_join_says_who_sees_what_and_a_post_joins(client, cohort, instructor):
    token = cohorts.invite(cohort, by=instructor, now=NOW)
    person = make_user(language="en")
    client.force_login(person)
    page = client.get(reverse("join", args=[token])).content.decode()
    assert "What the instructors of this cohort will see" in page
    assert instructor.display_name in page
    assert not Membership.objects.exists()
    for _ in range(2):
        assert client.post(reverse("join", args=[token])).url == "/"
    assert Membership.objects.get().candidate == person


def test_unknown_replaced_withdrawn_and_expired_links_look_alike(client, cohort, instructor, clock):
    replaced = cohorts.invite(cohort, by=instructor, now=NOW)
    withdrawn = cohorts.invite(cohort, by=instructor, now=NOW)
    cohorts.revoke_invitation(cohort, now=NOW)
    expired = cohorts.invite(cohort, by=instructor, now=NOW - cohorts.INVITATION_LASTS)
    client.force_login(make_user(language="en"))
    pages = {
        re.sub(r'value="[^"]*"', "", client.get(reverse("join", args=[token])).content.decode().replace(token, ""))
        for token in ("unknown", replaced, withdrawn, expired)
    }
    assert len(pages) == 1
    assert "does not lead anywhere" in pages.pop()
    assert client.post(reverse("join", args=[expired])).status_code == 404
    assert not Membership.objects.exists()


def test_a_stranger_is_sent_to_sign_in_and_back_and_told_why(client, cohort, instructor):
    token = cohorts.invite(cohort, by=instructor, now=NOW)
    path = reverse("join", args=[token])
    assert client.get(path).url == f"/accounts/login/?next={path}"
    why = "Sign in or make an account to join the cohort that this link leads to."
    english = {"Accept-Language": "en"}
    for way_in in (reverse("account_login"), reverse("account_signup")):
        page = client.get(way_in, {"next": path}, headers=english).content.decode()
        assert why in page
        assert cohort.name not in page
        for elsewhere in ({}, {"next": "/"}, {"next": "nowhere"}, {"next": "https://example.org/join/x/"}):
            assert why not in client.get(way_in, elsewhere, headers=english).content.decode()


def test_a_member_who_opens_a_link_again_is_led_home(client, cohort, instructor):
    person = join(cohort, make_user(language="en"), instructor)
    (own,) = invite_each(cohort, [person.email], by=instructor, now=NOW)
    client.force_login(person)
    for token in (cohorts.invite(cohort, by=instructor, now=NOW), own.token):
        page = client.get(reverse("join", args=[token])).content.decode()
        assert f"You are a member of {cohort.name} already." in page
        assert '<form class="row" method="post">' not in page
    cohorts.leave(person, cohort, now=NOW)
    assert "What the instructors of this cohort will see" in client.get(reverse("join", args=[token])).content.decode()


def test_a_link_can_be_withdrawn(room, cohort, instructor):
    token = cohorts.invite(cohort, by=instructor, now=NOW)
    room.post(reverse("revoke", args=[cohort.public_id]))
    with pytest.raises(Invitation.DoesNotExist):
        invitations.invited_to(token, NOW)


def test_one_who_leaves_is_seen_no_more_and_may_come_back(client, cohort, assignment, instructor):
    person = join(cohort, make_user(), instructor)
    sit(person, assignment)
    client.force_login(person)
    client.post(reverse("leave", args=[cohort.public_id]))
    assert cohort_results.assignment_results(assignment, NOW + MINUTE, reader=instructor).rows == ()
    assert not assigned.assigned_to(person).exists()
    join(cohort, person, instructor)
    assert len(cohort_results.assignment_results(assignment, NOW + MINUTE, reader=instructor).rows) == 1


def test_leaving_a_cohort_that_one_is_not_in_is_absent(client, cohort):
    client.force_login(make_user())
    assert client.post(reverse("leave", args=[cohort.public_id])).status_code == 404


# ── assignments


def test_what_is_set_appears_on_the_members_home_and_starts_in_the_assignment(room, client, cohort, exam, instructor):
    size = exam.sizes.get(code="short")
    room.post(reverse("assign", args=[cohort.public_id]), {"title": "Week 1", "size": size.pk})
    assignment = Assignment.objects.get()
    person = join(cohort, make_user(language="en"), instructor)
    client.force_login(person)
    assert "Week 1" in client.get("/").content.decode()
    client.post(reverse("start", args=["an-exam"]), {"assignment": str(assignment.public_id)})
    assert person.attempts.get().assignment == assignment


def test_a_size_that_the_bank_cannot_fill_is_refused_with_what_is_missing(room, cohort, exam):
    size = exam.sizes.get(code="full")
    answer = room.post(reverse("assign", args=[cohort.public_id]), {"title": "Week 1", "size": size.pk})
    assert answer.status_code == 422
    assert "Data 9" in answer.content.decode()
    assert not Assignment.objects.exists()


def test_the_form_offers_first_what_the_bank_can_fill_and_marks_what_it_cannot(room, cohort, exam):
    full, short = exam.sizes.get(code="full"), exam.sizes.get(code="short")
    page = room.get(reverse("cohort", args=[cohort.public_id])).content.decode()
    assert f'<option value="{short.pk}" selected>AN-EXAM, Short: 20 questions, 56 minutes</option>' in page
    assert f'<option value="{full.pk}" disabled>AN-EXAM, Full: 65 questions, 180 minutes (the question' in page


def test_what_is_missing_is_listed_as_its_reader_lists_things(room, cohort, exam, instructor):
    instructor.language = "ja"
    instructor.save()
    size = exam.sizes.get(code="full")
    answer = room.post(reverse("assign", args=[cohort.public_id]), {"title": "Week 1", "size": size.pk})
    assert "Data（日本語）9問、Analysis（日本語）11問、" in answer.content.decode()


def test_the_page_to_join_has_no_space_after_a_japanese_colon(client, cohort, instructor):
    token = cohorts.invite(cohort, by=instructor, now=NOW)
    client.force_login(make_user(language="ja"))
    text = client.get(reverse("join", args=[token])).content.decode()
    assert f"講師：{instructor.display_name}" in text


def test_the_language_can_be_switched_on_a_form_that_was_refused(room, cohort):
    answer = room.post(reverse("assign", args=[cohort.public_id]), {})
    target = reverse("cohort", args=[cohort.public_id])
    assert answer.status_code == 422
    assert f'name="next" value="{target}"' in answer.content.decode()
    assert room.get(target).status_code == 200


def test_a_fixed_assignment_gives_everybody_the_same_questions(cohort, exam, instructor):
    size = exam.sizes.get(code="short")
    fixed = cohorts.assign(cohort, exam, size, title="Same", is_fixed=True, by=instructor)
    forms = [
        [item.version_id for item in sit(join(cohort, make_user(), instructor), fixed).items.all()] for _ in range(2)
    ]
    assert forms[0] == forms[1]
    assert fixed.form.items.count() == 20


# ── queries


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_cohorts_takes_as_many_queries_for_one_as_for_thirty(room, instructor, assert_queries, number):
    for count in range(number):
        cohorts.make_cohort(f"C{count}", by=instructor)
    with assert_queries(5):
        room.get(reverse("cohorts"))


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_of_a_cohort_takes_as_many_queries_for_one_as_for_thirty(
    room, cohort, exam, instructor, assert_queries, number
):
    for count in range(number):
        join(cohort, make_user(), instructor)
        cohorts.assign(cohort, exam, exam.sizes.first(), title=f"Set {count}", is_fixed=False, by=instructor)
        make_exam(f"another-{count}")
    with assert_queries(15):
        room.get(reverse("cohort", args=[cohort.public_id]))

"""What administrators may enter about people."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from exams.admin.people import PersonChangeForm
from exams.models import Accommodation
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def change(user, **data):
    form = PersonChangeForm({"email": user.email, "display_name": user.display_name, **data}, instance=user)
    return form if not form.is_valid() else form.save()


def test_language_and_time_zone_are_chosen_from_what_there_is():
    user = make_user()
    assert change(user, language="ja", time_zone="Europe/Helsinki") == user
    user.refresh_from_db()
    assert (user.language, user.time_zone) == ("ja", "Europe/Helsinki")
    assert set(change(user, language="xx", time_zone="Mars/Olympus").errors) == {"language", "time_zone"}


@pytest.fixture
def desk(client):
    client.force_login(make_user(language="en", is_staff=True, is_superuser=True))
    return client


def grant(desk, candidate, *, note="Dr. Ito", granted=None, **more):
    """What the page of a person sends: the person as they are, and the accommodation (the one ``granted`` before)."""
    data = {"email": candidate.email, "display_name": candidate.display_name, "is_active": "on"}
    row = {"id": granted.pk if granted else "", "candidate": candidate.pk, "note": note, **more}
    form = {"TOTAL_FORMS": 1, "INITIAL_FORMS": int(bool(granted))} | {f"0-{name}": what for name, what in row.items()}
    data |= {f"accommodation-{name}": what for name, what in form.items()}
    return desk.post(reverse("admin:exams_user_change", args=[candidate.pk]), data)


def test_an_accommodation_is_granted_on_the_persons_page_in_percent_or_minutes_with_a_note(desk):
    candidate = make_user("Sato Misaki")
    assert grant(desk, candidate, percent=50, minutes=0).status_code == 302
    granted = Accommodation.objects.get()
    assert (granted.candidate, granted.percent, granted.minutes, granted.note) == (candidate, 50, 0, "Dr. Ito")
    text = desk.get(reverse("admin:exams_accommodation_changelist")).content.decode()
    assert "Sato Misaki" in text
    assert "Dr. Ito" in text


def test_a_person_who_is_saved_without_figures_has_no_accommodation(desk):
    assert grant(desk, make_user(), note="", percent=0, minutes=0).status_code == 302
    assert not Accommodation.objects.exists()


def test_an_accommodation_is_changed_and_taken_back(desk):
    candidate = make_user()
    granted = Accommodation.objects.create(candidate=candidate, percent=50)
    grant(desk, candidate, granted=granted, percent=0, minutes=30)
    granted.refresh_from_db()
    assert (granted.percent, granted.minutes) == (0, 30)
    grant(desk, candidate, granted=granted, percent=0, minutes=30, DELETE="on")
    assert not Accommodation.objects.exists()


@pytest.mark.parametrize(
    ("percent", "minutes", "words"),
    [
        (0, 0, "gives no extra time"),
        (301, 0, "less than or equal to 300"),
        (0, 601, "less than or equal to 600"),
        (-1, 0, "greater than or equal to 0"),
    ],
)
def test_figures_that_make_no_sense_are_refused_in_words(desk, percent, minutes, words):
    answer = grant(desk, make_user(), percent=percent, minutes=minutes)
    assert words in answer.content.decode()
    assert not Accommodation.objects.exists()


def test_a_person_who_does_not_exist_yet_is_made_without_one(desk):
    assert "accommodation" not in desk.get(reverse("admin:exams_user_add")).content.decode()


def test_staff_who_may_change_people_neither_see_nor_grant_accommodations(client):
    helper = make_user(language="en", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="exams"))
    client.force_login(helper)
    candidate = make_user()
    Accommodation.objects.create(candidate=candidate, percent=50, note="Dr. Ito")
    page = client.get(reverse("admin:exams_user_change", args=[candidate.pk]))
    assert page.status_code == 200
    assert "Dr. Ito" not in page.content.decode()
    other = make_user()
    assert grant(client, other, percent=50, minutes=0).status_code == 302
    assert not hasattr(other, "accommodation")


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_accommodations_takes_as_many_queries_for_one_as_for_thirty(desk, assert_queries, number):
    for _ in range(number):
        Accommodation.objects.create(candidate=make_user(), minutes=10)
    with assert_queries(4):
        assert desk.get(reverse("admin:exams_accommodation_changelist")).context["cl"].result_count == number

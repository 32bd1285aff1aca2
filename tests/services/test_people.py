"""Changes to people."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from exams.models import User
from exams.queries import people as who
from exams.services import people
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_language_of_a_person_is_kept():
    person, other = make_user(), make_user()
    people.set_language(person, "en")
    assert list(User.objects.order_by("pk").values_list("language", flat=True)) == ["en", ""]
    assert other.language == ""


def test_demo_people_may_do_what_their_role_says():
    people.make_demo_people()
    candidate, author, instructor, administrator = (User.objects.get(email=one.email) for one in who.DEMO_PEOPLE)
    assert not candidate.get_all_permissions()
    assert not candidate.is_staff
    assert author.has_perm("exams.publish_question")
    assert author.is_staff
    assert not author.has_perm("exams.view_cohort")
    assert instructor.has_perm("exams.view_cohort")
    assert not instructor.has_perm("exams.view_question")
    assert administrator.is_superuser


def test_demo_people_have_verified_addresses():
    people.make_demo_people()
    rows = EmailAddress.objects.filter(verified=True, primary=True).values_list("user__email", "email")
    assert set(rows) == {(one.email, one.email) for one in who.DEMO_PEOPLE}


def test_making_demo_people_again_changes_nothing():
    people.make_demo_people()
    before = list(User.objects.order_by("pk").values())
    people.make_demo_people()
    assert list(User.objects.order_by("pk").values()) == before
    assert EmailAddress.objects.count() == len(who.DEMO_PEOPLE)


def test_making_demo_people_again_mends_what_lets_them_in():
    people.make_demo_people()
    one = who.DEMO_PEOPLE[0]
    person = User.objects.get(email=one.email)
    person.set_password("something else")
    person.is_active, person.is_staff, person.display_name = False, True, "Renamed"
    person.save()
    people.make_demo_people()
    person.refresh_from_db()
    assert person.check_password(one.password)
    assert (person.is_active, person.is_staff, person.display_name) == (True, False, "Renamed")


def test_demo_people_are_not_made_outside_of_local_mode(settings):
    settings.LOCAL = False
    with pytest.raises(people.NotLocal):
        people.make_demo_people()
    assert not User.objects.exists()


def test_demo_people_are_offered_once_they_exist():
    assert who.demo_people() == []
    people.make_demo_people()
    assert who.demo_people() == list(who.DEMO_PEOPLE)


def test_demo_people_are_not_offered_outside_of_local_mode(settings):
    people.make_demo_people()
    settings.LOCAL = False
    assert who.demo_people() == []

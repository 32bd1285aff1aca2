"""People and their addresses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from exams.models import Accommodation, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_in_lower_case():
    assert make_user(email="  Some.One@Example.ORG ").email == "some.one@example.org"


def test_the_database_refuses_an_address_in_capitals():
    person = make_user()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(email="Some.One@example.org")


def test_cleaning_puts_an_address_into_lower_case():
    person = User(email="Some.One@Example.ORG", display_name="Some One")
    person.clean()
    assert person.email == "some.one@example.org"


def test_a_person_is_found_by_their_address_in_any_case():
    person = make_user(email="some.one@example.org")
    assert User.objects.get_by_natural_key("Some.One@Example.ORG") == person


def test_an_administrator_may_do_everything():
    boss = User.objects.create_superuser("boss@example.org", "a long phrase", display_name="Boss")
    assert boss.is_staff
    assert boss.has_perm("exams.publish_question")


def test_a_person_without_a_password_cannot_sign_in_with_one():
    person = User.objects.create_user("someone@example.org", display_name="Someone")
    assert not person.has_usable_password()


def test_a_person_is_called_by_their_name_else_by_their_address():
    person = make_user("佐藤 美咲", email="misaki@example.org")
    assert (str(person), person.get_full_name(), person.get_short_name()) == ("佐藤 美咲",) * 3
    assert str(User(email="misaki@example.org")) == "misaki@example.org"


@pytest.mark.parametrize(("percent", "minutes"), [(0, 0), (301, 0), (0, 601), (-1, 30), (50, -1)])
def test_the_database_refuses_an_accommodation_without_sane_figures(percent, minutes):
    person = make_user()
    with pytest.raises(IntegrityError), transaction.atomic():
        Accommodation.objects.create(candidate=person, percent=percent, minutes=minutes)

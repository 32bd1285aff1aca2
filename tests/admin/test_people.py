"""What administrators may enter about people."""

from __future__ import annotations

import pytest

from exams.admin.people import PersonChangeForm
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

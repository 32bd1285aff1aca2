"""The access matrix: every address x every role x GET and POST, as access.txt says. An address that is not listed
fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from tests.site.walkers import ABSENT, ROLES, ask, make_world, patterns

pytestmark = pytest.mark.django_db
UNNAMED = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}  # the admin's old addresses, which redirect, and its 404


def matrix() -> dict[str, tuple[list[str], list[str]]]:
    lines = (Path(__file__).parent / "access.txt").read_text().splitlines()
    cells = [[part.strip() for part in line.split("|")] for line in lines if not line.startswith("#")]
    return {name: (get.split(), post.split()) for name, get, post in cells}


def test_every_address_is_listed_and_every_listed_address_exists():
    assert {name for name, _pattern in patterns()} - UNNAMED == set(matrix())


def test_every_role_gets_at_every_address_what_is_listed():
    world = make_world()
    found = {
        name: tuple(
            [str(ask(world, role, method, reverse(name, kwargs=world.kwargs(name)))) for role in ROLES]
            for method in ("get", "post")
        )
        for name in matrix()
    }
    differences = {name: (row, found[name]) for name, row in matrix().items() if found[name] != row}
    assert differences == {}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_object_and_a_missing_one_answer_the_same(role, method):
    world = make_world()
    ids = {"attempt_id": world.attempt.public_id, "cohort_id": world.cohort.public_id}
    for name, _pattern in patterns():
        kwargs = {} if name in UNNAMED else world.kwargs(name)
        for argument in ids.keys() & kwargs.keys():
            owns = "owner" if argument == "attempt_id" and "cohort_id" not in kwargs else "teacher"
            if role == owns or (role, name) == ("owner", "leave"):
                continue
            theirs = reverse(name, kwargs=kwargs)
            absent = reverse(name, kwargs={**kwargs, argument: ABSENT})
            assert ask(world, role, method, theirs) == ask(world, role, method, absent), (name, role, method)


def test_a_view_that_forgets_whose_attempt_it_is_would_be_caught(monkeypatch):
    """The walker is proved by the bug that it is there to catch."""
    from exams.models import Attempt
    from exams.queries import attempts

    world = make_world()
    path = reverse("room", kwargs=world.kwargs("room"))
    assert ask(world, "candidate", "get", path) == 404
    monkeypatch.setattr(attempts, "own_attempts", lambda candidate: Attempt.objects.select_related("exam"))
    assert ask(world, "candidate", "get", path) == 200

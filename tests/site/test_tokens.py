"""Every change of state needs POST and its token; exam and result pages are not stored, framed or sniffed."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from exams.models import Attempt
from exams.services import attempts
from tests.site.walkers import ROLES, make_world, patterns

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]
WRITES = ("INSERT", "UPDATE", "DELETE")


def written_by_reading(world, roles=ROLES) -> list[tuple[str, str, str]]:
    """(role, address, statement) of what is written when people of these roles get every address."""
    wrote = []
    for role in roles:
        client = Client()
        if person := world.people[role]:
            client.force_login(person)
        for name, pattern in patterns():
            if pattern.name is None:
                continue
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(name, kwargs=world.kwargs(name)))
            made = [query["sql"] for query in captured.captured_queries if query["sql"].startswith(WRITES)]
            wrote += [(role, name, sql[:90]) for sql in made]
    return wrote


def test_no_get_of_any_address_by_anybody_writes():
    assert written_by_reading(make_world()) == []


def test_a_page_that_writes_when_it_is_read_would_be_caught(monkeypatch):
    world = make_world()
    pattern = dict(patterns())["result"]
    real = pattern.callback

    def result(request, attempt_id):
        Attempt.objects.filter(public_id=attempt_id).update(is_void=False)
        return real(request, attempt_id)

    monkeypatch.setattr(pattern, "callback", result)
    assert {name for _role, name, _sql in written_by_reading(world, ["owner"])} == {"result"}


def test_no_post_without_a_token_gets_through():
    world = make_world()
    passed = []
    for role in ROLES:
        client = Client(enforce_csrf_checks=True)
        if person := world.people[role]:
            client.force_login(person)
        for name, pattern in patterns():
            if pattern.name is None:
                continue
            point = transaction.savepoint()
            answer = client.post(reverse(name, kwargs=world.kwargs(name)))
            transaction.savepoint_rollback(point)
            if answer.status_code != 403:
                passed.append((role, name, answer.status_code))
    assert passed == []


def test_a_view_without_the_check_would_be_caught(monkeypatch):
    world = make_world()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["owner"])
    path = reverse("finish", kwargs=world.kwargs("finish"))
    pattern = dict(patterns())["finish"]
    assert client.post(path).status_code == 403
    monkeypatch.setattr(pattern, "callback", csrf_exempt(pattern.callback))
    assert client.post(path).status_code == 302


@pytest.mark.parametrize("name", ["room", "receipt", "result", "time"])
def test_pages_of_an_attempt_are_neither_stored_nor_framed_nor_sniffed(client, name):
    world = make_world()
    if name in ("receipt", "result"):
        attempts.finish(world.attempt, now=world.attempt.started_at)
    client.force_login(world.people["owner"])
    answer = client.get(reverse(name, kwargs=world.kwargs(name)))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"

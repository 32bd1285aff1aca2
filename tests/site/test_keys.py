"""Nothing about the key leaves before it may: unique words in every key-bearing field, looked for in all that is
sent."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import Attempt, Option, QuestionVersion
from exams.queries import attempts as queries
from exams.services import attempts, bank
from tests.factories import NOW, text
from tests.site.walkers import make_world, patterns

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a"


def poisoned_world(*, key: int = 0):
    """A world in which everything that candidates may not see before the end holds the canary; option ``key`` is
    right."""
    world = make_world()
    Attempt.objects.all().delete()
    for question in world.exam.questions.all():
        for number, option in enumerate(question.options.all()):
            Option.objects.filter(pk=option.pk).update(
                is_key=number == key, rationale=text(f"{CANARY} rationale"), code=f"o{number}"
            )
        question.objective = text(f"{CANARY} objective")
        question.source = text(f"{CANARY} source")
        question.save()
        question.references.update(title=text(f"{CANARY} reference"), url=f"https://{CANARY}.example/")
        bank.publish(question, by=None, now=NOW)
    owner = world.people["owner"]
    size = world.exam.sizes.get(code="short")
    world.attempt = attempts.start(
        owner, world.exam, size, now=world.now, seed=1, language="en", assignment=world.assignment
    ).attempt
    return world


def everything_sent(world) -> list[bytes]:
    """Bodies and headers of every address a candidate can reach, as page and as script, with good and bad saves."""
    client = Client()
    client.force_login(world.people["owner"])
    answers = []
    for name, pattern in patterns():
        if name.startswith("admin:") or pattern.name is None or name in ("finish", "account_logout"):
            continue
        path = reverse(name, kwargs=world.kwargs(name))
        for accept in ("text/html", "application/json"):
            answers.append(client.get(path, headers={"accept": accept}))
    for position in range(1, 21):
        path = reverse("item", args=[world.attempt.public_id, position])
        for rev, answer in enumerate((["0"], ["1"], ["2"], ["3"], ["9"], ["0", "1"]), start=1):
            data = {"answer": answer, "base": rev - 1, "rev": rev, "writer": "w"}
            answers.append(client.post(path, data, headers={"accept": "application/json"}))
    answers += [client.get(reverse("room", args=[world.attempt.public_id]), {"item": 3, "review": ""})]
    return [answer.content + repr(sorted(answer.headers.items())).encode() for answer in answers]


def test_no_word_of_a_key_bearing_field_reaches_a_candidate_before_the_end():
    assert [body for body in everything_sent(poisoned_world()) if CANARY.encode() in body] == []


def test_the_canaries_sing_once_the_attempt_has_ended(client):
    world = poisoned_world()
    attempts.finish(world.attempt, now=world.now)
    client.force_login(world.people["owner"])
    page = client.get(reverse("result", args=[world.attempt.public_id])).content.decode()
    assert page.count(f"{CANARY} rationale") == 80
    for field in ("objective", "reference"):
        assert f"{CANARY} {field}" in page


def test_a_leak_would_be_caught(monkeypatch):
    world = poisoned_world()
    real = queries.room_item

    def leaky(row, html, *rest):
        rationales = QuestionVersion.objects.get(pk=row.version_id).review_html["en"]["rationales"]
        return real(row, {**html, "en": {**html["en"], "stem": html["en"]["stem"] + rationales["o0"]}}, *rest)

    monkeypatch.setattr(queries, "room_item", leaky)
    assert any(CANARY.encode() in body for body in everything_sent(world))


def test_which_option_is_right_changes_no_byte_of_the_room():
    rooms = []
    for key in (0, 3):
        world = poisoned_world(key=key)
        client = Client()
        client.force_login(world.people["owner"])
        page = client.get(reverse("room", args=[world.attempt.public_id])).content.decode()
        page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|data-person=\"\w+|token\" value=\"\w+", "", page)
        page = re.sub(r"data-left=\"[\d.]+|\d:\d\d:\d\d|\d\d:\d\d", "", page)
        page = re.sub(r"question-\d+", "question", page)
        rooms.append(re.sub(r"Person \d+|person-\d+", "", re.sub(r"\d+\.\d+%", "", page)))
        world.exam.attempts.all().delete()
        wipe(world)
    assert rooms[0] == rooms[1]


def wipe(world) -> None:
    """Make room for a second world in the same test."""
    from exams.models import Assignment, Cohort, Exam, Question

    Question.objects.update(current_version=None)
    Attempt.objects.all().delete()
    Assignment.objects.all().delete()
    Cohort.objects.all().delete()
    QuestionVersion.objects.all().delete()
    Question.objects.all().delete()
    Exam.objects.all().delete()


def test_what_a_page_of_the_room_is_given_holds_no_key():
    world = poisoned_world()
    room = queries.room(world.attempt, world.now)
    assert {field for item in room.items for field in item.__slots__} == {
        "position",
        "kind",
        "choose",
        "case",
        "span",
        "stem",
        "options",
        "targets",
        "is_answered",
        "is_flagged",
        "note",
        "revision",
        "seconds",
    }
    assert {field for item in room.items for option in item.options for field in option.__slots__} == {
        "position",
        "letter",
        "html",
        "is_chosen",
        "is_struck",
        "given",
    }

"""Nothing about the key leaves before it may: unique words in every key-bearing field, looked for in all that is
sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exams.domain.attempts import CLOSING
from exams.models import Attempt, AttemptItem, Case, Option, Question, QuestionVersion, Reference
from exams.queries import attempts as queries
from exams.queries import results
from exams.services import attempts, bank
from tests.factories import NOW, make_exam_of_all_kinds, text
from tests.site.walkers import make_world, patterns

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a"
SECOND = timedelta(seconds=1)

# Where each field of a question stands before the end. A new field fails a test until it has its place:
SHOWN = {  # what the room shows, or what only says how it shows it
    Question: "stem kind",
    Option: "text",
    Case: "text",
    QuestionVersion: "question_html kind shuffle",
    AttemptItem: "position response is_flagged struck note revision writer seconds_spent option_order",
}
SECRET = {  # what holds words: each of them sings a canary
    Question: "code objective source licence",
    Option: "code rationale target",
    Reference: "title url",
    Case: "code",
    QuestionVersion: "content review_html case_code",
}
SWAPPED = {  # what says which answer is right: another key must change no byte
    Option: "is_key target order",
    QuestionVersion: "content answer_key",
    AttemptItem: "answer_key is_correct",
}
INTERNAL = {  # links, states, figures and instants, without a word of an author's; they are not sent either
    Question: "id exam domain task case tags difficulty shuffle as_of revised_at status current_version checksum "
    "loaded_checksum near_group retired_by_pack updated_at",
    Option: "id question",
    Reference: "id question order",
    Case: "id exam",
    QuestionVersion: "id question number checksum domain task option_ids sketches renderer_version published_at "
    "published_by",
    AttemptItem: "id attempt version domain task is_scored saved_at late_response late_at",
}
PLACES = (SHOWN, SECRET, SWAPPED, INTERNAL)


@pytest.mark.parametrize("model", [Question, Option, Reference, QuestionVersion, Case, AttemptItem])
def test_every_field_of_a_question_has_its_place(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    assert {name for place in PLACES for name in place.get(model, "").split()} == fields


def poisoned_world(*, at=None):
    """A world in which everything that candidates may not see before the end holds the canary; it has all kinds."""
    exam = make_exam_of_all_kinds("an-exam")
    world = make_world(exam)
    Attempt.objects.all().delete()
    exam.cases.update(code=f"{CANARY}-case")
    for question in exam.questions.all():
        for option in question.options.all():
            Option.objects.filter(pk=option.pk).update(
                code=f"{CANARY}-{option.code}",
                rationale=text(f"{CANARY} rationale") if option.rationale else {},
                target=f"{CANARY}-{option.target}" if option.target else "",
            )
        question.code = f"{CANARY}-question-{question.pk}"
        question.objective = text(f"{CANARY} objective")
        question.source = text(f"{CANARY} source")
        question.licence = f"{CANARY} licence"
        question.save()
        question.references.update(title=text(f"{CANARY} reference"), url=f"https://{CANARY}.example/")
        bank.publish(question, by=None, now=NOW)
    begin(world, at or world.now)
    return world


def begin(world, at):
    """Let the owner start, as the only attempt there is."""
    Attempt.objects.all().delete()
    world.attempt = attempts.start(
        world.people["owner"],
        world.exam,
        world.exam.sizes.get(code="short"),
        now=at,
        seed=1,
        language="en",
        assignment=world.assignment,
    ).attempt


def everything_sent(world, *more: str) -> list[bytes]:
    """Bodies and headers of every address a candidate can reach (and ``more`` paths), as page and as script, with
    good and bad saves."""
    client = Client()
    client.force_login(world.people["owner"])
    answers = []
    paths = [
        reverse(name, kwargs=world.kwargs(name))
        for name, pattern in patterns()
        if not name.startswith("admin:") and pattern.name and name not in ("finish", "account_logout")
    ]
    for path in [*paths, *more]:
        for accept in ("text/html", "application/json"):
            answers.append(client.get(path, headers={"accept": accept}))
    choices = (["0"], ["1"], ["2"], ["3"], ["9"], ["0", "1"], ["2", "3"])
    rows = (["0:1"], ["0:2", "1:1"], ["0:1", "1:2", "2:3"], ["0:1", "1:2", "2:3", "3:4"])
    for position in range(1, 1 + world.attempt.items.count()):
        path = reverse("item", args=[world.attempt.public_id, position])
        for rev, answer in enumerate((*choices, *rows), start=1):
            data = {"answer": answer, "base": 0, "rev": rev, "writer": "w"}
            answers.append(client.post(path, data, headers={"accept": "application/json"}))
    room = reverse("room", args=[world.attempt.public_id])
    answers += [client.get(room, query) for query in ({"item": 3}, {"item": 6, "lang": "ja"}, {"review": ""})]
    return [answer.content + repr(sorted(answer.headers.items())).encode() for answer in answers]


def sings(bodies: list[bytes]) -> list[bytes]:
    return [body for body in bodies if CANARY.encode() in body]


def test_every_secret_field_holds_a_canary():
    poisoned_world()
    silent = {
        f"{model.__name__}.{name}"
        for model, names in SECRET.items()
        for name in names.split()
        if not any(CANARY in str(value) for value in model.objects.values_list(name, flat=True))
    }
    assert silent == set()


def test_no_word_of_a_secret_field_reaches_a_candidate_before_the_end():
    assert sings(everything_sent(poisoned_world())) == []


def test_no_word_of_a_key_bearing_field_is_on_the_receipt():
    world = poisoned_world()
    attempts.finish(world.attempt, now=world.now)
    client = Client()
    client.force_login(world.people["owner"])
    answer = client.get(reverse("receipt", args=[world.attempt.public_id]))
    assert answer.status_code == 200
    assert CANARY.encode() not in answer.content + repr(sorted(answer.headers.items())).encode()


def test_the_canaries_sing_once_the_attempt_has_ended(client):
    world = poisoned_world()
    attempts.finish(world.attempt, now=world.now)
    client.force_login(world.people["owner"])
    page = client.get(reverse("result", args=[world.attempt.public_id])).content.decode()
    assert page.count(f"{CANARY} rationale") == Option.objects.exclude(rationale={}).count()
    for field in ("objective", "reference"):
        assert f"{CANARY} {field}" in page


def test_a_leak_would_be_caught(monkeypatch):
    world = poisoned_world()
    real = queries.room_item

    def leaky(row, html, *rest):
        rationales = QuestionVersion.objects.get(pk=row.version_id).review_html["en"]["rationales"]
        return real(row, {**html, "en": {**html["en"], "stem": next(iter(rationales.values()))}}, *rest)

    monkeypatch.setattr(queries, "room_item", leaky)
    assert sings(everything_sent(world))


# ── an older result beside an attempt that goes on


def sent_beside(world, after_deadline: timedelta) -> list[bytes]:
    """Everything, the result of an older attempt with the same questions too, at an instant of the later one."""
    older = world.attempt
    attempts.finish(older, now=NOW)
    world.attempt = attempts.start(
        older.candidate, world.exam, world.exam.sizes.get(code="short"), now=NOW + SECOND, seed=2, language="en"
    ).attempt
    with time_machine.travel(world.attempt.deadline_at + after_deadline, tick=False):
        return everything_sent(world, reverse("result", args=[older.public_id]))


@pytest.mark.parametrize("after_deadline", [-SECOND, 0 * SECOND, CLOSING - SECOND])
def test_an_older_result_says_nothing_of_the_questions_in_hand(after_deadline):
    assert sings(sent_beside(poisoned_world(at=NOW), after_deadline)) == []


def test_an_older_result_that_forgets_the_closing_attempt_would_be_caught(monkeypatch):
    monkeypatch.setattr(results, "CLOSING", 0 * SECOND)
    assert sings(sent_beside(poisoned_world(at=NOW), SECOND))


# ── another key


def swap_keys(world) -> None:
    """Let every question have another right answer, and publish it."""
    for question in world.exam.questions.all():
        rows = list(question.options.exclude(rationale={}))
        if question.kind == "ordering":
            changes = [{"order": len(rows) - number} for number in range(len(rows))]
        elif question.kind == "matching":
            changes = [{"target": other.target} for other in rows[1:] + rows[:1]]
        else:
            changes = [{"is_key": other.is_key} for other in rows[2:] + rows[:2]]
        for row, change in zip(rows, changes, strict=True):
            Option.objects.filter(pk=row.pk).update(**change)
        assert bank.publish(question, by=None, now=NOW).is_new


def neutral(body: bytes) -> str:
    """Without what is drawn anew for each page: its token, and the name by which it writes."""
    page = re.sub(r"\b[0-9A-Za-z]{64}\b", "", body.decode(errors="replace"))
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)


def sent_with_both_keys() -> tuple[list[str], list[str]]:
    """The same walk at the same instant through the same attempt, but for which answers are right."""
    with time_machine.travel(NOW, tick=False):
        world = poisoned_world(at=NOW)
        drawn = dict(world.attempt.items.values_list("position", "option_order"))
        before = [neutral(body) for body in everything_sent(world)]
        keys = dict(world.attempt.items.values_list("position", "answer_key"))
        swap_keys(world)
        begin(world, NOW)
        for item in world.attempt.items.all():
            assert item.answer_key != keys[item.position]
            # An ordering is right as it is authored, so chance draws another order of another one.
            assert item.answer_key["kind"] == "ordering" or item.option_order == drawn[item.position]
            AttemptItem.objects.filter(pk=item.pk).update(option_order=drawn[item.position])
        return before, [neutral(body) for body in everything_sent(world)]


def test_which_answer_is_right_changes_no_byte_of_what_is_sent():
    before, after = sent_with_both_keys()
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == []


def test_a_reply_that_knows_what_is_right_would_be_caught(monkeypatch):
    from exams.views import attempts as views

    real = views._answer
    monkeypatch.setattr(
        views, "_answer", lambda item: real(item) | {"ok": AttemptItem.objects.get(pk=item.pk).is_correct}
    )
    before, after = sent_with_both_keys()
    assert before != after


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
    assert {field for item in room.items for target in item.targets for field in target.__slots__} == {
        "wire",
        "label",
        "html",
    }

"""S5, and more: every form of the instructor's room is sent what no browser would send. Each time there is a sentence
that says what is wrong, no error of the server, and not a row of the database is another."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exams.domain.rescoring import Policy
from exams.models import Attempt, Invitation
from exams.services import attempts, interventions, rescoring
from tests.factories import make_assignment, make_bank, make_cohort, make_exam, make_instructor, make_user

pytestmark = pytest.mark.django_db

LONG, NUL = "x" * 100_000, "a\0b"
NUMBERS = ["-1", "1e9", "0x10", "NaN", "1.5", "9" * 30, "many", NUL, "１0¼"]
TIMES = ["never", "2026-13-45T99:99", "10000-01-01T00:00", "0000-00-00T00:00", "9" * 30, NUL, "2026-02-30T10:00"]
BEYOND = ["0001-01-01T00:00", "9999-12-31T23:59"]  # no instant in every time zone
CHOICES = ["", "sometimes", NUL, LONG, "0", "[]"]
KEYS = ["", "0", "-1", "9" * 30, "abc", NUL]
TEXTS = ["", "   ", NUL]
FOREIGN = {
    **dict.fromkeys(
        ("id", "pk", "cohort", "cohort_id", "candidate", "user", "created_by", "granted_by", "done_by"), "1"
    ),
    **dict.fromkeys(("public_id", "token_hash", "score", "is_correct", "is_void", "is_superuser", "uses"), "1"),
    **dict.fromkeys(("started_at", "deadline_at", "finished_at", "archived_at", "made_at"), "2020-01-01T00:00"),
}

EXAM = {
    "title": [*TEXTS, "x" * 121, LONG],
    "size": KEYS,
    "opens_at": [*TIMES, *BEYOND],
    "closes_at": [*TIMES, *BEYOND, "2020-01-01T00:00"],
    "most_attempts": ["0", "101", *NUMBERS],
    "score_release": CHOICES[1:],
    "key_release": CHOICES[1:],
}
MINUTES = ["", "0", "601", "100000", *NUMBERS]
BAD = {
    "cohorts": {"name": [*TEXTS, "x" * 121, LONG]},
    "cohort_rename": {"cohort-name": [*TEXTS, "x" * 121, LONG]},
    "invite": {"most_uses": ["0", "10001", *NUMBERS]},
    "instructor_add": {"email": [*TEXTS, "nobody", "a@b@c", "x@" + LONG, "nobody@example.org"]},
    "assign": EXAM,
    "assignment_edit": EXAM,
    "member_accommodation": {
        "percent": ["1001", *NUMBERS],
        "minutes": ["100000", *NUMBERS],
        "closes_at": [*TIMES, *BEYOND, "2020-01-01T00:00"],
        "reason": TEXTS,
    },
    "invitations": {"addresses": [*TEXTS, "x " * 301, "x" * 2_000_000]},
    "extend": {"extend-minutes": MINUTES, "extend-reason": TEXTS},
    "reopen": {"reopen-minutes": MINUTES, "reopen-reason": TEXTS},
    "void": {"void-reason": TEXTS},
    "restore": {"restore-reason": TEXTS},
    "repair": {"policy": CHOICES, "source": ["0", "2", "abc", NUL, "9" * 30], "reason": [*TEXTS, "x" * 2001, LONG]},
    "repair-undo": {"reason": [*TEXTS, "x" * 2001, LONG]},
}
CASES = [(form, field) for form, fields in BAD.items() for field in fields]


@pytest.fixture
def teacher():
    return make_instructor(language="en")


@pytest.fixture
def room(client, teacher):
    client.force_login(teacher)
    return client


@pytest.fixture
def forms(teacher):
    """Of each form where it goes and what it can be sent."""
    now, exam = timezone.now(), make_exam("an-exam")
    make_bank(exam)
    people = [make_user(language="en") for _ in range(3)]
    cohort = make_cohort(*people, teacher=teacher, now=now)
    rules = {"closes_at": now + timedelta(hours=3), "key_release": "never"}
    assignment = make_assignment(cohort, exam, **rules)
    untouched = make_assignment(cohort, exam, title="Second", **rules)
    running, over, void = (
        attempts.start(person, exam, assignment.size, now=now, seed=1, language="en", assignment=assignment).attempt
        for person in people
    )
    attempts.finish(over, now=now)
    interventions.void(void, reason="Not them.", by=teacher, now=now)
    version = over.items.get(position=1).version
    done = rescoring.rescore(version, Policy.FULL_CREDIT, assignment=assignment, reason="So.", by=teacher, now=now)
    own = [cohort.public_id]
    set_here, set_there = [*own, assignment.public_id], [*own, untouched.public_id]
    settings = {
        "title": "Third",
        "size": str(assignment.size_id),
        "opens_at": "",
        "closes_at": (timezone.localtime() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"),
        "most_attempts": "2",
        "score_release": "at_once",
        "key_release": "never",
    }
    granted = {"percent": "25", "minutes": "0", "closes_at": "", "reason": "Agreed."}
    return {
        "cohorts": ("cohorts", [], {"name": "Winter"}),
        "cohort_rename": ("cohort_rename", own, {"cohort-name": "Winter"}),
        "invite": ("invite", own, {"most_uses": "3"}),
        "instructor_add": ("instructor_add", own, {"email": make_instructor().email}),
        "assign": ("assign", own, settings),
        "assignment_edit": ("assignment_edit", set_there, settings),
        "member_accommodation": ("member_accommodation", [*set_here, people[0].public_id], granted),
        "invitations": ("invitations", own, {"addresses": "a@example.org", "confirmed": ""}),
        "extend": one("extend", set_here, running, minutes="5"),
        "reopen": one("reopen", set_here, over, minutes="5"),
        "void": one("void", set_here, over),
        "restore": one("restore", set_here, void),
        "repair": ("repair", [*set_here, version.pk], {"policy": "drop", "reason": "So.", "confirm": "yes"}),
        "repair-undo": ("repair-undo", [*set_here, done.pk], {"reason": "So."}),
    }


def one(action, arguments, attempt, **values):
    values = {f"{action}-{name}": value for name, value in {"reason": "So.", **values}.items()}
    return "live_attempt", [*arguments, attempt.public_id], {action: "", **values}


def everything():
    """All rows there are; a session is renewed by every visit."""
    models = [model for model in apps.get_models(include_auto_created=True) if model is not Session]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def sentences(answer):
    """What the page says is wrong."""
    page = answer.content.decode()
    found = re.findall(r'<div class="error"[^>]*>.*?<span>(.*?)</span>', page, re.DOTALL)
    found += re.findall(r'<div class="banner banner--wrong"[^>]*>.*?<p>(.*?)</p>', page, re.DOTALL)
    return [html.unescape(text).strip() for text in found]


@pytest.mark.parametrize(("form", "field"), CASES)
def test_what_makes_no_sense_is_refused_in_a_sentence_and_changes_nothing(room, forms, form, field):
    name, arguments, valid = forms[form]
    if form == "repair" and field == "source":
        valid = {**valid, "policy": "new_key"}
    before = everything()
    for value in BAD[form][field]:
        answer = room.post(reverse(name, args=arguments), {**valid, field: value}, follow=True)
        assert answer.status_code in (200, 422), value[:50]
        assert any(len(text) > 10 for text in sentences(answer)), value[:50]
        assert everything() == before, value[:50]


@pytest.mark.parametrize(
    "file", [b"a\0b", b"\xff\xfe\x00", b"", b'"never closed\n' * 10, b"x" * 2_000_000, b"PK\x03\x04" + bytes(100)]
)
def test_a_file_that_is_no_list_invites_nobody(room, forms, file):
    name, arguments, _valid = forms["invitations"]
    before = everything()
    sent = {"addresses": "", "file": SimpleUploadedFile("list.csv", file), "confirmed": ""}
    answer = room.post(reverse(name, args=arguments), sent)
    assert answer.status_code in (200, 422)
    assert everything() == before


@pytest.mark.parametrize("form", BAD)
def test_fields_that_no_form_has_change_no_more_than_the_form_does(room, forms, form):
    """The valid form is taken, and what is put beside it is nowhere."""
    name, arguments, valid = forms[form]
    before = everything()
    answer = room.post(reverse(name, args=arguments), {**valid, **FOREIGN})
    assert answer.status_code in (200, 302)
    after = everything()
    assert after != before  # so that the form above is refused for its bad field alone
    rows = {label: {row["id"]: row for row in rows} for label, rows in after.items() if rows and "id" in rows[0]}
    for label, old in before.items():
        known = rows.get(label, {})
        changed = {
            field for row in old if "id" in row for field in row if known.get(row["id"], row)[field] != row[field]
        }
        assert changed <= MAY_CHANGE.get(label, set()), (label, changed)
    assert not Attempt.objects.filter(started_at__year=2020).exists()
    assert not Invitation.objects.filter(token_hash="1").exists()


MAY_CHANGE = {
    "exams.Cohort": {"name"},
    "exams.Invitation": {"revoked_at"},
    "exams.Assignment": {"title", "size_id", "opens_at", "closes_at", "most_attempts", "score_release", "key_release"},
    "exams.Attempt": {"deadline_at", "finished_at", "is_void"},
    "exams.AttemptItem": {"answer_key", "is_correct", "is_scored"},
    "exams.Rescore": {"undone_by_id"},
}

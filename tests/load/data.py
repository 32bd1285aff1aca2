"""What `make bench` measures on: an exam with a bank of questions, people in the middle of it, and people who have not
begun. Writes as JSON what the clients have to know.

``seats``: session, attempt (its public id) and items (their keys, by position) of people whose form is answered whole.
``fresh``: sessions of people who can start.
"""

from __future__ import annotations

import json
import secrets
import sys
from datetime import timedelta
from importlib import import_module
from itertools import cycle, islice

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from exams.models import AttemptItem, Domain, Exam, Question, Size, Task, User
from exams.services import attempts, bank
from tests.load import texts

EXAM, SIZE = "bench", "full"
WEIGHTS = {"data": 20, "analysis": 24, "modeling": 36, "operations": 20}
QUESTIONS = 260


def main(*, seated: int, fresh: int) -> None:
    """Build all of it, for so many people in the middle and so many before the start; print what the clients need."""
    exam = make_exam()
    people = make_people(seated + fresh)
    sessions = make_sessions(people)
    seats = [seat(person, exam, session) for person, session in islice(zip(people, sessions, strict=True), seated)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    json.dump({"exam": EXAM, "size": SIZE, "seats": seats, "fresh": sessions[seated:]}, sys.stdout)


def make_exam(questions: int | None = None) -> Exam:
    """65 questions in 180 minutes, drawn from a bank (of ``QUESTIONS``, or as told) that is published the usual way."""
    count = QUESTIONS if questions is None else questions
    both = {"en": "Bench", "ja": "性能測定"}
    exam = Exam.objects.create(
        code=EXAM, title=both, languages=["en", "ja"], scale_minimum=100, scale_pass=750, scale_maximum=1000
    )
    Size.objects.create(exam=exam, code=SIZE, title=both, questions=65, scored=50, minutes=180, cut=36)
    for order, (code, weight) in enumerate(WEIGHTS.items()):
        domain = Domain.objects.create(exam=exam, code=code, title=both, weight=weight, order=order)
        Task.objects.create(domain=domain, code=f"{order + 1}.1", statement=both)
    codes = [code for code, weight in WEIGHTS.items() for _ in range(weight)]
    for number in range(count):
        domain = codes[number * len(codes) // count]
        task = f"{list(WEIGHTS).index(domain) + 1}.1"
        question = Question(exam=exam, code=f"question-{number}")
        bank.write(question, texts.question(number, domain, task), now=timezone.now())
        bank.publish(question, by=None, now=timezone.now())
    return exam


def make_people(count: int) -> list[User]:
    """Candidates who can't sign in by a password, half of them with the site in Japanese."""
    people = [
        User(
            email=f"candidate-{number}@example.org",
            display_name=f"Candidate {number}",
            language=language,
            time_zone="Asia/Tokyo",
        )
        for number, language in enumerate(islice(cycle(["ja", "en"]), count))
    ]
    for person in people:
        person.set_unusable_password()
    return User.objects.bulk_create(people)


def make_sessions(people: list[User]) -> list[str]:
    """A session for each, as signing in makes it; their keys."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ends = timezone.now() + timedelta(days=1)
    rows = [
        Session(
            session_key=secrets.token_hex(16),
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=ends,
        )
        for person in people
    ]
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]


def seat(person: User, exam: Exam, session: str) -> dict[str, object]:
    """A form of this person's own with an answer to every question."""
    size = exam.sizes.get(code=SIZE)
    now = timezone.now()
    attempt = attempts.start(person, exam, size, now=now, seed=secrets.randbits(62), language="ja").attempt
    items = list(attempt.items.order_by("position"))
    for item in items:
        item.response, item.revision, item.writer, item.saved_at = item.option_order[:1], 1, "bench", now
    AttemptItem.objects.bulk_update(items, ["response", "revision", "writer", "saved_at"])
    return {"session": session, "attempt": str(attempt.public_id), "items": [item.pk for item in items]}

"""F24: many who write at once, each over HTTP, on the database that has one writer at a time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from exams.models import AttemptItem
from exams.services import attempts
from tests.factories import make_bank, make_exam, make_size, make_user

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
WRITERS = 50
ROUNDS = 3
TOKEN = "t" * 32  # of requests that are forged: cookie and header must agree


def test_f24_fifty_writers_are_all_acknowledged(live_server):
    exam = make_exam("mock-1", sizes=False)
    size = make_size(exam, "short", questions=5, scored=5, minutes=56, cut=3)
    make_bank(exam, {"data": 1, "analysis": 1, "modeling": 2, "operations": 1})
    sat, cookies = [], []
    with transaction.atomic():
        for _ in range(WRITERS):
            client, candidate = Client(), make_user()
            client.force_login(candidate)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookies.append(f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}")
            started = attempts.start(candidate, exam, size, now=timezone.now(), seed=1, language="en")
            sat.append(started.attempt)
    live_server.thread.httpd.socket.listen(WRITERS)  # its queue of ten would turn writers away at the door
    together = threading.Barrier(WRITERS)

    def write(number: int) -> list[int]:
        """Each round is one save by everybody in the same moment."""
        answers = []
        for rev in range(1, ROUNDS + 1):
            together.wait(60)
            answers.append(save(urlsplit(live_server.url).netloc, sat[number], cookies[number], rev))
        return answers

    with ThreadPoolExecutor(WRITERS) as pool:
        assert list(pool.map(write, range(WRITERS))) == [[200] * ROUNDS] * WRITERS
    rows = AttemptItem.objects.filter(position=1)
    assert [row.revision for row in rows] == [ROUNDS] * WRITERS
    assert [row.response for row in rows] == [[row.option_order[ROUNDS % 4]] for row in rows]


def save(host, attempt, cookies, rev):
    """The status of a save; 0 where there was no answer."""
    http = HTTPConnection(host, timeout=30)
    fields = {"answer": rev % 4, "base": rev - 1, "rev": rev, "writer": "page"}
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookies,
        "X-CSRFToken": TOKEN,
    }
    try:
        http.request("POST", f"/attempts/{attempt.public_id}/items/1/", urlencode(fields), headers)
        reply = http.getresponse()
        reply.read()
        return reply.status
    except OSError:
        return 0
    finally:
        http.close()


def test_f18_a_start_waits_again_while_others_keep_the_only_writer_busy(transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    person, size = make_user(), exam.sizes.get(code="short")
    is_held = threading.Event()

    def hold():
        with transaction.atomic():
            is_held.set()
            time.sleep(0.5)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    is_held.wait(5)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 200")
    try:
        assert attempts.start(person, exam, size, now=timezone.now(), seed=1, language="en").is_new
    finally:
        connection.close()  # with its short patience
        other.join()

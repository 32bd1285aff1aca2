"""F18, F19, F22 for an assignment: 200 candidates over HTTP who start at once, who save in the last seconds, and who
start late. Each request is that of a candidate's own browser."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from exams.domain.attempts import GRACE
from exams.models import Attempt, AttemptItem, Form, Membership, User
from exams.services import attempts
from tests.factories import make_assignment, make_bank, make_cohort, make_exam, make_size
from tests.faults.conftest import SHARES

pytestmark = pytest.mark.django_db(transaction=True)
CANDIDATES = 200
AT_ONCE = 50  # requests that are under way in the same moment; the others wait at the door
TOKEN = "t" * 32  # of requests that are forged: cookie and header must agree
MINUTE = timedelta(minutes=1)


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1", sizes=False)
    make_size(exam, "short", questions=5, scored=5, minutes=56, cut=3)
    make_bank(exam, SHARES)
    return exam


@pytest.fixture
def cohort(exam):
    """Everybody is a member, with a session."""
    cohort = make_cohort(now=timezone.now())
    people = User.objects.bulk_create(
        User(email=f"c{number}@example.org", display_name=f"C{number}", password="!") for number in range(CANDIDATES)
    )
    now = timezone.now()
    Membership.objects.bulk_create(Membership(cohort=cohort, candidate=person, accepted_at=now) for person in people)
    return cohort


class Crowd:
    """All candidates, each with a connection of its own; ``post`` lets all of them send at once."""

    def __init__(self, live_server):
        self.host = urlsplit(live_server.url).netloc
        self.people = list(User.objects.filter(memberships__isnull=False).order_by("pk"))
        self.cookies = {}
        live_server.thread.httpd.socket.listen(CANDIDATES)  # its queue of ten would turn people away at the door
        with transaction.atomic():
            for person in self.people:
                session = SessionStore()
                session["_auth_user_id"] = str(person.pk)
                session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
                session["_auth_user_hash"] = person.get_session_auth_hash()
                session.save()
                self.cookies[person.pk] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"

    def post(self, request):
        """The statuses of what ``request(person)`` says: (path, fields)."""
        together = threading.Barrier(AT_ONCE)

        def send(person):
            path, fields = request(person)
            headers = {
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": self.cookies[person.pk],
                "X-CSRFToken": TOKEN,
            }
            together.wait(60)
            http = HTTPConnection(self.host, timeout=30)
            try:
                http.request("POST", path, urlencode(fields), headers)
                reply = http.getresponse()
                reply.read()
                return reply.status
            except OSError:
                return 0
            finally:
                http.close()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(send, self.people))


def starting(assignment):
    return lambda person: ("/exams/mock-1/start/", {"assignment": assignment.public_id})


def test_f18_f22_two_hundred_start_at_once_and_late_and_each_deadline_is_the_close(live_server, cohort, exam):
    closes_at = timezone.now() + 20 * MINUTE
    assignment = make_assignment(cohort, exam, closes_at=closes_at, is_fixed=True, most_attempts=1)
    crowd = Crowd(live_server)
    before = timezone.now()
    assert crowd.post(starting(assignment)) == [302] * CANDIDATES
    rows = list(Attempt.objects.all())
    assert len({row.candidate_id for row in rows}) == len(rows) == CANDIDATES
    assert {row.deadline_at for row in rows} == {closes_at}
    assert all(row.started_at >= before for row in rows)
    assert Form.objects.count() == 1
    assert AttemptItem.objects.values("version").distinct().count() == 5
    assert crowd.post(starting(assignment)) == [302] * CANDIDATES  # again makes none
    assert Attempt.objects.count() == CANDIDATES


def test_f19_two_hundred_saves_in_the_last_seconds_and_after_the_grace(live_server, cohort, exam):
    assignment = make_assignment(cohort, exam, closes_at=timezone.now() + 20 * MINUTE, is_fixed=True)
    now = timezone.now()
    with transaction.atomic():
        mine = {
            person.pk: attempts.start(
                person, exam, assignment.size, now=now, seed=1, language="en", assignment=assignment
            ).attempt
            for person in User.objects.filter(memberships__isnull=False)
        }
    crowd = Crowd(live_server)

    def saving(rev):
        fields = {"answer": rev, "base": rev - 1, "rev": rev, "writer": "page"}
        return lambda person: (f"/attempts/{mine[person.pk].public_id}/items/1/", fields)

    Attempt.objects.update(started_at=timezone.now() - 20 * MINUTE, deadline_at=timezone.now() - timedelta(seconds=1))
    assert crowd.post(saving(1)) == [200] * CANDIDATES  # in the grace
    late = timezone.now() - GRACE - timedelta(seconds=1)
    Attempt.objects.update(deadline_at=late)
    assert crowd.post(saving(2)) == [410] * CANDIDATES
    rows = list(AttemptItem.objects.filter(position=1))
    assert [row.response for row in rows] == [[row.option_order[1]] for row in rows]
    assert [row.late_response for row in rows] == [[row.option_order[2]] for row in rows]


def test_f22_extra_time_reaches_two_hundred_open_pages_and_never_passes_the_close(live_server, cohort, exam):
    now = timezone.now()
    closes_at = now + 60 * MINUTE
    assignment = make_assignment(cohort, exam, closes_at=closes_at, is_fixed=True)
    with transaction.atomic():
        for person in User.objects.filter(memberships__isnull=False):
            started = attempts.start(
                person, exam, assignment.size, now=now, seed=1, language="en", assignment=assignment
            )
            attempts.extend(started.attempt, 30, reason="A fire alarm.", by=assignment.created_by, now=now)
    assert set(Attempt.objects.values_list("deadline_at", flat=True)) == {closes_at}
    crowd = Crowd(live_server)
    mine = dict(Attempt.objects.values_list("candidate", "public_id"))
    fields = {"answer": 0, "base": 0, "rev": 1, "writer": "page"}
    assert crowd.post(lambda person: (f"/attempts/{mine[person.pk]}/items/1/", fields)) == [200] * CANDIDATES

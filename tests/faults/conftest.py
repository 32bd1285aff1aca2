"""Between the browser and the site: a network that can be broken. And somebody who is sitting an exam there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from exams.models import Attempt, Exam, User
from exams.services import attempts
from tests.factories import make_bank, make_exam, make_size, make_user
from tests.faults.proxy import Proxy
from tests.faults.rooms import Room
from tests.visitors import Visitor

SHARES = {"data": 1, "analysis": 1, "modeling": 2, "operations": 1}


@pytest.fixture
def proxy(live_server: Any) -> Iterator[Proxy]:
    with Proxy(live_server.url) as proxy:
        yield proxy


@pytest.fixture
def address(proxy: Proxy) -> str:
    """Where the browser finds the site: behind the proxy."""
    return proxy.url


@pytest.fixture
def exam(transactional_db: None) -> Exam:
    """An exam with a size of five questions, which is quick to make."""
    exam = make_exam("mock-1", sizes=False)
    make_size(exam, "short", questions=5, scored=5, minutes=56, cut=3)
    make_bank(exam, SHARES)
    return exam


@pytest.fixture
def candidate(transactional_db: None) -> User:
    return make_user(language="en")


@pytest.fixture
def attempt(exam: Exam, candidate: User) -> Attempt:
    """A short exam that has just been started."""
    size = exam.sizes.get(code="short")
    return attempts.start(candidate, exam, size, now=timezone.now(), seed=1, language="en").attempt


@pytest.fixture
def enter(visit: Callable[..., Visitor], attempt: Attempt) -> Callable[..., Room]:
    """Make a visitor who signs in and comes into the room of ``attempt``; ``expected`` as of Visitor."""

    def make(*expected: str, **options: Any) -> Room:
        visitor = visit(**options)
        visitor.expected = list(expected)
        room = Room(visitor, attempt)
        room.sign_in()
        return room

    return make


@pytest.fixture
def enter_with_clock(visit: Callable[..., Visitor], attempt: Attempt) -> Callable[..., Room]:
    """The same, with a browser whose clock the test moves: ``ahead`` of the true time."""

    def make(*expected: str, ahead: timedelta = timedelta(0)) -> Room:
        visitor = visit()
        visitor.expected = list(expected)
        room = Room(visitor, attempt)
        room.set_clock(ahead)
        room.sign_in()
        return room

    return make

"""A classroom: an instructor, a cohort, an exam that is set, at a moment that stands still."""

from __future__ import annotations

import pytest
import time_machine

from exams.services import cohorts
from tests.factories import NOW, make_bank, make_exam, make_instructor


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def instructor():
    return make_instructor(language="en")


@pytest.fixture
def cohort(instructor):
    return cohorts.make_cohort("Autumn", by=instructor)


@pytest.fixture
def exam():
    exam = make_exam("an-exam")
    make_bank(exam)
    return exam


@pytest.fixture
def assignment(cohort, exam, instructor):
    size = exam.sizes.get(code="short")
    return cohorts.assign(cohort, exam, size, title="First", is_fixed=False, by=instructor)


@pytest.fixture
def room(client, instructor):
    client.force_login(instructor)
    return client

"""A run on PostgreSQL ends well though somebody is still connected."""

from __future__ import annotations

import time

import pytest
from django.db import OperationalError, connection

from tests.conftest import end_other_sessions

# On SQLite there are no sessions that could be in the way.
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


def test_a_session_that_was_left_open_is_ended():
    other = connection.copy()
    try:
        assert is_alive(other)
        with connection.cursor() as cursor:
            end_other_sessions(cursor)
        for _ in range(100):  # the server ends it in its own time
            if not is_alive(other):
                break
            time.sleep(0.05)
        else:
            pytest.fail("the session goes on")
    finally:
        other.close()


def is_alive(other) -> bool:
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True

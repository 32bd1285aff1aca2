"""What every test may ask for."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext
from hypothesis import settings as hypothesis

pytest_plugins = ["tests.visitors"]
hypothesis.register_profile("mogi", deadline=None)  # speed is measured in benchmarks, never asserted by the clock
hypothesis.load_profile("mogi")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database says nothing new on a second one."""
    for item in items:
        if item.get_closest_marker("django_db") is None and not DATABASE_FIXTURES & set(item.fixturenames):
            item.add_marker(pytest.mark.sqlite)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database is dropped at the end, also where a page that is still open in the browser holds a session."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            end_other_sessions(cursor)


def end_other_sessions(cursor: CursorWrapper) -> None:
    """Leave this cursor's as the only session of its database, on PostgreSQL."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    """Pictures that a test stores are its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def now():
    from tests.factories import NOW

    return NOW


@pytest.fixture
def assert_queries():
    """A context that fails unless exactly so many queries are made, not counting BEGIN, SAVEPOINT and COMMIT."""

    @contextmanager
    def counted(expected: int):
        with CaptureQueriesContext(connection) as captured:
            yield
        made = [
            query["sql"]
            for query in captured.captured_queries
            if not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "COMMIT"))
        ]
        assert len(made) == expected, "\n".join(made)

    return counted

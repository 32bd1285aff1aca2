"""What every test may ask for."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    """Pictures that a test stores are its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def now():
    from tests.factories import NOW

    return NOW


@pytest.fixture(autouse=True)
def _groups_survive(request, django_db_blocker):
    """A test with real transactions ends by emptying all tables; what migrations had put there is put back."""
    yield
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        with django_db_blocker.unblock():
            import_module("exams.migrations.0002_groups").make_groups(apps, None)


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

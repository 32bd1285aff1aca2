"""What every test may ask for."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytest_plugins = ["tests.visitors"]


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

"""An author at the desk, and an exam."""

from __future__ import annotations

import pytest

from tests.factories import make_author, make_exam


@pytest.fixture
def author():
    return make_author(language="en")


@pytest.fixture
def desk(client, author):
    client.force_login(author)
    return client


@pytest.fixture
def exam():
    return make_exam("an-exam")

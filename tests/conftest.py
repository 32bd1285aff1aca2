"""What every test may ask for."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    """Pictures that a test stores are its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def now():
    from tests.factories import NOW

    return NOW

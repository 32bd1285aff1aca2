"""Many files as one archive."""

from __future__ import annotations

import zipfile
from io import BytesIO

from exams.documents.archives import archive


def test_files_come_back_under_their_names():
    files = {"青木.pdf": b"%PDF" * 1000, "b.pdf": b""}
    found = zipfile.ZipFile(BytesIO(b"".join(archive(files.items()))))
    assert found.testzip() is None
    assert {name: found.read(name) for name in found.namelist()} == files


def test_a_file_is_made_when_the_one_before_it_is_sent():
    made = []

    def files():
        for name in "ab":
            made.append(name)
            yield name, b"x"

    parts = archive(files())
    assert b"x" in next(parts)
    assert made == ["a"]


def test_no_files_are_an_empty_archive():
    assert zipfile.ZipFile(BytesIO(b"".join(archive([])))).namelist() == []

"""A pack as one file."""

from __future__ import annotations

import io
import zipfile

from exams.formats.archives import zipped


def test_the_files_lie_in_one_folder_and_the_same_files_make_the_same_archive():
    data = zipped({"b.yaml": b"2", "a.yaml": b"1"}, folder="an-exam")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "an-exam/a.yaml": b"1",
            "an-exam/b.yaml": b"2",
        }
    assert zipped({"a.yaml": b"1", "b.yaml": b"2"}, folder="an-exam") == data

"""The files of a pack as one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

DAY = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive


def zipped(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """A ZIP of files (path: bytes) within one folder, in order of their paths."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{path}", DAY), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()

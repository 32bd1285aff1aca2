"""The receipt of a finished attempt: a few digits that stand for every answer that was received."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from exams.domain.responses import Response

DIGITS, GROUP = 16, 4


def checksum(attempt: UUID, ended_at: datetime, answers: Sequence[Response]) -> str:
    """The first 16 hexadecimal digits, in groups of four, of the SHA-256 of what was received.

    What is hashed is one JSON object in UTF-8, keys sorted, no space between: ``answers`` (the stored response of
    every position in order, null for none, in the shapes of domain.responses), ``attempt`` (its public id) and
    ``ended_at`` (UTC, to the microsecond). Whoever holds the receipt and the stored answers can compute it again: if
    the two agree, what is scored is what was received. docs/timing.md has an example.
    """
    document = {
        "answers": list(answers),
        "attempt": str(attempt),
        "ended_at": ended_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digits = sha256(text.encode()).hexdigest()[:DIGITS]
    return " ".join(digits[start : start + GROUP] for start in range(0, DIGITS, GROUP))

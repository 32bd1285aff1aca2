"""What the candidate is told after the end, before any result: when it ended and what was received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from exams.domain import attempts as clock
from exams.domain.receipts import checksum
from exams.models import Attempt
from exams.queries.attempts import ended_at, minutes_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """A finished attempt without its result. ``received`` counts the questions that have an answer, ``late`` those
    whose last answer came too late."""

    attempt: Attempt
    ended_at: datetime
    received: int
    total: int
    late: int
    checksum: str

    @property
    def is_by_candidate(self) -> bool:
        """Ended by the candidate's own word, not by time."""
        return clock.is_by_candidate(deadline_at=self.attempt.deadline_at, finished_at=self.attempt.finished_at)

    @property
    def minutes(self) -> int:
        """The whole time there was."""
        return minutes_of(self.attempt)

    @property
    def minutes_used(self) -> int:
        """Whole minutes from the start to the end."""
        return clock.whole_minutes(self.attempt.started_at, deadline_at=self.ended_at)


def receipt(attempt: Attempt, now: datetime) -> Receipt:
    """The receipt of an attempt that has ended; raises ValueError for one that has not. One query."""
    end = ended_at(attempt, now)
    if end is None:
        raise ValueError("an attempt that has not ended has no receipt")
    rows = list(attempt.items.order_by("position").values_list("response", "late_at"))
    return Receipt(
        attempt=attempt,
        ended_at=end,
        received=sum(response is not None for response, _late_at in rows),
        total=len(rows),
        late=sum(late_at is not None for _response, late_at in rows),
        checksum=checksum(attempt.public_id, end, [response for response, _late_at in rows]),
    )

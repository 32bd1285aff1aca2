"""Reading invitations: which are in force, where a link leads, and what a list of addresses would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import F, Q, QuerySet

from exams.formats.addresses import Entry, Standing
from exams.models import Cohort, Invitation, Membership

MEMBER = "member"  # a standing that only the database knows


def usable() -> Q:
    """Those that are neither withdrawn nor used up; of their own columns alone, so that an update can rely on it."""
    return (Q(most_uses=None) | Q(uses__lt=F("most_uses"))) & Q(revoked_at=None)


def in_force(now: datetime) -> QuerySet[Invitation]:
    """Those by which somebody can join now, with their cohorts."""
    rows = Invitation.objects.filter(usable(), expires_at__gt=now, cohort__archived_at=None)
    return rows.select_related("cohort")


def invited_to(token: str, now: datetime) -> Cohort:
    """The cohort to which a link leads; raises Invitation.DoesNotExist for unknown, revoked, expired and used ones
    alike."""
    return in_force(now).get(token_hash=sha256(token.encode()).hexdigest()).cohort


def link_of(cohort: Cohort, now: datetime) -> Invitation | None:
    """The link for whoever has it, if one is in force. Its secret is known to nobody but who was given it."""
    return in_force(now).filter(cohort=cohort, email="").first()


def waiting(cohort: Cohort, now: datetime) -> QuerySet[Invitation]:
    """Those who were invited singly and have not joined yet, by address."""
    return in_force(now).filter(cohort=cohort).exclude(email="").order_by("email")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a list and what would become of it: valid, doubled, malformed, or member."""

    entry: Entry
    standing: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do."""

    rows: tuple[Row, ...]

    @property
    def valid(self) -> list[str]:
        """Addresses that would be invited."""
        return [row.entry.address for row in self.rows if row.standing == Standing.VALID]

    @property
    def others(self) -> list[Row]:
        """Entries that would not."""
        return [row for row in self.rows if row.standing != Standing.VALID]


def preview(cohort: Cohort, entries: Iterable[Entry]) -> Preview:
    """What inviting these would do, members left out. One query."""
    members = Membership.objects.filter(cohort=cohort, left_at=None)
    known = set(members.order_by().values_list("candidate__email", flat=True))
    return Preview(tuple(Row(entry, _standing(entry, known)) for entry in entries))


def _standing(entry: Entry, members: set[str]) -> str:
    return MEMBER if entry.standing is Standing.VALID and entry.address in members else entry.standing.value

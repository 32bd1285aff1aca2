"""Reading invitations: which are in force, where a link leads, and what a list of addresses would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from exams.formats.addresses import Entry, Standing
from exams.models import Cohort, Invitation, Membership, User

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


def joined(token: str, person: User) -> Cohort | None:
    """The cohort to which a link leads or led, where this person is in it already."""
    rows = Cohort.objects.filter(invitations__token_hash=sha256(token.encode()).hexdigest())
    return rows.filter(memberships__candidate=person, memberships__left_at=None).first()


def link_of(cohort: Cohort, now: datetime) -> Invitation | None:
    """The link for whoever has it, if one is in force. Its secret is known to nobody but who was given it."""
    return in_force(now).filter(cohort=cohort, email="").first()


def waiting(cohort: Cohort, now: datetime) -> QuerySet[Invitation]:
    """Those who were invited singly and have not joined yet; by address. Every link in force is there to be
    withdrawn."""
    return in_force(now).filter(cohort=cohort).exclude(email="").order_by("email")


def addresses_of(cohort: Cohort) -> QuerySet[Membership, str]:
    """The addresses of who is a member, in lower case."""
    rows = Membership.objects.filter(cohort=cohort, left_at=None).order_by()
    return rows.values_list(Lower("candidate__email"), flat=True)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a list and what would become of it: valid, doubled, malformed, or member; ``is_again`` where a link
    of theirs is in force, which a new one replaces."""

    entry: Entry
    standing: str
    is_again: bool


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


def preview(cohort: Cohort, entries: Iterable[Entry], now: datetime) -> Preview:
    """What inviting these would do, members left out. Two queries."""
    members = set(addresses_of(cohort))
    invited = set(waiting(cohort, now).values_list("email", flat=True))
    return Preview(tuple(Row(entry, _standing(entry, members), entry.address in invited) for entry in entries))


def _standing(entry: Entry, members: set[str]) -> str:
    return MEMBER if entry.standing is Standing.VALID and entry.address in members else entry.standing.value

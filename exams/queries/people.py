"""Who is here."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exams.models import Accommodation, Membership, User
from exams.models.people import AUTHORS, INSTRUCTORS

DEMO_PASSWORD = "try-mogi-here"  # noqa: S105 - of people who exist in local mode only


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to try the site as. ``role`` is what the sign-in page and `make run` say of them."""

    email: str
    name: str
    role: Promise
    group: str = ""
    is_staff: bool = False
    is_superuser: bool = False
    password: str = DEMO_PASSWORD


# Addresses of a domain that nobody can own, so that none of them is ever a real person's.
DEMO_PEOPLE = (
    DemoPerson("candidate@mogi.example", "佐藤 美咲", _("candidate")),
    DemoPerson("author@mogi.example", "Emma Clarke", _("author"), group=AUTHORS, is_staff=True),
    DemoPerson("instructor@mogi.example", "高橋 直樹", _("instructor"), group=INSTRUCTORS),
    DemoPerson("admin@mogi.example", "Alex Morgan", _("administrator"), is_staff=True, is_superuser=True),
)


def mark(user: User) -> str:
    """Tells people who use the same browser apart, and says nothing else of them: it can't be turned back."""
    return salted_hmac("mogi.person", str(user.pk), algorithm="sha256").hexdigest()[:24]


def demo_people() -> list[DemoPerson]:
    """Those demo people who can sign in here: in local mode, once they were made; else nobody."""
    if not settings.LOCAL:
        return []
    here = set(User.objects.filter(email__in=[person.email for person in DEMO_PEOPLE]).values_list("email", flat=True))
    return [person for person in DEMO_PEOPLE if person.email in here]


def is_demo(email: str) -> bool:
    """Whether this is a demo person's address, in any case of letters."""
    return email.lower() in {person.email for person in DEMO_PEOPLE}


def accommodation_of(candidate: User) -> Accommodation | None:
    """What this person is granted in every exam that starts from now on. One query."""
    return Accommodation.objects.filter(candidate=candidate).order_by("pk").first()


def standing_of(candidate: User) -> tuple[Accommodation | None, bool]:
    """The same, and whether the person has ever joined a cohort. One query."""
    joined = Exists(Membership.objects.filter(candidate=OuterRef("pk")))
    rows = User.objects.filter(pk=candidate.pk).order_by()
    percent, minutes, is_member = rows.values_list("accommodation__percent", "accommodation__minutes", joined).get()
    granted = None if percent is None else Accommodation(candidate=candidate, percent=percent, minutes=minutes)
    return granted, is_member


def extra_minutes(accommodation: Accommodation | None, minutes: int) -> int:
    """Whole minutes that it adds to an exam of ``minutes``; 0 where nothing is granted."""
    return accommodation.extra_minutes(minutes) if accommodation else 0

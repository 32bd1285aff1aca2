"""Every address of the site, with somebody for each role and an object for each address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from exams.domain.rescoring import Policy
from exams.models import (
    Accommodation,
    Assignment,
    Attempt,
    Case,
    Cohort,
    Exam,
    Media,
    Question,
    Report,
    Rescore,
    User,
)
from exams.services import attempts, cohorts, invitations, rescoring
from tests.factories import make_author, make_bank, make_exam, make_instructor, make_user, text

ABSENT = UUID("6a1f9a2e-3c1b-4b1c-8a58-7f6f0f8e2b11")
PICTURE = "0" * 64 + ".svg"
ROLES = ("anonymous", "owner", "candidate", "author", "teacher", "instructor", "admin")


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespace, pattern) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from patterns(entry, space)
        else:
            yield f"{prefix}{entry.name or entry.pattern}", entry


@dataclass
class World:
    """People of every role; what ``owner`` sits and ``teacher`` teaches."""

    people: dict[str, User | None]
    exam: Exam
    attempt: Attempt
    cohort: Cohort
    question: Question
    token: str
    assignment: Assignment
    report_id: int
    now: datetime
    invitation: int
    clients: dict[str, Client] = field(default_factory=dict)

    def kwargs(self, name: str) -> dict[str, Any]:
        """Arguments that make the address of that name lead to an existing object."""
        known = {
            "code": self.exam.code,
            "attempt_id": self.attempt.public_id,
            "position": 1,
            "version_id": self.question.current_version_id,
            "rescore_id": self._rescore_id(name),
            "report_id": self.report_id,
            "cohort_id": self.cohort.public_id,
            "assignment_id": self.assignment.public_id,
            "member_id": self.people["owner"].public_id,
            "what": "members",
            "ending": "csv",
            "token": self.token,
            "name": PICTURE,
            "pk": self.question.pk,
            "number": self.invitation if name == "invitation_revoke" else 1,
            "person_id": self.people["owner" if "member" in name else "teacher"].public_id,
            "app_label": "exams",
            "id": self.people["owner"].pk,
            "url": "nowhere/",
            "content_type_id": 1,
            "key": "x",
            "uidb36": "1",
        }
        pattern = dict(patterns())[name].pattern
        wanted = pattern.converters or pattern.regex.groupindex
        return {argument: known.get(argument) or self.object_id(name) for argument in wanted}

    def _rescore_id(self, name: str) -> int:
        """A repair of the teacher's assignment, or one everywhere."""
        return Rescore.objects.filter(assignment__isnull=name.startswith("admin:")).latest("pk").pk

    def object_id(self, name: str) -> str:
        """An object of the model that an address of the admin, such as ``admin:exams_tag_change``, is about."""
        if name == "admin:view_on_site":
            return str(self.question.pk)
        app, model, _action = name.removeprefix("admin:").split("_")
        return str(apps.get_model(app, model).objects.latest("pk").pk)


def ask(world: World, role: str, method: str, path: str) -> int:
    """The status that somebody of this role gets; whatever it did is undone."""
    if role not in world.clients:
        world.clients[role] = Client()
        if person := world.people[role]:
            world.clients[role].force_login(person)
    client = world.clients[role]
    cookies = client.cookies.copy()
    point = transaction.savepoint()
    answer = getattr(client, method)(path)
    transaction.savepoint_rollback(point)
    client.cookies = cookies
    return answer.status_code


def make_world(exam: Exam | None = None) -> World:
    teacher, owner = make_instructor(language="en"), make_user(language="en")
    if exam is None:
        exam = make_exam("an-exam")
        make_bank(exam)
    question = exam.questions.order_by("pk").first()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    now = timezone.now()
    token = cohorts.invite(cohort, by=teacher, now=now)
    cohorts.join(owner, token, now=now)
    size = exam.sizes.get(code="short")
    assignment = cohorts.assign(cohort, exam, size, title="First", is_fixed=False, by=teacher)
    attempt = attempts.start(owner, exam, size, now=now, seed=1, language="en", assignment=assignment).attempt
    Case.objects.get_or_create(exam=exam, code="a-case", defaults={"text": text("A case")})
    Accommodation.objects.create(candidate=owner, percent=50)
    version = question.current_version
    for where in (assignment, None):  # a policy that moves no mark and shows no key
        rescoring.rescore(version, Policy.DROP, assignment=where, reason="In doubt", by=teacher, now=now)
    report = Report.objects.create(
        version=version,
        item=attempt.items.get(version=version),
        candidate=owner,
        category="key",
        text="It is wrong",
        language="en",
        sent_at=now,
        answer="It is not",
        answered_at=now,
    )
    Media.objects.create(exam=exam, path="a.svg", name=PICTURE)
    default_storage.save(f"questions/{PICTURE}", ContentFile(b"<svg/>"))
    people = {
        "anonymous": None,
        "owner": owner,
        "candidate": make_user(language="en"),
        "author": make_author(language="en"),
        "teacher": teacher,
        "instructor": make_instructor(language="en"),
        "admin": make_user(language="en", is_staff=True, is_superuser=True),
    }
    for person in people.values():
        if person:  # allauth would note the address at the first look
            EmailAddress.objects.create(user=person, email=person.email)
    cohorts.add_instructor(cohort, make_instructor(language="en").email)
    invitations.invite_each(cohort, ["invited@example.org"], by=teacher, now=now)
    single = cohort.invitations.get(email="invited@example.org").pk
    return World(people, exam, attempt, cohort, question, token, assignment, report.pk, now, single)

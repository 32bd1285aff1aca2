"""Dull makers of rows: whatever a test does not name gets something valid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import count
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.auth.models import Group

from exams.domain.bank import checksum, from_json
from exams.models import (
    Assignment,
    Attempt,
    AttemptItem,
    Case,
    Cohort,
    Domain,
    Exam,
    Membership,
    Option,
    Question,
    QuestionEvent,
    QuestionVersion,
    Reference,
    Size,
    Tag,
    Task,
    User,
)
from exams.models.people import AUTHORS, INSTRUCTORS
from exams.services import attempts, bank, checking, cohorts, invitations

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
WEIGHTS = {"data": 20, "analysis": 24, "modeling": 36, "operations": 20}
_numbers = count(1)


def text(words: str) -> dict[str, str]:
    """A text in both languages."""
    return {"en": words, "ja": f"{words}（日本語）"}


def make_user(name: str = "", *, groups: Sequence[str] = (), **fields: Any) -> User:
    number = next(_numbers)
    user = User.objects.create_user(
        fields.pop("email", f"person-{number}@example.org"),
        fields.pop("password", PASSWORD),
        display_name=name or f"Person {number}",
        **fields,
    )
    if groups:
        if not Group.objects.exists():  # a test with real transactions has emptied all tables
            import_module("exams.migrations.0002_groups").make_groups(apps, None)
            import_module("exams.migrations.0010_workflow").let_authors_add_pictures(apps, None)
            import_module("exams.migrations.0008_rescores_and_reports").let_authors_answer(apps, None)
        user.groups.set(Group.objects.filter(name__in=groups))
    return user


def make_author(**fields: Any) -> User:
    return make_user(groups=[AUTHORS], is_staff=True, **fields)


def make_instructor(**fields: Any) -> User:
    return make_user(groups=[INSTRUCTORS], **fields)


def make_exam(code: str = "", *, weights: Mapping[str, int] = WEIGHTS, sizes: bool = True, **fields: Any) -> Exam:
    """An exam like MLS-C01: four domains with one task each, a full size (65, 50 scored, cut 36) and a short one
    (20, cut 15)."""
    code = code or f"exam-{next(_numbers)}"
    defaults: dict[str, Any] = {
        "title": text(f"Exam {code}"),
        "languages": ["en", "ja"],
        "scale_minimum": 100,
        "scale_pass": 750,
        "scale_maximum": 1000,
    }
    exam = Exam.objects.create(code=code, **{**defaults, **fields})
    for order, (domain_code, weight) in enumerate(weights.items()):
        domain = Domain.objects.create(
            exam=exam, code=domain_code, title=text(domain_code.title()), weight=weight, order=order
        )
        Task.objects.create(domain=domain, code=f"{order + 1}.1", statement=text(f"Task of {domain_code}"))
    if sizes:
        make_size(exam, "full", questions=65, scored=50, minutes=180, cut=36)
        make_size(exam, "short", questions=20, scored=20, minutes=56, cut=15)
    Tag.objects.create(exam=exam, code="a-tag", title=text("A tag"))
    return exam


def make_size(exam: Exam, code: str, *, questions: int, scored: int, minutes: int, cut: int) -> Size:
    return Size.objects.create(
        exam=exam, code=code, title=text(code.title()), questions=questions, scored=scored, minutes=minutes, cut=cut
    )


def make_question(
    exam: Exam,
    *,
    domain: str = "",
    code: str = "",
    kind: str = "single",
    keys: Sequence[int] = (0,),
    options: int = 0,
    publish: bool = True,
    **fields: Any,
) -> Question:
    """A valid question. ``keys`` are positions of a choice's right options; an ordering has four steps, in the right
    order; a matching has three prompts, ``o0`` to ``o2``, and four targets, ``t0`` to ``t3``, of which the last is a
    distractor."""
    code = code or f"question-{next(_numbers)}"
    row = exam.domains.get(code=domain) if domain else exam.domains.all()[0]
    ask = "Which is right? (Choose two.)" if kind == "multiple" else "Which is right?"
    question = Question.objects.create(
        exam=exam,
        code=code,
        kind=kind,
        domain=row,
        task=row.tasks.first(),
        **{
            "stem": {
                "en": f"{code}: {ask}",
                "ja": f"{code}：正しいのはどれか。" + ("（2つ選択）" if kind == "multiple" else ""),
            },
            **fields,
        },
    )
    keys = {"multiple": (0, 1), "single": (0,)}.get(kind, ()) if tuple(keys) == (0,) else keys
    for number in range(options or {"multiple": 5, "matching": 3}.get(kind, 4)):
        Option.objects.create(
            question=question,
            code=f"o{number}",
            order=number,
            text=text(f"Answer {number} of {code}"),
            rationale=text(f"Reason {number} of {code}"),
            is_key=number in keys,
            target=f"t{number}" if kind == "matching" else "",
        )
    for number in range(4 if kind == "matching" else 0):
        Option.objects.create(
            question=question, code=f"t{number}", order=10 + number, text=text(f"Target {number} of {code}")
        )
    Reference.objects.create(question=question, title=text("Guide"), url="https://docs.example.org/guide")
    if publish:
        publish_question(question)
    return question


def make_exam_of_all_kinds(code: str = "kinds") -> Exam:
    """One domain; a form has all of: two questions on a case, one single and one multiple choice, an ordering, a
    matching."""
    exam = make_exam(code, weights={"all": 100}, sizes=False, has_calculator=True)
    make_size(exam, "short", questions=6, scored=6, minutes=20, cut=4)
    case = Case.objects.create(exam=exam, code="a-case", text=text("A parcel carrier has little time."))
    for kind, fields in (
        *(("single", {"case": case}), ("single", {"case": case}), ("single", {})),
        *(("multiple", {}), ("ordering", {}), ("matching", {})),
    ):
        make_question(exam, kind=kind, code=f"{kind}-{next(_numbers)}", **fields)
    return exam


def publish_question(question: Question, now: datetime = NOW) -> QuestionVersion:
    version = bank.publish(question, by=None, now=now).version
    question.refresh_from_db()
    return version


def make_bank(exam: Exam, per_domain: Mapping[str, int] | None = None) -> list[Question]:
    """Published questions, enough for one short form (4, 5, 7, 4) or as told."""
    domains = {domain.code: domain for domain in exam.domains.prefetch_related("tasks")}
    wanted = per_domain or dict(zip(domains, (4, 5, 7, 4), strict=True))
    places = [domains[code] for code, number in wanted.items() for _ in range(number)]
    first = make_question(exam, domain=places[0].code)
    return [first, *copies(first, places[1:])]


def make_questions(exam: Exam, number: int, **fields: Any) -> list[Question]:
    """So many published questions that differ in their codes only."""
    first = make_question(exam, **fields)
    return [first, *copies(first, [first.domain] * (number - 1))]


def copies(first: Question, domains: Sequence[Domain]) -> list[Question]:
    """A published question again in each of these domains under a code of its own, by few queries."""
    rows = Question.objects.bulk_create(
        _renamed(first, first.code, f"question-{next(_numbers)}", domain=domain, task=domain.tasks.all()[0])
        for domain in domains
    )
    for table in (Option, Reference, QuestionEvent, QuestionVersion):
        parts = list(table.objects.filter(question=first))
        table.objects.bulk_create(_renamed(part, first.code, row.code, question=row) for row in rows for part in parts)
    versions = {version.question_id: version for version in QuestionVersion.objects.filter(question__in=rows)}
    for row in rows:
        row.current_version = version = versions[row.pk]
        version.domain, version.task = row.domain, row.task
        version.content |= {"domain": row.domain.code, "task": row.task.code}
        content = from_json(version.content)
        row.checksum = version.checksum = checksum(content)
        version.sketches = checking.sketches(content, row.exam.languages)
    Question.objects.bulk_update(rows, ["current_version", "checksum"])
    QuestionVersion.objects.bulk_update(versions.values(), ["domain", "task", "content", "checksum", "sketches"])
    return rows


def _renamed(row: Any, old: str, new: str, **changes: Any) -> Any:
    """A copy of a row in whose texts and documents ``new`` stands for ``old``."""
    copy = _copy(row, **changes)
    for name, value in vars(copy).items():
        if isinstance(value, str | dict | list):
            setattr(copy, name, json.loads(json.dumps(value).replace(old, new)))
    return copy


def make_members(cohort: Cohort, number: int) -> list[User]:
    """So many members at once, who can't sign in."""
    first = next(_numbers)
    people = User.objects.bulk_create(
        User(email=f"member-{first}-{place}@example.org", display_name=f"Member {place}", password="!")
        for place in range(number)
    )
    Membership.objects.bulk_create(Membership(cohort=cohort, candidate=person, accepted_at=NOW) for person in people)
    return people


def make_sittings(assignment: Assignment, people: Sequence[User], now: datetime = NOW) -> None:
    """A finished attempt of each, all with the questions that the first of them is given; the n-th person has the
    first n questions right, and over again from none."""
    first = attempts.start(
        people[0], assignment.exam, assignment.size, now=now, seed=1, language="en", assignment=assignment
    ).attempt
    attempts.finish(first, now=now)
    first.refresh_from_db()
    rows = Attempt.objects.bulk_create(_copy(first, candidate=person, public_id=uuid4()) for person in people[1:])
    items = list(first.items.all())
    AttemptItem.objects.bulk_create(
        (
            _copy(item, attempt=row, response=item.answer_key["right"], is_correct=item.position <= number % len(items))
            for number, row in enumerate(rows, 1)
            for item in items
        ),
        batch_size=2000,
    )


def _copy(row: Any, **changes: Any) -> Any:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields["id"]
    copy = type(row)(**fields)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def make_cohort(*members: User, teacher: User | None = None, now: datetime = NOW, name: str = "Autumn") -> Cohort:
    """A cohort that these people have joined."""
    teacher = teacher or make_instructor(language="en")
    cohort = cohorts.make_cohort(name, by=teacher)
    token = invitations.invite(cohort, by=teacher, now=now)
    for person in members:
        invitations.join(person, token, now=now)
    return cohort


def make_assignment(cohort: Cohort, exam: Exam, *, size: str = "short", **rules: Any) -> Assignment:
    """An exam that is set; ``rules`` are fields of Assignment."""
    defaults = {"title": "First", "is_fixed": False, "by": cohort.instructors.first()}
    return cohorts.assign(cohort, exam, exam.sizes.get(code=size), **{**defaults, **rules})

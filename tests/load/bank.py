"""What the author's desk costs with a bank of 10,000 questions, on SQLite and on PostgreSQL.

The list with every filter and search, the pages beside it, what the checker says as one types, and the search for
near-identical questions. Each page is asked for as ``tests.load.reports`` asks for its pages. docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from tests.load import reports

QUESTIONS = 10_000
SITTERS = 1_000  # of one form, so that some questions have statistics
PAGE_LIMIT, SEARCH_LIMIT = 300, 60_000  # milliseconds asked for
TIMES = 9
NEAR = "near-identical questions, whole bank"
CHECK = "check_bank"
TYPING = "checker, as one types"
PORTION = "findings of the bank, 200 questions checked"
LIMITS = {NEAR: SEARCH_LIMIT, CHECK: None, TYPING: None, PORTION: None}  # of the others, PAGE_LIMIT


# ── in a process with Django, once per database


def measure() -> None:
    """Build everything, ask for every page, print as JSON [page, [seconds], queries, bytes]."""
    from django.db import connection

    exam = build()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    rows = [[NEAR, *search(exam)], [CHECK, *check(exam)]]
    client = author()
    rows.append([PORTION, *portions(client, exam)])
    for page, ask in pages(exam):
        rows.append([page, *asked(client, ask)])
    json.dump(rows, sys.stdout)


def asked(client, ask: Callable) -> tuple[list[float], int, int]:
    """Seconds of every time a page is asked for, its queries and its bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seconds, size = [], 0
    for _ in range(TIMES + 1):  # the first one warms up
        began = time.perf_counter()
        answer = ask(client)
        seconds.append(time.perf_counter() - began)
        size = len(answer.content)
        if answer.status_code != 200:
            sys.exit(f"{answer.request['PATH_INFO']}: {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        ask(client)
    return seconds[1:], len(captured), size


def author():
    """A browser of an author who is signed in."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from exams.models import User
    from exams.models.people import AUTHORS
    from tests.load.client import HOST

    person = User.objects.create_user("author@example.org", display_name="Author", language="en", is_staff=True)
    person.groups.set(Group.objects.filter(name=AUTHORS))
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})
    client.force_login(person)
    return client


def pages(exam) -> Iterator[tuple[str, Callable]]:
    """Every page with its name and what asks for it."""
    from django.urls import reverse

    question = exam.questions.order_by("pk")[QUESTIONS // 2]
    domain, tag = exam.domains.all()[0], exam.tags.get()
    queries: dict[str, dict[str, object]] = {
        "list": {},
        "list, last page": {"p": -(-QUESTIONS // 50)},
        "search “forecast”": {"q": "forecast"},
        "search 「病院」": {"q": "病院"},
        "search, one question": {"q": "question-5000"},
        "search, nothing": {"q": "no such words"},
        "filter exam": {"exam__id__exact": exam.pk},
        "filter domain": {"domain__id__exact": domain.pk},
        "filter task": {"task__id__exact": domain.tasks.get().pk},
        "filter kind": {"kind__exact": "multiple"},
        "filter status": {"status__exact": "draft"},
        "filter tag": {"tags__id__exact": tag.pk},
        "filter no Japanese": {"language": "no-ja"},
        "filter English older": {"language": "en-ja"},
        "filter near-identical": {"findings": "near"},
        "filter old facts": {"findings": "stale"},
        "filter accepted warnings": {"findings": "accepted"},
        "filter things to mend": {"findings": "errors"},
        "filter open warnings": {"findings": "open"},
        "filter suspect keys": {"flags": "suspect"},
        "filter anything to look at": {"flags": "any"},
        "four filters and a search": {
            **{"domain__id__exact": domain.pk, "kind__exact": "single", "findings": "stale", "language": "en-ja"},
            "q": "forecast",
        },
        "by state": {"o": "5"},
        "by last edit": {"o": "-9"},
    }
    for name, query in queries.items():
        yield name, lambda client, query=query: client.get(reverse("admin:exams_question_changelist"), query)
    addresses = {
        "home": reverse("admin:index"),
        "bank and blueprint": reverse("admin:exams_exam_bank", args=[exam.pk]),
        "findings of the bank": reverse("admin:exams_exam_findings", args=[exam.pk]),
        "a question": reverse("admin:exams_question_change", args=[question.pk]),
    }
    for name, address in addresses.items():
        yield name, lambda client, address=address: client.get(address)
    data = typing(question)
    findings = reverse("admin:exams_question_findings", args=[question.pk])
    yield TYPING, lambda client: client.post(findings, data)


def typing(question) -> dict[str, str]:
    """What the checker is sent of a question whose stem is being changed."""
    rows = list(question.options.all())
    data = {"kind": question.kind, "domain": str(question.domain_id), "options-TOTAL_FORMS": str(len(rows))}
    data |= {f"stem__{language}": f"{words} So?" for language, words in question.stem.items()}
    for number, row in enumerate(rows):
        data |= {f"options-{number}-code": row.code, f"options-{number}-order": str(number)}
        data |= {f"options-{number}-text__{language}": words for language, words in row.text.items()}
    return data


def search(exam) -> tuple[list[float], int, int]:
    """Compare all questions with each other, as loading a pack does."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from exams.models import NearDuplicate
    from exams.services import checking

    began = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        checking.compare(exam, exam.questions.values_list("pk", flat=True))
    seconds = time.perf_counter() - began
    if NearDuplicate.objects.count() < TWINS:
        sys.exit("The twins were not found.")
    return [seconds], len(captured), 0


def check(exam) -> tuple[list[float], int, int]:
    """Everything that the checker finds in the whole bank."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from exams.queries.bank_check import check_bank

    began = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        check_bank(exam, on=date(2026, 11, 24))
    return [time.perf_counter() - began], len(captured), 0


def portions(client, exam) -> tuple[list[float], int, int]:
    """The page of a bank's findings, as it asks for itself until every question is checked."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from exams.queries.kept_checks import behind, demands, today

    address = reverse("admin:exams_exam_findings", args=[exam.pk])
    seconds, queries, answer = [], 0, None
    while behind(exam, demands(exam), on=today()).exists():
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(address, headers={"HX-Request": "true"})
        seconds.append(time.perf_counter() - began)
        queries = max(queries, len(captured))
    return seconds, queries, len(answer.content)


TWINS = 40  # questions that say what the one before them says


def build():
    """An exam with so many published questions, some of each state that a filter finds, and one form that was sat."""
    from django.utils import timezone

    from exams.models import Question, Tag, User, Waiver
    from exams.services import statistics
    from tests.load import data

    exam = data.make_exam(1)
    tag = Tag.objects.create(exam=exam, code="a-tag", title={"en": "A tag", "ja": "タグ"})
    fill(exam, QUESTIONS - 1)
    rows = list(exam.questions.order_by("pk").values_list("pk", flat=True))
    Question.tags.through.objects.bulk_create(Question.tags.through(question_id=pk, tag_id=tag.pk) for pk in rows[::20])
    Question.objects.filter(pk__in=rows[::10]).update(as_of=date(2020, 1, 1))
    Question.objects.filter(pk__in=rows[::50]).update(status="draft")
    Question.objects.filter(pk__in=rows[1::50]).update(status="in_review")
    now = timezone.now()
    Waiver.objects.bulk_create(
        Waiver(question_id=pk, code="facts_stale", where="as_of", text="0" * 16, reason="So", given_at=now)
        for pk in rows[::100]
    )
    teacher = User.objects.create_user("teacher@example.org", display_name="Teacher", language="en")
    reports.sat(exam, data.make_people(SITTERS), teacher, "Form")
    statistics.rebuild(exam, now=now)
    return exam


def fill(exam, number: int) -> None:
    """Publish so many questions at once: all that lists, filters and the checker read of them, and no HTML."""
    from django.utils import timezone

    from exams.domain.bank import checksum, to_json
    from exams.domain.responses import answer_key, option_ids
    from exams.models import Option, Question, QuestionVersion, Reference
    from exams.services.checking import sketches
    from tests.load import texts

    now, day = timezone.now(), timedelta(days=1)
    domains = list(exam.domains.prefetch_related("tasks"))
    for first in range(0, number, 1000):
        contents = []
        for place in range(first, min(first + 1000, number)):
            domain = domains[place % len(domains)]
            said = place - 1 if place % (number // TWINS or 1) == 1 else place
            contents.append((place, domain, texts.question(said + 1, domain.code, domain.tasks.all()[0].code)))
        questions = Question.objects.bulk_create(
            Question(
                exam=exam,
                code=f"question-{place + 1}",
                kind=content.kind.value,
                domain=domain,
                task=domain.tasks.all()[0],
                stem=dict(content.stem) if place % 40 else {"en": content.stem["en"]},
                objective=dict(content.objective),
                status="published",
                checksum=checksum(content),
                revised_at={"en": now.isoformat(), "ja": (now + day if place % 30 == 0 else now).isoformat()},
            )
            for place, domain, content in contents
        )
        made = list(zip(questions, contents, strict=True))
        Option.objects.bulk_create(
            Option(
                question=question,
                code=option.id,
                order=order,
                text=dict(option.text),
                rationale=dict(option.rationale),
                is_key=option.is_key,
            )
            for question, (_place, _domain, content) in made
            for order, option in enumerate(content.options)
        )
        Reference.objects.bulk_create(
            Reference(question=question, title=dict(one.title), url=one.url)
            for question, (_place, _domain, content) in made
            for one in content.references
        )
        versions = QuestionVersion.objects.bulk_create(
            QuestionVersion(
                question=question,
                number=1,
                content=to_json(content),
                checksum=question.checksum,
                kind=question.kind,
                domain=domain,
                task=question.task,
                answer_key=answer_key(content).to_json(),
                option_ids=list(option_ids(content)),
                sketches=sketches(content, exam.languages),
                question_html={},
                review_html={},
                renderer_version=1,
                published_at=now,
            )
            for question, (_place, domain, content) in made
        )
        for question, version in zip(questions, versions, strict=True):
            question.current_version = version
        Question.objects.bulk_update(questions, ["current_version"])


# ── the run


def main() -> None:
    """Measure on both databases, print, and write down where asked."""
    import postgres

    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="", help="a file for the result, as Markdown")
    parsed = parser.parse_args()
    os.chdir(reports.ROOT)
    found = {}
    with tempfile.TemporaryDirectory(prefix="mogi-bench-") as name:
        folder = Path(name)
        with reports.sqlite(folder) as address:
            found["SQLite"] = reports.on(address, folder, "bank")
        with postgres.server(durable=True) as address:
            found["PostgreSQL"] = reports.on(address, folder, "bank")
    text = f"{table(found)}\n\n{os.cpu_count()} processors, Python {platform.python_version()}; load average "
    text += f"{os.getloadavg()[0]:.1f} at the end; {TIMES} times each page.\n"
    sys.stdout.write(text)
    if parsed.out:
        Path(parsed.out).write_text(text)


def table(found: dict[str, list[list]]) -> str:
    """One row per page and database."""
    rows: list[Sequence[str]] = [
        ("page", "database", "median ms", "most ms", "asked for", "queries", "bytes"),
        ("---", "---", *["---:"] * 5),
    ]
    for database, told in found.items():
        for page, seconds, queries, size in told:
            limit = LIMITS.get(page, PAGE_LIMIT)
            rows.append(
                (
                    page,
                    database,
                    f"{1000 * median(seconds):,.0f}",
                    f"{1000 * max(seconds):,.0f}",
                    f"{limit:,}" if limit else "",
                    str(queries),
                    f"{size:,}" if size else "",
                )
            )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()

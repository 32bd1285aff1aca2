"""What an instructor's pages cost: 1,000 members and 10,000 attempts of 65 questions, on SQLite and on PostgreSQL.

Each page is asked for again and again, in this process and through the whole middleware; told is the time from the
request to the last byte of the reply, the database's included, and how many queries it took. docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
GROUPS = {"1,000 members": 1_000, "10,000 members": 10_000}
SITTING = {"1,000 sitting": 1_000}  # whose attempts go on
# Page (the address's name), group: milliseconds asked for.
TARGETS = {
    ("assignment", "1,000 members"): 300,
    ("assignment_live", "1,000 members"): 300,
    ("assignment_live", "1,000 sitting"): 300,
    ("item_analysis", "1,000 members"): 300,
    ("item_analysis", "10,000 members"): 1_000,
}
LEAST = "1,000 members"  # all pages are asked for here; with more members, those for which something is asked
PAGES = ("assignment", "assignment_live", "item_analysis", "item_of_assignment")
NAMES = {
    "assignment": "results",
    "assignment_live": "live board",
    "item_analysis": "item analysis",
    "item_of_assignment": "one question",
}
TIMES = 9
COLUMNS = (
    "attempt_id, position, version_id, domain_id, task_id, is_scored, answer_key, option_order, response, is_correct, "
    "is_flagged, struck, note, revision, writer, saved_at, seconds_spent"
)


# ── in a process with Django, once per database


def measure() -> None:
    """Build everything, ask for every page, print as JSON [page, group, [seconds], queries, bytes]."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from tests.load.client import HOST

    teacher, assignments = build()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})
    client.force_login(teacher)
    rows = []
    for group, assignment in assignments.items():
        for page in PAGES:
            if group != LEAST and (page, group) not in TARGETS:
                continue
            address = reverse(page, kwargs=arguments(page, assignment))
            seconds, size = [], 0
            for _ in range(TIMES + 1):  # the first one warms up
                began = time.perf_counter()
                answer = client.get(address)
                seconds.append(time.perf_counter() - began)
                size = len(answer.content)
                if answer.status_code != 200:
                    sys.exit(f"{page}: {answer.status_code}")
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            rows.append([page, group, seconds[1:], len(captured), size])
    json.dump(rows, sys.stdout)


def arguments(page: str, assignment) -> dict[str, object]:
    """What the address of a page is made of."""
    found = {"cohort_id": assignment.cohort.public_id, "assignment_id": assignment.public_id}
    if page == "item_of_assignment":
        found["version_id"] = assignment.form.items.first().version_id
    return found


def build():
    """An instructor, and an assignment of one form per group that all its members have sat, or are sitting."""
    from django.contrib.auth.models import Group

    from exams.models import User
    from exams.models.people import INSTRUCTORS
    from tests.load import data

    exam = data.make_exam()
    teacher = User.objects.create_user("teacher@example.org", display_name="Teacher", language="en")
    teacher.groups.set(Group.objects.filter(name=INSTRUCTORS))
    people = data.make_people(max(GROUPS.values()))
    assignments = {group: sat(exam, people[:size], teacher, group) for group, size in GROUPS.items()}
    assignments |= {group: sat(exam, people[:size], teacher, group, goes_on=True) for group, size in SITTING.items()}
    return teacher, assignments


def sat(exam, people, teacher, title: str, *, goes_on: bool = False):
    """An assignment of a fixed form with one attempt of each of these people, finished unless it ``goes_on``."""
    from django.db import connection
    from django.utils import timezone

    from exams.models import Attempt, Form, FormItem, Membership
    from exams.queries import blueprints
    from exams.services import cohorts
    from tests.load.data import SIZE

    random, now = Random(title), timezone.now() - timedelta(hours=1 if goes_on else 24)
    size = exam.sizes.get(code=SIZE)
    cohort = cohorts.make_cohort(title, by=teacher)
    Membership.objects.bulk_create(Membership(cohort=cohort, candidate=one, accepted_at=now) for one in people)
    assignment = cohorts.assign(cohort, exam, size, title=title, is_fixed=True, by=teacher)
    form = Form.objects.create(exam=exam, assignment=assignment)
    versions = [question.current_version for question in exam.questions.select_related("current_version")]
    items = [
        FormItem(form=form, position=place, version=version, is_scored=place <= size.scored)
        for place, version in enumerate(random.sample(versions, size.questions), start=1)
    ]
    FormItem.objects.bulk_create(items)
    sitting = blueprints.sitting(size, None)
    parameters = blueprints.parameters(exam, sitting, list(exam.sizes.all()), list(exam.domains.all()))
    Attempt.objects.bulk_create(
        Attempt(
            candidate=one,
            exam=exam,
            size_code=SIZE,
            assignment=assignment,
            form=form,
            language=one.language,
            parameters=parameters.to_json(),
            seed=random.randrange(10**6),
            started_at=now,
            deadline_at=now + timedelta(hours=3),
            finished_at=None if goes_on else now + timedelta(hours=2),
        )
        for one in people
    )
    with connection.cursor() as cursor:  # first by question, then stored by attempt, as a start stores them
        cursor.execute(f"CREATE TEMPORARY TABLE answers AS SELECT {COLUMNS} FROM exams_attemptitem LIMIT 0")
        for item in items:
            answer(form, item, random)
        cursor.execute(
            f"INSERT INTO exams_attemptitem ({COLUMNS}) SELECT {COLUMNS} FROM answers ORDER BY attempt_id, position"
        )
        cursor.execute("DROP TABLE answers")
    return assignment


def answer(form, item, random: Random) -> None:
    """Everybody's answer to one question, in one statement: the better half is right more often, a few leave it open.

    The attempt's seed is the chance: its last two digits are how able somebody is, the others mix with two numbers of
    the question.
    """
    from django.db import connection

    order = item.version.option_ids
    right = sorted(item.version.answer_key["right"])
    wrong = [sorted(random.sample(order, len(right))) for _ in range(4)]
    wrong = [one for one in wrong if one != right] or [sorted(order[-len(right) :])]
    dice = f"((seed / 100) * {random.randrange(1, 997)} + {random.randrange(997)}) %% 997"
    is_right = f"{dice} < {random.randrange(250, 500)} + 5 * (seed %% 100)"
    second = f"((seed / 100) * {random.randrange(1, 991)} + {random.randrange(991)}) %% 991"
    cast = "%s::jsonb" if connection.vendor == "postgresql" else "%s"
    choice = " ".join(f"WHEN {number} THEN {cast}" for number in range(len(wrong)))
    sql = f"""
        INSERT INTO answers ({COLUMNS})
        SELECT id, %s, %s, %s, %s, %s, {cast}, {cast},
            CASE WHEN {is_right} THEN {cast} WHEN {second} < 30 THEN NULL
                ELSE CASE ({second}) %% {len(wrong)} {choice} END END,
            {is_right}, {second} %% 9 = 0, {cast}, '', 1, 'bench', started_at, 40 + {second} %% 180
        FROM exams_attempt WHERE form_id = %s
    """
    values = [
        *(item.position, item.version_id, item.version.domain_id, item.version.task_id, item.is_scored),
        *(json.dumps(item.version.answer_key), json.dumps(order), json.dumps(right)),
        *(json.dumps(one) for one in wrong),
        *("[]", form.pk),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# ── the run


def main() -> None:
    """Measure on both databases, print, and write down where asked."""
    import postgres

    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="", help="a file for the result, as Markdown")
    asked = parser.parse_args()
    os.chdir(ROOT)
    found = {}
    with tempfile.TemporaryDirectory(prefix="mogi-bench-") as name:
        folder = Path(name)
        with sqlite(folder) as address:
            found["SQLite"] = on(address, folder)
        with postgres.server(durable=True) as address:
            found["PostgreSQL"] = on(address, folder)
    text = f"{table(found)}\n\n{os.cpu_count()} processors, Python {platform.python_version()}; load average "
    text += f"{os.getloadavg()[0]:.1f} at the end; {TIMES} times each.\n"
    sys.stdout.write(text)
    if asked.out:
        Path(asked.out).write_text(text)


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """The address of a database file."""
    yield f"sqlite:///{folder / 'reports.sqlite3'}"


def on(address: str, folder: Path, name: str = "reports") -> list[list]:
    """Rows of ``measure`` (of this file, or of the one with that name) on the database of that address."""
    from tests.load.bench import settings

    environment = {**settings(address, folder), "MOGI_LOG_LEVEL": "ERROR"}
    for command in (("migrate", "--verbosity=0"), ("createcachetable",), ("collectstatic", "--noinput", "-v0")):
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
    code = f"from tests.load import {name}; {name}.measure()"
    run = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
    return json.loads(subprocess.run(run, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def table(found: dict[str, list[list]]) -> str:
    """One row per page, group and database."""
    rows: list[Sequence[str]] = [
        ("page", "on", "database", "median ms", "most ms", "asked for", "queries", "bytes"),
        ("---", "---", "---", *["---:"] * 5),
    ]
    for database, told in found.items():
        for page, group, seconds, queries, size in told:
            asked = TARGETS.get((page, group))
            rows.append(
                (
                    NAMES[page],
                    group,
                    database,
                    f"{1000 * median(seconds):,.0f}",
                    f"{1000 * max(seconds):,.0f}",
                    f"{asked:,}" if asked else "",
                    str(queries),
                    f"{size:,}",
                )
            )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()

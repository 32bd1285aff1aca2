"""The pages of a cohort and of an assignment: no breach of accessibility rules, and nothing sticks out of a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.services import attempts, interventions, invitations
from tests.factories import make_assignment, make_bank, make_cohort, make_exam, make_instructor, make_user
from tests.journeys.test_pages import check, violations
from tests.journeys.test_widths import STICKS_OUT, sticking_out

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_a_cohort(visit, transactional_db, language):
    exam, now = make_exam("mock-1"), timezone.now()
    make_bank(exam)
    teacher = make_instructor(name="高橋 直樹", language=language)
    people = [make_user(name, language=language) for name in ("佐藤 美咲", "Ito Ren", "中島 悠")]
    cohort = make_cohort(*people, teacher=teacher, now=now, name="ML エンジニア育成 2026 年秋")
    rules = {"opens_at": now - HOUR, "closes_at": now + 2 * HOUR, "most_attempts": 2, "key_release": "last_deadline"}
    assignment = make_assignment(cohort, exam, title="第 2 回 模擬試験", **rules)
    running, done, void = (
        attempts.start(person, exam, assignment.size, now=now, seed=1, language=language, assignment=assignment).attempt
        for person in people
    )
    attempts.extend(running, 10, reason="A fire alarm.", by=teacher, now=now)
    attempts.finish(done, now=now)
    interventions.void(void, reason="Not them.", by=teacher, now=now)
    invitations.invite_each(cohort, ["a-rather-long-address@example.org"], by=teacher, now=now)
    base = f"/cohorts/{cohort.public_id}/"
    one = f"{base}assignments/{assignment.public_id}/"
    paths = ["/cohorts/", base, f"{base}invitations/", f"{one}live/", f"{one}edit/"]
    paths += [f"{one}live/{attempt.public_id}/" for attempt in (running, done, void)]
    paths.append(f"{one}members/{people[0].public_id}/time/")
    check(visit(language=language).sign_in(teacher, "/cohorts/"), paths)
    phone = {"language": language, "width": 320, "height": 640}
    assert sticking_out(visit(**phone).sign_in(teacher, "/cohorts/"), paths) == {}
    page = visit(**phone).sign_in(teacher, f"{base}invitations/")
    page.locator("textarea[name=addresses]").fill(f"a@example.org a@example.org nobody {people[0].email}")
    page.locator("main form button").first.click()
    expect(page.locator("tbody tr")).to_have_count(4)
    assert page.evaluate(STICKS_OUT) == []
    assert violations(page) == {}
    own = ["/", "/exams/mock-1/", f"/attempts/{void.public_id}/result/", f"/attempts/{void.public_id}/receipt/"]
    check(visit(language=language).sign_in(people[2]), own)
    assert sticking_out(visit(**phone).sign_in(people[2]), own) == {}

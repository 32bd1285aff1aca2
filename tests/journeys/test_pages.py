"""Every page of ours, and the author's desk: no violation of accessibility rules, no complaint in the console."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from exams.models import Accommodation
from exams.services import attempts, cohorts
from tests.factories import make_author, make_bank, make_exam, make_instructor, make_question, make_user

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

# What Django's own admin pages break, listed so that nothing is added.
ADMIN_BASELINE = {"link-in-text-block"}  # its breadcrumbs
OF_COLOUR = ["color-contrast", "link-in-text-block"]


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1", is_current=False)
    make_bank(exam)
    make_question(
        exam,
        domain="data",
        kind="multiple",
        stem={
            "en": "| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1  # one\n```\n\n"
            "$$\n\\frac{a}{b}\n$$\n\nWhich? (Choose two.)",
            "ja": "表と$x^2$。*最も*適切なものはどれか。（2つ選択）",
        },
    )
    return exam


def violations(page, **options) -> dict[str, list[str]]:
    """Rule to the elements that break it."""
    # Without preloading, which tries inline styles and so breaks our policy itself.
    options = {"preload": False, "resultTypes": ["violations"], **options}
    found = Axe().run(page, options=options).response["violations"]
    return {rule["id"]: [node["html"][:120] for node in rule["nodes"]][:3] for rule in found}


def check(page, paths, baseline=None):
    broken = {}
    for path in paths:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        if page.evaluate("document.documentElement.lang") == "en":  # of the same colours as in Japanese
            found = violations(page, rules={rule: {"enabled": False} for rule in OF_COLOUR})
        else:
            found = violations(page)
            page.emulate_media(color_scheme="dark")
            # The scheme changes nothing but colours.
            found |= {f"{rule} (dark)": nodes for rule, nodes in violations(page, runOnly=OF_COLOUR).items()}
        if found := {rule: nodes for rule, nodes in found.items() if rule.split()[0] not in (baseline or set())}:
            broken[path] = found
    assert broken == {}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_for_everybody(visit, exam, language):
    visitor = visit(language=language)
    visitor.expected = ["404"]
    accounts = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"]
    check(
        visitor.page,
        ["/", "/exams/mock-1/", "/scoring/", "/no/such/page/", *(f"/accounts/{path}" for path in accounts)],
    )


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_a_candidate(visit, exam, language):
    candidate = make_user(language=language)
    teacher = make_instructor()
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    token = cohorts.invite(cohort, by=teacher, now=timezone.now())
    cohorts.join(candidate, token, now=timezone.now())
    size = exam.sizes.get(code="short")
    assignment = cohorts.assign(cohort, exam, size, title="First", is_fixed=False, by=teacher)
    then = timezone.now() - timedelta(hours=2)
    done = attempts.start(candidate, exam, size, now=then, seed=1, language=language).attempt
    done.items.filter(position__lte=8).update(is_correct=True, response=["o0"])
    attempts.finish(done, now=then + timedelta(minutes=20))
    page = visit(language=language).sign_in(candidate)
    paths = ["/", "/exams/mock-1/", f"/attempts/{done.public_id}/result/?show=wrong", f"/join/{token}/"]
    before = [f"/exams/mock-1/before/?size=short{tried}" for tried in ("", "&check=1", "&check=1&answer=0&struck=2")]
    paths += [*before, f"/exams/mock-1/before/?assignment={assignment.public_id}&check=1&answer=1"]
    paths.append(f"/attempts/{done.public_id}/receipt/")
    paths += ["/account/", "/account/delete/"]
    check(page, [*paths, "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"])
    page.goto(f"/attempts/{done.public_id}/result/")
    page.locator(".qlist summary").first.click()
    assert violations(page) == {}
    running = attempts.start(candidate, exam, size, now=timezone.now(), seed=2, language=language).attempt
    room = f"/attempts/{running.public_id}/"
    check(page, [room, f"{room}?review", "/"])
    page.goto(room)
    for opener in ("display", "map"):
        page.locator(f"button[popovertarget={opener}]:visible").first.click()
        assert violations(page) == {}, opener
        page.keyboard.press("Escape")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_an_instructor(visit, exam, language):
    teacher = make_instructor(language=language)
    cohort = cohorts.make_cohort("Autumn", by=teacher)
    size = exam.sizes.get(code="short")
    assignment = cohorts.assign(cohort, exam, size, title="First", is_fixed=False, by=teacher)
    now = timezone.now() - timedelta(hours=1)
    for number in range(6):
        person = make_user()
        cohorts.join(person, cohorts.invite(cohort, by=teacher, now=now), now=now)
        started = attempts.start(person, exam, size, now=now, seed=number, language="en", assignment=assignment)
        started.attempt.items.filter(position__lte=4 * number).update(is_correct=True, response=["o0"])
        if number:
            attempts.finish(started.attempt, now=now + timedelta(minutes=5))
    page = visit(language=language).sign_in(teacher, "/cohorts/")
    base = f"/cohorts/{cohort.public_id}/"
    own = [f"members/{person.public_id}/", f"attempts/{started.attempt.public_id}/", "progress/"]
    results = f"assignments/{assignment.public_id}/"
    paths = ["", results, f"{results}?by=task&sort=-latest&show=risk", *own]
    check(page, ["/cohorts/", *(f"{base}{path}" for path in paths)])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_the_authors_desk(visit, exam, language):
    question = exam.questions.first()
    page = visit(language=language).sign_in(make_author(language=language), "/admin/")
    question.stem = {**question.stem, "en": "Another wording: which is right?"}
    question.save()
    parts = ("preview/", "versions/", "versions/1/", "differences/")
    check(page, [f"/admin/exams/question/{question.pk}/{part}" for part in parts])
    check(page, [f"/admin/exams/question/live/{exam.code}/"])
    paths = ["", "exams/question/", "exams/question/add/", f"exams/question/{question.pk}/change/", "exams/exam/"]
    paths += [f"exams/exam/{exam.pk}/change/", "exams/tag/", f"exams/question/{question.pk}/history/"]
    paths += ["exams/media/", "exams/media/add/", "exams/case/add/"]
    check(page, [f"/admin/{path}" for path in paths], ADMIN_BASELINE)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_an_administrator(visit, exam, language):
    boss, candidate = make_user(language=language, is_staff=True, is_superuser=True), make_user()
    size = exam.sizes.get(code="short")
    attempt = attempts.start(candidate, exam, size, now=timezone.now(), seed=1, language=language).attempt
    attempts.extend(attempt, 10, reason="The fire alarm rang.", by=boss, now=timezone.now())
    granted = Accommodation.objects.create(candidate=candidate, percent=50)
    page = visit(language=language).sign_in(boss, "/admin/")
    paths = ["attempt/", "accommodation/", f"accommodation/{granted.pk}/change/"]
    paths += [f"attempt/{attempt.pk}/{part}/" for part in ("change", "extend")]
    paths.append(f"user/{candidate.pk}/change/")
    check(page, [f"/admin/exams/{path}" for path in paths], ADMIN_BASELINE)


def test_an_administrator_finds_a_candidate_grants_time_and_extends_a_running_exam(visit, exam):
    boss, candidate = make_user(language="en", is_staff=True, is_superuser=True), make_user("Sato", language="en")
    page = visit().sign_in(boss, "/admin/exams/user/?q=sato")
    page.get_by_role("link", name=candidate.email).click()
    page.get_by_role("spinbutton", name="Extra time in percent").fill("50")
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    size = exam.sizes.get(code="short")
    attempt = attempts.start(candidate, exam, size, now=timezone.now(), seed=1, language="en").attempt
    page.goto("/admin/exams/attempt/?state=running")
    page.get_by_role("link", name="Sato").click()
    page.get_by_role("link", name="Give extra time").click()
    page.get_by_label("Extra minutes").fill("10")
    page.get_by_label("Reason").fill("The fire alarm rang.")
    page.get_by_role("button", name="Give extra time").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Sato has 10 more minutes")
    room = visit().sign_in(candidate, f"/attempts/{attempt.public_id}/")
    expect(room.locator("#clock")).to_contain_text("1:33:")


def test_nothing_is_wider_than_the_smallest_phone(visit, exam):
    candidate = make_user(language="ja")
    size = exam.sizes.get(code="short")
    Accommodation.objects.create(candidate=candidate, percent=50)
    page = visit(language="ja").sign_in(candidate)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = []
    page.goto("/exams/mock-1/before/?size=short&check=1&answer=0")
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        wide.append("before")
    attempt = attempts.start(candidate, exam, size, now=timezone.now(), seed=2, language="ja").attempt
    room = f"/attempts/{attempt.public_id}/"
    for path in ("/", "/exams/mock-1/", "/scoring/", room, f"{room}?review", "/accounts/email/"):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)
    attempts.finish(attempt, now=timezone.now())
    for path in (f"{room}receipt/", f"{room}result/"):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)
    assert wide == []

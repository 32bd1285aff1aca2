"""Pages that one seldom meets, refusals among them: no violation of accessibility rules there either."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import expect

from exams.models import Attempt, Case, Media
from exams.services import attempts, cohorts
from tests.factories import make_author, make_bank, make_exam, make_instructor, make_user, text
from tests.journeys.test_pages import ADMIN_BASELINE, OF_COLOUR, check, violations

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
PICTURE = "0" * 64 + ".svg"
# Sends what a page without script sends, so that the answer is a page.
POST = """([path, data]) => {
  const form = document.createElement("form"), token = document.cookie.match(/csrftoken=(\\w+)/)[1];
  Object.assign(form, {method: "post", action: path});
  for (const [name, value] of Object.entries({...data, csrfmiddlewaretoken: token}))
    form.append(Object.assign(document.createElement("input"), {name, value}));
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def exam(transactional_db):
    exam = make_exam("mock-1")
    make_bank(exam)
    return exam


def start(candidate, exam, **fields):
    size = exam.sizes.get(code="short")
    attempt = attempts.start(candidate, exam, size, now=timezone.now(), seed=1, language="en").attempt
    Attempt.objects.filter(pk=attempt.pk).update(**fields)
    return f"/attempts/{attempt.public_id}/"


def check_shown(page) -> None:
    """What is on the screen, in both schemes."""
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    assert (found, violations(page, runOnly=OF_COLOUR)) == ({}, {})


@pytest.mark.parametrize("language", ["ja", "en"])
def test_refusals(visit, exam, language):
    visitor = visit(language=language)
    visitor.expected = ["403", "404", "405"]
    page = visitor.sign_in(make_user(language=language))
    check(page, ["/cohorts/", "/no/such/page/", "/exams/mock-1/start/", "/join/no-such-token/"])


def test_refusals_of_what_was_sent(visit, exam, settings):
    candidate = make_user(language="ja")
    visitor = visit(language="ja")
    visitor.expected = ["403", "422", "429"]
    page = visitor.sign_in(candidate)
    room = start(candidate, exam)
    page.goto("/exams/mock-1/")
    page.evaluate(POST, [f"{room}items/1/", {"answer": "99", "base": 0, "rev": 1, "writer": "one"}])  # no such option
    page.wait_for_url("**/items/1/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_shown(page)
    page.goto("/exams/mock-1/")
    page.evaluate(POST.replace("csrfmiddlewaretoken: token", 'csrfmiddlewaretoken: "old"'), [f"{room}finish/", {}])
    page.wait_for_url("**/finish/")
    check_shown(page)
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    stranger = visit(language="ja")
    stranger.expected = ["429"]
    for _time in range(2):
        stranger.page.goto("/accounts/password/reset/")
        stranger.page.locator("input[name=email]").fill(candidate.email)
        stranger.page.locator("main form button[type=submit]").first.click()
        stranger.page.wait_for_load_state()
    expect(stranger.page.get_by_text("429")).to_be_visible()
    check_shown(stranger.page)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_seconds_after_the_deadline(visit, exam, language):
    candidate = make_user(language=language)
    page = visit(language=language).sign_in(candidate)
    now = timezone.now()
    room = start(candidate, exam, started_at=now - timedelta(hours=1), deadline_at=now + timedelta(seconds=1))
    page.goto("/exams/mock-1/")
    page.wait_for_timeout(1500)
    check(page, ["/exams/mock-1/", room])
    expect(page.locator(".banner--care")).to_be_visible()  # it is not over yet


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_conflict_without_script(visit, exam, language):
    candidate = make_user(language=language)
    visitor = visit(language=language)
    visitor.expected = ["409"]
    page = visitor.sign_in(candidate)
    room = start(candidate, exam)
    page.goto("/exams/mock-1/")
    for writer, answer, leads_to in (("one", "1", "**?item=1"), ("other", "2", "**/items/1/")):
        page.evaluate(POST, [f"{room}items/1/", {"answer": answer, "base": 0, "rev": 1, "writer": writer}])
        page.wait_for_url(leads_to)
    expect(page.locator("main form button")).to_be_visible()
    check_shown(page)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_of_accounts(visit, exam, language, settings):
    person = make_user(language=language)
    page = visit(language=language).page
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    check(page, [f"/accounts/password/reset/key/{key}/", "/accounts/password/reset/key/1-x/"])
    check(page, ["/accounts/password/reset/key/done/"])
    settings.SIGN_UP_IS_OPEN = False
    check(page, ["/accounts/signup/"])
    signed_in = visit(language=language).sign_in(person)
    check(signed_in, ["/accounts/reauthenticate/"])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_rest_of_the_authors_desk(visit, exam, language):
    case = Case.objects.create(exam=exam, code="a-case", text=text("A case"))
    default_storage.save(f"questions/{PICTURE}", ContentFile(b"<svg/>"))
    picture = Media.objects.create(exam=exam, path="a.svg", name=PICTURE)
    page = visit(language=language).sign_in(make_author(language=language), "/admin/")
    domain, tag = exam.domains.first(), exam.tags.first()
    paths = ["domain/", f"domain/{domain.pk}/change/", "case/", f"case/{case.pk}/change/", "case/add/"]
    paths += ["media/", f"media/{picture.pk}/change/", f"tag/{tag.pk}/delete/", f"case/{case.pk}/delete/"]
    check(page, [f"/admin/exams/{path}" for path in paths], ADMIN_BASELINE)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_rest_of_administration(visit, exam, language):
    person = make_user()
    cohorts.make_cohort("Autumn", by=make_instructor())
    page = visit(language=language).sign_in(make_user(language=language, is_staff=True, is_superuser=True), "/admin/")
    paths = ["user/", "user/add/", f"user/{person.pk}/delete/", f"exam/{exam.pk}/delete/"]
    check(page, [f"/admin/exams/{path}" for path in paths], ADMIN_BASELINE)


def test_a_printed_result_has_its_questions_and_no_filter(visit, exam):
    candidate = make_user(language="en")
    room = start(candidate, exam)
    attempts.finish(candidate.attempts.get(), now=timezone.now())
    page = visit().sign_in(candidate, f"{room}result/")
    expect(page.get_by_role("combobox", name="Show")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("combobox", name="Show")).to_be_hidden()
    expect(page.locator(".qlist .verdict").first).to_be_visible()

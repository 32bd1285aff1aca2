"""What every page has: headers, compression, language; and what refusals look like."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/accounts/login/"


def test_a_page_forbids_everything_from_elsewhere(client):
    policy = client.get(PAGE).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }


def test_a_page_has_the_security_headers(client):
    headers = client.get(PAGE).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_has_no_inline_style_or_script(client):
    body = client.get(PAGE).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", body)


def test_a_page_is_compressed_for_who_can_read_that(client):
    assert client.get(PAGE, headers={"accept-encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(PAGE).headers


def test_a_page_varies_by_language_and_cookie(client):
    assert {"Accept-Language", "Cookie"} <= set(client.get(PAGE).headers["Vary"].split(", "))


def test_a_wsgi_server_finds_the_site():
    from examsite.wsgi import application

    assert isinstance(application, WSGIHandler)


def test_health_is_told_without_signing_in(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize(
    ("asked", "language"),
    [("ja", "ja"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.5", "en"), ("de", "ja"), ("", "ja")],
)
def test_the_language_is_the_browsers_else_the_sites(client, asked, language):
    response = client.get(PAGE, headers={"accept-language": asked})
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()


def test_the_language_switch_holds_for_this_browser(client):
    response = client.post(reverse("language"), {"language": "en", "next": PAGE})
    assert (response.status_code, response.url) == (302, PAGE)
    assert 'lang="en"' in client.get(PAGE, headers={"accept-language": "ja"}).content.decode()


def test_the_language_switch_holds_for_the_person(client):
    person = make_user(language="ja")
    client.force_login(person)
    client.post(reverse("language"), {"language": "en", "next": "/"})
    person.refresh_from_db()
    assert person.language == "en"
    client.cookies.pop("mogi_language")
    response = client.get("/accounts/email/", headers={"accept-language": "ja"})
    assert response.headers["Content-Language"] == "en"


def test_a_language_that_the_site_does_not_speak_changes_nothing(client):
    person = make_user(language="ja")
    client.force_login(person)
    response = client.post(reverse("language"), {"language": "tlh", "next": "/"})
    person.refresh_from_db()
    assert (response.status_code, person.language) == (302, "ja")
    assert "mogi_language" not in response.cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_language_switch_leads_nowhere_else(client, target):
    assert client.post(reverse("language"), {"language": "en", "next": target}).url == "/"


def test_the_language_switch_needs_a_post(client):
    response = client.get(reverse("language") + "?language=en")
    assert response.status_code == 405
    assert "mogi_language" not in response.cookies


def test_the_language_switch_needs_a_token(client_with_csrf):
    assert client_with_csrf.post(reverse("language"), {"language": "en"}).status_code == 403


@pytest.mark.parametrize(
    ("language", "sentence"), [("ja", "ページが見つかりません。"), ("en", "There is no such page.")]
)
def test_a_missing_page_is_refused_in_the_readers_language(client, language, sentence):
    response = client.get("/nowhere/", headers={"accept-language": language})
    assert response.status_code == 404
    assert f"<h1>{sentence}</h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ja", "このページは古くなっていました。"), ("en", "This page had become out of date.")],
)
def test_a_missing_token_is_refused_in_the_readers_language(client_with_csrf, language, sentence):
    response = client_with_csrf.post(PAGE, headers={"accept-language": language})
    assert response.status_code == 403
    assert sentence in response.content.decode()


def test_a_script_gets_its_refusal_as_json(client_with_csrf):
    headers = {"accept": "application/json", "accept-language": "en"}
    missing = client_with_csrf.get("/nowhere/", headers=headers)
    assert (missing.status_code, missing.json()["state"]) == (404, "refused")
    forged = client_with_csrf.post(PAGE, headers=headers)
    assert (forged.status_code, forged.json()["state"]) == (403, "refused")
    assert forged.json()["message"].startswith("This page had become out of date. Go back")


def test_a_page_for_others_is_refused(client):
    client.force_login(make_user())
    response = client.get("/admin/", headers={"accept-language": "en"}, follow=True)
    assert response.status_code == 403
    assert "<h1>This page is not open to you.</h1>" in response.content.decode()


@pytest.mark.parametrize(("language", "sentence"), [("ja", "このアドレスは開けません"), ("en", "can&#x27;t be opened")])
def test_an_address_that_only_takes_a_form_is_refused_with_a_page(client, language, sentence):
    answer = client.get("/language/", headers={"accept-language": language})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert sentence in answer.content.decode()
    assert client.get("/language/", headers={"accept": "application/json"}).json()["state"] == "refused"


def test_a_page_that_answers_a_form_lets_the_language_be_switched(client_with_csrf):
    answer = client_with_csrf.post("/language/")
    assert answer.status_code == 403
    assert 'name="next" value="/"' in answer.content.decode()


def test_what_makes_no_sense_is_refused(client):
    response = client.get(PAGE, headers={"host": "elsewhere.example", "accept-language": "en"})
    assert response.status_code == 400


def test_a_picture_is_served_so_that_it_can_do_nothing_and_is_kept(client):
    name = "0" * 64 + ".svg"
    default_storage.save(f"questions/{name}", ContentFile(b"<svg/>"))
    response = client.get(f"/media/{name}")
    assert (response.content, response.headers["Content-Type"]) == (b"<svg/>", "image/svg+xml")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["0" * 64 + ".png", "0" * 64 + ".html", "../secret.svg"])
def test_what_is_no_stored_picture_is_not_served(client, name):
    assert client.get(f"/media/{name}").status_code == 404


def test_a_navigation_never_gets_json(client):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get("/nowhere/", headers={"accept": accept}).headers["Content-Type"].startswith("text/html")


def test_a_fault_of_ours_is_told_in_both_languages(client, monkeypatch):
    monkeypatch.setattr("exams.views.site.connection.cursor", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/healthz")
    assert response.status_code == 500
    assert "サーバーで問題が起きました" in response.content.decode()
    assert "Something went wrong" in response.content.decode()


@pytest.fixture
def client_with_csrf():
    from django.test import Client

    return Client(enforce_csrf_checks=True)

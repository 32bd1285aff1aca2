"""Signing up, in and out, and choosing a new password, as a browser sees it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from exams.models import User
from exams.queries.people import DEMO_PEOPLE
from exams.services import people
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN, SIGNUP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"
WRONG = {
    "ja": "メールアドレスかパスワードが正しくありません。",
    "en": "The email address and/or password you specified are not correct.",
}


@pytest.fixture
def english(client):
    client.cookies["mogi_language"] = "en"
    return client


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(client):
    return "_auth_user_id" in client.session


# Signing up


def joined(client, **changes):
    return client.post(
        SIGNUP, {"display_name": "山田 花子", "email": "Hanako@Example.org", "password1": "a long phrase", **changes}
    )


def test_signing_up_asks_for_name_address_and_password_in_this_order(english):
    body = english.get(SIGNUP).content.decode()
    assert re.findall(r'<input[^>]* name="(\w+)"[^>]* class="input"', body) == ["display_name", "email", "password1"]
    assert re.findall(r'autocomplete="([\w-]+)"', body) == ["name", "email", "new-password"]


def test_signing_up_signs_in_and_keeps_name_and_language(client):
    response = joined(client)
    assert (response.status_code, response.url) == (302, "/")
    person = User.objects.get()
    assert (person.email, person.display_name, person.language) == ("hanako@example.org", "山田 花子", "ja")
    assert not person.is_staff
    assert is_signed_in(client)


def test_passwords_are_stored_with_argon2(client, settings):
    from examsite.settings import PASSWORD_HASHERS

    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    joined(client)
    assert User.objects.get().password.startswith("argon2$")


def test_an_address_that_is_taken_is_said_beside_its_field(english):
    make_user(email="hanako@example.org")
    body = joined(english).content.decode()
    assert 'id="id_email_error"' in body
    assert "A user is already registered with this email address." in body
    assert re.search(r'<input[^>]*name="email"[^>]*aria-invalid="true"[^>]*aria-describedby="id_email_error"', body)
    assert User.objects.count() == 1


def test_a_weak_password_is_refused(english):
    assert 'id="id_password1_error"' in joined(english, password1="abc").content.decode()
    assert not User.objects.exists()


def test_a_nameless_person_is_refused(english):
    assert 'id="id_display_name_error"' in joined(english, display_name=" ").content.decode()
    assert not User.objects.exists()


def test_where_sign_up_is_closed_nobody_joins(english, settings):
    settings.SIGN_UP_IS_OPEN = False
    assert "Sign-up is closed" in english.get(SIGNUP).content.decode()
    assert "Sign-up is closed" in joined(english).content.decode()
    assert not User.objects.exists()
    assert SIGNUP not in english.get(LOGIN).content.decode()


def test_where_addresses_are_verified_one_signs_in_after_following_the_link(english, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    joined(english)
    assert not is_signed_in(english)
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    assert "Is <strong>hanako@example.org</strong> yours?" in english.get(link).content.decode()
    english.post(link)
    sign_in(english, "hanako@example.org", "a long phrase")
    assert is_signed_in(english)


# Signing in and out


def test_signing_in_goes_home(client):
    person = make_user()
    assert sign_in(client, person.email).url == "/"
    assert is_signed_in(client)


def test_addresses_are_the_same_in_any_case(client):
    make_user(email="someone@example.org")
    sign_in(client, "SomeOne@Example.ORG")
    assert is_signed_in(client)


def test_signing_in_goes_on_to_where_one_wanted_to_go(client):
    person = make_user()
    assert sign_in(client, person.email, next="/accounts/email/").url == "/accounts/email/"


def test_signing_in_leads_nowhere_else(client):
    person = make_user()
    assert sign_in(client, person.email, next="https://evil.example/").url == "/"


@pytest.mark.parametrize("language", WRONG)
def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(client, language):
    person = make_user()
    client.cookies["mogi_language"] = language
    for response in (sign_in(client, person.email, "wrong"), sign_in(client, "nobody@example.org", "wrong")):
        body = response.content.decode()
        assert re.search(rf'role="alert".*?{re.escape(WRONG[language])}', body, re.DOTALL)
    assert not is_signed_in(client)


def test_failed_sign_ins_are_counted_and_then_even_the_right_password_waits(english, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    cache.clear()
    person, other = make_user(), make_user()
    for _ in range(3):
        sign_in(english, person.email, "wrong")
    body = sign_in(english, person.email).content.decode()
    assert "Too many failed login attempts. Try again later." in body
    assert not is_signed_in(english)
    sign_in(english, other.email)
    assert is_signed_in(english)


def test_too_many_requests_get_a_page_of_ours(english, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/h/ip"}
    cache.clear()
    joined(english)
    english.post("/accounts/logout/")
    response = joined(english, email="other@example.org")
    assert response.status_code == 429
    assert "<h1>Too many attempts</h1>" in response.content.decode()


def test_a_person_who_is_switched_off_is_told_so(english):
    person = make_user(is_active=False)
    response = english.post(LOGIN, {"login": person.email, "password": PASSWORD}, follow=True)
    assert not is_signed_in(english)
    assert response.status_code == 200


def test_signing_out_needs_a_post(english):
    english.force_login(make_user())
    assert "its clock does not stop" in english.get("/accounts/logout/").content.decode()
    assert is_signed_in(english)
    english.post("/accounts/logout/")
    assert not is_signed_in(english)


def test_the_admin_has_no_sign_in_of_its_own(client):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)


# Demo people


def test_demo_people_are_named_on_the_sign_in_page_and_can_sign_in(client):
    people.make_demo_people()
    body = client.get(LOGIN).content.decode()
    for one in DEMO_PEOPLE:
        assert one.email in body
        sign_in(client, one.email, one.password)
        assert is_signed_in(client)
        client.logout()


def test_demo_people_are_neither_named_nor_let_in_outside_of_local_mode(client, settings):
    people.make_demo_people()
    settings.LOCAL = False
    assert DEMO_PEOPLE[0].email not in client.get(LOGIN).content.decode()
    for one in DEMO_PEOPLE:
        sign_in(client, one.email, one.password)
        assert not is_signed_in(client)
    assert User.objects.filter(is_active=True).count() == len(DEMO_PEOPLE)


# A new password, a new address


def test_a_forgotten_password_is_chosen_anew_through_the_mail(english):
    person = make_user(email="someone@example.org")
    assert english.post(RESET, {"email": "someone@example.org"}).url == "/accounts/password/reset/done/"
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    form = english.get(link, follow=True)
    done = english.post(form.redirect_chain[-1][0], {"password1": "another phrase", "password2": "another phrase"})
    assert done.url == "/accounts/password/reset/key/done/"
    person.refresh_from_db()
    assert person.check_password("another phrase")


def test_a_used_link_says_so(english):
    assert "This link no longer works" in english.get("/accounts/password/reset/key/1-abc/").content.decode()


def test_an_unknown_address_gets_the_same_page_and_no_mail(english):
    assert english.post(RESET, {"email": "nobody@example.org"}).url == "/accounts/password/reset/done/"
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("ja", "パスワードの再設定", "パスワードの再設定を受け付けました。"),
        ("en", "A new password", "asked for a new password"),
    ],
)
def test_mail_is_in_its_readers_language(client, language, subject, sentence):
    make_user("Hanako", email="someone@example.org", language=language)
    client.cookies["mogi_language"] = "en" if language == "ja" else "ja"
    client.post(RESET, {"email": "someone@example.org"})
    message = mail.outbox[0]
    assert message.subject == subject
    assert sentence in message.body
    assert "Hanako" in message.body
    assert message.alternatives == []


def test_where_no_mail_is_sent_the_page_says_whom_to_ask(english, settings):
    settings.SENDS_MAIL = False
    body = english.get(RESET).content.decode()
    assert "An administrator can give you a new password." in body
    assert 'name="email"' not in body


def test_a_password_is_changed_with_the_old_one(english):
    person = make_user()
    english.force_login(person)
    url = "/accounts/password/change/"
    new = {"password1": "another phrase", "password2": "another phrase"}
    assert 'id="id_oldpassword_error"' in english.post(url, {"oldpassword": "wrong", **new}).content.decode()
    english.post(url, {"oldpassword": PASSWORD, **new})
    person.refresh_from_db()
    assert person.check_password("another phrase")


def test_a_new_address_counts_once_it_is_confirmed(english):
    person = make_user(email="old@example.org")
    sign_in(english, person.email)
    english.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert "new@example.org" in english.get("/accounts/email/").content.decode()
    person.refresh_from_db()
    assert person.email == "old@example.org"
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]
    english.post(link)
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert "A message with a link went to" not in english.get("/accounts/email/").content.decode()


def test_a_change_of_address_can_be_changed_or_dropped_and_the_old_one_stays(english):
    person = make_user(email="old@example.org")
    sign_in(english, person.email)
    url = "/accounts/email/"
    assert "action_remove" not in english.get(url).content.decode()
    english.post(url, {"email": "tpyo@example.org", "action_add": ""})
    english.post(url, {"email": "new@example.org", "action_add": ""})
    assert "tpyo@example.org" not in english.get(url).content.decode()
    english.post(url, {"email": "new@example.org", "action_remove": ""})
    english.post(url, {"email": "old@example.org", "action_remove": ""})
    person.refresh_from_db()
    assert person.email == "old@example.org"
    assert "action_remove" not in english.get(url).content.decode()
    assert len(mail.outbox) == 2


def test_where_no_mail_is_sent_an_address_stays(english, settings):
    settings.SENDS_MAIL = False
    english.force_login(make_user(email="old@example.org"))
    body = english.get("/accounts/email/").content.decode()
    assert "old@example.org" in body
    assert 'name="action_add"' not in body

"""Inviting singly, links that are limited, and who teaches a cohort."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exams.models import Cohort, Invitation, Membership
from exams.services import cohorts, invitations
from tests.factories import make_cohort, make_instructor, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    return make_instructor(language="en")


@pytest.fixture
def cohort(teacher):
    return make_cohort(teacher=teacher, now=timezone.now())


@pytest.fixture
def room(client, teacher):
    client.force_login(teacher)
    return client


def path(name, cohort, *more):
    return reverse(name, args=[cohort.public_id, *more])


def test_a_list_is_shown_before_anything_is_done(room, cohort):
    member = make_user(email="member@example.org")
    cohort.memberships.create(candidate=member, accepted_at=timezone.now())
    file = SimpleUploadedFile("list.csv", "名前,メール\n佐藤,new@example.org\n".encode("cp932"))
    text = "A@example.org a@example.org nobody member@example.org"
    answer = room.post(path("invitations", cohort), {"addresses": text, "file": file})
    rows = [(row.entry.address, row.standing) for row in answer.context["preview"].rows]
    assert rows == [
        ("new@example.org", "valid"),
        ("a@example.org", "valid"),
        ("a@example.org", "doubled"),
        ("nobody", "malformed"),
        ("member@example.org", "member"),
    ]
    for words in ("stands above already", "is a member already", "is no e-mail address", "will be invited"):
        assert words in answer.content.decode()
    assert not cohort.invitations.exclude(email="").exists()


def test_without_a_mail_server_the_links_are_shown_once_and_kept_nowhere(room, client, cohort, settings):
    settings.SENDS_MAIL = False
    answer = room.post(path("invitations", cohort), {"addresses": "a@example.org b@example.org", "confirmed": ""})
    tokens = re.findall(r"/join/([\w-]+)/", answer.content.decode())
    assert len(set(tokens)) == 2
    assert all(len(token) >= 43 for token in tokens)
    kept = repr(list(Invitation.objects.values())) + repr([row.get_decoded() for row in Session.objects.all()])
    assert not any(token in kept for token in tokens)
    assert "/join/" not in room.get(path("invitations", cohort)).content.decode()
    assert "a@example.org" in room.get(path("invitations", cohort)).content.decode()
    assert mail.outbox == []


def test_with_a_mail_server_each_is_mailed_in_their_language(room, cohort, settings):
    settings.SENDS_MAIL = True
    make_user(email="a@example.org", language="ja")
    answer = room.post(path("invitations", cohort), {"addresses": "a@example.org b@example.org", "confirmed": ""})
    assert answer.status_code == 302
    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    assert [message.subject for message in mail.outbox] == ["Autumnへの招待", "Invitation to Autumn"]
    token = re.search(r"http://testserver/join/([\w-]+)/", mail.outbox[1].body).group(1)
    assert invitations.join(make_user(), token, now=timezone.now()) == cohort
    assert "2 people are invited by mail." in room.get(answer.url).content.decode()


def test_no_mail_is_sent_where_nothing_was_stored(room, cohort, settings, monkeypatch):
    settings.SENDS_MAIL = True
    monkeypatch.setattr(Invitation.objects, "create", lambda **fields: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        room.post(path("invitations", cohort), {"addresses": "a@example.org", "confirmed": ""})
    assert mail.outbox == []


class MailServer(StreamRequestHandler):
    """As much of SMTP as one mail takes; it refuses addresses that begin with ``refused`` and hangs up when it is given
    one that begins with ``quiet``."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        to, is_text = b"", False
        for line in self.rfile:
            if is_text:
                is_text = line != b".\r\n"
                if is_text:
                    continue
                self.server.received.append(to.decode())
            elif line.upper().startswith(b"RCPT"):
                to = line.partition(b"<")[2].partition(b">")[0]
                if to.startswith(b"quiet"):
                    return
                if to.startswith(b"refused"):
                    self.wfile.write(b"550 nobody of this name\r\n")
                    continue
            elif line.upper().startswith(b"DATA"):
                is_text = True
                self.wfile.write(b"354 go on\r\n")
                continue
            self.wfile.write(b"250 yes\r\n")


@pytest.fixture
def mail_server(settings):
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        server.received = []
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def invited(room, cohort, addresses):
    """Who is shown with a link that works, and the page."""
    answer = room.post(path("invitations", cohort), {"addresses": addresses, "confirmed": ""})
    page = answer.content.decode()
    shown = re.findall(r'<span class="label">([^<]+)</span><input[^>]+/join/([\w-]+)/', page)
    for email, token in shown:
        assert cohort.invitations.get(email=email).token_hash == sha256(token.encode()).hexdigest()
    return [email for email, _token in shown], page


@pytest.mark.parametrize(
    ("addresses", "received", "shown"),
    [
        (
            "a@example.org refused@example.org b@example.org",
            ["a@example.org", "b@example.org"],
            ["refused@example.org"],
        ),
        (
            "a@example.org quiet@example.org b@example.org",
            ["a@example.org"],
            ["quiet@example.org", "b@example.org"],
        ),
    ],
)
def test_whom_no_mail_reaches_is_named_with_a_link_to_send_and_the_others_are_mailed(
    room, cohort, mail_server, caplog, addresses, received, shown
):
    found, page = invited(room, cohort, addresses)
    assert (found, mail_server.received) == (shown, received)
    assert f"{len(received)} {'person is' if len(received) == 1 else 'people are'} invited by mail." in page
    assert "could not be sent" in page
    assert "Invitations could not be mailed" in caplog.text
    assert "example.org" not in caplog.text


def test_a_mail_server_that_is_not_there_undoes_nothing(room, cohort, mail_server, settings):
    settings.EMAIL_PORT = 1
    found, page = invited(room, cohort, "a@example.org b@example.org")
    assert found == ["a@example.org", "b@example.org"]
    assert "2 people are invited, but their mail could not be sent." in page
    assert "invited by mail" not in page


def test_a_link_is_good_for_as_many_as_it_says(cohort, teacher):
    now = timezone.now()
    token = invitations.invite(cohort, by=teacher, now=now, most_uses=2)
    first = make_user()
    for person in (first, first, make_user()):  # who comes twice takes up one use
        invitations.join(person, token, now=now)
    with pytest.raises(Invitation.DoesNotExist):
        invitations.join(make_user(), token, now=now)
    assert Membership.objects.count() == 2


def test_who_has_joined_by_another_link_is_waited_for_no_longer(room, cohort, teacher):
    now = timezone.now()
    invitations.invite_each(cohort, ["a@example.org", "b@example.org"], by=teacher, now=now)
    person = make_user(email="A@Example.org")
    invitations.join(person, invitations.invite(cohort, by=teacher, now=now), now=now)
    page = room.get(path("invitations", cohort)).content.decode()
    assert "a@example.org" not in page
    assert "b@example.org" in page
    assert "1 not joined yet" in room.get(path("cohort", cohort)).content.decode()


def test_a_single_link_opens_nothing_once_its_person_has_joined_by_another(room, cohort, teacher):
    now = timezone.now()
    mine, _other = invitations.invite_each(cohort, ["a@example.org", "b@example.org"], by=teacher, now=now)
    elsewhere = make_cohort(teacher=teacher, now=now, name="Winter")
    (kept,) = invitations.invite_each(elsewhere, ["a@example.org"], by=teacher, now=now)
    person, stranger = make_user(email="A@Example.org"), make_user()
    invitations.join(person, invitations.invite(cohort, by=teacher, now=now), now=now)
    room.force_login(stranger)
    address = reverse("join", args=[mine.token])
    assert [room.get(address).status_code, room.post(address).status_code] == [404, 404]
    assert not stranger.memberships.exists()
    assert invitations.join(person, kept.token, now=now) == elsewhere


def test_every_link_in_force_is_there_to_be_withdrawn(room, cohort, teacher):
    invitations.invite_each(cohort, ["a@example.org"], by=teacher, now=timezone.now())
    cohort.memberships.create(candidate=make_user(email="a@example.org"), accepted_at=timezone.now())
    assert path("invitation_revoke", cohort, Invitation.objects.get(email="a@example.org").pk) in (
        room.get(path("invitations", cohort)).content.decode()
    )


def test_who_is_invited_already_is_told_to_get_a_new_link(room, cohort, teacher):
    invitations.invite_each(cohort, ["a@example.org"], by=teacher, now=timezone.now())
    answer = room.post(path("invitations", cohort), {"addresses": "a@example.org b@example.org"})
    assert [row.is_again for row in answer.context["preview"].rows] == [True, False]
    assert answer.context["preview"].valid == ["a@example.org", "b@example.org"]
    assert answer.content.decode().count("invited already, gets a new link") == 1


def test_a_link_that_is_used_up_is_told_to_be_full_perhaps(client, cohort, teacher):
    now = timezone.now()
    token = invitations.invite(cohort, by=teacher, now=now, most_uses=1)
    invitations.join(make_user(), token, now=now)
    client.force_login(make_user(language="en"))
    assert "used by as many people as it was made for" in client.get(reverse("join", args=[token])).content.decode()


def test_the_limit_of_a_link_is_set_and_shown(room, cohort):
    assert room.post(path("invite", cohort), {"most_uses": "0"}).status_code == 422
    room.post(path("invite", cohort), {"most_uses": "30"})
    assert "0 of 30 people have joined by it." in room.get(path("cohort", cohort)).content.decode()


def test_a_single_link_is_withdrawn_and_replaced_alone(room, cohort, teacher):
    now = timezone.now()
    common = invitations.invite(cohort, by=teacher, now=now)
    ((first), (other)) = invitations.invite_each(cohort, ["a@example.org", "b@example.org"], by=teacher, now=now)
    (again,) = invitations.invite_each(cohort, ["a@example.org"], by=teacher, now=now)
    with pytest.raises(Invitation.DoesNotExist):
        invitations.join(make_user(), first.token, now=now)
    row = cohort.invitations.get(email="b@example.org")
    room.post(path("invitation_revoke", cohort, row.pk))
    with pytest.raises(Invitation.DoesNotExist):
        invitations.join(make_user(), other.token, now=now)
    for token in (common, again.token):
        assert invitations.join(make_user(), token, now=now) == cohort
    elsewhere = make_cohort(now=now).invitations.get()
    assert room.post(path("invitation_revoke", cohort, elsewhere.pk)).status_code == 404


def test_a_single_link_expires_and_works_once(cohort, teacher):
    now = timezone.now()
    (one,) = invitations.invite_each(cohort, ["a@example.org"], by=teacher, now=now)
    with pytest.raises(Invitation.DoesNotExist):
        invitations.join(make_user(), one.token, now=now + timedelta(days=14))
    invitations.join(make_user(), one.token, now=now)
    with pytest.raises(Invitation.DoesNotExist):
        invitations.join(make_user(), one.token, now=now)


@pytest.mark.parametrize(
    "data", [{}, {"addresses": "x " * 301}, {"file": SimpleUploadedFile("a.csv", b"a\0b")}, {"addresses": "a\0b"}]
)
def test_lists_that_can_t_be_taken_are_refused(room, cohort, data):
    assert room.post(path("invitations", cohort), data).status_code == 422


def test_a_cohort_is_renamed_and_archived_and_comes_back(room, cohort, teacher):
    token = invitations.invite(cohort, by=teacher, now=timezone.now())
    room.post(path("cohort_rename", cohort), {"cohort-name": "Winter", "cohort-archived_at": "2020-01-01", "id": 7})
    room.post(path("cohort_archive", cohort))
    cohort.refresh_from_db()
    assert (cohort.name, cohort.archived_at is None) == ("Winter", False)
    with pytest.raises(Invitation.DoesNotExist):
        invitations.join(make_user(), token, now=timezone.now())
    for name, data in (
        ("invite", {}),
        ("cohort_rename", {"cohort-name": "X"}),
        ("invitations", {"addresses": "a@b.org"}),
    ):
        answer = room.post(path(name, cohort), data, follow=True)
        assert "This cohort is archived. Bring it back first." in answer.content.decode()
    assert "Winter" in room.get(reverse("cohorts")).content.decode()
    room.post(path("cohort_archive", cohort), {"restore": ""})
    assert invitations.join(make_user(), token, now=timezone.now()) == cohort


def test_instructors_are_added_by_address_and_strangers_alike_refused(room, cohort, teacher):
    other = make_instructor()
    make_user(email="candidate@example.org")
    for email in ("candidate@example.org", "nobody@example.org"):
        answer = room.post(path("instructor_add", cohort), {"email": email}, follow=True)
        assert "No instructor has this address." in answer.content.decode()
    room.post(path("instructor_add", cohort), {"email": other.email.upper()})
    assert set(cohort.instructors.all()) == {teacher, other}


def test_the_last_instructor_stays(room, cohort, teacher):
    other = make_instructor()
    cohorts.add_instructor(cohort, other.email)
    assert room.post(path("instructor_remove", cohort, teacher.public_id)).url == reverse("cohorts")
    assert room.get(path("cohort", cohort)).status_code == 404
    room.force_login(other)
    room.post(path("instructor_remove", cohort, other.public_id))
    assert list(Cohort.objects.get().instructors.all()) == [other]


def test_a_member_is_removed_and_sees_before_who_teaches(room, cohort, teacher):
    person = make_user(language="en")
    cohort.memberships.create(candidate=person, accepted_at=timezone.now())
    room.force_login(person)
    assert f"Taught by {teacher.display_name}" in room.get("/").content.decode()
    room.force_login(teacher)
    assert room.post(path("member_remove", cohort, make_user().public_id)).status_code == 404
    room.post(path("member_remove", cohort, person.public_id))
    assert not cohort.memberships.filter(left_at=None).exists()

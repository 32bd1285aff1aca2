"""The command behind `make run`."""

from __future__ import annotations

import socket
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exams.models import Exam, QuestionVersion, User
from exams.queries.people import DEMO_PEOPLE


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.django_db
def test_it_prints_where_to_go_and_whom_to_sign_in_as(port):
    out = StringIO()
    call_command("demo", port=port, stdout=out)
    said = out.getvalue()
    assert f"http://localhost:{port}/" in said
    for one in DEMO_PEOPLE:
        assert one.email in said
        assert User.objects.get(email=one.email).check_password(one.password)
    assert said.index("candidate") < said.index("author") < said.index("instructor") < said.index("administrator")


@pytest.mark.django_db
def test_it_loads_the_packs_and_again_changes_nothing(port):
    packs = sorted((Path(__file__).resolve().parents[2] / "fixtures").iterdir())
    call_command("demo", *packs, port=port, stdout=StringIO())
    versions = list(QuestionVersion.objects.order_by("pk").values())
    assert set(Exam.objects.values_list("code", flat=True)) == {pack.name for pack in packs} > {"mls-c01"}
    assert versions
    call_command("demo", *packs, port=port, stdout=StringIO())
    assert list(QuestionVersion.objects.order_by("pk").values()) == versions


def test_a_taken_port_is_said_before_anything_is_done():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} can't be used .*PORT={port + 1}"):
            call_command("demo", port=port)


def test_outside_of_local_mode_it_refuses(settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="MOGI_LOCAL=1 only"):
        call_command("demo")

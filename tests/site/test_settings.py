"""In production the site refuses to start half configured, and says what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "MOGI_SECRET_KEY": "k9-Qm2x7Zr4Tn8Wb1Ys6Vd3Hf5Jg0LpCe_Ua-Xi.Ro,Nt+Mw=Bq",
    "MOGI_HOSTS": "mogi.example",
    "MOGI_DATABASE_URL": "sqlite://:memory:",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """manage.py in an environment that has these variables of ours and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MOGI_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_without_a_needed_setting_names_it(name):
    done = manage("check", **{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode == 1
    assert f"set {name} (docs/running.md" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_set_names_all_three():
    assert "set MOGI_SECRET_KEY, MOGI_HOSTS, MOGI_DATABASE_URL (" in manage("check").stderr


def test_a_setting_that_is_empty_counts_as_missing():
    assert "set MOGI_HOSTS (" in manage("check", **{**PRODUCTION, "MOGI_HOSTS": ""}).stderr


def test_a_short_secret_is_refused():
    done = manage("check", **{**PRODUCTION, "MOGI_SECRET_KEY": "short"})
    assert done.returncode == 1
    assert "MOGI_SECRET_KEY must have at least 50 random characters" in done.stderr


def test_the_secret_of_local_mode_which_everybody_can_read_is_refused():
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    known = manage("shell", "--verbosity=0", "-c", code, MOGI_LOCAL="1").stdout.strip()
    done = manage("check", **{**PRODUCTION, "MOGI_SECRET_KEY": known})
    assert len(known) >= 50
    assert done.returncode == 1
    assert "not be the key of local mode" in done.stderr


@pytest.mark.parametrize("local", [{}, {"MOGI_LOCAL": "1"}])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOGI_DATABASE_URL", "nonsense"),
        ("MOGI_DATABASE_URL", "mysql://user@host/name"),
        ("MOGI_DATABASE_URL", "postgres://user:word@host:port/name"),
        ("MOGI_LANGUAGE", "fr"),
        ("MOGI_TIME_ZONE", "Mars/Olympus"),
        ("MOGI_TIME_ZONE", "Asia"),
    ],
)
def test_a_value_that_makes_no_sense_gets_one_sentence_that_names_the_setting(local, name, value):
    done = manage("check", **{**PRODUCTION, **local, name: value})
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert f"Mogi can't start: {name} must be" in line


def test_verifying_addresses_without_mail_is_refused():
    done = manage("check", **PRODUCTION, MOGI_VERIFY_EMAIL="1")
    assert done.returncode == 1
    assert "MOGI_VERIFY_EMAIL needs a mail server; set MOGI_EMAIL_URL too" in done.stderr


def test_complete_settings_pass_without_a_warning():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")


def test_verifying_addresses_with_mail_passes():
    done = manage("check", **PRODUCTION, MOGI_VERIFY_EMAIL="1", MOGI_EMAIL_URL="smtp+tls://u:p@mail.example:587")
    assert done.returncode == 0


def test_debug_pages_are_local_only():
    code = "from django.conf import settings; print(settings.DEBUG)"
    assert manage("shell", "--verbosity=0", "-c", code, **PRODUCTION, MOGI_DEBUG="1").stdout.strip() == "False"


def test_demo_people_are_refused_in_production():
    done = manage("demo", **PRODUCTION)
    assert done.returncode == 1
    assert "MOGI_LOCAL=1 only" in done.stderr

"""``demo PACK…``: everything that `make run` needs before it serves, in one process so that a second start is quick."""

from __future__ import annotations

import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils import translation

from exams.services import people

HOST = "127.0.0.1"


class Command(BaseCommand):
    """Tables, content packs and demo people for trying the site on one's own machine. Again changes nothing."""

    help = "Prepare this machine's site: tables, content packs, demo people. Local mode only."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which packs, and where the site is going to be."""
        parser.add_argument("packs", nargs="*", help="folders of content packs")
        parser.add_argument("--port", type=int, default=8000, help="where the site is going to answer")

    def handle(self, *args: Any, packs: list[str], port: int, **options: Any) -> None:
        """Prepare, then say where to go and whom to sign in as."""
        if not settings.LOCAL:
            raise CommandError("Demo people have passwords that everybody knows: MOGI_LOCAL=1 only.")
        complain_if_unusable(port)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        for pack in packs:
            call_command("load_pack", pack, stdout=self.stdout)
        made = people.make_demo_people()
        width = max(len(person.email) for person in made)
        self.stdout.write(f"\nMogi is at http://localhost:{port}/ and stops with Ctrl-C. Sign in as one of:\n\n")
        with translation.override("en"):  # like all else that a terminal shows here
            for person in made:
                self.stdout.write(f"  {person.email:<{width}}  {person.password}  {person.role}")
        self.stdout.write("")


def complain_if_unusable(port: int) -> None:
    """Raises CommandError where another program answers at ``port``, or this user may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            sentence = f"Port {port} can't be used ({error.strerror}). Choose another: make run PORT={port + 1}"
            raise CommandError(sentence) from error

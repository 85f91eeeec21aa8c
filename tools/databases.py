"""Real database servers for the tests: found on this machine, started in a folder of their own, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg
import pymysql

PACKAGES = {"postgresql": "postgresql", "mysql": "mariadb-server"}
PASSWORD = "of the administrator"
LONGEST_START = 120  # seconds


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and its administrator."""

    kind: str
    host: str
    port: int
    user: str
    process: subprocess.Popen[bytes]

    def admin(self, *statements: str, database: str = "") -> None:
        """Carry out statements as the administrator, each for itself."""
        if self.kind == "postgresql":
            with psycopg.connect(**self.entry, dbname=database or "postgres", autocommit=True) as con:
                for statement in statements:
                    con.execute(statement.encode())
            return
        with pymysql.connect(**self.entry, database=database or None, autocommit=True) as line:
            for statement in statements:
                with line.cursor() as cursor:
                    cursor.execute(statement)

    @property
    def entry(self) -> dict[str, Any]:
        """The arguments that let the administrator in."""
        password: Any = PASSWORD if self.kind == "postgresql" else PASSWORD.encode()
        return {"host": self.host, "port": self.port, "user": self.user, "password": password}

    def url(self, user: str, password: str, database: str) -> str:
        """Return the address as an environment variable holds it."""
        return f"{self.kind}://{quote(user)}:{quote(password, safe='')}@{self.host}:{self.port}/{quote(database)}"


def program(kind: str) -> dict[str, str] | None:
    """Return the programs of a server; None where it is not installed."""
    if kind == "postgresql":
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        paths = os.pathsep.join([*(str(path) for path in reversed(found)), os.environ.get("PATH", "")])
        names = ("initdb", "postgres")
    else:
        paths = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
        names = ("mariadb-install-db", "mariadbd")
    programs = {name: shutil.which(name, path=paths) for name in names}
    return {name: path for name, path in programs.items() if path} if all(programs.values()) else None


@contextmanager
def serve(kind: str) -> Iterator[Server]:
    """Run a server on the loopback, with what makes it safe and slow turned off."""
    programs = program(kind)
    assert programs, f"{PACKAGES[kind]} is not installed"
    with tempfile.TemporaryDirectory(prefix="governance-server-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), _free_port()
        with (folder / "log").open("wb") as log:
            start = _postgresql if kind == "postgresql" else _mariadb
            server = Server(kind, "127.0.0.1", port, "root", start(programs, folder, port, log))
            try:
                _wait(server, folder)
                yield server
            finally:
                server.process.send_signal(signal.SIGQUIT if kind == "postgresql" else signal.SIGKILL)
                server.process.wait()


def _postgresql(programs: dict[str, str], folder: Path, port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    (folder / "password").write_text(PASSWORD, "utf-8")
    user = _give(folder)
    made = [programs["initdb"], "-D", str(folder / "data"), "--username=root", f"--pwfile={folder / 'password'}"]
    made += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    subprocess.run([*user, *made], check=True, stdout=log, stderr=log, cwd=folder)
    fast = [f"-c{one}=off" for one in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")]
    run = [programs["postgres"], "-D", str(folder / "data"), "-p", str(port), "-k", str(folder), *fast]
    return subprocess.Popen([*user, *run], stdout=log, stderr=log, cwd=folder)


def _mariadb(programs: dict[str, str], folder: Path, port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    mine = [f"--datadir={folder / 'data'}", "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M"]
    mine += ["--innodb-buffer-pool-size=32M", "--innodb-flush-method=nosync", "--skip-name-resolve"]
    as_root = ["--user=root"] if os.getuid() == 0 else []
    made = [
        programs["mariadb-install-db"],
        "--no-defaults",
        "--skip-test-db",
        "--auth-root-authentication-method=normal",
    ]
    subprocess.run([*made, *as_root, *mine], check=True, stdout=log, stderr=log)
    (folder / "password.sql").write_text(
        f"create or replace user 'root'@'127.0.0.1' identified by '{PASSWORD}';\n"
        "grant all on *.* to 'root'@'127.0.0.1' with grant option;",
        "utf-8",
    )
    run = [programs["mariadbd"], "--no-defaults", *as_root, *mine, f"--port={port}", "--bind-address=127.0.0.1"]
    run += [f"--socket={folder / 'socket'}", f"--init-file={folder / 'password.sql'}", "--skip-log-bin"]
    return subprocess.Popen(run, stdout=log, stderr=log)


def _give(folder: Path) -> list[str]:
    """PostgreSQL does not run as root: give the folder to somebody else, and return how to become them."""
    if os.getuid() != 0:
        return []
    names = {one.pw_name for one in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(server: Server, folder: Path) -> None:
    end = time.monotonic() + LONGEST_START
    while True:
        try:
            server.admin("select 1")
            return
        except (psycopg.Error, pymysql.Error) as error:
            if server.process.poll() is not None or time.monotonic() > end:
                said = (folder / "log").read_text("utf-8", "replace")[-2000:]
                raise AssertionError(f"{server.kind} did not start: {said}") from error
            time.sleep(0.1)


def main() -> int:
    """Print the packages that are missing."""
    missing = [package for kind, package in PACKAGES.items() if program(kind) is None]
    print(*missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

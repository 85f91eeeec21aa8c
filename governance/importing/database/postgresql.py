"""PostgreSQL and what speaks like it (Kingbase, openGauss, GaussDB): every value comes as the server's own text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.types.numeric import IntDumper
from psycopg.types.string import TextLoader

from governance.importing.database import sentences
from governance.importing.database.cells import Cell, CellFault, Column, moment, native
from governance.importing.database.fetching import PAGE
from governance.importing.problems import ImportProblem

BOOLEAN, BYTES, DATE, TIMESTAMP, TIMESTAMPTZ = 16, 17, 1082, 1114, 1184
CONNECT_SECONDS = 10
# What libpq and servers say while connecting, where there is no code to go by.
CONNECTING = (
    (("password", "authentication", "认证", "密码", "role "), sentences.REFUSED),
    (("certificate", "ssl ", "tls"), sentences.UNTRUSTED),
    (("pg_hba", "no encryption"), sentences.NOT_LET_IN),
    (("too many", "remaining connection", "slots"), sentences.FULL),
    (("database ", "数据库"), sentences.UNKNOWN),
)
CODES = {
    "42P01": sentences.NO_TABLE,
    "3F000": sentences.NO_TABLE,
    "42703": sentences.NO_COLUMN,
    "42883": sentences.NO_FUNCTION,
    "42704": sentences.NO_FUNCTION,
    "42501": sentences.NOT_ALLOWED,
    "42702": sentences.REPEATED,
    "25006": sentences.WRITES,
    "08": sentences.LOST,
    "57P": sentences.LOST,
    "53300": sentences.FULL,
    "42": sentences.SYNTAX,
}


def connect(request: dict[str, Any]) -> Connection:
    """Enter a database and begin a transaction that cannot write."""
    address = request["address"]
    verified = {"sslmode": "verify-full", "sslrootcert": address["ca"]} if address["ca"] else {"sslmode": "prefer"}
    try:
        return Connection(
            psycopg.connect(
                host=address["host"],
                port=address["port"],
                user=address["user"],
                password=address["password"],
                dbname=address["database"],
                connect_timeout=CONNECT_SECONDS,
                application_name="governance import",
                gssencmode="disable",
                keepalives_idle=30,
                tcp_user_timeout=60_000,
                autocommit=True,
                prepare_threshold=None,
                context=_as_text(),
                **verified,
            ),
            request,
        )
    except psycopg.Error as error:
        said = str(error).lower()
        for name in ("database", "user", "host"):
            said = said.replace(f'"{address[name]}"'.lower(), "")
        found = (sentence for words, sentence in CONNECTING if any(word in said for word in words))
        raise ImportProblem(sentences.whole(request["place"], next(found, sentences.UNREACHABLE))) from None


def _as_text() -> AdaptersMap:
    """Types that convert nothing: an odd value spoils its row at most, and unknown types do no harm."""
    adapters = AdaptersMap()
    adapters.register_loader(0, TextLoader)
    adapters.register_dumper(int, IntDumper)  # the size of a page
    return adapters


class Connection:
    """One read-only transaction."""

    error = (psycopg.Error,)

    def __init__(self, con: psycopg.Connection[tuple[Cell, ...]], request: dict[str, Any]) -> None:
        """Set what decides how values are written; all of it ends with the transaction, also behind a pooler."""
        self._con, self._request, self._number = con, request, 0
        if con.info.parameter_status("server_encoding") == "SQL_ASCII":
            con.execute("set client_encoding to 'SQL_ASCII'")  # nobody knows what its bytes mean; cells.text asks UTF-8
        else:
            con.execute("set client_encoding to 'UTF8'")
        con.execute("begin transaction isolation level repeatable read read only")
        con.execute("set local datestyle to 'ISO, YMD'")
        con.execute("set local bytea_output to 'hex'")
        con.execute(f"set local time zone '{request['zone']}'".encode())
        con.execute(f"set local statement_timeout to {request['timeout'] * 1000}".encode())

    def now(self) -> datetime:
        """The server's clock when the transaction began."""
        row = self._con.execute("select current_timestamp").fetchone()
        return moment(row[0] if row else None) or datetime.now().astimezone()

    def quoted(self, name: str) -> str:
        """An identifier in quotes."""
        return '"' + name.replace('"', '""') + '"'

    def select(self, query: str) -> tuple[list[Column], Iterator[list[tuple[Cell, ...]]]]:
        """Declare a cursor: the server takes one SELECT there and nothing else, and hands out page by page."""
        self._number += 1
        cursor = self._con.cursor(f"governance_{self._number}")
        cursor.execute(query.encode())
        columns = [_column(one.name, one.type_code) for one in cursor.description or ()]
        return columns, iter(lambda: cursor.fetchmany(PAGE), [])

    def sentence(self, error: Exception) -> str:
        """Word an error by its code."""
        code = getattr(error, "sqlstate", None) or ("08000" if self._con.closed else type(error).__name__)
        said = getattr(getattr(error, "diag", None), "message_primary", None) or ""
        if code == "57014":
            return sentences.whole("", sentences.SLOW.format(self._request["timeout"]))
        sentence = CODES.get(code) or CODES.get(code[:3]) or CODES.get(code[:2])
        if sentence is None:
            return sentences.whole("", sentences.OTHER.format(code))
        return sentences.whole("", sentences.worded(sentence, said, self._request["address"]["password"]))

    def close(self) -> None:
        """End the transaction with the connection."""
        self._con.close()


def _column(name: str, kind: int) -> Column:
    if kind in (DATE, TIMESTAMP, TIMESTAMPTZ):
        return Column(name, native, is_time=True)
    if kind == BOOLEAN:
        return Column(name, {"t": "true", "f": "false"}.get)
    if kind == BYTES:
        return Column(name, lambda written: _decoded(name, written))
    return Column(name)


def _decoded(name: str, written: str) -> str:
    try:
        return bytes.fromhex(written.removeprefix("\\x")).decode()
    except ValueError:
        raise CellFault(f"“{name}”是二进制内容，不是 UTF-8 文字") from None

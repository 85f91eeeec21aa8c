"""MySQL and what speaks like it (MariaDB, TiDB, OceanBase): every value comes as the server's own text."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pymysql
from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions
from pymysql.cursors import SSCursor

from governance.importing.database import sentences
from governance.importing.database.cells import Cell, Column, native
from governance.importing.database.fetching import PAGE
from governance.importing.problems import ImportProblem

CONNECT_SECONDS = 10
NO_DATE = "0000-00-00"  # how old systems say "no date"
UNKNOWN_SETTING, NOT_UNDERSTOOD = 1193, 1064
ENCODERS = {kind: encode for kind, encode in conversions.items() if not isinstance(kind, int)}
CONNECTING = {
    1045: sentences.REFUSED,
    1698: sentences.REFUSED,
    1044: sentences.UNKNOWN,
    1049: sentences.UNKNOWN,
    1130: sentences.NOT_LET_IN,
    1040: sentences.FULL,
    1203: sentences.FULL,
    1226: sentences.FULL,
    2026: sentences.UNTRUSTED,
}
CODES = {
    1146: sentences.NO_TABLE,
    1054: sentences.NO_COLUMN,
    1305: sentences.NO_FUNCTION,
    1142: sentences.NOT_ALLOWED,
    1143: sentences.NOT_ALLOWED,
    1044: sentences.NOT_ALLOWED,
    1370: sentences.NOT_ALLOWED,
    1356: sentences.NOT_ALLOWED,
    1060: sentences.REPEATED,
    1064: sentences.SYNTAX,
    1792: sentences.WRITES,
    2006: sentences.LOST,
    2013: sentences.LOST,
    1053: sentences.LOST,
    1927: sentences.LOST,
}
SLOW = (1317, 1969, 3024, 4012)


def connect(request: dict[str, Any]) -> Connection:
    """Enter a database and begin a transaction that cannot write; encrypted where the server can."""
    address = request["address"]
    verified = {"ssl_ca": address["ca"], "ssl_verify_cert": True, "ssl_verify_identity": True}
    try:
        try:
            return Connection(_connected(request, verified if address["ca"] else {}), request)
        except pymysql.OperationalError as error:
            is_tls = isinstance(getattr(error, "original_exception", None), ssl.SSLError)
            if address["ca"] or not is_tls:  # a server too old for today's TLS is entered as before TLS
                raise
            return Connection(_connected(request, {"ssl_disabled": True}), request)
    except (pymysql.Error, OSError) as error:
        cause = getattr(error, "original_exception", error)
        is_tls = isinstance(cause, ssl.SSLError) or isinstance(error, FileNotFoundError)  # the file named by `ca`
        code = 2026 if is_tls else error.args[0] if error.args else 0
        raise ImportProblem(sentences.whole(request["place"], CONNECTING.get(code, sentences.UNREACHABLE))) from None
    except RuntimeError:  # a password method that needs TLS, or one more package
        raise ImportProblem(sentences.whole(request["place"], sentences.NO_TLS)) from None


def _connected(request: dict[str, Any], verified: dict[str, Any]) -> pymysql.Connection[SSCursor]:
    address = request["address"]
    socket = {"unix_socket": address["host"]} if address["host"].startswith("/") else {"host": address["host"]}
    return pymysql.connect(
        **socket,
        port=address["port"],
        user=address["user"],
        password=address["password"].encode(),
        database=address["database"],
        charset="utf8mb4",
        connect_timeout=CONNECT_SECONDS,
        read_timeout=request["timeout"] + CONNECT_SECONDS,
        autocommit=None,
        local_infile=False,
        conv=ENCODERS,
        cursorclass=SSCursor,
        **verified,
    )


class Connection:
    """One read-only transaction."""

    error = (pymysql.Error, OSError)

    def __init__(self, con: pymysql.Connection[SSCursor], request: dict[str, Any]) -> None:
        """Set the zone that moments are written in, and the limit of time in whatever way the server knows."""
        self._con, self._request = con, request
        self._offset = _offset(request["zone"])
        self._do(f"set time_zone = '{self._offset}'")
        for setting, unit in (("max_execution_time", 1000), ("max_statement_time", 1), ("ob_query_timeout", 1_000_000)):
            self._do(f"set session {setting} = {request['timeout'] * unit}", UNKNOWN_SETTING)
        self._do("set transaction isolation level repeatable read")
        if not self._do("start transaction with consistent snapshot, read only", NOT_UNDERSTOOD):
            self._do("start transaction read only")

    def _do(self, statement: str, *tolerated: int) -> bool:
        """Carry out a statement; return whether the server understood it."""
        try:
            with self._con.cursor() as cursor:
                cursor.execute(statement)
        except pymysql.Error as error:
            if error.args and error.args[0] in tolerated:
                return False
            raise
        return True

    def now(self) -> datetime:
        """The server's clock."""
        with self._con.cursor() as cursor:
            cursor.execute("select now()")
            written = cursor.fetchall()[0][0]
        return datetime.fromisoformat(f"{written}{self._offset}")

    def quoted(self, name: str) -> str:
        """An identifier in back quotes."""
        return "`" + name.replace("`", "``") + "`"

    def select(self, query: str) -> tuple[list[Column], Iterator[list[tuple[Cell, ...]]]]:
        """Ask, and let the rows stream; the server takes one statement at a time."""
        cursor = self._con.cursor()
        cursor.execute(query)
        columns = [self._column(name, kind) for name, kind, *_ in cursor.description or ()]
        return columns, iter(lambda: list(cursor.fetchmany(PAGE)), [])

    def _column(self, name: str, kind: int) -> Column:
        if kind in (FIELD_TYPE.DATE, FIELD_TYPE.NEWDATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP):
            offset = self._offset if kind == FIELD_TYPE.TIMESTAMP else ""
            return Column(name, lambda text: None if text.startswith(NO_DATE) else native(text + offset), is_time=True)
        if kind == FIELD_TYPE.BIT:
            return Column(name, is_bits=True)
        return Column(name)

    def sentence(self, error: Exception) -> str:
        """Word an error by its code."""
        code, said = (*error.args, 0, "")[:2] if isinstance(error, pymysql.Error) else (2013, "")
        if code in SLOW:
            return sentences.whole("", sentences.SLOW.format(self._request["timeout"]))
        sentence = CODES.get(code)
        if sentence is None:
            return sentences.whole("", sentences.OTHER.format(code))
        return sentences.whole("", sentences.worded(sentence, str(said), self._request["address"]["password"]))

    def close(self) -> None:
        """Close the line without waiting for rows that nobody will read."""
        self._con._force_close()


def _offset(zone: str) -> str:
    """The offset that moments are written in: of the zone if it keeps to one, else UTC."""
    offsets = {ZoneInfo(zone).utcoffset(datetime(2026, month, 1)) for month in range(1, 13)}
    offset = offsets.pop() if len(offsets) == 1 else timedelta(0)
    minutes = round((offset or timedelta(0)).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

"""In the child: the queries of a mapping, all in one read-only transaction, so that tables fit each other."""

from __future__ import annotations

import errno
import importlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from governance.importing.database import sentences
from governance.importing.database.cells import Cell, CellFault, Column, moment, text
from governance.importing.problems import ImportProblem, listing, nearest
from governance.importing.rows import Heading, Row, write

PAGE = 2_000  # rows that are asked for at a time


class Connection(Protocol):
    """What postgresql.py and mysql.py have in common."""

    error: tuple[type[Exception], ...]

    def now(self) -> datetime:
        """The server's clock when the transaction began, with an offset."""

    def quoted(self, name: str) -> str:
        """An identifier in the server's quotes."""

    def select(self, query: str) -> tuple[list[Column], Iterator[list[tuple[Cell, ...]]]]:
        """The columns of a query and its rows, page by page."""

    def sentence(self, error: Exception) -> str:
        """What went wrong and what to do, without any secret."""

    def close(self) -> None:
        """Leave without a trace."""


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Ask everything that is requested and answer what was found."""
    dialect = importlib.import_module(f"governance.importing.database.{request['dialect']}")
    place = request["place"]
    con: Connection = dialect.connect(request)
    asked = ""
    try:
        tables = []
        for one in request["tables"]:
            asked = f"表 {one['table']} 的 query "
            tables.append(_table(con, one, timedelta(minutes=request["overlap_minutes"])))
    except ImportProblem as problem:
        raise ImportProblem(f"{place}：{asked}{problem}") from problem
    except MemoryError as error:
        raise ImportProblem(f"{place}：{asked}{sentences.LARGE}") from error
    except con.error as error:
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise ImportProblem(f"{place}：{asked}{sentences.DISK}") from error
        raise ImportProblem(f"{place}：{asked}{con.sentence(error)}") from error
    finally:
        con.close()
    return {"tables": tables}


def _table(con: Connection, asked: dict[str, Any], overlap: timedelta) -> dict[str, Any]:
    inner = f"from (\n{asked['query']}\n) as asked"
    found, none = con.select(f"select * {inner} limit 0")
    list(none)
    columns = _chosen(found, asked)
    where = ""
    if asked["since"]:
        name = con.quoted(asked["modified"])
        since = datetime.fromisoformat(asked["since"]) - overlap
        where = f" where asked.{name} >= '{since.isoformat(' ')}' or asked.{name} is null"
    names = ", ".join(f"asked.{con.quoted(column.name)}" for column in columns)
    watermark = Watermark(con.now(), asked)
    _, pages = con.select(f"select {names} {inner}{where}")
    wanted = {one: number for number, one in enumerate(asked["wanted"])}
    rows = _rows(pages, columns, asked["modified"], watermark)
    first = next(rows, None)
    if first is None:
        if not asked["may_be_empty"]:
            raise ImportProblem("没有返回任何行，整批替换会移除已有的数据：请核对查询和账号的权限。")
        total, places = 0, _nothing(wanted, asked["parquet"])
    else:
        total, places = write(chain([first], rows), dict(wanted), asked["parquet"])
    headings = [column.name for column in found if column.name != asked["modified"] or column.name in wanted]
    return {"rows": total, "headings": headings, "columns": places, "modified": watermark.text}


def _chosen(found: list[Column], asked: dict[str, Any]) -> list[Column]:
    """The wanted columns, and last the time of modification where it is not among them."""
    known = {column.name: column for column in found}
    wanted = list(asked["wanted"])
    if asked["modified"] and asked["modified"] not in wanted:
        wanted.append(asked["modified"])
    if missing := [one for one in wanted if one not in known]:
        tip = next((f"，是不是“{one}”" for one in known if one.lower() == missing[0].lower()), "")
        raise ImportProblem(
            f"的结果里没有列 {listing([f'“{one}”' for one in missing], 5)}{tip or nearest(missing[0], known)}"
            f"（有：{listing(known, 30)}）：请核对查询，或修改映射文件中的列名。"
        )
    if asked["modified"] and not known[asked["modified"]].is_time:
        name = asked["modified"]
        raise ImportProblem(f"的 modified 列“{name}”不是日期或时间类型：请在查询里用 cast 转换。")
    return [known[one] for one in wanted]


class Watermark:
    """The greatest time of modification among the rows read that the server's clock has reached."""

    def __init__(self, now: datetime, asked: dict[str, Any]) -> None:
        """Begin with that of the last import."""
        self._now = now
        self._greatest: datetime | None = datetime.fromisoformat(asked["since"]) if asked["since"] else None

    def see(self, written: Cell) -> None:
        """Take a row into account; a time that lies ahead is read again and again until it has come."""
        seen = moment(written)
        if seen is None:
            return
        now = self._now if seen.tzinfo else self._now.replace(tzinfo=None)
        if seen <= now and (self._greatest is None or seen > self._greatest):
            self._greatest = seen

    @property
    def text(self) -> str | None:
        """As the manifest keeps it."""
        return self._greatest.isoformat(" ") if self._greatest else None


def _rows(
    pages: Iterator[list[tuple[Cell, ...]]], columns: list[Column], modified: str | None, watermark: Watermark
) -> Iterator[Row]:
    place = next((number for number, column in enumerate(columns) if column.name == modified), None)
    number = 0
    for page in pages:
        for cells in page:
            number += 1
            if place is not None:
                watermark.see(cells[place])
            try:
                yield number, [text(cell, column) for cell, column in zip(cells, columns, strict=True)], None
            except CellFault as fault:
                yield number, [], str(fault)


def _nothing(wanted: dict[str, int], path: str) -> list[tuple[Heading, str]]:
    """Write that nothing has changed since."""
    columns: list[tuple[Heading, str]] = [(one, f"h{number}") for number, one in enumerate(wanted)]
    texts = [(name, pa.string()) for _, name in columns]
    schema = pa.schema([("row_number", pa.int64()), ("problem", pa.string()), *texts])
    pq.write_table(schema.empty_table(), path)
    return columns

"""What an import as a whole is refused for, although every file could be read: each in one sentence with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import duckdb

from governance import snapshots
from governance.boundaries import BoundaryError
from governance.importing import catalogue
from governance.importing.checking import ACCEPTED
from governance.importing.feed import Feed
from governance.importing.mapping import Mapping
from governance.importing.merging import Change
from governance.importing.problems import ImportProblem, listing, shorten
from governance.importing.reading import ReadFile
from governance.importing.relations import rows_in
from governance.importing.rows import Heading, called

Staged = Sequence[tuple[Feed, str]]
PLACES = ("regions", "grids", "boundaries")


def nothing_accepted(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Refuse a file of which no row passes: more likely the mapping is wrong than all of the data."""
    for feed, name in staged:
        for number, file in _whole(feed):
            rows = con.execute(
                f"select coalesce(_reason, ''), count(*), min(_row) from {name} where _file = {number} "
                "and (_skip is null or _skip in ('duplicate', 'superseded')) group by 1 order by 2 desc, 1"
            ).fetchall()
            if rows and all(reason for reason, *_ in rows):
                total = sum(count for _, count, _ in rows)
                told = [f"{shorten(reason, 90)}（{count} 行，最早第 {first} 行）" for reason, count, first in rows]
                raise ImportProblem(
                    f"文件 {file.path.name} 的 {total} 行没有一行能进入表 {feed.table.name}"
                    f"（{feed.table.label}）：{listing(told, 3, 140)}；请核对映射文件或导出内容。"
                )


def one_reason(con: duckdb.DuckDBPyConnection, rules: Mapping, staged: Staged) -> None:
    """Refuse a file of which one column alone costs more than half of the rows: its words were not understood."""
    for feed, name in staged:
        for number, file in _whole(feed):
            total = rows_in(con, f"{name} where _file = {number} and _skip is null")
            found = con.execute(
                f"select _column, _reason, count(*), min(_row) from {name} where _file = {number} and _skip is null "
                f"and _reason is not null and _column is not null and _value is not null "
                f"group by 1, 2 having count(*) * 2 > {total}"
            ).fetchone()
            if found:
                column, reason, count, first = found
                words = con.execute(
                    f"select _value, count(*) from {name} where _file = {number} and _skip is null "
                    "and _column = ? and _reason = ? group by 1 order by 2 desc, 1 limit 5",
                    [column, reason],
                ).fetchall()
                seen = listing([f"{shorten(word, 20)}（{times} 行）" for word, times in words], 5)
                raise ImportProblem(
                    f"文件 {file.path.name} 的 {total} 行中有 {count} 行因同一原因不能进入表 {feed.table.name}，"
                    f"已停止：{called(feed.rule.columns[column].heading or '')}列（{column}）{reason}，如 {seen}，"
                    f"最早在第 {first} 行；请在映射文件 {rules.path.name} 的 [tables.{feed.table.name}.columns] "
                    f"{column} 核对表头和写法，或用 values 登记这些词（空文字表示没有值）；不要的行用 exclude 排除。"
                )


def emptied(con: duckdb.DuckDBPyConnection, rules: Mapping, staged: Staged, changes: dict[str, Change]) -> None:
    """Refuse to take a whole source away because `exclude` and `require` leave no row to put in its place."""
    for feed, name in staged:
        change = changes[feed.table.name]
        if feed.rule.merge == "replace" and change.removed and not rows_in(con, f"{name} where {ACCEPTED}"):
            rows = rows_in(con, f"{name} where _skip is not null")
            raise ImportProblem(
                f"文件 {_names([feed])} 的 {rows} 行按映射文件 {rules.path.name} 的 {_selections(feed)}全部不计，"
                f"没有一行进入表 {feed.table.name}（{feed.table.label}），整批替换会移除已有的 {change.removed} 行："
                '请核对这些规则和导出内容；若文件只含有变化的行，请写 merge = "upsert"。'
            )


def nothing_to_publish(con: duckdb.DuckDBPyConnection, feeds: list[Feed]) -> None:
    """Refuse a snapshot without a single row."""
    present = con.execute("select table_name from duckdb_tables() where not temporary").fetchall()
    _nothing_in(con, feeds, [name for (name,) in present if name in catalogue.tables()])


def nothing_new(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Refuse a first import without a single row."""
    _nothing_in(con, [feed for feed, _ in staged], [f"{name} where {ACCEPTED}" for _, name in staged])


def _nothing_in(con: duckdb.DuckDBPyConnection, feeds: list[Feed], relations: list[str]) -> None:
    if not any(rows_in(con, relation) for relation in relations):
        rules = "".join(dict.fromkeys(_selections(feed) for feed in feeds))
        why = f"按映射文件的 {rules}全部不计，" if rules else ""
        raise ImportProblem(
            f"文件 {_names(feeds)} 的行{why}没有任何数据行可以发布，没有写入新快照：请核对映射文件和导出内容。"
        )


def future(as_of: datetime, base: snapshots.Snapshot) -> ImportProblem:
    """Word why a cut-off cannot lie before that of the data that stay."""
    return ImportProblem(
        f"数据截至 {as_of} 早于当前快照的 {base.as_of}：其余数据会留下来，快照里就有了截至之后的事；"
        f"请按时间先后导入，或先用 rollback 退回较早的快照，或把 --as-of 写成不早于 {base.as_of} 的时间。"
    )


@contextmanager
def explained_places(feeds: list[Feed]) -> Iterator[None]:
    """Say which file and table places come from when they cannot be drawn."""
    try:
        yield
    except BoundaryError as error:
        guilty = [feed for feed in feeds if feed.table.name in PLACES]
        where = f"文件 {_names(guilty)} 导入表 {listing([feed.table.name for feed in guilty])} 后" if guilty else ""
        sentence = str(error).rstrip("。")
        raise ImportProblem(f"{where}{sentence}，快照未改动：请改正这些地点的上级代码后再导入。") from error


def _whole(feed: Feed) -> list[tuple[int, ReadFile]]:
    return [(number, file) for number, file in feed.files if not file.is_partial]


def _names(feeds: list[Feed]) -> str:
    files: list[ReadFile] = [file for feed in feeds for _, file in feed.files]
    return listing(dict.fromkeys(file.path.name for file in files)) or "（映射文件的 rows）"


def _selections(feed: Feed) -> str:
    """Name the rules that leave rows out, with their headings."""
    rules = (("exclude", feed.rule.exclude), ("require", feed.rule.require))
    told = [f"{rule}（{listing(map(_plainly, headings))}）" for rule, headings in rules if headings]
    return " 和 ".join(told)


def _plainly(column: Heading) -> str:
    return called(column).strip("“”")

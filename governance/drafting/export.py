"""The rows of all files in one table, and what every column holds over the whole of it."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from governance.drafting import personal, times
from governance.drafting.looking import Source
from governance.drafting.models import ColumnLook
from governance.importing.masking import masked
from governance.importing.options import FileOptions
from governance.importing.recoding import NUMBER, cleaned, literal, words

NULL_WORDS = (
    *("无", "無", "-", "--", "—", "——", "/", "\\", "NULL", "null", "Null", "(null)", "N/A", "n/a", "NA", "#N/A"),
    *("None", "none", "nan", "NaN", "空", "暂无", "暫無", "未填", "不详", "不詳", "0000-00-00", "0000-00-00 00:00:00"),
    *("1900-01-01 00:00:00", "1900/1/0", "0001-01-01 00:00:00"),
)
YES = ("有",)  # beside it 无 means no, not nothing
NOTHING = ("无", "無")
TOP = 12
SAMPLES = 3


def gather(con: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> list[str]:
    """Create the table `export` (_file, _row, c1, c2 …) and return the headings of its columns.

    Columns of several files go together by heading (and the how manyth of that heading), else by place.
    """
    names = _common(sources)
    selects = []
    for number, source in enumerate(sources, 1):
        places = _places(source)
        picked = ", ".join(f"{cleaned(places[key], FileOptions())} as c{place}" for place, key in enumerate(names, 1))
        selects.append(
            f"select {number} as _file, row_number as _row, {picked} from read_parquet({literal(str(source.parquet))}) "
            f"where problem is null and row_number > {source.after}"
        )
    con.execute(f"create or replace temp table export as {' union all '.join(selects)}")
    return [name for name, _ in names]


def _places(source: Source) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for number, (name, column) in enumerate(source.columns, 1):
        nth = sum(other == name for other, _ in source.columns[: number - 1])
        found[(name, nth) if name else ("", number)] = column
    return found


def _common(sources: Sequence[Source]) -> list[tuple[str, int]]:
    """The columns that every file has, in the order of the first."""
    rest = [_places(source) for source in sources[1:]]
    return [key for key in _places(sources[0]) if all(key in places for places in rest)]


def profile(con: duckdb.DuckDBPyConnection, number: int, heading: str, is_known: bool) -> ColumnLook:
    """Look at one column over all rows; its words stay in the table w<number> (word, n, shape)."""
    column, table = f"c{number}", f"w{number}"
    con.execute(
        f"create or replace temp table {table} as select word, n, {times.SHAPED} as shape "
        f"from (select {column} as word, count(*) as n from export where {column} is not null group by 1)"
    )
    nulls = con.execute(
        f"select word, n from {table} where word in ({words(NULL_WORDS)}) order by n desc, word"
    ).fetchall()
    if nulls and con.execute(f"select 1 from {table} where word in ({words(YES)})").fetchone():
        nulls = [one for one in nulls if one[0] not in NOTHING]
    if nulls:
        con.execute(f"delete from {table} where word in ({words(one[0] for one in nulls)})")
    row = con.execute(
        f"select coalesce(sum(n), 0)::bigint, count(*), "
        f"coalesce(sum(n) filter (regexp_full_match(word, '{NUMBER}')), 0)::bigint, "
        f"min(try_cast(replace(word, ',', '') as double)) filter (regexp_full_match(word, '{NUMBER}')), "
        f"max(try_cast(replace(word, ',', '') as double)) filter (regexp_full_match(word, '{NUMBER}')) from {table}"
    ).fetchone()
    assert row is not None
    filled, distinct, numbers, low, high = row
    whose = personal.by_heading(heading) or personal.by_content(con, table, is_known)
    found = tuple((str(word), int(count)) for word, count in nulls)
    if whose:
        return ColumnLook(number, heading, filled, distinct, null_words=found, personal=whose)
    shown = f"left({masked('ltrim(word, chr(31))')}, 40)"
    top = con.execute(f"select {shown}, n from {table} order by n desc, word limit {TOP}").fetchall()
    return ColumnLook(
        number, heading, filled, distinct, tuple((str(word), int(count)) for word, count in top),
        tuple(str(word) for word, _ in top[:SAMPLES]), times.patterns(con, table), numbers, low, high, found,
    )  # fmt: skip

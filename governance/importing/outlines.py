"""Outlines beyond their rows: several of one place made one, and what the report says of how they fit the data."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import orjson
import shapely
from shapely.geometry import mapping

from governance.boundaries import Coverage, coverage
from governance.importing.checking import ACCEPTED
from governance.importing.feed import Feed
from governance.importing.problems import listing
from governance.importing.recoding import name
from governance.importing.report import ImportReport

MOST_NAMED, LONGEST_NAME = 20, 40


def merge_same(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> None:
    """Where the mapping says so, join the outlines of one code: the last row gets the whole, the others are merged."""
    if feed.rule.same_code != "merge":
        return
    rows = con.execute(
        f"select place_code, list(geometry order by _file, _row), last([_file, _row] order by _file, _row) "
        f"from {staged} where {ACCEPTED} group by place_code having count(*) > 1 order by place_code"
    ).fetchall()
    for code, texts, (file, row) in rows:
        whole = orjson.dumps(mapping(shapely.union_all(shapely.from_geojson(texts)))).decode()
        is_last = f"_file = {int(file)} and _row = {int(row)}"
        con.execute(
            f"update {staged} set geometry = case when {is_last} then ? else geometry end, "
            f"_skip = case when {is_last} then null else 'merged' end where {ACCEPTED} and place_code = ?",
            [whole, code],
        )


def notes(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> list[str]:
    """Name the outlines that were repaired, could not be used, or share a code."""
    repaired = [
        f"{code}（{faults}）"
        for number, file in feed.files
        for code, faults in _named(con, staged, number, dict(file.repaired))
    ]
    unusable = con.execute(
        f"select coalesce(place_code, '第 ' || _row || ' 个'), _reason from {staged} "
        "where _skip is null and _reason is not null and _column is null order by _file, _row"
    ).fetchall()
    repeated = con.execute(
        f"select place_code from {staged} where place_code is not null and (_skip in ('duplicate', 'merged') "
        "or _column = 'place_code' and _reason like '%重复%') group by 1 order by 1"
    ).fetchall()
    codes = [code for (code,) in repeated]
    use = (
        "已合并为一个图形"
        if feed.rule.same_code == "merge"
        else '只用最后一个；各是一部分时，在映射文件 [tables.boundaries] 写 same_code = "merge" 合并'
    )
    found = {
        "已修复不合规的图形 {} 个": repaired,
        "不能用的图形 {} 个": [f"{code}（{reason}）" for code, reason in unusable],
        f"同一代码有多个图形的 {{}} 个（{use}）": codes,
    }
    return [
        f"{text.format(len(some))}：{listing(some, MOST_NAMED, LONGEST_NAME)}" for text, some in found.items() if some
    ]


def _named(con: duckdb.DuckDBPyConnection, staged: str, number: int, faults: dict[int, str]) -> list[tuple[str, str]]:
    rows = con.execute(
        f"select _row, coalesce(place_code, '第 ' || _row || ' 个') from {staged} "
        f"where _file = {number} and list_contains(?, _row) order by _row",
        [list(faults)],
    ).fetchall()
    return [(code, faults[row]) for row, code in rows]


def unmatched(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> list[str]:
    """Name the codes that a crosswalk does not have."""
    found = []
    for column, rule in feed.rule.columns.items():
        if rule.crosswalk:
            rows = con.execute(
                f"select _value from {staged} where _column = ? and _value is not null and {name(column)} is null "
                "and _reason like '%对照表%' group by 1 order by 1",
                [column],
            ).fetchall()
            codes = [code for (code,) in rows]
            if codes:
                found.append(f"对照表 {rule.crosswalk} 里没有的代码 {len(codes)} 个：{listing(codes, MOST_NAMED)}")
    return found


def tell_fit(con: duckdb.DuckDBPyConnection, reports: Sequence[ImportReport]) -> None:
    """Add to the reports that brought outlines how these fit the places and cases, once these are derived."""
    for report in reports:
        if "boundaries" in report.tables:
            report.tables["boundaries"].notes += _fit(coverage(con))


def _fit(found: Coverage) -> list[str]:
    told = {
        "代码在区划、网格和案件里都没有的图形 {} 个": found.orphans,
        "有边界没有数据的地点 {} 个": found.idle,
        "有数据没有边界的地点 {} 个（图上按示意图画出）": found.bare,
    }
    lines = [
        f"{text.format(len(some))}：{listing(some, MOST_NAMED, LONGEST_NAME)}" for text, some in told.items() if some
    ]
    return [f"有自己边界的地点 {found.given:,} 个，按示意图画出的 {found.schematic:,} 个", *lines]

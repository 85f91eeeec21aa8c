"""Doubts: what breaks no rule and yet is hardly meant. Severe ones stop a publish until somebody says that it is so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import shapely

from governance.importing.checking import ACCEPTED
from governance.importing.feed import Feed
from governance.importing.problems import ImportProblem
from governance.importing.relations import exists
from governance.importing.report import TableReport

LARGE, SHRUNK = 100, 0.5  # a table of so many rows that keeps less than this share
FEW_CASES = 20  # common numbers, or positions, from which a share means something
FAR, FAR_SHARE = 0.1, 0.5  # degrees beyond the outlines; the share of positions out there
HOW = "确认无误后可加 --accept 再导入。"
STOPPED = "正式导入时会被拦下："


@dataclass(frozen=True)
class Doubt:
    """One sentence without its last stop; a severe one stops the publish unless it is accepted."""

    sentence: str
    is_severe: bool


def settle(doubts: Iterable[Doubt], is_accepted: bool, dry_run: bool) -> list[str]:
    """Refuse what nobody confirmed; return the rest as messages of the report. A dry run only tells."""
    messages = []
    for doubt in doubts:
        if doubt.is_severe and not (is_accepted or dry_run):
            raise ImportProblem(f"{doubt.sentence}，没有写入新快照：{HOW}")
        lead = "" if not doubt.is_severe else "已确认：" if is_accepted else STOPPED
        messages.append(f"{lead}{doubt.sentence}。")
    return messages


def same_cases(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> list[Doubt]:
    """Whether a case number still means the same case: in the snapshot in use, and from file to file."""
    if feed.table.name != "cases" or feed.rule.identity or any(file.is_partial for _, file in feed.files):
        return []  # of rows that were read because they have changed, any share may have changed
    earlier = f"(select * exclude (_skip, _reason) from {staged} where _skip = 'superseded')"
    found = [_renumbered(con, feed, staged, earlier, "先后两个文件里")]
    if exists(con, "cases"):
        found.append(_renumbered(con, feed, staged, "cases", "与当前快照相比，"))
    return [doubt for doubt in found if doubt]


def _renumbered(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str, earlier: str, where: str) -> Doubt | None:
    # A time that only became more exact is no other time: minutes for days, seconds for minutes.
    moved = (
        "abs(date_diff('second', o.reported_at, n.reported_at)) >= 60 "
        "and not (o.reported_at::date = n.reported_at::date "
        "and (o.reported_at = o.reported_at::date or n.reported_at = n.reported_at::date))"
    )
    row = con.execute(
        f"select count(*), count(*) filter (is_other), arg_min(case_id, case_id) filter (is_other) from ("
        f"select n.case_id, ({moved}) or n.category is distinct from o.category as is_other "
        f"from {staged} as n inner join {earlier} as o on o.source = n.source and o.case_id = n.case_id "
        f"where n._skip is null and n._reason is null)"
    ).fetchone()
    common, other, example = row or (0, 0, None)
    if common < FEW_CASES or not other or other <= feed.rule.same_case.warn * common:
        return None
    return Doubt(
        f"{where}相同编号的 {common:,} 件案件中有 {other:,} 件（{other / common:.0%}）上报时间或类别不同"
        f"（如编号 {example}），编号可能重新编排过，不再指同一件事；"
        "可在映射文件 [tables.cases] 写 identity，用不变的列认定案件",
        other > feed.rule.same_case.stop * common,
    )


def shrunken(tables: Iterable[TableReport]) -> list[Doubt]:
    """Complete exports that hold less than half of what they replace; updates that take away most of what they name."""
    found = []
    for table in tables:
        before, after = table.replaced + table.unchanged + table.removed, table.accepted
        if table.merge == "replace" and before >= LARGE and after < before * SHRUNK:
            sentence = f"表 {table.name}（{table.label}）从 {before:,} 行减少到 {after:,} 行，请确认导出是否完整"
            found.append(Doubt(sentence, True))
        if table.merge == "upsert" and table.removed >= LARGE and table.removed > before * SHRUNK:
            sentence = (
                f"表 {table.name}（{table.label}）里这次提到的 {before:,} 行中有 {table.removed:,} 行"
                "按 exclude、require 或清空的单元格不再有了，请确认这些规则和导出"
            )
            found.append(Doubt(sentence, True))
    return found


def far_away(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> list[Doubt]:
    """Positions beyond all outlines that were given: most likely another coordinate system than the one declared."""
    if feed.table.name != "cases" or not feed.has_position:
        return []
    outlines = _outlines(con)
    if not outlines:
        return []
    west, south, east, north = shapely.total_bounds(shapely.from_geojson(outlines))
    row = con.execute(
        f"select count(*), count(*) filter (not (lon between ? and ? and lat between ? and ?)) from {staged} "
        f"where {ACCEPTED} and lon is not null and lat is not null",
        [west - FAR, east + FAR, south - FAR, north + FAR],
    ).fetchone()
    placed, far = row or (0, 0)
    if not far:
        return []
    return [
        Doubt(
            f"有坐标的 {placed:,} 件案件中有 {far:,} 件（{far / placed:.0%}）落在全部边界之外，"
            "请核对经纬度是否写反、映射文件的 crs 是否正确",
            placed >= FEW_CASES and far > FAR_SHARE * placed,
        )
    ]


def _outlines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The outlines that somebody gave, not those drawn for want of any."""
    if not exists(con, "boundaries"):
        return []
    rows = con.execute("select geometry from boundaries where not coalesce(is_schematic, false)").fetchall()
    return [text for (text,) in rows]

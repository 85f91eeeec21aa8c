"""What has to be asked about a whole export: time zone, coordinates, identity, closing, completeness, source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import duckdb

from governance.drafting.columns import Columns
from governance.drafting.models import ColumnLook, Option, Question
from governance.importing.catalogue import Column
from governance.importing.columns import ColumnRule
from governance.importing.options import FileOptions
from governance.importing.recoding import typed, words

DAY = (7, 20)  # hours in which people report
LEAST = 30  # times with an hour before their distribution says anything
CHINA = ((73.0, 136.0), (3.0, 54.0))
CHANGING = re.compile(  # what a later export of the same case may tell otherwise
    r"^(?!reported_at$).*_at$|_level$|^(is_.*|status|outcome.*|rating|invalid_reason|reopen_count|unit_id|.*category)$"
)
ZONE = r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)$"


def moment(column: Column, look: ColumnLook, formats: tuple[str, ...], options: FileOptions) -> str:
    """The SQL of a time as the importer will read it from the table `export`."""
    return typed(f"c{look.number}", column, ColumnRule(heading=look.heading, formats=formats), options, b"")


def _hours(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, str, int]:
    """The share of times by day, the three busiest hours, and how many times there are that have an hour."""
    rows = con.execute(
        f"select hour(t), count(*) from (select ({sql})::timestamp as t from export) "
        f"where t is not null and t::time <> time '00:00:00' group by 1 order by 2 desc, 1"
    ).fetchall()
    total = sum(n for _, n in rows)
    by_day = sum(n for hour, n in rows if DAY[0] <= hour < DAY[1])
    return by_day / max(1, total), "、".join(f"{hour} 点" for hour, _ in rows[:3]), total


def zones(
    con: duckdb.DuckDBPyConnection,
    column: Column,
    look: ColumnLook,
    formats: tuple[str, ...],
    answers: Mapping[str, str],
) -> list[Question]:
    """Ask for the zone when cells carry other offsets than ours, or when people seem to report at night."""
    offsets = con.execute(
        f"select regexp_extract(word, '{ZONE}'), sum(n)::bigint from w{look.number} "
        f"where regexp_matches(word, '[0-9]:[0-9]') and regexp_matches(word, '[:0-9] ?{ZONE}') "
        "group by 1 order by 2 desc"
    ).fetchall()
    if offsets:
        ours = {"+08:00", "+0800", "+08"}
        if all(offset in ours for offset, _ in offsets):
            return []
        said = "、".join(f"{offset} {count} 格" for offset, count in offsets[:6])
        options = []
        zones_offered = ["Asia/Shanghai"] + (
            ["UTC"] if {one for one, _ in offsets} <= {"Z", "+00:00", "+0000", "+00"} else []
        )
        for zone in zones_offered:
            share, busy, _ = _hours(con, moment(column, look, formats, FileOptions(local_zone=zone)))
            label = "照写的钟点不换算" if zone == "UTC" else "换算成北京时间"
            options.append(Option(zone, f"{zone}：{label}", f"最忙的钟点是 {busy}，白天占 {share:.0%}"))
        why = f"时间带有时差标记（{said}），标记不一定属实"
        text = "当地用哪个时区的钟点？（也可以写别的时区名，如 America/Chicago）"
        return [Question("file.local_zone", text, why, tuple(options), answers.get("file.local_zone"), True)]
    share, busy, total = _hours(con, moment(column, look, formats, FileOptions()))
    if total < LEAST or share >= 0.4:
        return []
    moved, then, _ = _hours(con, moment(column, look, formats, FileOptions(time_zone="UTC")))
    options = [
        Option("Asia/Shanghai", "就是北京时间，不换算", f"最忙的钟点是 {busy}"),
        Option("UTC", "是 UTC，加 8 小时", f"最忙的钟点变成 {then}，白天占 {moved:.0%}"),
    ]
    why = f"只有 {share:.0%} 的时间在白天，钟点像是差了几个小时"
    return [
        Question("file.time_zone", "这些时间是哪个时区的？", why, tuple(options), answers.get("file.time_zone"), True)
    ]


def crs(
    lon: ColumnLook, lat: ColumnLook, con: duckdb.DuckDBPyConnection, answers: Mapping[str, str]
) -> tuple[list[Question], list[str]]:
    """Ask for the coordinate system of positions in China; elsewhere they all mean the same."""
    row = con.execute(
        f"select count(*), count(*) filter (x between {CHINA[0][0]} and {CHINA[0][1]} "
        f"and y between {CHINA[1][0]} and {CHINA[1][1]}), count(*) filter (x = 0 and y = 0) "
        f"from (select try_cast(c{lon.number} as double) as x, try_cast(c{lat.number} as double) as y from export) "
        f"where x is not null and y is not null"
    ).fetchone()
    assert row is not None
    total, inside, nowhere = row
    notes = [f"有 {nowhere} 行的经纬度是 0, 0，按没有位置处理"] if nowhere else []
    if not inside and "file.crs" not in answers:
        return [], [*notes, "坐标都不在中国境内，不需要换算坐标系"] if total > nowhere else notes
    options = (
        Option("gcj02", "GCJ-02：高德、腾讯地图和多数手机小程序"),
        Option("bd09", "BD-09：百度地图"),
        Option("cgcs2000", "CGCS2000 或 WGS-84：天地图、测绘成果、GPS 设备"),
    )
    why = f"{inside} 个位置在中国境内；数值本身分不出坐标系，选错会偏 300 到 1000 米"
    return [Question("file.crs", "经纬度用的是哪一种坐标系？", why, options, answers.get("file.crs"))], notes


def identity(
    con: duckdb.DuckDBPyConnection, columns: Columns, key: ColumnLook | None, label: str,
    others: Mapping[str, ColumnLook], rows: int, answers: Mapping[str, str],
) -> tuple[list[Question], list[str]]:  # fmt: skip
    """Ask what makes a row the same row when no column does, when numbers repeat with other content, or are given anew.

    `others` are the columns mapped besides the number, by canonical name; the answer names some of them, joined by +.
    """
    notes, text, why = [], "", ""
    reported = next((look for name, look in others.items() if name.endswith(("_at", "_on"))), None)
    if key is None:
        text = f"没有一列像{label}。哪些列合起来能认定同一行？"
        why = "认定不了是不是同一件，下次导入就会重复计数；也可以用 column 另指一列作编号"
    else:
        everything = ", ".join(f"c{one}" for one in _numbers(con))
        row = con.execute(
            f"select count(*) filter (n > 1), count(*) filter (kinds > 1), "
            f"coalesce(sum(n - 1) filter (kinds = 1), 0)::bigint, "
            f"count(*) filter (files > 1 and moments > 1), count(*) filter (files > 1) "
            f"from (select c{key.number}, count(*) as n, count(distinct hash({everything})) as kinds, "
            f"count(distinct _file) as files, "
            f"count(distinct {f'c{reported.number}' if reported else '1'}) as moments "
            f"from export where c{key.number} is not null group by 1)"
        ).fetchone()
        assert row is not None
        repeated, differing, same, moved, shared = row
        if repeated and same and not differing:
            notes.append(f"有 {same} 行与前面的行完全相同，只计一次")
        if key.filled < rows:
            notes.append(f"{columns.title(key)}有 {rows - key.filled} 行为空，这些行会被退回")
        if shared and moved * 2 > shared:
            text = f"几份文件里都有的 {shared} 个编号，有 {moved} 个时间不同：编号像是每次重新编的。凭什么认定同一件？"
            why = "编号若每次重编，按编号更新会把不相干的案件混为一件"
        elif differing:
            text = f"有 {differing} 个编号出现多次而内容不同。凭什么认定同一件？"
            why = "可能是同一件的多次办理，也可能编号不唯一"
        if not text:
            return [], notes
    options = [Option("key", f"仍按{columns.title(key)}，编号相同只留最后一行")] if key else []
    for found in _keys(con, [name for name in others if name.endswith(("_at", "_on"))][:1], others):
        title = "＋".join(columns.title(others[name]) for name in found)
        options.append(Option("+".join(found), f"{title} 合起来", "合起来每行不同"))
    return [Question("identity", text, why, tuple(options), answers.get("identity"), True)], notes


def _keys(con: duckdb.DuckDBPyConnection, start: list[str], others: Mapping[str, ColumnLook]) -> list[tuple[str, ...]]:
    """Few mapped columns that together tell all rows apart: the time of the report and one or two more."""
    varied = sorted((name for name in others if name not in start), key=lambda name: -others[name].distinct)[:6]
    tried = [(*start, one) for one in varied] + [(*start, a, b) for n, a in enumerate(varied) for b in varied[n + 1 :]]
    everything = ", ".join(f"c{one}" for one in _numbers(con))
    most = con.execute(f"select count(*) from (select distinct {everything} from export)").fetchone()
    found: list[tuple[str, ...]] = []
    for group in [tuple(start), *tried] if start else tried:
        listed = ", ".join(f"c{others[name].number}" for name in group)
        row = con.execute(f"select count(*) from (select distinct {listed} from export)").fetchone()
        if row and most and row[0] >= most[0]:
            found.append(group)
        if len(found) == 3:
            break
    return found


def _numbers(con: duckdb.DuckDBPyConnection) -> list[int]:
    names = [row[0] for row in con.execute("describe export").fetchall()]
    return [int(name[1:]) for name in names if name.startswith("c")]


def closing(
    con: duckdb.DuckDBPyConnection, status: ColumnLook, closed: Sequence[str], sql: str, answers: Mapping[str, str]
) -> tuple[list[Question], list[str]]:
    """Ask what holds when a status and a closing time contradict each other, with the counts of both."""
    is_closed = f"ltrim(c{status.number}, chr(31)) in ({words(closed)})"
    row = con.execute(
        f"select count(*) filter ({is_closed} and t is null), "
        f"count(*) filter (not coalesce({is_closed}, false) and t is not null) "
        f"from (select *, {sql} as t from export)"
    ).fetchone()
    assert row is not None
    untimed, unclosed = row
    if not untimed and not unclosed:
        return [], ["状态与办结时间处处一致"]
    options = (
        Option("time", "以办结时间为准", f"有办结时间就算办结（{unclosed} 行）；没有时间的不算（{untimed} 行）"),
        Option("status", "以状态为准", f"状态未办结的 {unclosed} 个办结时间不要；已办结而没有时间的 {untimed} 行退回"),
    )
    why = f"状态已办结而没有办结时间的 {untimed} 行，状态未办结却有办结时间的 {unclosed} 行"
    return [
        Question("closed.prefer", "状态与办结时间矛盾时，以哪个为准？", why, options, answers.get("closed.prefer"))
    ], []


def scale(look: ColumnLook, answers: Mapping[str, str]) -> list[Question]:
    """Ask which end of a scale of numbers is the best."""
    options = (Option("5", "5 分最满意"), Option("1", "1 分最满意"))
    counts = "、".join(f"{word} 分 {count} 行" for word, count in sorted(look.top)[:8])
    return [Question("scale.rating", "评分是几分最满意？", counts, options, answers.get("scale.rating"))]


def order_of_times(con: duckdb.DuckDBPyConnection, earlier: str, later: str) -> tuple[int, int]:
    """How many rows have both times, and in how many the later one comes before the earlier one."""
    row = con.execute(
        f"select count(*), count(*) filter (b < a) from (select {earlier} as a, {later} as b from export) "
        f"where a is not null and b is not null"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def about_the_whole(table_label: str, answers: Mapping[str, str], earlier: Mapping[str, str]) -> list[Question]:
    """Ask what no file can tell: whether it is complete, and which system it comes from."""
    questions = []
    if "merge" not in earlier or "merge" in answers:
        options = (
            Option("replace", "每次都是全部：这份导出里没有的，就是没有了"),
            Option("upsert", "只有新增和改动的：以前导入的都留着"),
        )
        why = "全部导出会替换这个来源以前的数据；增量导出按编号更新，其余不动"
        questions.append(
            Question("merge", f"这份{table_label}导出是全部，还是增量？", why, options, answers.get("merge"))
        )
    if "source" not in earlier or "source" in answers:
        known = {
            "hotline": "12345 热线",
            "grid": "网格平台",
            "city": "数字城管",
            "petition": "信访",
            "wecom": "企业微信",
            "open311": "Open311",
        }
        systems = tuple(Option(code, name) for code, name in known.items())
        why = "来源加编号认定一件案件；同一系统每次要用同一个简称"
        questions.append(
            Question("source", "数据来自哪个系统？（可以自己起一个简称）", why, systems, answers.get("source"), True)
        )
    return questions

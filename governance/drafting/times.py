"""How times are written in a column: which strptime formats fit how many cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb

from governance.drafting.models import TimePattern
from governance.importing.columns import COUNTED, ERA
from governance.importing.recoding import ISO_DATE, ISO_OFFSET, ISO_TIME, SERIAL, literal, written
from governance.importing.rows import NATIVE

MONTHS = "january|february|march|april|june|july|august|september|october|november|december"
SHORT = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
SPOKEN = "replace(replace(word, '上午', 'AM'), '下午', 'PM')"
SHAPE = (  # digits become 9, a run of four Y; months by name become Month or Mon
    rf"regexp_replace(regexp_replace(regexp_replace(regexp_replace({SPOKEN}, '\b(?:{MONTHS})\b', 'Month', 'gi'), "
    rf"'\b(?:{SHORT})\b', 'Mon', 'gi'), '(^|[^0-9])[0-9]{{4}}([^0-9]|$)', '\1Y\2', 'g'), '[0-9]+', '9', 'g')"
)
SHAPED = (
    f"case when length(word) > 40 then null when starts_with(word, {literal(NATIVE)}) "
    f"then 'native' || contains(word, ':') "
    f"when regexp_full_match(word, '[0-9]+') then repeat('0', length(word)) else {SHAPE} end"
)
REPUBLIC = r"((?:中[華华])?民[國国] ?)"
DIGITS = {7: "%Ey%m%d", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
DATES = {
    r"Y([-/.])9\1(?:9)": ("%Y{0}%m{0}%d",),
    r"9([-/.])9\1Y": ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y"),
    r"9([-/.])9\1(?:9)": ("%y{0}%m{0}%d", "%d{0}%m{0}%y", "%m{0}%d{0}%y", "%Ey{0}%m{0}%d"),
    r"()Y年9月9日": ("%Y年%m月%d日",),
    r"()9年9月9日": ("%y年%m月%d日", "%Ey年%m月%d日"),
    rf"{REPUBLIC}9([-/.])9\2(?:9)": ("{0}%Ey{1}%m{1}%d",),
    rf"{REPUBLIC}9年9月9日": ("{0}%Ey年%m月%d日",),
    r"()9(?= 9:9)": ("%Y%m%d", "%Ey%m%d"),
    r"()Mon 9, Y": ("%b %d, %Y",),
    r"()Month 9, Y": ("%B %d, %Y",),
    r"()Mon 9 Y": ("%b %d %Y",),
    r"()Month 9 Y": ("%B %d %Y",),
    r"Y([- ])Mon\1(?:9)": ("%Y{0}%b{0}%d",),
    r"Y([- ])Month\1(?:9)": ("%Y{0}%B{0}%d",),
    r"9([- ])Mon\1Y": ("%d{0}%b{0}%Y",),
    r"9([- ])Mon\1(?:9)": ("%d{0}%b{0}%y",),
    r"9([- ])Month\1Y": ("%d{0}%B{0}%Y",),
}
HOURS = {
    "": "",
    "9:9": "%H:%M",
    "9:9:9": "%H:%M:%S",
    "9:9:9.9": "%H:%M:%S.%n",  # up to nine digits of a second
    "9:9:9.Y": "%H:%M:%S.%n",
    "9时9分": "%H时%M分",
    "9时9分9秒": "%H时%M分%S秒",
    "9時9分": "%H時%M分",
    "9時9分9秒": "%H時%M分%S秒",
    "9:9 M": "%I:%M %p",
    "9:9:9 M": "%I:%M:%S %p",
    "9:9:9M": "%I:%M:%S%p",
    "9:9M": "%I:%M%p",
    "M9:9": "%p%I:%M",
    "M9:9:9": "%p%I:%M:%S",
    "M 9:9": "%p %I:%M",
    "M 9:9:9": "%p %I:%M:%S",
}
OFFSETS = {"": "", "Z": None, "+9:9": "%z", " +9:9": " %z", "+Y": "%z", " +Y": " %z", "+9": "%z"}
EPOCHS = {10: ("unix", 1), 13: ("unix_ms", 1000)}  # digits: format of the importer, units in a second
MOST_SHAPES = 200


def order(form: str) -> str:
    """Which comes first in a format: day, month, year, or the year of an era."""
    if ERA in form:
        return "era"
    first = re.search(r"%[-]?([dmbByY])", form)
    return {"d": "day", "m": "month", "b": "month", "B": "month"}.get(first[1] if first else "", "year")


def patterns(con: duckdb.DuckDBPyConnection, words: str) -> tuple[TimePattern, ...]:
    """Find the ways in which the words (word, n, shape) of a column are times, the most frequent first."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[int, str, tuple[tuple[str, int], ...]]]] = {}
    shapes = con.execute(
        f"select shape, sum(n)::bigint, arg_max(word, n), "
        f"bool_and(regexp_full_match(word, '{ISO_DATE}|{ISO_TIME}|{ISO_OFFSET}')) "
        f"from {words} where shape is not null group by 1 order by 2 desc, 1 limit {MOST_SHAPES}"
    ).fetchall()
    for shape, count, example, is_iso in shapes:
        for kind, formats in _candidates(shape, example, is_iso):
            counts = [(form, _fitting(con, words, shape, form)) for form in formats]
            fits = tuple((form, number) for form, number in counts if number or ERA not in form)
            if formats and not any(number for _, number in fits):
                continue
            # What no format reads, a time of 1900 for instance, says nothing about the others.
            readable = _fitting(con, words, shape, *formats) if formats else count
            key = (kind, tuple(form for form, number in fits if number == readable) or tuple(form for form, _ in fits))
            found.setdefault(key, []).append((readable, example, fits))
    made = []
    for (kind, _), parts in found.items():
        total: dict[str, int] = {}
        for _, _, fits in parts:
            for form, number in fits:
                total[form] = total.get(form, 0) + number
        count = sum(part[0] for part in parts)
        whole = tuple(form for form, number in total.items() if number == count)
        hours = kind == "epoch" or ":" in parts[0][1] or any("%H" in one or "%I" in one for one in total)
        made.append(TimePattern(whole, kind, count, parts[0][1].lstrip(NATIVE), hours, tuple(total.items())))
    return tuple(sorted(made, key=lambda one: -one.count))


def _candidates(shape: str, example: str, is_iso: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    if shape.startswith("native"):
        yield "native", ()
    elif shape.strip("0") == "":
        if form := DIGITS.get(len(shape)):
            yield "text", (form,)
        elif len(shape) in EPOCHS:
            form, units = EPOCHS[len(shape)]
            if 473_385_600 < int(example) / units < 4_102_444_800:  # 1985 to 2100
                yield "epoch", (form,)
        elif len(shape) == 5 and re.fullmatch(SERIAL, example):
            yield "serial", ("excel",)
    elif re.fullmatch(r"9\.[9Y]", shape) and re.fullmatch(SERIAL, example):
        yield "serial", ("excel",)
    else:
        formats = tuple(_written(shape))
        if is_iso:
            yield "iso", formats
        elif formats:
            yield "text", formats


def _written(shape: str) -> Iterator[str]:
    """The formats that a shape allows."""
    for pattern, forms in DATES.items():
        date = re.match(pattern, shape)
        if not date:
            continue
        rest = re.sub(r"[AP]M", "M", shape[date.end() :], flags=re.IGNORECASE)
        gap = re.match(r"T| *", rest)
        offset = re.search(r"(?:Z| ?[+-](?:9:9|Y|9))?$", rest)
        assert gap is not None and offset is not None
        if len(rest) and not (gap[0] or rest[0] in "9M"):
            continue
        hours, end = rest[gap.end() : offset.start()], OFFSETS.get(offset[0].replace("-", "+"))
        if hours not in HOURS or end is None or (end and not hours):
            continue
        for form in forms:
            yield form.format(*date.groups()) + gap[0] + HOURS[hours] + end
        return


def _fitting(con: duckdb.DuckDBPyConnection, words: str, shape: str, *formats: str) -> int:
    """How many cells of a shape are times by at least one of the formats."""
    if set(formats) <= set(COUNTED):
        row = con.execute(f"select coalesce(sum(n), 0)::bigint from {words} where shape = ?", [shape]).fetchone()
        return int(row[0]) if row else 0
    moments = [f"cast({written('word', form)} as timestamp)" for form in formats]
    fits = " or ".join(f"({one} >= timestamp '1970-01-01' and {one} < timestamp '2201-01-01')" for one in moments)
    row = con.execute(
        f"select coalesce(sum(n), 0)::bigint from {words} where shape = ? and ({fits})", [shape]
    ).fetchone()
    return int(row[0]) if row else 0

"""The [file] part of a mapping: how the bytes of an export become rows of text."""

from __future__ import annotations

import codecs
import dataclasses
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from governance.importing.grammar import Place

KINDS = ("csv", "xlsx", "xls", "xlsb", "ods", "json", "xml", "parquet", "geojson")
CRS = ("cgcs2000", "wgs84", "gcj02", "bd09")
CHINESE = ("gbk", "gb2312", "cp936", "hz")
WIDER = {"utf-8-sig": "utf-8", "euc_kr": "cp949", "shift_jis": "cp932"}
TEXT = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "gb18030",
    "big5",
    "big5hkscs",
    "cp950",
    "cp949",
    "cp932",
    "ascii",
    "iso8859-1",
    "cp1252",
)


@dataclass(frozen=True)
class FileOptions:
    """The reading options of a file, with their defaults."""

    kind: str | None = None
    encoding: str = "auto"
    delimiter: str = ","
    sheet: str | int | tuple[str, ...] | None = None  # several: names, or patterns such as *月
    header_row: int = 1
    records: tuple[str, ...] = ()
    explode: str | None = None
    footer_words: tuple[str, ...] = ()
    null_words: tuple[str, ...] = ("",)
    time_zone: str = "Asia/Shanghai"
    local_zone: str = "Asia/Shanghai"
    crs: str = "cgcs2000"


def read_options(place: Place, found: dict[str, Any], defaults: FileOptions) -> FileOptions:
    """Check a [file] table and lay it over the defaults."""
    place.known(found, tuple(field.name for field in dataclasses.fields(FileOptions)))
    given: dict[str, Any] = dict(found)
    for key, allowed in (("kind", KINDS), ("crs", CRS)):
        if key in found and found[key] not in allowed:
            raise place.problem(f"的 {key} 只能是 {'、'.join(allowed)}", key)
    for key in ("time_zone", "local_zone"):
        if key in found:
            given[key] = _zone(place, found[key], key)
    if "encoding" in found:
        given["encoding"] = _encoding(place, found["encoding"])
    if "delimiter" in found and (not isinstance(found["delimiter"], str) or not _is_delimiter(found["delimiter"])):
        raise place.problem('的 delimiter 应是一个字符（如 ","、"\\t"、";"）或 "auto"', "delimiter")
    if "header_row" in found and not (_is_count(found["header_row"]) or found["header_row"] == 0):
        raise place.problem("的 header_row 应是从 1 数起的行号；没有表头行时写 0", "header_row")
    if "sheet" in found:
        given["sheet"] = _sheet(place, found["sheet"])
    if "records" in found:
        given["records"] = place.words(found["records"], "records")
    if "explode" in found:
        given["explode"] = place.word(found["explode"], "explode")
    if "footer_words" in found:
        given["footer_words"] = tuple(filter(None, place.words(found["footer_words"], "footer_words")))
    if "null_words" in found:
        given["null_words"] = tuple(dict.fromkeys(["", *place.words(found["null_words"], "null_words")]))
    return dataclasses.replace(defaults, **given)


def _sheet(place: Place, found: Any) -> str | int | tuple[str, ...]:
    """One sheet by name or number, or several by a list or a pattern: no name of a sheet can hold * or ?."""
    if _is_count(found):
        return int(found)
    if isinstance(found, str) and found.strip():
        return (found,) if set(found) & set("*?") else found
    if isinstance(found, list) and found and all(isinstance(one, str) and one.strip() for one in found):
        return tuple(found)
    raise place.problem('的 sheet 应是工作表名称、从 1 数起的序号，或几个名称（["1月", "2月"]、"*月"）', "sheet")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_delimiter(text: str) -> bool:
    return text == "auto" or (len(text) == 1 and text not in '\r\n"')


def _zone(place: Place, name: Any, key: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise place.problem(f"的 {key} 不是时区名称（如 Asia/Shanghai、UTC）：{name}", key) from error


def _encoding(place: Place, name: Any) -> str:
    """Bring an encoding to one spelling; the older Chinese ones are read as their superset GB18030."""
    if name == "auto":
        return "auto"
    try:
        "".encode(str(name))
        spelled = codecs.lookup(str(name)).name
    except LookupError as error:
        raise place.problem(
            f"的 encoding 不认识“{name}”：可写 auto、utf-8、gb18030、utf-16、big5", "encoding"
        ) from error
    spelled = "gb18030" if spelled in CHINESE else WIDER.get(spelled, spelled)
    if spelled not in TEXT:
        raise place.problem(f"的 encoding 不能是“{name}”：可写 auto、utf-8、gb18030、utf-16、big5", "encoding")
    return spelled

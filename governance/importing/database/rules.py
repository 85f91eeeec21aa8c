"""The [database] section of a mapping, and the query of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from governance.importing.database.statement import fault, plain
from governance.importing.grammar import Place

KINDS = ("postgresql", "mysql")
KEYS = ("kind", "address", "overlap_minutes", "timeout_seconds")
ONLY_FILES = ("kind", "encoding", "delimiter", "sheet", "header_row")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)


@dataclass(frozen=True)
class DatabaseRule:
    """Which database the queries of a mapping ask. `address` is a name: what it stands for is kept elsewhere."""

    kind: str
    address: str
    overlap_minutes: int = 10
    timeout_seconds: int = 1800


@dataclass(frozen=True)
class QueryRule:
    """The SELECT that feeds a table, and the column that says when a row was last changed."""

    text: str
    modified: str | None = None


def read_database(place: Place, found: dict[str, Any]) -> DatabaseRule:
    """Check [database]; a refusal never repeats what stands in `address`, for it may be a password."""
    place.known(found, KEYS)
    for key in ("kind", "address"):
        if key not in found:
            raise place.problem(f"缺少必需的项“{key}”")
    if found["kind"] not in KINDS:
        raise place.problem(f"的 kind 只能是 {'、'.join(KINDS)}", "kind")
    if not isinstance(found["address"], str) or not NAME.fullmatch(found["address"]):
        raise place.problem(
            "的 address 应是一个名称（字母、数字、下划线，如 HOTLINE_DATABASE）：地址和密码写在同名的环境变量"
            "或 data/secrets.toml 里，不写进映射文件",
            "address",
        )
    whole = {
        key: _whole(place, found[key], key, least, most)
        for key, least, most in (("overlap_minutes", 0, 525_600), ("timeout_seconds", 1, 86_400))
        if key in found
    }
    return DatabaseRule(found["kind"], found["address"], **whole)


def _whole(place: Place, value: Any, key: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise place.problem(f"的 {key} 应是 {least} 到 {most} 之间的整数", key)
    return value


def read_query(place: Place, table: str, found: dict[str, Any], database: DatabaseRule | None) -> QueryRule | None:
    """Check `query` and `modified` of [tables.<t>]."""
    if "query" not in found:
        if "modified" in found:
            raise place.problem("的 modified 只用于写了 query 的表", "modified")
        return None
    if database is None:
        raise place.problem("写了 query，但映射文件没有 [database]", "query")
    if table == "boundaries":
        raise place.problem("只能由 GeoJSON 文件导入，不能写 query", "query")
    if "files" in found:
        raise place.problem("的 query（来自数据库）和 files（来自文件）只能写一个", "query")
    for key in ONLY_FILES:
        if key in found.get("file", {}):
            raise place.into("file").problem(f"的 {key} 只用于文件，这个表来自数据库", key)
    text = plain(place.word(found["query"], "query"))
    if wrong := fault(text):
        raise place.problem(f"的 query {wrong}：只能写一条只读的 SELECT", "query")
    modified = place.word(found["modified"], "modified") if "modified" in found else None
    return QueryRule(text, modified)

"""A mapping file: which heading of an export is which canonical column, read strictly."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.importing import catalogue
from governance.importing.columns import ColumnRule, read_column, refuse_headings
from governance.importing.database.rules import DatabaseRule, QueryRule, read_database, read_query
from governance.importing.grammar import Place
from governance.importing.literals import Literal, read_rows
from governance.importing.options import FileOptions, read_options
from governance.importing.problems import ImportProblem, listing, nearest
from governance.importing.rows import Heading
from governance.importing.unpivoting import UnpivotRule, read_unpivot

TOP_KEYS = ("title", "source", "file", "database", "tables")
TABLE_KEYS = (
    *("files", "file", "query", "modified", "merge", "identity", "same_case", "same_code"),
    *("exclude", "require", "rows", "columns", "closed", "unpivot"),
)


@dataclass(frozen=True)
class ClosedRule:
    """What holds when a status and a closing time disagree."""

    status: Heading
    closed: tuple[str, ...]
    prefer: str


@dataclass(frozen=True)
class SameCase:
    """What share of known case numbers may come with another report time or category: then a warning, then a stop."""

    warn: float = 0.01
    stop: float = 0.2


@dataclass(frozen=True)
class TableRule:
    """How one canonical table is fed."""

    name: str
    files: str | None
    options: FileOptions
    merge: str
    exclude: dict[Heading, tuple[str, ...]]
    require: dict[Heading, tuple[str, ...]]
    columns: dict[str, ColumnRule]
    closed: ClosedRule | None
    rows: tuple[Literal, ...] = ()
    same_code: str = "last"
    identity: tuple[str, ...] = ()  # canonical columns whose digest is the key
    same_case: SameCase = SameCase()
    query: QueryRule | None = None
    unpivot: UnpivotRule | None = None

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Every column the files of this table must have."""
        wanted = [one for rule in self.columns.values() for one in (rule.heading, *rule.also) if one]
        wanted += self.unpivot.headings if self.unpivot else ()
        wanted += [*self.exclude, *self.require] + ([self.closed.status] if self.closed else [])
        return tuple(dict.fromkeys(wanted))


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file."""

    path: Path
    title: str
    source: str
    tables: dict[str, TableRule]
    database: DatabaseRule | None = None


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file; every mistake is one sentence."""
    text = _text(path)
    place = Place(path, text)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+), column (\d+)", str(error))
        spot = f"第 {where[1]} 行第 {where[2]} 列" if where else ""
        raise ImportProblem(f"映射文件 {path.name} {spot}不合 TOML 语法：请检查引号、括号和等号。") from error
    place.known(found, TOP_KEYS)
    for key in ("source", "tables"):
        if key not in found:
            raise place.problem(f"缺少必需的项“{key}”")
    source = place.word(found["source"], "source")
    title = place.word(found.get("title", source), "title")
    options = read_options(place.into("file"), place.table(found.get("file", {}), "file"), FileOptions())
    database = None
    if "database" in found:
        database = read_database(place.into("database"), place.table(found["database"], "database"))
    known = catalogue.tables()
    tables = {}
    for name, rules in place.table(found["tables"], "tables").items():
        if name not in known:
            raise place.into("tables").problem(f"里没有叫“{name}”的标准表{nearest(name, known)}", name)
        tables[name] = _table(place.into("tables", name), known[name], place.table(rules, name), options, database)
    if not tables:
        raise place.problem("没有写任何标准表：至少要有一个 [tables.…]")
    if database and not any(rule.query for rule in tables.values()):
        raise place.into("database").problem("没有用到：至少要有一个表写 query")
    return Mapping(path, title, source, tables, database)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ImportProblem(f"找不到映射文件 {path}：请检查路径。") from error
    except IsADirectoryError as error:
        raise ImportProblem(f"映射文件 {path} 是文件夹：请给出其中的一个 .toml 文件。") from error
    except UnicodeDecodeError as error:
        raise ImportProblem(f"映射文件 {path.name} 不是 UTF-8 编码：请另存为 UTF-8。") from error
    except OSError as error:
        raise ImportProblem(f"映射文件 {path.name} 读不了：请检查它是不是文件、有没有权限。") from error


def _table(
    place: Place, table: catalogue.Table, found: dict[str, Any], defaults: FileOptions, database: DatabaseRule | None
) -> TableRule:
    place.known(found, TABLE_KEYS)
    options = read_options(place.into("file"), place.table(found.get("file", {}), "file"), defaults)
    merge = found.get("merge", "replace")
    if merge not in ("replace", "upsert"):
        raise place.problem("的 merge 只能是 replace（整批替换）或 upsert（按主键更新）", "merge")
    same_code = found.get("same_code", "last")
    if "same_code" in found and (table.name != "boundaries" or same_code not in ("last", "merge")):
        raise place.problem("的 same_code 只用于 boundaries，只能是 last（用最后一个）或 merge（合并）", "same_code")
    inner = place.into("columns")
    columns = {}
    for name, rule in place.table(found.get("columns", {}), "columns").items():
        if name in catalogue.AUTOMATIC or (table.name == "boundaries" and name == "geometry"):
            raise inner.problem(f"的 {name} 由程序自动填写，不能映射", name)
        if name not in table.columns:
            hint = nearest(name, table.columns)
            raise inner.problem(f"里没有叫“{name}”的标准列{hint}；{table.name} 的列见 schema.sql", name)
        columns[name] = read_column(inner, table.columns[name], rule)
    unpivot = None
    if "unpivot" in found:
        unpivot, filled = read_unpivot(place.into("unpivot"), table, found["unpivot"])
        if both := [one for one in filled if one in columns]:
            raise place.into("unpivot").problem(f"已经填写 {listing(both)}，columns 里不能再写")
        columns |= filled
    rows = read_rows(place, table, found.get("rows", []))
    identity = _identity(place, table, columns, found["identity"]) if "identity" in found else ()
    own = table.own_key if identity else ""
    if not columns and not (rows and not set(found) - {"rows", "merge"}):
        raise place.problem("没有写 columns：要写明标准列来自哪个表头")
    for column in table.columns.values():
        automatic = column.name == "source" or (table.name, column.name) == ("boundaries", "geometry")
        automatic = automatic or column.name == own
        if columns and column.required and column.default is None and not automatic and column.name not in columns:
            raise inner.problem(f"缺少必需的列 {column.name}（{column.label}）")
    rule = TableRule(
        table.name,
        place.word(found["files"], "files") if "files" in found else None,
        options,
        merge,
        _selection(place.into("exclude"), found.get("exclude", {})),
        _selection(place.into("require"), found.get("require", {})),
        columns,
        _closed(place.into("closed"), table, found["closed"]) if "closed" in found else None,
        rows,
        same_code,
        identity,
        _same_case(place.into("same_case"), table, found["same_case"]) if "same_case" in found else SameCase(),
        read_query(place, table.name, found, database),
        unpivot,
    )
    refuse_headings(place, table, rule.headings, options.header_row)
    return rule


def _identity(place: Place, table: catalogue.Table, columns: dict[str, ColumnRule], found: Any) -> tuple[str, ...]:
    """The columns that make a row the same row in the next export, where its number does not."""
    key = table.own_key
    if not key:
        raise place.problem(f"的 identity 不能用于 {table.name}：它的主键不是单独一个编号", "identity")
    if key in columns:
        raise place.problem(f"写了 identity，{key} 由程序生成，不能再映射", "identity")
    names = place.words(found, "identity")
    for name in names:
        if name not in columns:
            raise place.problem(
                f"的 identity 里的“{name}”不是 columns 中映射的标准列{nearest(name, columns)}", "identity"
            )
    if not names:
        raise place.problem("的 identity 至少要有一个标准列", "identity")
    return names


def _same_case(place: Place, table: catalogue.Table, found: Any) -> SameCase:
    shares = place.table(found)
    place.known(shares, ("warn", "stop"))
    if table.name != "cases":
        raise place.problem("只用于 cases 表")
    for key, share in shares.items():
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise place.problem(f"的 {key} 应是 0 到 1 之间的比例", key)
    return SameCase(**{key: float(share) for key, share in shares.items()})


def _selection(place: Place, found: Any) -> dict[Heading, tuple[str, ...]]:
    """Which words of which column; a key of TOML is always text, so the third column is written "#3"."""
    rows = place.table(found)
    return {
        int(heading[1:]) if re.fullmatch(r"#[1-9]\d{0,5}", heading) else heading.strip(): place.words(values, heading)
        for heading, values in rows.items()
    }


def _closed(place: Place, table: catalogue.Table, found: Any) -> ClosedRule:
    rule = place.table(found)
    place.known(rule, ("status", "closed", "prefer"))
    if table.name != "cases":
        raise place.problem("只用于 cases 表")
    for key in ("status", "closed"):
        if key not in rule:
            raise place.problem(f"缺少必需的项“{key}”")
    prefer = rule.get("prefer", "time")
    if prefer not in ("time", "status"):
        raise place.problem("的 prefer 只能是 time（以办结时间为准）或 status（以状态为准）", "prefer")
    return ClosedRule(place.column(rule["status"], "status"), place.words(rule["closed"], "closed"), prefer)

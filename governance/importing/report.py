"""What an import did, for the person who ran it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from governance import codes
from governance.importing.database.rules import KINDS as DATABASES
from governance.importing.problems import listing, shorten, visible
from governance.importing.rows import Heading, called

FIRST_REJECTS = 10
MERGES = {"replace": "整批替换", "upsert": "按主键更新"}


@dataclass(frozen=True)
class Reject:
    """One rejected row, as table `rejects` holds it."""

    table: str
    file: str
    row_number: int
    column: str | None
    heading: Heading | None
    value: str | None
    reason: str


@dataclass(frozen=True)
class Preview:
    """The first accepted rows of a table as they will look: headings, and rows of words."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class FileReport:
    """One file (one sheet) that was read."""

    name: str
    kind: str
    rows: int
    encoding: str | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


@dataclass
class TableReport:
    """One canonical table that was fed; rows_read is the sum of its outcomes."""

    name: str
    label: str
    merge: str
    rows_read: int = 0
    accepted: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    excluded: int = 0
    not_for_table: int = 0
    duplicates: int = 0
    superseded: int = 0
    merged: int = 0
    corrected: dict[str, int] = field(default_factory=dict)
    reversed_times: int = 0
    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def rejected_count(self) -> int:
        """All rejected rows."""
        return sum(self.rejected.values())


@dataclass
class ImportReport:
    """The outcome of one import."""

    title: str
    source: str
    as_of: datetime
    is_as_of_given: bool
    dry_run: bool
    files: list[FileReport]
    tables: dict[str, TableReport]
    rejects: list[Reject]  # the first of each table, up to reporting.MOST_REJECTS
    messages: list[str] = field(default_factory=list)
    changed: bool = True
    snapshot_id: str | None = None
    preview: dict[str, Preview] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)  # of cases, by code of the list `change`; kinds overlap
    months: tuple[str, ...] = ()  # in which a case changes

    @property
    def first_rejects(self) -> list[Reject]:
        """The first rejected rows of each table, few enough to be read."""
        return [
            one for name in self.tables for one in [row for row in self.rejects if row.table == name][:FIRST_REJECTS]
        ]

    def text(self) -> str:
        """Tell everything in Chinese, most important first."""
        lines = [f"导入：{self.title}（来源 {self.source}）", self._outcome()]
        basis = "指定" if self.is_as_of_given else "取自数据"
        lines.append(f"数据截至：{self.as_of:%Y-%m-%d %H:%M:%S}（{basis}）")
        lines += [f"注意：{message}" for message in self.messages]
        lines += [line for file in self.files for line in _file_lines(file)]
        lines += [line for table in self.tables.values() for line in _table_lines(table)]
        if self.changes:
            told = "，".join(f"{codes.label('change', code)} {count:,} 件" for code, count in self.changes.items())
            months = f"；涉及 {listing(self.months, 24)}" if self.months else ""
            lines.append(f"案件的变化（一件可有几种）：{told}{months}")
        if self.first_rejects:
            lines.append("未通过的行（前几行，敏感号码已遮盖）：")
            lines += [_reject_line(one) for one in self.first_rejects]
        return "\n".join(lines)

    def _outcome(self) -> str:
        if not self.changed:
            return "结果：没有变化，与当前快照内容相同，没有写入新快照。"
        if self.dry_run:
            return "结果：试运行，没有写入任何内容。"
        return f"结果：已发布快照 {self.snapshot_id}。"


def _file_lines(file: FileReport) -> list[str]:
    parts = [f"{file.rows:,} 行"]
    if file.encoding:
        parts.append(f"编码 {file.encoding}")
    if file.sheet:
        parts.append(f"{'查询' if file.kind in DATABASES else '工作表'}“{file.sheet}”")
    lines = [f"{'数据库' if file.kind in DATABASES else '文件'} {visible(file.name)}：{'，'.join(parts)}"]
    if file.other_sheets:
        lines.append(f"  未读的工作表：{listing(file.other_sheets)}")
    if file.unused:
        lines.append(f"  未使用列：{listing(file.unused, 60)}")
    lines += [f"  {note}" for note in file.notes]
    return lines


def _table_lines(table: TableReport) -> list[str]:
    lines = [
        f"表 {table.name}（{table.label}，{MERGES[table.merge]}）：读入 {table.rows_read:,} 行，"
        f"接收 {table.accepted:,} 行，拒绝 {table.rejected_count:,} 行"
    ]
    for text, count in (
        ("按规则排除", table.excluded),
        ("不属于本表", table.not_for_table),
        ("重复行（内容相同，只计一次）", table.duplicates),
        ("被后来的行取代", table.superseded),
        ("并入同一代码的图形", table.merged),
    ):
        if count:
            lines.append(f"  {text}：{count:,} 行")
    lines += [f"  拒绝原因 {reason}：{count:,} 行" for reason, count in table.rejected.items()]
    lines += [f"  更正 {what}：{count:,} 行" for what, count in table.corrected.items()]
    if table.reversed_times:
        lines.append(f"  时间倒序（办结早于上报，保留，不计入时长）：{table.reversed_times:,} 行")
    lines.append(
        f"  与当前快照相比：新增 {table.new:,}，更新 {table.replaced:,}，"
        f"不变 {table.unchanged:,}，移除 {table.removed:,}"
    )
    return lines + [f"  {note}" for note in table.notes]


def _reject_line(one: Reject) -> str:
    value = f" 值“{shorten(one.value, 40)}”" if one.value else ""
    heading = f"（{'' if isinstance(one.heading, int) else '表头'}{called(one.heading)}）" if one.heading else ""
    column = f" 列 {one.column}{heading}" if one.column else ""
    return f"  {one.file} 第 {one.row_number} 行{column}{value}：{one.reason}"

"""Workbooks: every sheet is looked at; which one holds the rows is asked when two could."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from governance.drafting import heading_rows, several
from governance.drafting.footing import LOOKED_AT
from governance.drafting.looking import SHOWN, Source, TextLooker
from governance.drafting.models import FileLook, Option, Question, Sheet
from governance.importing import catalogue
from governance.importing.kinds import kind_of
from governance.importing.options import FileOptions
from governance.importing.problems import ImportProblem
from governance.importing.reading import ReadFile
from governance.importing.recoding import literal
from governance.importing.rows import FOOTER, NATIVE, heading

MOST_SHEETS = 40
SHEETED = ("xlsx", "xls", "xlsb", "ods")
Rows = list[tuple[int, list[str]]]


@dataclass
class Looker(TextLooker):
    """Looks at any file."""

    def file(self, path: Path) -> list[Source]:
        """Look at one file."""
        kind = kind_of(path, FileOptions())
        return self._workbook(path, kind) if kind in SHEETED else super().file(path)

    def _workbook(self, path: Path, kind: str) -> list[Source]:
        """Read every sheet whole, decide which one holds the rows, and ask when two could."""
        read: dict[str, ReadFile] = {}
        names: list[str] = []
        for number in range(1, MOST_SHEETS + 1):
            if names and number > len(names):
                break
            try:
                one = self._read(path, FileOptions(sheet=number, header_row=0, footer_words=self.footers))
            except ImportProblem as problem:
                if "只有表头" in str(problem) or "是空的" in str(problem):
                    continue
                if number > 1 and "个工作表（" in str(problem):
                    break
                raise
            if not names:
                names = list(one.other_sheets)
                names.insert(number - 1, one.sheet or "")
            read[one.sheet or ""] = one
        if not read:
            raise ImportProblem(f"文件 {path.name} 的工作表都是空的：请重新导出。")
        tops = {name: self._top(one.parquet, len(one.columns)) for name, one in read.items()}
        together = self._choose_sheets(path, read, tops)
        return [self._sheet(path, kind, read, tops, names, one, together) for one in together]

    def _sheet(
        self, path: Path, kind: str, read: Mapping[str, ReadFile], tops: Mapping[str, Rows], names: Sequence[str],
        chosen: str, together: Sequence[str],
    ) -> Source:  # fmt: skip
        """One sheet as a source of rows."""
        one = read[chosen]
        self._refuse_width(path, len(one.columns))
        found = self._heading_row(path, tops[chosen], f"的工作表“{chosen}”")
        cells = next((cells for number, cells in tops[chosen] if number == found.number), [])
        named = [heading(cell.lstrip(NATIVE)) for cell in cells] if found.number else [""] * len(one.columns)
        named += [""] * (len(one.columns) - len(named))
        columns = tuple((name, one.columns[number]) for number, name in enumerate(named, 1) if number in one.columns)
        columns = _without_empty_end(self.con, one.parquet, columns, found.number)
        options = FileOptions(sheet=chosen, header_row=0, footer_words=self.footers)
        tail = self._tail(one.parquet, [column for _, column in columns])
        one, notes = self._without_notes(path, f"的工作表“{chosen}”", options, one, tail, len(columns))
        sheets = tuple(
            Sheet(
                name,
                read[name].rows if name in read else 0,
                len(read[name].columns) if name in read else 0,
                self._sheet_top(tops.get(name, [])),
                name in together,
                "读这一张" if name in together else "是空的" if name not in read else "不读",
            )
            for name in names
        )
        rows = self.count(
            f"select count(*) from read_parquet({literal(str(one.parquet))}) "
            f"where row_number > {found.number} and problem is distinct from {literal(FOOTER)}"
        )
        if not rows:
            raise ImportProblem(f"文件 {path.name} 的工作表“{chosen}”只有表头，没有数据行：请在原系统中重新导出。")
        look = FileLook(
            path.name,
            kind,
            rows,
            None,
            "",
            None,
            chosen,
            sheets,
            found.number,
            found.why,
            tuple(name for name, _ in columns),
            self._first_rows(one.parquet, [column for _, column in columns], found.number),
        )
        filled = [name for name in names if name in read and self._has_rows(tops[name])]
        written = several.written(together, filled) if len(together) > 1 else chosen if len(names) > 1 else None
        return Source(look, one.parquet, columns, found.number, self._problems(one.parquet)[1], notes, written)

    def _tail(self, parquet: Path, columns: Sequence[str]) -> list[tuple[str | None, ...]]:
        """The cells of the last rows."""
        rows = self.con.execute(
            f"select {', '.join(columns) or 'null'} from read_parquet(?) order by row_number desc limit {LOOKED_AT}",
            [str(parquet)],
        ).fetchall()
        return rows[::-1]

    def _choose_sheets(self, path: Path, read: Mapping[str, ReadFile], tops: Mapping[str, Rows]) -> list[str]:
        """The sheets that are read: one, or the months of one table; ask where that is not plain."""
        given = self.answers.get("file.sheet", "")
        names = list(read)
        lists = {name: _headings_of(tops[name], self.table) for name in names}
        heads = {name: set(one) for name, one in lists.items()}
        tables = {name: several.table_of(tuple(one for one in lists[name] if one)) for name in names}
        main = names[0]
        if len([one for one in heads[main] if one]) < 2:  # a cover sheet
            main = max(names, key=lambda name: read[name].rows)
        months = several.months(names, lists)
        if months and main not in months and sum(read[one].rows for one in months) > read[main].rows:
            main = months[0]  # what stands before them sums them up
        if tables[main] != self.table and self.table in tables.values():
            main = next(name for name in names if tables[name] == self.table)
        parts = [
            name
            for name in names
            if name != main and self._has_rows(tops[name]) and len(heads[name]) > 1
            and several.alike(lists[name], lists[main])
        ]  # fmt: skip
        elsewhere = {
            name: table
            for name, table in tables.items()
            if table and table != self.table and name != main and name not in parts
        }
        self.others |= {table: name for name, table in elsewhere.items()}
        rivals = [
            name
            for name in names
            if name != main and name not in parts and name not in elsewhere
            and self._has_rows(tops[name]) and len(heads[name]) > 1
            and (
                len(heads[name] & heads[main]) * 2 > len(heads[main])
                or read[name].rows * (1 if months else 5) > read[main].rows
            )
        ]  # fmt: skip
        whole = [name for name in names if name == main or name in parts]
        is_plain = several.are_periods(whole) and not any(
            several.repeat(self.con, read[one], read[other], lists) for one, other in pairwise(whole)
        )
        if given or rivals or (parts and not is_plain):
            self._ask_sheet(path, read, tops, [main, *parts, *rivals], whole if parts else [])
        for table in dict.fromkeys(elsewhere.values()):
            listed = "、".join(f"“{name}”" for name in elsewhere if elsewhere[name] == table)
            kind = f"{table}，{catalogue.tables()[table].label}"
            self.notes.append(f"{path.name}：工作表{listed}是另一种台账（{kind}），另外起草")
        unread = [name for name in names if name not in (*whole, *rivals, *elsewhere) and self._has_rows(tops[name])]
        if unread:
            self.notes.append(f"{path.name}：工作表{'、'.join(f'“{one}”' for one in unread[:5])}不像明细，不读")
        if given:
            return several.named(given, names, path.name)
        if parts and is_plain:
            self.notes.append(
                f"{path.name}：{len(whole)} 张工作表（{'、'.join(whole[:12])}）表头相同，按月份接在一起读"
            )
            return whole
        return [main]

    def _has_rows(self, top: Rows) -> bool:
        """Whether anything stands below the headings."""
        return any(number > heading_rows.find(top, self.table).number for number, _ in top)

    def _ask_sheet(
        self, path: Path, read: Mapping[str, ReadFile], tops: Mapping[str, Rows], offered: Sequence[str],
        whole: Sequence[str],
    ) -> None:  # fmt: skip
        if any(one.key == "file.sheet" for one in self.questions):
            return
        options = [self._option(read, tops, offered[0], name) for name in offered]
        if whole:
            rows = sum(read[name].rows for name in whole)
            label = f"这 {len(whole)} 张接在一起读：共 {rows} 行"
            options.insert(0, Option(several.JOINED.join(whole), label, "、".join(whole[:12])))
        why = "工作簿里不止一张表有数据；另一张可能是它的一部分、另一个月份，也可能是同一份的旧稿"
        text = f"文件 {path.name} 读哪一张工作表？"
        given = self.answers.get("file.sheet") or None
        self.questions.append(Question("file.sheet", text, why, tuple(options), given, True))

    def _option(self, read: Mapping[str, ReadFile], tops: Mapping[str, Rows], main: str, name: str) -> Option:
        size = f"{read[name].rows} 行，{len(read[name].columns)} 列"
        label = f"工作表“{name}”：{size}{self._overlap(read, tops, main, name)}"
        return Option(name, label, self._shown(tops[name][0][1]))

    def _overlap(self, read: Mapping[str, ReadFile], tops: Mapping[str, Rows], main: str, name: str) -> str:
        """How many values of the first column, by its heading, stand in the main sheet, too."""
        if name == main:
            return ""
        first, own = _headings_of(tops[main], self.table), _headings_of(tops[name], self.table)
        shared = next((one for one in first if one and one in own), None)
        if not shared:
            return ""
        a, b = read[main].columns[first.index(shared) + 1], read[name].columns[own.index(shared) + 1]
        row = self.con.execute(
            f"select count(distinct {b}) filter ({b} in (select {a} from read_parquet(?))), count(distinct {b}) "
            "from read_parquet(?)",
            [str(read[main].parquet), str(read[name].parquet)],
        ).fetchone()
        assert row is not None
        return f"，其中“{shared}”有 {max(0, row[0] - 1)} 个与“{main}”重复" if row[0] > 1 else ""

    def _sheet_top(self, rows: list[tuple[int, list[str]]]) -> tuple[tuple[str, ...], ...]:
        """Titles and headings of a sheet; no row of data, which could name people."""
        last = heading_rows.find(rows, self.table).number
        return tuple(
            tuple(self._hidden(cell) for cell in cells[:60]) for number, cells in rows[:SHOWN] if number <= last
        )

    @staticmethod
    def _top(parquet: Path, width: int) -> list[tuple[int, list[str]]]:
        rows = pq.ParquetFile(parquet).iter_batches(heading_rows.FIRST)
        batch = next(rows, None)
        if batch is None:
            return []
        return [(row["row_number"], [row[f"h{number}"] or "" for number in range(width)]) for row in batch.to_pylist()]


def _headings_of(rows: Sequence[tuple[int, Sequence[str]]], table: str) -> list[str]:
    found = heading_rows.find(rows, table).number
    return [heading(cell) for cell in next((cells for number, cells in rows if number == found), [])]


def _without_empty_end(
    con: duckdb.DuckDBPyConnection, parquet: Path, columns: tuple[tuple[str, str], ...], after: int
) -> tuple[tuple[str, str], ...]:
    """Leave out columns at the end that have neither heading nor content."""
    while columns and not columns[-1][0]:
        row = con.execute(
            f"select 1 from read_parquet(?) where row_number > ? and trim({columns[-1][1]}) <> '' limit 1",
            [str(parquet), after],
        ).fetchone()
        if row:
            break
        columns = columns[:-1]
    return columns

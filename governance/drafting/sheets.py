"""Workbooks: every sheet is looked at; which one holds the rows is asked when two could."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from governance.drafting import heading_rows
from governance.drafting.looking import FOOTERS, OTHER_FOOTERS, SHOWN, Source, TextLooker
from governance.drafting.models import FileLook, Option, Question, Sheet
from governance.importing.kinds import kind_of
from governance.importing.options import FileOptions
from governance.importing.problems import ImportProblem
from governance.importing.reading import ReadFile
from governance.importing.recoding import literal
from governance.importing.rows import NATIVE, heading

MOST_SHEETS = 40
SHEETED = ("xlsx", "xls", "xlsb", "ods")
Rows = list[tuple[int, list[str]]]


@dataclass
class Looker(TextLooker):
    """Looks at any file."""

    def file(self, path: Path) -> Source:
        """Look at one file."""
        kind = kind_of(path, FileOptions())
        return self._workbook(path, kind) if kind in SHEETED else super().file(path)

    def _workbook(self, path: Path, kind: str) -> Source:
        """Read every sheet whole, decide which one holds the rows, and ask when two could."""
        read: dict[str, ReadFile] = {}
        names: list[str] = []
        for number in range(1, MOST_SHEETS + 1):
            if names and number > len(names):
                break
            try:
                one = self._read(path, FileOptions(sheet=number, header_row=0, footer_words=FOOTERS + OTHER_FOOTERS))
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
        chosen = self._choose_sheet(path, read, tops)
        one = read[chosen]
        self._refuse_width(path, len(one.columns))
        found = self._heading_row(path, tops[chosen], f"的工作表“{chosen}”")
        cells = next((cells for number, cells in tops[chosen] if number == found.number), [])
        named = [heading(cell.lstrip(NATIVE)) for cell in cells] if found.number else [""] * len(one.columns)
        named += [""] * (len(one.columns) - len(named))
        columns = tuple((name, one.columns[number]) for number, name in enumerate(named, 1) if number in one.columns)
        columns = _without_empty_end(self.con, one.parquet, columns, found.number)
        sheets = tuple(
            Sheet(
                name,
                read[name].rows if name in read else 0,
                len(read[name].columns) if name in read else 0,
                self._sheet_top(tops.get(name, [])),
                name == chosen,
                "读这一张" if name == chosen else "是空的" if name not in read else "不读",
            )
            for name in names
        )
        rows = self.count(
            f"select count(*) from read_parquet({literal(str(one.parquet))}) where row_number > {found.number}"
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
        return Source(look, one.parquet, columns, found.number, len(names) > 1, self._problems(one.parquet)[1])

    def _choose_sheet(self, path: Path, read: Mapping[str, ReadFile], tops: Mapping[str, Rows]) -> str:
        given = self.answers.get("file.sheet", "")
        names = list(read)
        heads = {name: set(_headings_of(tops[name], self.table)) for name in names}
        main = names[0]
        if len([one for one in heads[main] if one]) < 2:  # a cover sheet
            main = max(names, key=lambda name: read[name].rows)
        rivals = [
            name
            for name in names
            if name != main and read[name].rows > 1 and len(heads[name]) > 1
            and (len(heads[name] & heads[main]) * 2 > len(heads[main]) or read[name].rows * 5 > read[main].rows)
        ]  # fmt: skip
        if rivals or given:
            options = tuple(self._option(read, tops, main, name) for name in [main, *rivals])
            if not any(one.key == "file.sheet" for one in self.questions):
                why = "工作簿里不止一张表有数据；只读一张，另一张可能是它的一部分或另一个月份"
                self.questions.append(
                    Question("file.sheet", f"文件 {path.name} 读哪一张工作表？", why, options, given or None, True)
                )
        unread = [name for name in names if name != main and name not in rivals]
        if unread:
            self.notes.append(f"{path.name}：工作表{'、'.join(f'“{one}”' for one in unread[:5])}不像明细，不读")
        if given:
            if given not in read:
                known = "、".join(names[:12])
                raise ImportProblem(f"文件 {path.name} 没有有内容的工作表“{given}”（有：{known}）：请核对 file.sheet。")
            return given
        return main

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

"""Look at files: how their bytes become rows, read whole in the limited child process (workbooks: sheets.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from governance.drafting import footing, heading_rows, nesting, personal
from governance.drafting.heading_rows import HeadingRow
from governance.drafting.models import FileLook, Option, Question
from governance.drafting.nesting import Nested
from governance.importing.encoding import CANDIDATES
from governance.importing.kinds import kind_of
from governance.importing.masking import masked
from governance.importing.options import FileOptions
from governance.importing.problems import ImportProblem
from governance.importing.reader import Reader
from governance.importing.reading import ReadFile, outline_file, peek_file, read_file
from governance.importing.rows import FOOTER, NATIVE

MOST_COLUMNS = 400
FOOTERS = ("合计", "总计", "小计")
OTHER_FOOTERS = ("合計", "總計", "小計")
SHOWN = 5  # rows that are shown of a file or sheet


@dataclass(frozen=True)
class Source:
    """One file as read: where its rows lie, and from which row number on they are data."""

    look: FileLook
    parquet: Path
    columns: tuple[tuple[str, str], ...]  # heading and parquet column, in order
    after: int = 0  # rows up to this number are titles and headings
    footers: int = 0  # rows of totals and notes
    note_words: tuple[str, ...] = ()  # how the notes below the table begin
    sheet: str | list[str] | None = None  # how a mapping names the sheet, or several
    nested: Nested = field(default_factory=Nested)


@dataclass
class TextLooker:
    """Looks at files one after the other, collecting what has to be asked and told."""

    con: duckdb.DuckDBPyConnection
    reader: Reader
    folder: Path
    table: str
    answers: Mapping[str, str]
    questions: list[Question]
    notes: list[str]
    number: int = 0
    others: dict[str, str] = field(default_factory=dict)  # tables that other sheets hold, and which sheet does
    footers: tuple[str, ...] = FOOTERS + OTHER_FOOTERS  # words by which rows of totals are known

    def file(self, path: Path) -> list[Source]:
        """Look at one file, or at each of its sheets that are parts of one table."""
        kind = kind_of(path, FileOptions())
        if kind == "csv":
            return [self._text(path)]
        nested = Nested()
        if kind in ("json", "xml"):
            nested = nesting.find(outline_file(self.reader, path, kind), self.table, self.answers, path.name)
            known = {one.key for one in self.questions}
            self.questions += [one for one in nested.questions if one.key not in known]
            self.notes += nested.notes
        read = self._read(path, FileOptions(records=nested.records, explode=nested.explode))
        names = [name or str(number) for number, name in enumerate(read.headings, 1)]
        columns = tuple((name, read.columns[number]) for number, name in enumerate(names, 1) if number in read.columns)
        look = FileLook(
            path.name, kind, read.rows, read.encoding, "", None, None, (), 1, "各项自带名称", tuple(names),
            self._first_rows(read.parquet, [column for _, column in columns], 0),
        )  # fmt: skip
        return [Source(look, read.parquet, columns, nested=nested)]

    def _read(self, path: Path, options: FileOptions) -> ReadFile:
        """Read every column of a file in the child process."""
        self.number += 1
        return read_file(self.reader, path, options, None, self.folder, self.number)

    def _text(self, path: Path) -> Source:
        encoding = self.answers.get("file.encoding") or "auto"
        if encoding != "auto" and encoding not in CANDIDATES:
            raise ImportProblem(f"file.encoding 的回答“{encoding}”不是可用的编码：可写 {'、'.join(CANDIDATES)}。")
        chosen = FileOptions(encoding=encoding, delimiter="auto", footer_words=self.footers)
        seen = peek_file(self.reader, path, chosen)
        self._ask_encoding(path, seen)
        rows = [(number, cells) for number, cells, _ in seen["rows"]]
        self._refuse_width(path, max((width for *_, width in seen["rows"]), default=0))
        found = self._heading_row(path, rows, "")
        width = max((len(cells) for _, cells in rows), default=0)
        options = replace(chosen, encoding=seen["codec"], delimiter=seen["delimiter"], header_row=found.number)
        if found.number and width > len(
            next((cells for number, cells in rows if number == found.number), [""] * width)
        ):
            self.notes.append(f"{path.name}：有的行比表头多出几列，多出的内容会使这些行被退回")
        read = self._read(path, options)
        read, notes = self._without_notes(path, "", options, read, seen["tail"], len(read.headings))
        columns = tuple((name, read.columns[number]) for number, name in enumerate(read.headings, 1))
        torn, footers = self._problems(read.parquet)
        if torn:
            self.notes.append(f"{path.name}：有 {torn} 行残缺（列数不符、引号不配对），导入时会退回并写明行号")
        look = FileLook(
            path.name,
            "csv",
            read.rows - footers,
            seen["codec"],
            _encoding_why(seen["label"], self.answers),
            seen["delimiter"],
            None,
            (),
            found.number,
            found.why,
            tuple(read.headings),
            self._first_rows(read.parquet, [one for _, one in columns], 0),
        )
        return Source(look, read.parquet, columns, footers=footers, note_words=notes)

    def _without_notes(
        self, path: Path, sheet: str, options: FileOptions, read: ReadFile, tail: Sequence[Sequence[str | None]],
        columns: int,
    ) -> tuple[ReadFile, tuple[str, ...]]:  # fmt: skip
        """Read again without the notes below the table, by words with which no other row begins."""
        below = footing.find(tail, columns, options.footer_words)
        words, rows = below.words, below.rows
        if below.texts:
            self._ask_notes(path, sheet, below.texts)
            if self.answers.get("footers") == "yes":
                words, rows = tuple(dict.fromkeys(words + below.own_words)), rows + len(below.texts)
        if not words:
            return read, ()
        again = self._read(path, replace(options, footer_words=(*options.footer_words, *words)))
        listed = "、".join(f"“{one}”" for one in words)
        if self._problems(again.parquet)[1] - self._problems(read.parquet)[1] != rows:
            self.notes.append(f"{path.name}{sheet}：表格下面像有附注，可别的行也以{listed}开头，都没有剔除")
            return read, ()
        self.notes.append(f"{path.name}{sheet}：表格下面有 {rows} 行附注（以{listed}开头），剔除并计数")
        return again, words

    def _ask_notes(self, path: Path, sheet: str, texts: Sequence[str]) -> None:
        """Ask about sentences below the table; they could be cases of which little was filled in."""
        answer = self.answers.get("footers")
        if answer not in (None, "yes", "no"):
            raise ImportProblem(f"footers 的回答“{answer}”不在可选之列：可用 yes、no。")
        if any(one.key == "footers" for one in self.questions):
            return
        said = "；".join(self._hidden(one)[:40] for one in texts[:4])
        options = (Option("yes", "是附注：剔除并计数", said[:80]), Option("no", "是案件：照样读"))
        text = f"文件 {path.name}{sheet}最后有 {len(texts)} 行只写了一句话，是表格下面的附注吗？"
        self.questions.append(Question("footers", text, said, options, answer))

    def _problems(self, parquet: Path) -> tuple[int, int]:
        """How many rows are torn, and how many hold totals."""
        row = self.con.execute(
            "select count(*) filter (problem <> ?), count(*) filter (problem = ?) from read_parquet(?)",
            [FOOTER, FOOTER, str(parquet)],
        ).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def _ask_encoding(self, path: Path, seen: dict[str, Any]) -> None:
        given = self.answers.get("file.encoding")
        if not seen["others"] and not given:
            return
        begin = "　".join(str(cell) for cell in seen["rows"][0][1])[:60] if seen["rows"] else ""
        options = [Option(seen["codec"], f"{seen['codec']}（更像）" if not given else seen["codec"], begin)]
        options += [Option(codec, codec, example) for codec, example in seen["others"]]
        if not any(one.key == "file.encoding" for one in self.questions):
            text, why = f"文件 {path.name} 是哪种编码？哪一行读得通顺？", "按两种编码都解得开，读出的字却不同"
            self.questions.append(Question("file.encoding", text, why, tuple(options), given, True))

    def _heading_row(self, path: Path, rows: Sequence[tuple[int, Sequence[str]]], sheet: str) -> HeadingRow:
        found = heading_rows.find(rows, self.table)
        given = self.answers.get("file.header_row", "")
        if not found.is_sure or given:
            first = next((cells for number, cells in rows if number == (found.number or found.other)), [])
            example = self._shown(first)
            row = found.number or found.other
            options = (Option(str(row), f"第 {row} 行是表头", example), Option("0", "没有表头行，第一行就是数据"))
            text = f"文件 {path.name}{sheet}的表头在哪一行？"
            if not any(one.key == "file.header_row" for one in self.questions):
                self.questions.append(Question("file.header_row", text, found.why, options, given or None, True))
        if given:
            if not given.isdecimal() or int(given) > 10_000:
                raise ImportProblem(f"file.header_row 的回答“{given}”不是行号：请写表头所在的行，没有表头写 0。")
            return HeadingRow(int(given), "由人指定")
        return found

    def _first_rows(self, parquet: Path, columns: list[str], after: int) -> tuple[tuple[str, ...], ...]:
        picked = ", ".join(masked(f"ltrim({one}, chr(31))") for one in columns[:60]) or "null"
        rows = self.con.execute(
            f"select {picked} from read_parquet(?) where row_number > ? and problem is null "
            f"order by row_number limit {SHOWN}",
            [str(parquet), after],
        ).fetchall()
        return tuple(tuple("" if cell is None else str(cell)[:60] for cell in row) for row in rows)

    def _shown(self, cells: Sequence[str]) -> str:
        """A row in one line, without what could name somebody."""
        return self._hidden(
            "　".join(cell.lstrip(NATIVE)[:20] for cell in cells if cell and not personal.is_personal(cell))[:80]
        )

    def _hidden(self, text: str) -> str:
        row = self.con.execute(f"select {masked('x')} from (select ?::varchar as x)", [text.lstrip(NATIVE)]).fetchone()
        return str(row[0]) if row else ""

    def count(self, query: str) -> int:
        """The one number that a query answers with."""
        row = self.con.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _refuse_width(self, path: Path, width: int) -> None:
        if width > MOST_COLUMNS:
            raise ImportProblem(
                f"文件 {path.name} 有 {width} 列，超过起草的上限 {MOST_COLUMNS} 列："
                "请删去表格以外的列，或只导出需要的列。"
            )


def _encoding_why(label: str, answers: Mapping[str, str]) -> str:
    if answers.get("file.encoding"):
        return f"{label}：由人指定"
    if "BOM" in label:
        return f"{label}：由文件开头的标记得知"
    return f"{label}：整个文件都能按它解码，字也最通顺"

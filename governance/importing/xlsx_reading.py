"""Workbooks (xlsx, xls, xlsb, ods): what they are made of is examined first, then calamine reads one sheet."""

from __future__ import annotations

import datetime
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from governance.importing import csv_reading, html_reading
from governance.importing import workbook_checks as checks
from governance.importing.merged_cells import MergedCells
from governance.importing.problems import ImportProblem, listing, nearest
from governance.importing.rows import (
    FOOTER,
    NATIVE,
    NO_MORE,
    Row,
    elsewhere,
    every,
    footers,
    heading,
    is_footer,
    positions,
    texts,
    write,
)

DAMAGED = "不是完整的 {}（可能没有下载完或已损坏）：请用 Excel 或 WPS 打开后另存，或重新导出。"


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one sheet of one workbook and answer what was found in it."""
    path, named = request["path"], request["kind"]
    kind = checks.content_kind(path, named)
    if kind == "text":
        answer = csv_reading.read(request | {"delimiter": "auto"})
        return answer | {"notes": [*answer.get("notes", []), "其实是文本，不是工作簿"]}
    if kind == "page":
        return _read_page(request)
    try:
        sheets: dict[str, str] = {}
        if kind == "zip":
            kind, sheets = _checked_zip(path, request["sheet"], request.get("nth", 0))
        workbook = CalamineWorkbook.from_path(_under_its_own_name(path, kind, request["parquet"]))
        names = list(sheets) or [one.name for one in workbook.sheets_metadata if "Sheet" in str(one.typ)]
        if not names:
            raise ImportProblem("里没有工作表：请重新导出。")
        name = _chosen(names, request["sheet"], request.get("nth", 0))
        sheet = workbook.get_sheet_by_name(name)
    except PasswordError as error:
        raise ImportProblem(checks.LOCKED) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, CalamineError, ElementTree.ParseError, KeyError) as error:
        raise ImportProblem(DAMAGED.format(named)) from error
    except (NotImplementedError, RuntimeError, ValueError, struct.error) as error:
        raise ImportProblem(DAMAGED.format(named)) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise ImportProblem(DAMAGED.format(named)) from error  # the parser's own word for an early end
    if sheet.total_height * max(1, sheet.total_width) > checks.MOST_CELLS:
        raise ImportProblem(checks.FAR.format(name, f"第 {sheet.total_height} 行第 {sheet.total_width} 列"))
    return _read_sheet(request, sheet, name, [one for one in names if one != name])


def _read_page(request: dict[str, Any]) -> dict[str, Any]:
    """Read what is a page or an XML of Excel 2003 under the name of a workbook."""
    found = html_reading.sheets(request["path"])
    name = _chosen(list(found), request["sheet"], request.get("nth", 0))
    answer = _read_sheet(request, found[name], name, [one for one in found if one != name])
    return answer | {"notes": [*answer.get("notes", []), "其实是网页或 XML 形式的表格，不是工作簿"]}


def _checked_zip(path: str, wanted: str | int | list[str] | None, nth: int) -> tuple[str, dict[str, str]]:
    """Examine every part of a zipped workbook; return its kind and, of an xlsx, its sheets with their parts."""
    with zipfile.ZipFile(path) as archive:
        kind = checks.zip_kind(archive)
        sheets = checks.sheet_parts(archive) if kind == "xlsx" else {}
        name = _chosen(list(sheets), wanted, nth) if sheets else ""
        strings = checks.strings_in(archive) if sheets else None
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels", ".vml")):
                is_read = bool(sheets) and entry.filename == sheets[name]
                checks.check_part(archive, entry, name if is_read else "", kind, strings if is_read else None)
            elif kind == "xlsb" and entry.filename.endswith(".bin"):
                archive.open(entry).read(1)
    return kind, sheets


def _under_its_own_name(path: str, kind: str, parquet: str) -> str:
    """Let calamine know the kind by a name, whatever the file is called."""
    if path.lower().endswith(f".{kind}"):
        return path
    name = f"{parquet}.{kind}"
    with suppress(FileExistsError):
        os.symlink(path, name)
    return name


def _read_sheet(request: dict[str, Any], sheet: Any, name: str, others: list[str]) -> dict[str, Any]:
    merged = MergedCells(sheet)
    rows = enumerate(merged.fill(_from_the_first_column(sheet)), 1)
    answer: dict[str, Any] = {"sheet": name, "other_sheets": others}
    answer = _with_headings(request, sheet, name, rows, answer)
    if merged.filled:
        answer["notes"] = [f"合并的单元格按所见补到每一行：{merged.filled} 格"]
    return answer


def _with_headings(
    request: dict[str, Any], sheet: Any, name: str, rows: Iterator[tuple[int, Any]], answer: dict[str, Any]
) -> dict[str, Any]:
    wanted, header_row = request["wanted"], request["header_row"]
    if header_row == 0:
        return _hand_over(request, rows, [], _width(sheet), answer)
    first = [(number, list(cells)) for number, cells in _take(rows, header_row)]
    if not any(str(cell).strip() for _, cells in first for cell in cells):
        raise ImportProblem(f"的工作表“{name}”是空的：请核对映射文件的 sheet，或重新导出。")
    if first[-1][0] < header_row:
        raise ImportProblem(f"的工作表“{name}”没有第 {header_row} 行，找不到表头：请核对映射文件的 header_row。")
    headings = [heading(cell) for cell in first[-1][1]]
    while headings and not headings[-1]:
        headings.pop()
    if wanted is not None and len(positions(headings, wanted, _width(sheet))) < len(set(wanted)):
        near = first + [(number, list(cells)) for number, cells in _take(rows, header_row + 20)]
        seen = ((number, [str(cell) for cell in cells]) for number, cells in near)
        answer["hint"] = elsewhere(texts(wanted), seen, header_row)
    return _hand_over(request, rows, headings, _width(sheet), answer)


def _hand_over(
    request: dict[str, Any],
    rows: Iterator[tuple[int, Any]],
    headings: list[str],
    width: int,
    answer: dict[str, Any],
) -> dict[str, Any]:
    wanted = request["wanted"]
    places = positions(headings, wanted, width)
    answer |= {"headings": every(headings, width, wanted), "width": width}
    if wanted is not None and len(places) < len(set(wanted)):
        return answer | {"rows": 0, "columns": [(one, "") for one in places]}
    count, columns = write(_rows(rows, footers(request.get("footer_words", []))), places, request["parquet"])
    return answer | {"rows": count, "columns": columns}


def _width(sheet: Any) -> int:
    return sheet.end[1] + 1 if sheet.end else 0


def _from_the_first_column(sheet: Any) -> Iterator[list[Any]]:
    """Rows from column A on, so that numbers are those a person sees; calamine begins where cells are."""
    ahead = [""] * (sheet.start[1] if sheet.start else 0)
    return (ahead + cells for cells in sheet.iter_rows()) if ahead else sheet.iter_rows()


def _take(rows: Iterator[tuple[int, Any]], last: int) -> Iterator[tuple[int, Any]]:
    for number, cells in rows:
        yield number, cells
        if number >= last:
            return


def _rows(rows: Iterator[tuple[int, Any]], totals: re.Pattern[str] | None) -> Iterator[Row]:
    for number, cells in rows:
        texts = [cell.replace("_x000D_", "") if type(cell) is str else text(cell) for cell in cells]
        if any(map(str.strip, texts)):
            is_total = is_footer(texts, totals)
            yield number, [] if is_total else list(texts), FOOTER if is_total else None


def text(cell: Any) -> str:
    """Write a cell as text: whole numbers without a trailing .0, times as ISO 8601 behind the native mark."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, datetime.datetime):
        rounded = cell + datetime.timedelta(microseconds=1000)
        near = rounded.microsecond <= 2000
        return NATIVE + (rounded.replace(microsecond=0) if near else cell).isoformat(" ")
    if isinstance(cell, datetime.date):
        return NATIVE + cell.isoformat()
    return str(cell)


def _chosen(names: list[str], sheet: str | int | list[str] | None, nth: int) -> str:
    """The sheet that is meant; of several that are meant the one with the number `nth`."""
    if isinstance(sheet, list):
        fitting = [one for one in names if any(fnmatchcase(one.strip(), wanted.strip()) for wanted in sheet)]
        if not fitting:
            raise ImportProblem(f"没有工作表 {listing(sheet)}（有：{listing(names)}）：请核对映射文件的 sheet。")
        if nth >= len(fitting):
            raise ImportProblem(NO_MORE)
        return fitting[nth]
    if sheet is None:
        return names[0]
    if isinstance(sheet, int):
        if sheet > len(names):
            raise ImportProblem(
                f"只有 {len(names)} 个工作表（{listing(names)}），没有第 {sheet} 个：请核对映射文件的 sheet。"
            )
        return names[sheet - 1]
    wanted = next((one for one in names if one.strip() == sheet.strip()), None)
    if wanted is None:
        raise ImportProblem(
            f"没有工作表“{sheet}”{nearest(sheet, names)}（有：{listing(names)}）：请核对映射文件的 sheet。"
        )
    return wanted

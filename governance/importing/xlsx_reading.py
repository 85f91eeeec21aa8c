"""XLSX: the zip and its XML are examined first, then calamine reads one sheet."""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from governance.importing.problems import ImportProblem, listing, nearest
from governance.importing.rows import NATIVE, Row, elsewhere, every, heading, positions, texts, write

MOST_ENTRIES = 2_000
MOST_BYTES = 1_500_000_000
MOST_RATIO = 100
RATIO_FROM = 1_000_000
MOST_CELLS = 45_000_000
DAMAGED = "不是完整的 xlsx（可能没有下载完或已损坏）：请用 Excel 或 WPS 打开后另存，或重新导出。"
FAR = "的工作表“{}”在很远的单元格 {} 还有内容：请删去表格以外的行列后另存再导入。"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one sheet of one workbook and answer what was found in it."""
    _refuse_other_kinds(request["path"])
    try:
        with zipfile.ZipFile(request["path"]) as archive:
            _check_directory(archive)
            sheets = _sheets(archive)
            name = _chosen(list(sheets), request["sheet"])
            for entry in archive.infolist():
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    _check_entry(archive, entry, name if entry.filename == sheets[name] else "")
        workbook = CalamineWorkbook.from_path(request["path"])
        sheet = workbook.get_sheet_by_name(name)
    except PasswordError as error:
        raise ImportProblem("是加密的工作簿：请去掉密码另存后再导入。") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, CalamineError, ElementTree.ParseError, KeyError) as error:
        raise ImportProblem(DAMAGED) from error
    if sheet.total_height * max(1, sheet.total_width) > MOST_CELLS:
        raise ImportProblem(FAR.format(name, f"第 {sheet.total_height} 行第 {sheet.total_width} 列"))
    return _read_sheet(request, sheet, name, [one for one in sheets if one != name])


def _read_sheet(request: dict[str, Any], sheet: Any, name: str, others: list[str]) -> dict[str, Any]:
    wanted, header_row = request["wanted"], request["header_row"]
    rows = enumerate(_from_the_first_column(sheet), 1)
    if header_row == 0:
        return _hand_over(request, rows, [], _width(sheet), {"sheet": name, "other_sheets": others})
    first = [(number, list(cells)) for number, cells in _take(rows, header_row)]
    if not any(str(cell).strip() for _, cells in first for cell in cells):
        raise ImportProblem(f"的工作表“{name}”是空的：请核对映射文件的 sheet，或重新导出。")
    if first[-1][0] < header_row:
        raise ImportProblem(f"的工作表“{name}”没有第 {header_row} 行，找不到表头：请核对映射文件的 header_row。")
    headings = [heading(cell) for cell in first[-1][1]]
    while headings and not headings[-1]:
        headings.pop()
    answer: dict[str, Any] = {"sheet": name, "other_sheets": others}
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
    count, columns = write(_rows(rows), places, request["parquet"])
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


def _rows(rows: Iterator[tuple[int, Any]]) -> Iterator[Row]:
    for number, cells in rows:
        texts = [cell.replace("_x000D_", "") if type(cell) is str else text(cell) for cell in cells]
        if any(map(str.strip, texts)):
            yield number, texts, None  # type: ignore[misc]


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


def _refuse_other_kinds(path: str) -> None:
    with open(path, "rb") as file:
        head = file.read(512)
    if head.startswith(b"PK"):
        return
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportProblem("是旧版 .xls 或加密的工作簿：请在 Excel 或 WPS 中去掉密码并另存为 .xlsx。")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise ImportProblem("其实是网页（HTML/XML），不是 xlsx：请在原系统中重新导出，或用 Excel 打开后另存为 .xlsx。")
    if b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportProblem(
            '其实是文本（多半是 CSV），不是 xlsx：请把扩展名改为 .csv，或在映射文件 [file] 写 kind = "csv"。'
        )
    raise ImportProblem("不是 xlsx 工作簿：请用 Excel 或 WPS 打开后另存为 .xlsx，或重新导出。")


def _check_directory(archive: zipfile.ZipFile) -> None:
    """Believe nothing that unpacks to far more than it weighs."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise ImportProblem(f"里有 {len(entries)} 个部件，不像正常的工作簿，已拒绝：请重新导出。")
    for entry in entries:
        if entry.flag_bits & 1:
            raise ImportProblem("是加密的工作簿：请去掉密码另存后再导入。")
        if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            ratio = entry.file_size // max(1, entry.compress_size)
            raise ImportProblem(f"像是压缩炸弹（{entry.filename} 解压后膨胀 {ratio} 倍），已拒绝：请重新导出。")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ImportProblem("解压后超过 1500 MB 的上限，已拒绝：请在原系统中按月份分批导出。")
    if "xl/workbook.xml" not in archive.namelist():
        raise ImportProblem("是压缩包但不是 xlsx 工作簿：请用 Excel 或 WPS 打开后另存为 .xlsx，或先解压。")


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet names and the zip entries that hold them."""
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        _check_entry(archive, archive.getinfo(part), "")
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    sheets = {}
    for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet"):
            target = targets.get(one.get(RELATIONS), "")
            if "chartsheet" not in target:
                sheets[one.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if not sheets:
        raise ImportProblem("里没有工作表：请重新导出。")
    return sheets


def _chosen(names: list[str], sheet: str | int | None) -> str:
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


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, sheet: str) -> None:
    """Unpack one part in pieces: its checksum must hold, it may declare no entities and no far cells."""
    far = re.compile(rb'<c r="([A-Z]{3,}\d+)"[^>]*[^/>]>')
    with archive.open(entry) as part:
        tail, start = b"", True
        while chunk := part.read(1 << 20):
            if start and re.search(rb"<!\s*(DOCTYPE|ENTITY)", chunk.replace(b"\0", b""), re.IGNORECASE):
                raise ImportProblem("含有外部实体声明（DTD），不是正常导出的工作簿，已拒绝：请重新导出。")
            if sheet and (found := far.search(tail + chunk)):
                raise ImportProblem(FAR.format(sheet, found[1].decode()))
            tail, start = chunk[-200:], False

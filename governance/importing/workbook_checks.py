"""What is examined of a workbook before calamine opens it: what it really is, and whether it unpacks to sane XML."""

from __future__ import annotations

import os
import re
import zipfile
from typing import IO
from xml.etree import ElementTree

from governance.importing.problems import ImportProblem, shorten

MOST_ENTRIES = 2_000
MOST_BYTES = 1_500_000_000
MOST_RATIO = 100
RATIO_FROM = 1_000_000
MOST_CELLS = 45_000_000
FAR = "的工作表“{}”在很远的单元格 {} 还有内容：请删去表格以外的行列后另存再导入。"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LOCKED = "是加密的工作簿：请去掉密码另存后再导入。"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MAIN_PARTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
FAR_XLSX = re.compile(rb'<c r="([A-Z]{3,}\d+)"[^>]*[^/>]>')
REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d{4,})"')
STRINGS = "xl/sharedstrings.xml"  # where calamine looks for them, in whatever case
STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
REFERENCE = re.compile(r"([A-Z]{1,3}[0-9]{1,7})")
MOST_REPEATS = {b"columns": 1_000, b"rows": 10_000}


def content_kind(path: str, named: str) -> str:
    """Return zip, xls, page or text by the bytes, whatever the file is named; refuse what is no workbook."""
    with open(path, "rb") as file:
        head = file.read(4096)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            file.seek(0)
            if ENCRYPTED in file.read(4_000_000):
                raise ImportProblem(LOCKED)
            return "xls"
    if head.startswith(b"PK"):
        return "zip"
    if head[:2] == b"\x09\x08" or head[:2] in (b"\x09\x04", b"\x09\x02", b"\x09\x00"):
        raise ImportProblem("是 Excel 4 或更早的工作簿：请在 Excel 或 WPS 中另存为 .xlsx。")
    is_page = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    is_text = b"\0" not in head[:512] or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if named == "xls" and (is_page or (is_text and head.strip())):
        return "page" if is_page else "text"
    if is_page:
        raise ImportProblem(
            f"其实是网页（HTML/XML），不是 {named}：请在原系统中重新导出，或用 Excel 打开后另存为 .xlsx。"
        )
    if is_text:
        raise ImportProblem(
            f'其实是文本（多半是 CSV），不是 {named}：请把扩展名改为 .csv，或在映射文件 [file] 写 kind = "csv"。'
        )
    raise ImportProblem(f"不是 {named} 工作簿：请用 Excel 或 WPS 打开后另存为 .xlsx，或重新导出。")


def zip_kind(archive: zipfile.ZipFile) -> str:
    """Return which workbook a zip is, having believed nothing that unpacks to far more than it weighs."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise ImportProblem(f"里有 {len(entries)} 个部件，不像正常的工作簿，已拒绝：请重新导出。")
    for entry in entries:
        if entry.flag_bits & 1:
            raise ImportProblem(LOCKED)
        if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            ratio = entry.file_size // max(1, entry.compress_size)
            raise ImportProblem(f"像是压缩炸弹（{entry.filename} 解压后膨胀 {ratio} 倍），已拒绝：请重新导出。")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ImportProblem("解压后超过 1500 MB 的上限，已拒绝：请在原系统中按月份分批导出。")
    if sum(entry.compress_size for entry in entries) > os.path.getsize(str(archive.filename)):
        raise ImportProblem("的部件互相重叠，像是压缩炸弹，已拒绝：请重新导出。")
    names = archive.namelist()
    kind = next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    if kind is None:
        raise ImportProblem("是压缩包但不是 xlsx 工作簿：请用 Excel 或 WPS 打开后另存为 .xlsx，或先解压。")
    if kind == "ods" and "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as part:
            if b"encryption-data" in part.read(1_000_000):
                raise ImportProblem(LOCKED)
    return kind


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the sheets of an xlsx and the zip entries that hold them."""
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        check_part(archive, archive.getinfo(part), "", "xlsx")
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


def check_part(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, sheet: str, kind: str, strings: int | None = None
) -> None:
    """Unpack one part in pieces: its checksum must hold, it may declare no entities and no far cells.

    strings: of a sheet, how many texts the workbook has; a cell that names another one would be read as empty.
    """
    with archive.open(entry) as part:
        _check_text(part, sheet, kind, entry.filename, None if strings is None else _beyond(strings))


def strings_in(archive: zipfile.ZipFile) -> int:
    """How many texts the cells of an xlsx share."""
    count, rest = 0, b""
    for entry in archive.infolist():
        if entry.filename.lower() == STRINGS:
            with archive.open(entry) as part:
                while chunk := part.read(1 << 20):
                    text = rest + chunk
                    cut = max(text.rfind(b"<"), len(text) - 100)  # where a tag may go on in the next piece
                    count, rest = count + len(STRING.findall(text, 0, cut)), text[cut:]
                count += len(STRING.findall(rest))
            break
    return count


def _beyond(strings: int) -> re.Pattern[bytes]:
    """What a cell says that names none of so many texts: no number, or a whole number that is too large."""
    last = str(strings - 1)
    larger = [rf"{last[:place]}[{int(digit) + 1}-9]\d{{{len(last) - place - 1}}}" for place, digit in enumerate(last)
              if strings and digit != "9"]  # fmt: skip
    larger += [rf"[1-9]\d{{{len(last)},}}"] if strings else [r"\d+"]
    wrong = rf"0*(?:{'|'.join(larger)})|[^<\d\s][^<]*|\d+[^<\d\s][^<]*"
    return re.compile(rf"""\st=["']s["'][^>]*>\s*<(?:\w+:)?v>\s*({wrong})\s*<""".encode())


def _check_text(part: IO[bytes], sheet: str, kind: str, name: str, beyond: re.Pattern[bytes] | None) -> None:
    tail, start = b"", True
    while chunk := part.read(1 << 20):
        if start and re.search(rb"<!\s*(DOCTYPE|ENTITY)", chunk.replace(b"\0", b""), re.IGNORECASE):
            raise ImportProblem("含有外部实体声明（DTD），不是正常导出的工作簿，已拒绝：请重新导出。")
        if sheet and (found := FAR_XLSX.search(tail + chunk)):
            raise ImportProblem(FAR.format(sheet, found[1].decode()))
        if sheet and beyond and (found := beyond.search(tail + chunk)):
            text = tail + chunk
            cell = REFERENCE.search(text[text.rfind(b"<", 0, found.start()) : found.end()].decode("ascii", "replace"))
            where = f"单元格 {cell[1]} " if cell else "有一个单元格"
            number = shorten(found[1].decode("ascii", "replace"), 20)
            raise ImportProblem(
                f"的工作表“{sheet}”里{where}指向工作簿里没有的文字（第 {number} 条），读出来会是空的，已拒绝："
                "请用 Excel 或 WPS 打开核对后另存，或重新导出。"
            )
        if kind == "ods" and name == "content.xml":
            _check_repeats(tail + chunk)
        tail, start = chunk[-200:], False


def _check_repeats(text: bytes) -> None:
    """An OpenDocument table may say of a cell or row that it stands there a million times; only blank ones may."""
    for found in REPEATED.finditer(text):
        element = text[text.rfind(b"<", 0, found.start()) : text.find(b">", found.end()) + 1]
        if not element or element.startswith((b"<table:table-column", b"<table:covered")):
            continue
        following = text[found.end() : found.end() + 200]
        is_blank = element.endswith(b"/>") and b"office:value" not in element and b"office:string-value" not in element
        if element.startswith(b"<table:table-row"):
            inner = following[following.find(b">") + 1 :]
            is_blank = element.endswith(b"/>") or bool(
                re.match(rb"(<table:(covered-)?table-cell[^<>]*/>)+</table:table-row>", inner)
                and b"office:value" not in inner.split(b"</table:table-row>")[0]
            )
        if not is_blank and int(found[2]) > MOST_REPEATS[found[1]]:
            raise ImportProblem(
                f"里有一处内容写明重复 {int(found[2]):,} 次，不像正常的工作簿，已拒绝："
                "请删去表格以外的行列后另存再导入。"
            )

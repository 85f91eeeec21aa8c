# ruff: noqa: E501 (XML is kept whole)
"""Writes small files of the kinds that no library at hand writes: xlsb, ods, and the parts of a good xlsx."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[object]]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def ods(rows: Rows, sheet: str = "工单", row: str = "", cell: str = "", before: str = "") -> bytes:
    """An OpenDocument workbook; `row` and `cell` are further attributes, `before` stands before the document."""
    lines = "".join(
        f"<table:table-row {row}>" + "".join(_ods_cell(one, cell) for one in cells) + "</table:table-row>"
        for cells in rows
    )
    names = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    body = f'<table:table table:name="{sheet}">{lines}{blank}</table:table>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {names} office:version="1.2">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_cell(value: object, more: str) -> str:
    if isinstance(value, int | float):
        return f'<table:table-cell {more} office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    text = str(value)
    if len(text) == 19 and text[10] == "T":
        return f'<table:table-cell {more} office:value-type="date" office:date-value="{text}"><text:p>x</text:p></table:table-cell>'
    return f'<table:table-cell {more} office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def _record(kind: int, content: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(content)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return number + size + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(rows: Rows, sheet: str = "工单", first_row: int = 0) -> bytes:
    """A binary workbook of one sheet; numbers and inline texts."""
    cells = b""
    for number, values in enumerate(rows, first_row):
        cells += _record(0, struct.pack("<II", number, 0) + bytes(17))
        for place, value in enumerate(values):
            head = struct.pack("<II", place, 0)
            if isinstance(value, int | float):
                cells += _record(5, head + struct.pack("<d", value))
            else:
                cells += _record(6, head + _wide(str(value)))
    last = first_row + len(rows) - 1
    size = struct.pack("<IIII", first_row, last, 0, max((len(values) for values in rows), default=1) - 1)
    part = _record(129) + _record(148, size) + _record(145) + cells + _record(146) + _record(130)
    book = _record(131) + _record(143) + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(sheet))
    book += _record(144) + _record(132)
    relation = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relation,
            "xl/worksheets/sheet1.bin": part,
        }
    )

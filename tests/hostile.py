"""Some 800 hostile files, made anew from a seed: torn, flipped, swollen, disguised, or built to exhaust."""

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt

from tests import exports

HEAD = ["工单编号", "标题", "受理时间"]
ROWS = [[f"A{number}", "楼道灯不亮，请维修", f"2026-05-{number % 28 + 1:02d} 08:05:00"] for number in range(60)]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"


class Hostile(NamedTuple):
    """One file: its name, what makes its bytes, and what is wrong with it."""

    name: str
    content: Callable[[], bytes]
    what: str


def csv(rows: list[list[str]] = ROWS, sign: str = ",") -> bytes:
    return "".join(sign.join(row) + "\r\n" for row in [HEAD, *rows]).encode()


def xlsx() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in [HEAD, *ROWS]:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def xls() -> bytes:
    book, content = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
    sheet = book.add_sheet("工单")
    for number, row in enumerate([HEAD, *ROWS]):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    book.save(content)
    return content.getvalue()


def records() -> list[dict[str, str]]:
    return [dict(zip(HEAD, row, strict=True)) for row in ROWS]


def xml(inside: str = "", before: str = "") -> bytes:
    fields = "".join(
        "<request>" + "".join(f"<{name}>{value}</{name}>" for name, value in one.items()) + "</request>"
        for one in records()
    )
    return f'<?xml version="1.0" encoding="utf-8"?>{before}<requests>{inside}{fields}</requests>'.encode()


def parquet(table: pa.Table | None = None, **options: object) -> bytes:
    content = io.BytesIO()
    pq.write_table(table if table is not None else pa.Table.from_pylist(records()), content, **options)
    return content.getvalue()


def geojson() -> bytes:
    square = [[112.0, 37.0], [113.0, 37.0], [113.0, 38.0], [112.0, 38.0], [112.0, 37.0]]
    feature = {
        "type": "Feature",
        "properties": {"name": "甲"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature] * 20}, ensure_ascii=False).encode()


def good() -> dict[str, bytes]:
    """One good file of every kind."""
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in records())
    return {
        "csv": csv(),
        "tsv": csv(sign="\t").decode().encode("utf-16"),
        "xlsx": xlsx(),
        "xls": xls(),
        "xlsb": exports.xlsb([HEAD, *ROWS]),
        "ods": exports.ods([HEAD, *ROWS]),
        "json": json.dumps({"data": {"list": records()}}, ensure_ascii=False).encode(),
        "jsonl": lines.encode(),
        "xml": xml(),
        "parquet": parquet(),
        "geojson": geojson(),
    }


def files(seed: int = 1) -> Iterator[Hostile]:
    """All of them, in an order that does not change."""
    chance = random.Random(seed)
    originals = good()
    for kind, content in originals.items():
        yield from _damaged(kind, content, chance)
        for other, disguised in originals.items():
            if other != kind:
                yield Hostile(f"disguised-{other}.{kind}", partial(bytes, disguised), f"{other} named .{kind}")
    yield from _text_files()
    yield from _workbooks(originals["xlsx"])
    yield from _documents()
    yield from _parquets(originals["parquet"], chance)


def _damaged(kind: str, content: bytes, chance: random.Random) -> Iterator[Hostile]:
    def one(what: str, number: int, changed: bytes) -> Hostile:
        return Hostile(f"{what}-{number}.{kind}", lambda: changed, f"{kind} {what}")

    for number in range(14):
        yield one("truncated", number, content[: chance.randrange(len(content))])
    for number in range(18):
        flipped = bytearray(content)
        for _ in range(1 + number % 6):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        yield one("flipped", number, bytes(flipped))
    for number in range(6):
        start = chance.randrange(len(content))
        length = chance.randrange(1, 200)
        fill = (b"\0", b"\xff", b"<", b'"', b"[", b"\x80")[number] * length
        yield one("overwritten", number, content[:start] + fill + content[start + length :])
    for number in range(6):
        cut = sorted(chance.sample(range(len(content)), 3))
        pieces = [content[: cut[0]], content[cut[1] : cut[2]], content[cut[0] : cut[1]], content[cut[2] :]]
        yield one("shuffled", number, b"".join(pieces))
    for number in range(3):
        yield one("repeated", number, content * (2 + number))
    yield one("empty", 0, b"")
    yield one("blank", 0, b"\r\n \t" * 1000)
    yield one("noise", 0, chance.randbytes(5000))
    yield one("nul", 0, bytes(5000))


def _text_files() -> Iterator[Hostile]:
    def one(name: str, make: Callable[[], bytes], what: str) -> Hostile:
        return Hostile(f"{name}.csv", make, what)

    head = ",".join(HEAD) + "\n"
    yield one("columns", lambda: (",".join(["x"] * 1_000_000) + "\n").encode() * 2, "a million columns")
    yield one(
        "columns-named", lambda: (",".join(HEAD + ["x"] * 1_000_000) + "\n").encode() * 2, "a million more columns"
    )
    yield one("lines", lambda: head.encode() + b"x\n" * 10_000_000, "ten million short lines")
    yield one("blank-lines", lambda: head.encode() + b"\n" * 10_000_000, "ten million blank lines")
    yield one("returns", lambda: head.encode() + b"\r" * 5_000_000, "five million carriage returns")
    yield one("one-line", lambda: b"x" * 30_000_000, "one line of 30 MB")
    yield one("one-cell", lambda: head.encode() + b'A1,"' + b"x" * 5_000_000 + b'",2026-05-01\n', "a cell of 5 MB")
    yield one("open-quote", lambda: head.encode() + b'"' + b"A1,x,y\n" * 500_000, "a quote that never closes")
    yield one("quotes", lambda: head.encode() + b'"' * 999_999, "nothing but quotes")
    yield one("nuls", lambda: csv().replace(b"A1", b"A\x001"), "NUL in cells")
    yield one("twice", lambda: csv().replace(HEAD[1].encode(), HEAD[0].encode()), "a heading twice")
    yield one("no-heading", lambda: csv().split(b"\n", 1)[1], "no headings")
    yield one("sep", lambda: b"sep=\x00\r\n" + csv(), "an odd delimiter")
    yield one("formulas", lambda: csv([["=cmd|' /C calc'!A0", "+1", "@x"]]), "formulas")
    yield one("half-wide", lambda: csv().decode().encode("utf-16-le")[:-1], "half a character at the end")
    yield one("bom-only", lambda: b"\xef\xbb\xbf", "a mark and nothing else")
    yield one("surrogates", lambda: b"\xed\xa0\x80,x,y\n" * 100, "surrogates in UTF-8")
    yield one("latin", lambda: csv().replace(b"A1", b"\xff\xfe\x81"), "bytes of no encoding")
    yield one("control", lambda: bytes(range(32)) * 3000, "control characters")
    yield one("../../x".replace("/", "-"), lambda: csv(), "a name with dots")
    yield Hostile("login.csv", lambda: b"<!DOCTYPE html><html><body>login</body></html>", "a page for logging in")
    yield Hostile("picture.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture")
    yield Hostile("archive.csv", lambda: b"\x1f\x8b" + zlib.compress(csv()), "an archive")
    yield Hostile("book.pdf.csv", lambda: b"%PDF-1.7\n" + bytes(100), "a PDF")


def _sheet(cells: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>'.encode()


def _cell(place: str, text: str = "x") -> str:
    return f'<row><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def _workbooks(content: bytes) -> Iterator[Hostile]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def one(name: str, change: dict[str, bytes], what: str, kind: str = "xlsx") -> Hostile:
        return Hostile(f"{name}.{kind}", lambda: exports.zipped(parts | change), what)

    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    laughs = '<!DOCTYPE x [<!ENTITY a "' + "x" * 1000 + '"><!ENTITY b "' + "&a;" * 1000 + '">]>'
    for place in ("XFD1048576", "XFD1", "A1048576", "ZZZ1", "A99999999999", "A0", "1A", "", "a1", "AAAAAAAAAA1"):
        yield one(f"far-{place or 'none'}", {SHEET: _sheet(_cell("A1") + _cell(place))}, f"a cell at {place}")
    far_row = "".join(f'<row r="{number}"><c r="XFC{number}"><v>1</v></c></row>' for number in (1, 1_048_576))
    yield one("far-values", {SHEET: _sheet(far_row)}, "two numbers at the ends of the sheet")
    yield one("entities", {SHEET: _sheet(_cell("A1"), entity)}, "an external entity")
    yield one("laughs", {SHEET: _sheet(_cell("A1", "&b;"), laughs)}, "a billion laughs")
    yield one("laughs-book", {"xl/workbook.xml": laughs.encode() + parts["xl/workbook.xml"]}, "laughs in the workbook")
    yield one("bomb", {SHEET: _sheet(_cell("A1")) + b" " * 300_000_000}, "300 MB of blanks")
    yield one(
        "bomb-strings", {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>x</t></si>" * 9_000_000}, "shared strings swell"
    )
    yield one("deep", {SHEET: _sheet("<row>" * 300_000)}, "rows in rows")
    yield one("deep-book", {"xl/workbook.xml": b"<a>" * 300_000}, "a workbook of nested elements")
    yield one("long-cell", {SHEET: _sheet(_cell("A1", "x" * 3_000_000))}, "a cell of 3 MB")
    yield one(
        "attributes", {SHEET: _sheet("<row " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>")}, "attributes"
    )
    yield one("many", {f"xl/media/{number}.bin": b"x" for number in range(3000)}, "3000 parts")
    yield one("no-book", {"xl/workbook.xml": b"<broken"}, "no workbook")
    yield one("no-sheet", {SHEET: b""}, "an empty sheet part")
    yield one("other-sheet", {"xl/_rels/workbook.xml.rels": b"<Relationships/>"}, "a sheet that leads nowhere")
    yield one(
        "no-strings",
        {"xl/sharedStrings.xml": b"<sst/>", SHEET: _sheet('<row><c r="A1" t="s"><v>99</v></c></row>')},
        "a string that is not there",
    )
    yield one("odd-index", {SHEET: _sheet('<row><c r="A1" t="s"><v>-1</v></c></row>')}, "a string before the first")
    yield one(
        "huge-index", {SHEET: _sheet('<row><c r="A1" t="s"><v>99999999999999999999</v></c></row>')}, "a huge index"
    )
    yield one(
        "odd-number", {SHEET: _sheet('<row><c r="A1"><v>1e999</v></c><c r="B1"><v>NaN</v></c></row>')}, "odd numbers"
    )
    yield one("odd-date", {SHEET: _sheet('<row><c r="A1" t="d"><v>9999999-99-99</v></c></row>')}, "an odd date")
    yield one("odd-type", {SHEET: _sheet('<row><c r="A1" t="zz"><v>x</v></c></row>')}, "an odd type")
    yield one(
        "wide",
        {SHEET: "".join(('<?xml version="1.0" encoding="UTF-16"?>', _sheet("").decode()[21:])).encode("utf-16")},
        "a part in UTF-16",
    )
    yield one("up", {"../../evil.xml": b"<x/>"}, "a part above the workbook")
    yield one("itself", {"xl/embeddings/itself.xlsx": content}, "a workbook in itself")
    for kind in ("xls", "xlsb", "ods"):
        yield one("named", {}, f"xlsx named .{kind}", kind)
    yield Hostile("plain.xlsx", lambda: exports.zipped({"readme.txt": b"x"}), "another zip")
    yield Hostile(
        "locked.xlsx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "locked"
    )
    yield Hostile("nested.xlsx", lambda: _nested(content, 12), "zips in zips")
    yield Hostile("overlapping.xlsx", lambda: _overlapping(content), "parts that overlap")
    yield Hostile("flagged.xlsx", lambda: _flagged(content), "parts marked as locked")
    rows = [HEAD, *ROWS]
    for name, more in (
        ("rows", 'table:number-rows-repeated="1048576"'),
        ("rows-less", 'table:number-rows-repeated="90000"'),
    ):
        yield Hostile(f"repeated-{name}.ods", partial(exports.ods, rows, row=more), "rows repeated")
    for name, more in (("cells", "16384"), ("cells-less", "900"), ("cells-odd", "99999999999"), ("cells-minus", "-5")):
        repeated = f'table:number-columns-repeated="{more}"'
        yield Hostile(f"repeated-{name}.ods", partial(exports.ods, rows * 40, cell=repeated), "cells repeated")
    yield Hostile("entities.ods", lambda: exports.ods(rows, before=entity), "an external entity")
    yield Hostile("laughs.ods", lambda: exports.ods([["&b;"]], before=laughs), "a billion laughs")
    yield Hostile("far.xlsb", lambda: exports.xlsb(rows, first_row=1_048_000), "far rows")
    yield Hostile("farther.xlsb", lambda: exports.xlsb(rows, first_row=4_000_000_000), "rows beyond the sheet")
    yield Hostile("long.xlsb", lambda: exports.xlsb([["x" * 3_000_000]]), "a long cell")


def _nested(content: bytes, depth: int) -> bytes:
    for _ in range(depth):
        content = exports.zipped({"inner.zip": content})
    return content


def _overlapping(content: bytes) -> bytes:
    """Let every entry of the directory point at the largest part."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        largest = max(archive.infolist(), key=lambda entry: entry.compress_size)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 20 : place + 28] = struct.pack("<II", largest.compress_size, largest.file_size)
        changed[place + 42 : place + 46] = struct.pack("<I", largest.header_offset)
        place = changed.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def _flagged(content: bytes) -> bytes:
    changed = bytearray(content)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 8] |= 1
        place = changed.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def _documents() -> Iterator[Hostile]:
    laughs = '<!DOCTYPE x [<!ENTITY a "' + "x" * 1000 + '"><!ENTITY b "' + "&a;" * 100_000 + '">]>'
    some = json.dumps(records(), ensure_ascii=False)

    def js(name: str, make: Callable[[], bytes], what: str) -> Hostile:
        return Hostile(f"{name}.json", make, what)

    yield js("deep", lambda: b"[" * 1_000_000, "a million brackets")
    yield js("deep-closed", lambda: b"[" * 100_000 + b"]" * 100_000, "closed brackets")
    yield js("deep-objects", lambda: b'{"a":' * 900 + b"1" + b"}" * 900, "objects in objects")
    yield js("deep-more", lambda: b'{"a":' * 500_000, "more objects in objects")
    yield js("keys", lambda: json.dumps([{f"k{n}": n for n in range(1_000_000)}]).encode(), "a million fields")
    yield js(
        "keys-apart", lambda: json.dumps([{f"k{n}": n} for n in range(300_000)]).encode(), "other fields each time"
    )
    yield js("long", lambda: json.dumps([{HEAD[0]: "x" * 20_000_000}]).encode(), "a text of 20 MB")
    yield js("lists", lambda: b"[" + b"[]," * 3_000_000 + b"[]]", "three million empty lists")
    yield js("numbers", lambda: b"[" + b"1," * 10_000_000 + b"1]", "ten million numbers")
    yield js("nan", lambda: some.replace('"A1"', "NaN").encode(), "NaN")
    yield js("huge-number", lambda: some.replace('"A1"', "9" * 5000).encode(), "a number of 5000 digits")
    yield js("exponent", lambda: some.replace('"A1"', "1e9999").encode(), "an infinite number")
    yield js("surrogate", lambda: some.replace("A1", "\\ud800").encode(), "half a character")
    yield js("nul", lambda: some.replace("A1", "\\u0000").encode(), "NUL in a text")
    yield js("twice", lambda: (some + some).encode(), "two documents in one")
    yield js("comma", lambda: some.replace("}]", "},]").encode(), "a comma too many")
    yield js("word", lambda: b'"x"', "one word")
    yield js("nothing", lambda: b"null", "null")
    yield js("empty-list", lambda: b"[]", "an empty list")
    yield js("several", lambda: json.dumps({"a": records(), "b": records()}).encode(), "two lists")
    yield js("mixed", lambda: json.dumps([records()[0], 1, None, "x", [1], {}]).encode(), "values of all kinds")
    yield Hostile("long-line.jsonl", lambda: b'{"a":1}\n{"a":"' + b"x" * 25_000_000, "a line of 25 MB")
    yield Hostile("torn-line.jsonl", lambda: b'{"a":1}\n' * 1000 + b'{"a":', "a torn line")
    yield Hostile("deep.geojson", lambda: b'{"type":"FeatureCollection","features":' + b"[" * 500_000, "deep outlines")
    yield Hostile("laughs.xml", lambda: xml("&b;", laughs), "a billion laughs")
    yield Hostile(
        "outside.xml", lambda: xml("&e;", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "an entity"
    )
    yield Hostile("dtd.xml", lambda: xml("", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), "an outside DTD")
    yield Hostile("deep.xml", lambda: b"<a>" * 1_000_000, "a million elements in each other")
    yield Hostile("deep-closed.xml", lambda: b"<a>" * 5000 + b"</a>" * 5000, "5000 elements in each other")
    yield Hostile(
        "fields.xml",
        lambda: xml("<request>" + "".join(f"<f{n}/>" for n in range(300_000)) + "</request>"),
        "300,000 fields",
    )
    yield Hostile(
        "attributes.xml", lambda: xml("<request " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>"), "attributes"
    )
    yield Hostile("long.xml", lambda: xml("<request><a>" + "x" * 20_000_000 + "</a></request>"), "a text of 20 MB")
    yield Hostile("encoding.xml", lambda: xml().replace(b'"utf-8"', b'"klingon"'), "an unknown encoding")
    yield Hostile("rot13.xml", lambda: xml().replace(b'"utf-8"', b'"rot13"'), "a codec that is no encoding")
    yield Hostile("base64.xml", lambda: xml().replace(b'"utf-8"', b'"base64"'), "another codec that is no encoding")
    yield Hostile("page.xml", lambda: b"<!DOCTYPE html><html><body>login</body></html>", "a page")
    yield Hostile("text.xml", lambda: b"hello", "a text")


def _parquets(content: bytes, chance: random.Random) -> Iterator[Hostile]:
    def one(name: str, make: Callable[[], bytes], what: str) -> Hostile:
        return Hostile(f"{name}.parquet", make, what)

    size = struct.unpack("<I", content[-8:-4])[0]
    start = len(content) - 8 - size
    for number in range(30):
        footer = bytearray(content)
        for _ in range(1 + number % 4):
            footer[start + chance.randrange(size)] = chance.randrange(256)
        yield one(f"footer-{number}", partial(bytes, footer), "a footer overwritten")
    for number in range(30):
        pages = bytearray(content)
        for _ in range(1 + number % 4):
            pages[4 + chance.randrange(start - 4)] = chance.randrange(256)
        yield one(f"pages-{number}", partial(bytes, pages), "pages overwritten")
    for number, length in enumerate((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, size * 1000)):
        yield one(
            f"length-{number}",
            partial(bytes, content[:-8] + struct.pack("<I", min(length, 0xFFFFFFFF)) + b"PAR1"),
            "a length that lies",
        )
    yield one("ends", lambda: b"PAR1PAR1", "only marks")
    yield one("locked", lambda: b"PARE" + content[4:-4] + b"PARE", "locked")
    yield one("columns", lambda: parquet(pa.table({f"c{n}": [1] for n in range(25_000)})), "25,000 columns")
    yield one("nested", lambda: parquet(pa.table({one: [[1], [2]] for one in HEAD})), "lists in cells")
    yield one(
        "bomb",
        lambda: parquet(
            pa.table({one: ["x" * 1_000_000] * 600 for one in HEAD}), compression="zstd", use_dictionary=False
        ),
        "1.8 GB of x",
    )
    yield one(
        "rows", lambda: parquet(pa.table({one: pa.array(["x"] * 3_000_000) for one in HEAD})), "three million rows"
    )
    yield one("nulls", lambda: parquet(pa.table({one: pa.nulls(1000) for one in HEAD})), "nothing but null")
    yield one("binary", lambda: parquet(pa.table({one: [b"\xff\xfe"] for one in HEAD})), "bytes")
    yield one(
        "far-time",
        lambda: parquet(pa.table({one: pa.array([2**62], pa.timestamp("us")) for one in HEAD})),
        "a time beyond the calendar",
    )
    yield one(
        "nanoseconds",
        lambda: parquet(pa.table({one: pa.array([1], pa.timestamp("ns")) for one in HEAD})),
        "nanoseconds",
    )
    yield one(
        "zone",
        lambda: parquet(
            pa.table({one: pa.array([datetime(2026, 5, 1)], pa.timestamp("us", "Nowhere/Atall")) for one in HEAD})
        ),
        "an unknown zone",
    )
    yield one(
        "same", lambda: parquet(pa.Table.from_arrays([pa.array([1])] * 3, names=[HEAD[0]] * 3)), "one name three times"
    )
    yield one("no-columns", lambda: parquet(pa.table({})), "no columns")
    yield one("no-rows", lambda: parquet(pa.table({one: pa.array([], pa.string()) for one in HEAD})), "no rows")

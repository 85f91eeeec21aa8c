# ruff: noqa: E501 (a line for each kind)
"""A hundred and more further hostile files, each of a kind of its own: what exporters, disks and bad wills come to."""

import base64
import bz2
import gzip
import io
import json
import lzma
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, partial

import pyarrow as pa
import pyarrow.parquet as pq

from tests import exports
from tests.hostile import (
    HEAD,
    MAIN,
    ROWS,
    SHEET,
    Hostile,
    _cell,
    _sheet,
    csv,
    geojson,
    parquet,
    records,
    xls,
    xlsx,
    xml,
)

LINE = "A1,楼道灯不亮,2026-05-01 08:05:00\n"
TOP = (",".join(HEAD) + "\n").encode()
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
STRINGS = "xl/sharedStrings.xml"


def files() -> Iterator[Hostile]:
    """All of them, in an order that does not change."""
    for kind, made in (
        ("csv", {**_encodings(), **_disguises(), **_tables()}),
        ("xlsx", {**_zips(), **_sheets(), **_strings()}),
        ("xlsb", _xlsb()),
        ("xls", _xls()),
        ("ods", _ods()),
        ("parquet", {**_parquet_types(), **_parquet_pages()}),
        ("json", _json()),
        ("jsonl", _jsonl()),
        ("xml", _xml()),
        ("geojson", _geojson()),
    ):
        for name, make in made.items():
            yield Hostile(f"{name.replace(' ', '-')}.{kind}", make, name)


Made = dict[str, Callable[[], bytes]]


def _encodings() -> Made:
    text, japanese = csv().decode(), csv([["A1", "街灯が消えています", "2026-05-01"]] * 60).decode()
    return {
        "utf16 little without a mark": lambda: text.encode("utf-16-le"),
        "utf16 big without a mark": lambda: text.encode("utf-16-be"),
        "utf32 without a mark": lambda: text.encode("utf-32-le"),
        "utf32 with a mark": lambda: text.encode("utf-32"),
        "utf7": lambda: text.encode("utf-7"),
        "ebcdic": lambda: ",".join(["ID", "TITLE", "TIME"]).encode("cp037") + LINE.encode("cp037", "ignore") * 60,
        "shift jis": lambda: japanese.encode("shift_jis", "ignore"),
        "euc kr": lambda: text.encode("euc_kr", "ignore"),
        "iso 2022": lambda: japanese.encode("iso2022_jp", "ignore"),
        "hz": lambda: text.encode("hz", "ignore"),
        "overlong": lambda: text.encode().replace(b"A1,", b"\xc1\x81\xc0\xb1,"),
        "cesu": lambda: text.encode().replace(b"A1,", b"\xed\xa0\xbd\xed\xb8\x80,"),
        "marks in the middle": lambda: text.encode().replace(b"\r\n", b"\r\n\xef\xbb\xbf"),
        "two marks": lambda: b"\xef\xbb\xbf" * 2 + text.encode(),
        "half gb half utf8": lambda: text.encode() + text.encode("gb18030"),
        "one bad byte at the end": lambda: text.encode() * 2000 + b"\xff",
        "odd number of wide bytes": lambda: text.encode("utf-16") + b"\x41",
    }


def _disguises() -> Made:
    plain = csv()
    return {
        "gz": lambda: gzip.compress(plain, mtime=0),
        "bz2": lambda: bz2.compress(plain),
        "xz": lambda: lzma.compress(plain),
        "zstd": lambda: b"\x28\xb5\x2f\xfd" + bytes(200),
        "sqlite": lambda: b"SQLite format 3\0" + bytes(4000),
        "program": lambda: b"\x7fELF\x02\x01\x01" + random.Random(1).randbytes(4000),
        "letter": lambda: rb"{\rtf1\ansi\deff0 {\fonttbl{\f0 SimSun;}} " + b"x" * 2000 + b"}",
        "mail": lambda: b"From: a@example.cn\nSubject: x\n\n" + base64.encodebytes(plain),
        "base64": lambda: base64.b64encode(plain),
        "dump": lambda: ("INSERT INTO cases VALUES ('A1','x','0000-00-00 00:00:00');\n" * 500).encode(),
        "json as csv": lambda: json.dumps(records()).encode(),
        "yaml": lambda: "".join(f"- 工单编号: {row[0]}\n  标题: {row[1]}\n" for row in ROWS).encode(),
        "dbase": lambda: b"\x03\x7e\x05\x01" + struct.pack("<IHH", 60, 129, 60) + bytes(4000),
        "tar": lambda: b"export.csv".ljust(257, b"\0") + b"ustar\x0000" + bytes(248) + plain.ljust(4096, b"\0"),
    }


def _tables() -> Made:
    return {
        "row of a million columns": lambda: TOP + b"A1," + b"," * 1_000_000 + b"\n" + LINE.encode() * 50,
        "quote open for 500 MB": lambda: TOP + b'A1,"' + LINE.encode() * 12_000_000,
        "quote in every row": lambda: TOP + 'A1,"楼道" 灯,2026-05-01\n'.encode() * 100_000,
        "lone quotes": lambda: TOP + b'"\n' * 1_000_001,
        "line ends of all kinds": lambda: b"".join(
            row.encode() + end
            for row, end in zip([",".join(HEAD), *[LINE.strip()] * 59], [b"\r", b"\n", b"\r\n"] * 20, strict=True)
        ),
        "unicode line ends": lambda: TOP + LINE.replace("\n", "\u2028").encode() * 500,
        "old control line ends": lambda: TOP + LINE.replace("\n", "\x1e").encode() * 500,
        "nul between characters": lambda: TOP + b"\0".join(LINE.encode()[i : i + 1] for i in range(len(LINE))) * 50,
        "nul in the headings": lambda: TOP.replace(b",", b"\0,") + LINE.encode() * 5,
        "end of file in the middle": lambda: csv() + b"\x1a" + random.Random(2).randbytes(3000),
        "no dates at all": lambda: TOP + b"A1,x,0000-00-00 00:00:00\n" * 500,
        "dates of no calendar": lambda: TOP + b"A1,x,2026-02-30\nA2,x,99999-01-01\nA3,x,-0001-01-01\nA4,x,1e9\n",
        "a cell at the limit": lambda: TOP + b"A1," + b"x" * 1_000_000 + b",2026-05-01\n",
        "a cell over the limit": lambda: TOP + b"A1," + b"x" * 1_000_001 + b",2026-05-01\n",
        "a heading of a megabyte": lambda: b"x" * 990_000 + b"," + TOP + LINE.encode() * 3,
        "headings again and again": lambda: (TOP + LINE.encode() * 3) * 2000,
        "invisible headings": lambda: "\u202e工单编号\u200b,标题\u2060,受理时间\n".encode() + LINE.encode() * 5,
        "each row of another width": lambda: TOP + b"".join(b"x," * (n % 700) + b"\n" for n in range(3000)),
        "blanks for 60 MB": lambda: TOP + b" " * 60_000_000 + b"\n",
        "sep of a quote": lambda: b'sep="\n' + csv(),
        "sep of two": lambda: b"sep=,;\n" + csv(),
        "tabs alone": lambda: b"\t" * 3_000_000,
    }


@cache
def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _book(**change: bytes | str) -> bytes:
    """A good workbook with some parts changed: SHEET and STRINGS by those names, others by their path."""
    named = {"sheet": SHEET, "strings": STRINGS, "styles": "xl/styles.xml", "book": "xl/workbook.xml"}
    return exports.zipped(_parts() | {named.get(name, name): part for name, part in change.items()})


def _zipped(parts: dict[str, bytes], how: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", how) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _patched(content: bytes, at: int, number: int) -> bytes:
    """Lie in the directory of a zip: the number at that offset of every entry."""
    changed, place = bytearray(content), content.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + at : place + at + 4] = struct.pack("<I", number)
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def _zips() -> Made:
    return {
        "swells many times": lambda: _book(
            **{"xl/media/a.bin": b"".join(b"%x" % n + b" " * 400 for n in range(200_000))}
        ),
        "swells as a sheet": lambda: _book(sheet=_sheet("".join(f"<!--{n:x}-->" + " " * 700 for n in range(300_000)))),
        "many parts that swell": lambda: _book(**{f"xl/media/{n}.bin": bytes(900_000) for n in range(1900)}),
        "bzip2 inside": lambda: _zipped(_parts(), zipfile.ZIP_BZIP2),
        "lzma inside": lambda: _zipped(_parts(), zipfile.ZIP_LZMA),
        "zip in the media": lambda: _book(**{"xl/media/a.zip": _book(**{"b.zip": _book(**{"c.zip": xlsx()})})}),
        "xlsx in a zip": lambda: exports.zipped({"export.xlsx": xlsx()}),
        "sizes that lie small": lambda: _patched(_book(sheet=_sheet(_cell("A1") * 90_000)), 24, 10),
        "sizes that lie large": lambda: _patched(xlsx(), 24, 0xFFFFFFFE),
        "places that lie": lambda: _patched(xlsx(), 42, 0xFFFFFF),
        "unknown method": lambda: xlsx().replace(
            b"PK\x01\x02\x14\x03\x14\0\0\0\x08\0", b"PK\x01\x02\x14\x03\x14\0\0\0\x63\0"
        ),
        "a long way in": lambda: b"MZ" + bytes(70_000) + xlsx(),
        "no directory": lambda: xlsx()[: xlsx().find(b"PK\x01\x02")],
        "directory alone": lambda: xlsx()[xlsx().find(b"PK\x01\x02") :],
        "a comment of 64 kB": lambda: xlsx()[:-2] + struct.pack("<H", 65_535) + b"PK\x05\x06" * 16_383 + b"abc",
    }


def _sheets() -> Made:
    def rels(target: str) -> bytes:
        return _book(
            **{"xl/_rels/workbook.xml.rels": _parts()["xl/_rels/workbook.xml.rels"].replace(
                b"/xl/worksheets/sheet1.xml", target.encode())}
        )  # fmt: skip

    good = _parts()[SHEET].decode()
    row = "".join(
        f'<c r="{place}1" t="inlineStr"><is><t>{name}</t></is></c>' for place, name in zip("ABC", HEAD, strict=True)
    )
    head = f"<row>{row}</row>"
    wide = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(20_000))
    book = _parts()["xl/workbook.xml"].decode()
    start = book.find("<sheets")
    end = book.find("</sheets>") + len("</sheets>")
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

    def sheets(inner: str) -> bytes:
        return _book(book=f"{book[:start]}<sheets {relations}>{inner}</sheets>{book[end:]}")

    return {
        "sheet outside": lambda: rels("../../../../etc/passwd"),
        "sheet on a server": lambda: rels("http://127.0.0.1:9/sheet1.xml"),
        "sheet that is the workbook": lambda: rels("/xl/workbook.xml"),
        "dimension that lies": lambda: _book(sheet=good.replace('<dimension ref="', '<dimension ref="A1:XFD1048576" x="')),
        "row far beyond": lambda: _book(sheet=_sheet(head + '<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>')),
        "rows in no order": lambda: _book(sheet=_sheet("".join(_cell(f"A{n}") for n in range(60, 0, -1)))),
        "one cell a thousand times": lambda: _book(sheet=_sheet(head + _cell("A2") * 1000)),
        "a million merged cells": lambda: _book(
            sheet=good.replace("</sheetData>", "</sheetData><mergeCells>" + '<mergeCell ref="A1:XFD9"/>' * 300_000 + "</mergeCells>")
        ),
        "cells without places": lambda: _book(sheet=_sheet(f"{head}<row>{'<c><v>1</v></c>' * 200_000}</row>")),
        "twenty thousand sheets": lambda: sheets(wide),
        "sheets of one name": lambda: sheets('<sheet name="S" sheetId="1" r:id="rId1"/>' * 2),
        "a sheet with a name of a megabyte": lambda: sheets(f'<sheet name="{"x" * 1_000_000}" sheetId="1" r:id="rId1"/>'),
        "no sheets": lambda: sheets(""),
        "a doctype behind a long comment": lambda: _book(
            sheet=f'<?xml version="1.0"?><!--{"x" * 1_100_000}-->{ENTITY}'.encode() + _sheet(_cell("A1", "&e;"))[21:]
        ),
        "a doctype in utf16": lambda: _book(
            sheet=('<?xml version="1.0" encoding="UTF-16"?>' + ENTITY + _sheet(_cell("A1", "&e;")).decode()[21:]).encode("utf-16")
        ),
        "characters that are none": lambda: _book(sheet=_sheet(head + _cell("A2", "&#0;&#xD800;&#x110000;"))),
        "a comment of 50 MB": lambda: _book(sheet=_sheet("<!--" + "x y" * 600_000 + "-->")),
        "chinese under a wrong name": lambda: _book(sheet=_sheet(_cell("A1", "工单编号")).decode().encode("gb18030")),
        "dates beyond all": lambda: _book(
            sheet=_sheet(head + "".join(f'<row><c r="C{n}" s="1"><v>{v}</v></c></row>' for n, v in
                         enumerate(("1e300", "-1e300", "-1", "2958466", "0.9999999999", "60", "1e-300"), 2)))
        ),
        "errors in cells": lambda: _book(sheet=_sheet(head + '<row><c r="A2" t="e"><v>#REF!</v></c><c r="C2"><f>NOW()</f></c></row>')),
    }  # fmt: skip


def _strings() -> Made:
    def cells(index: str) -> str:
        head = "".join(f'<c r="{place}1" t="s"><v>{n}</v></c>' for n, place in enumerate("ABC"))
        return f'<row r="1">{head}</row><row r="2"><c r="A2" t="s"><v>{index}</v></c></row>'

    def shared(*texts: str, more: str = "", before: str = "") -> str:
        inner = "".join(f"<si><t>{one}</t></si>" for one in (*HEAD, *texts))
        return f'<?xml version="1.0"?>{before}<sst {MAIN} {more}>{inner}</sst>'

    return {
        **{
            f"string number {index or 'none'}": partial(_book, sheet=_sheet(cells(index)), strings=shared("x"))
            for index in ("4", "4294967295", "4294967296", "-1", "1.5", "", "x")
        },
        "strings counted wrong": lambda: _book(
            sheet=_sheet(cells("3")), strings=shared("x", more='count="4294967295" uniqueCount="4294967295"')
        ),
        "strings with an entity": lambda: _book(sheet=_sheet(cells("3")), strings=shared("&e;", before=ENTITY)),
        "styles with an entity": lambda: _book(styles=ENTITY.encode() + _parts()["xl/styles.xml"]),
        "a string of many runs": lambda: _book(
            sheet=_sheet(cells("3")), strings=shared("x</t></si><si>" + "<r><t>x</t></r>" * 200_000 + "</si><si><t>")
        ),
        "styles without end": lambda: _book(
            styles=f"<styleSheet {MAIN}><cellXfs>" + '<xf numFmtId="14"/>' * 1_000_000 + "</cellXfs></styleSheet>"
        ),
    }


def _xlsb() -> Made:
    with zipfile.ZipFile(io.BytesIO(exports.xlsb([HEAD, *ROWS]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet, book = "xl/worksheets/sheet1.bin", "xl/workbook.bin"

    def made(part: str, content: bytes) -> bytes:
        return exports.zipped(parts | {part: content})

    text = parts[sheet].find(struct.pack("<I", 4) + HEAD[0].encode("utf-16-le"))
    return {
        "a sheet of noise": lambda: made(sheet, random.Random(4).randbytes(20_000)),
        "a workbook of noise": lambda: made(book, random.Random(5).randbytes(2_000)),
        "records without end": lambda: made(sheet, parts[sheet] + b"\x06\xff\xff\xff\x7f"),
        "lengths that never end": lambda: made(sheet, b"\xff" * 20_000),
        "a text of four billion": lambda: made(sheet, parts[sheet][:text] + b"\xff" * 4 + parts[sheet][text + 4 :]),
        "a thousand million rows": lambda: made(sheet, parts[sheet].replace(b"\0\0\0\0\x3c\0\0\0", b"\0\0\0\0\xff\xff\xff\x7f")),
        "an empty sheet": lambda: made(sheet, b""),
    }  # fmt: skip


def _xls() -> Made:
    good = xls()

    def at(place: int, content: bytes) -> bytes:
        return good[:place] + content + good[place + len(content) :]

    return {
        "sectors in a circle": lambda: at(512, struct.pack("<I", 0) * 128),
        "sectors of two gigabytes": lambda: at(30, struct.pack("<H", 31)),
        "a directory nowhere": lambda: at(48, struct.pack("<I", 0x7FFFFFF0)),
        "many tables of sectors": lambda: at(44, struct.pack("<I", 0x7FFFFFFF)),
        "a book without a stream": lambda: good.replace("Workbook".encode("utf-16-le"), "Worcbook".encode("utf-16-le")),
        "ole and nothing": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    }


def _ods() -> Made:
    rows = [HEAD, *ROWS]

    def repeated(number: int, what: str = "columns") -> bytes:
        return exports.ods(rows, cell=f'table:number-{what}-repeated="{number}"')

    deep = "<text:span>" * 50_000 + "x" + "</text:span>" * 50_000
    return {
        "two to the 31 columns": lambda: repeated(2**31),
        "two to the 63 columns": lambda: repeated(2**63),
        "two to the 31 rows": lambda: exports.ods(rows, row=f'table:number-rows-repeated="{2**31}"'),
        "columns many times over": lambda: exports.ods([[*HEAD, *["x"] * 300]] * 60, cell='table:number-columns-repeated="999"'),
        "spanned without end": lambda: exports.ods(rows, cell=f'table:number-columns-spanned="{2**31}"'),
        "spans in spans": lambda: _deep_ods(deep),
    }  # fmt: skip


def _deep_ods(deep: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(exports.ods([HEAD, ["DEEP", "x", "x"]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return exports.zipped(parts | {"content.xml": parts["content.xml"].replace(b"DEEP", deep.encode())})


def _columns(third: pa.Array, first: pa.Array | None = None) -> pa.Table:
    """Cases of which one or two columns hold what no export should."""
    count = len(third)
    numbers = pa.array([f"A{n}" for n in range(count)])
    return pa.table({HEAD[0]: first or numbers, HEAD[1]: pa.array(["x"] * count), HEAD[2]: third})


def _parquet_types() -> Made:
    day = datetime(2026, 5, 1, tzinfo=UTC)
    ends = [-(2**63), 2**63 - 1, 0, None]
    return {
        name: partial(lambda make: parquet(make()), make)
        for name, make in {
            "decimals of 38 digits": lambda: _columns(
                pa.array([Decimal("9" * 38), Decimal("-" + "9" * 38), None], pa.decimal128(38, 0))
            ),
            "decimals of 38 places": lambda: _columns(pa.array([Decimal("0." + "9" * 38)], pa.decimal128(38, 38))),
            "decimals of 76 digits": lambda: _columns(pa.array([Decimal("9" * 76)], pa.decimal256(76, 0))),
            "nanoseconds at both ends": lambda: _columns(pa.array(ends, pa.timestamp("ns"))),
            "microseconds at both ends": lambda: _columns(pa.array(ends, pa.timestamp("us"))),
            "seconds at both ends": lambda: _columns(pa.array([-(2**40), 2**40], pa.timestamp("s"))),
            "days at both ends": lambda: _columns(pa.array([-(2**31), 2**31 - 1], pa.date32())),
            "milliseconds of days": lambda: _columns(pa.array([-(86_400_000 * 10**9), 86_400_000 * 10**9], pa.date64())),
            "times of day": lambda: _columns(pa.array([0, 86_399_999_999], pa.time64("us"))),
            "lengths of time": lambda: _columns(pa.array([timedelta(days=1)], pa.duration("us"))),
            "odd floats": lambda: _columns(pa.array([float("nan"), float("inf"), -0.0, 1e308, 5e-324])),
            "half floats": lambda: _columns(pa.array([1.5, float("inf")], pa.float32()).cast(pa.float16())),
            "far zones": lambda: _columns(pa.array([day], pa.timestamp("us", "+14:00"))),
            "bytes of one length": lambda: _columns(pa.array([b"\xff" * 16], pa.binary(16))),
            "texts with NUL": lambda: _columns(pa.array(["2026-05-01\0"]), pa.array(["A\0"])),
            "words by number": lambda: _columns(pa.array(["2026-05-01", None] * 5).dictionary_encode()),
            "maps": lambda: _columns(pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))),
            "tables in cells": lambda: _columns(pa.array([{"a": {"b": [1]}}])),
            "large unsigned": lambda: _columns(pa.array([2**64 - 1], pa.uint64())),
            "yes and no": lambda: _columns(pa.array([True, None])),
            "headings of odd signs": lambda: pa.table({f"{one}\0\n": ["x"] for one in HEAD}),
            "a heading of ten megabytes": lambda: pa.table({**{one: ["x"] for one in HEAD}, "x" * 10_000_000: ["x"]}),
        }.items()
    }  # fmt: skip


def _parquet_pages() -> Made:
    good = parquet(compression="none")
    size = struct.unpack("<I", good[-8:-4])[0]
    start = len(good) - 8 - size
    many = pa.table({one: [f"{one}{n}" for n in range(20_000)] for one in HEAD})

    def rows(sign: bytes) -> bytes:
        """Say another number of rows, wherever the footer says sixty (twice sixty, as it is written)."""
        return good[:start] + good[start : start + size].replace(b"\x78", sign) + good[-8:]

    def written(table: pa.Table, **options: object) -> bytes:
        return parquet(table, **options)

    def words() -> list[str]:
        return ["".join(random.Random(n).choices("abcdefgh", k=2000)) for n in range(2000)] * 60

    return {
        "more rows than there are": lambda: rows(b"\x7a"),
        "fewer rows than there are": lambda: rows(b"\x02"),
        "less than no rows": lambda: rows(b"\x77"),
        "a huge dictionary": lambda: written(
            pa.table(dict.fromkeys(HEAD, words())), dictionary_pagesize_limit=1 << 30, compression="none"
        ),
        "a dictionary that swells": lambda: written(
            pa.table({one: [f"{n}" + "x" * 60_000 for n in range(3000)] for one in HEAD}),
            dictionary_pagesize_limit=1 << 30, compression="zstd",
        ),
        "a row group for each row": lambda: written(many, row_group_size=1),
        "newer pages": lambda: written(many, data_page_version="2.0", use_dictionary=False, column_encoding="DELTA_BYTE_ARRAY"),
        "brotli": lambda: written(many, compression="brotli"),
        "lz4": lambda: written(many, compression="lz4"),
        "a page for each value": lambda: written(many, data_page_size=1, write_batch_size=1),
        "statistics that lie": lambda: good.replace(b"A59", b"A00"),
        "two files in one": lambda: good + good[4:],
        "arrow instead": lambda: b"ARROW1\0\0" + good[8:],
        "metadata of a hundred megabytes": lambda: _with_metadata(many),
    }  # fmt: skip


def _with_metadata(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"x": "y" * 100_000_000}), content)
    return content.getvalue()


def _json() -> Made:
    some = json.dumps(records(), ensure_ascii=False)
    one = some[1 : some.find("}") + 1]
    return {
        "a hundred thousand deep": lambda: b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        "a thousand deep in a field": lambda: some.replace('"A1"', "[" * 1000 + "]" * 1000).encode(),
        "keys twice": lambda: some.replace('"标题"', '"工单编号"').encode(),
        "lone surrogates as bytes": lambda: some.encode().replace(b"A1", b"\xed\xa0\x80"),
        "surrogates in the wrong order": lambda: some.replace("A1", "\\udc00\\ud800").encode(),
        "names without end": lambda: json.dumps([{"x" * 5_000_000: 1, **records()[0]}]).encode(),
        "names with dots": lambda: json.dumps([{".".join("x" * 1000): 1, "..": 2, "": 3}]).encode(),
        "remarks": lambda: b"// export\n" + some.encode(),
        "words for numbers": lambda: some.replace('"A1"', "-Infinity").encode(),
        "an integer of a million digits": lambda: some.replace('"A1"', "9" * 1_000_000).encode(),
        "something after it": lambda: some.encode() + b"\0\0\0garbage",
        "wide": lambda: some.encode("utf-16-be"),
        "wide with a mark": lambda: some.encode("utf-32"),
        "twenty million objects": lambda: b"[" + b"{}," * 19_000_000 + b"{}]",
        "sixty megabytes of one": lambda: (f"[{one}" + f",{one}" * (58_000_000 // (len(one.encode()) + 1)) + "]").encode(),
        "a list in the list": lambda: f"[{some}]".encode(),
        "bson": lambda: struct.pack("<I", 5000) + b"\x02id\0" + bytes(4993),
        "names of methods": lambda: json.dumps([{"__proto__": {"x": 1}, "__class__": 1, **records()[0]}]).encode(),
    }  # fmt: skip


def _jsonl() -> Made:
    line = json.dumps(records()[0], ensure_ascii=False)
    return {
        "no line ends between": lambda: (line * 500).encode(),
        "lists for objects": lambda: (line + "\n[1]\n" + line + "\n").encode(),
        "other encodings by line": lambda: line.encode() + b"\n" + line.encode("gb18030") + b"\n",
        "a nul for a line end": lambda: (line + "\0").encode() * 50,
        "half a million fields in turn": lambda: b"".join(b'{"f%d":1}\n' % n for n in range(500_000)),
    }


def _xml() -> Made:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return {
        "laughs in ten steps": lambda: xml("&l11;", f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'),
        "a parameter entity": lambda: xml("", '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>'),
        "a doctype after a comment": lambda: xml("&e;", f"<!--{'x' * 2_000_000}-->{ENTITY}"),
        "an entity in an attribute": lambda: xml('<request a="&e;"/>', ENTITY),
        "an entity nobody made": lambda: xml("<request>&nobody;</request>"),
        "included from elsewhere": lambda: xml('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
        "namespaces without end": lambda: xml("<request " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(30_000)) + "/>"),
        "an attribute of 20 MB": lambda: xml(f'<request a="{"x" * 20_000_000}"/>'),
        "cdata of 30 MB": lambda: xml(f"<request><a><![CDATA[{'x' * 30_000_000}]]></a></request>"),
        "instructions without end": lambda: xml("<?x y?>" * 1_000_000),
        "said wide but is not": lambda: xml().replace(b"utf-8", b"utf-16"),
        "ebcdic xml": lambda: xml().decode().replace("utf-8", "cp037").encode("cp037", "replace"),
        "version of tomorrow": lambda: xml().replace(b'"1.0"', b'"9.9"'),
        "two tops": lambda: xml() + xml()[38:],
    }  # fmt: skip


def _geojson() -> Made:
    good = geojson().decode()
    ring = good[good.find("[[[") : good.find("]]]") + 3]

    def rings(coordinates: str, kind: str = "Polygon") -> bytes:
        return good.replace(ring, coordinates, 1).replace('"Polygon"', f'"{kind}"').encode()

    zigzag = ",".join(f"[{112 + n % 2 / 10},{37 + n / 1e6}]" for n in range(50_000))
    return {
        "a ring of zigzags": lambda: rings(f"[[{zigzag},[112,37]]]"),
        "places beyond the earth": lambda: rings("[[[1e308,1e308],[-1e308,0],[0,-1e308],[1e308,1e308]]]"),
        "places too large to write": lambda: rings("[[[1e999,0],[0,1e999],[1,1],[1e999,0]]]"),
        "words for places": lambda: rings('[[["112","37"],["113","37"],["113","38"],["112","37"]]]'),
        "a ring of one": lambda: rings("[[[112,37]]]"),
        "no rings": lambda: rings("[]"),
        "holes without end": lambda: rings("[" + ",".join([ring[1:-1]] * 4_000) + "]"),
        "collections in collections": lambda: (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},"geometry":'
            + '{"type":"GeometryCollection","geometries":[' * 5_000 + "]}" * 5_000 + "}]}"
        ).encode(),
        "arcs that are not there": lambda: b'{"type":"Topology","objects":{"a":{"type":"GeometryCollection","geometries":'
        b'[{"type":"Polygon","arcs":[[99]],"properties":{"name":"x"}}]}},"arcs":[]}',
        "no geometry": lambda: rings("null"),
    }  # fmt: skip

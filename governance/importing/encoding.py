"""Which encoding a text file is in: decided strictly over the whole file, never by replacing characters."""

from __future__ import annotations

import codecs
import re

from governance.importing.problems import ImportProblem
from governance.importing.rows import heading

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NO_TEXT = (
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x7fELF", b"{\\rtf", b"SQLite format 3\0"),
    *(b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"),
)
BIG5 = ("big5", "big5hkscs", "cp950")  # the plain one, with the characters of Hong Kong, and as Windows has it
NEIGHBOURS = ("cp949", "cp932")  # Korean and Japanese, as Windows has them
CANDIDATES = ("utf-8", "gb18030", *BIG5, "utf-16-le", "utf-16-be", "cp1252", *NEIGHBOURS)
FOREIGN = re.compile(r"[^\x00-\x7f]+")
ACCENTED = re.compile(  # letters with an accent inside a word; one alone may begin or end it
    r"(?<=[A-Za-z])[À-ÖØ-öø-ÿ]{1,2}(?=[A-Za-z])|(?<![^\x00-\x7f])[À-ÖØ-öø-ÿ](?=[A-Za-z])|(?<=[A-Za-z])[À-ÖØ-öø-ÿ](?![^\x00-\x7f])"
)
SAMPLE = 65_536
ENOUGH = 1_000  # bytes beyond ASCII that tell an encoding
CHUNK = 4_000_000
LEAST = 20  # letters before a foreign script is told from Chinese


def choose(path: str, declared: str, wanted: list[str]) -> str:
    """Return the codec to read the file with, or refuse in one sentence."""
    sample = evidence(path)
    _refuse_other_kinds(sample)
    marked = next((codec for mark, codec in BOMS if sample.startswith(mark)), None)
    if declared != "auto":
        codec = marked if marked and declared in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", marked) else declared
        line = undecodable(path, codec)
        if line:
            other = _guess(path, sample, marked, wanted)
            hint = f"（看起来是 {shown(other)}）" if other else ""
            raise ImportProblem(
                f"第 {line} 行不能按 {declared} 解码{hint}：请在映射文件 [file] 写 encoding = "
                f'"{shown(other) if other else "auto"}"，或另存为 UTF-8 再导入。'
            )
        if codec in ("gb18030", *BIG5) and undecodable(path, "ascii") and not undecodable(path, "utf-8"):
            # Chinese text in UTF-8 is nearly always decodable as GB18030 too: as other, rare characters.
            raise ImportProblem(
                f"是 UTF-8 编码，不是 {declared}，照 {declared} 读会成乱码："
                '请在映射文件 [file] 写 encoding = "utf-8" 或 "auto"。'
            )
        return codec
    found = _guess(path, sample, marked, wanted)
    if found is None:
        line = undecodable(path, marked or max(CANDIDATES, key=lambda codec: _shown_by(sample, codec, wanted)))
        raise ImportProblem(
            f"第 {line} 行有无法解码的字节，UTF-8、GB18030、Big5、UTF-16 等都读不通：请另存为 UTF-8，或重新导出。"
        )
    return found


def evidence(path: str) -> bytes:
    """The beginning of a file and, where that is plain ASCII or nearly so, the first lines beyond it that are not."""
    with open(path, "rb") as file:
        head = file.read(SAMPLE)
        end = head.rfind(b"\n") + 1
        if len(head) < SAMPLE or not end or b"\0" in head or sum(byte > 127 for byte in head) >= ENOUGH:
            return head
        file.seek(end)
        found, size = [head[:end]], 0
        while size < SAMPLE and (chunk := file.read(CHUNK)):
            if chunk.isascii():
                continue
            for line in (chunk + file.readline(SAMPLE)).split(b"\n"):
                if size < SAMPLE and not line.isascii():
                    found.append(line[:SAMPLE] + b"\n")
                    size += len(line)
    return b"".join(found)


def shown(codec: str) -> str:
    """Name a codec the way a mapping writes it."""
    return {"utf-8-sig": "utf-8"}.get(codec, codec)


def label(codec: str) -> str:
    """Name a codec for the report."""
    return {"utf-8-sig": "utf-8（带 BOM）"}.get(codec, codec)


def undecodable(path: str, codec: str) -> int:
    """Return the line of the first byte that cannot be decoded, 0 when there is none."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    line, last = 1, b""
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            last = chunk
            try:
                decoder.decode(chunk)
            except UnicodeError as error:
                start = error.start if isinstance(error, UnicodeDecodeError) else 0
                return line + chunk.count(b"\n", 0, start)
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return max(1, line - last.endswith(b"\n"))
    return 0


def decodes(data: bytes, codec: str) -> bool:
    """Say whether all of some bytes can be decoded."""
    try:
        data.decode(codec)
    except UnicodeError:
        return False
    return True


def _guess(path: str, sample: bytes, marked: str | None, wanted: list[str]) -> str | None:
    if marked:
        return None if undecodable(path, marked) else marked
    scores = {codec: _score(sample, codec, wanted) for codec in CANDIDATES}
    most = max(_shown_by(sample, codec, wanted) for codec in CANDIDATES)
    wide = b"\0" in sample
    order = sorted(CANDIDATES, key=lambda codec: (-scores[codec], CANDIDATES.index(codec)))
    for codec in order:
        if codec.startswith("utf-16") and not (wide and scores[codec] > 0):
            continue
        if codec in ("cp1252", *NEIGHBOURS) and scores[codec] < 0:  # they decode nearly anything
            continue
        # Where another showed more headings the file is in that one, up to a line that is in none or in this.
        if scores[codec] >= most and not undecodable(path, codec):
            return codec
    return None


def _score(sample: bytes, codec: str, wanted: list[str]) -> float:
    """Count the expected headings that the first lines show in this encoding; common characters break ties."""
    try:
        text = codecs.getincrementaldecoder(codec)("strict").decode(sample)
    except UnicodeError:
        return -1
    found = _headings(text, wanted)
    if codec == "cp1252":
        is_chinese = _common(sample.decode("gb18030", "ignore"), "gb18030") >= 0.5
        return found + 0.6 if _is_latin(text) and not is_chinese else -1
    if codec in ("gb18030", *BIG5):
        return found + 0.5 * _common(text, codec)
    if codec in NEIGHBOURS:
        return found + 0.6 if _is_of_neighbours(text, codec) else -1
    if codec == "utf-8":
        return found + (0.9 if text.count("\0") * 50 < len(text) else 0)
    return found + (0.5 if _is_plausible(text) else 0)


def _headings(text: str, wanted: list[str]) -> int:
    """Count the expected headings among the cells of the first lines."""
    head = {heading(cell).strip('"') for line in text.splitlines()[:30] for cell in _cells(line)}
    return sum(heading(one) in head for one in wanted)


def _shown_by(sample: bytes, codec: str, wanted: list[str]) -> int:
    return _headings(sample.decode(codec, "replace"), wanted)


def _is_plausible(text: str) -> bool:
    """Nearly all of it is what a table of this country is written in."""
    signs = text[:20_000]
    known = sum(
        " " <= one <= "~"
        or one in "\t\r\n"
        or "\u4e00" <= one <= "\u9fff"
        or "\uff00" <= one <= "\uffef"
        or one in "，。、：；“”（）《》\ufeff"
        for one in signs
    )
    return known * 10 >= len(signs) * 9


def _is_latin(text: str) -> bool:
    """Its foreign signs stand inside words, one or two at a time, as accents do."""
    foreign = sum(len(one[0]) for one in FOREIGN.finditer(text))
    return 0 < foreign * 8 <= 10 * sum(len(one[0]) for one in ACCENTED.finditer(text))


def _is_of_neighbours(text: str, codec: str) -> bool:
    """All of it is Hangul, or kana run through it: Chinese read so is a mixture, or half-width katakana."""
    foreign = [one for one in text[:20_000] if one.isalpha() and one > "\x7f"]
    if codec == "cp949":
        alike = sum("\uac00" <= one <= "\ud7a3" for one in foreign)
        return len(foreign) >= LEAST and alike >= 0.97 * len(foreign)
    kana = sum("\u3041" <= one <= "\u30fe" for one in foreign)
    narrow = sum("\uff61" <= one <= "\uff9f" for one in foreign)
    return len(foreign) >= LEAST and kana * 30 >= len(foreign) and narrow * 20 <= len(foreign)


def _cells(line: str) -> list[str]:
    for sign in ("\t", ";", "|"):
        line = line.replace(sign, ",")
    return line.split(",")


def _common(text: str, codec: str) -> float:
    """Return the share of Chinese characters that belong to the first, frequent half of the character set."""
    chinese = [sign for sign in text[:20_000] if "\u4e00" <= sign <= "\u9fff"]
    low, high = (0xB0, 0xD7) if codec == "gb18030" else (0xA4, 0xC6)
    pairs = [sign.encode(codec) for sign in chinese]
    # The frequent half of GB 2312 has no plain letter as its second byte; accents before letters, read so, do.
    frequent = sum(low <= pair[0] <= high and (codec != "gb18030" or pair[1] >= 0xA1) for pair in pairs)
    return frequent / len(chinese) if chinese else 0.0


def _refuse_other_kinds(sample: bytes) -> None:
    head = sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if head.startswith(
        (b"<!doctype", b"<html", b"<table", b"<head", b"<body", b"<script", b"<?xml", b"<meta", b"<!--")
    ):
        raise ImportProblem("其实是网页（HTML/XML），不是 CSV：多半是登录过期时导出的，请重新登录后导出 CSV 或 XLSX。")
    if sample.startswith(b"PK\x03\x04"):
        raise ImportProblem('其实是 Excel 工作簿（xlsx）：请把扩展名改为 .xlsx，或在映射文件 [file] 写 kind = "xlsx"。')
    if sample.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportProblem("其实是旧版 .xls 或加密的工作簿：请在 Excel 或 WPS 中去掉密码并另存为 .xlsx。")
    if sample.startswith(NO_TEXT) or sample[257:262] == b"ustar":
        raise ImportProblem("不是文本文件（是 PDF、图片、压缩包或数据库）：请解压，或在原系统中导出 CSV 或 XLSX。")
    if sample.startswith(b"PAR1"):
        raise ImportProblem("其实是 Parquet 文件，不是 CSV：请在原系统中导出 CSV 或 XLSX。")

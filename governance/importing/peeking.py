"""A first look at a text file, for the draft of a mapping: encoding, delimiter, the first rows and the last."""

from __future__ import annotations

import csv
import os
from collections import Counter
from itertools import islice
from typing import Any

from governance.importing import encoding
from governance.importing.problems import ImportProblem

ROWS = 40
LONGEST = 200  # characters of a cell that are shown
LAST, END = 12, 1 << 18  # records at the end, and the bytes among which they are looked for
DELIMITERS = (",", "\t", ";", "|")
FAMILIAR = frozenset(  # characters that any Chinese export of cases is full of, in both scripts
    "的一是在不了有和人大上工单编号案件类别时间受理结办状态标题社区网格街道路小其他关于反映诉求投诉咨询建议环境卫生物业市政设施治安矛盾纠"
    "纷安全隐患满意处置部门派完成日期地点已未中单位电话信息问题原因月年村镇县乡單編號類別時間結辦狀態標題區網關於訴諮詢環衛業設盾糾紛隱滿處門單電話問題"
)
CLOSE = 0.05  # how near the next encoding may come, in its share of familiar characters, before a person is asked


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Answer with the encoding (and others that would do), the delimiter, the first rows by line, and the last ones."""
    csv.field_size_limit(1_000_000)
    path = request["path"]
    codec = encoding.choose(path, request["encoding"], [])
    others: list[tuple[str, str]] = []
    if codec in ("gb18030", *encoding.BIG5):
        codec, others = _read_best(path, codec, request["encoding"] == "auto")
    with open(path, encoding=codec, newline="") as file:
        lines = [line[:100_000] for line in islice(iter(lambda: file.readline(1_000_000), ""), ROWS)]
    if not any(line.strip() for line in lines):
        raise ImportProblem("里没有任何内容：请在原系统中重新导出。")
    tried = {sign: _rows(lines, sign) for sign in DELIMITERS}
    delimiter = request["delimiter"]
    if delimiter == "auto":
        delimiter = max(DELIMITERS, key=lambda sign: _evenness(tried[sign]))
    rows = tried[delimiter] if delimiter in tried else _rows(lines, delimiter)
    shown = [(number, [cell[:LONGEST] for cell in cells[:500]], len(cells)) for number, cells in rows]
    return {
        "codec": encoding.shown(codec),
        "label": encoding.label(codec),
        "others": others,
        "delimiter": delimiter,
    } | {"rows": shown, "tail": _last(path, codec, delimiter)}


def _last(path: str, codec: str, delimiter: str) -> list[list[str]]:
    """The cells of the last records; none of a large file whose characters do not tell where one begins."""
    with open(path, "rb") as file:
        start = max(0, file.seek(0, os.SEEK_END) - END)
        file.seek(start)
        data = file.read()
    if start and codec.startswith(("utf-16", "utf-32")):
        return []
    lines = data.decode(codec, "ignore").splitlines(keepends=True)[1 if start else 0 :]
    return [[cell[:LONGEST] for cell in cells[:500]] for _, cells in _rows(lines, delimiter)[-LAST:]]


def _rows(lines: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            continue
        if any(map(str.strip, cells)):
            rows.append((number, cells))


def _evenness(rows: list[tuple[int, list[str]]]) -> float:
    """How much a delimiter makes rows of one width: the share of the commonest width above one, wide ones before."""
    widths = Counter(len(cells) for _, cells in rows)
    width, count = max(widths.items(), key=lambda one: (one[1] if one[0] > 1 else 0, one[0]))
    return (count / max(1, len(rows))) * (1 + min(width, 50) / 100) if width > 1 else 0


def _read_best(path: str, codec: str, is_free: bool) -> tuple[str, list[tuple[str, str]]]:
    """The Chinese encoding that reads best, and others that read nearly as well, with how the file then begins."""
    sample = encoding.evidence(path)
    readable = [one for one in encoding.BIG5 if one == codec or not encoding.undecodable(path, one)][:1]
    readable += [one for one in ("gb18030",) if one == codec or not encoding.undecodable(path, one)]
    shares = {one: _familiar(sample, one) for one in readable}
    best = max(shares, key=lambda one: (shares[one], one == codec)) if is_free else codec
    near = [one for one in shares if one != best and shares[one] > shares[best] - CLOSE]
    return best, [(one, sample[:400].decode(one, "ignore").split("\n")[0][:60]) for one in near]


def _familiar(sample: bytes, codec: str) -> float:
    """The share of familiar characters among the Chinese ones, once for each kind of character."""
    chinese = {sign for sign in sample.decode(codec, "ignore") if "\u4e00" <= sign <= "\u9fff"}
    return len(chinese & FAMILIAR) / max(1, len(chinese))

"""Is a text one SELECT and nothing else? Asked before it is sent; the read-only transaction is the second lock."""

from __future__ import annotations

import re

# What can write inside a single SELECT. Whatever can only begin a statement is kept out by the beginning and by `;`.
WRITING = ("into", "outfile", "dumpfile", "insert", "update", "delete", "merge", "nextval", "setval")
LOCKING = re.compile(r"\bfor (update|share|no key|key share)\b|\block in share mode\b")
# Only what both families read alike. What one of them alone understands could hide words from this check.
PIECE = re.compile(
    r"""(?P<blank>\s+)
    |(?P<remark>--[^\n]*|/\*(?!!|\+|M!).*?\*/)
    |(?P<quoted>'(?:[^'\\]|'')*'|"(?:[^"\\]|"")*"|`(?:[^`\\]|``)*`)
    |(?P<word>\w+)
    |(?P<sign>.)""",
    re.DOTALL | re.VERBOSE,
)
SIGNS = {
    ";": "里有分号，像是多条语句",
    "\\": "的引号外有反斜杠",
    "$": "的引号外有 $",
    "'": "的引号没有闭合，或引号里有反斜杠",
    '"': "的引号没有闭合，或引号里有反斜杠",
    "`": "的引号没有闭合，或引号里有反斜杠",
    "#": "里有 # 号（注释请写“-- ”）",
}


def plain(text: str) -> str:
    """Return the text as it is sent: one kind of line end, without the semicolon at the end."""
    return text.replace("\r\n", "\n").strip().rstrip(";").rstrip()


def fault(text: str) -> str:
    """Return what makes `text` more than one read-only SELECT, as part of a sentence; empty when nothing does."""
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
        return "里有控制字符"
    pieces = [(found.lastgroup, found[0]) for found in PIECE.finditer(text) if found.lastgroup != "blank"]
    for group, piece in pieces:
        if group == "remark" and (re.match(r"--\S", piece) or "/*" in piece[2:]):
            return "里有嵌套的注释，或“--”之后没有空格"
    said = [(group, piece) for group, piece in pieces if group != "remark"]
    words = [piece.lower() for group, piece in said if group == "word"]
    first = next((piece.lower() for group, piece in said if piece != "("), "")
    if first not in ("select", "with"):
        return "不是以 SELECT 或 WITH 开头"
    depth = 0
    for (group, piece), (_, following) in zip(said, [*said[1:], (None, "")], strict=True):
        if group != "sign":
            continue
        if piece in SIGNS:
            return SIGNS[piece]
        if piece + following == "/*":
            return "里有不能使用的注释（/*!、/*+ 或没有结束的）"
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth < 0:
            break
    if depth:
        return "里的括号不成对"
    if LOCKING.search(" ".join(words)):
        return "会锁住数据行"
    found = next((word for word in words if word in WRITING), "")
    return f"里有“{found}”" if found else ""

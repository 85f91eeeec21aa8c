"""The draft as a mapping file: every line with its reason, every open question as a comment at its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from governance.drafting.models import CodeWord, Question

INLINE = 3  # words of a code column that still fit on its line


def quoted(text: str) -> str:
    """A TOML string, whatever the text holds."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def value(found: Any) -> str:
    """A TOML value on one line."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | float):
        return str(found)
    if isinstance(found, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {value(one)}" for name, one in found.items()) + " }" if found else "{}"
    if isinstance(found, list | tuple):
        return "[" + ", ".join(map(value, found)) + "]"
    return quoted(str(found))


def key(name: str) -> str:
    """A TOML key."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quoted(name)


def comment(text: str) -> str:
    """A comment on one line: nothing in it can end it."""
    flat = "".join(sign if sign.isprintable() else " " for sign in text)
    return "# " + " ".join(flat.split())[:300]


def asked(questions: Iterable[Question], *keys: str) -> list[str]:
    """Open questions whose key begins with one of these, as comments."""
    found = []
    for one in questions:
        if one.answer is None and any(
            one.key == start or (start.endswith(".") and one.key.startswith(start)) for start in keys
        ):
            options = "；".join(f"{option.value or '（空）'} {option.label}" for option in one.options[:8])
            found.append(comment(f"待答 {one.key}：{one.text}{one.why and f'（{one.why}）'} {options}"))
    return found


def line(name: str, found: Any, why: str = "") -> str:
    """One line of a mapping with its reason."""
    return f"{key(name)} = {value(found)}" + (f"  {comment(why)}" if why else "")


def values(table: str, column: str, words: Iterable[CodeWord], numbers: bool) -> list[str]:
    """The section of a code column's words, each with its count and reason; those without a code as comments."""
    lines = ["", f"[tables.{table}.columns.{column}.values]"]
    for one in words:
        if one.code is None:
            lines.append(comment(f"待答 code.{column}.{one.word}：{one.count} 行，{one.reason}"))
        else:
            code: Any = one.code
            if column.startswith(("is_", "need_")) and code in ("true", "false"):
                code = code == "true"
            elif numbers and code.isdecimal():
                code = int(code)
            lines.append(line(one.word, code, f"{one.count} 行，{one.reason}"))
    return lines

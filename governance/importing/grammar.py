"""How a mapping file is read strictly: every mistake is one sentence with its file, line and section."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from governance.importing.problems import ImportProblem, listing, nearest
from governance.importing.rows import Heading


class Place:
    """A place in the mapping file, to begin the sentence of a refusal with."""

    def __init__(self, path: Path, text: str, section: str = "") -> None:
        """Remember the file's text, to find the line of a key."""
        self.path, self.text, self.section = path, text, section

    def into(self, *keys: str) -> Place:
        """Name a deeper section."""
        return Place(self.path, self.text, ".".join([self.section, *keys] if self.section else keys))

    def problem(self, sentence: str, key: str = "") -> ImportProblem:
        """Word a refusal: file, line of the key, section."""
        line = self._line(key)
        where = f"第 {line} 行 " if line else ""
        section = f"[{self.section}] " if self.section else ""
        return ImportProblem(f"映射文件 {self.path.name} {where}{section}{sentence}。")

    def known(self, found: dict[str, Any], allowed: tuple[str, ...]) -> None:
        """Refuse keys that the grammar does not have."""
        for key in found:
            if key not in allowed:
                raise self.problem(f"有不认识的项“{key}”{nearest(key, allowed)}；可用的项：{listing(allowed, 20)}", key)

    def table(self, value: Any, key: str = "") -> dict[str, Any]:
        """Insist on a TOML table."""
        if not isinstance(value, dict):
            raise self.problem(f"“{key or self.section}”应是一个表（[…] 或 {{ … }}）", key)
        return value

    def word(self, value: Any, key: str) -> str:
        """Insist on a text that is not empty."""
        if not isinstance(value, str) or not value.strip():
            raise self.problem(f"“{key}”应是不为空的文字", key)
        return value.strip()

    def column(self, value: Any, key: str) -> Heading:
        """Insist on a column: its heading, or its number counted from 1."""
        if isinstance(value, int) and not isinstance(value, bool):
            if value < 1:
                raise self.problem(f"“{key}”是列号时应从 1 数起", key)
            return value
        return self.word(value, key)

    def words(self, value: Any, key: str) -> tuple[str, ...]:
        """Insist on a list of texts; a single text is a list of one."""
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str | int | float | bool) for one in found):
            raise self.problem(f"“{key}”应是文字的列表", key)
        return tuple(as_text(one).strip() for one in found)

    def _line(self, key: str) -> int:
        if not key:
            return 0
        written = re.compile(rf'(^|[\s{{,.\["\'])({re.escape(key)})["\']?\s*[=\].]')
        inside = not self.section
        for number, line in enumerate(self.text.splitlines(), 1):
            heading = re.match(r"\s*\[([^\[\]]+)\]\s*(#.*)?$", line)
            if heading:
                inside = heading[1].replace('"', "").replace(" ", "").startswith(self.section.split(".columns.")[0])
            if (inside or "=" in line) and written.search(line):
                return number
        return 0


def as_text(value: Any) -> str:
    """Write a TOML value as the text that a cell would hold."""
    return str(value).lower() if isinstance(value, bool) else str(value)

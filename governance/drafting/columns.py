"""The columns of an export under the names that mappings, answers and sentences give them."""

from __future__ import annotations

import re
from collections import Counter

from governance.drafting.models import ColumnLook, Heading
from governance.importing.problems import ImportProblem, nearest


class Columns:
    """The columns of an export, and how each is called: by heading, or by number where a heading says nothing."""

    def __init__(self, looks: tuple[ColumnLook, ...]) -> None:
        """Count the headings."""
        self.looks = looks
        self.count = Counter(one.heading for one in looks)

    def name(self, look: ColumnLook) -> Heading:
        """How a mapping calls a column."""
        return look.heading if look.heading and self.count[look.heading] == 1 else look.number

    def key(self, look: ColumnLook) -> str:
        """How an answer calls a column."""
        name = self.name(look)
        return f"#{name}" if isinstance(name, int) or name[:1] in ("#", "=") else name

    def find(self, key: str, answer: str) -> ColumnLook:
        """The column an answer names."""
        number = re.fullmatch(r"#([1-9]\d{0,4})", answer)
        if number and int(number[1]) <= len(self.looks):
            return self.looks[int(number[1]) - 1]
        found = [one for one in self.looks if one.heading == answer.strip()]
        if len(found) > 1:
            places = "、".join(f"#{one.number}" for one in found)
            raise ImportProblem(f"{key} 的回答“{answer}”这个表头出现了 {len(found)} 次：请写列号（{places}）。")
        if not found:
            known = [one.heading for one in self.looks if one.heading]
            raise ImportProblem(
                f"{key} 的回答“{answer}”不是这份导出的表头{nearest(answer, known)}：请核对，或写列号如 #3。"
            )
        return found[0]

    def title(self, look: ColumnLook) -> str:
        """A column in a sentence."""
        return f"第 {look.number} 列“{look.heading}”" if look.heading else f"第 {look.number} 列"

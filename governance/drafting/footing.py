"""What stands below a table: who filled it in, remarks. Rows that are no cases, told apart by how they begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from governance.drafting import personal
from governance.drafting.traditional import simplified
from governance.importing.rows import footers, is_footer

LOOKED_AT = 12  # rows at the end
FEWEST_COLUMNS = 3  # of a table of which a note can be told apart
SHORTEST, LONGEST = 4, 40  # characters of a word that marks a note of its own
NOTES = (
    *("填表人", "制表人", "填报人", "填写人", "经办人", "审核人", "复核人", "负责人", "单位负责人", "分管领导"),
    *("填表", "制表", "填报", "审核", "复核", "审批", "签字", "盖章", "填表单位", "制表单位", "填报单位", "报送单位"),
    *("填表日期", "制表日期", "填报日期", "报送日期", "填表时间", "制表时间", "填报时间", "打印时间", "导出时间"),
    *("统计时间", "数据来源", "联系电话", "联系人", "备注", "注", "说明", "填表说明", "附注"),
)  # fmt: skip


@dataclass(frozen=True)
class Below:
    """The rows below a table: words that mark the usual ones, and, for a person to decide, texts and their words."""

    words: tuple[str, ...] = ()
    rows: int = 0
    texts: tuple[str, ...] = ()
    own_words: tuple[str, ...] = ()


def find(tail: Sequence[Sequence[str | None]], columns: int, known: Sequence[str]) -> Below:
    """Go up from the last row as long as rows are notes; what is already known as a footer is passed over."""
    if columns < FEWEST_COLUMNS:
        return Below()
    passed, noted = footers(list(known)), {one: footers([one]) for one in NOTES}
    words: list[str] = []
    texts: list[str] = []
    rows = 0
    for row in reversed(tail):
        cells = [cell.strip() for cell in row if cell and cell.strip()]
        if not cells or is_footer(cells, passed):
            continue
        first = simplified(cells[0])
        found = max((one for one, pattern in noted.items() if is_footer([first], pattern)), key=len, default=None)
        if found and len(cells) * 2 <= columns:
            words.append(_as_written(cells[0], found))
            rows += 1
        elif len(cells) == 1 and _own_word(cells[0]):
            texts.append(cells[0])
        else:
            break
    own = tuple(dict.fromkeys(_own_word(one) for one in reversed(texts)))
    return Below(tuple(dict.fromkeys(reversed(words))), rows, tuple(reversed(texts)), own)


def _as_written(text: str, word: str) -> str:
    """The word in the characters of the file."""
    return re.sub(r"\s", "", text)[: len(word)]


def _own_word(text: str) -> str:
    """How a sentence begins, up to the first sign that is no letter; nothing where that tells little or names one."""
    found = re.match(r"[一-鿿][^\W\d_]+", re.sub(r"\s", "", text))
    if found is None or not SHORTEST <= len(found[0]) <= LONGEST or personal.is_personal(text):
        return ""
    return found[0]

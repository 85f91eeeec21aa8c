"""What headings mean: the synonyms of headings.toml, and how near a heading comes to one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from governance.drafting.traditional import simplified
from governance.importing import catalogue

HERE = Path(__file__).parent
PATH = re.compile(r"[A-Za-z_@]\w*(\.-?[\w@]+)+")  # of a field in JSON and XML
GENERIC = (
    "名称",
    "时间",
    "编号",
    "日期",
    "类别",
    "层级",
    "代码",
    "说明",
    "地点",
    "状态",
    "类型",
    "name",
    "type",
    "date",
    "id",
)


def plain(heading: str) -> str:
    """Reduce a heading to what it says: full width to half, simplified, no brackets, blanks or signs, lower case."""
    text = simplified(unicodedata.normalize("NFKC", heading))
    text = re.sub(r"[(\[【《].*?[)\]】》]", "", text) or text
    return re.sub(r"[\W_]+", "", text).lower()


@cache
def synonyms(table: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """By canonical column: headings that mean it, each with how surely; labels of schema.sql are among them."""
    known = tomllib.loads((HERE / "headings.toml").read_text("utf-8"))
    own, common = known.get(table, {}), known.get("any", {})
    found: dict[str, tuple[tuple[str, float], ...]] = {}
    for name, column in catalogue.tables()[table].columns.items():
        if own.get(name) == []:
            found[name] = ()
            continue
        words: dict[str, float] = {plain(column.label): 0.95, plain(name): 0.95}
        for source, weight in ((common.get(name, []), 0.85), (own.get(name, []), 0.95)):
            for place, word in enumerate(source):
                if word == "~":  # what follows is less sure
                    weight = 0.72
                    continue
                words.setdefault(plain(word), weight - 0.002 * place)
        found[name] = tuple(words.items())
    return found


@cache
def similarity(table: str, column: str, heading: str) -> tuple[float, str]:
    """How surely a heading means a canonical column, 0 to 1, and the synonym that says so."""
    inner = heading.rpartition(".")[2] if PATH.fullmatch(heading) else ""
    return max(_similarity(table, column, plain(heading)), _similarity(table, column, plain(inner), 0.95))


def _similarity(table: str, column: str, name: str, share: float = 1.0) -> tuple[float, str]:
    if not name:
        return 0.0, ""
    best = (0.0, "")
    for word, weight in synonyms(table)[column]:
        if name == word:
            score = weight
        elif len(word) >= 2 and word not in GENERIC and (name.endswith(word) or name.startswith(word)):
            score = weight * (0.55 + 0.3 * len(word) / len(name))
        elif len(word) >= 4 and abs(len(word) - len(name)) <= 2 and len(set(word) & set(name)) >= 0.7 * len(set(word)):
            ratio = SequenceMatcher(None, name, word).ratio()
            score = weight * 0.8 * ratio if ratio > 0.75 else 0.0
        else:
            score = 0.0
        best = max(best, (round(share * score, 4), word))
    return best


@cache
def _known(table: str) -> frozenset[str]:
    return frozenset(word for words in synonyms(table).values() for word, weight in words if len(word) > 1)


def is_exact(table: str, heading: str) -> bool:
    """Whether a heading is one that means a canonical column."""
    return plain(heading) in _known(table)


def is_known(table: str, heading: str) -> bool:
    """Whether a heading is, or ends in, one that means a canonical column of the table."""
    name = plain(heading)
    return name in _known(table) or any(
        len(name) - len(word) <= 4 and name.endswith(word) for word in _known(table) if len(word) >= 4
    )

"""Which standard code a word of the export means: by label, by the synonyms of words.toml, else nobody knows."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import duckdb

from governance.codes import COLUMNS
from governance.drafting.models import CodeWord, ColumnLook
from governance.drafting.traditional import simplified
from governance.importing.catalogue import Column, Table
from governance.importing.problems import ImportProblem
from governance.importing.recoding import FALSE_WORDS, TRUE_WORDS

MOST_WORDS = 300
HERE = Path(__file__).parent


def list_of(table: Table, column: Column) -> str | None:
    """The name of the code list of a canonical column."""
    if column.type == "BOOLEAN":
        return "boolean"
    return COLUMNS.get(f"{table.name}.{column.name}") or (column.name if column.words else None)


def codes_of(column: Column) -> dict[str, str]:
    """The codes a column may hold, with their labels."""
    if column.type == "BOOLEAN":
        return {"true": "是", "false": "否"}
    if column.words:
        labels: dict[str, str] = {}
        for word, code in column.words.items():
            labels.setdefault(code, word)
        return labels
    return dict(column.codes)


@cache
def synonyms(name: str) -> dict[str, str]:
    """Word of an export → code, both in plain spelling."""
    known = tomllib.loads((HERE / "words.toml").read_text("utf-8")).get(name, {})
    return {plain(word): code for code, words in known.items() for word in words}


def plain(word: str) -> str:
    """A word without differences that mean nothing."""
    return simplified(unicodedata.normalize("NFKC", word)).strip().lower()


def understood(table: Table, column: Column, word: str) -> str | None:
    """The code of a word that the importer understands without any map."""
    if column.type == "BOOLEAN":
        return "true" if word.lower() in TRUE_WORDS else "false" if word.lower() in FALSE_WORDS else None
    if column.words:
        return column.words.get(word) or (word if word in column.words.values() else None)
    return column.code(word)


def meaning(table: Table, column: Column, word: str) -> tuple[str | None, str]:
    """The code that a word most probably means, and why; none when nobody but a person can say."""
    if code := understood(table, column, word):
        return code, "就是标准代码或其名称"
    if (plainer := simplified(word)) != word and (code := understood(table, column, plainer)):
        return code, f"就是“{plainer}”"
    name = list_of(table, column) or ""
    code = synonyms(name).get(plain(word))
    if code is None and name not in ("rating", "boolean"):
        for ending in ("类", "问题", "件", "中"):
            code = code or synonyms(name).get(plain(word).removesuffix(ending))
    if code is not None:
        return code, "常见说法"
    return None, "请选择：没有相应的标准代码"


class Vocabulary:
    """The words of the columns that have few enough to be codes, fetched once."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        """Remember where the words lie."""
        self._con = con
        self._words: dict[int, list[tuple[str, int]]] = {}
        self._shares: dict[tuple[str, int], float] = {}

    def of(self, look: ColumnLook) -> list[tuple[str, int]]:
        """Word and count, the most frequent first; none where there are too many."""
        if look.distinct > MOST_WORDS:
            return []
        if look.number not in self._words:
            query = f"select ltrim(word, chr(31)), n from w{look.number} order by n desc, word"
            self._words[look.number] = [(str(word), int(n)) for word, n in self._con.execute(query).fetchall()]
        return self._words[look.number]

    def known_share(self, table: Table, column: Column, look: ColumnLook) -> float:
        """The share of the filled cells whose word has a meaning."""
        key = (list_of(table, column) or "", look.number)
        if key not in self._shares:
            known = sum(n for word, n in self.of(look) if meaning(table, column, word)[0])
            self._shares[key] = known / max(1, look.filled)
        return self._shares[key]


def words(
    vocabulary: Vocabulary,
    table: Table,
    column: Column,
    look: ColumnLook,
    answers: Mapping[str, str],
    earlier: Mapping[str, str],
) -> list[CodeWord]:
    """Every word of a code column with its code: as answered, as in the older mapping, or as it most probably means."""
    found = vocabulary.of(look)
    if look.distinct > MOST_WORDS:
        raise ImportProblem(
            f"“{look.heading or f'第 {look.number} 列'}”有 {look.distinct} 种取值，不像{column.label}："
            f"请用 column.{column.name} 另选一列或不选。"
        )
    made = []
    rest = answers.get(f"otherwise.{column.name}")
    for word, count in found:
        key = f"code.{column.name}.{word}"
        code, reason = meaning(table, column, word)
        if word in earlier:
            code, reason = earlier[word], "沿用旧映射"
        elif earlier and code is None:
            reason = "旧映射里没有的新取值，请选择"
        if key in answers:
            code, reason = checked(column, key, answers[key]), "由人指定"
        elif code is None and rest is not None:
            code, reason = checked(column, f"otherwise.{column.name}", rest), "其余取值一并指定"
        made.append(CodeWord(column.name, word, int(count), code, reason))
    return made


def checked(column: Column, key: str, code: str) -> str:
    """A standard code given by a person, by its code or label; "" means no value."""
    known = codes_of(column)
    if code == "" or code in known:
        return code
    by_label = next((one for one, label in known.items() if label == code), None)
    if by_label is None:
        allowed = "、".join(f"{one} {label}" for one, label in known.items())
        raise ImportProblem(f"{key} 的回答“{code}”不是{column.label}的标准代码：可用 {allowed}，不取值写空。")
    return by_label


def scale(found: list[CodeWord], best: str | None) -> list[CodeWord]:
    """Turn numbers 1 to 5 round where 1 is the best; leave them open while nobody has said which is."""
    made = []
    for one in found:
        if one.word not in ("1", "2", "3", "4", "5") or one.reason in ("由人指定", "沿用旧映射"):
            made.append(one)
        elif best is None:
            made.append(CodeWord(one.column, one.word, one.count, None, "先回答几分最满意"))
        else:
            code = str(6 - int(one.word)) if best == "1" else one.word
            made.append(CodeWord(one.column, one.word, one.count, code, f"{best} 分最满意"))
    return made

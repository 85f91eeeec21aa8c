"""Which columns are offered for a canonical one that no heading names: those that could be meant, best first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from governance.drafting import coding, evidence
from governance.drafting.columns import Columns
from governance.drafting.headings import plain
from governance.drafting.models import ColumnLook
from governance.importing.catalogue import Column, Table

MOST_WORDS = 60  # of a column that could be categories
LONGEST_WORD = 24  # a longer one is a sentence
FEW = 12  # rows of which each may have a category of its own
NUMBERED = re.compile(r"[A-Za-z]{0,4}[-_]?\d[\d._:/-]*")
NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9()/_-]{2,40}|\[证件号\]")  # of a case; long ones are shown masked
KIND = re.compile(r"类|种|型|分|科目|专题|type|kind|class|categor|topic|group|reason|subject|problem", re.IGNORECASE)


def anything(table: Table, column: Column, columns: Columns, taken: set[int]) -> list[ColumnLook]:
    """Columns that could hold a required value, whatever they are called."""
    looks = [one for one in columns.looks if one.number not in taken and not one.personal and one.filled]
    if column.is_time:
        return [one for one in looks if evidence.is_time(one)]
    if (table.name, column.name) == ("cases", "case_id") or table.key == (column.name,):
        return sorted((one for one in looks if not evidence.is_time(one)), key=lambda one: -one.distinct)[:6]
    if coding.list_of(table, column):
        return [one for one in looks if 1 <= one.distinct <= evidence.MOST_CODES and not evidence.is_time(one)]
    return [one for one in looks if not evidence.is_time(one)]


def numbers(columns: Columns, taken: set[int], rows: int) -> list[ColumnLook]:
    """Columns that look like numbers of cases, whatever they are called: short, and never twice."""
    return [
        one
        for one in columns.looks
        if one.number not in taken
        and not one.personal
        and evidence.is_unique(one, rows)
        and not evidence.is_time(one)
        and all(NUMBER.fullmatch(sample) for sample in one.samples)
    ]


def resembling(columns: Columns, heading: str, taken: set[int]) -> list[ColumnLook]:
    """Columns whose headings are written like another."""
    looks = [one for one in columns.looks if one.number not in taken and not one.personal and one.heading]
    scored = sorted(looks, key=lambda one: -SequenceMatcher(None, one.heading, heading).ratio())
    return [one for one in scored if SequenceMatcher(None, one.heading, heading).ratio() >= 0.4][:4]


def categories(
    vocabulary: coding.Vocabulary, table: Table, column: Column, looks: Iterable[ColumnLook], rows: int
) -> list[ColumnLook]:
    """Columns of words that come again, known words first; no numbers, times, sentences, nor one word alone."""
    found = [one for one in looks if _is_of_words(one, rows)]
    return sorted(found, key=lambda one: (-_likeness(vocabulary, table, column, one), one.distinct, one.number))


def _is_of_words(look: ColumnLook, rows: int) -> bool:
    if evidence.is_time(look) or look.distinct < 2 or look.distinct > min(MOST_WORDS, evidence.MOST_CODES):
        return False
    if rows > FEW and look.distinct * 2 > look.filled:  # every other row has a word of its own: a name, a title
        return False
    words = [word for word, _ in look.top]
    if sum(len(word) for word in words) > LONGEST_WORD * len(words):
        return False
    numbered = sum(bool(NUMBERED.fullmatch(word)) for word in words)
    return numbered * 2 <= len(words) or bool(KIND.search(plain(look.heading)))  # code numbers under such a heading


def _likeness(vocabulary: coding.Vocabulary, table: Table, column: Column, look: ColumnLook) -> float:
    """How many cells hold a word that means a code, and whether the heading speaks of kinds."""
    known = vocabulary.known_share(table, column, look)
    return round(known, 2) + 0.5 * bool(KIND.search(plain(look.heading)))

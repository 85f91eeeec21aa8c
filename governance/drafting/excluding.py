"""Rows that are no cases: subtotals in between, tests, what was struck out. A word says so, and a person is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from governance.drafting import headings
from governance.drafting.columns import Columns
from governance.drafting.models import ColumnLook, Heading, Option, Question
from governance.importing.masking import masked
from governance.importing.problems import ImportProblem

TOTAL = r"^.{0,12}([合总小]计|[合總小]計|subtotal|grand total)[:：]?$"
TEST = (
    r"(?i)^(测试|測試|test|testing)(工单|工單|数据|數據|案件|件|单|單)?[\s0-9]*$"
    r"|^(已)?(作废|作廢|删除|刪除)(工单|工單|件)?$"
)
MONTHLY = re.compile(r"(0?)([1-9]|1[0-2])(月(?:份)?\s*(?:[合总小]计|[合總小]計))")
SPARSE = 0.5  # a row of totals fills no more of the columns than this
MOST_WORDS = 40
MOST_KINDS, SURE = 60, 0.7  # a column of few words, or of titles, says what a row is; a remark does not
SHARE = 0.5  # of the rows: what is more is no exception


@dataclass(frozen=True)
class Rows:
    """Rows that one word of one column marks."""

    look: ColumnLook
    word: str
    count: int
    is_total: bool


def find(con: duckdb.DuckDBPyConnection, looks: tuple[ColumnLook, ...], rows: int) -> list[Rows]:
    """Every word that says its row is no case, by column."""
    found = []
    filled = " + ".join(f"(c{one.number} is not null)::int" for one in looks)
    for look in looks:
        if look.personal or not look.filled:
            continue
        says = look.distinct <= MOST_KINDS or headings.similarity("cases", "title", look.heading)[0] >= SURE
        for pattern, is_total in ((TOTAL, True), (TEST, False)) if says else ((TOTAL, True),):
            sparse = f"and {filled} <= {SPARSE * sum(bool(one.filled) for one in looks)}" if is_total else ""
            marked = con.execute(
                f"select w, n from (select c{look.number} as w, count(*) as n, "
                f"count(*) filter (true {sparse}) as fitting from export "
                f"where regexp_matches(c{look.number}, ?) group by 1) where n = fitting order by n desc, w limit ?",
                [pattern, MOST_WORDS],
            ).fetchall()
            found += [Rows(look, str(word), int(count), is_total) for word, count in marked]
    return found if sum(one.count for one in found) <= SHARE * rows else []


def remove(con: duckdb.DuckDBPyConnection, found: list[Rows]) -> None:
    """Take the rows out of what is looked at, for they will not be imported."""
    for one in found:
        con.execute(f"delete from export where c{one.look.number} = ?", [one.word])


def question(
    con: duckdb.DuckDBPyConnection, columns: Columns, found: list[Rows], answers: Mapping[str, str]
) -> Question:
    """Ask whether the rows are to be left out, with what marks them."""
    answer = answers.get("exclude")
    if answer not in (None, "yes", "no"):
        raise ImportProblem(f"exclude 的回答“{answer}”不在可选之列：可用 yes、no。")
    count = sum(one.count for one in found)
    said = "；".join(
        f"{columns.title(one.look)}是“{_shown(con, one.word)}”的 {one.count} 行"
        + ("（别的列多半是空的）" if one.is_total else "")
        for one in found[:6]
    )
    options = (
        Option("yes", f"不导入：这 {count} 行剔除并计数", said[:80]),
        Option("no", "照样导入：它们也是真的"),
    )
    return Question("exclude", f"有 {count} 行像是小计、测试或作废，不算数吗？", said, options, answer)


def rule(columns: Columns, found: list[Rows], earlier: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The `exclude` of the mapping: the words by heading, those of every month where one is of a month."""
    made = {heading: list(words) for heading, words in earlier.items()}
    for one in found:
        words = made.setdefault(key(columns.name(one.look)), [])
        words += [word for word in _alike(one.word) if word not in words]
    return made


def _alike(word: str) -> list[str]:
    """A total of one month stands for those of all months, so that the next export needs no other mapping."""
    month = MONTHLY.fullmatch(word)
    if not month:
        return [word]
    width = 2 if month[1] else 1
    return [f"{number:0{width}}{month[3]}" for number in range(1, 13)]


def key(heading: Heading) -> str:
    """How `exclude` calls a column."""
    return f"#{heading}" if isinstance(heading, int) else heading


def _shown(con: duckdb.DuckDBPyConnection, word: str) -> str:
    row = con.execute(f"select left({masked('x')}, 20) from (select ?::varchar as x)", [word]).fetchone()
    return str(row[0]) if row else ""

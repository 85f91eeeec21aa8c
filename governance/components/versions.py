"""Two versions of the data side by side: which to compare, what changed, and what late data did to the rates."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from governance import codes, queries, snapshots
from governance.components.figures import card
from governance.components.page import chosen_option
from governance.components.tables import table
from governance.filters import Filter
from governance.filters.filter import months_before
from governance.indicators import INDICATORS, is_missing
from governance.snapshots import Snapshot

ROWS_SEEN = 11  # that a table shows without scrolling


def chosen_earlier(filter: Filter) -> Snapshot | None:
    """A choice among the versions before the one looked at, kept in the URL; None when there is no earlier one."""
    looked_at = queries.current_store(filter.as_of).snapshot
    before = {one.id: one for one in reversed(snapshots.versions()) if one.sequence < looked_at.sequence}
    if not before:
        st.info("只有一个数据版本，没有可以比较的较早版本。再导入一次数据之后，这里会列出两次之间的变化。")
        return None
    chosen = chosen_option(
        "earlier", "与哪个版本相比", list(before), lambda id: f"数据截至 {before[id].as_of:%Y-%m-%d %H:%M}（{id[-8:]}）"
    )
    return before[chosen]


def late_effect(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What was reported then and what the same period gives now: indicator, reported, n_then, now, n_now, change.

    then, now: indicator_totals of the same filter from the two versions. Only indicators that have a number.
    """
    both = then.merge(now, on=["indicator", "label", "unit"], suffixes=("_then", "_now"))
    rows = []
    for row in both.itertuples():
        if is_missing(row.value_then) and is_missing(row.value_now):
            continue
        indicator = INDICATORS[row.indicator]
        change = indicator.format_change(row.value_now, row.value_then)
        rows.append(
            {
                "指标": indicator.label,
                "当时报的": indicator.format(row.value_then),
                "当时 n": int(row.base_then),
                "现在重算": indicator.format(row.value_now),
                "现在 n": int(row.base_now),
                "变化": change or ("持平" if row.value_then == row.value_now else ""),
            }
        )
    return pd.DataFrame(rows)


def last_month(filter: Filter, earlier: Snapshot) -> Filter:
    """The same filter over the last whole calendar month of the earlier version: what its monthly report was about."""
    stop = earlier.as_of.date().replace(day=1)
    return replace(filter, start=months_before(stop, 1), stop=stop)


def reported_then(filter: Filter, earlier: Snapshot, keys: Sequence[str], title: str) -> None:
    """A card: what the earlier version gave for a period, and what the version looked at gives for the same."""
    then = queries.run("indicator_totals", replace(filter, as_of=earlier.id), only=keys)
    now = queries.run("indicator_totals", filter, only=keys)
    note = (
        f"同一筛选、同一统计期（{filter.start} 至 {filter.stop}，不含）；当时的按数据截至 "
        f"{earlier.as_of:%Y-%m-%d %H:%M} 的版本，现在的按正在看的版本。迟到和补录会让已报的数改变。"
    )
    with card(title, note):
        effect = late_effect(then, now)
        st.dataframe(
            effect, hide_index=True, height="content" if len(effect) < ROWS_SEEN else 420,
            column_config={name: st.column_config.NumberColumn(format="localized") for name in ("当时 n", "现在 n")},
        )  # fmt: skip


def changed_rows(found: pd.DataFrame, filter: Filter) -> None:
    """The cases of one kind of change, codes written as words."""
    shown = found.assign(before=found["before"].map(_in_words), after=found["after"].map(_in_words))
    table(shown.head(2000), "changed_cases", filter, height=420)


def _in_words(text: object) -> str:
    """A list of codes as their labels; anything else as it is."""
    names = ("category", "kind", "origin", "urgency", "invalid_reason")
    known = {code: label for name in names for code, label in codes.LABELS[name].items()}
    return " ".join(known.get(word, word) for word in str(text).split(" ")) if isinstance(text, str) else ""


def title_of_changes(kinds: pd.DataFrame) -> str:
    """What the table says: how many of the earlier cases were altered afterwards."""
    rows = kinds.set_index("change")["case_count"]
    late, altered = (
        rows.get("late", 0) + rows.get("closed_late", 0),
        rows.drop(["new", "closed"], errors="ignore").sum(),
    )
    if not altered:
        return "较早版本里的案件没有被改动过"
    told = [f"补来 {late:,} 件迟到的记录"] * bool(late) + [f"有 {altered - late:,} 处改动"] * bool(altered - late)
    return f"较早版本之后：{'，另'.join(told)}"

"""Comparisons between places and between codes."""

import pandas as pd
import streamlit as st

from governance import charts, codes, theme
from governance.components.figures import chart
from governance.components.tables import table
from governance.contrasts import rates_differ
from governance.filters import Filter
from governance.indicators import INDICATORS, Direction, Indicator

MOST_BARS = 15


def ranked_places(shown: pd.DataFrame, indicator: Indicator) -> None:
    """Bars of places, those that need attention first; a rate only where its n suffices."""
    judged = shown[shown["value"].notna() & shown["place_code"].notna() & (shown["base"] >= max(indicator.minimum, 1))]
    is_worst_low = indicator.direction is Direction.HIGHER
    top = judged.sort_values("value", ascending=is_worst_low, kind="stable").head(MOST_BARS)
    if top.empty:
        st.caption("没有样本足够的地方。")
        return
    texts = [
        f"{indicator.format(row.value)}" + (f"（n={row.base:,.0f}）" if not indicator.is_count else "")
        for row in top.itertuples()
    ]
    color = theme.ORANGES[3] if indicator.direction is Direction.LOWER else theme.ACCENT
    chart(charts.bars(list(top["name"]), list(top["value"]), texts, color), "ranked", f"各地{indicator.label}")
    if len(judged) > len(top):
        st.caption(f"共 {len(judged):,} 个，列前 {len(top)} 个；全部见表格。")


def overdue_places(regions: pd.DataFrame) -> None:
    """Bars of the places where cases are overdue."""
    late = regions[(regions["indicator"] == "overdue_count") & (regions["base"] > 0)].nlargest(MOST_BARS, "base")
    if late.empty:
        st.caption("没有超期案件。")
        return
    chart(
        charts.bars(list(late["name"]), list(late["base"]), [f"{n:,.0f} 件" for n in late["base"]], theme.ALERT),
        "overdue",
        "各地超期在办件数",
    )


def moved_places(now: pd.DataFrame, before: pd.DataFrame, key: str) -> pd.DataFrame:
    """Places with enough cases in 上期 and 本期, the largest changes of a rate first, and whether chance gives them."""
    indicator = INDICATORS[key]
    pairs = now[now["indicator"] == key].merge(
        before[before["indicator"] == key], on=["place_code", "name"], suffixes=("", "_before")
    )
    pairs = pairs[(pairs["base"] >= indicator.minimum) & (pairs["base_before"] >= indicator.minimum)]
    pairs = pairs.assign(
        change=pairs["value"] - pairs["value_before"],
        is_clear=[rates_differ(row.hit, row.base, row.hit_before, row.base_before) for row in pairs.itertuples()],
    )
    return pairs.sort_values("change", key=abs, ascending=False)


def changed_places(moved: pd.DataFrame, indicator: Indicator, most: int = 12) -> None:
    """Where a rate moved most from 上期 to 本期. moved: as moved_places gives it."""
    pairs = moved.head(most)
    if pairs.empty:
        st.caption(f"没有两期样本都达到 {indicator.minimum} 件的地方。可以放宽统计期，或看上一层级。")
        return
    texts = [
        f"{indicator.format(row.value)}（{row.change * 100:+.1f} 个百分点，n={row.base:,.0f}）"
        for row in pairs.itertuples()
    ]
    worse = [
        None if not row.is_clear else row.change < 0 if indicator.direction == "higher" else row.change > 0
        for row in pairs.itertuples()
    ]
    made = charts.changes(list(pairs["name"]), list(pairs["value_before"]), list(pairs["value"]), texts, worse)
    chart(made, "changes", f"各地{indicator.label}本期与上期")


def rates_by_code(frame: pd.DataFrame, column: str, key: str) -> None:
    """Bars of a rate by code of a list, grey where n is too small."""
    indicator = INDICATORS[key]
    shown = frame[(frame["indicator"] == key) & (frame["base"] > 0)].sort_values("base", ascending=False)
    if shown.empty:
        st.caption("没有可比的数据。")
        return
    colors = [theme.ACCENT if row.base >= indicator.minimum else theme.TOO_FEW for row in shown.itertuples()]
    texts = [f"{indicator.format(row.value)}（n={row.base:,.0f}）" for row in shown.itertuples()]
    labels = [codes.label(column, code) for code in shown[column]]
    chart(charts.bars(labels, list(shown["value"]), texts, colors), f"by-{column}", f"按{column}的{indicator.label}")


def busy_grids(grids: pd.DataFrame, filter: Filter) -> None:
    """The grids above P90, the busiest first."""
    busy = grids[grids["is_over_p90"]]
    if busy.empty:
        st.caption("没有高于 P90 的网格。")
        return
    shown = busy.drop(columns=["grid_id", "level", "is_over_p90"]).head(50)
    table(shown, "workload_by_grid", filter, height=300, early=("load", "open_count", "overdue_count"))


def vacant_grids(vacant: pd.DataFrame, filter: Filter) -> None:
    """The grids without anybody on duty, those with open cases first."""
    if vacant.empty:
        st.caption("期末有效的末级网格都有在岗人员。")
        return
    shown = vacant.drop(columns=["grid_id", "level", "fte", "load", "is_over_p90"]).head(200)
    table(shown, "workload_by_grid", filter, height=260)

"""Blocks of the page on the way a case takes: its steps, its path, who was called and who passed it on."""

import pandas as pd
import streamlit as st

from governance import charts, codes, theme
from governance.charts import process as charts_process
from governance.codes import LABELS
from governance.components.figures import card, chart
from governance.components.tables import foot, table
from governance.filters import Filter
from governance.findings import process as findings_process
from governance.indicators import INDICATORS

MOST_PATHS = 10
MOST_PLACES = 20
FEW = 10  # fewer timed cases of a step: shown, in grey


def reached(steps: pd.DataFrame, filter: Filter) -> None:
    """The card of the seven steps: reached, skipped by rule, missing, not yet. steps: process_by_step."""
    note = "统计期内上报的案件走到哪一步；浅色为不需要吹哨、按规则跳过，橙色为缺。评价由群众作出"
    with card(findings_process.reached(steps), note):
        parts = {
            "走到": "reached_count",
            "按规则跳过": "skipped_count",
            "缺": "missing_count",
            "还没到": "pending_count",
        }
        labels = [codes.label("step", step) for step in steps["step"]]
        made = charts_process.reached(labels, {name: list(steps[column]) for name, column in parts.items()})
        chart(made, "steps", "民事7步每一步走到、按规则跳过、缺和还没到的件数")
        foot(steps, "process_by_step", filter, "seven_steps_rate", "miss")


def times(steps: pd.DataFrame) -> None:
    """The card of how long each step takes. steps: process_by_step."""
    with card(findings_process.slowest(steps), "从上一个该走的步骤到这一步"):
        if steps["median_hours"].isna().all():
            st.caption("没有可计时的步骤。")
            return
        chart(charts_process.step_times(steps), "times", "每一步的中位用时与 P90 用时")
        st.caption("实心为中位，空心为 P90：一成案件比它更久。")


def by_place(regions: pd.DataFrame, level: str, filter: Filter) -> None:
    """The card of how long each step takes in each place. regions: step_hours_by_region."""
    label = f"各{LABELS['level'][level]}"
    title = findings_process.longest(regions, regions["name"], FEW, f"{label}每一步用多久")
    with card(title, f"{label}到这一步的中位用时"):
        _heat(regions, regions["name"], "by-region")
        foot(regions, "step_hours_by_region", filter)


def by_category(categories: pd.DataFrame, filter: Filter) -> None:
    """The card of how long each step takes in each category. categories: step_hours_by_category."""
    names = categories["category"].map(lambda code: codes.label("category", code))
    with card(findings_process.longest(categories, names, FEW, "各类别每一步用多久"), "各类别到这一步的中位用时"):
        _heat(categories, names, "by-kind")
        foot(categories, "step_hours_by_category", filter)


def _heat(frame: pd.DataFrame, names: pd.Series, key: str) -> None:
    """Median time of each step by place or category. frame: step_hours_by_…; names: one per row."""
    if frame.empty:
        st.caption("没有可计时的步骤。")
        return
    most = frame.groupby(names.to_numpy())["timed_count"].sum().nlargest(MOST_PLACES)
    kept = names.isin(most.index).to_numpy()
    if not (frame["timed_count"] >= FEW).any():
        st.caption(f"每一步可计时的案件都不足 {FEW} 件，用时见表格。")
        return
    chart(charts_process.step_heat(frame[kept], names[kept], FEW), key, "每一步的中位用时")
    st.caption(
        f"颜色越深越久；灰格不足 {FEW} 件。"
        + (f"共 {names.nunique()} 行，列案件最多的 {len(most)} 行。" if not kept.all() else "")
    )


def paths(rows: pd.DataFrame, totals: pd.DataFrame, filter: Filter) -> None:
    """The card of the most frequent paths, each with what is wrong with it. rows: case_paths."""
    with card(findings_process.paths(rows, totals), "统计期内办结的案件，最常见的十种；全部见表格"):
        _paths(rows)
        foot(rows, "case_paths", filter, "seven_steps_rate", "miss")


def _paths(rows: pd.DataFrame) -> None:
    top = rows.head(MOST_PATHS)
    if top.empty:
        st.caption("统计期内没有办结的、有步骤记录的案件。")
        return
    labels = [f"{number}　{codes.path(row.path)}" for number, row in enumerate(top.itertuples(), 1)]
    texts = [
        f"{row.case_count:,} 件（{row.case_share:.1%}）"
        + findings_process.way(row.path, row.missing_steps, row.loop_steps, row.is_disordered)
        for row in top.itertuples()
    ]
    colors = [theme.ACCENT if row.is_conforming else charts_process.WAIT for row in top.itertuples()]
    chart(charts.bars(labels, list(top["case_count"]), texts, colors), "paths", "最常见的十种办理路径")
    st.caption("蓝色为七步完整；橙色缺步、绕回或先后颠倒。不需要吹哨的，缺吹哨、报到、会商不算缺。")


def whistles(units: pd.DataFrame, filter: Filter) -> None:
    """The card of the units that were called, and came or not. units: whistles_by_unit."""
    with card(findings_process.whistles(units), "哪些单位被吹哨，时限内来了没有；看单位，不看个人"):
        left, right = st.columns(2)
        with left:
            _whistle_rates(units)
        with right:
            if not units.empty:
                columns = ["unit", "whistle_count", "late_count", "absent_count", "median_hours"]
                table(units[columns], "whistles_by_unit", filter, height=300)
        foot(units, "whistles_by_unit", filter, "report_in_rate", "miss")


def _whistle_rates(units: pd.DataFrame) -> None:
    """Rates of units by the number of their whistles: no league table."""
    if units.empty:
        st.caption("统计期内没有吹哨。")
        return
    shown = units[units["due_count"] > 0].head(MOST_PLACES)
    minimum = INDICATORS["report_in_rate"].minimum
    if shown.empty:
        st.caption("没有规定报到时限，只看次数和时长；本地的时限写在数据目录 deadlines.toml 的 [whistle]。")
        return
    made = charts_process.rates(list(shown["unit"]), list(shown["in_time_count"]), list(shown["due_count"]), minimum)
    chart(made, "whistles", "各单位时限内报到的比例")
    st.caption(f"按被吹哨次数排列，不是名次；横条为 95% 区间，灰色不足 {minimum} 次，不作比较。")


def orders(stages: pd.DataFrame, filter: Filter) -> None:
    """The card of the five orders. stages: orders_by_step."""
    with card(findings_process.orders(stages), "点单、派单、落单、查单、评单；查单和评单由居民决定"):
        _orders(stages)
        foot(stages, "orders_by_step", filter, "order_rating_rate", "miss")


def _orders(stages: pd.DataFrame) -> None:
    if stages.empty:
        st.caption("统计期内没有点单。哪里的哪些渠道算点单，写在数据目录 deadlines.toml 的 [orders]。")
        return
    parts = {"走到": "reached_count", "缺": "missing_count", "还没到": "pending_count"}
    made = charts_process.reached(
        list(stages["stage"]), {name: list(stages[column]) for name, column in parts.items()}, "单"
    )
    chart(made, "orders", "点单、派单、落单、查单、评单每一环走到的单数")


def handovers(rows: pd.DataFrame, filter: Filter) -> None:
    """The card of how often closed cases were passed on. rows: handovers_by_count."""
    with card(findings_process.handovers(rows), "办结的案件转派、退单过几次"):
        _handovers(rows)
        foot(rows, "handovers_by_count", filter, "first_unit_rate", "miss")


def _handovers(rows: pd.DataFrame) -> None:
    if rows.empty:
        st.caption("统计期内没有派过单的办结案件。")
        return
    words = {0: "首接办结", 1: "转手 1 次", 2: "转手 2 次", 3: "转手 3 次以上"}
    texts = [
        f"{row.case_count:,} 件（{row.case_share:.1%}），中位 {charts_process.spell(row.median_hours)}"
        for row in rows.itertuples()
    ]
    colors = [theme.ACCENT if row.handovers == 0 else charts_process.WAIT for row in rows.itertuples()]
    made = charts.bars([words[row.handovers] for row in rows.itertuples()], list(rows["case_count"]), texts, colors)
    chart(made, "handovers", "按转手次数的办结件数与中位时长")

"""Blocks of the pages on the way a case takes and on promises about its time."""

import pandas as pd
import streamlit as st

from governance import charts, codes, theme
from governance.charts import process as charts_process
from governance.components.figures import chart
from governance.components.tables import table
from governance.components.text import escaped
from governance.filters import Filter
from governance.findings import process as findings_process
from governance.indicators import INDICATORS

MOST_PATHS = 10
MOST_PLACES = 20
MOST_DUE = 200
FEW = 10  # fewer timed cases of a step: shown, in grey


def step_funnel(steps: pd.DataFrame) -> None:
    """The seven steps: reached, skipped by rule, missing, not yet. steps: process_by_step."""
    parts = {"走到": "reached_count", "按规则跳过": "skipped_count", "缺": "missing_count", "还没到": "pending_count"}
    labels = [codes.label("step", step) for step in steps["step"]]
    made = charts_process.reached(labels, {name: list(steps[column]) for name, column in parts.items()})
    chart(made, "steps", "民事7步每一步走到、按规则跳过、缺和还没到的件数")


def step_times(steps: pd.DataFrame) -> None:
    """How long each step takes. steps: process_by_step."""
    if steps["median_hours"].isna().all():
        st.caption("没有可计时的步骤。")
        return
    chart(charts_process.step_times(steps), "times", "每一步的中位用时与 P90 用时")
    st.caption("实心为中位，空心为 P90：一成案件比它更久。")


def order_funnel(stages: pd.DataFrame) -> None:
    """The five orders. stages: orders_by_step."""
    if stages.empty:
        st.caption("统计期内没有点单。哪里的哪些渠道算点单，写在数据目录 deadlines.toml 的 [orders]。")
        return
    parts = {"走到": "reached_count", "缺": "missing_count", "还没到": "pending_count"}
    made = charts_process.reached(
        list(stages["stage"]), {name: list(stages[column]) for name, column in parts.items()}, "单"
    )
    chart(made, "orders", "点单、派单、落单、查单、评单每一环走到的单数")


def step_heat(frame: pd.DataFrame, names: pd.Series, key: str) -> None:
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


def whistles(units: pd.DataFrame) -> None:
    """Rates of units by the number of their whistles: no league table. units: whistles_by_unit."""
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


def whistle_table(units: pd.DataFrame, filter: Filter) -> None:
    """The units with arrival times."""
    if not units.empty:
        columns = ["unit", "whistle_count", "late_count", "absent_count", "median_hours"]
        table(units[columns], "whistles_by_unit", filter, height=300)


def handovers(rows: pd.DataFrame) -> None:
    """How often closed cases were passed on. rows: handovers_by_count."""
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


def paths(rows: pd.DataFrame) -> None:
    """The most frequent paths, each with what is wrong with it. rows: case_paths."""
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


def no_promises() -> None:
    """Say that nobody here has promised anything, and how a county writes down what it has."""
    st.info(
        "所选范围没有作出时限承诺的地方：承诺只判断作出承诺的人，本地的承诺请在数据目录的 deadlines.toml 里"
        "各写一节 [[rules]]（名称、适用的案件、多久响应或办结，写法见随产品附带的 deadlines.toml），重新导入后生效。"
    )


def promise_rates(rules: pd.DataFrame) -> None:
    """How each promise was kept in the period. rules: promises_by_rule."""
    made = charts_process.rates(
        _promise_names(rules), list(rules["kept_count"]), list(rules["judged_count"]),
        INDICATORS["promise_kept_rate"].minimum,
    )  # fmt: skip
    chart(made, "promises", "各项承诺的兑现率")
    st.caption("横条为 95% 区间；灰色样本不足。")


def open_promises(rules: pd.DataFrame) -> None:
    """What is open under each promise at the end of the period. rules: promises_by_rule."""
    chart(
        charts_process.open_promises(rules, _promise_names(rules)), "open", "各项承诺的在办案件，按到期远近与超期长短"
    )


def _promise_names(rules: pd.DataFrame) -> list[str]:
    """A name for each row: the part is said where a rule promises two things."""
    twice = rules["rule"].duplicated(keep=False)
    return [
        f"{rule}·{part}" if more else rule for rule, part, more in zip(rules["rule"], rules["part"], twice, strict=True)
    ]


def due_promises(rows: pd.DataFrame, filter: Filter) -> None:
    """The open cases that are past their promise or soon will be. rows: promises_due."""
    if rows.empty:
        st.caption("没有超过承诺、也没有 48 小时内到承诺时刻的在办案件。")
        return
    table(rows.head(MOST_DUE), "promises_due", filter, height=320)
    if len(rows) > MOST_DUE:
        st.caption(f"屏幕上列前 {MOST_DUE} 件，下载包含全部。")


def deadline_rules(rules: pd.DataFrame) -> None:
    """The rules that were in force when the snapshot was published, and their calendar. rules: deadline_rules."""
    if rules.empty:
        st.caption("本地没有规则，随产品附带的都是别处的承诺。")
        return
    heads = ("承诺", "适用", "起算", "响应", "办结", "来处")
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    for row in rules.itertuples():
        cells = (row.rule, row.applies, row.since, row.response, row.close, "本地规则" if row.is_own else "公开报道")
        lines.append(f"| {' | '.join('—' if not cell or cell != cell else escaped(cell) for cell in cells)} |")
    st.markdown("\n".join(lines))
    st.caption(escaped(findings_process.calendar(rules)))

"""Blocks of the page 安全隐患: what is found, rectified and rechecked stands apart on every card."""

import pandas as pd
import streamlit as st

from governance import theme
from governance.charts import tracks as charts_tracks
from governance.components import sparse
from governance.components.figures import card, chart
from governance.components.missing import missing_export
from governance.components.tables import foot, table
from governance.components.text import definition, escaped
from governance.filters import Filter
from governance.findings import tracks as findings_tracks
from governance.groups import GROUPS
from governance.indicators import INDICATORS

KEYS = ["hazard_count", "rectified_count", "rechecked_count", "unrectified_count"]
RATES = ["rectification_rate", "recheck_rate", "recheck_pass_rate", "inspection_coverage"]
INSPECTIONS = ["inspection_count", "inspected_estates"]
TYPE_RATES = {
    "rectification_rate": "judged_count", "recheck_rate": "rectified_count", "recheck_pass_rate": "concluded_count",
}  # fmt: skip
PLACE_RATES = {"rectification_rate": "judged_count", "coverage_rate": "estate_count"}
SAYING = (findings_tracks.CLEAR, findings_tracks.UNCLEAR)  # what there was enough for to compare
MOST_ROWS = 50
TALLEST = 420  # px of a table
COLORS = {
    findings_tracks.CLEAR: theme.ACCENT, findings_tracks.UNCLEAR: theme.MUTED, findings_tracks.FEW: theme.TOO_FEW,
    findings_tracks.EARLY: theme.TOO_FEW, findings_tracks.ALONE: theme.TOO_FEW,
}  # fmt: skip


def any_hazard(totals: pd.DataFrame) -> pd.DataFrame:
    """The totals that show there is a hazard or an inspection at all. totals: indicator_totals."""
    keys = [*KEYS, "inspection_count"]
    return totals[totals["indicator"].isin(keys) & (totals["base"] > 0)]


def stages(monthly: pd.DataFrame, totals: pd.DataFrame, filter: Filter) -> None:
    """排查、整改、复查 by month, side by side. monthly: indicators_by_month; totals: indicator_totals of the period."""
    note = f"{filter.months}；排查按发现时间，整改按整改时间，复查按复查时间，三个数不相减"
    with card(findings_tracks.stages(totals.set_index("indicator")), note):
        shown = monthly[monthly["indicator"].isin(KEYS[:3])]
        chart(charts_tracks.stages_by_month(shown, KEYS[:3]), "stages", "各月排查、整改、复查处数")
        foot(shown, "indicators_by_month", filter, "hazard_count")


def waiting(frame: pd.DataFrame, filter: Filter) -> None:
    """未整改 by severity and age. frame: hazards_open_by_age."""
    with card(findings_tracks.waiting(frame), "期末时点，从发现算起", definition(INDICATORS["unrectified_count"])):
        if not frame["open_count"].sum():
            st.caption("查出来的都已登记整改或办结。")
            return
        known = frame[frame.groupby(frame["severity"].fillna(""))["open_count"].transform("sum") > 0]
        chart(charts_tracks.open_by_age(known), "open", "未整改隐患按等级和已等天数")
        foot(frame, "hazards_open_by_age", filter, "unrectified_count")


def kinds(frame: pd.DataFrame, filter: Filter) -> None:
    """隐患类型. frame: hazards_by_type."""
    with card(
        findings_tracks.hazard_types(frame),
        f"排查、整改、复查分开；整改率 = 按期整改 ÷ 应整改；复查率 = 已复查 ÷ 整改完成；{sparse.WORDS}",
    ):
        if frame.empty:
            st.caption("统计期内没有隐患。")
            return
        closed_only = int(frame["closed_only_count"].sum())
        shown = sparse.judged(frame, TYPE_RATES)
        shown = shown.drop(columns=["on_time_count", "passed_count", "closed_only_count"])
        table(shown, "hazards_by_type", filter, height=TALLEST)
        if closed_only:
            st.caption(f"另有 {closed_only:,} 处只登记了办结、没有登记整改时间，不算整改完成。")
        foot(frame, "hazards_by_type", filter, "rectification_rate", "miss")


def places(frame: pd.DataFrame, label: str, filter: Filter) -> None:
    """隐患密度 and 小区排查覆盖 by place. frame: hazards_by_region."""
    note = f"各{label}的隐患密度与小区排查覆盖；每千户按登记户数；每小区只算登记了小区的隐患；{sparse.WORDS}"
    with card(findings_tracks.hazard_places(frame, label), note):
        if frame.empty:
            st.caption("这里没有登记下一级的地方。")
            return
        order = frame.sort_values(["per_1000_households", "hazard_count"], ascending=False, kind="stable")
        shown = sparse.judged(order, PLACE_RATES, {"coverage_rate": "inspection_coverage"})
        shown = shown.drop(columns=["place_code", "in_estate_count"])
        table(shown, "hazards_by_region", filter, height=TALLEST)
        foot(frame, "hazards_by_region", filter, "hazard_count")


def inspections(totals: pd.DataFrame, filter: Filter) -> None:
    """小区巡查队: rounds, estates, coverage in one line; what is missing where no register was imported."""
    if missing_export("inspections", filter.as_of):
        return
    rows = totals.set_index("indicator")
    rounds, estates, coverage = (INDICATORS[key] for key in ("inspection_count", "inspected_estates", RATES[3]))
    share, base = rows.at[coverage.key, "value"], rows.at[coverage.key, "base"]
    title = (
        f"小区排查覆盖率 {coverage.format(share)}：{rows.at[coverage.key, 'hit']:,.0f} / {base:,.0f} 个小区"
        if base
        else "这里到期末没有小区排查台账"
    )
    with card(title, "小区巡查队的排查台账；同一小区去几次也只算一个", definition(coverage)):
        if not base:
            st.caption("有台账的县看得到覆盖率；这里的隐患照常统计。")
            return
        counts = (f"{one.label} {one.format(rows.at[one.key, 'value'])}" for one in (rounds, estates))
        st.markdown(escaped("　".join(counts)))
        shown = totals[totals["indicator"].isin([rounds.key, estates.key, coverage.key])]
        foot(shown, "indicator_totals", filter, coverage.key, "miss")


def returning(frame: pd.DataFrame, filter: Filter) -> None:
    """反复点位 by estate or community and type. frame: hazards_returning."""
    note = "同一点位 90 日内又发现同一类型的隐患；按小区或村社区归总，不列地址"
    with card(findings_tracks.returning(frame), note):
        if frame.empty:
            st.caption("没有登记地点编号的隐患看不出反复。")
            return
        shown = frame.drop(columns=["place_code", "estate_id"])
        if shown["estate"].isna().all():
            shown = shown.drop(columns="estate")
        table(shown.head(MOST_ROWS), "hazards_returning", filter, height=TALLEST)
        foot(frame, "hazards_returning", filter, "repeat_rate", "hit")


def projects(frame: pd.DataFrame, filter: Filter) -> None:
    """一类问题根治: each project's matters before and after, last year as control. frame: projects_before_after."""
    if missing_export("projects", filter.as_of):
        return
    effects = [(row["name"] or row["project_type"], findings_tracks.effect(row)) for _, row in frame.iterrows()]
    effects.sort(key=lambda named: findings_tracks.SUREST_FIRST.index(named[1].kind))
    note = (
        "完工后 90 日 ÷ 开工前 90 日，再除以去年同月的同一比值（扣除季节）；区间为泊松计数的精确条件区间；"
        "哪类项目对应哪些小类由配置文件（groups.toml）定"
    )
    with card(findings_tracks.projects(effects), note):
        if frame.empty:
            known = "、".join(GROUPS.projects)
            st.caption(escaped(f"这里没有已完工、且配置了对应小类的项目（已配置：{known}）。"))
            return
        measured = [(name, one) for name, one in effects if one.contrast is not None]
        if measured:
            found = [one.contrast for _, one in measured if one.contrast is not None]
            chart(
                charts_tracks.ratios(
                    [name for name, _ in measured],
                    [one.value for one in found],
                    [(one.low, one.high) for one in found],
                    [one.sentence for _, one in measured],
                    [COLORS[one.kind] for _, one in measured],
                ),
                "projects",
                "各项目前后同类问题的比值与区间",
            )  # fmt: skip
        told = [f"- **{escaped(f'{name}：{one.sentence}')}**" for name, one in effects if one.kind in SAYING]
        open_ones = [f"- {escaped(f'{name}：{one.sentence}')}" for name, one in effects if one.kind not in SAYING]
        st.markdown("\n".join(told))
        if open_ones:
            with st.expander(f"另有 {len(open_ones)} 个项目还不下结论"):
                st.markdown("\n".join(open_ones[:MOST_ROWS]))
        foot(frame, "projects_before_after", filter)

"""Blocks of the page 矛盾纠纷."""

import pandas as pd
import streamlit as st

from governance import charts, findings, theme
from governance.charts import tracks as charts_tracks
from governance.components import sparse
from governance.components.comparisons import ranked_places
from governance.components.figures import card, chart
from governance.components.missing import column_missing
from governance.components.tables import foot, table
from governance.components.text import definition, order_of
from governance.filters import Filter
from governance.findings import tracks as findings_tracks
from governance.indicators import INDICATORS

LEVEL_RATES = {"settlement_rate": "finished_count", "seven_day_rate": "judged_count"}
TYPE_RATES = {**LEVEL_RATES, "dispute_relapse_rate": "matured_count"}
KEYS = ["seven_day_rate", "settlement_rate", "settling_hours", "unsettled_count"]
MORE_KEYS = ["dispute_count", "settled_count", "court_rate", "dispute_relapse_rate"]
CHOICES = [
    "seven_day_rate", "settlement_rate", "dispute_count", "settled_count", "unsettled_count", "court_rate",
    "agreement_rate", "dispute_relapse_rate", "solved_in_grid_rate", "solved_locally_rate",
]  # fmt: skip


def any_dispute(totals: pd.DataFrame) -> pd.DataFrame:
    """The totals that show there is a dispute at all. totals: indicator_totals."""
    return totals[
        totals["indicator"].isin(["dispute_count", "unsettled_count", "settled_count"]) & (totals["base"] > 0)
    ]


def seven_days(levels: pd.DataFrame, days: pd.DataFrame, totals: pd.DataFrame, filter: Filter) -> None:
    """三级七天调解法: by level in a table, by day as bars and as the curve of those not yet settled."""
    title = findings_tracks.levels(levels, totals.set_index("indicator"))
    note = "按自然日：受理当日为第 0 日，第七日 24 时前化解的算七日化解；在调的多半还没有登记层级，单列一行"
    with card(title, note, definition(INDICATORS["seven_day_rate"])):
        table(sparse.judged(levels, LEVEL_RATES), "disputes_by_level", filter)
        left, right = st.columns(2)
        with left:
            st.markdown("**第几日化解**")
            if days["settled_count"].sum():
                chart(charts_tracks.settled_by_day(days), "by-day", "受理后各日化解的件数，按调解层级")
            else:
                st.caption("统计期内上报的纠纷还没有化解的。")
        with right:
            st.markdown("**化解曲线**")
            if len(days):
                chart(charts_tracks.settled_share(days), "curve", "受理后各日累计化解的比例，按调解层级")
            else:
                st.caption("统计期内没有上报满一日的纠纷。")
        st.caption(
            "只看统计期内上报的纠纷，到第 30 日。化解曲线里在调的按“至少等到现在”计入（Kaplan–Meier 估计），"
            "失败和转诉的按一直没有化解计入。"
        )
        foot(days, "disputes_settled_by_day", filter, "seven_day_rate", "miss")


def kinds(frame: pd.DataFrame, filter: Filter) -> None:
    """纠纷类型, with people as a total. frame: disputes_by_type."""
    note = f"涉及人次是登记人数之和，一个人牵涉几件算几次；{sparse.WORDS}"
    with card(findings_tracks.types(frame), note):
        if frame.empty:
            st.caption("统计期内没有矛盾纠纷。")
            return
        shown = sparse.judged(frame, TYPE_RATES).drop(columns=["people_known_count", "relapsed_count"])
        table(shown, "disputes_by_type", filter)
        foot(frame, "disputes_by_type", filter, "dispute_count")


def ways(frame: pd.DataFrame, kind: str, title: str, note: str, filter: Filter) -> None:
    """Bars of 情理法诉 (kind method) or of 协议 (kind agreement) with the share that was settled."""
    rows = frame[frame["kind"] == kind]
    with card(findings_tracks.ways(frame, kind, title), note):
        if rows["way"].notna().sum() == 0:
            st.caption("导出文件里没有登记这一项。")
            return
        rate = INDICATORS["settlement_rate"]
        labels = ["没有登记" if way != way or way is None else way for way in rows["way"]]
        texts = [
            f"{row.finished_count:,} 件"
            + (f"，化解 {rate.format(row.settlement_rate)}" if row.finished_count >= rate.minimum else "（样本不足）")
            for row in rows.itertuples()
        ]
        colors = [theme.TOO_FEW if label == "没有登记" else theme.ACCENT for label in labels]
        made = charts.bars(labels, [float(count) for count in rows["finished_count"]], texts, colors)
        chart(made, f"ways-{kind}", title)
        foot(rows, "disputes_by_way", filter, "settlement_rate" if kind == "method" else "agreement_rate")


def levels(frame: pd.DataFrame, filter: Filter) -> None:
    """四级议事: where the three tracks are solved, side by side. frame: solved_levels."""
    note = (
        "邻里小摩擦由党员楼栋调解，楼栋公共事网格里商量，小区大事支部社区议，复杂难题上报乡镇街道；"
        "统计期内办结、登记了解决层级的，三条线分开"
    )
    with card(findings_tracks.solved_where(frame), note, definition(INDICATORS["solved_locally_rate"])):
        if not frame["solved_count"].sum():
            column_missing("案件", "在哪一级解决", "cases.solved_level")
            return
        chart(charts_tracks.solved_levels(frame), "levels", "三条线各在哪一级解决")
        foot(frame, "solved_levels", filter, "solved_locally_rate", "miss")


def places(regions: pd.DataFrame, key: str, label: str, filter: Filter) -> None:
    """One indicator by place. regions: indicators_by_region."""
    shown = regions[regions["indicator"] == key]
    title = findings.extremes(shown, INDICATORS[key], otherwise=label)
    with card(title, order_of(INDICATORS[key]), definition(INDICATORS[key])):
        ranked_places(shown, INDICATORS[key])
        foot(shown, "indicators_by_region", filter, key)


def months(monthly: pd.DataFrame, key: str, filter: Filter) -> None:
    """One indicator over months. monthly: indicators_by_month."""
    shown = monthly[monthly["indicator"] == key]
    with card(findings.trend(shown, INDICATORS[key]), filter.months, definition(INDICATORS[key])):
        chart(charts.indicator_by_month(shown, key, 300), "months", f"各月{INDICATORS[key].label}")
        foot(shown, "indicators_by_month", filter, key)

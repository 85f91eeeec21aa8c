"""Blocks of 积分 and 志愿服务: the ledger of points, and activities. Accounts and persons are counted, never listed."""

import pandas as pd
import streamlit as st

from governance import charts, theme
from governance.charts import councils as charts_councils
from governance.charts import visits as charts_visits
from governance.components.figures import card, chart
from governance.components.missing import column_missing
from governance.components.tables import foot, table
from governance.components.text import definition
from governance.filters import Filter
from governance.findings import visits as findings_visits
from governance.indicators import INDICATORS, rounded
from governance.rules import RULES

MOST_TEAMS, MOST_TYPES = 15, 12
LEAST_STRIP = 210  # px: below it the words of the legend overlap


def by_month(monthly: pd.DataFrame, filter: Filter) -> None:
    """The card with points earned, redeemed and left. monthly: points_by_month."""
    with card(
        f"{filter.months}{findings_visits.points(monthly)}", "沉淀为月末余额", definition(INDICATORS["points_balance"])
    ):
        if not monthly[["earned", "redeemed", "points_balance"]].fillna(0).to_numpy().any():
            st.caption("可以放宽统计期，或改选区划。")
            return
        chart(charts_visits.points_by_month(monthly), "points", "各月发放、兑换积分与月末沉淀")
        foot(monthly, "points_by_month", filter, "points_earned")


def by_reason(reasons: pd.DataFrame, filter: Filter) -> None:
    """The card with what points were earned by and spent on. reasons: points_by_reason."""
    with card("积分从哪里来、到哪里去", "事由来自台账；占比为占同期发放（或兑换）的比例"):
        if reasons.empty:
            st.caption("统计期内没有积分流水。")
        for direction, color in (("发放", theme.IN), ("兑换", theme.OUT)):
            rows = reasons[reasons["direction"] == direction]
            if len(rows):
                st.markdown(f"**{direction}**")
                texts = [f"{row.points:,.0f} 分（{rounded(row.share * 100, 0)}%）" for row in rows.itertuples()]
                made = charts.bars(list(rows["reason"]), list(rows["points"]), texts, color)
                chart(made, f"reasons-{direction}", f"各事由{direction}积分")
        foot(reasons, "points_by_reason", filter, "redemption_rate")


def ledgers(frame: pd.DataFrame, filter: Filter) -> None:
    """The card with every ledger of points: accounts, share of households, balance. frame: points_by_ledger."""
    few = int(RULES["few_people"].number)
    note = f"居民户、志愿者、司机、党员各记各的账；账户到期末为止，只有数量，少于 {few} 个不显示"
    with card(f"{len(frame):,} 本积分台账", note, definition(INDICATORS["participating_household_rate"])):
        if len(frame):
            table(frame.drop(columns="region_code"), "points_by_ledger", filter)
        foot(frame, "points_by_ledger", filter, "participating_accounts")


def activity_types(types: pd.DataFrame, filter: Filter) -> None:
    """The card with activities by type. types: activities_by_type."""
    with card(findings_visits.activities(types), "人次不是人数：一人来两次是两人次，各类可以相加，人数不可以"):
        if len(types):
            shown = types.head(MOST_TYPES)
            texts = [
                f"{row.activity_count:,} 场" + (f" · {rounded(row.hours, 0)} 小时" if row.hours == row.hours else "")
                for row in shown.itertuples()
            ]
            made = charts.bars(list(shown["activity_type"]), list(shown["activity_count"]), texts)
            chart(made, "activity-types", "各类活动场次")
        foot(types, "activities_by_type", filter, "activity_count")


def teams(frame: pd.DataFrame, filter: Filter) -> None:
    """The card with activities by team. frame: activities_by_team."""
    with card(f"{len(frame):,} 支队伍开展了活动", "按队伍，不按个人；场次多的在前"):
        if len(frame):
            table(frame.head(MOST_TEAMS), "activities_by_team", filter, height=380)
        foot(frame, "activities_by_team", filter, "activity_count")


def brands(frame: pd.DataFrame, filter: Filter) -> None:
    """The card of services that have a name: 五福, 五大服务品牌, 窗帘行动 … frame: activities_by_brand."""
    note = (
        "名称来自活动台账；服务对象只有总数。五福按人群分为五项；报道没有说明“1255工作法”的各个数字指什么，也没有计数"
    )
    with card(findings_visits.brands(frame), note, definition(INDICATORS["brand_activity_count"])):
        if frame.empty:
            column_missing("活动", "服务品牌", "activities.brand")
            return
        table(frame, "activities_by_brand", filter, height=420)
        foot(frame, "activities_by_brand", filter, "brand_activity_count")


def routine(monthly: pd.DataFrame, filter: Filter) -> None:
    """The card with what is promised for a day of every month. monthly: activities_by_month."""
    days = RULES["meeting_tolerance"].number
    regular = monthly[monthly["usual_day"].notna()]
    shown = regular if len(regular) else monthly[monthly["planned_count"] > 0]
    note = f"{filter.months}；格内为 如期/应开，+ 为计划外；计划日前后 {days:g} 天内开展算如期"
    note += "；列每月定在同一天的" if len(regular) else ""
    with card(findings_visits.routine(shown), note, definition(INDICATORS["activity_kept_rate"])):
        if len(shown):
            kinds = list(dict.fromkeys(shown["activity_type"]))[:MOST_TYPES]
            drawn = monthly[monthly["activity_type"].isin(kinds)].rename(columns={"activity_type": "meeting_type"})
            made = charts_councils.meeting_strip(drawn)
            made.update_layout(height=max(made.layout.height, LEAST_STRIP))
            chart(made, "routine", "例行活动各月如期开展情况")
        else:
            st.caption(f"{filter.months}的活动都没有登记计划日期。")
        foot(monthly, "activities_by_month", filter, "activity_kept_rate", "miss")

"""Blocks on 代办, platforms, 五办, 包联, 次日计划 and what a council has changed: units and services, never persons."""

import pandas as pd
import streamlit as st

from governance import charts, codes
from governance.components.figures import card, chart
from governance.components.missing import column_missing
from governance.components.tables import foot, table
from governance.components.text import definition, escaped
from governance.filters import Filter
from governance.findings import services as findings_services
from governance.indicators import INDICATORS


def platforms(rows: pd.DataFrame, filter: Filter) -> None:
    """The card with the platforms that people know by name. rows: cases_by_platform."""
    with card(findings_services.platforms(rows), "统计期内上报的有效案件；名称来自导出文件，没有名称的渠道不在其中"):
        if rows.empty:
            column_missing("案件", "平台名称", "cases.platform")
            return
        texts = [
            f"{row.case_count:,} 件（{row.case_share:.1%}）" if row.case_count else "没有" for row in rows.itertuples()
        ]
        chart(charts.bars(list(rows["platform"]), list(rows["case_count"]), texts), "platforms", "各平台受理的案件")
        shown = ["platform", "previous_count", "response_rate", "satisfaction_rate", "rated_count"]
        table(rows[shown], "cases_by_platform", filter)
        foot(rows, "cases_by_platform", filter, "platform_share", "hit")


def errands(rows: pd.DataFrame, filter: Filter) -> None:
    """The card with what is done for those who cannot come. rows: errands_by_type."""
    note = "统计期内办结的代办案件，以来源登记的代办方式为准"
    with card(findings_services.errands(rows), note, definition(INDICATORS["errand_count"])):
        if rows.empty:
            column_missing("案件", "代办方式", "cases.errand")
            return
        labels = [codes.label("errand", code) for code in rows["errand"]]
        texts = [f"{row.closed_count:,} 件（上期 {row.previous_count:,}）" for row in rows.itertuples()]
        chart(charts.bars(labels, list(rows["closed_count"]), texts), "errands", "各类代办的办结件数")
        shown = ["errand", "reported_count", "median_hours", "satisfied_share", "rated_count"]
        table(rows[shown], "errands_by_type", filter)
        foot(rows, "errands_by_type", filter, "errand_count")


def handlings(rows: pd.DataFrame, filter: Filter) -> None:
    """The card with 领办, 交办, 协办, 操办, 帮办. rows: lists_by_handling."""
    note = "领办、交办、协办、操办、帮办；统计期内提出、要办的清单事项，看到数据截至"
    with card(findings_services.handlings(rows), note, definition(INDICATORS["handling_rate"])):
        if rows.empty:
            column_missing("清单", "办理方式", "list_items.handling")
            return
        table(rows, "lists_by_handling", filter)
        foot(rows, "lists_by_handling", filter, "handling_rate", "miss")


def liaisons(rows: pd.DataFrame, filter: Filter) -> None:
    """The card with units that stand by communities and estates. rows: liaisons_by_community."""
    note = "四大班子和部门包抓到哪个社区、哪个小区；期末有效的，只有单位，不列个人"
    with card(findings_services.liaisons(rows), note, definition(INDICATORS["liaison_rate"])):
        if rows.empty:
            st.caption("所选范围的县到期末没有包联台账。")
            return
        table(rows.drop(columns="community_code"), "liaisons_by_community", filter)
        foot(rows, "liaisons_by_community", filter, "liaison_rate", "miss")


def plans(topics: pd.DataFrame, totals: pd.DataFrame, filter: Filter) -> None:
    """The card of 次日计划: what was planned for the next day and what became of it. topics: plans_by_topic."""
    note = "计划办理日在统计期内、已过完的事项；台账由少数人写，只看事项，不作考核、不排名"
    with card(findings_services.plans(topics, totals), note, definition(INDICATORS["plan_kept_rate"])):
        if topics.empty:
            st.caption("所选范围和统计期内没有次日计划。可以放宽统计期，或改选区划。")
            return
        texts = [
            f"{row.item_count:,} 件：当天办成 {row.kept_count:,}，过后 {row.late_count:,}，未办成 {row.open_count:,}"
            for row in topics.itertuples()
        ]
        chart(charts.bars(list(topics["topic"]), list(topics["item_count"]), texts), "plans", "次日计划各类工作")
        foot(topics, "plans_by_topic", filter, "plan_kept_rate", "miss")


def council_effects(rows: pd.DataFrame, filter: Filter) -> None:
    """The card with how long matters take before and after a council began. rows: councils_before_after."""
    note = "1 − 后一年的中位办理时长 ÷ 前一年的，经议事受理的案件；前后各不足规定件数、或区间含 0 的不下结论"
    with card(findings_services.effects(rows), note):
        if rows.empty:
            st.caption("没有会议开始以前一年就经议事会受理的案件，无从比较。")
            return
        kept = rows.drop(columns=["before_hours", "after_hours"])
        for known, words in map(findings_services.effect, rows.itertuples()):
            st.markdown(f"- **{escaped(words)}**" if known else f"- :gray[{escaped(words)}]")
        foot(kept, "councils_before_after", filter)

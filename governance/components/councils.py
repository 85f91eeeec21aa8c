"""Blocks of the pages on meetings, issues, proposals, lists and projects."""

import pandas as pd
import streamlit as st

from governance import charts, theme
from governance.charts import councils as charts_councils
from governance.components.figures import card, case_link, chart
from governance.components.scorecards import distinct
from governance.components.tables import foot, table
from governance.components.text import definition, escaped
from governance.estimates import wilson
from governance.filters import Filter
from governance.findings import councils as findings_councils
from governance.indicators import INDICATORS
from governance.rules import RULES

MOST_PLACES, MOST_TOPICS, MOST_PROJECTS = 15, 15, 30


def meeting_calendar(monthly: pd.DataFrame, types: pd.DataFrame, filter: Filter) -> None:
    """The strip of months by type of meeting. monthly: meetings_by_month; types: meetings_by_type, same period."""
    days = RULES["meeting_tolerance"].number
    note = f"{filter.months}；格内为 如期/应开，+ 为计划外召开；计划日前后 {days:g} 天内召开算如期，没开和改期都不算"
    with card(findings_councils.meetings(types), note, definition(INDICATORS["meeting_kept_rate"])):
        if monthly.empty:
            st.caption(f"{filter.months}没有计划或召开的会议。")
            return
        order = list(types["meeting_type"])
        drawn = monthly.sort_values(
            "meeting_type", key=lambda s: s.map(lambda kind: order.index(kind) if kind in order else len(order)),
            kind="stable",
        )  # fmt: skip
        chart(charts_councils.meeting_strip(drawn), "strip", "各类会议各月如期召开情况")
        foot(monthly, "meetings_by_month", filter, "meeting_kept_rate", "miss")


def meeting_types(types: pd.DataFrame, filter: Filter) -> None:
    """The card with every type of meeting: planned days, kept, attendance, issues. types: meetings_by_type."""
    minimum = INDICATORS["meeting_kept_rate"].minimum
    note = f"会议类型和约定日子来自数据；参会是人次不是人数；应开不足 {minimum} 场的履约率只作参考"
    with card("各类会议：约定、召开、参会、议题", note):
        if types.empty:
            st.caption("统计期内没有计划或召开的会议。")
            return
        less = ["settled_count", "solved_count", "attendance_per", "place_count"]
        table(types.drop(columns=less), "meetings_by_type", filter)
        foot(types, "meetings_by_type", filter, "meeting_count")


def issues(topics: pd.DataFrame, totals: pd.DataFrame, filter: Filter) -> None:
    """The card on issues by topic. topics: issues_by_topic; totals: indicator_totals."""
    days = RULES["issue_settling"].number
    rate = INDICATORS["issue_solved_rate"]
    note = f"按议定日；议定满 {days:g} 天（消化期）的才算解决率"
    with card(findings_councils.issues(totals.set_index("indicator")), note, definition(rate)):
        shown = topics[topics["issue_count"] > 0].head(MOST_TOPICS)
        if shown.empty:
            st.caption("统计期内没有新议定的事项。")
        else:
            chart(charts_councils.solved_and_open(shown), "issues", "各主题议定事项的解决情况")
        foot(topics, "issues_by_topic", filter, rate.key, "miss")
        case_link("issue_open_count", label="查看期末未解决的议题")


def proposals(funnel: pd.DataFrame, filter: Filter) -> None:
    """The card with 征集 → 筛选 → 采纳 → 落地. funnel: proposal_funnel."""
    note = "统计期内征集的建议，看到数据截至；↓ 后为占上一步的比例和两步之间的中位天数"
    with card(findings_councils.proposals(funnel), note, definition(INDICATORS["proposal_adoption_rate"])):
        if funnel.empty:
            st.caption("可以放宽统计期。")
            return
        chart(charts_councils.funnel(funnel), "funnel", "建议从征集到落地各环节的条数")
        skipped = [f"{row.step} {row.unrecorded_count:,} 条" for row in funnel.itertuples() if row.unrecorded_count]
        if skipped:
            st.caption(f"走到了后一步、却没有这一步记录的：{'、'.join(skipped)}。")
        foot(funnel, "proposal_funnel", filter, "proposal_adoption_rate", "hit")


def occasions(frame: pd.DataFrame, filter: Filter) -> None:
    """The card with the occasions at which proposals are collected. frame: proposals_by_occasion."""
    with card("在哪里征集的", "下午茶、金点子、党员建议等场合来自数据"):
        if frame.empty:
            st.caption("统计期内没有征集建议。")
            return
        table(frame, "proposals_by_occasion", filter)
        foot(frame, "proposals_by_occasion", filter, "proposal_count")


def rule_documents(frame: pd.DataFrame, filter: Filter) -> None:
    """The card with the rules that proposals became. frame: rule_documents."""
    title = f"制度成果 {len(frame):,} 项" if len(frame) else "还没有建议变成制度"
    with card(title, "截止日前采纳的建议形成的制度，不受起始日限制", definition(INDICATORS["rule_document_count"])):
        if len(frame):
            table(frame.drop(columns="region_code"), "rule_documents", filter, height=320)
            foot(frame, "rule_documents", filter, "rule_document_count")


def fair_places(regions: pd.DataFrame, key: str, filter: Filter, part: str = "miss") -> None:
    """A card that compares communities in a rate; those with few are grey, below the others, with their interval."""
    indicator = INDICATORS[key]
    mine = regions[(regions["indicator"] == key) & (regions["base"] > 0)]
    shown = mine.assign(few=mine["base"] < indicator.minimum)
    shown = shown.sort_values(["few", "value"], kind="stable").head(MOST_PLACES)
    note = f"灰色为样本不足（少于 {indicator.minimum}），只列 95% 区间，不作比较"
    with card(findings_councils.places(shown, indicator), note, definition(indicator)):
        if shown.empty:
            st.caption("没有可比的数据。")
            return
        texts = [_place_words(row.value, row.hit, row.base, row.few, key) for row in shown.itertuples()]
        colors = [theme.TOO_FEW if few else theme.ACCENT for few in shown["few"]]
        chart(
            charts.bars(list(shown["name"]), list(shown["value"]), texts, colors),
            f"places-{key}",
            f"各社区{indicator.label}",
        )
        if len(mine) > len(shown):
            st.caption(f"共 {len(mine)} 个，列 {len(shown)} 个；全部见表格。")
        foot(mine, "indicators_by_region", filter, key, part)


def _place_words(value: float, hit: float, base: float, few: bool, key: str) -> str:
    words = f"{INDICATORS[key].format(value)}（n={base:,.0f}"
    interval = wilson(hit, base) if few else None
    return words + (f"，{interval[0]:.0%}–{interval[1]:.0%}）" if interval else "）")


def list_types(types: pd.DataFrame, filter: Filter) -> None:
    """The card with every list: listed, claimed, done. types: lists_by_type."""
    plain = types[~types["is_task"].astype(bool)]
    note = "统计期内提出的事项，看到数据截至；清单类型来自数据"
    with card(findings_councils.lists(types), note, definition(INDICATORS["list_claim_rate"])):
        tasks = types[types["is_task"].astype(bool)]
        if len(tasks):
            chart(charts_councils.claimed_and_done(tasks, "list_type"), "lists", "各类清单的提出、认领、完成")
        if len(plain):
            words = "、".join(f"{row.list_type} {row.item_count:,} 项" for row in plain.itertuples())
            st.caption(escaped(f"只登记情况、不用认领的清单：{words}。"))
        foot(types, "lists_by_type", filter, "list_claim_rate", "miss")


def list_details(types: pd.DataFrame, topics: pd.DataFrame, filter: Filter) -> None:
    """The card with rates and days by list, and the subjects of each list. types, topics: lists_by_type, …_topic."""
    with card("多快有人接、多快办成", "认领、完成天数为中位数，从提出算起；只含已认领、已完成的"):
        columns = ["list_type", "claim_rate", "done_rate", "claim_days", "done_days", "waiting_count"]
        table(types[types["is_task"].astype(bool)][columns], "lists_by_type", filter)
        st.markdown("**各清单有哪些主题**")
        table(topics, "lists_by_topic", filter, height=300)
        foot(topics, "lists_by_topic", filter, "list_count")


def list_units(units: pd.DataFrame, filter: Filter) -> None:
    """The card with the units that claim. units: lists_by_unit."""
    known = units[units["unit_id"] != ""]
    title = f"{len(known):,} 个单位认领了 {known['claimed_count'].sum():,} 项" if len(known) else "没有登记认领单位"
    with card(title, "统计期内认领的；单位按名称排列，不排名次"):
        if units.empty:
            st.caption("统计期内没有认领。")
            return
        table(
            units.drop(columns=["unit_id", "unit_type", "list_types"]),
            "lists_by_unit",
            filter,
            height=min(35 * len(units) + 38, 420),
        )
        foot(units, "lists_by_unit", filter, "list_claim_rate", "hit")


def projects(types: pd.DataFrame, rows: pd.DataFrame, filter: Filter, end: pd.Timestamp) -> None:
    """The card with projects in time and by type. types: projects_by_type; rows: projects; end: the data cut-off."""
    note = "统计期内开工、在建或完工的；受益户数、人数按完工项目，一户受益于几个项目各算一次"
    with card(findings_councils.projects(types), note, definition(INDICATORS["project_done_count"])):
        if types.empty and rows.empty:
            st.caption("统计期内没有民生项目。可以放宽统计期。")
            return
        table(types, "projects_by_type", filter)
        dated = rows[rows["started_on"].notna() | rows["done_on"].notna()].tail(MOST_PROJECTS)
        if len(dated):
            drawn = dated.assign(name=distinct(dated["name"], dated["project_id"], dated["place"]))
            chart(charts_councils.project_timeline(drawn, end), "projects", "民生项目的开工与完工")
        if len(rows) > len(dated):
            st.caption(f"共 {len(rows)} 个，图上列最近的 {len(dated)} 个；全部见表格。")
        foot(rows, "projects", filter, "project_done_count")

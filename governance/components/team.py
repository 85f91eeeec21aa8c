"""Blocks of 队伍: posts, sizes of grids, partners, places of service, video points. Totals only, nobody by himself."""

import pandas as pd
import streamlit as st

from governance import charts, codes, theme
from governance.charts import visits as charts_visits
from governance.codes import LABELS
from governance.components.figures import card, case_link, chart
from governance.components.missing import column_missing
from governance.components.tables import foot, table
from governance.components.text import definition, escaped
from governance.filters import Filter
from governance.findings import visits as findings_visits
from governance.indicators import INDICATORS, is_missing, rounded
from governance.rules import RULES

MOST_GRIDS = 200


def roles(crew: pd.DataFrame, shared: pd.DataFrame, filter: Filter) -> None:
    """The card with people by post, and how many hold several. crew: crew_by_role; shared: shared_posts."""
    row = shared.iloc[0]
    title = f"在岗 {row['people_count']:,.0f} 人、{row['post_count']:,.0f} 个岗位" if len(crew) else "没有在岗人员"
    with card(title, "期末在岗；一人多岗的在每个岗位各计一次；只有数量，不列名单、不排个人"):
        if len(crew):
            texts = [
                f"{row.people_count:,} 人" + (f" · 折算 {rounded(row.fte, 1)}" if row.fte else "")
                for row in crew.itertuples()
            ]
            labels = [codes.label("role", role) for role in crew["role"]]
            chart(charts.bars(labels, list(crew["people_count"]), texts), "roles", "各岗位人数")
            st.caption(escaped(_shared(row)))
        foot(crew, "crew_by_role", filter)


def _shared(row: pd.Series) -> str:
    """一人多岗, in a sentence; counts of people too small to be shown are said to be small."""
    few = int(RULES["few_people"].number)

    def people(name: str) -> str:
        return f"少于 {few} 人" if is_missing(row[name]) else f"{row[name]:,.0f} 人"

    if row["several_posts_count"] == 0:
        return "一人多岗：没有。"
    return (
        f"一人多岗：{people('several_posts_count')}，其中跨网格 {people('several_grids_count')}、"
        f"兼不同岗位 {people('several_roles_count')}。"
    )


def grid_sizes(grids: pd.DataFrame, former: pd.DataFrame, filter: Filter) -> None:
    """The card with the size of grids against the standard, and 多网合一. grids: grid_sizes; former: by former kind."""
    leaves = grids[grids["is_leaf"].astype(bool) & grids["size"].isin(charts_visits.SIZES)]
    with card(
        findings_visits.sizes(leaves), findings_visits.size_note(), definition(INDICATORS["standard_grid_share"])
    ):
        if len(leaves):
            counts = leaves.groupby(["level", "size"]).size().rename("count").reset_index()
            chart(charts_visits.sizes_by_level(counts, LABELS["level"]), "sizes", "各级网格规模")
        st.caption(escaped(_levels(grids)))
        flagged = leaves[leaves["size"].isin(["偏小", "偏大"])].sort_values("households", kind="stable")
        if len(flagged):
            with st.expander(f"偏小、偏大的网格 {len(flagged):,} 个"):
                shown = flagged.head(MOST_GRIDS)[["name", "community", "level", "households", "size", "worker_count"]]
                table(shown, "grid_sizes", filter, height=260)
        st.caption(escaped(findings_visits.former_kinds(former)), help=definition(INDICATORS["merged_grid_rate"]))
        if len(former):
            case_link("merged_grid_rate", "hit", "查看多网合一的网格", filter)
        else:
            column_missing("网格", "并入的原有网格", "grids.merged_from")
        foot(grids, "grid_sizes", filter, "standard_grid_share", "miss")


def _levels(grids: pd.DataFrame) -> str:
    """How many grids of each level there are, and how many households one has."""
    parts = []
    for level, rows in grids.groupby("level", sort=True):
        mean = rows["households"].mean()
        homes = "" if is_missing(mean) else f"（平均 {rounded(float(mean), 1)} 户）"
        parts.append(f"{LABELS['level'][str(level)]} {len(rows):,} 个{homes}")
    return "有效网格：" + "、".join(parts) + "。" if parts else "没有登记网格。"


def by_place(regions: pd.DataFrame, level: str, filter: Filter) -> None:
    """The card with posts, vacancies and auxiliaries by place. regions: team_by_region at `level`."""
    label = LABELS["level"][level]
    note = "无人的多的在前；每名辅助员联系户数看熟人网格辅助员有多“熟”；只比地方，不比个人"
    with card(findings_visits.crews(regions, label), note, definition(INDICATORS["staffed_rate"])):
        table(regions.drop(columns="place_code").head(MOST_GRIDS), "team_by_region", filter, height=330)
        foot(regions, "team_by_region", filter, "staffed_rate", "miss")


def partners(types: pd.DataFrame, filter: Filter) -> None:
    """The card with organisations and teams. types: partners_by_type."""
    few = int(RULES["few_people"].number)
    count = int(types["partner_count"].sum())
    note = f"党组织、社会组织、驻区单位、结对帮扶、志愿队伍；只有数量，没有名单，少于 {few} 人的人数不显示"
    with card(f"吹哨叫得动谁：{len(types):,} 类 {count:,} 个组织与队伍", note):
        if len(types):
            table(types, "partners_by_type", filter, height=330)
        foot(types, "partners_by_type", filter, "partner_count")


def party(levels: pd.DataFrame, communities: pd.DataFrame, filter: Filter) -> None:
    """The card of 党组织 on 网格. levels: party_by_level; communities: party_by_community."""
    note = "镇党委—社区党组织—小区（网格）党支部—党小组—党员中心户；只看组织和网格，没有名单，不看个人"
    with card(findings_visits.party(communities), note, definition(INDICATORS["party_grid_rate"])):
        if levels.empty:
            column_missing("共建力量", "党组织层级", "partners.party_level")
            return
        table(levels, "party_by_level", filter)
        foot(levels, "party_by_level", filter, "party_count")
        if communities.empty:
            column_missing("网格", "党组织编号", "grids.party_id")
            return
        table(communities.drop(columns="community_code"), "party_by_community", filter, height=300)
        foot(communities, "party_by_community", filter, "party_grid_rate", "miss")


def facilities(types: pd.DataFrame, filter: Filter) -> None:
    """The card with places of service. types: facilities_by_type."""
    with card(f"服务阵地：{len(types):,} 类 {int(types['facility_count'].sum()):,} 处", "期末已启用的；人次不是人数"):
        if len(types):
            table(types.drop(columns=["area_m2", "names"]), "facilities_by_type", filter, height=330)
        foot(types, "facilities_by_type", filter, "facility_count")


def video(systems: pd.DataFrame, filter: Filter) -> None:
    """The card with video points: installed and online, no pictures. systems: video_by_system."""
    indicator = INDICATORS["video_online_rate"]
    installed, online = (int(systems[name].sum()) for name in ("installed_count", "online_count"))
    title = (
        f"视频点位 {installed:,} 个，在线 {indicator.format(online / installed)}"
        if installed
        else "没有检测过的视频点位"
    )
    with card(title, "雪亮工程、公安天网、慧眼工程等；只有位置和是否在线，没有画面", definition(indicator)):
        if installed:
            texts = [
                f"{indicator.format(row.video_online_rate)}（{row.online_count:,} / {row.installed_count:,}）"
                for row in systems.itertuples()
            ]
            colors = [
                theme.ACCENT if row.installed_count >= indicator.minimum else theme.TOO_FEW
                for row in systems.itertuples()
            ]
            made = charts.bars(list(systems["system"]), list(systems["video_online_rate"]), texts, colors)
            chart(made, "video", "各工程视频点位在线率")
        foot(systems, "video_by_system", filter, indicator.key, "miss")

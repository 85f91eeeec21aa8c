"""研判 on 代办, platforms, 五办, 包联 and councils: titles that a rule draws from the figures."""

from typing import Any

import pandas as pd

from governance import codes, contrasts
from governance.charts.process import spell
from governance.indicators import rounded
from governance.rules import RULES

CLEAR_OF_NOTHING = 0.0


def platforms(rows: pd.DataFrame) -> str:
    """Which platform most cases come through. rows: cases_by_platform."""
    used = rows[rows["case_count"] > 0]
    if used.empty:
        return "没有来自有名称的平台的案件"
    top = used.iloc[0]
    share = f"，占 {rounded(top['case_share'] * 100, 1)}%" if len(used) > 1 else ""
    return f"{len(used)} 个平台，{top['platform']}受理 {top['case_count']:,} 件{share}"


def errands(rows: pd.DataFrame) -> str:
    """How many errands were done, and of which kind most. rows: errands_by_type."""
    done = rows[rows["closed_count"] > 0]
    if done.empty:
        return "没有办结的代办"
    top = done.iloc[0]
    kind = codes.label("errand", top["errand"])
    return f"代办 {done['closed_count'].sum():,} 件，{kind}最多：{top['closed_count']:,} 件"


def handlings(rows: pd.DataFrame) -> str:
    """五办: how many matters, how many done. rows: lists_by_handling."""
    if rows.empty:
        return "五办：没有登记办理方式的事项"
    count, done = rows["item_count"].sum(), rows["done_count"].sum()
    return f"五办：{count:,} 项明确了怎么办，办成 {done:,} 项"


def plans(topics: pd.DataFrame, totals: pd.DataFrame) -> str:
    """次日计划: how much was done on the day, later, not yet. topics: plans_by_topic."""
    if topics.empty:
        return "次日计划：没有到日子的事项"
    made, kept, late = (int(topics[name].sum()) for name in ("item_count", "kept_count", "late_count"))
    waiting = int(totals.set_index("indicator").at["plan_open_count", "base"])
    sentence = f"次日计划 {made:,} 件，当天办成 {kept:,} 件（{rounded(kept / made * 100, 1)}%）、过后办成 {late:,} 件"
    return sentence + (f"；期末还有 {waiting:,} 件没有办成" if waiting else "")


def liaisons(rows: pd.DataFrame) -> str:
    """Which communities and estates have nobody yet. rows: liaisons_by_community."""
    if rows.empty:
        return "包联：没有台账"
    bare = (rows["unit_count"] == 0).sum()
    estates, covered = rows["estate_count"].sum(), rows["covered_count"].sum()
    words = f"包联：{len(rows):,} 个村社区"
    words += f"中 {bare:,} 个还没有包联单位" if bare else "都有包联单位"
    return words + (f"，{estates:,} 个小区中 {estates - covered:,} 个没有" if estates else "")


def effect(row: Any) -> tuple[bool, str]:
    """Whether a council is known to have changed anything, and the sentence. row: one of councils_before_after."""
    fewest = int(RULES["project_cases"].number)
    counts = f"前一年 {row.before_count:,} 件，后一年 {row.after_count:,} 件"
    found = contrasts.improvement(row.after_hours, row.before_hours) if row.after_count else None
    name = f"{row.place} {row.meeting_type}（{row.began_on:%Y 年 %-m 月}起）"
    if found is None or min(row.before_count, row.after_count) < fewest:
        return False, f"{name}：样本不足（{counts}），不下结论"
    medians = f"中位 {spell(row.before_median)} → {spell(row.after_median)}"
    bounds = f"95% 区间 {_signed(found.low)} 至 {_signed(found.high)}"
    if not found.excludes(CLEAR_OF_NOTHING):
        return False, f"{name}：{medians}，{_signed(found.value)}，{bounds}，看不出变化（{counts}）"
    change = "提升" if found.value > 0 else "变慢"
    return True, f"{name}：效率{change} {rounded(abs(found.value) * 100, 0)}%，{medians}，{bounds}（{counts}）"


def _signed(share: float) -> str:
    if share == float("-inf"):
        return "（无下限）"
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{rounded(abs(share) * 100, 0)}%"


def effects(rows: pd.DataFrame) -> str:
    """The clearest change. rows: councils_before_after."""
    for row in rows.itertuples():
        known, _ = effect(row)
        if known:
            found = contrasts.improvement(row.after_hours, row.before_hours)
            assert found is not None
            more = "提升" if found.value > 0 else "变慢"
            return f"{row.meeting_type}以后，处置效率{more} {rounded(abs(found.value) * 100, 0)}%"
    return "议事前后的办理时长：还没有看得清的变化"

"""研判: titles of the cards on visits, crews, points and volunteering, drawn by rule from the figures."""

import pandas as pd

from governance.findings.basic import run_of_months
from governance.indicators import INDICATORS, is_missing, rounded
from governance.rules import RULES


def coverage(monthly: pd.DataFrame) -> str:
    """What the whole months say of the coverage. monthly: visit_coverage, is_complete."""
    indicator = INDICATORS["visit_coverage"]
    whole = monthly[monthly["is_complete"].astype(bool)]
    values = list(whole["visit_coverage"])
    known = [value for value in values if not is_missing(value)]
    if not known:
        return f"还没有满一个月的{indicator.label}"
    return f"{run_of_months(values, indicator.label)}，最近一个整月 {indicator.format(known[-1])}"


def gaps(communities: pd.DataFrame) -> str:
    """How many grids were not reached in the period. communities: grid_count, unreached_count, never_count, …"""
    grids, missed = int(communities["grid_count"].sum()), int(communities["unreached_count"].sum())
    head = f"{len(communities):,} 个村社区有走访登记"
    if not grids:
        return f"{head}，登记里没有网格"
    if not missed:
        return f"{head}，{grids:,} 个网格期内都走到了"
    never = int(communities["never_count"].sum())
    households = int(communities["unreached_households"].sum())
    tail = f"，其中 {never:,} 个从未走到" if never else ""
    return f"{head}，{grids:,} 个网格中 {missed:,} 个期内没有走到（{households:,} 户）{tail}"


def lookback(compared: pd.DataFrame) -> str:
    """Whether looking back goes with fewer relapses; no claim where either side is small.

    compared: is_looked_back, closed_count, relapse_rate.
    """
    rate = INDICATORS["relapse_rate"]
    rows = {bool(row.is_looked_back): row for row in compared.itertuples()}
    if True not in rows:
        return "统计期内满 90 日的案件没有回头看过的"
    seen = f"回头看过的案件复发率 {rate.format(rows[True].relapse_rate)}（n={rows[True].closed_count:,}）"
    if False not in rows:
        return seen
    other = f"没有看过的 {rate.format(rows[False].relapse_rate)}（n={rows[False].closed_count:,}）"
    few = min(rows[True].closed_count, rows[False].closed_count) < rate.minimum
    return f"{seen}，{other}" + ("，样本不足，不下结论" if few else "")


def crews(regions: pd.DataFrame, level: str) -> str:
    """How many grids have nobody of theirs. regions: grid_count, vacant_count; level: its Chinese label."""
    grids, vacant = int(regions["grid_count"].sum()), int(regions["vacant_count"].sum())
    if not grids:
        return "没有登记末级网格"
    if not vacant:
        return f"{grids:,} 个末级网格都有专职或兼职网格员"
    places = int((regions["vacant_count"] > 0).sum())
    return f"{grids:,} 个末级网格中 {vacant:,} 个没有专兼职网格员，分布在 {places:,} 个{level}"


def sizes(grids: pd.DataFrame) -> str:
    """How many leaf grids are of a fit size. grids: the leaf grids of the two upper levels, with size."""
    if grids.empty:
        return "没有有户数的末级大、小网格；微网格不按 300–500 户看"
    counts = grids["size"].value_counts()
    share = rounded(counts.get("适当", 0) / len(grids) * 100, 0)
    return (
        f"{len(grids):,} 个末级大、小网格，规模适当的占 {share}%，"
        f"偏小 {counts.get('偏小', 0):,} 个，偏大 {counts.get('偏大', 0):,} 个"
    )


def size_note() -> str:
    """The limits of the size of a grid, in words, from the rules."""
    small, first, last, large = (
        int(RULES[name].number) for name in ("grid_small", "grid_from", "grid_to", "grid_large")
    )
    return (
        f"适当 {first}–{last} 户，偏小不足 {small} 户，偏大超过 {large} 户（规则可改）；"
        "商圈、老旧小区可以例外，只提示，不评价；微网格不按这个标准看"
    )


def points(monthly: pd.DataFrame) -> str:
    """Whether more is earned than redeemed. monthly: earned, redeemed, points_balance."""
    earned, redeemed = int(monthly["earned"].sum()), int(monthly["redeemed"].sum())
    if not earned and not redeemed:
        return "没有积分流水"
    balance = next((value for value in reversed(list(monthly["points_balance"])) if not is_missing(value)), 0)
    return f"发放 {earned:,} 分，兑换 {redeemed:,} 分，期末沉淀 {balance:,.0f} 分"


def activities(types: pd.DataFrame) -> str:
    """How much was done. types: activity_count, hours, beneficiary_count."""
    if types.empty:
        return "统计期内没有开展的活动"
    count, hours = int(types["activity_count"].sum()), types["hours"].sum()
    first = types.iloc[0]
    return (
        f"{len(types):,} 类活动 {count:,} 场、{rounded(hours, 0)} 小时，{first['activity_type']}最多"
        f"（{first['activity_count']:,} 场）"
    )


def routine(monthly: pd.DataFrame) -> str:
    """Whether what is promised for a day of the month is held on it. monthly: the strip of routine activities."""
    parts = []
    for kind, rows in monthly.groupby("activity_type", sort=False):
        judged = int((rows["planned_count"] - rows["pending_count"]).sum())
        kept, day = int(rows["kept_count"].sum()), rows["usual_day"].iloc[0]
        name = str(kind) if is_missing(day) else f"{kind}（每月 {day:.0f} 日）"
        parts.append(f"{name} {judged:,} 次{'全部如期' if kept == judged else f'中 {kept:,} 次如期'}")
    return "；".join(parts[:3]) or "没有计划日期的活动"


def party(communities: pd.DataFrame) -> str:
    """How many grids have a party organisation that answers for them. communities: party_by_community."""
    grids, led = int(communities["grid_count"].sum()), int(communities["led_count"].sum())
    if not grids:
        return "党组织与网格：没有登记哪个网格对应哪个党组织"
    share = INDICATORS["party_grid_rate"].format(led / grids)
    rest = f"，{grids - led:,} 个还没有" if led < grids else ""
    return f"党组织建在网格上：{grids:,} 个末级网格中 {led:,} 个有党组织对应（{share}）{rest}"


def brands(frame: pd.DataFrame) -> str:
    """Which named services were really held. frame: activities_by_brand."""
    if frame.empty:
        return "服务品牌：没有登记品牌的活动"
    held = frame.groupby("brand", sort=False)["activity_count"].sum()
    return "服务品牌：" + "、".join(f"{name} {count:,} 场" for name, count in held.items())


def former_kinds(former: pd.DataFrame) -> str:
    """多网合一: how many grids were made of several kinds, and of which. former: grids_by_former_kind."""
    if former.empty:
        return "多网合一：没有登记网格由哪些原有网格合并而成"
    merged, known = int(former["merged_count"].iloc[0]), int(former["registered_count"].iloc[0])
    kinds = "、".join(f"{row.former_kind} {row.grid_count:,}" for row in former.itertuples())
    return f"多网合一：{known:,} 个末级网格中 {merged:,} 个由两类以上原有网格合并；并入的有{kinds}"

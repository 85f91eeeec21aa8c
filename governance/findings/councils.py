"""研判: titles of the cards on common affairs, drawn by rule from the figures. The same figures give the same words."""

import pandas as pd

from governance.indicators import INDICATORS, Indicator, is_missing, rounded


def low_items(cells: pd.DataFrame) -> str:
    """How many items are low or failing in a round, and which item at most estates. cells: item, verdict."""
    judged = cells[cells["verdict"] != "few"]
    if judged.empty:
        return "各小区打分卡张数都不足，不评"
    bad = judged[judged["verdict"].isin(["low", "failing"])]
    if bad.empty:
        return f"{len(judged):,} 个小区分项没有低分项"
    failing = int((bad["verdict"] == "failing").sum())
    sentence = f"{len(judged):,} 个小区分项中，低分项 {len(bad) - failing:,} 个、不及格分项 {failing:,} 个"
    counts = bad["item"].value_counts()
    most = sorted(counts[counts == counts.max()].index)
    if counts.max() > 1 and len(most) == 1:
        sentence += f"；{most[0]}最多（{counts.max():,} 个小区）"
    return sentence


def actions(low: pd.DataFrame) -> str:
    """What was done about the low items of a round. low: verdict, action_state."""
    bad = low[low["verdict"].isin(["low", "failing"])]
    if bad.empty:
        return "这一轮没有低分项"
    taken, done = int((bad["action_state"] != "none").sum()), int((bad["action_state"] == "done").sum())
    if not taken:
        return f"{len(bad):,} 个低分项、不及格分项都还没有决定整改"
    rest = f"，{len(bad) - taken:,} 个没有" if taken < len(bad) else ""
    return f"{len(bad):,} 个低分项、不及格分项中，{taken:,} 个决定了整改{rest}；已完成 {done:,} 个"


def changes(low: pd.DataFrame) -> str:
    """What the next round says of the low items of a round. low: verdict, outcome."""
    followed = low[low["outcome"] != "none"]
    if followed.empty:
        return "还没有下一轮可比"
    compared = followed[followed["outcome"] != "few"]
    if compared.empty:
        return "两轮张数都够的低分项还没有，不说变好变差"
    better, worse = (int((compared["outcome"] == outcome).sum()) for outcome in ("better", "worse"))
    sentence = f"{len(compared):,} 个低分项或整改项，下一轮明显变好 {better:,} 个、变差 {worse:,} 个"
    unclear = len(compared) - better - worse
    return sentence + (f"，{unclear:,} 个看不出变化" if unclear else "")


def compared_changes(groups: pd.DataFrame) -> str:
    """Acted on, not acted on and the rest, side by side. groups: kind, cell_count, mean_change."""
    names = {"acted": "低分且整改的", "unacted": "低分未整改的", "others": "其余分项"}
    parts = [
        f"{names[row.kind]}平均 {row.mean_change:+.1f} 分（n={row.cell_count:,}）"
        for row in groups.itertuples()
        if row.cell_count
    ]
    return "、".join(parts)


def mailbox(rows: pd.DataFrame, label: str) -> str:
    """What came in by one channel and was closed. rows: the row of that channel."""
    row = rows.iloc[0]
    if not row["reported_count"] and not row["closed_count"]:
        return f"统计期内{label}没有来件"
    return (
        f"{label}收到 {row['reported_count']:,.0f} 件，办结 {row['closed_count']:,.0f} 件，"
        f"其中化解 {row['solved_count']:,.0f} 件"
    )


def wishes(types: pd.DataFrame) -> str:
    """微心愿: made, taken, fulfilled. types: item_count, claimed_count, done_count of the lists of wishes."""
    made, taken, done = (int(types[name].sum()) for name in ("item_count", "claimed_count", "done_count"))
    if not made:
        return "统计期内没有提出微心愿"
    return f"微心愿提出 {made:,} 个，认领 {taken:,} 个（{_percent(taken, made)}），完成 {done:,} 个"


def wish_teams(teams: pd.DataFrame) -> str:
    """五色模范党员: how many teams took how many wishes. teams: wishes_by_team."""
    if teams.empty:
        return "五色模范党员：没有写明哪支队伍认领的微心愿"
    taken, done = int(teams["claimed_count"].sum()), int(teams["done_count"].sum())
    return f"五色模范党员等 {len(teams):,} 支队伍认领微心愿 {taken:,} 个，完成 {done:,} 个"


def meetings(types: pd.DataFrame) -> str:
    """How many planned meetings were held as planned, and the type that keeps its word least."""
    judged, kept = int(types["judged_count"].sum()), int(types["kept_count"].sum())
    if not judged:
        held = int(types["held_count"].sum())
        return f"召开 {held:,} 场，都没有登记计划日期，看不出是否如期" if held else "统计期内没有到日子的会议"
    sentence = f"应开 {judged:,} 场，如期 {kept:,} 场（{_percent(kept, judged)}）"
    rate = INDICATORS["meeting_kept_rate"]
    enough = types[types["judged_count"] >= rate.minimum]
    if len(enough) > 1 and enough["kept_rate"].min() < min(enough["kept_rate"].max(), rate.target or 1):
        worst = enough.loc[enough["kept_rate"].idxmin()]
        sentence += f"；{worst['meeting_type']}最不守时（{_percent(worst['kept_count'], worst['judged_count'])}）"
    return sentence


def issues(totals: pd.DataFrame) -> str:
    """How many issues are solved, and how many still wait. totals: indicator_totals by indicator."""
    rate, waiting = totals.loc["issue_solved_rate"], int(totals.at["issue_open_count", "base"])
    open_words = f"，期末还有 {waiting:,} 件没解决" if waiting else "，期末没有未解决的"
    if not rate["base"]:
        return "统计期内没有议定满消化期的事项" + open_words
    share = INDICATORS["issue_solved_rate"].format(rate["value"])
    return f"议定满消化期的 {rate['base']:,.0f} 件中解决 {rate['hit']:,.0f} 件（{share}）{open_words}"


def proposals(funnel: pd.DataFrame) -> str:
    """征集 → 筛选 → 采纳 → 落地 in one sentence. funnel: the four steps."""
    if funnel.empty:
        return "统计期内没有征集建议"
    made, _, adopted, done = (int(count) for count in funnel["passed_count"])
    return f"征集 {made:,} 条，采纳 {adopted:,} 条（{_percent(adopted, made)}），落地 {done:,} 条"


def lists(types: pd.DataFrame) -> str:
    """How much of what is listed is taken and done, and how long the oldest has waited."""
    tasks = types[types["is_task"]]
    made, taken, done = (int(tasks[name].sum()) for name in ("item_count", "claimed_count", "done_count"))
    if not made:
        return "统计期内的清单都只登记情况，不用认领"
    sentence = f"要办的 {made:,} 项，认领 {taken:,} 项（{_percent(taken, made)}），完成 {done:,} 项"
    waiting = int(tasks["waiting_count"].sum())
    if waiting:
        sentence += f"；{waiting:,} 项无人认领，最久 {tasks['oldest_days'].max():,.0f} 天"
    return sentence


def projects(types: pd.DataFrame) -> str:
    """What was finished and for how many households, and what is being built."""
    done, running = int(types["done_count"].sum()), int(types["running_count"].sum())
    households = types["households"].sum()
    sentence = f"完工 {done:,} 个" + (f"，受益 {households:,.0f} 户" if households else "")
    return sentence + (f"；在建 {running:,} 个" if running else "")


def places(frame: pd.DataFrame, indicator: Indicator) -> str:
    """Whether communities differ in a rate, said only of those with enough. frame: name, value, base."""
    judged = frame[frame["value"].notna() & (frame["base"] >= indicator.minimum)]
    if len(judged) < 2:
        return f"各社区{indicator.label}"
    low, high = indicator.format(judged["value"].min()), indicator.format(judged["value"].max())
    return f"样本足够的 {len(judged)} 个社区，{indicator.label}在 {low} 到 {high} 之间"


def _percent(part: float, whole: float) -> str:
    if not whole or is_missing(part):
        return "—"
    return f"{rounded(part / whole * 100, 1)}%"

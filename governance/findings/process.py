"""研判 on steps, whistles, paths and promises: titles that a rule draws from the figures."""

import pandas as pd

from governance import codes
from governance.charts.process import spell
from governance.indicators import INDICATORS, is_missing, rounded


def _share(value: float) -> str:
    return f"{rounded(value * 100, 1)}%"


def recorded(totals: pd.DataFrame) -> str:
    """How many cases have a log at all: the rest says nothing about steps."""
    row = totals.set_index("indicator").loc["step_record_rate"]
    if not row["base"]:
        return "统计期内没有上报的案件。"
    return (
        f"统计期内上报 {row['base']:,.0f} 件，其中 {row['hit']:,.0f} 件（{_share(row['value'])}）有办理步骤记录；"
        "七步、五单、吹哨、转手和路径只看这些案件。"
    )


def reached(steps: pd.DataFrame) -> str:
    """Which step is left out most, among those that a case had to take. steps: process_by_step."""
    missing = steps[steps["step"] != "rate"]
    if not missing["missing_count"].sum():
        return "民事7步：从发现到反馈没有缺步"
    worst = missing.loc[missing["missing_count"].idxmax()]
    wanted = worst["case_count"] - worst["skipped_count"]
    return f"民事7步：{codes.label('step', worst['step'])}缺得最多，{_of(worst['missing_count'], wanted)}没有记录"


def _of(part: float, whole: float) -> str:
    return f"该走的 {whole:,.0f} 件中 {part:,.0f} 件（{_share(part / whole)}）"


def slowest(steps: pd.DataFrame) -> str:
    """The step on which most of all time is spent. steps: process_by_step."""
    known = steps[steps["time_share"].notna()]
    if known.empty or not known["time_share"].max():
        return "每一步用多久"
    worst = known.loc[known["time_share"].idxmax()]
    return (
        f"时间主要花在{codes.label('step', worst['step'])}：占总用时 {_share(worst['time_share'])}，"
        f"中位 {spell(worst['median_hours'])}"
    )


def longest(frame: pd.DataFrame, names: pd.Series, few: int, otherwise: str) -> str:
    """Who waits longest for which step, among those with enough cases. frame: step_hours_by_…; names: one per row."""
    judged = frame[(frame["timed_count"] >= few) & frame["median_hours"].notna()]
    if len(judged) < 2:
        return otherwise
    worst = judged["median_hours"].idxmax()
    step = codes.label("step", judged.at[worst, "step"])
    return f"{names[worst]}的{step}最久：中位 {spell(judged.at[worst, 'median_hours'])}"


def orders(stages: pd.DataFrame) -> str:
    """查单率 and 参评率 of the five orders. stages: orders_by_step."""
    if stages.empty:
        return "五单：统计期内没有点单"
    rows = stages.set_index("stage")
    return (
        f"五单：{rows.at['点单', 'order_count']:,} 次点单，"
        f"{_share(rows.at['查单', 'reached_share'])} 查过单，{_share(rows.at['评单', 'reached_share'])} 评过单"
    )


def whistles(units: pd.DataFrame) -> str:
    """How many whistles there were and how many were answered in time. units: whistles_by_unit."""
    if units.empty:
        return "吹哨报到：统计期内没有吹哨"
    count, due, hit = (units[name].sum() for name in ("whistle_count", "due_count", "in_time_count"))
    rate = f"，时限内报到 {_share(hit / due)}" if due else ""
    return f"吹哨报到：{count:,} 次吹哨，{len(units)} 个单位{rate}"


def handovers(rows: pd.DataFrame) -> str:
    """What being passed on costs in time. rows: handovers_by_count."""
    first, passed = rows[rows["handovers"] == 0], rows[rows["handovers"] > 0]
    if rows.empty:
        return "首问负责：统计期内没有派过单的办结案件"
    if passed.empty:
        return "首问负责：没有转派和退单，都由首接单位办结"
    share = passed["case_share"].sum()
    title = f"首问负责：{_share(share)} 转过手"
    once = passed.iloc[0]
    if len(first) and once["case_count"] >= INDICATORS["first_unit_rate"].minimum:
        title += f"，转一次的中位 {spell(once['median_hours'])}，首接办结的 {spell(first.iloc[0]['median_hours'])}"
    return title


def paths(rows: pd.DataFrame, totals: pd.DataFrame) -> str:
    """How many different ways there are, and how many cases go the whole way. rows: case_paths."""
    row = totals.set_index("indicator").loc["seven_steps_rate"]
    if rows.empty or is_missing(row["value"]):
        return "案件实际走的路径"
    return f"办结的 {row['base']:,.0f} 件走出 {len(rows):,} 种路径，七步完整的占 {_share(row['value'])}"


def way(path: str, missing: str, loops: str, is_disordered: bool) -> str:
    """What is wrong with a path, in a few words: 缺 会商、评价；绕回 返工."""

    def listed(steps: str) -> str:
        return "、".join(codes.label("step", step) for step in steps.split(">"))

    parts = [
        f"缺{listed(missing)}" if missing else "",
        f"绕回{listed(loops)}" if loops else "",
        "先后颠倒" if is_disordered else "",
    ]
    return "；".join(part for part in parts if part) or "完整"


def promises(rules: pd.DataFrame) -> str:
    """The promise kept least, among those with enough cases. rules: promises_by_rule."""
    minimum = INDICATORS["promise_kept_rate"].minimum
    judged = rules[(rules["part"] == "办结") & (rules["judged_count"] >= minimum)]
    if judged.empty:
        return "各项承诺兑现了多少"
    worst = judged.loc[judged["kept_rate"].idxmin()]
    if len(judged) == 1:
        return f"{worst['rule']}兑现 {_share(worst['kept_rate'])}"
    best = judged.loc[judged["kept_rate"].idxmax()]
    return f"{worst['rule']}兑现最少：{_share(worst['kept_rate'])}；{best['rule']} {_share(best['kept_rate'])}"


def open_promises(rules: pd.DataFrame) -> str:
    """What is past its promise at the end of the period, and what comes next. rules: promises_by_rule."""
    closing = rules[rules["part"] == "办结"]
    late, soon = closing["overdue_count"].sum(), closing[["due_in_24_hours", "due_in_48_hours"]].sum().sum()
    if not closing["open_count"].sum():
        return "期末没有承诺了时限的在办案件"
    if not late:
        return f"没有超过承诺的在办案件，{soon:,} 件将在 48 小时内到期"
    return (
        f"{late:,} 件超过承诺还在办，最久 {rounded(closing['oldest_days'].max(), 0)} 天；{soon:,} 件将在 48 小时内到期"
    )


def variants(totals: pd.DataFrame) -> str:
    """How far the three official ways of counting 按期办结率 lie apart."""
    rows = totals.set_index("indicator")
    keys = ["on_time_rate", "on_time_rate_by_due", "on_time_rate_by_report"]
    values = [rows.at[key, "value"] for key in keys if not is_missing(rows.at[key, "value"])]
    if len(values) < 2:
        return "三种口径的按期办结率"
    spread = rounded((max(values) - min(values)) * 100, 1)
    return f"三种口径的按期办结率相差 {spread} 个百分点" if spread != "0.0" else "三种口径的按期办结率一致"


def calendar(rules: pd.DataFrame) -> str:
    """Which calendar the rules go by. rules: deadline_rules."""
    if not rules["uses_calendar"].any():
        return "现行规则都按自然时间计算，节假日不停表；缓办停表，批准的延期顺延。"
    first = rules.iloc[0]
    if pd.isna(first["calendar_from"]):
        return "有规则按工作日计算；没有导入节假日历，工作日按周一至周五算。"
    span = f"{first['calendar_from']:%Y-%m-%d} 至 {first['calendar_to']:%Y-%m-%d}"
    return f"有规则按工作日计算：{span} 按导入的节假日历（含调休），此外按周一至周五算。"

"""研判: sentences that a rule draws from the figures. The same figures always give the same words."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from governance import codes
from governance.indicators import INDICATORS, Indicator, is_missing, rounded

FEW_PLACES = 3
UNPLACED = "未落格"
MOSTLY_IDLE = 0.9  # with more grids than this without an open case, P90 is zero and says nothing


def stuck(totals: pd.DataFrame, regions: pd.DataFrame) -> str:
    """哪里堵了: how much is open and overdue at the end of the period, and where most of it lies."""
    rows = totals.set_index("indicator")
    backlog, overdue = rows.at["backlog", "base"], rows.at["overdue_count", "base"]
    if not backlog:
        return "期末没有在办案件。"
    if not rows.at["overdue_rate", "base"]:
        return f"期末在办 {backlog:,.0f} 件，都没有登记办结期限，看不出是否超期。"
    share = INDICATORS["overdue_rate"].format(rows.at["overdue_rate", "value"])
    sentence = f"期末在办 {backlog:,.0f} 件，其中超期 {overdue:,.0f} 件（{share}）。"
    worst = regions[(regions["indicator"] == "overdue_count") & (regions["base"] > 0)].nlargest(FEW_PLACES, "base")
    if overdue and len(worst):
        sentence += (
            "超期最多："
            + "、".join(f"{name} {n:,.0f} 件" for name, n in zip(worst["name"], worst["base"], strict=True))
            + "。"
        )
    return sentence


def why(totals: pd.DataFrame, categories: pd.DataFrame) -> str:
    """为什么: how 按期办结率 moved, and the category that holds it down most."""
    rows, indicator = totals.set_index("indicator"), INDICATORS["on_time_rate"]
    row = rows.loc["on_time_rate"]
    if is_missing(row["value"]):
        return "统计期内没有到期应判的案件，谈不上按期与否。"
    sentence = f"{indicator.label} {indicator.format(row['value'])}{moved(row['value'], row['previous'])}。"
    judged = categories[(categories["indicator"] == "on_time_rate") & (categories["base"] >= indicator.minimum)]
    late, all_late = judged["base"] - judged["hit"], row["base"] - row["hit"]
    if len(judged) and late.max():
        worst = judged.loc[late.idxmax()]
        share = rounded(late.max() / all_late * 100, 0)
        sentence += (
            f"未按期的案件中 {share}% 是{codes.label('category', worst['category'])}"
            f"（该类按期办结率 {indicator.format(worst['value'])}，n={worst['base']:,.0f}）。"
        )
    return sentence


def who(units: pd.DataFrame) -> str:
    """谁该动: the units with most overdue cases, and what falls due within two days."""
    if not len(units):
        return "期末没有在办案件。"
    if not units["due_count"].sum():
        most = units.nlargest(FEW_PLACES, "open_count")
        return "在办较多的承办单位：" + _listed(f"{row.unit} {row.open_count:,} 件" for row in most.itertuples())
    late = units[units["overdue_count"] > 0].nlargest(FEW_PLACES, "overdue_count")
    sentence = ""
    if len(late):
        sentence = "超期案件较多的承办单位：" + _listed(
            f"{row.unit} {row.overdue_count:,} 件（最久超期 {rounded(row.oldest_days, 0)} 天）"
            for row in late.itertuples()
        )
        longest = units.loc[units["oldest_days"].idxmax()]
        if longest["unit"] not in set(late["unit"]):
            sentence += f"最久的一件在{longest['unit']}，已超期 {rounded(longest['oldest_days'], 0)} 天。"
    soon = units["due_in_48_hours"].sum()
    if soon:
        sentence += f"另有 {soon:,} 件将在 48 小时内到期。"
    return sentence or "没有超期案件，48 小时内也没有到期的。"


def latest(units: pd.DataFrame) -> str:
    """Which unit has most overdue, and its share of all that is. units: overdue_by_unit."""
    late = units[units["overdue_count"] > 0]
    if late.empty:
        return "没有超期的承办单位"
    most, total = late[late["overdue_count"] == late["overdue_count"].max()], late["overdue_count"].sum()
    names = str(most["unit"].iloc[0]) + (f"等 {len(most)} 个单位" if len(most) > 1 else "")
    share = rounded(most["overdue_count"].sum() / total * 100, 0)
    return f"{names}超期最多：{'各 ' if len(most) > 1 else ''}{most['overdue_count'].iloc[0]:,} 件，占 {share}%"


def flow(months: pd.DataFrame, stop: date) -> str:
    """What came in and what was closed in the last whole month before `stop`. months: cases_by_month."""
    whole = months[pd.to_datetime(months["month"]) + pd.offsets.MonthBegin(1) <= pd.Timestamp(stop)]
    if whole.empty:
        return "受理、办结与期末在办"
    last = whole.iloc[-1]
    difference = int(last["reported_count"] - last["closed_count"])
    words = f"多受理 {difference:,} 件" if difference > 0 else f"多办结 {-difference:,} 件" if difference else "持平"
    return (
        f"{pd.Timestamp(last['month']).month} 月受理 {last['reported_count']:,} 件、办结 {last['closed_count']:,} 件，"
        f"{words}；月末在办 {last['open_count']:,} 件"
    )


def moved_places(pairs: pd.DataFrame, indicator: Indicator) -> str:
    """How many places changed by more than chance gives. pairs: name, change, is_clear, the largest changes first."""
    if pairs.empty:
        return f"两期{indicator.label}可比的地方还没有"
    clear = pairs[pairs["is_clear"]]
    if clear.empty:
        return f"{len(pairs):,} 地{indicator.label}都看不出变化"
    one = clear.iloc[0]
    words = f"{one['name']}{'上升' if one['change'] > 0 else '下降'} {rounded(abs(one['change']) * 100, 1)} 个百分点"
    more = f"等 {len(clear):,} 地有变化" if len(clear) > 1 else ""
    rest = f"，其余 {len(pairs) - len(clear):,} 地看不出变化" if len(pairs) > len(clear) else ""
    return f"{indicator.label}：{words}{more}{rest}"


def _listed(parts: Iterable[str]) -> str:
    return "、".join(parts) + "。"


def moved(value: float, before: float) -> str:
    """，较上期上升 2.1 个百分点 — or nothing when there is no 上期."""
    if is_missing(before):
        return ""
    change = INDICATORS["on_time_rate"].format_change(value, before)
    if change == "持平":
        return "，与上期持平"
    return f"，较上期{'上升' if change.startswith('+') else '下降'} {change[1:]}"


def run_of_months(values: list[float], label: str) -> str:
    """What the last complete months say: "满意率连续 3 个月下降", or the last value's move, or that it is level."""
    gap = max((i for i, value in enumerate(values) if is_missing(value)), default=-1)
    known = values[gap + 1 :]  # a run of months does not reach across one without a number
    if len(known) < 2:
        return label
    sign = _sign(known[-1] - known[-2])
    length = 0
    for later, earlier in zip(reversed(known), reversed(known[:-1]), strict=False):
        if _sign(later - earlier) != sign:
            break
        length += 1
    if sign == 0:
        return f"{label}与上月持平"
    direction = "上升" if sign > 0 else "下降"
    return f"{label}连续 {length} 个月{direction}" if length > 1 else f"{label}较上月{direction}"


def trend(monthly: pd.DataFrame, indicator: Indicator) -> str:
    """The title of a trend: what the complete months of one indicator say. monthly: value, base, is_complete."""
    judged = monthly[monthly["is_complete"] & (monthly["base"] >= indicator.minimum)]
    return run_of_months(list(judged["value"]), indicator.label)


def extremes(frame: pd.DataFrame, indicator: Indicator, column: str = "name", otherwise: str = "") -> str:
    """Which of those with enough cases asks for attention first, and which last. frame: column, indicator, value, base.

    column: `name`, or the code list that the rows are named by; otherwise: what is said of fewer than two.
    """
    mine = frame[frame["indicator"] == indicator.key]
    judged = mine[mine["base"] >= max(indicator.minimum, 1)]
    judged = judged[judged["value"].notna() & judged[column].notna() & (judged[column] != UNPLACED)]
    if len(judged) < 2 or judged["value"].nunique() < 2:
        return otherwise or indicator.label
    low, high = judged.loc[judged["value"].idxmin()], judged.loc[judged["value"].idxmax()]
    ends = [(low, "最低"), (high, "最高")] if indicator.direction == "higher" else [(high, "最高"), (low, "最低")]
    if indicator.is_count:
        names, tied = _named(high, column, judged)
        share = rounded(high["value"] * tied / mine["value"].sum() * 100, 0)
        each = "各 " if tied > 1 else ""
        return f"{names}{indicator.label}最多：{each}{indicator.format(high['value'])}，占 {share}%"
    return f"{indicator.label}：" + "，".join(
        f"{_named(row, column, judged)[0]}{word} {indicator.format(row['value'])}" for row, word in ends
    )


def _named(row: pd.Series, column: str, judged: pd.DataFrame) -> tuple[str, int]:
    """How the row of an end is called, and how many share its value: it is not alone then."""
    name = str(row[column]) if column == "name" else codes.label(column, row[column])
    tied = int((judged["value"] == row["value"]).sum())
    return (f"{name}等\u00a0{tied}\u00a0{'地' if column == 'name' else '类'}" if tied > 1 else name), tied


def most_frequent(categories: pd.DataFrame) -> str:
    """The category that most cases belong to. categories: cases_by_category."""
    total = categories["reported_count"].sum()
    if not total:
        return "各类别受理量"
    first = categories[categories["reported_count"] == categories["reported_count"].max()]
    names = "、".join(codes.label("category", code) for code in first["category"])
    return (
        f"{names}受理最多：{'各 ' if len(first) > 1 else ''}{first['reported_count'].iloc[0]:,} 件，"
        f"占 {rounded(first['reported_count'].sum() / total * 100, 0)}%"
    )


def waiting(ages: pd.DataFrame) -> str:
    """How much has been open for long on the last day. ages: backlog_by_day."""
    if ages.empty:
        return "在办案件等了多久"
    last = ages.iloc[-1]
    count = last[["within_2_days", "within_8_days", "within_31_days", "older"]].sum()
    if not count:
        return "期末没有在办案件"
    return f"期末 {count:,.0f} 件在办，其中 {last['older']:,.0f} 件等了 30 天以上"


def rush(hours: pd.DataFrame) -> str:
    """The hour of the week in which most cases come in, where it is one. hours: cases_by_hour."""
    if (hours["reported_count"] == hours["reported_count"].max()).sum() != 1:
        return "什么时候报得多"
    most = hours.loc[hours["reported_count"].idxmax()]
    day = "一二三四五六日"[int(most["weekday"]) - 1]
    return f"星期{day} {most['hour']:.0f} 时报得最多：{most['reported_count']:,.0f} 件"


def idle(grids: pd.DataFrame) -> str:
    """How many grids have nothing open. grids: workload_by_grid."""
    return f"{len(grids):,} 个末级网格，{(grids['open_count'] == 0).sum():,} 个期末没有在办"


def vacant(grids: pd.DataFrame) -> str:
    """How many grids have nobody on duty. grids: those of workload_by_grid without."""
    if grids.empty:
        return "末级网格都有在岗人员"
    return f"{len(grids):,} 个网格没有在岗人员，其中 {(grids['open_count'] > 0).sum():,} 个有在办案件"


def balance(grids: pd.DataFrame) -> str:
    """网格忙闲: how many grids lie above P90 and how much of the open load they carry."""
    busy = grids[grids["is_over_p90"]]
    total = grids["open_weight"].sum()
    if total and (grids["open_count"] == 0).mean() > MOSTLY_IDLE:
        return f"在办只有 {grids['open_count'].sum():,.0f} 件，多数网格没有在办，看不出忙闲"
    if not len(busy) or not total:
        return "各网格负荷分布"
    share = rounded(busy["open_weight"].sum() / total * 100, 0)
    return f"{len(busy)} 个网格负荷高于 P90，压着全部在办权重的 {share}%"


def _sign(difference: float) -> int:
    return 0 if abs(difference) < 0.0005 else 1 if difference > 0 else -1

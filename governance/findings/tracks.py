"""研判 of 矛盾纠纷, 安全隐患 and 同类比较: what a rule draws from the figures, and claims only where n allows."""

from dataclasses import dataclass

import pandas as pd

from governance import codes, contrasts
from governance.contrasts import Contrast
from governance.estimates import wilson
from governance.indicators import INDICATORS, is_missing, rounded
from governance.rules import RULES

CLEAR, UNCLEAR, FEW, EARLY, ALONE = "clear", "unclear", "few", "early", "alone"
SUREST_FIRST = (CLEAR, UNCLEAR, EARLY, FEW, ALONE)


def levels(frame: pd.DataFrame, totals: pd.DataFrame) -> str:
    """三级七天: 七日化解率, and the level where it is lowest. frame: disputes_by_level; totals: by indicator."""
    rate = INDICATORS["seven_day_rate"]
    value, base = totals.at[rate.key, "value"], totals.at[rate.key, "base"]
    if is_missing(value):
        return "三级七天调解法：统计期内没有满七日的纠纷"
    if base < rate.minimum:
        return f"三级七天调解法：满七日的只有 {base:,.0f} 件，样本不足"
    sentence = f"三级七天调解法：七日化解率 {rate.format(value)}"
    judged = frame[frame["mediation_level"].notna() & (frame["judged_count"] >= rate.minimum)]
    if len(judged) > 1:
        worst = judged.loc[judged["seven_day_rate"].idxmin()]
        level = codes.label("mediation_level", worst["mediation_level"])
        sentence += f"，{level}调解的 {rate.format(worst['seven_day_rate'])}"
    return sentence


def types(frame: pd.DataFrame) -> str:
    """The most frequent type, and its share of what came in. frame: disputes_by_type."""
    most = _most(frame, "dispute")
    return f"{most[0]}纠纷最多，{most[1]:,.0f} 件，占 {most[2]}%" if most else "各类纠纷"


def ways(frame: pd.DataFrame, kind: str, title: str) -> str:
    """The most used way. frame: disputes_by_way; kind: method or agreement."""
    rows = frame[(frame["kind"] == kind) & frame["way"].notna()]
    if rows.empty:
        return title
    most = rows.loc[rows["finished_count"].idxmax()]
    return f"{title}：用得最多的是“{most['way']}”，{most['finished_count']:,.0f} 件"


def solved_where(frame: pd.DataFrame) -> str:
    """四级议事: how many disputes do not leave grid and community. frame: solved_levels."""
    rows = frame[frame["track"] == "dispute"].set_index("solved_level")["solved_count"]
    total = rows.sum()
    if not total:
        return "四级议事：在哪一级解决"
    grid, community = rows[["1", "2"]].sum() / total, rows[["1", "2", "3"]].sum() / total
    return (
        f"四级议事：纠纷小事不出网格 {rounded(grid * 100, 1)}%，大事不出社区 {rounded(community * 100, 1)}%"
        f"（n={total:,.0f}）"
    )


def stages(totals: pd.DataFrame) -> str:
    """查出、整改、复查 side by side, never subtracted. totals: by indicator."""
    found, done, again = (totals.at[key, "base"] for key in ("hazard_count", "rectified_count", "rechecked_count"))
    return f"查出 {found:,.0f} 处，整改 {done:,.0f} 处，复查 {again:,.0f} 处，各算各的"


def waiting(frame: pd.DataFrame) -> str:
    """What is not rectified, how much of it for over 30 days, how much is 重大. frame: hazards_open_by_age."""
    total = frame["open_count"].sum()
    if not total:
        return "期末没有未整改的隐患"
    old = frame.loc[frame["age"] == frame["age"].iloc[-1], "open_count"].sum()
    major = frame.loc[frame["severity"] == "major", "open_count"].sum()
    sentence = f"期末未整改 {total:,} 处"
    sentence += f"，{old:,} 处已超过 30 天" if old else "，没有超过 30 天的"
    return sentence + (f"，其中重大 {major:,} 处" if major else "")


def hazard_types(frame: pd.DataFrame) -> str:
    """The type found most, and its share. frame: hazards_by_type."""
    most = _most(frame, "hazard")
    return f"{most[0]}查出最多：{most[1]:,.0f} 处，占 {most[2]}%" if most else "各类隐患"


def _most(frame: pd.DataFrame, what: str) -> tuple[str, float, str] | None:
    """The most frequent known type, its count and its share in per cent of all, unknown ones too; None without any."""
    count, kind = f"{what}_count", f"{what}_type"
    known = frame[frame[kind].notna()]
    if known.empty or not known[count].max():
        return None
    most = known.loc[known[count].idxmax()]
    return str(most[kind]), float(most[count]), rounded(most[count] / frame[count].sum() * 100, 0)


def hazard_places(frame: pd.DataFrame, label: str) -> str:
    """Where hazards lie densest. frame: hazards_by_region, label: what its places are."""
    dense = frame["per_1000_households"]
    if dense.nunique() < 2:
        return f"各{label}隐患密度与小区排查覆盖"
    most = frame.loc[dense.idxmax()]
    return f"每千户隐患{most['name']}最多：{rounded(most['per_1000_households'], 1)} 处"


def returning(frame: pd.DataFrame) -> str:
    """How often hazards came back to the same spot. frame: hazards_returning."""
    if frame.empty:
        return "没有反复的点位"
    return f"{frame['spot_count'].sum():,} 个点位反复出现同类隐患，共 {frame['returned_count'].sum():,} 次"


@dataclass(frozen=True)
class Effect:
    """What a project did: how sure it is (`kind`), the ratio if one may be given, and the sentence."""

    kind: str
    contrast: Contrast | None
    sentence: str


def effect(project: pd.Series) -> Effect:
    """根治效果 of one row of projects_before_after; no claim on few cases, before 90 days, or without last year."""
    fewest = int(RULES["project_cases"].number)
    before, after = int(project["before_count"]), int(project["after_count"])
    control_before, control_after = int(project["control_before_count"]), int(project["control_after_count"])
    counts = (
        f"开工前 90 日 {before:,} 件，完工后 90 日 {after:,} 件；去年同月 {control_before:,} 件、{control_after:,} 件"
    )
    if not project["is_over"]:
        return Effect(EARLY, None, f"完工不满 90 日，还不能比（至今完工后 {after:,} 件）")
    if not project["is_controlled"]:
        return Effect(ALONE, None, f"数据不到去年同月，没有对照，不下结论（{counts}）")
    if before + after < fewest or control_before + control_after < fewest:
        return Effect(FEW, None, f"样本不足（合计少于 {fewest} 件），不下结论（{counts}）")
    found = contrasts.ratio_of_ratios(after, before, control_after, control_before)
    assert found is not None
    interval = f"比值 {ratio(found.value)}，95% 区间 {ratio(found.low)}–{ratio(found.high)}"
    if not found.excludes(1):
        return Effect(UNCLEAR, found, f"看不出变化（{interval}；{counts}）")
    direction = "减少" if found.value < 1 else "增加"
    share = rounded(abs(1 - found.value) * 100, 0)
    return Effect(CLEAR, found, f"同类问题比去年同月的走势{direction} {share}%（{interval}；{counts}）")


def ratio(number: float) -> str:
    """A ratio for a reader: two digits, ∞ without end."""
    return "∞" if number == float("inf") else rounded(number, 2)


def projects(effects: list[tuple[str, Effect]]) -> str:
    """The title over projects: the clear ones by name, otherwise how many there are."""
    clear = [(name, one) for name, one in effects if one.kind == CLEAR]
    if not clear:
        return f"{len(effects)} 个项目，没有一个能下结论" if effects else "项目前后的同类问题"
    name, one = clear[0]
    assert one.contrast is not None
    verb = "减少" if one.contrast.value < 1 else "增加"
    share = rounded(abs(1 - one.contrast.value) * 100, 0)
    more = f"；另有 {len(clear) - 1} 个项目前后有变化" if len(clear) > 1 else ""
    return f"{name}完工后，同类问题比去年同月的走势{verb} {share}%{more}"


def contrast_words(found: Contrast | None, few: bool, higher: str, lower: str) -> str:
    """高 3.2 个百分点（95% 区间 …） in words; 样本不足 or 看不出差别 where nothing can be said."""
    if found is None or few:
        return "样本不足，不比较"
    interval = (
        f"95% 区间 {rounded(found.low * 100, 1, sign=True)} 至 {rounded(found.high * 100, 1, sign=True)} 个百分点"
    )
    if not found.excludes(0):
        return f"看不出差别（{interval}）"
    return f"{higher if found.value > 0 else lower} {rounded(abs(found.value) * 100, 1)} 个百分点（{interval}）"


def no_property(none: pd.Series | None, other: pd.Series | None) -> str:
    """The headline of 无物业 against the others, raw and with the case mix taken out, from rows of peers_compared."""
    if none is None or other is None:
        return "无物业小区与其他小区：只有一边有登记，无从比较"
    minimum = INDICATORS["on_time_rate"].minimum
    found = contrasts.difference(
        none["on_time_count"], none["judged_count"], other["on_time_count"], other["judged_count"]
    )
    if found is None or min(none["judged_count"], other["judged_count"]) < minimum:
        return "无物业小区与其他小区：样本不足，不比较"
    raw = contrast_words(found, False, "高", "低").split("（")[0]
    return f"无物业小区与其他小区相比，按期办结率{raw}；除去案件构成后{against_expected(none).split('（')[0]}"


def against_expected(row: pd.Series) -> str:
    """Whether a group does better than its case mix lets expect: by the Wilson interval of what it did."""
    bounds = wilson(row["on_time_count"], row["judged_count"])
    if bounds is None or is_missing(row["expected_rate"]):
        return "没有到期应判的案件"
    interval = f"实际的 95% 区间 {bounds[0]:.1%}–{bounds[1]:.1%}，应有 {row['expected_rate']:.1%}"
    if bounds[0] <= row["expected_rate"] <= bounds[1]:
        return f"看不出差别（{interval}）"
    gap = row["on_time_rate"] - row["expected_rate"]
    return f"{'高' if gap > 0 else '低'} {rounded(abs(gap) * 100, 1)} 个百分点（{interval}）"


def spread(frame: pd.DataFrame, kind: str) -> str:
    """How far apart the groups of one kind are once the case mix is taken out. frame: peers_compared of that kind."""
    label, minimum = codes.label("peer_kind", kind), INDICATORS["on_time_rate"].minimum
    judged = frame[frame["peer"].notna() & (frame["judged_count"] >= minimum)]["standardised_rate"].dropna()
    if len(judged) < 2:
        return f"按{label}"
    points = rounded((judged.max() - judged.min()) * 100, 1)
    return f"按{label}：构成折算后，各组按期办结率相差 {points} 个百分点"

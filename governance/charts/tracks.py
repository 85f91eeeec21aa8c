"""Charts of 矛盾纠纷, 安全隐患 and 同类比较: pure functions from a frame to a plotly figure."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from governance import codes, theme
from governance.charts.basic import count_axis, figure, named_rows
from governance.indicators import INDICATORS, is_missing

LEVEL_COLORS = {"all": theme.INK, "1": "#9cc3e4", "2": "#3f83bf", "3": "#134f8e", "": "#b9c2cb"}
AGES = ("#cfe1f2", "#86b3db", "#eb9b56", theme.ALERT)
STAGES = ("#9cc3e4", theme.ACCENT, "#2f9178")
SOLVED = ("#134f8e", "#3f83bf", "#9cc3e4", "#f8c996", "#eb9b56")
LABEL_AT_LEAST = 0.06  # of a bar: a narrower piece has no room for its number


def _levels(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The days of each mediation level that has any, in the order of LEVEL_COLORS."""
    level = frame["mediation_level"].fillna("")
    return [(key, frame[level == key]) for key in LEVEL_COLORS if (level == key).any()]


def _level(key: str) -> str:
    return codes.label("mediation_level", key) if key else "未登记层级"


def settled_share(frame: pd.DataFrame) -> go.Figure:
    """化解曲线: the share settled by day, a step line per level.

    frame: mediation_level, day, waiting_count, settled_share.
    """
    made = figure(320, hovermode="x unified")
    for level, days in _levels(frame):
        seen = days[days["waiting_count"] > 0]
        made.add_scatter(
            x=seen["day"], y=seen["settled_share"], name=_level(level), mode="lines",
            line={"shape": "hv", "color": LEVEL_COLORS[level], "width": 3 if level == "all" else 2,
                  "dash": "dot" if level == "" else "solid"},
            customdata=seen["waiting_count"],
            hovertemplate=f"{_level(level)} %{{y:.1%}}（当日仍待化解 %{{customdata:,}} 件）<extra></extra>",
        )  # fmt: skip
    made.add_vline(x=7, line={"color": theme.MUTED, "width": 1.5, "dash": "dot"}, annotation_text="第七日",
                   annotation_position="bottom right")  # fmt: skip
    made.update_yaxes(tickformat=".0%", range=[0, 1.01])
    made.update_xaxes(title_text="受理后第几日（受理当日为第 0 日）", dtick=5, range=[-0.4, 30.4])
    return made


def settled_by_day(frame: pd.DataFrame) -> go.Figure:
    """每日化解件数, stacked by level. frame: mediation_level, day, settled_count (day 0 to 30)."""
    made = figure(320, barmode="stack", bargap=0.25)
    made.update_layout(legend={"traceorder": "normal"})
    bands = [(str(day), day, day) for day in range(8)] + [("8–14", 8, 14), ("15–30", 15, 30)]
    for level, days in _levels(frame):
        if level == "all" or not days["settled_count"].sum():
            continue
        counts = [int(days.loc[days["day"].between(low, high), "settled_count"].sum()) for _, low, high in bands]
        made.add_bar(
            x=[label for label, _, _ in bands], y=counts, name=_level(level), marker_color=LEVEL_COLORS[level],
            hovertemplate=f"{_level(level)} %{{y:,}} 件<extra></extra>",
        )  # fmt: skip
    made.add_vline(x=7.5, line={"color": theme.MUTED, "width": 1.5, "dash": "dot"})
    made.update_xaxes(title_text="受理后第几日化解", type="category")
    made.update_yaxes(title_text="件")
    count_axis(made)
    return made


def solved_levels(frame: pd.DataFrame) -> go.Figure:
    """四级议事: on which level each track was solved, 100 % bars.

    frame: track, solved_level, solved_count, solved_share.
    """
    made = figure(190, barmode="stack", hovermode="closest", bargap=0.35)
    made.update_layout(legend={"traceorder": "normal"})
    known = frame[frame["solved_share"].notna()]
    for (level, rows), color in zip(known.groupby("solved_level", sort=True), SOLVED, strict=False):
        label = codes.label("solved_level", level)
        made.add_bar(
            y=[codes.TRACKS[track] for track in rows["track"]], x=rows["solved_share"], orientation="h", name=label,
            marker_color=color, textposition="inside", insidetextanchor="middle", textangle=0,
            text=[f"{share:.0%}" if share >= LABEL_AT_LEAST else "" for share in rows["solved_share"]],
            textfont={"color": theme.INK if color in ("#9cc3e4", "#f8c996", "#eb9b56") else "#ffffff"},
            customdata=rows["solved_count"],
            hovertemplate=f"%{{y}}　{label} %{{x:.1%}}（%{{customdata:,}} 件）<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(visible=False, range=[0, 1])
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    return made


def stages_by_month(frame: pd.DataFrame, keys: Sequence[str]) -> go.Figure:
    """Counts of several indicators side by side over months. frame: month, indicator, value."""
    made = figure(300, barmode="group", bargap=0.3)
    for key, color in zip(keys, STAGES, strict=True):
        rows = frame[frame["indicator"] == key]
        made.add_bar(
            x=rows["month"], y=rows["value"], name=INDICATORS[key].label, marker_color=color,
            hovertemplate=f"{INDICATORS[key].label} %{{y:,}} {INDICATORS[key].unit}<extra></extra>",
        )  # fmt: skip
    count_axis(made)
    made.update_xaxes(tickformat="%Y-%m", hoverformat="%Y-%m", dtick="M3")
    return made


def open_by_age(frame: pd.DataFrame) -> go.Figure:
    """未整改 by severity, stacked by age. frame: severity, age, open_count, overdue_count; ages in order."""
    severities = list(dict.fromkeys(frame["severity"].fillna("")))
    longest = max(frame.groupby(frame["severity"].fillna(""))["open_count"].sum().max(), 1)
    made = figure(42 * len(severities) + 90, barmode="stack", hovermode="closest", bargap=0.35)
    made.update_layout(legend={"traceorder": "normal"})
    for age, color in zip(dict.fromkeys(frame["age"]), AGES, strict=False):
        rows = frame[frame["age"] == age]
        made.add_bar(
            y=[codes.label("severity", code) for code in rows["severity"]], x=rows["open_count"], orientation="h",
            name=age, marker_color=color, customdata=rows["overdue_count"],
            text=[f"{count:,}" if count >= longest * LABEL_AT_LEAST else "" for count in rows["open_count"]],
            textposition="inside", textangle=0, insidetextanchor="middle", constraintext="none",
            hovertemplate=f"%{{y}}　{age} %{{x:,}} 处，已过期限 %{{customdata:,}} 处<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(tickformat=",", rangemode="tozero", dtick=1 if longest < 10 else None)  # no half hazards
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    return made


def intervals(
    labels: Sequence[str],
    values: Sequence[float],
    bounds: Sequence[tuple[float, float] | None],
    texts: Sequence[str],
    colors: Sequence[str],
    marks: Sequence[float | None] = (),
    mark: str = "",
) -> go.Figure:
    """Shares as dots with their intervals, one line each; `marks` are hollow diamonds beside them, named `mark`."""
    made = figure(40 * len(labels) + 64, hovermode="closest", showlegend=bool(mark))
    made.update_layout(margin={"l": 8, "r": 12, "t": 8, "b": 8})
    for label, value, bound, words, color in zip(labels, values, bounds, texts, colors, strict=True):
        if bound:
            made.add_scatter(x=list(bound), y=[label, label], mode="lines", line={"color": color, "width": 2},
                             hoverinfo="skip", showlegend=False)  # fmt: skip
        made.add_scatter(
            x=[value], y=[label], mode="markers", marker={"size": 11, "color": color}, showlegend=False,
            hovertemplate=f"{label} {words}<extra></extra>",
        )  # fmt: skip
    if mark:
        shown = [(label, m) for label, m in zip(labels, marks, strict=True) if not is_missing(m)]
        made.add_scatter(x=[None], y=[labels[0]], mode="markers", marker={"size": 11, "color": theme.ACCENT},
                         name="实际（横线为 95% 区间）")  # fmt: skip
        made.add_scatter(
            x=[m for _, m in shown], y=[label for label, _ in shown], mode="markers", name=mark,
            marker={"size": 10, "symbol": "diamond", "color": "#ffffff", "line": {"color": "#d9822b", "width": 2}},
            hovertemplate=f"%{{y}} {mark} %{{x:.1%}}<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(tickformat=".0%", showgrid=True, gridcolor=theme.LINE)
    named_rows(made, labels)
    return made


def ratios(
    labels: Sequence[str],
    values: Sequence[float],
    bounds: Sequence[tuple[float, float]],
    texts: Sequence[str],
    colors: Sequence[str],
) -> go.Figure:
    """Ratios with their intervals on a logarithmic axis around 1; what has no finite end runs to the edge."""
    made = figure(44 * len(labels) + 70, hovermode="closest", showlegend=False)
    least, most = 0.02, 50.0

    def clipped(number: float) -> float:
        return min(max(number, least), most)

    for label, value, (low, high), words, color in zip(labels, values, bounds, texts, colors, strict=True):
        made.add_scatter(x=[clipped(low), clipped(high)], y=[label, label], mode="lines",
                         line={"color": color, "width": 2.5}, hoverinfo="skip")  # fmt: skip
        made.add_scatter(x=[clipped(value)], y=[label], mode="markers", marker={"size": 12, "color": color},
                         hovertemplate=f"{words}<extra></extra>")  # fmt: skip
    made.add_vline(x=1, line={"color": theme.MUTED, "width": 1.5, "dash": "dot"})
    ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    made.update_xaxes(
        type="log", tickvals=ticks, ticktext=[f"{tick:g}" for tick in ticks], showgrid=True, gridcolor=theme.LINE,
        title_text="完工后 ÷ 开工前，再除以去年同月的同一比值（小于 1 为减少）",
    )  # fmt: skip
    named_rows(made, labels)
    return made

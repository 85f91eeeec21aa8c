"""Charts of the steps of a case, of whistles, of paths and of promises: pure functions from a frame to a figure."""

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from governance import codes, theme
from governance.charts.basic import figure, named_rows
from governance.estimates import wilson
from governance.indicators import INDICATORS, is_missing, rounded

WAIT = "#eb9b56"  # something is missing or soon due
PALE = "#dfe6ee"
TICKS = ((1 / 60, "1 分钟"), (1, "1 小时"), (24, "1 天"), (168, "7 天"), (720, "30 天"))


def spell(hours: float | None) -> str:
    """Hours as a reader says them: 25 分钟, 5.5 小时, 3.2 天, or — for none."""
    if is_missing(hours):
        return "—"
    assert hours is not None
    if hours < 1:
        return f"{rounded(hours * 60, 0)} 分钟"
    return f"{rounded(hours, 1)} 小时" if hours < 48 else f"{rounded(hours / 24, 1)} 天"


def reached(labels: Sequence[str], parts: dict[str, Sequence[float]], unit: str = "件") -> go.Figure:
    """A bar for each stage, divided by how far the cases came. parts: name → counts; 走到, 按规则跳过, 缺, 还没到."""
    colors = {"走到": theme.ACCENT, "按规则跳过": PALE, "缺": WAIT, "还没到": "#f4f6f9"}
    made = figure(34 * len(labels) + 60, barmode="stack", hovermode="y unified", bargap=0.3)
    whole = max((sum(counts) for counts in zip(*parts.values(), strict=True)), default=0)
    for name, counts in parts.items():
        made.add_bar(
            x=list(counts), y=list(labels), name=name, orientation="h", marker_color=colors[name],
            marker_line={"color": "#b9c4d0", "width": 0.5 if name == "还没到" else 0},
            text=[f"{count:,.0f}" if whole and count >= whole * 0.035 else "" for count in counts],
            textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
            textfont={"color": "#ffffff" if name == "走到" else theme.INK},
            hovertemplate=f"{name} %{{x:,}} {unit}<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(visible=False, range=[0, whole or 1])
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    made.update_layout(legend={"traceorder": "normal"})
    return made


def step_times(frame: pd.DataFrame) -> go.Figure:
    """From median (full) to P90 (hollow) of each step on a scale of times. frame: step, median_hours, p90_hours."""
    timed = frame[frame["median_hours"].notna()]
    made = figure(
        38 * len(timed) + 56, hovermode="closest", showlegend=False, margin={"l": 8, "r": 150, "t": 8, "b": 8}
    )
    for row in timed.itertuples():
        label = codes.label("step", row.step)
        middle, late = max(row.median_hours, 0.02), max(row.p90_hours, 0.02)
        words = f"中位 {spell(row.median_hours)}，P90 {spell(row.p90_hours)}"
        made.add_scatter(
            x=[middle, late], y=[label, label], mode="lines+markers", line={"color": theme.ACCENT, "width": 2},
            marker={"size": [11, 9], "opacity": 1, "color": [theme.ACCENT, "#ffffff"],
                    "line": {"color": theme.ACCENT, "width": 2}},
            hovertemplate=f"到{label}：{words}（n={row.timed_count:,}）<extra></extra>",
        )  # fmt: skip
        made.add_annotation(
            x=1.01, y=label, xref="paper", xanchor="left", showarrow=False, align="left",
            text=f"{spell(row.median_hours)} / {spell(row.p90_hours)}", font={"color": theme.MUTED},
        )  # fmt: skip
    _time_axis(made, pd.concat([timed["median_hours"], timed["p90_hours"]]))
    named_rows(made, [codes.label("step", step) for step in timed["step"]])
    return made


def _time_axis(made: go.Figure, hours: pd.Series) -> None:
    """A logarithmic axis in words."""
    low, high = max(hours.min() if len(hours) else 1, 0.02), max(hours.max() if len(hours) else 24, 0.05)
    made.update_xaxes(
        type="log", showgrid=True, gridcolor=theme.LINE, range=[math.log10(low / 1.6), math.log10(high * 1.6)],
        tickvals=[hour for hour, _ in TICKS], ticktext=[words for _, words in TICKS], tickangle=0,
    )  # fmt: skip


def _short(hours: float) -> str:
    """Hours in a small cell: 41分, 5.5时, 20时, 2.4天."""
    if hours < 1:
        return f"{rounded(hours * 60, 0)}分"
    return f"{rounded(hours, 0 if hours >= 10 else 1)}时" if hours < 48 else f"{rounded(hours / 24, 1)}天"


def step_heat(frame: pd.DataFrame, names: pd.Series, minimum: int) -> go.Figure:
    """Median time of each step (columns) for each name (rows); grey where fewer than `minimum` were timed.

    frame: step, timed_count, median_hours; names: one per row of the frame. Rows in order of appearance.
    """
    frame = frame.assign(label=names.to_numpy())
    rows = list(dict.fromkeys(frame["label"]))
    steps = [step for step in codes.LABELS["step"] if step in set(frame["step"])]
    grid = {(row.label, row.step): row for row in frame.itertuples()}

    def cell(label: str, step: str) -> tuple[float | None, str, str]:
        row = grid.get((label, step))
        if row is None:
            return None, "", "没有可计时的案件"
        few = row.timed_count < minimum
        words = f"{spell(row.median_hours)}（n={row.timed_count:,}）" + ("，样本不足" if few else "")
        color = None if few else math.log10(max(row.median_hours, 0.02))
        short = _short(row.median_hours)
        return color, f"<span style='color:{theme.INK}'>{short}</span>" if few else short, words

    cells = [[cell(label, step) for step in steps] for label in rows]
    made = figure(30 * len(rows) + 46, hovermode="closest")
    made.add_heatmap(
        z=[[entry[0] for entry in row] for row in cells], x=[codes.label("step", step) for step in steps], y=rows,
        text=[[entry[1] for entry in row] for row in cells], texttemplate="%{text}", textfont={"size": 12},
        customdata=[[entry[2] for entry in row] for row in cells], hoverongaps=True,
        colorscale=[[i / 4, color] for i, color in enumerate(theme.ORANGES)], zmin=-0.5, zmax=2.9, showscale=False,
        xgap=2, ygap=2, hovertemplate="%{y} 到%{x}：%{customdata}<extra></extra>",
    )  # fmt: skip
    made.update_xaxes(side="top", ticks="", linewidth=0, type="category", showgrid=False)
    made.update_yaxes(autorange="reversed", ticks="", showgrid=False, type="category")
    made.update_layout(plot_bgcolor=theme.TOO_FEW)
    return made


def rates(labels: Sequence[str], hits: Sequence[float], bases: Sequence[float], minimum: int) -> go.Figure:
    """A rate with its 95 % interval for each label, in the order given; grey where its n is below `minimum`."""
    made = figure(
        34 * len(labels) + 44, hovermode="closest", showlegend=False, margin={"l": 8, "r": 160, "t": 8, "b": 8}
    )
    for label, hit, base in zip(labels, hits, bases, strict=True):
        interval = wilson(hit, base)
        if interval is None:
            made.add_scatter(x=[None], y=[label], hoverinfo="skip")
            words = "—"
        else:
            color, rate = theme.ACCENT if base >= minimum else "#9aa7b4", hit / base
            words = f"{rounded(rate * 100, 1)}%（n={base:,.0f}）"
            made.add_scatter(
                x=list(interval), y=[label, label], mode="lines", line={"color": color, "width": 6}, opacity=0.3,
                hoverinfo="skip",
            )  # fmt: skip
            made.add_scatter(
                x=[rate], y=[label], mode="markers", marker={"color": color, "size": 11},
                hovertemplate=f"{label} {words}，95% 区间 {interval[0]:.0%}–{interval[1]:.0%}"
                f"{'' if base >= minimum else '，样本不足'}<extra></extra>",
            )  # fmt: skip
        made.add_annotation(
            x=1.01, y=label, xref="paper", xanchor="left", text=words, showarrow=False, font={"color": theme.MUTED}
        )
    made.update_xaxes(tickformat=".0%", range=[-0.02, 1.02], showgrid=True, gridcolor=theme.LINE)
    named_rows(made, labels)
    return made


def open_promises(frame: pd.DataFrame, labels: Sequence[str]) -> go.Figure:
    """What is open under each promise, from far to long past. frame: promises_by_rule."""
    soon = frame["due_in_24_hours"] + frame["due_in_48_hours"]
    parts = (
        ("还有 48 小时以上", frame["open_count"] - soon - frame["overdue_count"], PALE),
        ("24–48 小时到期", frame["due_in_48_hours"], "#f8c996"),
        ("24 小时内到期", frame["due_in_24_hours"], WAIT),
        ("超 1 天以内", frame["overdue_in_1_day"], "#e08a7d"),
        ("超 1–7 天", frame["overdue_in_7_days"], theme.ALERT),
        ("超 7 天以上", frame["overdue_longer"], "#7d1f15"),
    )
    made = figure(34 * len(labels) + 104, barmode="stack", hovermode="y unified", bargap=0.35)
    for name, counts, color in parts:
        if not counts.any():
            continue  # in the legend stands what is there
        made.add_bar(
            x=counts, y=list(labels), name=name, orientation="h", marker_color=color,
            hovertemplate=f"{name} %{{x:,}} 件<extra></extra>",
        )  # fmt: skip
    whole = frame["open_count"].max() if len(frame) else 0
    for label, row in zip(labels, frame.itertuples(), strict=True):
        words = f"{row.open_count:,} 件" if row.open_count else "没有"
        made.add_annotation(x=row.open_count, y=label, xanchor="left", xshift=6, text=words, showarrow=False,
                            font={"color": theme.MUTED})  # fmt: skip
    made.update_xaxes(visible=False, range=[0, (whole or 1) * 1.2])
    named_rows(made, labels)
    made.update_layout(legend={"traceorder": "normal"})
    return made


def rates_by_month(monthly: pd.DataFrame, keys: Sequence[str]) -> go.Figure:
    """Several indicators over months. monthly: long, month, indicator, value, base; months below `minimum` hollow."""
    made = figure(300)
    for key, color in zip(keys, theme.CATEGORICAL, strict=False):
        indicator, shown = INDICATORS[key], monthly[monthly["indicator"] == key]
        made.add_scatter(
            x=shown["month"], y=shown["value"], name=indicator.label, mode="lines+markers", connectgaps=False,
            line={"color": color, "width": 2.5 if key == keys[0] else 2},
            marker={"color": ["#ffffff" if n < indicator.minimum else color for n in shown["base"]], "size": 7,
                    "line": {"color": color, "width": 1.5}},
            customdata=shown["base"],
            hovertemplate=f"{indicator.label} %{{y:.1%}}（n=%{{customdata:,}}）<extra></extra>",
        )  # fmt: skip
    made.update_yaxes(tickformat=".0%", rangemode="normal", range=[None, 1.01])
    made.update_xaxes(tickformat="%Y-%m", hoverformat="%Y-%m", dtick="M1" if monthly["month"].nunique() <= 13 else "M3")
    return made

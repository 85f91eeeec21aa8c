"""Charts: pure functions from a frame to a plotly figure. They know neither the page nor where the data came from."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from governance import theme
from governance.estimates import wilson
from governance.indicators import INDICATORS, is_missing

MONTH = "%Y-%m"
FEW_STEPS = 6  # counts below it get a mark for each whole number
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def figure(height: int = 280, **layout: object) -> go.Figure:
    """An empty figure in the house's look; height in px."""
    made = go.Figure()
    made.update_layout(template=theme.TEMPLATE, height=height, **layout)
    return made


def rates_by_month(frame: pd.DataFrame, keys: list[str], bases: dict[str, str]) -> go.Figure:
    """Rates over months with the 95 % interval of the first; `bases` names the n column of each rate.

    frame: month, one column per key in `keys` (fractions), one n column per rate. Months below `minimum` are hollow.
    """
    made = figure(320)
    first = keys[0]
    bands = [
        wilson(v * n, n) if n and not is_missing(v) else None
        for v, n in zip(frame[first], frame[bases[first]], strict=True)
    ]
    known = [(m, b) for m, b in zip(frame["month"], bands, strict=True) if b]
    if known:
        months = [m for m, _ in known]
        made.add_scatter(
            x=months + months[::-1], y=[b[1] for _, b in known] + [b[0] for _, b in known][::-1], fill="toself",
            fillcolor="rgba(29,95,168,0.12)", mode="lines", line={"width": 0}, hoverinfo="skip", name="95% 区间",
        )  # fmt: skip
    for key, color in zip(keys, theme.CATEGORICAL, strict=False):
        indicator, n = INDICATORS[key], frame[bases[key]].fillna(0)
        made.add_scatter(
            x=frame["month"], y=frame[key], name=indicator.label, mode="lines+markers", connectgaps=False,
            line={"color": color, "width": 3 if key == first else 2},
            marker={"color": ["#ffffff" if few < indicator.minimum else color for few in n], "size": 7,
                    "line": {"color": color, "width": 1.5}},
            customdata=n, hovertemplate=f"{indicator.label} %{{y:.1%}}（n=%{{customdata:,}}）<extra></extra>",
        )  # fmt: skip
    made.update_yaxes(tickformat=".0%", rangemode="normal", range=[None, 1.01])
    _month_axis(made)
    if len(frame):  # or a month without a point gets a mark
        half = pd.Timedelta(days=15)
        made.update_xaxes(range=[pd.Timestamp(frame["month"].min()) - half, pd.Timestamp(frame["month"].max()) + half])
    return made


def flow_by_month(frame: pd.DataFrame) -> go.Figure:
    """受理 and 办结 side by side, 期末在办 as a line. frame: month, reported_count, closed_count, open_count."""
    made = figure(300, barmode="group", bargap=0.35)
    for column, name, color in (("reported_count", "受理", theme.IN), ("closed_count", "办结", theme.OUT)):
        made.add_bar(
            x=frame["month"],
            y=frame[column],
            name=name,
            marker_color=color,
            hovertemplate=f"{name} %{{y:,}} 件<extra></extra>",
        )
    made.add_scatter(
        x=frame["month"], y=frame["open_count"], name="期末在办", mode="lines+markers",
        line={"color": "#d9822b", "width": 2.5}, hovertemplate="期末在办 %{y:,} 件<extra></extra>",
    )  # fmt: skip
    count_axis(made)
    _month_axis(made)
    return made


def indicator_by_month(frame: pd.DataFrame, key: str, height: int = 220) -> go.Figure:
    """One indicator over months. frame: month, value, base, of that indicator alone."""
    indicator = INDICATORS[key]
    made = figure(height)
    made.add_scatter(
        x=frame["month"], y=frame["value"], name=indicator.label, mode="lines+markers",
        line={"color": theme.ACCENT, "width": 2.5}, customdata=[indicator.format(value) for value in frame["value"]],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    is_rate = indicator.unit == "%"
    made.update_yaxes(tickformat=".0%" if is_rate else ",", rangemode="normal" if is_rate else "tozero")
    if indicator.is_count:
        count_axis(made)
    made.update_xaxes(tickformat=MONTH, hoverformat=MONTH, dtick="M3")
    if len(frame) and frame["value"].isna().all():
        made.update_yaxes(range=[0, 1], showticklabels=is_rate)
        made.add_annotation(
            text="这些月份没有可算的数", x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False,
            font={"color": theme.MUTED},
        )  # fmt: skip
    return made


def bars(labels: list[str], values: list[float], text: list[str], color: str | list[str] = theme.ACCENT) -> go.Figure:
    """Horizontal bars, the first on top, each with its text; height grows with their number."""
    made = figure(30 * len(labels) + 24, hovermode="closest", showlegend=False)
    made.add_bar(
        x=values, y=labels, orientation="h", marker_color=color, text=text, textposition="outside", cliponaxis=False,
        width=0.62, hovertemplate="%{y} %{text}<extra></extra>",
    )  # fmt: skip
    most = max([value for value in values if not is_missing(value)], default=0)
    room = 1.15 + 0.055 * max((len(words) for words in text), default=0)
    made.update_xaxes(visible=False, range=[0, most * room or 1])
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    return made


def changes(
    labels: list[str], before: list[float], now: list[float], text: list[str], worse: Sequence[bool | None]
) -> go.Figure:
    """From 上期 (hollow) to 本期 (full), one line each; worse is red, grey where chance may have done it (None)."""
    made = figure(
        32 * len(labels) + 50, hovermode="closest", showlegend=False, margin={"l": 8, "r": 250, "t": 8, "b": 8}
    )
    for label, old, new, words, is_worse in zip(labels, before, now, text, worse, strict=True):
        color = theme.MUTED if is_worse is None else theme.ALERT if is_worse else theme.ACCENT
        made.add_scatter(
            x=[old, new], y=[label, label], mode="lines+markers", line={"color": color, "width": 2},
            marker={"size": [9, 11], "opacity": 1, "color": ["#ffffff", color], "line": {"color": color, "width": 2}},
            hovertemplate=f"{label} {words}<extra></extra>",
        )  # fmt: skip
        made.add_annotation(
            x=1.01, y=label, xref="paper", xanchor="left", text=words, showarrow=False, font={"color": color}
        )
    made.update_xaxes(tickformat=".0%", showgrid=True, gridcolor=theme.LINE)
    named_rows(made, labels)
    return made


def backlog_ages(frame: pd.DataFrame) -> go.Figure:
    """在办 by day, stacked by age. frame: day, within_2_days, within_8_days, within_31_days, older."""
    made = figure(300)
    bands = (
        ("within_2_days", "0–1 天", "#cfe1f2"), ("within_8_days", "2–7 天", "#86b3db"),
        ("within_31_days", "8–30 天", "#eb9b56"), ("older", "30 天以上", theme.ALERT),
    )  # fmt: skip
    for column, name, color in bands:
        made.add_scatter(
            x=frame["day"], y=frame[column], name=name, stackgroup="age", mode="lines",
            line={"width": 0.5, "color": color},
            fillcolor=color, hovertemplate=f"{name} %{{y:,}} 件<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(tickformat="%m-%d", hoverformat="%Y-%m-%d")
    count_axis(made)
    return made


def hours_of_week(frame: pd.DataFrame) -> go.Figure:
    """Heat map of weekday × hour. frame: weekday (1 is Monday), hour, reported_count, response_hours; 168 rows."""
    counts = frame.pivot(index="weekday", columns="hour", values="reported_count")
    waits = frame.pivot(index="weekday", columns="hour", values="response_hours")
    made = figure(270, hovermode="closest")
    made.add_heatmap(
        z=counts.values, x=[f"{hour:02d}" for hour in counts.columns], y=list(WEEKDAYS),
        customdata=[[INDICATORS["response_hours"].format(value) for value in row] for row in waits.values],
        colorscale=[[i / 4, color] for i, color in enumerate(theme.BLUES)], xgap=2, ygap=2,
        colorbar={"title": {"text": "件", "side": "top"}, "thickness": 10, "outlinewidth": 0,
                  "dtick": _step(counts.to_numpy().max(initial=0))},
        hovertemplate="%{y} %{x} 时 %{z:,} 件，已响应中位 %{customdata}<extra></extra>",
    )  # fmt: skip
    made.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    made.update_xaxes(ticks="", linewidth=0, type="category")
    return made


def load_distribution(loads: pd.Series, p90: float | None) -> go.Figure:
    """How many grids have which load per FTE; grids above P90 are red."""
    made = figure(260, hovermode="closest", bargap=0.06, showlegend=False)
    known = loads.dropna()
    p90 = None if is_missing(p90) else p90
    width = max((known.max() if len(known) else 1) / 20, 0.5)
    steps = (known / width).astype(int).value_counts().sort_index()
    starts = [step * width for step in steps.index]
    made.add_bar(
        x=[start + width / 2 for start in starts], y=steps.values, width=width * 0.92,
        marker_color=[
            theme.ALERT if p90 is not None and start >= max(p90, width) else theme.ACCENT for start in starts
        ],
        customdata=[f"{start:.1f}–{start + width:.1f}" for start in starts],
        hovertemplate="负荷 %{customdata}：%{y:,} 个网格<extra></extra>",
    )  # fmt: skip
    if p90:
        made.add_vline(
            x=p90, line={"color": theme.MUTED, "width": 1.5, "dash": "dot"}, annotation_text=f"P90 {p90:.1f}"
        )
    made.update_xaxes(title_text="单位人力在办权重")
    made.update_yaxes(title_text="网格数")
    count_axis(made)
    return made


def named_rows(made: go.Figure, labels: Sequence[str]) -> None:
    """Names down the side, the first on top, with half a row of air above the first and below the last."""
    names = list(dict.fromkeys(labels))
    made.update_yaxes(
        range=[len(names) - 0.5, -0.5], showgrid=False, ticks="", type="category",
        categoryorder="array", categoryarray=names,
    )  # fmt: skip


def count_axis(made: go.Figure) -> None:
    """Whole numbers up the side: there is no half case."""
    heights = [value for trace in made.data if trace.y is not None for value in trace.y]
    most = max((float(value) for value in heights if not is_missing(value)), default=0)
    made.update_yaxes(tickformat=",", dtick=_step(most))


def _step(most: float) -> int | None:
    return 1 if most < FEW_STEPS else None


def _month_axis(made: go.Figure) -> None:
    made.update_xaxes(tickformat=MONTH, hoverformat=MONTH, dtick="M1" if _months(made) <= 13 else "M3")


def _months(made: go.Figure) -> int:
    return max((len(trace.x) for trace in made.data if trace.x is not None), default=0)

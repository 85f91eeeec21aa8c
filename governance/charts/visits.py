"""Charts of visits, crews, points and volunteering: pure functions from a frame to a figure."""

import pandas as pd
import plotly.graph_objects as go

from governance import theme
from governance.charts.basic import MONTH, figure
from governance.indicators import INDICATORS, is_missing, rounded

SIZES = {
    "偏小": theme.ORANGES[1],
    "略小": theme.BLUES[0],
    "适当": theme.BLUES[3],
    "偏大": theme.ORANGES[3],
}
"""Sizes of a grid as grid_sizes names them, from small to large; what is flagged is orange."""


def coverage_by_month(frame: pd.DataFrame, all_too: bool) -> go.Figure:
    """Households reached as bars, the coverage as a line; months that are not whole are hollow.

    frame: month, household_count, visit_coverage, visit_coverage_all (fractions), is_complete.
    """
    made = figure(300)
    made.add_bar(
        x=frame["month"], y=frame["household_count"], name="走访到的户", marker_color=theme.BLUES[1],
        hovertemplate="走访到 %{y:,} 户<extra></extra>",
    )  # fmt: skip
    keys = ["visit_coverage", *(["visit_coverage_all"] if all_too else [])]
    for key, color, dash in zip(keys, (theme.ACCENT, theme.MUTED), ("solid", "dot"), strict=False):
        made.add_scatter(
            x=frame["month"], y=frame[key], name=INDICATORS[key].label, yaxis="y2", mode="lines+markers",
            line={"color": color, "width": 2.5, "dash": dash}, connectgaps=False,
            marker={"color": [color if whole else "#ffffff" for whole in frame["is_complete"]], "size": 7,
                    "line": {"color": color, "width": 1.5}},
            customdata=[INDICATORS[key].format(value) for value in frame[key]],
            hovertemplate=f"{INDICATORS[key].label} %{{customdata}}<extra></extra>",
        )  # fmt: skip
    made.update_layout(
        yaxis={"title": {"text": "户"}, "tickformat": ","},
        yaxis2={
            "overlaying": "y", "side": "right", "tickformat": ".0%", "tickmode": "auto", "showgrid": False,
            "range": [0, max([value for key in keys for value in frame[key].dropna()] or [1]) * 1.1],
        },
    )  # fmt: skip
    _months(made, len(frame))
    return made


def coverage_heat(frame: pd.DataFrame) -> go.Figure:
    """Places × months, each with its coverage. frame: name, month, visit_coverage (fraction), household_count."""
    names, months = list(dict.fromkeys(frame["name"])), sorted(set(frame["month"]))
    made = figure(30 * len(names) + 60, hovermode="closest")
    at = frame.drop_duplicates(["name", "month"]).set_index(["name", "month"])
    rows = [[at.loc[(name, month)] if (name, month) in at.index else None for month in months] for name in names]
    values = [[float("nan") if row is None else float(row["visit_coverage"]) for row in line] for line in rows]
    made.add_heatmap(
        z=values, x=[f"{month:%Y-%m}" for month in months], y=names, xgap=2, ygap=2, zmin=0, zmax=1,
        text=[["" if is_missing(value) else _percent(value) for value in line] for line in values],
        texttemplate="%{text}", textfont={"size": 12},
        customdata=[["没有登记" if row is None else f"走访到 {row['household_count']:,.0f} 户" for row in line]
                    for line in rows],
        colorscale=[[step / 4, color] for step, color in enumerate(theme.BLUES)],
        colorbar={"tickformat": ".0%", "thickness": 12, "outlinewidth": 0},
        hovertemplate="%{y} %{x}<br>覆盖率 %{text}，%{customdata}<extra></extra>",
    )  # fmt: skip
    made.update_xaxes(side="top", ticks="", linewidth=0, type="category")
    made.update_yaxes(autorange="reversed", ticks="", showgrid=False, type="category")
    return made


def sizes_by_level(counts: pd.DataFrame, labels: dict[str, str]) -> go.Figure:
    """How many grids of each level are small, right or large, as shares of one bar. counts: level, size, count."""
    levels = list(dict.fromkeys(counts["level"]))
    made = figure(52 * len(levels) + 70, hovermode="closest", barmode="stack")
    totals = counts.groupby("level")["count"].sum()
    for size, color in SIZES.items():
        rows = counts[counts["size"] == size].set_index("level")["count"]
        shown = [int(rows.get(level, 0)) for level in levels]
        made.add_bar(
            x=[count / totals[level] for count, level in zip(shown, levels, strict=True)],
            y=[labels[level] for level in levels], orientation="h", name=size, marker_color=color, width=0.55,
            text=[f"{count:,}" if count else "" for count in shown], textposition="inside", textangle=0,
            insidetextanchor="middle", customdata=shown,
            hovertemplate=f"%{{y}} {size} %{{customdata:,}} 个（%{{x:.1%}}）<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(tickformat=".0%", range=[0, 1])
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    made.update_layout(legend_traceorder="normal")
    return made


def points_by_month(frame: pd.DataFrame) -> go.Figure:
    """发放 and 兑换 side by side, 沉淀 as a line. frame: month, earned, redeemed, points_balance."""
    made = figure(300, barmode="group", bargap=0.35)
    for column, name, color in (("earned", "发放", theme.IN), ("redeemed", "兑换", theme.OUT)):
        made.add_bar(
            x=frame["month"], y=frame[column], name=name, marker_color=color,
            hovertemplate=f"{name} %{{y:,}} 分<extra></extra>",
        )  # fmt: skip
    made.add_scatter(
        x=frame["month"], y=frame["points_balance"], name="月末沉淀（右轴）", mode="lines+markers", yaxis="y2",
        line={"color": "#d9822b", "width": 2.5}, hovertemplate="月末沉淀 %{y:,} 分<extra></extra>",
    )  # fmt: skip
    made.update_layout(
        yaxis={"title": {"text": "分"}, "tickformat": ","},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "tickformat": ",.0f",
            "tickmode": "auto",
            "rangemode": "tozero",
            "showgrid": False,
        },
    )
    _months(made, len(frame))
    return made


def _months(made: go.Figure, count: int) -> None:
    made.update_xaxes(tickformat=MONTH, hoverformat=MONTH, dtick="M1" if count <= 6 else "M3")


def _percent(value: float) -> str:
    return f"{rounded(value * 100, 0)}%"

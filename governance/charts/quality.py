"""数据质量 as charts: what became of the rows of a source, and how complete they are, month by month."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from governance import theme
from governance.charts.basic import MONTH, figure

OUTCOMES = {"accepted": "进入统计", "rejected": "退回", "left_out": "按规则排除", "repeated": "重复、被取代"}
COLORS = (theme.BLUES[2], theme.ALERT, theme.TOO_FEW, theme.MUTED)


def outcomes_by_month(frame: pd.DataFrame) -> go.Figure:
    """What became of the rows read, stacked by month. frame: intake_by_source of one source; no month comes last."""
    made = figure(280, barmode="stack", bargap=0.35)
    months = ["没有时间" if pd.isna(month) else f"{month:{MONTH}}" for month in frame["month"]]
    for (column, name), color in zip(OUTCOMES.items(), COLORS, strict=True):
        made.add_bar(
            x=months, y=frame[column], name=name, marker={"color": color},
            hovertemplate=f"{name} %{{y:,}} 行<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(type="category")
    made.update_yaxes(tickformat=",d", rangemode="tozero")
    return made


def shares_by_month(frame: pd.DataFrame, column: str, titles: Mapping[str, str]) -> go.Figure:
    """A share over months, one line per source by its title. frame: source, month, and the column."""
    made = figure(280)
    for (source, rows), color in zip(frame.groupby("source", sort=True), theme.CATEGORICAL * 3, strict=False):
        name = titles.get(str(source), str(source))
        made.add_scatter(
            x=[f"{month:{MONTH}}" for month in rows["month"]], y=rows[column], name=name,
            mode="lines+markers", line={"color": color, "width": 2},
            hovertemplate=f"{name} %{{y:.1%}}<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(type="category", categoryorder="category ascending")
    made.update_yaxes(tickformat=".0%", rangemode="tozero")
    return made

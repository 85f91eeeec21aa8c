"""Charts of common affairs: score cards, meetings, issues, proposals, lists and projects. Pure functions."""

import pandas as pd
import plotly.graph_objects as go

from governance import theme
from governance.charts.basic import MONTH, figure, named_rows
from governance.indicators import is_missing, rounded

FEW, FAILING, LOW, FAIR, FINE = range(5)
SCORE_COLORS = (theme.TOO_FEW, theme.ORANGES[3], theme.ORANGES[1], theme.BLUES[0], theme.BLUES[2])
FINE_SCORE = 90  # only a shade: from here on the blue is deeper
MARKS = {"failing": " ✕", "low": " ▼", "few": "", "good": ""}
OUTCOME_COLORS = {"better": theme.ACCENT, "worse": theme.ALERT, "unclear": theme.MUTED, "few": "#b3bcc6"}
MEETING_STATES = ("没开", "改期", "部分如期", "还没到", "计划外", "全部如期")
MEETING_COLORS = (theme.ORANGES[3], theme.ORANGES[2], theme.ORANGES[0], theme.TOO_FEW, theme.BLUES[0], theme.BLUES[2])


def _stepped(colors: tuple[str, ...]) -> list[list[object]]:
    """A colour scale of equal steps without transitions."""
    parts = len(colors)
    return [[(number + side) / parts, color] for number, color in enumerate(colors) for side in (0, 1)]


def score_heat(cells: pd.DataFrame, low: float) -> go.Figure:
    """Estates × items, each with its shrunk mean; low and failing ones are marked, those with few cards grey.

    cells: estate, item, shrunk_mean, raw_mean, n, failing_share, verdict; estates in the order of the rows.
    """
    estates, items = list(dict.fromkeys(cells["estate"])), sorted(set(cells["item"]))
    made = figure(34 * len(estates) + 60, hovermode="closest")
    at = cells.drop_duplicates(["estate", "item"]).set_index(["estate", "item"])
    z, text, hover = [], [], []
    for estate in estates:
        rows = [at.loc[(estate, item)] if (estate, item) in at.index else None for item in items]
        z.append([None if row is None else _score_class(row) for row in rows])
        text.append(["" if row is None else _score_text(row) for row in rows])
        hover.append(["没有打分" if row is None else _score_words(row) for row in rows])
    made.add_heatmap(
        z=z, x=items, y=estates, text=text, texttemplate="%{text}", customdata=hover, xgap=2, ygap=2,
        zmin=-0.5, zmax=4.5, colorscale=_stepped(SCORE_COLORS), textfont={"size": 12},
        colorbar={
            "tickvals": list(range(5)), "thickness": 12, "outlinewidth": 0,
            "ticktext": ["样本不足", "✕ 不及格分项", "▼ 低分项", f"{low:g}–{FINE_SCORE} 分", f"{FINE_SCORE} 分以上"],
        },
        hovertemplate="%{y} · %{x}<br>%{customdata}<extra></extra>",
    )  # fmt: skip
    made.update_xaxes(side="top", ticks="", linewidth=0, type="category")
    made.update_yaxes(autorange="reversed", ticks="", showgrid=False, type="category")
    return made


def _score_class(row: pd.Series) -> int:
    by_verdict = {"few": FEW, "failing": FAILING, "low": LOW}
    return by_verdict.get(row["verdict"], FINE if row["shrunk_mean"] >= FINE_SCORE else FAIR)


def _score_text(row: pd.Series) -> str:
    if row["verdict"] == "few":
        return f"n={row['n']:,.0f}"
    return rounded(row["shrunk_mean"], 1) + MARKS[row["verdict"]]


def _score_words(row: pd.Series) -> str:
    return (
        f"收缩均分 {rounded(row['shrunk_mean'], 1)}，原始均分 {rounded(row['raw_mean'], 1)}，n={row['n']:,.0f}"
        f"<br>不及格卡 {rounded(row['failing_share'] * 100, 1)}%，全县同分项 {rounded(row['item_mean'], 1)}"
    )


def score_changes(frame: pd.DataFrame) -> go.Figure:
    """The change of each item to the next round with its 95 % interval; what is not comparable has none.

    frame: estate, item, change, change_low, change_high, outcome, next_n, n; in the order to be drawn.
    """
    labels = [f"{row.estate} · {row.item}" for row in frame.itertuples()]
    made = figure(30 * len(labels) + 60, hovermode="closest", showlegend=False)
    for row, label in zip(frame.itertuples(), labels, strict=True):
        color = OUTCOME_COLORS[row.outcome]
        has_interval = not is_missing(row.change_low)
        bounds = (
            f"，95% 区间 {row.change_low:+.1f} 至 {row.change_high:+.1f}" if has_interval else "，样本不足，不下结论"
        )
        made.add_scatter(
            x=[row.change], y=[label], mode="markers",
            marker={"size": 10, "color": color if has_interval else "#ffffff", "line": {"color": color, "width": 2}},
            error_x={
                "type": "data", "symmetric": False, "array": [row.change_high - row.change],
                "arrayminus": [row.change - row.change_low], "color": color, "thickness": 2, "width": 5,
            } if has_interval else None,
            hovertemplate=f"%{{y}} {row.change:+.1f} 分{bounds}（n={row.n:,.0f} → {row.next_n:,.0f}）<extra></extra>",
        )  # fmt: skip
    made.add_vline(x=0, line={"color": theme.MUTED, "width": 1})
    made.update_xaxes(title_text="下一轮均分变化（分）", showgrid=True, gridcolor=theme.LINE, tickformat="+.0f")
    named_rows(made, labels)
    return made


def meeting_strip(frame: pd.DataFrame) -> go.Figure:
    """Types × months: how many of the planned meetings were held as planned, as words and colour.

    frame: meeting_type, month, planned_count, kept_count, moved_count, missed_count, pending_count, unplanned_count.
    """
    kinds = list(dict.fromkeys(frame["meeting_type"]))
    months = sorted(set(frame["month"]))
    made = figure(34 * len(kinds) + 100, hovermode="closest")
    at = frame.set_index(["meeting_type", "month"])
    cells = [[_meeting_cell(at.loc[(kind, month)]) for month in months] for kind in kinds]
    made.add_heatmap(
        z=[[cell[0] for cell in line] for line in cells], text=[[cell[1] for cell in line] for line in cells],
        customdata=[[cell[2] for cell in line] for line in cells], x=[f"{month:%Y-%m}" for month in months], y=kinds,
        texttemplate="%{text}", textfont={"size": 12}, xgap=2, ygap=2, zmin=-0.5, zmax=5.5,
        colorscale=_stepped(MEETING_COLORS),
        colorbar={  # lying below, where it has room however few the rows
            "tickvals": list(range(6)), "ticktext": list(MEETING_STATES), "thickness": 10, "outlinewidth": 0,
            "orientation": "h", "x": 0, "xanchor": "left", "y": 0, "yanchor": "top", "len": 0.7, "ypad": 14,
        },
        hovertemplate="%{y} %{x}<br>%{customdata}<extra></extra>",
    )  # fmt: skip
    made.update_xaxes(side="top", ticks="", linewidth=0, type="category")
    made.update_yaxes(autorange="reversed", ticks="", showgrid=False, type="category")
    return made


def _meeting_cell(row: pd.Series) -> tuple[int | None, str, str]:
    """Class, text and hover of one type in one month."""
    planned, kept, moved, missed, pending, extra = (
        int(row[name])
        for name in ("planned_count", "kept_count", "moved_count", "missed_count", "pending_count", "unplanned_count")
    )
    words = f"计划 {planned}，如期 {kept}，改期 {moved}，没开 {missed}"
    words += (f"，还没到日子 {pending}" if pending else "") + (f"，计划外 {extra}" if extra else "")
    if not planned:
        return (MEETING_STATES.index("计划外"), f"+{extra}", words) if extra else (None, "", "没有会议")
    judged = planned - pending
    text = f"{kept}/{judged}" if judged else "待开"
    text += f"+{extra}" if extra else ""
    state = (
        "还没到" if not judged
        else "全部如期" if kept == judged
        else "部分如期" if kept
        else "改期" if moved
        else "没开"
    )  # fmt: skip
    return MEETING_STATES.index(state), text, words


def solved_and_open(frame: pd.DataFrame) -> go.Figure:
    """Bars by topic: what was decided on and is solved, not solved, or too fresh to be judged.

    frame: topic, issue_count, settled_count, solved_count.
    """
    made = figure(30 * len(frame) + 60, hovermode="closest", barmode="stack")
    parts = (
        ("已解决", frame["solved_count"], theme.BLUES[3]),
        ("满消化期未解决", frame["settled_count"] - frame["solved_count"], theme.ORANGES[3]),
        ("不满消化期", frame["issue_count"] - frame["settled_count"], theme.TOO_FEW),
    )
    for name, counts, color in parts:
        made.add_bar(
            x=counts, y=frame["topic"], orientation="h", name=name, marker_color=color, width=0.62,
            text=[f"{count:,.0f}" if count else "" for count in counts], textposition="inside", textangle=0,
            insidetextanchor="middle", constraintext="none",
            textfont={"size": 12}, hovertemplate=f"%{{y}} {name} %{{x:,}} 件<extra></extra>",
        )  # fmt: skip
    made.update_layout(legend_traceorder="normal")
    made.update_xaxes(tickformat=",", title_text="件")
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    return made


def funnel(frame: pd.DataFrame) -> go.Figure:
    """The steps of proposals, the first on top. frame: step, passed_count, total_share, previous_share, days."""
    made = figure(58 * len(frame) + 20, hovermode="closest", showlegend=False)
    texts = [
        f"{row.passed_count:,.0f} 条"
        + ("" if is_missing(row.previous_share) else f" · 占征集 {rounded(row.total_share * 100, 1)}%")
        for row in frame.itertuples()
    ]
    made.add_bar(
        x=frame["passed_count"], y=frame["step"], orientation="h", width=0.55, text=texts, textposition="outside",
        marker_color=list(reversed(theme.BLUES))[: len(frame)], cliponaxis=False,
        hovertemplate="%{y} %{text}<extra></extra>",
    )  # fmt: skip
    steps = frame.to_dict("records")
    for number, row in enumerate(steps[1:], start=1):
        share = "" if is_missing(row["previous_share"]) else f"{rounded(row['previous_share'] * 100, 1)}%"
        days = "" if is_missing(row["days"]) else f"，中位 {rounded(row['days'], 0)} 天"
        if share:
            made.add_annotation(
                x=0, y=number - 0.5, xanchor="left", showarrow=False, text=f"↓ {share}{days}",
                font={"color": theme.MUTED, "size": 12},
            )  # fmt: skip
    made.update_xaxes(visible=False, range=[0, max(float(frame["passed_count"].max()), 1) * 1.5])
    made.update_yaxes(
        autorange="reversed", showgrid=False, ticks="", type="category", categoryarray=list(frame["step"])
    )
    return made


def claimed_and_done(frame: pd.DataFrame, column: str) -> go.Figure:
    """Listed, claimed and done side by side, by a column of text. frame: that column, item_, claimed_, done_count."""
    made = figure(58 * len(frame) + 50, hovermode="closest", barmode="group", bargap=0.28)
    parts = (
        ("提出", "item_count", theme.BLUES[1]),
        ("认领", "claimed_count", theme.BLUES[3]),
        ("完成", "done_count", "#2f9178"),
    )
    for name, counts, color in parts:
        made.add_bar(
            x=frame[counts], y=frame[column], orientation="h", name=name, marker_color=color,
            text=[f"{count:,.0f}" for count in frame[counts]], textposition="outside", cliponaxis=False,
            constraintext="none", textfont={"size": 11},
            hovertemplate=f"%{{y}} {name} %{{x:,}} 项<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(visible=False, range=[0, max(float(frame["item_count"].max()), 1) * 1.12])
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    made.update_layout(legend_traceorder="normal")
    return made


def project_timeline(frame: pd.DataFrame, end: pd.Timestamp) -> go.Figure:
    """Projects as bars from start to end; one not finished reaches to the data cut-off, in another colour.

    frame: name, place, project_type, started_on, done_on, is_done, with at least one of the two days each.
    """
    begun = frame["started_on"].fillna(frame["done_on"])
    until = frame["done_on"].where(frame["is_done"], end)
    labels = [
        f"{row.name}（{row.place}）" if row.place not in row.name else row.name for row in frame.itertuples(index=False)
    ]
    made = figure(26 * len(frame) + 90, hovermode="closest", barmode="overlay")
    for name, is_done, color in (("已完工", True, theme.BLUES[3]), ("在建", False, theme.ORANGES[2])):
        rows = [number for number, done in enumerate(frame["is_done"]) if bool(done) == is_done]
        if rows:
            made.add_bar(
                x=[max((until.iloc[n] - begun.iloc[n]) / pd.Timedelta(milliseconds=1), 86_400_000) for n in rows],
                base=[begun.iloc[n] for n in rows], y=[labels[n] for n in rows], orientation="h", name=name,
                marker_color=color, width=0.6, customdata=[_span(frame.iloc[n]) for n in rows],
                hovertemplate="%{y}<br>%{customdata}<extra></extra>",
            )  # fmt: skip
    is_short = bool(len(frame)) and (until.max() - begun.min()) < pd.Timedelta(days=240)
    made.update_xaxes(
        type="date", tickformat=MONTH, dtick="M1" if is_short else None, showgrid=True, gridcolor=theme.LINE
    )
    made.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category", categoryarray=labels)
    return made


def _span(row: pd.Series) -> str:
    started = "开工日期未登记" if pd.isna(row["started_on"]) else f"{row['started_on']:%Y-%m-%d} 开工"
    done = f"{row['done_on']:%Y-%m-%d} 完工" if row["is_done"] else "在建"
    homes = "" if is_missing(row["households_count"]) else f"，受益 {row['households_count']:,.0f} 户"
    people = "" if is_missing(row["residents_count"]) else f" {row['residents_count']:,.0f} 人"
    return f"{started}，{done}{homes}{people}"

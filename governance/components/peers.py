"""Blocks of the page 同类比较: groups of estates and grids, like with like, the case mix taken out."""

import pandas as pd
import streamlit as st

from governance import codes, contrasts, theme
from governance.charts import tracks as charts_tracks
from governance.components import sparse
from governance.components.figures import card, chart
from governance.components.tables import foot, table
from governance.components.text import definition, escaped
from governance.estimates import wilson
from governance.filters import Filter
from governance.findings import tracks as findings_tracks
from governance.groups import GROUPS
from governance.indicators import INDICATORS, NOTHING, is_missing, rounded
from governance.rules import RULES

KINDS = ["property_mode", "estate_size", "estate_age", "grid_size"]
COLUMNS = [
    "peer", "member_count", "reported_count", "per_1000_households", "response_hours", "handling_hours",
    "judged_count", "on_time_rate", "standardised_rate", "rated_count", "satisfaction_rate",
]  # fmt: skip
RATES = {"on_time_rate": "judged_count", "standardised_rate": "judged_count", "satisfaction_rate": "rated_count"}
LIKE = {"standardised_rate": "on_time_rate"}
MOST_ESTATES = 30
RATE = INDICATORS["on_time_rate"]
NOTE = "实心点为实际，菱形为同样的案件构成按全部组的水平应有的；样本不足的灰色"


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """peers_compared with groups and groupings by their names, for a reader."""
    kinds = frame["kind"]
    peers = [
        None if is_blank(peer) else codes.label("property_mode", peer) if kind == "property_mode"
        else {"none": "无物业小区", "other": "其他小区"}.get(peer, peer)
        for kind, peer in zip(kinds, frame["peer"], strict=True)
    ]  # fmt: skip
    return frame.assign(kind=[codes.label("peer_kind", kind) for kind in kinds], peer=peers)


def is_blank(peer: object) -> bool:
    """Whether a group has no name: what it is grouped by was not registered."""
    return peer is None or peer != peer or peer == ""


def headline(frame: pd.DataFrame, filter: Filter) -> None:
    """无物业小区 against the others, measure by measure, with intervals. frame: peers_compared."""
    rows = frame[frame["kind"] == "no_property"].set_index("peer")
    none, other = (rows.loc[peer] if peer in rows.index else None for peer in ("none", "other"))
    note = "比率之差为 Newcombe 95% 区间，每千户受理之比为泊松计数的精确条件区间"
    with card(findings_tracks.no_property(none, other), note):
        if none is None or other is None:
            st.caption("登记的小区里没有无物业小区，或没有登记物业方式。")
            return
        rows_shown = [
            ("比什么", "无物业小区", "其他小区", "差别"),
            ("---", "---", "---", "---"),
            *_contrasts(none, other),
        ]
        st.markdown("\n".join(f"| {' | '.join(cells)} |" for cells in rows_shown))
        foot(named(frame), "peers_compared", filter, RATE.key, "miss")


def _contrasts(none: pd.Series, other: pd.Series) -> list[tuple[str, ...]]:
    """The rows of the headline table, escaped for Markdown."""
    satisfaction = INDICATORS["satisfaction_rate"]
    rows: list[tuple[str, ...]] = [_volume(none, other)]
    for label, key in (("首次响应中位时长", "response_hours"), ("办理中位时长（在办计入）", "handling_hours")):
        rows.append((label, *(INDICATORS[key].format(row[key]) for row in (none, other)), "中位数不给区间，只并列"))
    for indicator, hit, base in (
        (RATE, "on_time_count", "judged_count"),
        (satisfaction, "satisfied_count", "rated_count"),
    ):
        found = contrasts.difference(none[hit], none[base], other[hit], other[base])
        few = min(none[base], other[base]) < indicator.minimum
        shown = [
            f"{indicator.format(row[hit] / row[base] if row[base] else None)}（n={row[base]:,.0f}）"
            for row in (none, other)
        ]
        words = findings_tracks.contrast_words(found, few, "无物业高", "无物业低")
        rows.append((indicator.label, *shown, words))
    shown = [RATE.format(row["standardised_rate"]) for row in (none, other)]
    rows.append(("标准化按期办结率", *shown, f"除去案件构成后，无物业{findings_tracks.against_expected(none)}"))
    return [tuple(escaped(cell) for cell in row) for row in rows]


def _volume(none: pd.Series, other: pd.Series) -> tuple[str, str, str, str]:
    shown = [
        f"{NOTHING if is_missing(row['per_1000_households']) else rounded(row['per_1000_households'], 1)} 件"
        f"（{row['member_count']:,.0f} 个小区，{row['reported_count']:,.0f} 件）"
        for row in (none, other)
    ]
    words = "户数没有登记，不比较"
    if not is_missing(none["per_1000_households"]) and not is_missing(other["per_1000_households"]):
        found = contrasts.ratio(int(none["reported_count"]), int(other["reported_count"]))
        words = "没有案件，不比较"
        if found is not None:
            homes = other["households"] / none["households"]
            value, low, high = (number * homes for number in (found.value, found.low, found.high))
            words = (
                f"无物业是其他的 {findings_tracks.ratio(value)} 倍"
                f"（95% 区间 {findings_tracks.ratio(low)}–{findings_tracks.ratio(high)}）"
            )
            if low <= 1 <= high:
                words += "，看不出差别"
    return ("每千户受理", shown[0], shown[1], words)


def groups(frame: pd.DataFrame, kind: str, filter: Filter) -> None:
    """The groups of one kind: actual on-time rate with interval, and what their case mix would let expect."""
    rows = frame[frame["kind"] == kind]
    with card(findings_tracks.spread(rows, kind), NOTE, definition(RATE)):
        known = rows[rows["peer"].notna() & (rows["judged_count"] > 0)]
        if known.empty:
            st.caption(f"没有登记{codes.label('peer_kind', kind)}，或这些地方没有到期应判的案件。")
            return
        _dots(known, kind)
        table(sparse.judged(named(known), RATES, LIKE)[COLUMNS], "peers_compared", filter)
        blank = rows[rows["peer"].isna()]
        if len(blank):
            st.caption(f"另有 {int(blank['member_count'].sum()):,} 个没有登记，不在比较之内。")
        if kind == "grid_size":
            foot(named(rows), "peers_compared", filter)


def _dots(known: pd.DataFrame, kind: str) -> None:
    shown, few = named(known), known["judged_count"] < RATE.minimum
    made = charts_tracks.intervals(
        list(shown["peer"]),
        list(shown["on_time_rate"]),
        [wilson(row.on_time_count, row.judged_count) for row in shown.itertuples()],
        [f"{RATE.format(row.on_time_rate)}（n={row.judged_count:,}）" for row in shown.itertuples()],
        [theme.TOO_FEW if is_few else theme.ACCENT for is_few in few],
        list(shown["expected_rate"]),
        "构成相同时应有的",
    )
    chart(made, f"peers-{kind}", f"按{codes.label('peer_kind', kind)}的按期办结率与应有的水平")


def estates(frame: pd.DataFrame, filter: Filter) -> None:
    """Estates against estates like them, where n and the number of peers suffice. frame: estates_against_peers."""
    fewest = int(RULES["fewest_peers"].number)
    judged = frame[(frame["judged_count"] >= RATE.minimum) & (frame["peer_count"].fillna(0) >= fewest)]
    bounds = [wilson(row.on_time_count, row.judged_count) or (0.0, 1.0) for row in judged.itertuples()]
    apart = [not low <= row.expected_rate <= high for row, (low, high) in zip(judged.itertuples(), bounds, strict=True)]
    title = (
        f"{sum(apart)} 个小区的按期办结率与同类有差别（{len(judged)} 个够比）" if len(judged) else "还没有够比的小区"
    )
    sizes = "、".join(label for label, _, _ in GROUPS.groupings["estate_size"].classes)
    note = (
        f"同类：同一物业方式、同一规模（{sizes}）；应结满 {RATE.minimum} 件、同类满 {fewest} 个的才比；"
        "菱形是同类小区办同样的案件应有的水平；20 个里碰巧会有 1 个落在区间外"
    )
    with card(title, note, definition(RATE)):
        if judged.empty:
            st.caption("可以放宽统计期，或看更大的范围。")
        else:
            gap = (judged["on_time_rate"] - judged["expected_rate"]).to_numpy()
            order = sorted(range(len(judged)), key=lambda i: (not apart[i], gap[i]))[:MOST_ESTATES]
            shown = judged.iloc[order]
            chart(
                charts_tracks.intervals(
                    [f"{row.estate}（{row.community}）" for row in shown.itertuples()],
                    list(shown["on_time_rate"]),
                    [bounds[i] for i in order],
                    [f"{RATE.format(row.on_time_rate)}（n={row.judged_count:,}）" for row in shown.itertuples()],
                    [(theme.ALERT if gap[i] < 0 else theme.ACCENT) if apart[i] else theme.MUTED for i in order],
                    list(shown["expected_rate"]),
                    "同类应有的",
                ),
                "estates",
                "各小区按期办结率与同类应有的水平",
            )  # fmt: skip
            if len(judged) > len(shown):
                st.caption(f"列差别明显的前 {len(shown)} 个；全部见表格。")
        foot(frame, "estates_against_peers", filter)

"""Blocks of the page on score cards: the round, its heat table, what was done and what the next round says."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from governance import codes
from governance.charts import councils as charts_councils
from governance.components.figures import card, case_link, chart
from governance.components.missing import column_missing
from governance.components.tables import foot, table
from governance.components.text import definition, escaped
from governance.contrasts import rates_differ
from governance.filters import Filter
from governance.findings import councils as findings_councils
from governance.indicators import INDICATORS, NOTHING, is_missing, rounded
from governance.rules import RULES

MOST_ESTATES, MOST_CHANGES = 30, 24
VERDICTS = {"failing": "不及格分项", "low": "低分项", "good": "其余", "few": "样本不足"}
STATES = {"none": "没有整改", "open": "整改中", "done": "已完成"}
OUTCOMES = {"better": "变好", "worse": "变差", "unclear": "看不出变化", "few": "样本不足", "none": "还没有下一轮"}


def round_figures(rounds: pd.DataFrame, chosen: str) -> None:
    """The figures of one round beside those of the round before. rounds: score_rounds, the latest first."""
    place = list(rounds["round_id"]).index(chosen)
    row = rounds.iloc[place]
    before = rounds.iloc[place + 1] if place + 1 < len(rounds) else None
    mean, failing, done = (INDICATORS[key] for key in ("score_mean", "score_failing_rate", "score_action_rate"))
    then = row if before is None else before
    bad, judged = row["low_count"] + row["failing_count"], row["judged_count"]
    before_bad = then["low_count"] + then["failing_count"]
    with st.grid(columns=5, min_column_width=150):
        _figure(
            "打分卡",
            f"{row['card_count']:,.0f} 张",
            f"{row['estate_count']:,.0f} 个小区，{row['item_count']:,.0f} 个分项",
        )
        _figure(
            mean.label, mean.format(row["mean"]), f"n = {row['score_count']:,.0f} 个打分", definition(mean),
            None if before is None else f"{row['mean'] - before['mean']:+.1f} 分",
        )  # fmt: skip
        _figure(
            failing.label, failing.format(row["failing_rate"]), f"n = {row['score_count']:,.0f} 个打分",
            definition(failing),
            None if before is None else failing.format_change(row["failing_rate"], before["failing_rate"]),
            _of_fewer(
                row["failing_rate"] * row["score_count"], row["score_count"],
                then["failing_rate"] * then["score_count"], then["score_count"],
            ),
        )  # fmt: skip
        _figure(
            "低分项、不及格分项", f"{bad:,.0f} 项",
            f"参评 {judged:,.0f} 项，其中不及格 {row['failing_count']:,.0f} 项", escaped(_rule_words()),
            None if before is None else f"{bad - before_bad:+,.0f} 项",
            _of_fewer(bad, judged, before_bad, then["judged_count"]),
        )  # fmt: skip
        _figure(
            done.label, done.format(row["done_count"] / row["action_count"] if row["action_count"] else None),
            f"决定整改 {row['action_count']:,.0f} 项，完成 {row['done_count']:,.0f} 项", definition(done),
        )  # fmt: skip


def _figure(label: str, value: str, basis: str, help: str | None = None, change: str | None = None,
            color: str = "off") -> None:  # fmt: skip
    """One figure in a frame; a change is grey unless it is told to be more than chance gives."""
    is_level = (change or "").lstrip("+-").startswith(("0 ", "0.0 ", "持平"))
    with st.container(border=True, height="stretch"):
        st.metric(
            label, value, delta=change or None, delta_color="off" if is_level else color,  # type: ignore[arg-type]
            delta_arrow="off" if is_level else "auto", help=help,
        )  # fmt: skip
        st.caption(escaped(f"{basis}；增减较上一轮" if change else basis))  # beside the change it would be cut off


def _of_fewer(hits: float, base: float, before: float, before_base: float) -> str:
    """The colour of a change in a share that should be small: none where chance explains it."""
    return "inverse" if rates_differ(hits, base, before, before_base) else "off"


def _rule_words() -> str:
    low, failing, share, prior, fewest = (
        RULES[key].number for key in ("low_score", "failing_score", "failing_share", "prior_cards", "fewest_cards")
    )
    return (
        f"低分项：收缩均分低于 {low:g} 分；不及格分项：收缩均分低于 {failing:g} 分，或不及格的卡超过 {share:.0%}；"
        f"少于 {fewest:g} 张卡的不评。收缩均分 =（n × 本小区均分 + {prior:g} × 全县同轮同分项均分）÷（n + {prior:g}）"
    )


def score_board(cells: pd.DataFrame, filter: Filter, rounds: pd.DataFrame, chosen: str) -> None:
    """The card with items × estates, those with most low items first. cells: scores_by_estate."""
    low = RULES["low_score"].number
    marked = cells.assign(
        estate=distinct(cells["estate"], cells["estate_id"]), bad=cells["verdict"].isin(["low", "failing"])
    )
    order = marked.groupby("estate").agg(bad=("bad", "sum"), mean=("shrunk_mean", "mean")).reset_index()
    order = order.sort_values(["bad", "mean", "estate"], ascending=[False, True, True])["estate"].tolist()
    shown = marked[marked["estate"].isin(order[:MOST_ESTATES])].sort_values("estate", key=lambda s: s.map(order.index))
    note = f"{chosen} 轮；格内为收缩均分，停在格上看原始均分、n 和不及格卡占比；低分项多的小区在前"
    with card(findings_councils.low_items(cells), note, escaped(_rule_words())):
        chart(charts_councils.score_heat(shown, low), "scores", f"{chosen} 轮各小区各分项的收缩均分")
        if len(order) > MOST_ESTATES:
            st.caption(f"共 {len(order)} 个小区，图上列前 {MOST_ESTATES} 个；全部见表格。")
        foot(_named(cells), "scores_by_estate", filter)
        row = rounds.set_index("round_id").loc[chosen]
        period = replace(filter, start=row["first_on"].date(), stop=row["last_on"].date() + timedelta(days=1))
        case_link("score_failing_rate", "hit", "查看这一轮不及格的打分", filter=period)


def low_scores(low: pd.DataFrame, filter: Filter, chosen: str) -> None:
    """The card on what was decided about the low items of a round. low: low_scores."""
    with card(findings_councils.actions(low), f"{chosen} 轮的低分项、不及格分项，以及决定了整改的其他分项"):
        if low.empty:
            st.caption("没有低分项，也没有整改。")
            return
        columns = [
            "estate",
            "item",
            "verdict",
            "shrunk_mean",
            "raw_mean",
            "n",
            "failing_share",
            "action",
            "action_state",
        ]
        table(_named(low)[[*columns, "decided_on", "done_on"]], "low_scores", filter, height=420)
        foot(_named(low), "low_scores", filter, "score_action_rate", "miss")


def next_round(low: pd.DataFrame, groups: pd.DataFrame, filter: Filter, before: str, chosen: str) -> None:
    """The card on whether the low items of the round before scored better in this one. groups: score_changes."""
    fewest = RULES["fewest_to_compare"].number
    note = (
        f"{before} 轮的低分项和整改项，到 {chosen} 轮的均分变化；横线为 95% 区间，不跨过 0 才算变好或变差；"
        f"两轮都要有 {fewest:g} 张卡"
    )
    with card(findings_councils.changes(low), note):
        followed = low[low["change"].notna()].sort_values("change", ascending=False).head(MOST_CHANGES)
        if followed.empty:
            st.caption("没有两轮都打了分的低分项。")
            return
        drawn = followed.assign(estate=distinct(followed["estate"], followed["estate_id"], followed["item"]))
        chart(charts_councils.score_changes(drawn), "changes", "低分项到下一轮的均分变化")
        if words := findings_councils.compared_changes(groups):
            st.caption(escaped(f"对照：{words}。低分项自然会回升一些，要比没有整改的多升，才像是整改的作用。"))
        foot(_named(low), "low_scores", filter)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with Chinese words for its verdicts and states."""
    words = {"verdict": VERDICTS, "action_state": STATES, "outcome": OUTCOMES}
    return frame.assign(**{name: frame[name].map(known) for name, known in words.items() if name in frame.columns})


def distinct(names: pd.Series, identities: pd.Series, within: pd.Series | None = None) -> pd.Series:
    """Names that no two rows of different identity share: one that does is followed by its identity."""
    frame = pd.DataFrame({"name": names, "identity": identities, "within": "" if within is None else within})
    shared = frame.groupby(["name", "within"])["identity"].transform("nunique") > 1
    return names.where(~shared, names + "（" + identities.astype(str) + "）")


def mailbox(rows: pd.DataFrame, filter: Filter) -> None:
    """The card of 心愿邮箱 and 意见卡: what came in, was closed and solved, how fast; one line for each channel."""
    first = rows.head(1)
    label = codes.label("channel", first["channel"].iloc[0])
    with card(findings_councils.mailbox(first, label), "统计期内这些渠道的案件；化解指办结结果为解决，或调解成功"):
        for _, row in rows.iterrows():
            facts = {
                codes.label("channel", row["channel"]): "",
                "收到": f"{row['reported_count']:,.0f} 件",
                "办结": f"{row['closed_count']:,.0f} 件",
                "化解占办结": INDICATORS["solved_rate"].format(row["solved_share"]),
                "办结用时中位": NOTHING if is_missing(row["days"]) else f"{rounded(row['days'], 1)} 天",
                "期末在办": f"{row['open_count']:,.0f} 件",
            }
            *cells, last = st.columns([2, *[1] * (len(facts) - 1), 1.4], vertical_alignment="center")
            for cell, (name, value) in zip(cells, facts.items(), strict=True):
                cell.markdown(f"**{escaped(name)}**" if not value else f":gray[{name}]  \n**{value}**")
            with last:
                case_link("closed_count", label="查看办结案件", channel=[row["channel"]])
        foot(rows, "cases_by_card_channel", filter)


def wishes(types: pd.DataFrame, topics: pd.DataFrame, filter: Filter) -> None:
    """The card of 微心愿: made, taken and fulfilled, by subject. types, topics: lists_by_type, lists_by_topic."""
    made = types[types["is_wish"].astype(bool)]
    with card(
        findings_councils.wishes(made), "统计期内提出的微心愿，看到数据截至", definition(INDICATORS["wish_claim_rate"])
    ):
        mine = topics[topics["list_type"].isin(made["list_type"])]
        if mine.empty:
            st.caption("可以放宽统计期。")
            return
        chart(charts_councils.claimed_and_done(mine, "topic"), "wishes", "各类微心愿的提出、认领、完成")
        foot(mine, "lists_by_topic", filter, "wish_claim_rate")
        case_link("wish_done_rate", "miss", "查看认领了还没完成的")


def wish_teams(teams: pd.DataFrame, filter: Filter) -> None:
    """The card of 五色模范党员: what each team took and fulfilled, and what it held. teams: wishes_by_team."""
    note = "红、橙、紫、蓝、绿各队认领的微心愿，和同名队伍的楼道党课、掌上服务等活动；按队伍计数，不按个人，不排名"
    with card(findings_councils.wish_teams(teams), note, definition(INDICATORS["wish_done_rate"])):
        if teams.empty:
            column_missing("清单", "认领队伍", "list_items.team")
            return
        table(teams, "wishes_by_team", filter)
        foot(teams, "wishes_by_team", filter, "wish_done_rate")

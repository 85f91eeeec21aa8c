"""打分卡: what residents score low, what was changed because of it, and whether the next round is better."""

import streamlit as st

from governance import components, filters
from governance.components import scorecards
from governance.queries import run

filter = filters.current()
if not components.missing_export("score_cards", filter.as_of):
    rounds = run("score_rounds", filter)
    if rounds.empty:
        st.info("所选范围和截止日之前没有打分卡。可以放宽统计期，或改选区划。")
    else:
        names = list(rounds["round_id"])
        left, _ = st.columns([2, 3])
        with left:
            chosen = components.chosen_option("round", "轮次（最近的在前，不受起始日限制）", names, str)
        scorecards.round_figures(rounds, chosen)
        scorecards.score_board(run("scores_by_estate", filter, round=chosen), filter, rounds, chosen)
        scorecards.low_scores(run("low_scores", filter, round=chosen), filter, chosen)
        before = names[names.index(chosen) + 1 :]
        if before:
            low = run("low_scores", filter, round=before[0])
            scorecards.next_round(low, run("score_changes", filter, round=before[0]), filter, before[0], chosen)

st.subheader("心愿邮箱、意见卡与微心愿、五色模范党员", anchor=False)
scorecards.mailbox(run("cases_by_card_channel", filter), filter)
if not components.missing_export("list_items", filter.as_of):
    left, right = st.columns(2)
    with left:
        scorecards.wishes(run("lists_by_type", filter), run("lists_by_topic", filter), filter)
    with right:
        scorecards.wish_teams(run("wishes_by_team", filter), filter)

"""同类比较: like with like, 无物业小区 first, then by property mode, size and age, the case mix taken out."""

import streamlit as st

from governance import components, filters
from governance.components import missing_export, peers
from governance.queries import run

filter = filters.current()
compared = run("peers_compared", filter, only=["response_hours", "handling_hours"])
is_missing = missing_export("estates", filter.as_of)
components.stop_if_empty(compared, "登记的小区或网格")

if not is_missing:
    peers.headline(compared, filter)
for kind in peers.KINDS:
    if kind == "grid_size" or not is_missing:
        peers.groups(compared, kind, filter)
st.caption(
    "标准化（间接法）：期望按期 = Σ 本组各类别各缓急的应结件数 × 全部组同类别同缓急的按期办结率；"
    "标准化按期办结率 = 实际按期 ÷ 期望按期 × 全部组的按期办结率。"
)
if not is_missing:
    peers.estates(run("estates_against_peers", filter), filter)

"""指标词典: every indicator with its 口径, made from the definitions that compute it."""

import streamlit as st

from governance import components, filters
from governance.indicators import INDICATORS
from governance.queries import run

filter = filters.current()
themes = list(dict.fromkeys(indicator.theme for indicator in INDICATORS.values()))
theme = components.chosen_theme(themes)
shown = [indicator for indicator in INDICATORS.values() if indicator.theme == theme]
totals = run("indicator_totals", filter, only=[indicator.key for indicator in shown]).set_index("indicator")

st.caption(f"{theme}：{len(shown)} 项；全部 {len(INDICATORS)} 项分 {len(themes)} 个主题。")
with st.grid(columns=2, min_column_width=420):
    for indicator in shown:
        components.dictionary_entry(indicator, totals.loc[indicator.key])

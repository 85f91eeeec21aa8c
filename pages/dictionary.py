"""指标词典: every indicator with its 口径, made from the definitions that compute it."""

import streamlit as st

from governance import components, filters
from governance.indicators import INDICATORS
from governance.queries import run

filter = filters.current()
totals = run("indicator_totals", filter).set_index("indicator")

for theme in dict.fromkeys(indicator.theme for indicator in INDICATORS.values()):
    st.subheader(theme, anchor=False)
    with st.grid(columns=2, min_column_width=420):
        for indicator in (entry for entry in INDICATORS.values() if entry.theme == theme):
            components.dictionary_entry(indicator, totals.loc[indicator.key])

"""实践复现: every published figure of the source documents, counted again in this snapshot, with its query."""

import streamlit as st

from governance import components, filters
from governance.components import practice
from governance.queries import run

filter = filters.current()
found = run("published_figures", filter)
st.caption(
    "报道里的每个数，都用下面列出的查询从本快照的行里重新数一遍；各数用原文的统计期，与左侧的统计期、类别无关，区划会筛选。",
    help="命令行里同样可得：python -m governance answer published_figures",
)
components.stop_if_empty(found, "公开报道写到的地方")

practice.totals(found)
practice.documents(found, filter)
practice.uncounted()
components.foot(found, "published_figures", filter)

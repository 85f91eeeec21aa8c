"""数据质量: per source and month what came in, what was sent back and what is missing."""

import pandas as pd
import streamlit as st

from governance import components, filters, queries
from governance.queries import run

filter = filters.current()
snapshot = queries.current_store(filter.as_of).snapshot
year = filter.months_back(12)
months = run("quality_by_source", year)
rejects = run("rejects_by_reason", filter)

sent_back = int(rejects["row_count"].sum())
files = components.files_read(snapshot, rejects)
with components.card(
    f"读入 {files['读入行'].sum():,} 行，退回 {sent_back:,} 处", "每个文件一行；退回的都在下面，带行号和原因"
):
    st.dataframe(files, hide_index=True, height=260)

with components.card(f"退回 {sent_back:,} 处，按原因", "在原文件里改正后重新导入；退回的行没有进入任何统计"):
    components.rejected(rejects, filter)

components.stop_if_empty(months)
with components.card(components.freshness(months, pd.Timestamp(snapshot.as_of)), "各来源各月，近十二个月"):
    components.table(months, "quality_by_source", year, height=420)
    components.foot(months, "quality_by_source", year, "located_rate", "miss")

piles = run("coordinate_piles", year)
with components.card(
    "没有坐标扎堆" if piles.empty else f"{len(piles)} 个点位坐标扎堆，多半是默认坐标", "近十二个月，同一来源同一点"
):
    components.table(piles, "coordinate_piles", year)

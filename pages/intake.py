"""数据质量 of the import desk: what came in and what was sent back; no case is shown here."""

import streamlit as st

from governance import components, filters, navigation, queries, snapshots
from governance.queries import run

navigation.enter("intake")
if not snapshots.snapshot_ids():
    st.info("还没有数据。先到“导入数据”页导入第一批文件，这里就会列出每个文件读入和退回多少行。")
    st.stop()
store = queries.current_store()
snapshot, filter = store.snapshot, filters.default(store)
st.caption(f"数据截至 {snapshot.as_of:%Y-%m-%d %H:%M}{' · 演示数据' if snapshot.is_demo else ''}")
rejects = run("rejects_by_reason", filter)
sent_back = int(rejects["row_count"].sum())
files = components.files_read(snapshot, rejects)
with components.card(
    f"读入 {files['读入行'].sum():,} 行，退回 {sent_back:,} 处", "每个文件一行；退回的都在下面，带行号和原因"
):
    components.files(files)
with components.card(f"退回 {sent_back:,} 处，按原因", "在原文件里改正后重新导入；退回的行没有进入任何统计"):
    components.rejected(rejects, filter)

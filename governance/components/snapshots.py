"""快照: the versions of the data as the import desk keeps them: a list, a check of every file, the way back."""

import pandas as pd
import streamlit as st

from governance import snapshots
from governance.components.text import escaped, size
from governance.public import following
from governance.snapshots import Snapshot, SnapshotError


def snapshot_list() -> None:
    """Every version: how far it reaches, when it was published, how much it holds, and which is in use."""
    current, whole = snapshots.current_id(), snapshots.list_snapshots()
    if not snapshots.snapshot_ids():
        st.info("还没有数据。先到“导入数据”页导入第一批文件，每次导入都会在这里留下一份快照。")
        st.stop()
    known = {one.id for one in whole}
    rows = [
        {
            "数据截至": f"{one.as_of:%Y-%m-%d %H:%M}",
            "发布时间": one.manifest["published_at"].replace("T", " ")[:16],
            "案件数": one.rows("cases"),
            "大小": size(one.bytes),
            "说明": "、".join(["正在使用"] * (one.id == current) + ["演示数据"] * one.is_demo),
            "编号": one.id,
        }
        for one in reversed(whole)
    ]
    rows += [{"编号": damaged, "说明": "清单损坏"} for damaged in snapshots.snapshot_ids() if damaged not in known]
    with st.container(border=True):
        st.markdown(f"##### {len(rows)} 份快照")
        st.caption("每次导入留下一份，不会被改动；看板只用其中一份。")
        numbers = {"案件数": st.column_config.NumberColumn(format="localized")}
        st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="—", column_config=numbers)
    if current not in known:
        st.warning("记录“正在使用哪一份”的文件缺失或已损坏：看板会用最新的完好快照，再导入一次或退回一次即可恢复。")


def snapshot_check() -> None:
    """Recompute every checksum when asked."""
    with st.container(border=True):
        st.markdown("##### 检查是否完好")
        st.caption("逐个文件重新计算校验和。数据多时要几分钟。")
        if st.button("检查全部快照", key="verify"):
            with st.spinner("正在检查 …"):
                faults = [*map(_fault, snapshots.snapshot_ids()), snapshots.log_fault()]
            broken = [sentence for sentence in faults if sentence]
            for sentence in broken:
                st.error(escaped(sentence))
            if not broken:
                st.success(f"{len(snapshots.snapshot_ids())} 份快照全部完好。")


def _fault(snapshot_id: str) -> str:
    try:
        snapshots.verify(snapshot_id)
    except SnapshotError as error:
        return str(error)
    return ""


def snapshot_rollback() -> None:
    """Put another version in use, after a confirmation that says what changes for the readers."""
    current = snapshots.current_id()
    others = {one.id: one for one in reversed(snapshots.list_snapshots()) if one.id != current}
    with st.container(border=True):
        st.markdown("##### 退回到另一份")
        if done := st.session_state.pop("rolled-back", None):
            st.success(escaped(done))
        if not others:
            st.caption("只有一份快照，没有可以退回的。")
            return
        chosen = st.selectbox(
            "退回到", list(others), key="target", format_func=lambda id: _label(others[id]) if id in others else ""
        )
        if chosen not in others:
            return
        target = others[chosen]
        sure = st.checkbox(
            escaped(f"我确认：看板换成截至 {target.as_of:%Y-%m-%d %H:%M} 的数据，现在的一份留着，可以再换回来。"),
            key=f"sure-{chosen}",
        )
        if st.button("退回", type="primary", key="rollback", disabled=not sure) and sure:
            try:
                found = snapshots.rollback(chosen)
                following.follow(found)
            except SnapshotError as error:
                st.error(escaped(str(error)))
                return
            st.session_state["rolled-back"] = f"已退回：看板现在用截至 {found.as_of:%Y-%m-%d %H:%M} 的数据。"
            st.rerun()


def _label(one: Snapshot) -> str:
    kind = "，演示数据" if one.is_demo else ""
    return f"截至 {one.as_of:%Y-%m-%d %H:%M}，{one.rows('cases'):,} 件案件（{one.id[-8:]}{kind}）"

"""Step 2, a database: can it be reached, and is all of it to be read or what has changed."""

import streamlit as st

from governance import desk
from governance.components.importing import frame
from governance.components.text import escaped
from governance.desk import Batch
from governance.importing import known


def reach_database(batch: Batch) -> None:
    """Say in one sentence whether the database can be read; then the trial is the same as with files."""
    chosen = known.databases().get(batch.mapping or "")
    if chosen is None:
        frame.problem("这份数据库对照表没有了：请放弃这次导入，重新选择。")
        frame.buttons(batch, "")
        return
    found = desk.outcome(batch, "reach")
    if found is None:
        frame.begin(batch, "reach", mapping=str(chosen.path))
        return
    with st.container(border=True):
        st.markdown(f"##### {escaped(chosen.title)}")
        if "problem" in found:
            frame.problem(found["problem"])
            if st.button("再试一次", key="again"):
                desk.forget(batch, "reach")
                frame.go_on(batch)
        else:
            st.success(escaped(found["said"]))
            batch.is_full = st.checkbox(
                "重新读取全部（平时只读上次以后改过的）", value=batch.is_full, key=f"full-{batch.id}",
                help="原系统删除过记录，或者要整体核对一遍时才需要。",
            )  # fmt: skip
    pressed = frame.buttons(batch, "下一步：试运行" if "said" in found else "", "换一种来源")
    if pressed == "next" and "said" in found:
        batch.is_confirmed = True
        desk.forget(batch, "trial")
        frame.go_on(batch)
    if pressed == "back":
        frame.give_up(batch)

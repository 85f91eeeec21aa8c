"""Step 1: files from this computer, or from the folder where large ones are laid."""

import streamlit as st

from governance import desk, snapshots
from governance.components.importing import frame
from governance.components.text import escaped, size
from governance.desk import Batch, DeskError
from governance.importing import known

ROUND = "upload-round"


def choose_files() -> None:
    """Uploads or files of the inbox, several at once; whoever left an import unfinished finds it here."""
    _unfinished()
    lying = {file.name: file for file in desk.inbox()}
    with st.container(border=True):
        st.markdown("##### 把导出的文件交给系统")
        st.caption("从 12345、网格、数字城管等平台导出的 Excel、CSV 等文件，一次可以选多个。原文件不会被改动。")
        uploads = st.file_uploader(
            "从这台电脑选文件", accept_multiple_files=True, key=f"uploads-{st.session_state.get(ROUND, 0)}",
            help="文件只留到导入结束，然后删除。",
        )  # fmt: skip
        if lying:
            picked = st.multiselect(
                "或者从收件夹选（大文件请管理员放到这里）", list(lying), key="picked", placeholder="选一个或多个",
                format_func=lambda name: f"{name}（{size(lying[name].size)}）" if name in lying else "",
            )  # fmt: skip
        else:
            picked = []
            st.caption("文件特别大（超过 300 MB）时，请管理员把它放进数据目录的 inbox 文件夹，这里就能选到。")
        chosen = len(uploads) + len(picked)
        st.space("xsmall")
        is_wanted = st.button(
            f"下一步：看看这 {chosen} 个文件" if chosen else "下一步", type="primary", key="next", disabled=not chosen
        )
        if is_wanted and chosen:
            try:
                batch = desk.start([(file.name, file) for file in uploads], picked)
            except DeskError as error:
                frame.problem(str(error))
                return
            st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1  # another key: the server lets go of the bytes
            frame.begin(batch, "look")


def choose_database() -> None:
    """A database instead of files; which one, and how to enter it, is configured: nothing of it is typed here."""
    offered = known.databases()
    if not offered:
        return
    with st.container(border=True):
        st.markdown("##### 或者直接从数据库读")
        st.caption("数据库的地址、账号和密码由管理员配置在服务器上，这里不用填，也不会显示。")
        chosen = st.selectbox(
            "数据库对照表", list(offered), format_func=lambda key: offered[key].title if key in offered else "",
            key="database", label_visibility="collapsed",
        )  # fmt: skip
        if st.button("下一步：看看连不连得上", key="next-database") and chosen in offered:
            try:
                batch = desk.start_database(chosen)
            except DeskError as error:
                frame.problem(str(error))
                return
            frame.go_on(batch)


def _unfinished() -> None:
    """The imports that are under way, also those begun in another tab."""
    if holder := snapshots.holder():
        st.info(escaped(holder))
    desk.remove_old()
    for batch in desk.open_batches():
        state = desk.running(batch)
        if frame.is_published(batch):
            continue
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            words = f"正在处理：{state.phase}" if state else "还没有做完"
            st.markdown(f"有一次导入{'' if state else '做到一半'}：**{escaped(_names(batch))}**，{escaped(words)}")
            if st.button("接着做", key=f"resume-{batch.id}"):
                frame.go_on(batch)


def _names(batch: Batch) -> str:
    return ("、".join(file.name for file in batch.files[:3]) or "数据库") + (" 等" if len(batch.files) > 3 else "")

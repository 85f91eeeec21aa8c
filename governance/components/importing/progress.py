"""A long piece of work while it goes on: what is being done, how far, how long still, and the button that ends it."""

import re

import streamlit as st

from governance import desk
from governance.components.importing import frame
from governance.components.text import escaped
from governance.desk import Batch

EVERY = 1.0  # seconds
TITLES = {
    "look": "正在看文件里有什么",
    "reach": "正在连接数据库",
    "trial": "正在试运行，不会写入任何内容",
    "publish": "正在导入并发布",
}


def watch(batch: Batch) -> None:
    """Show the progress, live; when the work ends, the page goes on by itself."""
    with st.container(border=True):
        _live(batch.id)


@st.fragment(run_every=EVERY)
def _live(batch_id: str) -> None:
    batch = desk.find(batch_id)
    state = desk.running(batch) if batch else None
    if batch is None or state is None:
        st.rerun()
    assert batch is not None and state is not None
    st.markdown(f"##### {TITLES[state.task]}")
    st.progress(state.share, text=escaped(_phase(state.phase)))
    left, middle, right = st.columns(3)
    if state.task == "reach":  # nothing is read yet
        left.metric("已用时", clock(state.elapsed))
    else:
        left.metric("已读行数", f"{state.done:,}" if state.done else "—")
        middle.metric("已用时", clock(state.elapsed))
        right.metric("大约还要", clock(state.left) if state.left else "—")
    st.caption("可以关掉这个页面，过一会儿再回来：工作会继续，从“导入数据”页就能找到它。")
    if st.button("取消导入", key="cancel", help="立即停下，已有的数据不受影响"):
        frame.give_up(batch)


def _phase(text: str) -> str:
    """A phase without the name that only a program needs: 核对 cases（案件）is 核对 案件."""
    return re.sub(r"\b[a-z_]+（(.+?)）", r"\1", text)


def clock(seconds: float) -> str:
    """A duration as people say it."""
    whole = max(1, round(seconds))
    return f"{whole} 秒" if whole < 90 else f"{whole // 60} 分 {whole % 60} 秒"

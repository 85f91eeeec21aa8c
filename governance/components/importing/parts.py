"""Step 2, a workbook of several tables: which of the others are imported with the first, and the answers of each."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from governance.components.text import escaped
from governance.desk import Batch
from governance.importing import catalogue


def choose(batch: Batch, found: dict[str, Any]) -> list[str]:
    """Offer the other tables that the workbook holds; return those that are wanted, in the order of the draft."""
    offered = found["draft"]["others"]
    if not offered:
        return []
    now = [one["table"] for one in found["parts"]]
    with st.container(border=True):
        st.markdown(f"##### 这个工作簿里还有 {len(offered)} 种台账")
        st.caption("勾上的会一起起草，写进同一份对照表，一起导入；不勾的这次不读。")
        with st.container(horizontal=True, gap="large"):
            ticked = {
                name
                for name in offered
                if st.checkbox(
                    escaped(catalogue.tables()[name].label), value=name in now, key=f"part-{batch.id}-{name}"
                )
            }
    return [name for name in offered if name in ticked]


def places(titles: list[str]) -> list[DeltaGenerator]:
    """A tab for each table; where there is one, the page itself."""
    return list(st.tabs([escaped(one) for one in titles])) if len(titles) > 1 else [st.container()]


def answers(batch: Batch, table: str) -> dict[str, str]:
    """What has been answered about a table."""
    return batch.answers if table == batch.table else (batch.parts or {}).get(table, {})


def keep(batch: Batch, given: dict[str, dict[str, str]], wanted: list[str]) -> bool:
    """Keep the answers of the first table and of those that are wanted; say whether any of it is new."""
    before = (batch.answers, batch.parts or {name: {} for name in wanted})
    batch.answers = batch.answers | given.get(batch.table, {})
    if wanted or batch.parts is not None or len(given) > 1:
        batch.parts = {name: answers(batch, name) | given.get(name, {}) for name in wanted}
    return (batch.answers, batch.parts or {}) != before

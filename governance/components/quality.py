"""数据质量: what came in, what was sent back and why, how fresh it is."""

import pandas as pd
import streamlit as st

from governance import queries
from governance.components.tables import download, table
from governance.filters import Filter
from governance.queries import MOST_ROWS
from governance.snapshots import Snapshot


def files_read(snapshot: Snapshot, rejects: pd.DataFrame) -> pd.DataFrame:
    """Every file of a snapshot: source, title, file, sheet, encoding, tables, rows read, rows sent back.

    rejects: rejects_by_reason. A row sent back for two reasons is counted for each.
    """
    sent_back = rejects.groupby(["source", "file", rejects["sheet"].fillna("")])["row_count"].sum()
    return pd.DataFrame(
        [
            {
                "来源": one.get("title") or one["source"],
                "文件": one["file"],
                "工作表": one.get("sheet") or "",
                "编码": one.get("encoding") or "",
                "读入行": one["rows"],
                "退回": int(sent_back.get((one["source"], one["file"], one.get("sheet") or ""), 0)),
            }
            for one in snapshot.sources
        ],
        columns=["来源", "文件", "工作表", "编码", "读入行", "退回"],
    )


def freshness(months: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Which sources have nothing in the last month of the data, in one sentence. months: quality_by_source."""
    last = months.groupby("source")["month"].max()
    newest = pd.Timestamp(as_of - pd.Timedelta(microseconds=1)).to_period("M").to_timestamp()
    silent = [f"{source}（最后一月 {month:%Y-%m}）" for source, month in last.items() if pd.Timestamp(month) < newest]
    if not silent:
        return f"{len(last)} 个来源在数据截至的当月都有案件"
    return "到数据截至的当月没有案件的来源：" + "、".join(silent)


def rejected(rejects: pd.DataFrame, filter: Filter) -> None:
    """Rows sent back, by reason, and all of them as a file to correct the export by."""
    if rejects.empty:
        st.caption("没有退回的行。")
        return
    table(rejects, "rejects_by_reason", filter, height=300)
    rows = queries.run("rejected_rows", filter, limit=MOST_ROWS)
    download(rows, "rejected_rows", filter, key="rejected_rows")

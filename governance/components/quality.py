"""数据质量: what came in, what was sent back and why, how fresh it is."""

import pandas as pd
import streamlit as st

from governance import access, queries
from governance.components.tables import download, table
from governance.filters import Filter
from governance.queries import MOST_ROWS
from governance.snapshots import Snapshot
from governance.snapshots.logs import CORRECTED, OUTCOMES

FEW_FILES = 10  # of which a table is as high as its rows


def may_read(table: str, column: str = "") -> bool:
    """Whether what the viewer sees of a table, or of one column, says something; else a card about it is left out."""
    return access.may_read(access.current().role, table, column)


def files(read: pd.DataFrame) -> None:
    """Every file that the snapshot was made from, as a table. read: files_read."""
    numbers = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        read, hide_index=True, height=300 if len(read) > FEW_FILES else "content",
        column_config={"读入行": numbers, "退回": numbers},
    )  # fmt: skip


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


def freshness(sources: pd.DataFrame, snapshot: Snapshot) -> str:
    """Which sources have been silent for longer than is usual for them. sources: freshness_by_source."""
    titles = snapshot.titles
    silent = [
        f"{titles.get(row.source, row.source)}（{row.days_silent:.0f} 天）"
        for row in sources.itertuples()
        if row.is_silent
    ]
    if not silent:
        return f"{len(sources)} 个来源都在按平常的节奏更新"
    return "久未更新的来源：" + "、".join(silent)


def intake_title(intake: pd.DataFrame) -> str:
    """What became of the rows read, in one sentence. intake: intake_by_source."""
    read, accepted, rejected = (int(intake[name].sum()) for name in ("read_count", "accepted", "rejected"))
    return f"读入 {read:,} 行，进入统计 {accepted:,} 行，退回 {rejected:,} 行"


def outcomes(reasons: pd.DataFrame, filter: Filter) -> None:
    """Every outcome but plain acceptance, with its reason. reasons: intake_by_reason."""
    if reasons.empty:
        st.caption("所有行都原样进入统计。")
        return
    shown = reasons.assign(outcome=reasons["outcome"].map({**OUTCOMES, CORRECTED: "更正后进入统计"}))
    table(shown, "intake_by_reason", filter, height=320)
    download(shown, "intake_by_reason", filter, key="intake_by_reason")


def rejected(rejects: pd.DataFrame, filter: Filter) -> None:
    """Rows sent back, by reason, and all of them as a file to correct the export by."""
    st.caption(
        "怎么办：① 下载退回的行，按文件、工作表、行号找到原文件里的那一行；② 在原系统或原文件里改正；"
        "③ 用同一个映射再导入一次。改正的行进入统计，不会重复；没有改正的还会列在这里。"
    )
    if rejects.empty:
        st.caption("没有退回的行。")
        return
    table(rejects, "rejects_by_reason", filter, height=300)
    rows = queries.run("rejected_rows", filter, limit=MOST_ROWS)
    download(rows, "rejected_rows", filter, key="rejected_rows")

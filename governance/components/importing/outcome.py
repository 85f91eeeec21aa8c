"""Steps 3 and 4: what an import would do, and what it has done."""

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from governance import codes, desk, snapshots
from governance.components.importing import frame
from governance.components.importing.mappings import NEW
from governance.components.importing.progress import clock
from governance.components.text import escaped
from governance.desk import Batch
from governance.importing import known
from governance.importing.job import REJECTS
from governance.snapshots import SnapshotError

FEW_ROWS = 10  # of which a table is as high as its rows

Report = dict[str, Any]


def try_out(batch: Batch) -> None:
    """Import without writing, show what would come of it, and publish when the person says so."""
    path = _mapping(batch)
    if path is None:
        batch.mapping, batch.is_confirmed = None, False
        frame.go_on(batch)
        return
    request = {"mapping": str(path), "as_of": batch.as_of, "rows": _rows(batch), "full": batch.is_full}
    found = desk.outcome(batch, "trial")
    if found is None:
        frame.begin(batch, "trial", **request)
        return
    failed = (desk.outcome(batch, "publish") or {}).get("problem")
    if failed:
        frame.problem(failed)
    if "problem" in found:
        _refused(batch, found["problem"])
        return
    report = found["report"]
    _verdict(report)
    _tables(report)
    _foreseen(report)
    _sent_back(batch, "trial", report)
    _first_rows(report)
    _replaced(report)
    is_sure = not found["is_doubted"] or st.checkbox(
        "最上面“会被拦下”的提醒我都核对过，确认要这样发布", key=f"sure-{batch.id}"
    )
    note = "" if is_sure else "有提醒要您先确认"
    pressed = frame.buttons(batch, "发布" if report["changed"] else "", _way_back(batch), is_ready=is_sure, note=note)
    if failed and st.button("重新试运行", key="again"):
        frame.begin(batch, "trial", **request)
    if pressed == "next":
        own = {"save_as": batch.name, "may_replace": [_file_of(batch.earlier)]} if batch.mapping == NEW else {}
        frame.begin(batch, "publish", base=found["base"], accept=found["is_doubted"], **request, **own)
    if pressed == "back":
        _back(batch)


def report(batch: Batch) -> None:
    """What has been published, and where to go from here."""
    found = desk.outcome(batch, "publish") or {}
    report = found["report"]
    if report["changed"]:
        st.success(f"已发布。数据截至 {report['as_of'][:16]}，用时 {clock(found['seconds'])}。")
    else:
        st.info("这些文件的内容和现有数据完全相同，没有需要更新的。")
    if found.get("saved"):
        st.caption(escaped(f"对照表已存为“{Path(found['saved']).stem}”，下次导入同样的文件可以直接选用。"))
    _tables(report)
    _foreseen(report)
    _sent_back(batch, "publish", report)
    with st.expander("完整报告"):
        st.code(report["text"], language=None, wrap_lines=True)
    st.markdown("看板的页面刷新后就是新数据。")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if st.button("再导入一批", type="primary", key="next"):
            batch.remove()
            frame.go_on(None)
        st.page_link("pages/intake.py", label="看数据质量")
        st.page_link("pages/snapshots.py", label="看快照，或退回")


def _mapping(batch: Batch) -> Path | None:
    """The mapping that was chosen, looked up anew."""
    if batch.mapping == NEW:
        path = batch.folder / f"{batch.name}.toml"
        return path if known.NAME.fullmatch(batch.name) and path.is_file() else None
    chosen = known.known().get(batch.mapping or "")
    return chosen.path if chosen else None


def _rows(batch: Batch) -> int | None:
    look = desk.outcome(batch, "look") or {}
    return look["draft"]["look"]["rows"] if "draft" in look else None


def _file_of(key: str | None) -> str:
    return (key or "").partition(":")[2]


def _refused(batch: Batch, sentence: str) -> None:
    """The files do not go in like this: say why, and offer what may help."""
    with st.container(border=True):
        st.markdown("##### 这样还不能导入")
        frame.problem(sentence)
        if "--as-of" in sentence:
            chosen = st.date_input("数据截至哪一天（含当天）", value=None, key="as-of", format="YYYY-MM-DD")
            if st.button("按这一天再试", type="primary", key="with-date") and chosen is not None:
                batch.as_of = datetime.combine(chosen, time(23, 59, 59)).isoformat()
                desk.forget(batch, "trial")
                frame.go_on(batch)
    if frame.buttons(batch, "", _way_back(batch)) == "back":
        _back(batch)


def _way_back(batch: Batch) -> str:
    return "返回上一步" if batch.is_database else "返回改对照表"


def _back(batch: Batch) -> None:
    """To the draft, or to a draft of the known mapping that was chosen."""
    desk.forget(batch, "trial")
    if batch.is_database:
        batch.is_confirmed = False
        frame.go_on(batch)
        return
    if batch.mapping != NEW:
        batch.earlier, batch.mapping, batch.answers = batch.mapping, NEW, {}
        batch.name = Path(_file_of(batch.earlier)).stem[:40]
        desk.forget(batch, "look")
    batch.is_confirmed = False
    frame.go_on(batch)


def _verdict(report: Report) -> None:
    """The whole in one sentence, then what a person should look at twice."""
    read = sum(table["rows_read"] for table in report["tables"].values())
    sent_back = sum(sum(table["rejected"].values()) for table in report["tables"].values())
    if not report["changed"]:
        st.info("试运行完成：内容和现有数据完全相同，不需要发布。")
    elif sent_back:
        st.warning(f"试运行完成：{read:,} 行里有 {sent_back:,} 行不能接收，其余可以发布。什么都还没有写入。")
    else:
        st.success(f"试运行完成：{read:,} 行全部可以读懂。什么都还没有写入。")
    for message in report["messages"]:
        st.warning(escaped(message))


def _tables(report: Report) -> None:
    """Every row that was read, by what became of it."""
    rows = [
        {
            "台账": table["label"],
            "读入": table["rows_read"],
            "接收": table["accepted"],
            "退回": sum(table["rejected"].values()),
            "按规则不计": table["excluded"] + table["not_for_table"],
            "重复": table["duplicates"] + table["superseded"] + table["merged"],
            "新增": table["new"],
            "更新": table["replaced"],
            "不变": table["unchanged"],
            "移除": table["removed"],
        }
        for table in report["tables"].values()
    ]
    with st.container(border=True):
        st.markdown("##### 每一行去了哪里，与现有数据相比有什么变化")
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        notes = [
            f"{what}：{count:,} 行" for table in report["tables"].values() for what, count in table["corrected"].items()
        ]
        notes += [note for table in report["tables"].values() for note in table["notes"]]
        for note in notes:
            st.caption(escaped(note))


def _foreseen(report: Report) -> None:
    """What becomes of the cases, late arrivals included, and the months whose figures change."""
    if not report["changes"]:
        return
    with st.container(border=True):
        st.markdown("##### 案件的变化")
        with st.grid(columns=len(report["changes"]), min_column_width=120):
            for kind, count in report["changes"].items():
                st.metric(codes.label("change", kind), f"{count:,}")
        months = report["months"]
        words = "、".join(months[:12]) + (f" 等 {len(months)} 个月" if len(months) > 12 else "")
        st.caption(escaped(f"这些月份的数字会变：{words}。一件可有几种变化；迟到的是早该有、这次才来的。"))


def _sent_back(batch: Batch, task: str, report: Report) -> None:
    """The rows that are not taken, by reason, and all of them as a file to correct the export by."""
    rows = [
        {"台账": table["label"], "原因": reason, "行数": count}
        for table in report["tables"].values()
        for reason, count in table["rejected"].items()
    ]
    if not rows:
        return
    with st.container(border=True):
        st.markdown(f"##### 退回 {sum(row['行数'] for row in rows):,} 行，按原因")
        st.caption("在原文件里改正后重新导入；不改也可以先发布，退回的行不进入任何统计。")
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        path = batch.folder / task / REJECTS
        if path.is_file():
            st.download_button("下载退回的行", path.read_bytes, "退回的行.csv", "text/csv", on_click="ignore")


def _first_rows(report: Report) -> None:
    for name, preview in report["preview"].items():
        with st.container(border=True):
            st.markdown(f"##### {escaped(report['tables'][name]['label'])}：前 {len(preview['rows'])} 行会是这样")
            st.caption("请看一眼时间、类别对不对；电话、证件号、车牌已经遮盖。")
            st.dataframe(
                pd.DataFrame(preview["rows"], columns=_unique(preview["headings"])),
                hide_index=True,
                height=280 if len(preview["rows"]) > FEW_ROWS else "content",
            )


def _unique(headings: list[str]) -> list[str]:
    """Two canonical columns may have one label; a table needs two."""
    return [
        f"{one}（{headings[:place].count(one) + 1}）" if one in headings[:place] else one
        for place, one in enumerate(headings)
    ]


def _replaced(report: Report) -> None:
    """What publishing takes out of use."""
    if not report["changed"]:
        return
    with st.container(border=True):
        st.markdown("##### 发布之后")
        try:
            now = snapshots.latest()
        except SnapshotError:
            st.markdown("这是第一份数据。")
            return
        kind = (
            "演示数据"
            if now.is_demo
            else f"现在的数据（截至 {now.as_of:%Y-%m-%d %H:%M}，{now.rows('cases'):,} 件案件）"
        )
        st.markdown(
            escaped(f"看板上的{kind}换成新的（截至 {report['as_of'][:16]}）。旧的一份留着，在“快照”页随时可以退回。")
        )

"""Step 2: which of the known mappings reads these files, or a new one."""

from typing import Any

import streamlit as st

from governance import desk
from governance.components.importing import frame
from governance.components.text import escaped
from governance.desk import Batch
from governance.importing import known

NEW = "draft"
FEW_NOTES = 3  # more are folded away


def choose_mapping(batch: Batch) -> None:
    """Offer the mappings, the one that fits first and with the reason; a new one is always among them."""
    found = desk.outcome(batch, "look")
    if found is None:
        frame.begin(batch, "look", table=batch.table)
        return
    if "problem" in found:
        frame.problem(found["problem"])
    else:
        seen(found["draft"])
    fits = {fit["key"]: fit for fit in found.get("fits", ())}
    listed = known.known()
    best = next((key for key, fit in fits.items() if fit["is_whole"] and key in listed), None)
    order = [key for key in fits if key in listed] + [key for key in listed if key not in fits]
    options = [best, NEW] if best else [NEW]
    options += [key for key in order if key not in options]
    if "problem" in found:
        options.remove(NEW)

    def label(key: str) -> str:
        if key == NEW:
            return "新建一份对照表"
        return f"{listed[key].title}{'　★ 建议' if key == best else ''}"

    with st.container(border=True):
        st.markdown("##### 用哪一份对照表来读")
        st.caption("对照表说明文件里的每一列是什么。同一种导出，第一次建好，以后直接选用。")
        if best:
            st.success(f"建议用“{escaped(listed[best].title)}”：{escaped(fits[best]['reason'])}。")
        elif options[0] == NEW:
            st.info("没有现成的对照表完全对得上，建议新建一份：系统先起草，您来确认。")
        chosen = st.radio(
            "对照表", options, key=f"mapping-{batch.id}", label_visibility="collapsed",
            format_func=lambda key: escaped(label(key)),
            captions=[_caption(key, fits) for key in options],
        )  # fmt: skip
    pressed = frame.buttons(batch, "下一步", "换文件", is_ready=chosen in options)
    if pressed == "next" and chosen in options:
        batch.mapping, batch.is_confirmed = chosen, chosen != NEW
        frame.go_on(batch)
    if pressed == "back":
        frame.give_up(batch)


def _caption(key: str, fits: dict[str, dict[str, Any]]) -> str:
    if key == NEW:
        return "系统看文件内容先起草，拿不准的会问您"
    return escaped(fits[key]["reason"]) if key in fits else "没有核对过是否合适"


def seen(draft: dict[str, Any]) -> None:
    """What was found in the files: how many rows, how they were read, and why so."""
    files = draft["look"]["files"]
    with st.container(border=True):
        st.markdown(f"##### 看到了 {len({one['name'] for one in files})} 个文件，共 {draft['look']['rows']:,} 行")
        for file in files:
            words = [f"{file['rows']:,} 行", f"{len(file['headings'])} 列"]
            words += [f"工作表“{file['sheet']}”"] if file["sheet"] else []
            words += [f"编码 {file['encoding']}"] if file["encoding"] else []
            words += [f"表头在第 {file['header_row']} 行" if file["header_row"] else "没有表头行"]
            st.markdown(f"**{escaped(file['name'])}**　{escaped('，'.join(words))}")
        if notes := draft["notes"]:
            listed = "\n".join(f"- {escaped(note)}" for note in notes)
            if len(notes) <= FEW_NOTES:
                st.caption(listed)
            else:  # what has to be decided stands below, and should be in sight
                with st.expander(f"看的时候注意到 {len(notes)} 件事"):
                    st.caption(listed)

"""The menu as it is drawn: every page by its name, and the search by the words of the source documents."""

import streamlit as st

from governance import access, filters, navigation
from governance.mechanisms import mechanisms


def menu(sections: dict[str, list[st.Page]]) -> None:
    """Draw the menu: every page by its name, the filter carried along (so that the back button works)."""
    with st.container(key="menu", horizontal=True, vertical_alignment="center", gap="small"):
        for section, listed in sections.items():
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
                st.caption(section, width="content")
                for page in listed:
                    st.page_link(page, label=page.title, query_params=filters.link())
    if access.current().role in access.READERS:
        _search()


def _search() -> None:
    """A search by the words of the documents: whoever knows 下午茶 need not know that it is under 议事协商."""
    titles = {name: title for listed in navigation.MENU.values() for name, title in listed}
    entries = {entry.name: entry for entry in mechanisms()}
    with st.sidebar:
        st.selectbox(
            "找一项做法", list(entries), index=None, key="mechanism", placeholder="如 下午茶、五单、吹哨报到",
            format_func=lambda name: f"{entries[name].names}　→ {titles.get(entries[name].page, '')}",
            on_change=_ask_for_mechanism,
        )  # fmt: skip
    asked = st.session_state.pop("mechanism_asked", None)
    if asked in entries:
        chosen = entries[asked]
        st.session_state["mechanism_found"] = asked
        st.switch_page(f"pages/{chosen.page}.py", query_params=filters.link(**dict(chosen.params)))


def _ask_for_mechanism() -> None:
    st.session_state["mechanism_asked"] = st.session_state["mechanism"]
    st.session_state["mechanism"] = None


def searched(path: str) -> None:
    """Say what to look at on the page that a search led to: the words of the document need not stand on it."""
    entry = next((one for one in mechanisms() if one.name == st.session_state.get("mechanism_found")), None)
    if entry is None or entry.page != (path or navigation.names(access.current().role)[0]):
        st.session_state.pop("mechanism_found", None)
        return
    said = f"　报道：{entry.said}。要有自己的数，导入{entry.export}。" if entry.said else ""
    st.caption(f"**{entry.names}**　这一页看：{entry.see}。{said}")

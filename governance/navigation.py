"""The menu. To add a page: one file in pages/, one line here; its title and its place stand nowhere else."""

import streamlit as st

from governance import access, filters
from governance.access import AccessError
from governance.mechanisms import mechanisms

MENU: dict[str, list[tuple[str, str]]] = {
    "态势": [
        ("map", "一张图"),
        ("overview", "总览"),
    ],
    "办理": [
        ("process", "流程时效"),
        ("deadlines", "时限承诺"),
        ("satisfaction", "满意度"),
        ("services", "代办与平台"),
        ("workload", "网格负荷"),
        ("disputes", "矛盾纠纷"),
        ("hazards", "安全隐患"),
        ("peers", "同类比较"),
    ],
    "共治": [
        ("scorecards", "打分卡"),
        ("councils", "议事协商"),
        ("lists", "清单与项目"),
        ("visits", "走访与队伍"),
        ("points", "积分与志愿"),
    ],
    "数据": [
        ("cases", "明细"),
        ("dictionary", "指标词典"),
        ("practice", "实践复现"),
        ("quality", "数据质量"),
        ("checks", "对账"),
        ("trace", "溯源"),
        ("changes", "版本变化"),
    ],
}
"""Section → pages as (file in pages/ and path in the URL, title). No icons: browsers fetch those from outside."""

DESK: dict[str, list[tuple[str, str]]] = {
    "导入": [
        ("imports", "导入数据"),
        ("intake", "数据质量"),
        ("snapshots", "快照"),
    ],
}
"""The menu of the import desk, in the same form."""


def entries(role: str) -> dict[str, list[tuple[str, str]]]:
    """The menu of a role: what it may not open stands nowhere in it."""
    menu = {
        section: [(name, title) for name, title in pages if access.may_open(role, name)]
        for section, pages in (DESK | MENU).items()
    }
    return {section: pages for section, pages in menu.items() if pages}


def names(role: str) -> list[str]:
    """The pages of a role, the one that opens at / first."""
    return [name for pages in entries(role).values() for name, _ in pages]


def pages() -> dict[str, list[st.Page]]:
    """The pages for st.navigation, of the role that is asking; the first is what opens at /."""
    role = access.current().role
    menu = entries(role)
    if not menu:
        raise AccessError(f"角色“{role}”在看板里没有可以打开的页面。")
    first = names(role)[0]
    return {
        section: [
            st.Page(f"pages/{name}.py", title=title, url_path=name, default=name == first) for name, title in listed
        ]
        for section, listed in menu.items()
    }


def enter(page: str) -> None:
    """Begin a page that has no filter: through dashboard.py, as filters.current() does, and only for whom it exists."""
    if "framed" not in st.session_state:
        try:
            st.navigation(pages(), position="hidden")
        except AccessError as error:
            st.error(str(error))
            st.stop()
        st.rerun()
    access.require(page)


def menu(sections: dict[str, list[st.Page]]) -> None:
    """Draw the menu: every page by its name, the filter carried along (so that the back button works)."""
    with st.container(key="menu", horizontal=True, vertical_alignment="center", gap="small"):
        for section, entries in sections.items():
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
                st.caption(section, width="content")
                for page in entries:
                    st.page_link(page, label=page.title, query_params=filters.link())
    if access.current().role in access.READERS:
        _search()


def _search() -> None:
    """A search by the words of the documents: whoever knows 下午茶 need not know that it is under 议事协商."""
    titles = {name: title for listed in MENU.values() for name, title in listed}
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


def found(path: str) -> None:
    """Say what to look at on the page that a search led to: the words of the document need not stand on it."""
    entry = next((one for one in mechanisms() if one.name == st.session_state.get("mechanism_found")), None)
    if entry is None or entry.page != (path or names(access.current().role)[0]):
        st.session_state.pop("mechanism_found", None)
        return
    said = f"　报道：{entry.said}。要有自己的数，导入{entry.export}。" if entry.said else ""
    st.caption(f"**{entry.names}**　这一页看：{entry.see}。{said}")

"""The menu. To add a page: one file in pages/, one line here; its title and its place stand nowhere else."""

from typing import NoReturn

import streamlit as st

from governance import access
from governance.access import AccessError

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
    """Begin a page that has no filter: in the frame of dashboard.py, and only for whom it exists."""
    if "framed" not in st.session_state:
        through_the_frame()
    access.require(page)


def through_the_frame() -> NoReturn:
    """Run again through dashboard.py: on a freshly started server a deep link runs the page's file alone.

    Naming the menu once ends that mode.
    """
    try:
        st.navigation(pages(), position="hidden")
    except AccessError as error:
        st.error(str(error))
        st.stop()
    st.rerun()

"""The menu. To add a page: one file in pages/, one line here; its title and its place stand nowhere else."""

import streamlit as st

from governance import filters

MENU: dict[str, list[tuple[str, str]]] = {
    "态势": [
        ("map", "一张图"),
        ("overview", "总览"),
    ],
    "办理": [
        ("satisfaction", "满意度"),
        ("workload", "网格负荷"),
    ],
    "数据": [
        ("cases", "明细"),
        ("dictionary", "指标词典"),
    ],
}
"""Section → pages as (file in pages/ and path in the URL, title). No icons: browsers fetch those from outside."""


def pages() -> dict[str, list[st.Page]]:
    """The pages for st.navigation; the first is what opens at /."""
    first = next(iter(MENU.values()))[0][0]
    return {
        section: [
            st.Page(f"pages/{name}.py", title=title, url_path=name, default=name == first) for name, title in entries
        ]
        for section, entries in MENU.items()
    }


def menu(sections: dict[str, list[st.Page]]) -> None:
    """Draw the menu: every page by its name, the filter carried along (so that the back button works)."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for section, entries in sections.items():
            st.caption(section, width="content")
            for page in entries:
                st.page_link(page, label=page.title, query_params=filters.link())

"""The frame of every page: who is asking, the menu, the filter, the title and how far the data reach."""

from pathlib import Path

import streamlit as st

from governance import access, components, filters, navigation, queries

LOOK = Path(__file__).with_name("governance")

st.set_page_config(
    page_title="社会治理一张图",
    page_icon=LOOK / "icon.png",
    layout="wide",
    initial_sidebar_state="expanded",
)

st.html(LOOK / "style.css")
st.logo(LOOK / "wordmark.png", size="large", icon_image=LOOK / "icon.png")
try:
    sections = navigation.pages()
    page = st.navigation(sections, position="hidden")
    st.session_state["framed"] = True
    if access.current().role in access.READERS:
        with queries.one_snapshot():
            store = queries.current_store(st.query_params.get("as_of") or st.session_state.get("as_of"))
            filter = filters.sidebar(store, page.url_path)
            components.menu(sections)
            components.masthead(page.title, filter)
            components.searched(page.url_path)
            with components.marked(store):
                page.run()
    else:  # the import desk reads no cases: there is nothing to filter
        components.menu(sections)
        st.title(page.title, anchor=False)
        page.run()
except Exception as error:  # whatever it is, a reader gets one sentence and the log the rest
    components.trouble(error)

"""The sidebar of every page, and the filter's place in the URL."""

from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from functools import partial

import streamlit as st

from governance import codes, navigation, queries, snapshots
from governance.filters.filter import (
    CHOICES,
    EARLIEST,
    EVERYWHERE,
    LATEST,
    Filter,
    FilterProblem,
    default,
    from_params,
    months_before,
    place_options,
)
from governance.store import Store


def current() -> Filter:
    """The filter of this run of the page. Every page calls it first.

    Without dashboard.py no filter was drawn, and the one in the URL would be silently ignored.
    """
    if "filter" not in st.session_state:
        navigation.through_the_frame()
    return st.session_state["filter"]


def sidebar(store: Store, page: str) -> Filter:
    """Draw the filter, once per run of `page`; what was chosen goes into the URL, what is in the URL is chosen."""
    _adopt_url(store, page)
    with st.sidebar:
        st.selectbox(
            "统计期",
            list(_PERIODS),
            index=None,
            placeholder="快速选择",
            key="period",
            on_change=_set_period,
            args=(store,),
        )
        st.date_input("起始日", key="start", min_value=EARLIEST, max_value=LATEST, format="YYYY-MM-DD")
        st.date_input(
            "截止日", key="stop", min_value=EARLIEST, max_value=LATEST, format="YYYY-MM-DD", help="截止日当天不计入"
        )
        places = place_options(store)
        st.selectbox(
            "区划或网格",
            ["", *places.index],
            format_func=lambda code: places.at[code, "full_name"] if code else EVERYWHERE,
            key="region",
        )
        for name, label in CHOICES.items():
            st.multiselect(
                label, list(codes.LABELS[name]), format_func=partial(codes.label, name), key=name, placeholder="全部"
            )
        _choose_version(store)
    chosen = _forgiving(_widget_params(), store, "")
    st.session_state["filter"] = chosen
    _write_url(chosen, default(store))
    return chosen


def _choose_version(store: Store) -> None:
    """Offer the earlier versions of the data: what was reported then can be looked at as it was."""
    versions = {version.id: version for version in reversed(snapshots.versions())}
    versions.setdefault(store.snapshot.id, store.snapshot)
    newest = next(iter(versions))

    def label(version: str) -> str:
        if not version:
            return f"最新（截至 {versions[newest].as_of:%Y-%m-%d %H:%M}）"
        return f"截至 {versions[version].as_of:%Y-%m-%d %H:%M}（{version[-8:]}）"

    st.selectbox(
        "数据版本", ["", *versions], format_func=label, key="as_of", on_change=_set_version,
        help="选较早的版本，各页就按当时的数据重算；两个版本之间的差别见“版本变化”。",
    )  # fmt: skip


def _set_version() -> None:
    """Put the chosen version into the URL at once: which store is opened is decided there."""
    if st.session_state.get("as_of"):
        st.query_params["as_of"] = st.session_state["as_of"]
    elif "as_of" in st.query_params:
        del st.query_params["as_of"]


def link(**more: str | list[str]) -> dict[str, list[str] | str]:
    """The URL parameters that carry the current filter to another page, with those of that page."""
    return {**st.session_state.get("url", {}), **more}


def choose_region(code: str | None) -> None:
    """Set the region from elsewhere than the sidebar (a click on the map): takes effect with the next run."""
    st.session_state["region_asked"] = code or ""
    st.session_state.pop("level", None)
    if "level" in st.query_params:
        del st.query_params["level"]


def _adopt_url(store: Store, page: str) -> None:
    """Put the URL's choices into the widgets when it was changed from outside: a link, a reload, the back button."""
    names = [field.name for field in fields(Filter)]
    url = {name: st.query_params.get_all(name) for name in names if name in st.query_params}
    if "region_asked" in st.session_state:
        st.session_state["region"] = st.session_state.pop("region_asked")
        st.session_state["page"] = page
        return
    is_first = "start" not in st.session_state
    is_other_page = st.session_state.get("page") != page
    st.session_state["page"] = page
    # A page opened without a filter keeps the one in use; a filter that vanished on the same page is the back button.
    if not is_first and (url == st.session_state.get("url") or (not url and is_other_page)):
        for name in names:  # a widget's value must be set again, or it is dropped when another page is opened
            st.session_state[name] = st.session_state.get(name)
        return
    chosen = _forgiving(url, store, "链接中的")
    for name, value in asdict(chosen).items():
        st.session_state[name] = (
            list(value) if isinstance(value, tuple) else "" if name in ("region", "as_of") and value is None else value
        )
    if chosen.as_of:  # a date names the version that was the newest then
        st.session_state["as_of"] = store.snapshot.id


def _forgiving(params: dict[str, list[str]], store: Store, origin: str) -> Filter:
    """A Filter from parameters of which some may be wrong: each of those is named and left out, the others hold."""
    good = dict(params)
    for names in (("start", "stop"), *((field.name,) for field in fields(Filter)[2:])):
        part = {name: params[name] for name in names if name in params}
        try:
            from_params(part, store)
        except FilterProblem as problem:
            st.warning(f"{origin}筛选有误，已忽略：{problem}。")
            good = {name: value for name, value in good.items() if name not in part}
    return from_params(good, store)


def _widget_params() -> dict[str, list[str]]:
    """What the widgets hold, as text: a client may send anything, so it is checked like a URL."""
    params: dict[str, list[str]] = {}
    for field in fields(Filter):
        value = st.session_state.get(field.name)
        if value not in (None, [], ""):
            params[field.name] = [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
    return params


def _write_url(chosen: Filter, standard: Filter) -> None:
    """Keep the URL equal to the filter, defaults left out; other parameters of the page stay."""
    url = {}
    for field in fields(Filter):
        value = getattr(chosen, field.name)
        if value != getattr(standard, field.name):
            url[field.name] = list(value) if isinstance(value, tuple) else [str(value)]
    for field in fields(Filter):
        if field.name in url:
            if st.query_params.get_all(field.name) != url[field.name]:
                st.query_params[field.name] = url[field.name]
        elif field.name in st.query_params:
            del st.query_params[field.name]
    st.session_state["url"] = url


def _period_bounds(name: str, stop: date, first: date) -> tuple[date, date]:
    last = stop - timedelta(days=1)
    return {
        "本月": (last.replace(day=1), stop),
        "近三个月": (months_before(stop, 3), stop),
        "近十二个月": (months_before(stop, 12), stop),
        "今年以来": (date(last.year, 1, 1), stop),
        "上年全年": (date(last.year - 1, 1, 1), date(last.year, 1, 1)),
        "全部数据": (first, stop),
    }[name]


_PERIODS = ("本月", "近三个月", "近十二个月", "今年以来", "上年全年", "全部数据")


def _set_period(store: Store) -> None:
    name = st.session_state.get("period")
    if name not in _PERIODS:
        return
    first = queries.answer(store, "data_span", default(store)).at[0, "first_reported_at"]
    first_day = first.date() if isinstance(first, datetime) and first == first else default(store).start
    start, stop = _period_bounds(name, default(store).stop, first_day)
    st.session_state["start"], st.session_state["stop"] = start, stop
    st.session_state["period"] = None

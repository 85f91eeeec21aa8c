"""The filter every page shares: one frozen Filter, its sidebar, and its place in the URL.

A field keeps one name from widget to SQL: field of Filter = widget key = URL parameter = option of the command line =
`$name` in queries/. Whatever comes from outside (URL, command line) passes `from_params`, the one place that checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from governance import codes, queries
from governance.store import Store

CHOICES = {"category": "类别", "channel": "渠道", "origin": "来源方式", "urgency": "缓急"}
EVERYWHERE = "全部范围"
DEFAULT_MONTHS = 3
LONGEST_NAME = 200
REGION_DIGITS = 12


class FilterProblem(Exception):
    """A filter that makes no sense; the message is one Chinese sentence for whoever asked."""


@dataclass(frozen=True)
class Filter:
    """What is looked at: the period [start, stop), a region or grid (None: everywhere), codes (empty: all)."""

    start: date
    stop: date
    region: str | None = None
    category: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    as_of: str | None = None

    def params(self) -> dict[str, object]:
        """As parameters of a query, by the same names."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def previous(self) -> "Filter":
        """The same filter over 上期: as long, and ending where this period starts."""
        return replace(self, start=self.start - (self.stop - self.start), stop=self.start)

    def months_back(self, months: int) -> "Filter":
        """The same filter over the `months` calendar months that end with the period, for trends."""
        last = self.stop - timedelta(days=1)
        return replace(self, start=min(self.start, _months_before(last.replace(day=1), months - 1)))


def from_params(params: Mapping[str, Sequence[str]], store: Store) -> Filter:
    """A checked Filter from named lists of text (a URL, a command line); FilterProblem says what is wrong."""
    known = {field.name for field in fields(Filter)}
    if unknown := set(params) - known:
        raise FilterProblem(f"没有名为“{_shown(sorted(unknown)[0])}”的筛选项，可用的有：{'、'.join(sorted(known))}")
    standard = default(store)
    start = _one_date("start", params) or standard.start
    stop = _one_date("stop", params) or standard.stop
    if "stop" in params and "start" not in params and start >= stop:
        start = _months_before(stop, DEFAULT_MONTHS)
    if start >= stop:
        raise FilterProblem(f"起始日 {start} 应早于截止日 {stop}（截止日当天不计入）")
    region = _place(_one("region", params), store)
    chosen = {name: _codes(name, params) for name in CHOICES}
    return Filter(start=start, stop=stop, region=region, as_of=_one("as_of", params), **chosen)


def default(store: Store) -> Filter:
    """The filter before anybody chose: everywhere, the three calendar months before the data cut-off."""
    stop = (store.as_of + timedelta(days=1) - timedelta(microseconds=1)).date()
    return Filter(start=_months_before(stop, DEFAULT_MONTHS), stop=stop)


def place_options(store: Store) -> pd.DataFrame:
    """Places a viewer may choose, indexed by code."""
    return queries.answer(store, "place_options", default(store)).set_index("place_code", drop=False)


def _place(code: str | None, store: Store) -> str | None:
    """A code of `places`; a statistics code may come without its closing zeros (140226 for 140226000000)."""
    places = place_options(store).index
    if code is None or code in places:
        return code
    if code.isdigit() and len(code) < REGION_DIGITS and code.ljust(REGION_DIGITS, "0") in places:
        return code.ljust(REGION_DIGITS, "0")
    raise FilterProblem(f"没有代码为“{_shown(code)}”的区划或网格")


def _one(name: str, params: Mapping[str, Sequence[str]]) -> str | None:
    values = [value for value in params.get(name, ()) if value]
    if len(values) > 1:
        raise FilterProblem(f"筛选项 {name} 只能有一个值")
    return values[0] if values else None


def _one_date(name: str, params: Mapping[str, Sequence[str]]) -> date | None:
    text = _one(name, params)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise FilterProblem(f"日期“{_shown(text)}”应写成 2026-07-01 这样") from error
    if not 1970 <= day.year <= 2200:
        raise FilterProblem(f"日期“{_shown(text)}”的年份不在 1970 到 2200 之间")
    return day


def _codes(name: str, params: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Codes of a list; a Chinese label is as good as its code."""
    labels = codes.LABELS[name]
    by_label = {label: code for code, label in labels.items()}
    found = []
    for value in params.get(name, ()):
        if value not in labels and value not in by_label:
            raise FilterProblem(f"{CHOICES[name]}“{_shown(value)}”不存在，可用的有：{'、'.join(labels.values())}")
        found.append(value if value in labels else by_label[value])
    return tuple(dict.fromkeys(found))


def _shown(text: str) -> str:
    clean = "".join(character for character in text if character.isprintable())
    return clean if len(clean) <= LONGEST_NAME else clean[:LONGEST_NAME] + "…"


def _months_before(day: date, months: int) -> date:
    months_since_zero = day.year * 12 + day.month - 1 - months
    year, month = divmod(months_since_zero, 12)
    for candidate in range(day.day, 0, -1):
        try:
            return date(year, month + 1, candidate)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


# ---------------------------------------------------------------- the sidebar


def current() -> Filter:
    """The filter of this run of the page. Every page calls it first.

    On a freshly started server a deep link runs the page file alone, without dashboard.py: no filter was drawn, and
    the one in the URL would be silently ignored. Naming the menu once ends that mode; the rerun enters by dashboard.py.
    """
    if "filter" not in st.session_state:
        from governance import navigation

        st.navigation(navigation.pages(), position="hidden")
        st.rerun()
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
        st.date_input(
            "起始日", key="start", min_value=date(1970, 1, 1), max_value=date(2200, 1, 1), format="YYYY-MM-DD"
        )
        st.date_input(
            "截止日",
            key="stop",
            min_value=date(1970, 1, 1),
            max_value=date(2200, 1, 1),
            format="YYYY-MM-DD",
            help="截止日当天不计入",
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
    chosen = _forgiving(_widget_params(), store, "")
    st.session_state["filter"] = chosen
    _write_url(chosen, default(store))
    return chosen


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
            list(value) if isinstance(value, tuple) else "" if name == "region" and value is None else value
        )


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
        "近三个月": (_months_before(stop, 3), stop),
        "近十二个月": (_months_before(stop, 12), stop),
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

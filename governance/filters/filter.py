"""What a Filter is, and the one place that checks one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

import pandas as pd

from governance import codes, queries
from governance.store import Store

CHOICES = {"category": "类别", "channel": "渠道", "origin": "来源方式", "urgency": "缓急"}
EVERYWHERE = "全部范围"
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 12, 31)
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

    def last_year(self) -> "Filter":
        """The same filter over 去年同期: the same days a year before."""
        return replace(self, start=months_before(self.start, 12), stop=months_before(self.stop, 12))

    @property
    def months(self) -> str:
        """How many calendar months it touches, in words: 近 13 个月."""
        last = self.stop - timedelta(days=1)
        return f"近 {(last.year - self.start.year) * 12 + last.month - self.start.month + 1} 个月"

    def months_back(self, months: int) -> "Filter":
        """The same filter over the `months` calendar months that end with the period, for trends."""
        last = self.stop - timedelta(days=1)
        return replace(self, start=min(self.start, months_before(last.replace(day=1), months - 1)))


def from_params(params: Mapping[str, Sequence[str]], store: Store) -> Filter:
    """A checked Filter from named lists of text (a URL, a command line); FilterProblem says what is wrong."""
    known = {field.name for field in fields(Filter)}
    if unknown := set(params) - known:
        raise FilterProblem(f"没有名为“{_shown(sorted(unknown)[0])}”的筛选项，可用的有：{'、'.join(sorted(known))}")
    standard = default(store)
    start = _one_date("start", params) or standard.start
    stop = _one_date("stop", params) or standard.stop
    if "stop" in params and "start" not in params and start >= stop:
        start = months_before(stop, DEFAULT_MONTHS)
    if start >= stop:
        raise FilterProblem(f"起始日 {start} 应早于截止日 {stop}（截止日当天不计入）")
    region = _place(_one("region", params), store)
    chosen = {name: _codes(name, params) for name in CHOICES}
    return Filter(start=start, stop=stop, region=region, as_of=_one("as_of", params), **chosen)


def default(store: Store) -> Filter:
    """The filter before anybody chose: everywhere, the three calendar months before the data cut-off."""
    stop = (store.as_of + timedelta(days=1) - timedelta(microseconds=1)).date()
    return Filter(start=months_before(stop, DEFAULT_MONTHS), stop=stop)


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
    if not EARLIEST <= day <= LATEST:
        raise FilterProblem(f"日期“{_shown(text)}”的年份不在 {EARLIEST.year} 到 {LATEST.year} 之间")
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


def months_before(day: date, months: int) -> date:
    """The same day `months` months earlier; the last day of a month that is too short for it."""
    months_since_zero = day.year * 12 + day.month - 1 - months
    year, month = divmod(months_since_zero, 12)
    for candidate in range(day.day, 0, -1):
        try:
            return date(year, month + 1, candidate)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")

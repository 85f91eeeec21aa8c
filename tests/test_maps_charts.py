"""Maps and charts: what is drawn is what was counted, nothing asks another host, nothing fails on nothing."""

import itertools
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import orjson
import pandas as pd
import plotly.graph_objects as go
import pytest

from governance import charts, maps, theme
from governance.estimates import natural_breaks
from governance.indicators import INDICATORS, Direction, Indicator
from governance.maps.columns import columns

NAN = float("nan")
RATE = INDICATORS["satisfaction_rate"]  # a rate with a minimum of 30
COUNT = INDICATORS["reported_count"]  # a count, any number will do
P90 = INDICATORS["handling_hours_p90"]  # may have no value though there are cases enough
LOWER = INDICATORS["overdue_rate"]
TARGETED = replace(RATE, target=0.9, warning=0.8)
SQUARE = [[[112.0, 37.0], [112.1, 37.0], [112.1, 37.1], [112.0, 37.1], [112.0, 37.0]]]
Value = tuple[float | None, float | None]


def places(*rows: Value, names: list[str] | None = None) -> pd.DataFrame:
    """Places with (value, base), each with a shape."""
    return pd.DataFrame(
        [
            {
                "place_code": f"P{number}", "name": names[number] if names else f"{number} 村",
                "geometry": orjson.dumps({"type": "Polygon", "coordinates": SQUARE}).decode(),
                "is_schematic": number == 0, "approval_number": None,
                "value": value, "hit": None if value is None or base is None else value * base, "base": base,
            }
            for number, (value, base) in enumerate(rows)
        ]
    ).astype({"value": "float64", "hit": "float64", "base": "float64"})  # fmt: skip


def drawn(frame: pd.DataFrame) -> maps.Outlines:
    lists = (list(frame[name]) for name in ("place_code", "name", "geometry", "is_schematic"))
    return maps.outlines(*lists)


VALUES: list[Sequence[Value]] = [
    [(None, None)],
    [(None, 0)],
    [(0.5, 100)],
    [(0.5, 29)],
    [(0.5, 100), (0.5, 100), (0.5, 100)],
    [(0.9, 100), (0.1, 100), (0.5, 29), (None, 0), (0.7, 30), (0.0, 50)],
    [(number / 50, 30 + number) for number in range(50)],
    [(number % 3 / 3, number * 10.0 + 1) for number in range(50)],
    [(0.0, 100)] * 20 + [(1.0, 100)],
]


@pytest.mark.parametrize("method", ["quantile", "natural", "fixed", "nonsense"])
@pytest.mark.parametrize(
    "indicator", [RATE, COUNT, P90, LOWER, TARGETED], ids=["rate", "count", "p90", "low", "target"]
)
@pytest.mark.parametrize("values", VALUES, ids=range(len(VALUES)))
def test_the_legend_counts_every_place_once(values: Sequence[Value], indicator: Indicator, method: str) -> None:
    frame = places(*values)
    scale = maps.scale(indicator, frame["value"], frame["base"], method)
    assert sum(entry.count for entry in scale.entries) == len(frame) == len(scale.letters)
    assert {entry.key: entry.count for entry in scale.entries if entry.count} == dict(Counter(scale.letters))
    assert list(scale.bounds) == sorted(set(scale.bounds))
    assert len({entry.color for entry in scale.entries}) == len(scale.entries), "two entries look alike"
    assert len({entry.words for entry in scale.entries}) == len(scale.entries), "two entries read alike"


def test_a_map_of_nothing_is_still_a_map() -> None:
    frame = places((0.5, 100)).head(0)
    assert maps.scale(RATE, frame["value"], frame["base"]).entries == ()
    assert maps.view(frame, frame, RATE)["letters"] == ""


def test_none_few_and_zero_are_told_apart() -> None:
    frame = places((None, 0), (0.5, 29), (0.0, 100), (1.0, 100))
    scale = maps.scale(RATE, frame["value"], frame["base"])
    assert scale.letters == "nfz0"
    assert [entry.words for entry in scale.entries] == ["0.0%", "100.0%", "样本不足（n<30）", "没有数据"]


def test_many_cases_without_a_value_are_not_few() -> None:
    frame = places((None, 100), (30, 100))  # P90 is not reached: there are cases enough, only no number
    assert maps.scale(P90, frame["value"], frame["base"]).letters == "n0"


def test_a_count_of_zero_is_a_number() -> None:
    frame = places((0, 0), (5, 5))
    assert maps.scale(COUNT, frame["value"], frame["base"]).letters == "z0"


def test_quantiles_as_they_are_read() -> None:
    # 0.1 … 1.0: two in each of five groups; the ranges meet without sharing a number.
    frame = places(*[(number / 10, 100) for number in range(1, 11)])
    scale = maps.scale(RATE, frame["value"], frame["base"])
    assert scale.letters == "0011223344"
    assert [entry.words for entry in scale.entries][:2] == ["10.0% – 29.9%", "30.0% – 49.9%"]
    assert scale.title == "满意率，等量分级"


def test_a_number_is_in_the_class_whose_range_it_is_read_in() -> None:
    # 0.71151 and 0.71249 are both written 71.2%: they must not part.
    frame = places((0.6, 99), (0.71151, 99), (0.71249, 99), (0.8, 99), (0.9, 99), (1, 99))
    letters = maps.scale(RATE, frame["value"], frame["base"]).letters
    assert letters[1] == letters[2]


def test_natural_breaks_by_trying_every_split() -> None:
    def spread(values: list[float], bounds: Sequence[float]) -> float:
        edges = [-1e9, *bounds, 1e9]
        groups = [[v for v in values if low <= v < high] for low, high in itertools.pairwise(edges)]
        return sum(sum((v - sum(group) / len(group)) ** 2 for v in group) for group in groups if group)

    dice = random.Random(3)
    for _ in range(40):
        values = [float(dice.choice([dice.randint(0, 9), dice.randint(40, 60)])) for _ in range(14)]
        distinct = sorted(set(values))
        if len(distinct) > 4:
            best = min(spread(values, bounds) for bounds in itertools.combinations(distinct[1:], 3))
            assert spread(values, natural_breaks(values, 4)) == pytest.approx(best, abs=1e-6)
    assert natural_breaks([1, 1, 2, 2, 50, 51, 100], 3) == [50, 100]
    assert natural_breaks([], 5) == []
    assert natural_breaks([7, 7, 7], 5) == []


def test_fixed_thresholds_are_those_of_the_verdict() -> None:
    assert maps.methods(RATE if RATE.target is None else replace(RATE, target=None)) == ["quantile", "natural"]
    assert maps.methods(TARGETED) == ["quantile", "natural", "fixed"]
    frame = places((0.95, 100), (0.9, 100), (0.85, 100), (0.5, 100), (0.5, 3), (None, 0))
    scale = maps.scale(TARGETED, frame["value"], frame["base"], "fixed")
    assert scale.letters == "0012fn"
    assert [entry.words for entry in scale.entries][:3] == ["达标 ≥ 90.0%", "关注 ≥ 80.0%", "未达标 < 80.0%"]


def test_orange_where_more_is_worse() -> None:
    frame = places(*[(number / 10, 100) for number in range(1, 11)])
    assert maps.scale(LOWER, frame["value"], frame["base"]).colors == theme.ORANGES
    assert maps.scale(RATE, frame["value"], frame["base"]).colors == theme.BLUES


def test_a_change_is_the_same_up_as_down_and_only_where_both_suffice() -> None:
    now = places((0.9, 100), (0.5, 100), (0.70, 100), (0.9, 29), (None, 0), (0.7, 100))
    before = places((0.6, 100), (0.8, 100), (0.70, 100), (0.5, 100), (0.5, 100), (0.7, 5))
    scale, changes = maps.change_scale(RATE, now, before, "较上期变化")
    assert changes.iloc[0] == pytest.approx(0.3)
    assert scale.letters == "312fnf"  # bounds ±20 and ±50 points; too few now, nothing now, too few before
    assert list(scale.bounds) == [-bound for bound in reversed(scale.bounds)]
    assert scale.colors == theme.WORSE_BETTER
    worse, _ = maps.change_scale(LOWER, now, before, "较上期变化")
    assert worse.colors == theme.WORSE_BETTER[::-1]
    assert "变差" in worse.entries[4].words
    neutral, _ = maps.change_scale(replace(RATE, direction=Direction.NEUTRAL), now, before, "较上期变化")
    assert neutral.colors == theme.LESS_MORE


def test_changes_of_counts_are_pieces_and_of_hours_per_cent() -> None:
    now, before = places((12, 12), (3, 3)), places((10, 10), (10, 10))
    assert list(maps.change_scale(COUNT, now, before, "")[1]) == [2, -7]
    now, before = places((12, 100), (5, 100)), places((10, 100), (0, 100))
    assert list(maps.change_scale(P90, now, before, "")[1].round(9).fillna(-1)) == [0.2, -1]


def test_the_words_of_a_place() -> None:
    assert maps.words(RATE, 0.8346, 313, 375) == "满意率 83.5%（313 / 375）"
    assert maps.words(RATE, 0.5, 1, 2) == "满意率 50.0%（1 / 2），样本不足"
    assert maps.words(RATE, None, None, 0) == "满意率 —"
    assert maps.words(RATE, NAN, NAN, NAN) == "满意率 —"
    assert maps.words(COUNT, 1234, None, 1234) == "受理量 1,234 件"
    assert maps.words(P90, 30, 5, 100).endswith("30.0 小时（n=100）")


def test_the_view_follows_the_order_of_the_shapes() -> None:
    frame = places((0.5, 100), (0.9, 100), (0.1, 10))
    nowhere = frame.head(1).assign(place_code=None)  # 未落格
    values = pd.concat([nowhere, frame.iloc[::-1]], ignore_index=True)
    found = maps.view(frame, values, RATE, outlines=drawn(frame))
    assert found["values"] == ["50.0%", "90.0%", "10.0%"]
    assert found["hits"] == [50, 90, 1]
    assert found["bases"] == [100, 100, 10]
    assert found["letters"][2] == "f"
    assert "geometry" not in json.dumps(found)


def test_one_scale_over_all_periods() -> None:
    frame = places((0.5, 100), (0.9, 100))
    times = pd.to_datetime(["2026-05-01", "2026-06-01"])
    values = pd.DataFrame(
        [("P0", times[0], 10.0, 10, True), ("P0", times[1], 20.0, 20, False), ("P1", times[0], 0.0, 0, True)],
        columns=["place_code", "frame", "value", "base", "is_complete"],
    )
    played = maps.view(frame, frame, COUNT, frames=maps.Frames(values, "month"))["frames"]
    assert played["labels"] == ["2026年5月", "2026年6月（不满）"]
    assert played["letters"] == ["0z", "1n"]  # 10 and 20 are the two classes; P1 is unknown in June


def test_marks_are_drawn_where_they_lie_and_counted_where_they_cannot() -> None:
    frame = places((0.5, 100))
    marks = pd.DataFrame([
        {"place_code": "P0", "lon": NAN, "lat": NAN, "count": 3, "words": "<b>三件</b>"},
        {"place_code": None, "lon": 112.05, "lat": 37.05, "count": 5, "words": "五件"},
        {"place_code": "elsewhere", "lon": NAN, "lat": NAN, "count": 2, "words": "两件"},
    ])  # fmt: skip
    layers = [maps.Layer("overdue", "超期", marks)]
    (layer,) = maps.view(frame, frame, RATE, outlines=drawn(frame), layers=layers)["layers"]
    assert (layer["total"], layer["unseen"]) == (10, 2)
    assert [mark[2] for mark in layer["marks"]] == [5, 3]
    assert layer["marks"][0][:2] == pytest.approx(layer["marks"][1][:2], abs=200)  # both in the middle of the square


def test_900_places_are_some_20_kb() -> None:
    frame = places(*[(number % 100 / 100, number) for number in range(900)])
    assert len(orjson.dumps(maps.view(frame, frame, RATE))) <= 20_000


def test_columns_ask_nobody() -> None:
    frame = places((5, 5), (0, 0))
    scale = maps.scale(COUNT, frame["value"], frame["base"])
    deck = columns(frame, frame, COUNT, scale, drawn(frame))
    content = json.loads(deck.to_json())
    # No map_style was given: pydeck then writes this mark, by which Streamlit knows to draw no ground. Any other value,
    # and none at all, makes the browser ask a tile server.
    assert content["mapStyle"] == "__MAP_STYLE__"
    assert content.get("mapProvider") is None
    assert "://" not in deck.to_json()
    (column,) = content["layers"][1]["data"]  # nothing stands where there is nothing
    assert column["place_code"] == "P0"
    assert content["layers"][0]["pickable"] is False
    assert content["layers"][2]["parameters"] == {"depthCompare": "always"}  # or the ground covers the names
    assert deck._tooltip["html"] == "<b>{name}</b><br/>{words}"  # what fills it in escapes every value


# ---------------------------------------------------------------- charts

MONTHS = list(pd.date_range("2026-01-01", periods=4, freq="MS"))
RATES = {"satisfaction_rate": "satisfaction_n", "solved_rate": "solved_n"}


def rates() -> pd.DataFrame:
    return pd.DataFrame({
        "month": MONTHS, "satisfaction_rate": [0.8, NAN, 0.9, 1.0], "satisfaction_n": [100, 0, 29, 30],
        "solved_rate": [NAN] * 4, "solved_n": [0] * 4,
    })  # fmt: skip


def flow() -> pd.DataFrame:
    return pd.DataFrame(
        {"month": MONTHS, "reported_count": [1, 2, 3, 0], "closed_count": [0, 1, NAN, 1], "open_count": [1, 2, 3, 4]}
    )


def ages() -> pd.DataFrame:
    bands = ["within_2_days", "within_8_days", "within_31_days", "older"]
    return pd.DataFrame({"day": MONTHS, **{band: [1, 0, 2, NAN] for band in bands}})


def hours() -> pd.DataFrame:
    return pd.DataFrame(
        [(day, hour, day * hour, NAN if hour else 0.5) for day in range(1, 8) for hour in range(24)],
        columns=["weekday", "hour", "reported_count", "response_hours"],
    )


def monthly() -> pd.DataFrame:
    return pd.DataFrame({"month": MONTHS, "value": [0.5, NAN, 0.25, 1], "base": [30, 0, 1, 100]})


MADE = {
    "rates_by_month": lambda n: charts.rates_by_month(rates().head(n), list(RATES), RATES),
    "flow_by_month": lambda n: charts.flow_by_month(flow().head(n)),
    "indicator_by_month": lambda n: charts.indicator_by_month(monthly().head(n), "satisfaction_rate"),
    "bars": lambda n: charts.bars(["甲", "乙", "丙"][:n], [1.0, NAN, 0.0][:n], ["1", "—", "0"][:n]),
    "changes": lambda n: charts.changes(
        ["甲", "乙"][:n], [0.5, NAN][:n], [0.6, 0.5][:n], ["a", "b"][:n], [True, False][:n]
    ),
    "backlog_ages": lambda n: charts.backlog_ages(ages().head(n)),
    "hours_of_week": lambda n: charts.hours_of_week(hours().head(n * 42)),
    "load_distribution": lambda n: charts.load_distribution(pd.Series([0.0, 2.0, NAN, 12.0][:n], dtype="float64"), 9.0),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("count", [0, 1, 4], ids=["nothing", "one", "some with gaps"])
def test_every_chart_is_made_of_whatever_there_is(name: str, count: int) -> None:
    figure = MADE[name](count)
    assert isinstance(figure, go.Figure)
    content = figure.to_json()
    assert "nan" not in content.lower().replace("nanum", "")
    assert "://" not in content


def test_a_chart_knows_the_missing_p90() -> None:
    for missing in (None, NAN):
        figure = charts.load_distribution(pd.Series([NAN, NAN]), missing)
        assert "nan" not in str(figure.layout.annotations).lower()
        assert not [note for note in figure.layout.annotations if "P90" in (note.text or "")]


def test_bars_of_grids_add_up_to_the_grids() -> None:
    loads = pd.Series([0, 0.2, 1, 3, 3, 7.5, 40, NAN])
    figure = charts.load_distribution(loads, 30.0)
    assert sum(figure.data[0].y) == loads.notna().sum()


def test_months_with_few_cases_are_hollow() -> None:
    figure = charts.rates_by_month(rates(), list(RATES), RATES)
    line = next(trace for trace in figure.data if trace.name == "满意率")
    assert [color == "#ffffff" for color in line.marker.color] == [False, True, True, False]


def test_months_without_a_number_have_the_axis_of_a_rate() -> None:
    nothing = charts.indicator_by_month(monthly().assign(value=NAN), "satisfaction_rate")
    assert tuple(nothing.layout.yaxis.range) == (0, 1)  # plotly would draw -100 % to 400 %
    assert [note.text for note in nothing.layout.annotations] == ["这些月份没有可算的数"]
    assert charts.indicator_by_month(monthly(), "satisfaction_rate").layout.yaxis.range is None


def test_what_became_worse_is_red() -> None:
    figure = charts.changes(["甲", "乙"], [0.5, 0.5], [0.4, 0.6], ["", ""], [True, False])
    assert [trace.line.color for trace in figure.data] == [theme.ALERT, theme.ACCENT]


def test_what_chance_may_have_done_is_grey() -> None:
    figure = charts.changes(["甲", "乙"], [0.5, 0.5], [0.4, 0.6], ["", ""], [None, False])
    assert [trace.line.color for trace in figure.data] == [theme.MUTED, theme.ACCENT]


@pytest.mark.parametrize(("most", "step"), [(5, 1), (6, None)])
def test_there_is_no_half_case_on_an_axis(most: int, step: int | None) -> None:
    assert (
        charts.flow_by_month(flow().assign(reported_count=most, closed_count=0, open_count=1)).layout.yaxis.dtick
        == step
    )


def test_names_have_air_above_the_first_and_below_the_last() -> None:
    figure = charts.changes(["甲", "乙"], [0.5, 0.5], [0.4, 0.6], ["", ""], [True, False])
    assert list(figure.layout.yaxis.range) == [1.5, -0.5]


def test_colours_differ() -> None:
    assert len(set(theme.CATEGORICAL)) == len(theme.CATEGORICAL) >= 10
    assert not {theme.NO_DATA, theme.TOO_FEW} & {*theme.BLUES, *theme.ORANGES}
    assert theme.rgb("#1d5fa8", 7) == [29, 95, 168, 7]

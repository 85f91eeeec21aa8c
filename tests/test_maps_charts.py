"""Maps and charts: what is drawn is what was counted, nothing asks another host, nothing fails on nothing."""

import itertools
import json
from collections.abc import Sequence
from typing import Any

import orjson
import pandas as pd
import plotly.graph_objects as go
import pytest

from governance import charts, maps, theme
from governance.indicators import INDICATORS, Indicator

NAN = float("nan")
RATE = INDICATORS["satisfaction_rate"]  # a rate with a minimum of 30
COUNT = INDICATORS["reported_count"]  # a count, any number will do
P90 = INDICATORS["handling_hours_p90"]  # may have no value though there are cases enough
LOWER = INDICATORS["overdue_rate"]
SQUARE = [[[112.0, 37.0], [112.1, 37.0], [112.1, 37.1], [112.0, 37.1], [112.0, 37.0]]]


def places(*rows: tuple[float | None, float | None], names: list[str] | None = None) -> pd.DataFrame:
    """Places with (value, base), each with a shape."""
    return pd.DataFrame(
        [
            {
                "place_code": f"P{number}", "name": names[number] if names else f"{number} 村",
                "geometry": orjson.dumps({"type": "Polygon", "coordinates": SQUARE}).decode(),
                "value": value, "hit": None if value is None or base is None else value * base, "base": base,
            }
            for number, (value, base) in enumerate(rows)
        ]
    ).astype({"value": "float64", "hit": "float64", "base": "float64"})  # fmt: skip


def drawn(deck: maps.Deck) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(deck.to_json())
    return found


def shapes(deck: maps.Deck) -> list[dict[str, Any]]:
    layer = next(layer for layer in drawn(deck)["layers"] if layer["id"] == "places")
    found: list[dict[str, Any]] = layer["data"]["features"]
    return found


Value = tuple[float | None, float | None]
VALUES: list[Sequence[Value]] = [
    [],
    [(None, None)],
    [(None, 0)],
    [(0.5, 100)],
    [(0.5, 29)],
    [(0.5, 100), (0.5, 100), (0.5, 100)],
    [(0.9, 100), (0.1, 100), (0.5, 29), (None, 0), (0.7, 30)],
    [(number / 50, 30 + number) for number in range(50)],
    [(number % 3 / 3, number * 10.0 + 1) for number in range(50)],
    [(0.0, 100)] * 20 + [(1.0, 100)],
]


@pytest.mark.parametrize("indicator", [RATE, COUNT, P90, LOWER], ids=lambda indicator: indicator.key)
@pytest.mark.parametrize("values", VALUES, ids=range(len(VALUES)))
def test_the_legend_counts_every_place_once(values: Sequence[Value], indicator: Indicator) -> None:
    frame = places(*values) if values else places((0.5, 1)).head(0)
    scale = maps.scale(indicator, frame["value"], frame["base"])
    assert sum(entry.count for entry in scale.entries) == len(frame)
    assert len(scale.colors) == len(scale.bounds) + 1
    assert list(scale.bounds) == sorted(set(scale.bounds))
    assert len({entry.color for entry in scale.entries}) == len(scale.entries), "two entries look alike"


@pytest.mark.parametrize("indicator", [RATE, COUNT, P90, LOWER], ids=lambda indicator: indicator.key)
@pytest.mark.parametrize("values", VALUES[3:], ids=range(3, len(VALUES)))
def test_every_shape_has_the_colour_the_legend_says(values: Sequence[Value], indicator: Indicator) -> None:
    frame = places(*values)
    deck, scale = maps.choropleth(frame, indicator)
    fills = [tuple(shape["properties"]["fill"][:3]) for shape in shapes(deck)]
    legend = {tuple(theme.rgb(entry.color)[:3]): entry.count for entry in scale.entries}
    assert {fill: fills.count(fill) for fill in fills} == {color: count for color, count in legend.items() if count}


def test_none_few_and_zero_look_different() -> None:
    deck, scale = maps.choropleth(places((None, 0), (0.5, 29), (0.0, 100), (1.0, 100)), RATE)
    fills = [tuple(shape["properties"]["fill"]) for shape in shapes(deck)]
    assert len(set(fills)) == 4
    assert [entry.words for entry in scale.entries][-2:] == ["样本不足（n<30）", "没有数据"]


def test_many_cases_without_a_value_are_not_few() -> None:
    # P90 is not reached: there are cases enough, only no number.
    deck, scale = maps.choropleth(places((None, 100), (30, 100)), P90)
    assert shapes(deck)[0]["properties"]["fill"] != theme.rgb(theme.TOO_FEW, 235)
    assert {tuple(shape["properties"]["fill"]) for shape in shapes(deck)} == {
        tuple(theme.rgb(entry.color, 235)) for entry in scale.entries
    }
    assert "样本不足" not in shapes(deck)[0]["properties"]["words"]


def test_a_count_of_zero_is_a_number() -> None:
    deck, _ = maps.choropleth(places((0, 0), (5, 5)), COUNT)
    assert shapes(deck)[0]["properties"]["words"] == "受理量 0 件"
    assert shapes(deck)[0]["properties"]["fill"] != theme.rgb(theme.NO_DATA, 235)


def test_classes_are_told_apart_by_words() -> None:
    scale = maps.scale(RATE, pd.Series([i / 10 for i in range(10)]), pd.Series([100] * 10))
    words = [entry.words for entry in scale.entries]
    assert words[0].startswith("0.0%")
    assert words[-1].endswith("90.0%")
    assert len(set(words)) == len(words) == 5
    assert [scale.color(bound) for bound in scale.bounds] == list(scale.colors[1:]), (
        "a bound belongs to the upper class"
    )
    assert scale.color(-1) == scale.colors[0]


def test_orange_where_more_is_worse() -> None:
    values, bases = pd.Series([i / 10 for i in range(10)]), pd.Series([100] * 10)
    assert maps.scale(LOWER, values, bases).colors == theme.ORANGES
    assert maps.scale(RATE, values, bases).colors == theme.BLUES


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | set(itertools.chain.from_iterable(keys_of(item) for item in value.values()))
    if isinstance(value, list):
        return set(itertools.chain.from_iterable(keys_of(item) for item in value))
    return set()


def test_a_map_asks_nobody() -> None:
    deck, _ = maps.choropleth(places((0.5, 100)), RATE)
    content = drawn(deck)
    # No map_style was given: pydeck then writes this mark, by which Streamlit knows to draw no ground. Any other value,
    # and none at all, makes the browser ask a tile server.
    assert content["mapStyle"] == "__MAP_STYLE__"
    assert not {key for layer in content["layers"] for key in keys_of(layer) if "mapstyle" in key.lower()}
    assert content.get("mapProvider") is None
    assert "://" not in deck.to_json()
    assert all(layer["id"] for layer in content["layers"])
    assert content["layers"][0]["_subLayerProps"]["polygons-stroke"]["pickable"] is False


def test_a_name_is_text_and_never_markup() -> None:
    # The frame of the tooltip holds no data; what fills it in escapes every value. The labels are drawn, not parsed.
    name = '<img src=x onerror="alert(1)">'
    deck, _ = maps.choropleth(places((0.5, 100), names=[name]), RATE)
    assert deck._tooltip["html"] == "<b>{name}</b><br/>{words}"
    assert shapes(deck)[0]["properties"]["name"] == name


def test_the_words_of_a_place() -> None:
    assert maps.words(RATE, 0.8346, 313, 375) == "满意率 83.5%（313 / 375）"
    assert maps.words(RATE, 0.5, 1, 2) == "满意率 50.0%（1 / 2），样本不足"
    assert maps.words(RATE, None, None, 0) == "满意率 —"
    assert maps.words(RATE, NAN, NAN, NAN) == "满意率 —"
    assert maps.words(COUNT, 1234, None, 1234) == "受理量 1,234 件"
    assert maps.words(P90, 30, 5, 100).endswith("30.0 小时（n=100）")


def test_places_without_a_shape_are_left_out_and_the_chosen_one_is_marked() -> None:
    frame = places((0.5, 100), (0.6, 100))
    frame.loc[0, "geometry"] = None
    deck, scale = maps.choropleth(frame, RATE, chosen="P1")
    (shape,) = shapes(deck)
    assert shape["properties"]["place_code"] == "P1"
    assert shape["properties"]["width"] == 3
    assert sum(entry.count for entry in scale.entries) == 2


def test_a_map_of_nothing_is_still_a_map() -> None:
    deck, scale = maps.choropleth(places((0.5, 100)).head(0), RATE)
    assert scale.entries == ()
    assert drawn(deck)["initialViewState"]["zoom"] > 0


def test_the_view_shows_all_shapes_of_all_parts() -> None:
    frame = places((0.5, 100))
    far = [[[[111.0, 36.0], [111.1, 36.0], [111.1, 36.1], [111.0, 36.0]]], SQUARE]
    frame.loc[0, "geometry"] = orjson.dumps({"type": "MultiPolygon", "coordinates": far}).decode()
    view = drawn(maps.choropleth(frame, RATE)[0])["initialViewState"]
    across = 512 * 2 ** view["zoom"] / 360  # px per degree
    assert (112.1 - 111.0) * across <= 800
    assert 111.0 < view["longitude"] < 112.1
    assert 36.0 < view["latitude"] < 37.1


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


def test_what_became_worse_is_red() -> None:
    figure = charts.changes(["甲", "乙"], [0.5, 0.5], [0.4, 0.6], ["", ""], [True, False])
    assert [trace.line.color for trace in figure.data] == [theme.ALERT, theme.ACCENT]


def test_colours_differ() -> None:
    assert len(set(theme.CATEGORICAL)) == len(theme.CATEGORICAL) >= 10
    assert not {theme.NO_DATA, theme.TOO_FEW} & {*theme.BLUES, *theme.ORANGES}
    assert theme.rgb("#1d5fa8", 7) == [29, 95, 168, 7]

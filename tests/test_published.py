"""实践复现: the figures hold on the demo, and what is not there, not yet there or only promised says so."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from governance import access, codes, published, snapshots
from governance.components import practice
from governance.filters import Filter
from governance.indicators import INDICATORS
from governance.navigation import MENU
from governance.published import Figure, figures
from governance.queries import answer
from governance.store import Store, clear, open_store
from tests.conftest import Pages
from tests.factory import County
from tests.test_pages import words

ANY = Filter(date(2026, 4, 1), date(2026, 7, 1))
BY_ID = {figure.id: figure for figure in figures()}


@pytest.fixture
def demo_store(demo_county: object) -> Iterator[Store]:
    yield open_store(access.current(), snapshots.latest())
    clear()


def asked(store: Store, region: str | None = None) -> pd.DataFrame:
    return answer(store, "published_figures", Filter(ANY.start, ANY.stop, region)).set_index("id", drop=False)


def test_every_figure_of_the_demo_holds_or_says_why_not(demo_store: Store) -> None:
    found = asked(demo_store)
    assert list(found.index) == list(BY_ID)
    assert found["verdict"].value_counts().to_dict() == {"holds": 120, "words": 5}
    assert (found.loc[found["verdict"] == "holds", "difference"] == 0).all()
    assert found["difference"].notna().sum() == 120
    assert found.loc[found["verdict"] == "words", "reason"].str.contains("没有计数|不导入").all()
    for row in found[found["verdict"] == "holds"].itertuples():
        assert BY_ID[row.id].holds(row.recounted), row.id


def test_the_query_shown_is_the_query_that_counted(demo_store: Store) -> None:
    for row in asked(demo_store).itertuples():
        if row.sql:
            assert demo_store.query(row.sql).iloc[0, 0] == pytest.approx(row.recounted), row.id


def test_a_region_asks_for_its_own_figures(demo_store: Store) -> None:
    found = asked(demo_store, "141126000000")
    assert set(found["document"]) == {"石楼县社区治理“暖心册”——小实事里藏着最实在的民生温度"}
    assert set(asked(demo_store, "141126100003")["place"]) == {"石楼小镇社区"}


def test_an_earlier_snapshot_says_what_had_not_happened_yet(demo_county: object) -> None:
    found = asked(open_store(access.current(), snapshots.at("2026-05-01")))
    assert found.at["heji_clinics", "verdict"] == "early"  # the first half of 2026, half of it
    assert found.at["heji_clinics", "recounted"] == 1594
    assert found.at["heji_clinics", "difference"] == 1594 - 3000
    assert found.at["jiaocheng_hazards", "verdict"] == "holds"
    clear()


def test_what_was_merged_or_never_taken_up_is_counted_in_no_figure(county: County) -> None:
    places = {
        "jiaocheng_disputes": ("141122100001", "2025-05-01"),
        "jiaocheng_hazards": ("141122100001", "2025-05-01"),
        "hunyuan_mailbox": ("140225100003", "2024-05-01"),
        "sanshun_disputes": ("150103008001", "2025-05-01"),
        "southwest_disputes": ("140403003001", "2025-08-01"),
        "southwest_hazards": ("140403003001", "2025-08-01"),
        "moonbay_disputes": ("141126100002", "2025-05-01"),
    }
    for number, (figure, (region, day)) in enumerate(places.items()):
        for reason in (None, "merged"):
            one = {"source": "test", "case_id": f"{number}{reason}"}
            place = {"region_code": region, "estate_id": f"{region}E01", "invalid_reason": reason}
            category = "02" if figure.endswith("hazards") else "01"
            county.case(**one, **place, category=category, reported_at=day, closed_at=f"{day} 12:00")
            if category == "02":
                county.insert("hazards", **one, rectified_at=f"{day} 11:00")
            else:
                county.insert("disputes", **one, success="yes")
    con = county.ready("2026-07-01")
    assert {figure: con.execute(BY_ID[figure].sql).fetchone() for figure in places} == dict.fromkeys(places, (1,))


def test_elsewhere_nothing_of_it_exists(county: County) -> None:
    county.region("C", level="county", name="某县")
    county.case(region_code="C")
    found = asked(county.store())
    assert set(found["verdict"]) == {"absent", "words"}
    assert found["recounted"].isna().all()
    assert (found.loc[found["verdict"] == "absent", "reason"].str.startswith("本县数据里没有这个地方")).all()


def test_a_county_that_is_there_is_counted_as_it_is(county: County) -> None:
    county.region("141122000000", level="county", name="交城县")
    county.region("141126100002", name="另一个社区", parent_code="141122000000")  # a code that means somebody else here
    county.grid("141122001001001", region_code="141122001001")
    found = asked(county.store("2026-07-01"))
    row = found.loc["jiaocheng_grids"]
    assert (row["verdict"], row["recounted"], row["difference"]) == ("differs", 1, 1 - 885)
    assert found.at["moonbay_grids_1", "verdict"] == "absent"
    clear()


@pytest.mark.parametrize("figure", figures(), ids=BY_ID)
def test_a_link_leads_to_a_page_with_its_place_and_period(figure: Figure) -> None:
    titles = {name for entries in MENU.values() for name, _ in entries}
    if figure.qualifier == "withheld":
        assert not figure.page
        return
    assert figure.page in titles
    link = re.search(r'href="([^"]+)"', practice._link(figure, ANY, date(2024, 1, 1)))
    assert link
    asked_for = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)
    assert asked_for["region"] == [figure.region]
    assert figure.stop is None or asked_for["stop"] == [str(figure.stop)]
    assert set(asked_for) <= {"region", "start", "stop", "indicator", *codes.LABELS}
    assert asked_for.get("indicator", ["reported_count"])[0] in INDICATORS
    for name in {"category", "channel", "origin", "urgency"} & set(asked_for):
        assert set(asked_for[name]) <= set(codes.LABELS[name])


def test_every_statement_names_its_days() -> None:
    for figure in figures():
        assert "$" not in figure.sql
        assert figure.qualifier in published.QUALIFIERS


@pytest.mark.parametrize(
    ("id", "number"),
    [
        ("zuoyun_orders", "812"),
        ("longshan_done", "39"),
        ("heji_quicker", "60%"),
        ("xinjian_shed", "电动车充电车棚"),
        ("xinjian_hard_days", "难事不过周"),
        ("yunmeng_response", "24小时有人回应"),
    ],
)
def test_the_number_stands_on_the_page_the_link_leads_to(
    id: str, number: str, demo_county: object, pages: Pages
) -> None:
    link = re.search(r'href="([^"]+)"', practice._link(BY_ID[id], ANY, date(2024, 1, 1)))
    assert link
    target = urlsplit(link[1].replace("&amp;", "&"))
    app = pages.open(target.path, **{key: values[0] for key, values in parse_qs(target.query).items()})
    shown = words(app) + "".join(frame.value.to_string() for frame in app.dataframe)
    shown += "".join(drawn.proto.spec for drawn in app.get("plotly_chart"))
    assert re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d,])", shown)


def test_a_share_is_shown_as_a_percentage() -> None:
    shares = {figure.id: practice._stated(figure) for figure in figures() if figure.unit == "%"}
    assert shares["southwest_all_rectified"] == "100%"
    assert practice._number(BY_ID["southwest_all_rectified"], 1.0) == "100%"
    assert all(stated.endswith("%") and " " not in stated for stated in shares.values())

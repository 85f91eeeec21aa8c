"""Two real exports, imported with the mappings that ship, against figures counted here without our code."""

import csv
import re
import statistics
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from governance import access, snapshots
from governance.filters import Filter
from governance.importing import ImportReport, import_files
from governance.queries import answer
from governance.store import Store, open_store

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real"
MAPPINGS = ROOT / "governance" / "mappings"
CITY = [REAL / "sf311_10000.csv", REAL / "sf_neighborhoods.geojson"]
MESSAGES = [REAL / "cn_messages_4326.xlsx"]

pytestmark = pytest.mark.skipif(
    not all(file.exists() for file in CITY + MESSAGES),
    reason="没有真实数据 ../shared/real（the real exports are absent）",
)


@dataclass
class Imported:
    """One import: what it reported and what can be asked of it."""

    report: ImportReport
    snapshot: snapshots.Snapshot
    store: Store

    def ask(self, query: str, start: date, stop: date, **extra: Any) -> pd.DataFrame:
        return answer(self.store, query, Filter(start=start, stop=stop), **extra)


def imported(folder: Path, mapping: str, files: list[Path]) -> Imported:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(folder))
        report = import_files(MAPPINGS / mapping, files)
        snapshot = snapshots.latest()
        return Imported(report, snapshot, open_store(access.current(), snapshot))


# --- San Francisco -----------------------------------------------------------------------------------------

FIRST, LAST = date(2008, 7, 1), date(2018, 1, 25)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return imported(tmp_path_factory.mktemp("city"), "sf311.toml", CITY)


@pytest.fixture(scope="module")
def requests() -> list[dict[str, str]]:
    with CITY[0].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wall(text: str) -> datetime:
    """A time as the city wrote it: the wall clock, whatever the +00:00 behind it says."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S+00:00")


def hours(request: dict[str, str]) -> float:
    return (wall(request["closed_date"]) - wall(request["created_date"])).total_seconds() / 3600


def test_city_every_request_arrives_once(city: Imported, requests: list[dict[str, str]]) -> None:
    cases = city.report.tables["cases"]
    assert (cases.rows_read, cases.accepted, cases.rejected_count) == (10_000, len(requests), 0)
    ids = city.store.query("select case_id from cases order by 1")["case_id"].astype(str).tolist()
    assert ids == sorted({request["unique_key"] for request in requests})
    backwards = [request for request in requests if request["closed_date"] and hours(request) < 0]
    assert cases.reversed_times == len(backwards) == 17


def test_city_a_request_without_a_position_has_none(city: Imported, requests: list[dict[str, str]]) -> None:
    nowhere = sum(float(request["latitude"]) == 0 for request in requests)
    found = city.store.query("select count_if(lon is null) as nowhere, min(lat) as south, max(lon) as east from cases")
    assert found.iloc[0].tolist() == [nowhere, pytest.approx(37.7, abs=0.1), pytest.approx(-122.4, abs=0.1)]
    assert nowhere == 4264


def test_city_by_month(city: Imported, requests: list[dict[str, str]]) -> None:
    came = Counter(request["created_date"][:7] for request in requests)
    went = Counter(request["closed_date"][:7] for request in requests if request["closed_date"])
    months = city.ask("cases_by_month", FIRST, LAST)
    names = [f"{month:%Y-%m}" for month in months["month"]]
    assert names == sorted(came)
    assert months["reported_count"].tolist() == [came[name] for name in names]
    assert months["closed_count"].tolist() == [went[name] for name in names]
    waiting = [request for request in requests if not request["closed_date"] or hours(request) >= 0]
    open_at_end = [
        sum(one["created_date"][:7] <= name and not "" < one["closed_date"][:7] <= name for one in waiting)
        for name in names
    ]
    assert months["open_count"].tolist() == open_at_end
    assert open_at_end[-1] == 370


def test_city_totals(city: Imported, requests: list[dict[str, str]]) -> None:
    totals = city.ask("indicator_totals", FIRST, LAST).set_index("indicator")
    took = [hours(request) for request in requests if request["closed_date"]]
    assert totals.loc["reported_count", "value"] == len(requests)
    assert totals.loc["closed_count", "value"] == len(took) == 9630
    assert totals.loc["backlog", "value"] == sum(not request["closed_date"] for request in requests) == 370
    assert totals.loc["closed_hours", "value"] == pytest.approx(statistics.median(t for t in took if t >= 0))
    assert totals.loc["handling_hours", "value"] == pytest.approx(kaplan_meier_median(requests), rel=0.001)
    for rate in ("satisfaction_rate", "on_time_rate", "response_rate"):
        assert pd.isna(totals.loc[rate, "value"])  # nobody was asked, nothing has a deadline: no rate, not 0 %


def kaplan_meier_median(requests: list[dict[str, str]]) -> float:
    """The time by which half are closed, those still open counted as long as they have waited."""
    end = max(wall(request["created_date"]) for request in requests) + timedelta(seconds=1)
    waits = []
    for request in requests:
        stop = wall(request["closed_date"]) if request["closed_date"] else end
        wait = (stop - wall(request["created_date"])).total_seconds() / 3600
        if wait >= 0:
            waits.append((wait, bool(request["closed_date"])))
    at_risk, remaining = len(waits), 1.0
    for wait, ending in groupby(sorted(waits), key=lambda each: each[0]):
        closed = [is_closed for _, is_closed in ending]
        remaining *= 1 - sum(closed) / at_risk
        at_risk -= len(closed)
        if remaining <= 0.5:
            return wait
    return float("inf")


def test_city_by_neighbourhood(city: Imported, requests: list[dict[str, str]]) -> None:
    came = Counter(request["neighborhood"] for request in requests)
    rows = city.ask("indicators_by_region", FIRST, LAST, level="community")
    found = by_place(rows)
    assert {code: count for code, count in found.items() if count} == came
    assert came[""] == found[""] == 4603
    assert len(found) == 1 + 116 + 7  # 7 neighbourhoods have an outline and not one request
    county = city.ask("indicators_by_region", FIRST, LAST, level="county")
    assert by_place(county) == {"San Francisco": 10_000}


def by_place(rows: pd.DataFrame) -> dict[str, int]:
    """How many were reported in each place; "" is the row of those that belong to none."""
    counts = rows[rows["indicator"] == "reported_count"]
    codes = counts["place_code"].astype(object).where(counts["place_code"].notna(), "")
    return dict(zip(codes, counts["base"].astype(int), strict=True))


def test_city_every_neighbourhood_is_on_the_map(city: Imported) -> None:
    outlines = city.store.query("""
        select level, is_schematic, count(*) as count
        from places left join boundaries using (place_code) group by all
    """)
    assert {tuple(row) for row in outlines.astype(str).values.tolist()} == {
        ("county", "True", "1"),
        ("community", "False", "37"),
        ("community", "True", "86"),
    }


def test_city_every_word_is_recoded(city: Imported, requests: list[dict[str, str]]) -> None:
    columns = tomllib.loads((MAPPINGS / "sf311.toml").read_text("utf-8"))["tables"]["cases"]["columns"]
    for column, heading in (("category", "category"), ("channel", "source"), ("status", "status")):
        words = columns[column]["values"]
        assert set(words) == {request[heading] for request in requests}  # 61 categories: none missing, none invented
        expected = Counter(words[request[heading]] for request in requests)
        found = city.store.query(f"select {column}::varchar as code, count(*) as count from cases group by 1")
        assert dict(found.values.tolist()) == expected


def test_city_no_address_comes_in(city: Imported, requests: list[dict[str, str]]) -> None:
    texts = city.store.query("select distinct unnest([title, subcategory, place_id]) as text from cases")[
        "text"
    ].dropna()
    addresses = {request["incident_address"] for request in requests}
    assert not addresses & set(texts.astype(str))
    assert texts.astype(str).str.contains(r"\b(?:ST|AVE|BLVD)\b").sum() == 0


def test_city_requests_come_by_day(city: Imported) -> None:
    """The clock is the city's own: shifted by the offset that the file claims, most requests would come at night."""
    by_hour = city.store.query("select hour(reported_at) as hour, count(*) as count from cases group by 1")
    by_day = by_hour[by_hour["hour"].between(7, 18)]["count"].sum()
    assert by_day > 7500


def test_city_again_changes_nothing(city: Imported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVERNANCE_DATA", str(tmp_path))
    first = import_files(MAPPINGS / "sf311.toml", CITY)
    again = import_files(MAPPINGS / "sf311.toml", CITY)
    assert first.snapshot_id == again.snapshot_id == city.report.snapshot_id
    assert not again.changed


# --- messages of citizens ----------------------------------------------------------------------------------

Message = tuple[str, str, str, datetime]  # number, writer, title, time


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return imported(tmp_path_factory.mktemp("letters"), "cn_messages.toml", MESSAGES)


@pytest.fixture(scope="module")
def messages() -> Iterator[list[Message]]:
    book = openpyxl.load_workbook(MESSAGES[0])
    rows = book["Sheet1"].iter_rows(min_row=2, max_col=4, values_only=True)
    yield [
        (str(number), str(writer).strip(), str(title), time if isinstance(time, datetime) else slashes(str(time)))
        for number, writer, title, time in rows
    ]
    book.close()


def slashes(text: str) -> datetime:
    return datetime.strptime(text.strip(), "%Y/%m/%d %H:%M:%S")


def place(title: str) -> str:
    found = re.search(r"(?:[A-Z]市|西地省)*([A-Z]\d+[区县市]|[A-Z]市|西地省)", title)
    return found[1] if found else "西地省"


def test_messages_every_one_arrives_once(letters: Imported, messages: list[Message]) -> None:
    cases = letters.report.tables["cases"]
    assert (cases.rows_read, cases.accepted, cases.rejected_count) == (4326, len(messages), 0)
    found = letters.store.query("select case_id, reported_at from cases order by 1")
    assert found["case_id"].astype(str).tolist() == sorted(number for number, *_ in messages)
    times = dict(zip(found["case_id"].astype(str), found["reported_at"], strict=True))
    assert all(times[number] == time for number, _, _, time in messages)
    assert letters.report.files[0].other_sheets == ("剔除后",)


def test_messages_by_month_all_open(letters: Imported, messages: list[Message]) -> None:
    came = Counter(f"{time:%Y-%m}" for *_, time in messages)
    months = letters.ask("cases_by_month", date(2017, 6, 1), date(2020, 1, 27))
    found = {f"{month:%Y-%m}": count for month, count in zip(months["month"], months["reported_count"], strict=True)}
    assert {name: count for name, count in found.items() if count} == came
    assert months["closed_count"].sum() == 0
    assert months["open_count"].iloc[-1] == 4326


def test_messages_votes_are_no_ratings(letters: Imported) -> None:
    totals = letters.ask("indicator_totals", date(2017, 6, 1), date(2020, 1, 27)).set_index("indicator")
    assert totals.loc["backlog", "value"] == 4326
    assert totals.loc["closed_count", "value"] == 0
    assert pd.isna(totals.loc["satisfaction_rate", "value"])
    assert pd.isna(totals.loc["handling_hours", "value"])


def test_messages_by_place(letters: Imported, messages: list[Message]) -> None:
    came = Counter(place(title) for _, _, title, _ in messages)
    found = letters.store.query("select region_code::varchar as code, count(*) as count from cases group by 1")
    assert dict(found.values.tolist()) == came
    counties = by_place(letters.ask("indicators_by_region", date(2017, 6, 1), date(2020, 1, 27), level="county"))
    assert counties["A7县"] == came["A7县"] == 676
    assert counties[""] == sum(count for name, count in came.items() if not re.search(r"\d", name))  # named no county
    assert sum(counties.values()) == 4326


def test_messages_writers_and_texts_stay_out(letters: Imported, messages: list[Message]) -> None:
    cases = pd.read_parquet(letters.snapshot.files("cases")[0])
    hashes = cases["reporter_hash"].astype(str)
    assert hashes.nunique() == len({writer for _, writer, *_ in messages}) == 3332
    assert hashes.str.fullmatch("[0-9a-f]{16}").all()
    longest = max(len(title) for _, _, title, _ in messages)
    assert cases.select_dtypes(["object", "string"]).map(lambda text: len(str(text))).max().max() <= longest

"""The demo after it has gone through the importer: every published figure, masking, rejects, several snapshots."""

import re

import duckdb
import pytest

from governance import published, snapshots

SECRET = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]|5551234|A6688")


@pytest.fixture
def con(demo_county: object) -> duckdb.DuckDBPyConnection:
    """The newest demo snapshot as plain views over its parquet files."""
    con = duckdb.connect()
    snapshot = snapshots.latest()
    for table in snapshot.tables:
        files = [str(path) for path in snapshot.files(table)]
        con.execute(f'create view "{table}" as from read_parquet({files!r}, union_by_name = true)')
    return con


def test_every_published_figure_is_reproduced(con: duckdb.DuckDBPyConnection) -> None:
    found = {
        figure.id: con.execute(figure.sql).fetchall()[0][0] for figure in published.figures() if figure.is_countable
    }
    wrong = {
        figure.id: found[figure.id]
        for figure in published.figures()
        if figure.is_countable and not figure.holds(found[figure.id])
    }
    assert not wrong
    assert len(found) > 100


def test_no_phone_or_number_survives_the_import(con: duckdb.DuckDBPyConnection) -> None:
    titles = [row[0] for row in con.execute("select distinct title from cases where title is not null").fetchall()]
    assert any("电话" in title for title in titles)
    assert not [title for title in titles if SECRET.search(title)]
    values = [row[0] for row in con.execute("select value from rejects where value is not null").fetchall()]
    assert not [value for value in values if SECRET.search(value)]


def test_dirty_rows_are_kept_with_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    sources = con.execute("select source, count(*) from rejects where table_name = 'cases' group by 1").fetchall()
    assert {name for name, _ in sources} == {
        "jiaocheng", "zuoyun", "xiaoyi", "hunyuan", "hohhot12345", "luzhou", "jiaokou", "shilou",
    }  # fmt: skip
    assert all(count >= 4 for _, count in sources)
    unknown = con.execute("select count(*) from cases where region_code = '140000999999'").fetchone()
    assert unknown is not None and unknown[0] > 0


def test_every_county_has_cases_in_every_month(con: duckdb.DuckDBPyConnection) -> None:
    months = con.execute(
        "select left(region_code, 6), count(distinct date_trunc('month', reported_at)) from cases "
        "where region_code <> '140000999999' group by 1"
    ).fetchall()
    assert len(months) == 9
    assert {count for _, count in months} == {30}


def test_there_are_three_snapshots_and_history_does_not_change(demo_county: object) -> None:
    found = snapshots.list_snapshots()
    assert [f"{one.as_of:%Y-%m-%d}" for one in found] == ["2026-05-01", "2026-06-01", "2026-07-01"]
    assert all(one.is_demo for one in found)
    counts = set()
    for one in found:
        files = [str(path) for path in one.files("cases")]
        early = "reported_at < '2026-04-01' and region_code like '141122%'"
        row = duckdb.connect().execute(f"select count(*) from read_parquet({files!r}) where {early}").fetchone()
        counts.add(row)
    assert len(counts) == 1


def test_the_charging_shed_ends_the_flying_wires(con: duckdb.DuckDBPyConnection) -> None:
    """飞线充电 in 新建社区: at least twenty in the ninety days before the shed, and less than a quarter after."""
    done = con.execute("select done_on from projects where project_type = '充电设施'").fetchall()[0][0]
    before, after = con.execute(
        "select count(*) filter (reported_at >= $day - interval 90 day and reported_at < $day), "
        "count(*) filter (reported_at >= $day and reported_at < $day + interval 90 day) "
        "from cases where region_code = '141181005001' and subcategory = '飞线充电'",
        {"day": done},
    ).fetchall()[0]
    assert before >= 20
    assert after * 4 < before


def test_quick_answers_please(con: duckdb.DuckDBPyConnection) -> None:
    quick, slow = con.execute(
        "select avg((rating >= 4)::integer) filter (hours < 1), avg((rating >= 4)::integer) filter (hours > 8) from ("
        "select rating, date_diff('minute', reported_at, first_response_at) / 60 as hours from cases "
        "where rating is not null and not coalesce(is_rating_default, false))"
    ).fetchall()[0]
    assert quick > slow + 0.05

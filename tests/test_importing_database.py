"""Rows out of real databases: types, changes since last time, and everything that can go wrong on the way."""

import re
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pandas as pd
import psycopg
import pymysql
import pytest

from governance import __main__ as command_line
from governance import checks, queries, snapshots
from governance.importing import ImportProblem, ImportReport, import_files
from tests.test_importing_files import cases
from tools import databases

PASSWORD = "pä@ss:字/wört 5"
NUMBERS = count(1)
POSTGRESQL = """
create table orders (
    id bigint primary key, created_at timestamp not null, closed_at timestamptz, due_on date, updated_at timestamptz,
    title text, kind text, lon numeric(9, 6), lat double precision, deferred boolean, score smallint,
    payload json, note bytea
)
"""
MYSQL = """
create table orders (
    id bigint primary key, created_at datetime not null, closed_at timestamp null, due_on date,
    updated_at timestamp(6) null, title text, kind varchar(20), lon decimal(9, 6), lat double, deferred bit(1),
    score tinyint, payload json, note blob
) character set utf8mb4
"""
MAPPING = """
title = "热线工单"
source = "hotline"
[database]
kind = "{kind}"
address = "HOTLINE_DATABASE"
{options}
[tables.cases]
query = '''{query}'''
{more}
[tables.cases.columns]
case_id = "id"
reported_at = "created_at"
category = {{ from = "kind", default = "06", values = {{ "噪声" = "04" }} }}
title = "title"
{columns}
"""
ALL_COLUMNS = """
closed_at = "closed_at"
due_at = "due_on"
lon = "lon"
lat = "lat"
is_deferred = "deferred"
rating = "score"
unit_id = { from = "payload", extract = '"unit": *"(.*?)"' }
place_id = "note"
"""


@dataclass
class Office:
    """A database of an office, its clerk who only reads, and the mapping for it."""

    server: databases.Server
    folder: Path
    name: str = field(default_factory=lambda: f"热线{next(NUMBERS)}")
    how: str = ""

    def __post_init__(self) -> None:
        """Make the database, the table and the clerk."""
        is_postgresql = self.server.kind == "postgresql"
        quote = '"' if is_postgresql else "`"
        self.server.admin(f"create database {quote}{self.name}{quote} {self.how}")
        if is_postgresql:
            self.server.admin(
                "do $$ begin if not exists (select from pg_roles where rolname = 'clerk') then "
                f"create role clerk login password '{PASSWORD}'; end if; end $$"
            )
            self.do(POSTGRESQL, "grant select on all tables in schema public to clerk")
        else:
            self.do(
                MYSQL,
                f"create user if not exists clerk identified by '{PASSWORD}'",
                f"grant select on `{self.name}`.* to clerk",
            )

    def do(self, *statements: str) -> None:
        """Change something in the database."""
        zone = "set time zone 'Asia/Shanghai'" if self.server.kind == "postgresql" else "set time_zone = '+08:00'"
        self.server.admin(zone, *statements, database=self.name)

    def url(self, password: str = PASSWORD, user: str = "clerk", name: str = "") -> str:
        return self.server.url(user, password, name or self.name)

    def mapping(
        self, query: str = "select * from orders", columns: str = "", more: str = "", options: str = ""
    ) -> Path:
        path = self.folder / "hotline.toml"
        kind = self.server.kind
        text = MAPPING.format(kind=kind, query=query, columns=columns, more=more, options=options)
        path.write_text(text, "utf-8")
        return path

    def bring(
        self,
        query: str = "select * from orders",
        full: bool = False,
        columns: str = "",
        more: str = "",
        options: str = "",
    ) -> ImportReport:
        return import_files(self.mapping(query, columns, more, options), [], full=full)

    def follow(
        self, full: bool = False, columns: str = "", more: str = 'modified = "updated_at"', options: str = ""
    ) -> ImportReport:
        """Import what has changed."""
        return self.bring("select * from orders", full, columns, more, options)

    def refused(self, query: str = "select * from orders", columns: str = "", more: str = "", options: str = "") -> str:
        """Import what must be refused; check what every refusal promises, and return its sentence."""
        before = snapshots.current_id()
        with pytest.raises(ImportProblem) as caught:
            self.bring(query, False, columns, more, options)
        sentence = str(caught.value)
        assert "\n" not in sentence and sentence.endswith("。") and "Traceback" not in sentence
        assert PASSWORD not in sentence and "geheim" not in sentence
        assert snapshots.current_id() == before
        return sentence

    def add(self, number: int, updated_at: str | None = None, title: str = "噪声") -> None:
        updated = f"'{updated_at}'" if updated_at else "null"
        self.do(
            f"insert into orders (id, created_at, title, updated_at) values "
            f"({number}, '2026-05-01 08:00:00', '{title}', {updated})"
        )


@pytest.fixture
def office(database_server: databases.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    made = Office(database_server, tmp_path)
    monkeypatch.setenv("HOTLINE_DATABASE", made.url())
    return made


def test_every_type_comes_as_a_file_would_hold_it(office: Office) -> None:
    is_postgresql = office.server.kind == "postgresql"
    note, binary = ("'\\x{}'", "'\\xfffe'") if is_postgresql else ("x'{}'", "x'fffe'")
    utc = "2026-05-01 02:05:00.25+00" if is_postgresql else "2026-05-01 10:05:00"
    yes = "true" if is_postgresql else "b'1'"
    office.do(
        f"insert into orders values (1, '2026-05-01 08:05:00', '{utc}', '2026-05-08', null, ' 楼道灯不亮，㐂 ''急'' ', "
        f"'噪声', 112.156789, 37.5, {yes}, 5, '{{\"unit\": \"城管队\"}}', {note.format('备注'.encode().hex())})",
        "insert into orders (id, created_at) values (2, '2026-05-02 00:00:00')",
        f"insert into orders (id, created_at, note) values (3, '2026-05-03 00:00:00', {binary})",
    )

    report = office.bring(columns=ALL_COLUMNS)

    table = report.tables["cases"]
    assert (table.rows_read, table.accepted, table.rejected) == (3, 2, {"“note”是二进制内容，不是 UTF-8 文字": 1})
    assert report.first_rejects[0].row_number == 3
    first = cases().loc["1"]
    assert first["title"] == "楼道灯不亮，㐂 '急'"
    assert str(first["reported_at"]) == "2026-05-01 08:05:00"
    assert str(first["closed_at"]) == ("2026-05-01 10:05:00.250000" if is_postgresql else "2026-05-01 10:05:00")
    assert str(first["due_at"]) == "2026-05-08 00:00:00"
    assert (first["category"], first["lon"], first["lat"]) == ("04", 112.156789, 37.5)
    assert (first["is_deferred"], first["rating"], first["unit_id"], first["place_id"]) == (True, 5, "城管队", "备注")
    assert (first["source_file"], first["source_row"]) == (office.name, 1)
    assert re.fullmatch(r"cases \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", first["source_sheet"])
    empty = cases().loc["2"]
    assert empty[["closed_at", "due_at", "title", "lon", "is_deferred", "rating", "place_id"]].isna().all()
    assert f"数据库 {office.name}：3 行，查询“cases" in report.text()


def test_other_zones_are_honoured(office: Office) -> None:
    office.do("insert into orders (id, created_at, closed_at) values (1, '2026-07-01 08:00:00', '2026-07-01 20:00:00')")
    zones = '[file]\ntime_zone = "UTC"\nlocal_zone = "America/Los_Angeles"'

    office.bring(columns='closed_at = "closed_at"', options=zones)

    found = cases().loc["1"]
    assert str(found["reported_at"]) == "2026-07-01 01:00:00"  # 08:00 without a zone: UTC, as the mapping says
    assert str(found["closed_at"]) == "2026-07-01 05:00:00"  # an instant: 20:00 in Shanghai is 12:00 UTC


def test_times_that_are_none_spoil_their_row_at_most(office: Office) -> None:
    if office.server.kind == "postgresql":
        office.do("insert into orders (id, created_at, closed_at) values (1, '2026-05-01', 'infinity')")
        office.do(
            "insert into orders (id, created_at) values (2, '0044-03-15 BC'), (3, '2026-05-01'), (4, '2026-05-01')"
        )
        expected = {"办结时间不是可识别的时间": 1, "上报时间的年份不在 1970–2200 之间": 1}
    else:
        office.do(
            "set sql_mode = ''",
            "insert into orders (id, created_at, closed_at) values (1, '0000-00-00', null), (2, '2026-05-00', null), "
            "(3, '2026-05-01', '0000-00-00'), (4, '2026-05-01', null)",
        )
        expected = {"上报时间不是可识别的时间": 1, "上报时间为空": 1}

    report = office.bring(columns='closed_at = "closed_at"')

    assert sorted(cases().index) == ["3", "4"]
    found = {re.sub("（.*）", "", reason): number for reason, number in report.tables["cases"].rejected.items()}
    assert sorted(found.values()) == sorted(expected.values()), found


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_bytes_that_nobody_knows_the_meaning_of_are_read_as_utf8_or_rejected(
    database_server: databases.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(database_server, tmp_path, how="encoding 'SQL_ASCII' template template0")
    monkeypatch.setenv("HOTLINE_DATABASE", office.url())
    office.do(
        "create table raw (id bigint, created_at timestamp, title text)",
        "insert into raw values (1, '2026-05-01', '路灯'), (2, '2026-05-01', E'\\xC2\\xB7\\xB5\\xC6')",
        "grant select on raw to clerk",
    )

    report = office.bring("select *, null as kind from raw")

    assert report.tables["cases"].rejected == {"“title”是二进制内容，不是 UTF-8 文字": 1}
    assert cases()["title"].to_dict() == {"1": "路灯"}


def test_rows_come_page_by_page_and_only_wanted_columns_leave_the_server(office: Office) -> None:
    numbers = (
        "select n from generate_series(1, 5001) as s(n)"
        if office.server.kind == "postgresql"
        else "select seq as n from seq_1_to_5001"
    )
    office.do(
        "insert into orders (id, created_at, title) "
        f"select n, '2026-05-01', concat('第', n, '件') from ({numbers}) as s"
    )
    query = "select id, created_at, title, kind, 1/(id - 3000) as odd from orders order by id -- 按编号\n;"

    report = office.bring(query)

    assert report.tables["cases"].accepted == 5001
    found = cases()
    assert found.loc["4321", "title"] == "第4321件"
    assert (found["source_row"].astype(int) == found.index.astype(int)).all()
    assert report.files[0].unused == ("odd",)


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_dry_run_and_the_same_rows_again_write_nothing(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.add(1, "2026-05-01 09:00:00")
    path = office.mapping(more='modified = "updated_at"')

    assert command_line.main(["import", str(path), "--dry-run"]) == 0
    assert "试运行" in capsys.readouterr().out and not snapshots.snapshot_ids()
    assert command_line.main(["import", str(path)]) == 0
    assert "新增 1" in capsys.readouterr().out
    assert command_line.main(["import", str(path)]) == 0
    told = capsys.readouterr().out
    assert "没有变化" in told and "只读 2026-05-01 09:00:00 以后改过的（重叠 10 分钟）" in told and "不变 1" in told
    assert command_line.main(["import", str(path), "--full"]) == 0
    assert "读取全部" in capsys.readouterr().out
    assert len(snapshots.snapshot_ids()) == 1


def test_only_what_has_changed_is_read(office: Office) -> None:
    for number, at in ((1, "2026-05-01 09:00:00"), (2, "2026-05-01 12:00:00"), (3, "2026-05-01 12:00:00.5")):
        office.add(number, at)
    office.add(4)  # never changed since it was made: such rows are read every time
    assert office.follow().tables["cases"].new == 4

    office.do("update orders set title = '同一秒内又改' where id = 3")  # with the same time of modification
    office.do("update orders set title = '改了却没有记下时间' where id = 1")
    office.add(5, "2026-05-01 12:00:00.5")
    report = office.follow()

    table = report.tables["cases"]
    assert (table.rows_read, table.new, table.replaced, table.unchanged, table.removed) == (4, 1, 1, 2, 0)
    assert table.merge == "upsert"
    assert cases()["title"].to_dict() == {"1": "噪声", "2": "噪声", "3": "同一秒内又改", "4": "噪声", "5": "噪声"}
    assert len(snapshots.latest().sources) == 1
    assert office.follow(full=True).tables["cases"].replaced == 1
    assert cases().loc["1", "title"] == "改了却没有记下时间"


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_transaction_that_took_longer_is_found_within_the_overlap(office: Office) -> None:
    office.add(1, "2026-05-01 12:00:00")
    office.follow()
    # It began at 11:40, before the last import, and commits only now.
    office.add(2, "2026-05-01 11:40:00")

    assert office.follow().changed is False
    assert office.follow(options="overlap_minutes = 20").tables["cases"].new == 1


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_clock_that_runs_ahead_does_not_hide_later_rows(office: Office) -> None:
    office.add(1, "2037-01-01 00:00:00")
    office.add(2, "2026-05-01 12:00:00")
    office.follow()
    office.add(3, "2026-05-01 12:01:00")

    table = office.follow().tables["cases"]
    assert (table.rows_read, table.new) == (3, 1)


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_one_wrong_row_among_few_does_not_stop_what_has_changed(office: Office) -> None:
    office.add(1, "2026-05-01 09:00:00")
    office.follow()
    office.do("insert into orders (id, created_at, updated_at) values (2, '1066-10-14', '2026-05-02 09:00:00')")

    assert office.follow().tables["cases"].rejected_count == 1
    office.add(3, "2026-05-03 09:00:00")
    table = office.follow().tables["cases"]
    # The rejected row was kept, and with it how far was read: only the second row lies within the overlap.
    assert (table.rows_read, table.rejected_count, table.new) == (2, 1, 1)


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_row_that_is_corrected_at_its_source_is_sent_back_no_more(office: Office) -> None:
    office.add(1, "2026-05-01 09:00:00")
    office.do("insert into orders (id, created_at, updated_at) values (2, '1066-10-14', '2026-05-01 09:00:00')")
    office.follow()
    office.follow()  # within the overlap: the same row is sent back again, and told of once
    (path,) = snapshots.latest().files("rejects")
    assert pd.read_parquet(path)["value"].tolist() == ["1066-10-14 00:00:00"]

    office.do("update orders set created_at = '2026-05-02', updated_at = '2026-05-02 09:00:00' where id = 2")
    report = office.follow()

    assert report.tables["cases"].new == 1 and sorted(cases().index) == ["1", "2"]
    assert not snapshots.latest().files("rejects")
    (path,) = snapshots.latest().files("intake")
    counts = pd.read_parquet(path).groupby("outcome")["row_count"].sum().to_dict()
    assert counts == {"accepted": 3, "superseded": 1}, "two rows read at first, and both again"
    assert not queries.current_store().query(checks.read("rows_read").sql, None, ())["is_broken"].any()


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_deletions_are_found_by_reading_all(office: Office) -> None:
    for number in (1, 2, 3):
        office.add(number, "2026-05-01 09:00:00")
    office.follow()
    office.do("delete from orders where id = 2")

    assert office.follow().tables["cases"].removed == 0
    assert office.follow(full=True, more='modified = "updated_at"\nmerge = "upsert"').tables["cases"].removed == 0
    table = office.follow(full=True).tables["cases"]
    assert (table.merge, table.removed) == ("replace", 1)
    assert sorted(cases().index) == ["1", "3"]
    office.do("delete from orders")
    assert "没有返回任何行" in office.refused()


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_rollback_takes_back_how_far_was_read(office: Office) -> None:
    office.add(1, "2026-05-01 09:00:00")
    office.follow()
    office.add(2, "2026-05-02 09:00:00")
    office.follow()
    assert snapshots.latest().sources[0]["modified"].startswith("2026-05-02 09:00:00")

    snapshots.rollback()

    assert snapshots.latest().sources[0]["modified"].startswith("2026-05-01 09:00:00")
    assert sorted(cases().index) == ["1"]
    assert office.follow().tables["cases"].new == 1
    assert sorted(cases().index) == ["1", "2"]


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_another_query_or_mapping_begins_anew(office: Office) -> None:
    office.add(1, "2026-05-01 09:00:00")
    office.add(2, "2026-05-02 09:00:00")
    office.follow()
    office.do("update orders set kind = '噪声', score = 4")

    table = office.follow(columns='rating = "score"').tables["cases"]
    assert (table.merge, table.rows_read, table.replaced) == ("replace", 2, 2)
    assert office.follow(columns='rating = "score"').tables["cases"].rows_read == 1


def test_errors_are_told_in_one_sentence(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    is_postgresql = office.server.kind == "postgresql"
    office.add(1)
    hidden = "pg_authid" if is_postgresql else "mysql.global_priv"
    wait = "pg_sleep(60)" if is_postgresql else "sleep(60)"

    assert "用到的表或视图不存在" in office.refused("select * from nothing")
    assert "nope" in office.refused("select nope as id from orders")
    assert "没有读取的权限" in office.refused(f"select * from {hidden}")
    assert "语法错误" in office.refused("select * frm orders")
    assert "没有列 “id”、“kind”，是不是“ID”" in office.refused('select created_at, title, 1 as "ID" from orders')
    assert "modified 列“title”不是日期或时间类型" in office.refused(more='modified = "title"')
    slow = f"select id, created_at, title, kind, {wait} as note from orders"
    sentence = office.refused(slow, columns='place_id = "note"', options="timeout_seconds = 1")
    assert "超过 1 秒还没有读完" in sentence
    assert f"数据库 {office.name}（127.0.0.1:{office.server.port}）：表 cases 的 query " in sentence

    for url, told in (
        (office.url(password="geheim"), "用户名或密码不对"),
        (office.url(user="nobody"), "用户名或密码不对"),
        (office.url(name="nothing"), "没有这个数据库"),
        (office.url().replace(str(office.server.port), "1"), "连不上"),
    ):
        monkeypatch.setenv("HOTLINE_DATABASE", url)
        assert told in office.refused()
    monkeypatch.delenv("HOTLINE_DATABASE")
    assert "没有找到数据库地址 HOTLINE_DATABASE" in office.refused()
    secrets = snapshots.data_dir() / "secrets.toml"
    secrets.touch(0o600)
    entry = f'host = "127.0.0.1"\nport = {office.server.port}\nuser = "clerk"\npassword = "{PASSWORD}"\n'
    secrets.write_text(f'[HOTLINE_DATABASE]\n{entry}database = "{office.name}"\nca = "{__file__}"\n', "utf-8")
    assert "没有通过 ca 的验证" in office.refused()
    secrets.write_text(f'[HOTLINE_DATABASE]\n{entry}database = "{office.name}"\n', "utf-8")
    assert office.bring().tables["cases"].accepted == 1


def test_a_connection_that_is_lost_leaves_nothing(office: Office) -> None:
    is_postgresql = office.server.kind == "postgresql"
    office.add(1)
    wait = "pg_sleep(60)" if is_postgresql else "sleep(60)"
    cut = threading.Thread(target=_cut, args=(office,))
    cut.start()

    sentence = office.refused(
        f"select id, created_at, title, kind, {wait} as note from orders", columns='place_id = "note"'
    )

    cut.join()
    assert "连接断开" in sentence


def _cut(office: Office) -> None:
    """End the clerk's session as soon as it waits."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.05)
        if office.server.kind == "postgresql":
            with psycopg.connect(**office.server.entry, dbname="postgres", autocommit=True) as con:
                if con.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'clerk' "
                    "and wait_event = 'PgSleep'"
                ).fetchall():
                    return
        else:
            with pymysql.connect(**office.server.entry) as line, line.cursor() as cursor:
                cursor.execute(
                    "select id from information_schema.processlist where user = 'clerk' and info like '%sleep%'"
                )
                for (number,) in cursor.fetchall():
                    cursor.execute(f"kill connection {number}")
                    return


def test_no_query_can_write(office: Office) -> None:
    """The clerk may write here: only the check and the read-only session stand before the table."""
    office.add(1)
    if office.server.kind == "postgresql":
        office.do(
            "grant all on orders to clerk",
            "create function sneak() returns int language plpgsql as $$ begin delete from orders; return 1; end $$",
        )
        opened = "select id, created_at, title, kind, set_config('transaction_read_only', 'off', true) as x from orders"
        office.refused(opened, columns='place_id = "x"')
    else:
        office.do(
            "grant all on orders to clerk",
            "create function sneak() returns int begin delete from orders; return 1; end",
            f"grant execute on function `{office.name}`.sneak to clerk",
        )

    assert "只读会话" in office.refused(
        "select id, created_at, title, kind, sneak() as x from orders", columns='place_id = "x"'
    )
    for query in (
        "select 1; delete from orders",
        "select 1) as q; delete from orders; select * from (select 1",
        "with gone as (delete from orders returning *) select * from gone",
        "select * into copied from orders",
    ):
        assert "只能写一条只读的 SELECT" in office.refused(query)
    assert office.bring().tables["cases"].accepted == 1


def test_the_server_refuses_what_the_check_would_let_through(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.add(1)
    office.do("grant all on orders to clerk")

    with monkeypatch.context() as patch:
        patch.setattr("governance.importing.database.rules.fault", lambda text: "")
        for query in (
            "select 1) as q; delete from orders; select * from (select 1",
            "with gone as (delete from orders returning *) select * from gone",
            "select * into copied from orders",
            f"select * from orders into outfile '{office.folder}/copied'",
        ):
            office.refused(query)
    assert not (office.folder / "copied").exists()
    assert office.bring().tables["cases"].accepted == 1


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_tables_of_one_mapping_come_from_one_moment_and_beside_files(office: Office) -> None:
    office.add(1)
    path = office.mapping()
    path.write_text(
        path.read_text("utf-8") + '[tables.case_steps]\nquery = "select id, created_at, 1 as one from orders"\n'
        '[tables.case_steps.columns]\ncase_id = "id"\nstep = { value = "find" }\nhappened_at = "created_at"\n'
        'cycle = "one"\nseq = "one"\n',
        "utf-8",
    )
    report = import_files(path, [])
    assert {name: table.accepted for name, table in report.tables.items()} == {"cases": 1, "case_steps": 1}
    assert len(snapshots.latest().sources) == 2

"""The query and the address of a mapping, read strictly before any server hears of them."""

from pathlib import Path

import pytest

from governance.importing import ImportProblem, import_files
from governance.importing.database import address
from governance.importing.database.statement import fault
from governance.importing.mapping import read_mapping

MAPPING = """
source = "hotline"
{database}
[tables.cases]
{table}
[tables.cases.columns]
case_id = "id"
reported_at = "created_at"
category = {{ value = "06" }}
"""
DATABASE = '[database]\nkind = "postgresql"\naddress = "HOTLINE"'


def refused(folder: Path, database: str = DATABASE, table: str = 'query = "select * from t"') -> str:
    path = folder / "m.toml"
    path.write_text(MAPPING.format(database=database, table=table), "utf-8")
    with pytest.raises(ImportProblem) as caught:
        read_mapping(path)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "SELECT a.id, replace(b, ';', '，') from t a where c like '%--%' and d <> 'drop table x'",
        "with x as (select 1 as a) select * from x",
        "(select 1) union all (select 2)",
        "select id -- the number; not the name\nfrom t /* update it\n later */ where update_time > '2026-01-01'",
        'select "into", `delete` from t',
        "select truncate(x, 2), id from t;",
    ],
)
def test_a_select_is_one(text: str) -> None:
    assert fault(text.rstrip(";")) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "不是以 SELECT 或 WITH 开头"),
        ("drop table t", "不是以 SELECT 或 WITH 开头"),
        ("explain analyze select 1", "不是以 SELECT 或 WITH 开头"),
        ("/* select */ delete from t", "不是以 SELECT 或 WITH 开头"),
        ("select 1; drop table t", "分号"),
        ("select 1) as q; drop table t; select * from (select 1", "括号不成对"),
        ("select 1) as q union select * from (select 2", "括号不成对"),
        ("select (1", "括号不成对"),
        ("with gone as (delete from t returning *) select * from gone", "“delete”"),
        ("with gone as (DELETE from t returning *) select * from gone", "“delete”"),
        ("select * into copy_of_t from t", "“into”"),
        ("select * from t into outfile '/x'", "“into”"),
        ("select * from t for update", "会锁住数据行"),
        ("select * from t lock in share mode", "会锁住数据行"),
        ("select nextval('s')", "“nextval”"),
        ("select 1 /*!50000 into outfile '/x' */", "注释"),
        ("select 1 /*M! into outfile '/x' */", "注释"),
        ("select 1 /* a /* b */ , 2 */", "嵌套的注释"),
        ("select 1 --2", "“--”之后没有空格"),
        ("select 1 # ' \n into outfile '/x' # '", "#"),
        ("select 1 -- \r ' \n into outfile '/x' -- '", "控制字符"),
        ("select '\\' into outfile ', 'x'", "反斜杠"),
        ("select $$ ; $$", "$"),
        ("select 'a", "引号"),
        ("select 1 /* a", "注释"),
    ],
)
def test_what_is_more_than_a_select_is_refused(text: str, reason: str) -> None:
    assert reason in fault(text)


def test_the_mapping_is_read_strictly(tmp_path: Path) -> None:
    assert "有不认识的项“adress”，是不是“address”" in refused(tmp_path, DATABASE.replace("address", "adress"))
    assert "的 kind 只能是 postgresql、mysql" in refused(tmp_path, DATABASE.replace("postgresql", "oracle"))
    assert "overlap_minutes 应是 0 到" in refused(tmp_path, DATABASE + "\noverlap_minutes = -1")
    assert "timeout_seconds 应是 1 到" in refused(tmp_path, DATABASE + "\ntimeout_seconds = true")
    assert "没有 [database]" in refused(tmp_path, "")
    assert "至少要有一个表写 query" in refused(tmp_path, table="")
    assert "modified 只用于写了 query 的表" in refused(tmp_path, table='modified = "updated_at"')
    assert "只能写一个" in refused(tmp_path, table='files = "*.csv"\nquery = "select 1"')
    assert "sheet 只用于文件" in refused(tmp_path, table='query = "select 1"\nfile = { sheet = 1 }')
    sentence = refused(tmp_path, table='query = "delete from t"')
    assert "m.toml 第 7 行 [tables.cases] 的 query 不是以 SELECT 或 WITH 开头：只能写一条只读的 SELECT。" in sentence


def test_a_password_in_the_mapping_is_refused_and_not_repeated(tmp_path: Path) -> None:
    sentence = refused(tmp_path, DATABASE.replace("HOTLINE", "postgresql://me:geheim@host/db"))

    assert "不写进映射文件" in sentence
    assert "geheim" not in sentence


def test_an_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE", "mysql://reader:p%40s%3As%2F%E5%AF%86@10.0.0.5/12345%E7%83%AD%E7%BA%BF")

    found = address.find("HOTLINE", "mysql")

    assert (found.host, found.port, found.user, found.password) == ("10.0.0.5", 3306, "reader", "p@s:s/密")
    assert found.database == "12345热线"
    assert "密" not in repr(found)


@pytest.mark.parametrize(
    "text",
    ["host=a password=geheim", "mysql://r:geheim@h/d", "postgresql://r:geheim@h:x/d", "postgresql://r:geheim@h/"],
)
def test_a_wrong_address_is_refused_and_not_repeated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE", text)

    with pytest.raises(ImportProblem) as caught:
        address.find("HOTLINE", "postgresql")

    assert "环境变量 HOTLINE" in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_an_address_comes_from_a_file_that_nobody_else_may_read(data: Path) -> None:
    data.mkdir()
    secrets = data / "secrets.toml"
    secrets.write_text('[HOTLINE]\nhost = "db"\nuser = "reader"\npassword = "geheim"\ndatabase = "calls"\n', "utf-8")

    secrets.chmod(0o640)
    with pytest.raises(ImportProblem, match=r"请先执行 chmod 600"):
        address.find("HOTLINE", "postgresql")
    secrets.chmod(0o600)
    assert address.find("HOTLINE", "postgresql").place == "数据库 calls（db:5432）"
    with pytest.raises(ImportProblem, match=r"没有找到数据库地址 OTHER"):
        address.find("OTHER", "postgresql")
    secrets.write_text('[HOTLINE]\nhost = "db"\nuser = "reader"\npassword = 5\ndatabase = "calls"\n', "utf-8")
    with pytest.raises(ImportProblem, match=r"应是引号里的文字"):
        address.find("HOTLINE", "postgresql")


def test_a_mapping_of_files_still_needs_files(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(MAPPING.format(database="", table=""), "utf-8")

    with pytest.raises(ImportProblem, match="没有给出要导入的文件"):
        import_files(path, [])
    export = tmp_path / "a.csv"
    export.write_text("id,created_at\n1,2026-05-01\n", "utf-8")
    with pytest.raises(ImportProblem, match="没有用到数据库"):
        import_files(path, [export], full=True)

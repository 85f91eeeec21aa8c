"""An import from a real database on the desk's pages: reached, tried, published; no password typed, shown or kept."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from governance import access, desk, snapshots
from governance.desk import DeskError
from governance.importing import known
from tests.conftest import Pages
from tests.test_desk_pages import press, whole, words
from tests.test_importing_database import PASSWORD, Office, office

__all__ = ["office"]  # the fixture
PATIENCE = 300  # seconds; a slow machine is no fault


@pytest.fixture
def importer(office: Office, data: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(access.ROLE, "importer")
    return known.save("热线数据库", office.mapping(more='modified = "updated_at"').read_text("utf-8")).name


def until(app: AppTest, text: str) -> AppTest:
    limit = time.monotonic() + PATIENCE
    while text not in words(app):
        assert time.monotonic() < limit, words(app)
        time.sleep(0.2)
        whole(app.run())
    return app


def tell_nothing(app: AppTest, data: Path) -> None:
    """Neither the page nor anything that the desk keeps holds the password or its percent-encoded form."""
    kept = "".join(path.read_text("utf-8", "replace") for path in (data / "imports").rglob("*") if path.is_file())
    for secret in (PASSWORD, "p%C3%A4", "clerk"):
        assert secret not in words(app) + kept


def test_from_the_database_to_a_published_snapshot(importer: str, office: Office, data: Path, pages: Pages) -> None:
    office.add(1, "2026-05-01 10:00:00")
    office.add(2, "2026-05-02 10:00:00")
    app = whole(pages.open("imports"))
    assert "密码由管理员配置" in words(app) and not app.text_input
    press(app, "next-database")
    until(app, "连得上，可以读取 1 个表")
    assert f"数据库 {office.name}" in words(app)
    tell_nothing(app, data)
    press(app, "next")
    until(app, "试运行完成")
    assert not snapshots.snapshot_ids()
    tell_nothing(app, data)
    press(app, "next")
    until(app, "已发布")
    assert snapshots.latest().rows("cases") == 2
    tell_nothing(app, data)
    press(app, "next")
    assert not list((data / "imports").iterdir())


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_all_is_read_anew_when_a_person_says_so(importer: str, office: Office, data: Path, pages: Pages) -> None:
    """What the source has deleted is only found by reading everything."""
    for number in (1, 2, 3):
        office.add(number, f"2026-05-0{number} 10:00:00")
    office.bring("select * from orders", more='modified = "updated_at"')
    office.do("delete from orders where id = 2")
    batch = desk.start_database(f"own:{importer}")
    app = whole(pages.open("imports", job=batch.id))
    until(app, "连得上")
    whole(app.checkbox(key=f"full-{batch.id}").check().run())
    press(app, "next")
    until(app, "试运行完成")
    press(app, "next")
    until(app, "已发布")
    assert snapshots.latest().rows("cases") == 2


@pytest.mark.parametrize("how", ["no address", "wrong password", "nobody listens"])
def test_what_cannot_be_reached_is_one_sentence(
    importer: str, office: Office, data: Path, pages: Pages, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    said = {"no address": "没有找到数据库地址", "wrong password": "用户名或密码不对", "nobody listens": "连不上"}[how]
    if how == "no address":
        monkeypatch.delenv("HOTLINE_DATABASE")
    elif how == "wrong password":
        monkeypatch.setenv("HOTLINE_DATABASE", office.url("geheim"))
    else:
        monkeypatch.setenv("HOTLINE_DATABASE", f"{office.server.kind}://clerk:geheim@127.0.0.1:1/x")
    batch = desk.start_database(f"own:{importer}")
    app = until(whole(pages.open("imports", job=batch.id)), said)
    assert [error.value for error in app.error if said in error.value.replace("\\", "")]
    assert "geheim" not in words(app)
    assert "next" not in {button.key for button in app.button}
    assert not snapshots.snapshot_ids()


def test_only_a_mapping_that_asks_a_database_can_be_begun(data: Path, tmp_path: Path) -> None:
    assert known.databases() == {}
    for key in ("shipped:hotline.toml", "own:../x.toml", "", "own:热线.toml"):
        with pytest.raises(DeskError):
            desk.start_database(key)
    assert not list((data / "imports").glob("*"))

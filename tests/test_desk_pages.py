"""The pages of the import desk by AppTest: the whole flow, hostile words in the address and the session, and R13."""

import io
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from governance import access, desk, navigation, snapshots
from governance.importing import import_files, known
from tests.conftest import Pages
from tests.test_desk import HEAD, MAPPING, MAY, bring
from tests.test_drafting import workbook

ROOT = Path(__file__).resolve().parents[1]
EVERY_PAGE = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
PATIENCE = 300  # seconds; a slow machine is no fault
GARBAGE = ["", "..", "0" * 32, "<script>alert(1)</script>", "\x00", "x" * 5000]


@pytest.fixture
def importer(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(access.ROLE, "importer")


def words(app: AppTest) -> str:
    kinds = (app.title, app.markdown, app.caption, app.info, app.warning, app.error, app.success, app.metric)
    shown = "\n".join(str(element.value) for kind in kinds for element in kind)
    return shown.replace("\\", "")


def whole(app: AppTest) -> AppTest:
    assert [error.value for error in app.exception] == []
    assert "出错了" not in words(app) and "Traceback" not in words(app)
    return app


def until(app: AppTest, text: str) -> AppTest:
    """Run as the fragment would until the work is done and a text stands on the page."""
    limit = time.monotonic() + PATIENCE
    while text not in words(app):
        assert time.monotonic() < limit, words(app)
        time.sleep(0.2)
        whole(app.run())
    return app


def press(app: AppTest, key: str) -> AppTest:
    return whole(app.button(key=key).click().run())


def published(tmp_path: Path) -> None:
    export = tmp_path / "5月工单.csv"
    export.write_text(MAY, "utf-8")
    import_files(known.save("热线", MAPPING), [export])


# ---- R13: each role, every page


WHO = [("importer", page) for page in EVERY_PAGE] + [
    (role, page) for role in ("analyst", "leader", "screen", "auditor", "nonsense") for page in (*access.DESK, "map")
]


@pytest.mark.parametrize(("role", "page"), WHO)
def test_a_page_opens_for_its_roles_only(role: str, page: str, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a cold link, where the page's file runs alone, and within a session that has been through the frame.

    tests/test_pages.py opens the pages of those who read cases.
    """
    monkeypatch.setenv(access.ROLE, role)
    titles = {name: title for entries in (navigation.MENU | navigation.DESK).values() for name, title in entries}
    app = pages.open(page)
    assert [error.value for error in app.exception] == []
    allowed = role == "importer" and page in access.DESK
    shown = [title.value for title in app.title]
    if allowed:
        assert shown == [titles[page]]
    else:
        assert titles[page] not in shown or (role, page) == ("importer", "quality")  # both are called 数据质量
        assert not app.get("file_uploader") or role == "importer"
        if role in ("screen", "auditor", "nonsense"):
            assert len(app.error) == 1 and "角色" in app.error[0].value
    framed = AppTest.from_file(str(ROOT / f"pages/{page}.py"), default_timeout=30)
    framed.session_state["framed"] = True
    framed.session_state["filter"] = None
    if not allowed and page in access.DESK:
        framed.run()
        assert framed.exception and not framed.title and not framed.button


def test_an_importer_reads_no_case_by_any_way(importer: None, tmp_path: Path) -> None:
    from governance import queries
    from governance.store import StoreError

    published(tmp_path)
    store = queries.current_store()
    assert store.tables <= {"rejects", "intake"}
    for sql in ("from cases", "from data.cases", "from case_list", "select title from read_parquet('x')"):
        with pytest.raises(StoreError):
            store.query(f"select * {sql}" if sql.startswith("from") else sql)


# ---- the flow


def test_from_the_inbox_to_a_published_snapshot(importer: None, data: Path, pages: Pages) -> None:
    known.save("热线", MAPPING)
    (data / "inbox").mkdir()
    (data / "inbox" / "5月工单.csv").write_text(MAY + "A3,坏,市政设施,五月,\n", "utf-8")
    app = whole(pages.open("imports"))
    assert app.button(key="next").disabled
    app.multiselect(key="picked").set_value(["5月工单.csv"]).run()
    press(app, "next")
    until(app, "用哪一份对照表来读")
    assert "建议用“热线工单”：需要的 5 个表头，文件里都有" in words(app)
    assert "看到了 1 个文件，共 3 行" in words(app)
    press(app, "next")
    until(app, "试运行完成")
    assert "3 行里有 1 行不能接收" in words(app) and not snapshots.snapshot_ids()
    assert "这是第一份数据" in words(app)
    press(app, "next")
    until(app, "已发布")
    assert snapshots.latest().rows("cases") == 2
    assert (data / "inbox" / "5月工单.csv").exists()
    press(app, "next")  # once more
    assert not list((data / "imports").iterdir())
    again = whole(pages.open("snapshots"))
    assert again.dataframe[0].value["案件数"].tolist() == [2]


def test_an_uploaded_workbook_is_imported_and_deleted(importer: None, data: Path, pages: Pages) -> None:
    import openpyxl

    known.save("热线", MAPPING)
    book = openpyxl.Workbook()
    for line in MAY.splitlines():
        book.active.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    app = whole(pages.open("imports"))
    uploader: Any = app.get("file_uploader")[0]
    uploader.upload("../5月工单.xlsx", content.getvalue()).run()
    press(app, "next")
    until(app, "用哪一份对照表来读")
    press(app, "next")
    until(app, "试运行完成")
    press(app, "next")
    until(app, "已发布")
    assert [one["file"] for one in snapshots.latest().sources] == ["5月工单.xlsx"]
    assert not list(data.rglob("*.upload"))


def test_a_draft_asks_and_its_answers_are_imported(importer: None, data: Path, pages: Pages) -> None:
    export = "编号,事由,类型,登记时间\n" + "".join(
        f"K{day},灯 {day},{'路灯的事' if day % 2 else '环境卫生'},0{day}/02/2026 08:00\n" for day in range(1, 10)
    )  # the order of day and month cannot be told, nor what 路灯的事 is
    batch = desk.start([("六月.csv", io.BytesIO(export.encode()))], [])
    app = whole(pages.open("imports", job=batch.id))
    until(app, "建议新建一份")
    press(app, "next")
    until(app, "每一项取自哪一列")
    assert app.button(key="next").label == "保存并继续"
    press(app, "next")
    assert "还有没回答的问题" in words(app)
    answers = {
        "column.case_id": "编号", "column.category": "类型", "column.origin": "=appeal", "order.reported_at": "day",
        "merge": "upsert", "source": "hotline",
    }  # fmt: skip
    for _ in range(4):  # an answer may raise another question
        for radio in app.radio:
            radio.set_value(answers[str(radio.key).split("-", 2)[2]])
        for box in app.selectbox:
            if str(box.key).endswith("category-路灯的事"):
                box.set_value("03")
        press(app, "next")
        while desk.running(batch):
            time.sleep(0.1)
        if "每一项取自哪一列" not in words(whole(app.run())):
            break
    until(app, "试运行完成")
    assert "9 行全部可以读懂" in words(app)
    press(app, "next")
    until(app, "已发布")
    assert snapshots.latest().as_of.isoformat() == "2026-02-09T08:00:01"  # the day stood first
    assert (known.own_folder() / "六月.toml").is_file() and "对照表已存为“六月”" in words(app)


def test_the_tables_of_a_workbook_are_drafted_and_imported_together(
    importer: None, data: Path, tmp_path: Path, pages: Pages
) -> None:
    """Cases, staff and visits, a sheet each: the person takes the staff along and leaves the visits."""
    orders = [[f"A{n}", f"灯{n}", "环境卫生", f"2026-05-0{n} 08:00"] for n in range(1, 8)]
    staff = [[f"P{n}", "W1", "专职网格员", "2024-01-01"] for n in range(1, 6)]
    visits = [[f"Z{n}", f"2026-05-0{n} 10:00", "W1", "入户走访"] for n in range(1, 9)]
    sheets = {
        "工单": [["工单编号", "标题", "类别", "受理时间"], *orders],
        "人员": [["人员编号", "网格编码", "岗位", "上岗日期"], *staff],
        "走访": [["走访编号", "走访时间", "网格编码", "走访类型"], *visits],
    }
    book = workbook(tmp_path / "街道.xlsx", sheets)
    batch = desk.start([("街道.xlsx", io.BytesIO(book.read_bytes()))], [])
    app = until(whole(pages.open("imports", job=batch.id)), "建议新建一份")
    press(app, "next")
    until(app, "这个工作簿里还有 2 种台账")
    whole(app.checkbox(key=f"part-{batch.id}-staff").check().run())
    while desk.running(batch):
        time.sleep(0.1)
    until(app, "每一项取自哪一列")
    assert [tab.label.partition("（")[0] for tab in app.tabs] == ["案件", "网格队伍"]
    answers = {"column.origin": "=appeal", "merge": "replace", "source": "street", "column.fte": "=1"}
    for _ in range(4):
        for radio in app.radio:
            key = str(radio.key).split("-", 2)[2]
            if key != "source":
                radio.set_value(answers[key])
        for line in app.text_input:
            if str(line.key).endswith("-source"):
                line.set_value("street")
        press(app, "next")
        while desk.running(batch):
            time.sleep(0.1)
        if "每一项取自哪一列" not in words(whole(app.run())):
            break
    until(app, "试运行完成：12 行全部可以读懂")
    press(app, "next")
    until(app, "已发布")
    assert (snapshots.latest().rows("cases"), snapshots.latest().rows("staff")) == (7, 5)
    assert "visits" not in snapshots.latest().tables
    later = desk.start([("街道.xlsx", io.BytesIO(book.read_bytes()))], [])
    until(whole(pages.open("imports", job=later.id)), "建议用“street 案件”")  # next month it is known


def test_a_known_mapping_that_does_not_fit_leads_to_its_draft(importer: None, pages: Pages) -> None:
    known.save("热线", MAPPING)
    batch = bring(MAY.replace("市政设施", "飞线"))
    batch.mapping, batch.is_confirmed = "own:热线.toml", True
    batch.save()
    app = whole(pages.open("imports", job=batch.id))
    until(app, "这样还不能导入")
    assert "未登记的取值" in words(app)
    press(app, "back")
    until(app, "每一项取自哪一列")
    assert desk.find(batch.id).earlier == "own:热线.toml"  # type: ignore[union-attr]


def test_cancelling_on_the_page(importer: None, data: Path, pages: Pages) -> None:
    batch = bring(HEAD + "".join(f"A{n},x,市政设施,2026/5/1 8:05,\n" for n in range(200_000)))
    path = known.save("热线", MAPPING)
    desk.begin(batch, "trial", mapping=str(path))
    app = whole(pages.open("imports", job=batch.id))
    assert "正在试运行" in words(app)
    other = whole(pages.open("imports"))  # a second tab finds it
    assert "5月工单.csv" in words(other) and "正在处理" in words(other)
    press(app, "cancel")
    assert not list((data / "imports").iterdir())
    assert "把导出的文件交给系统" in words(app)


# ---- hostile


@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_in_the_address(importer: None, pages: Pages, value: str) -> None:
    app = whole(pages.open("imports", job=value))
    assert "把导出的文件交给系统" in words(app)


def test_forged_choices_are_dropped(importer: None, data: Path, pages: Pages) -> None:
    """What widgets and the session hold is client input: an import never reads what was not offered."""
    known.save("热线", MAPPING)
    (data / "secret.key").write_text("secret")
    app = pages.open("imports")
    app.session_state["picked"] = ["../secret.key", "/etc/passwd"]
    whole(app.run())
    assert app.button(key="next").disabled
    batch = bring(MAY)
    until(whole(pages.open("imports", job=batch.id)), "用哪一份对照表来读")
    for mapping in ("../../etc/passwd", "own:../x.toml", "shipped:demo_base.toml", "own:没有.toml"):
        batch.mapping, batch.is_confirmed = mapping, True
        batch.save()
        app = whole(pages.open("imports", job=batch.id))
        assert desk.find(batch.id).mapping is None  # type: ignore[union-attr]
    batch.mapping, batch.name, batch.is_confirmed = "draft", "../../../etc/passwd", True
    batch.save()
    whole(pages.open("imports", job=batch.id))
    assert desk.find(batch.id).mapping is None  # type: ignore[union-attr]


def test_a_file_name_is_shown_as_text(importer: None, pages: Pages) -> None:
    name = "![x](http://h/b) <b>x</b> **粗** $x$.csv"
    batch = desk.start([(name, io.BytesIO(MAY.encode()))], [])
    app = until(whole(pages.open("imports", job=batch.id)), "用哪一份对照表来读")
    assert not [one.value for one in app.markdown if "![x](" in one.value or "**粗**" in one.value]


# ---- snapshots and intake


def test_verify_and_roll_back_with_a_confirmation(importer: None, tmp_path: Path, pages: Pages) -> None:
    published(tmp_path)
    first = snapshots.current_id()
    later = tmp_path / "6月工单.csv"
    later.write_text(HEAD + "B1,x,市政设施,2026/6/1 8:00,\n", "utf-8")
    import_files(known.own_folder() / "热线.toml", [later])
    app = whole(pages.open("snapshots"))
    assert app.dataframe[0].value["说明"].tolist() == ["正在使用", ""]
    press(app, "verify")
    assert "2 份快照全部完好" in words(app)
    assert app.button(key="rollback").disabled
    app.checkbox[0].check().run()
    press(app, "rollback")
    assert snapshots.current_id() == first
    assert "已退回：看板现在用截至 2026-05-03 09:00 的数据" in words(app)
    damaged = snapshots.latest().files("cases")[0]
    damaged.write_bytes(damaged.read_bytes()[:-9])
    press(app, "verify")
    assert "已损坏" in words(app)


def test_intake_shows_what_was_sent_back_and_no_case(importer: None, tmp_path: Path, pages: Pages) -> None:
    assert "还没有数据" in words(whole(pages.open("intake")))
    export = tmp_path / "5月工单.csv"
    export.write_text(MAY + "A3,坏,市政设施,五月,\n", "utf-8")
    import_files(known.save("热线", MAPPING), [export])
    app = whole(pages.open("intake"))
    assert "读入 3 行，退回 1 处" in words(app)
    assert "路灯不亮" not in words(app) + str([frame.value.to_dict() for frame in app.dataframe])

"""The import desk as a clerk sees it: a real Chromium, from two files to the number on the analyst's page."""

import re
from pathlib import Path

import openpyxl
from playwright.sync_api import Browser

from governance.importing import known
from tests.test_browser import SIZES, look_for_damage
from tests.test_desk import HEAD, MAPPING, MAY
from tools import browser as chromium
from tools import server as dashboard

WAIT = 90_000  # ms; a loaded machine is slow to start a process


def test_from_two_files_to_the_analysts_page(data: Path, tmp_path: Path, browser: Browser) -> None:
    known.save("热线", MAPPING)
    table = tmp_path / "5月工单.csv"
    table.write_bytes(MAY.encode("gb18030"))
    book = openpyxl.Workbook()
    for line in (HEAD + "B1,灯,市政设施,2026/5/9 8:05,\nB2,坏,市政设施,九月,\n").splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "六月工单 <b>x<b>.xlsx")
    with dashboard.serve(data, role="importer") as desk, chromium.visit(browser, *SIZES[0]) as tab:
        page = tab.page

        def step(text: str) -> None:
            page.get_by_text(text).first.wait_for(timeout=WAIT)
            tab.settle(WAIT / 1000)
            look_for_damage(tab)

        def forward(name: str) -> None:
            page.get_by_role("button", name=re.compile(f"^{name}")).click()

        tab.go(desk.url, WAIT / 1000)
        step("把导出的文件交给系统")
        assert "网格负荷" not in tab.text()
        page.locator("input[type=file]").set_input_files([str(path) for path in sorted(tmp_path.glob("*工单*"))])
        forward("下一步：看看这 2 个文件")
        step("用哪一份对照表来读")
        assert "六月工单 <b>x<b>.xlsx" in tab.text() and "建议用“热线工单”" in tab.text()
        page.reload()  # the address names the import
        step("用哪一份对照表来读")
        forward("下一步")
        step("试运行完成：4 行里有 1 行不能接收")
        page.set_viewport_size({"width": SIZES[1][0], "height": SIZES[1][1]})
        tab.settle(WAIT / 1000)
        look_for_damage(tab)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="下载退回的行").click()
        assert "九月" in Path(waiting.value.path()).read_text("utf-8-sig")
        forward("发布")
        step("已发布。数据截至 2026-05-09 08:05")
        tab.go(f"{desk.url}/overview", WAIT / 1000)  # no page of this role
        assert "把导出的文件交给系统" in tab.text() or "not found" in tab.text()
    assert not list(data.rglob("*.upload"))
    with dashboard.serve(data) as reader, chromium.visit(browser, *SIZES[0]) as tab:
        tab.go(reader.address("cases", "indicator=reported_count"), WAIT / 1000)
        assert "3 件" in tab.text()
        tab.go(f"{reader.url}/imports", WAIT / 1000)
        assert "把导出的文件交给系统" not in tab.text() and tab.page.locator("input[type=file]").count() == 0

"""The wall's application: what it answers, what it refuses, what it never loads, and what it does with a bad bundle."""

import json
import logging
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.public import reading
from governance.screen import scenes
from governance.screen.source import Source
from tests import walls
from tools.wall import serve

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    bundle = walls.county().bundle()
    with walls.serve(lambda: bundle) as url:
        yield url


def fetch(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def test_the_page_its_files_and_its_two_kinds_of_json_answer(address: str) -> None:
    status, _, page = fetch(f"{address}/")
    assert status == 200
    for name in re.findall(r'(?:src|href)="(/[^"]+)"', page.decode()):
        assert fetch(f"{address}{name}")[0] == 200
    state = json.loads(fetch(f"{address}/state")[2])
    assert [scene["name"] for scene in state["scenes"]] == list(scenes.SCENES)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", state["server_time"])
    assert state["as_of"] == "2026-07-01T00:00:00+08:00"
    for scene in state["scenes"]:
        made = json.loads(fetch(f"{address}/scene/{scene['name']}")[2])
        assert made["scene"] == scene["name"] and made["bundle"] == state["bundle"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/", "/static", "/static/wall.html", "/static/../application.py", "/static/%2e%2e/application.py",
        "/static/..%2f..%2fstore.py", "/static/wall.js.map", "/static/wall.css/", "/state/", "/scene/", "/scene/..",
        "/scene/nothing", "/scene/map/x", "/index.html", "/docs", "/openapi.json", "/_stcore/health", "/robots.txt",
        "/data/public/CURRENT", "/favicon.ico", "//state", "/state;x", "/scene/__init__",
    ],
)  # fmt: skip
def test_everything_else_is_404(address: str, path: str) -> None:
    status, headers, body = fetch(f"{address}{path}")
    assert status == 404 and body == b"Not Found" and "content-security-policy" in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/state", "/scene/map", "/static/wall.css"])
def test_nothing_can_be_sent(address: str, path: str, method: str) -> None:
    assert fetch(f"{address}{path}", method)[0] == 405


def test_every_answer_has_the_headers_and_none_sets_a_cookie(address: str) -> None:
    for path in ("/", "/state", "/scene/map", "/static/wall.js", "/nothing"):
        for method in ("GET", "HEAD"):
            _, headers, body = fetch(f"{address}{path}", method)
            policy = headers["content-security-policy"]
            assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
            assert "set-cookie" not in headers and "access-control-allow-origin" not in headers
            assert method == "GET" or body == b""


def test_files_are_revalidated_by_their_content(address: str) -> None:
    _, headers, content = fetch(f"{address}/static/wall.js")
    assert headers["cache-control"] == "no-cache" and content
    status, _, body = fetch(f"{address}/static/wall.js", headers={"If-None-Match": headers["etag"]})
    assert status == 304 and body == b""
    assert fetch(f"{address}/state")[1]["cache-control"] == "no-store"


def test_the_page_knows_its_build_and_only_the_keeper_may_stand_before_it(address: str) -> None:
    build = json.loads(fetch(f"{address}/state")[2])["build"]
    assert f'data-build="{build}"'.encode() in fetch(f"{address}/")[2]
    assert fetch(f"{address}/static/keeper.js")[1]["service-worker-allowed"] == "/"
    assert "service-worker-allowed" not in fetch(f"{address}/static/wall.js")[1]
    kept = (ROOT / "governance/screen/static/keeper.js").read_text("utf-8")
    assert "/state" not in kept and "/scene" not in kept, "no figure is kept"


def test_the_page_holds_no_script_no_style_no_link_and_no_control() -> None:
    for path in sorted((ROOT / "governance/screen/static").iterdir()):
        text = path.read_text("utf-8")
        assert "://" not in text.replace("http://www.w3.org/2000/svg", ""), f"{path.name} names another host"
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|sourceMappingURL", text)
        if path.suffix == ".html":
            assert not re.search(r"<(a|button|input|select|form|iframe|style)\b|\son\w+=|style=", text)


def test_the_wall_loads_neither_the_dashboard_nor_the_store() -> None:
    probe = (
        "import sys, governance.screen.__main__ as m; "
        "print(*(n for n in sys.modules if n.split('.')[0] in ('streamlit', 'duckdb', 'pydeck') or n in "
        "('governance.store', 'governance.queries', 'governance.snapshots', 'governance.filters')))"
    )
    answer = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def test_a_bad_parameter_is_reported_and_never_echoed(address: str) -> None:
    state = json.loads(fetch(f"{address}/state?area=%3Cscript%3E&title=%00&seconds=9999999&scenes=x&evil=1")[2])
    assert len(state["problems"]) == 5 and "script" not in json.dumps(state)
    assert [scene["name"] for scene in state["scenes"]] == list(scenes.SCENES)
    assert fetch(f"{address}/state?" + "a=1&" * 2000)[0] in (200, 400, 414, 431)


def test_without_a_bundle_the_wall_says_so_and_finds_the_first_one_by_itself() -> None:
    bundles: list[walls.HandBundle] = []

    def read() -> walls.HandBundle:
        if not bundles:
            raise reading.PublicError("还没有公开数据包。")
        return bundles[0]

    with walls.serve(read) as url:
        state = json.loads(fetch(f"{url}/state")[2])
        assert state["scenes"] == [] and state["message"].startswith("还没有公开数据") and state["as_of"] is None
        assert fetch(f"{url}/scene/map")[0] == 404
        bundles.append(walls.county().bundle())
        assert len(json.loads(fetch(f"{url}/state")[2])["scenes"]) == 6


def test_a_red_scene_is_left_out_and_named_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    hand = walls.county()
    hand.check("flow_identity", 3, "map,now")
    bundle = hand.bundle()
    with caplog.at_level(logging.WARNING, "governance.screen"), walls.serve(lambda: bundle) as url:
        for _ in range(3):
            state = json.loads(fetch(f"{url}/state")[2])
        assert state["left_out"] == ["map", "now"] and fetch(f"{url}/scene/map")[0] == 404
    named = [record.getMessage() for record in caplog.records if "对账" in record.getMessage()]
    assert len(named) == 2 and "一张图" in named[0] and "3 处不符" in named[0]


def test_when_every_scene_is_red_the_wall_says_so() -> None:
    hand = walls.county()
    hand.check("parts", 1, ",".join(scenes.SCENES))
    bundle = hand.bundle()
    with walls.serve(lambda: bundle) as url:
        state = json.loads(fetch(f"{url}/state")[2])
        assert state["scenes"] == [] and "核对" in state["message"] and state["as_of"]


def test_a_bundle_that_cannot_be_used_leaves_the_old_one(caplog: pytest.LogCaptureFixture) -> None:
    good, hand = walls.county().bundle(), walls.county()
    hand.id = "20260702T000000-00000002"
    broken = hand.bundle()
    del broken.tables["days"]
    found = [good]
    source = Source(lambda: found[0])
    assert source.current() is not None
    found[0] = broken
    before = source.current()
    assert before is not None and before[1].bundle is good and source.document("now", "") is not None
    assert any("继续显示上一份" in record.getMessage() for record in caplog.records)


def test_numbers_on_the_wire_are_those_of_the_bundle_and_none_finer(address: str) -> None:
    wire = "".join(fetch(f"{address}/scene/{name}")[2].decode() for name in scenes.SCENES)
    for grid in range(1, 5):
        assert f"第{grid}网格" not in wire
    assert not re.search(r"1401\d{11}", wire), "the code of a grid"


def test_a_bundle_on_disk_is_served_by_the_process_that_make_screen_starts(data: Path, tmp_path: Path) -> None:
    bundle_id = walls.publish(walls.county())
    with serve(data, tmp_path / "log") as wall:
        state = json.loads(fetch(f"{wall.url}/state")[2])
        assert state["bundle"] == bundle_id and len(state["scenes"]) == 6
        assert "server" not in fetch(f"{wall.url}/")[1]
        command = [sys.executable, "-m", "governance.screen", "--port", str(wall.port)]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert second.returncode == 1 and "换一个端口" in second.stderr and len(second.stderr.splitlines()) == 1

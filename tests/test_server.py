"""The server of the dashboard: it does not begin with settings that leave doors open, and has none but its own."""

import os
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from governance import server as serving
from governance import store
from tools.server import LONGEST, ROOT, SERVE, Server, free_port


def test_settings_that_cannot_be_read_stop_the_start(tmp_path: Path, data: Path) -> None:
    """Left to the framework, a broken file means its defaults: errors with data in them, statistics sent abroad."""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text("[client\n")
    command = [sys.executable, "-m", *SERVE[:-1], str(ROOT / SERVE[-1]), "--server.headless", "true"]
    command += ["--browser.serverAddress", "localhost"]  # or it would ask a public service for its address
    done = subprocess.run(
        [*command, "--server.port", str(free_port())],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("配置没有生效（") and "client.showErrorDetails" in last and last.endswith("。")


def test_the_settings_as_they_are_do_not() -> None:
    assert serving.refusal() == ""


def test_a_zone_that_cannot_be_set_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """TZ of the machine does not matter; the zone of the county must be there."""
    for zone in ("UTC", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        store.require_zone()
    monkeypatch.setattr(store, "ZONE", "Nowhere/Atall")
    assert (
        serving.refusal()
        == "时区 Nowhere/Atall 用不了，看板没有启动：请按 requirements.lock 重新安装依赖（make run 会做）。"
    )


def status(server: Server, path: str, **headers: str) -> int:
    """How a request is answered."""
    with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=LONGEST)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status


def test_what_no_page_needs_is_not_answered(server: Server) -> None:
    assert status(server, "/_stcore/health") == 200
    for path in ("metrics", "agent/openapi.json", "agent", "script-health-check"):
        assert status(server, f"/_stcore/{path}") == 404, path
    assert status(server, "/app/static/x.svg") == 404


def test_a_request_in_another_hosts_name_or_from_its_pages_is_refused(server: Server) -> None:
    """A name that an attacker lets point here would make this server his own to a reader's browser."""
    assert status(server, "/_stcore/health", Host="evil.example") == 400
    shaken = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    shaken["Sec_WebSocket_Key"] = "MDEyMzQ1Njc4OWFiY2RlZg=="
    assert status(server, "/_stcore/stream", **shaken) == 101
    assert status(server, "/_stcore/stream", Origin="http://evil.example", **shaken) == 403
    assert status(server, "/_stcore/stream", Host="evil.example", **shaken) in (400, 403)

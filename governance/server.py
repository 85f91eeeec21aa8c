"""The same app as an ASGI application: security headers, a route for the shapes of the map, caches warm at the start.

`python -m streamlit run governance/server.py` serves it; `streamlit run dashboard.py` serves the pages without that.
"""

import gc
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from governance import access, checks, filters, navigation, queries, snapshots
from governance.access import AccessError
from governance.maps import serving
from governance.snapshots import SnapshotError
from governance.store import StoreError, open_store, require_zone

DASHBOARD = Path(__file__).resolve().parents[1] / "dashboard.py"
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{sockets} data: blob:; "
    "worker-src 'self' blob:; frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}
# What keeps data on this host and out of the browser; a config.toml that cannot be read would silently leave them open.
REQUIRED: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.disableDataExport": True,
    "client.showErrorDetails": "none",
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
}
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/app/static")  # no page needs them
GEOMETRY = "geometry"
# What the first page asks for before anybody chose; the indicators it shows, in its order, so the answer is kept.
FIRST_FIGURES = ("response_hours", "overdue_count", "on_time_rate", "satisfaction_rate", "rating_share", "backlog")
WARM: dict[str, tuple[str, ...]] = {"indicator_totals": FIRST_FIGURES, "cases_by_category": ()}


class SecurityHeaders:
    """Adds a content policy that lets the browser load nothing from, and send nothing to, any other host."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_policy(dict(scope["headers"]).get(b"host", b"").decode("latin-1"))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.lower() != b"server"]
                message["headers"] = [*kept, (b"content-security-policy", policy.encode()), *HEADERS.items()]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class KnownPages:
    """Sends whoever asks for a page that does not exist for them to the first one.

    The first page lives at / alone. Left to the framework, its name and any other unknown one open a dialog in English
    over the page.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the way to the first page, the filter kept."""
        if scope["type"] == "http" and scope["path"].startswith(CLOSED):
            await Response("not found", 404, media_type="text/plain")(scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and _is_unknown(scope["path"]):
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"./?{query}" if query else "./", 307)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_unknown(path: str) -> bool:
    name = path[1:]
    if not re.fullmatch(r"[a-z]+", name):
        return False
    try:
        names = navigation.names(access.current().role)
    except AccessError:
        return False  # the page says what is wrong with the role
    return name not in names[1:]


def content_policy(host: str) -> str:
    """The policy for a host; older browsers do not count a socket to the same host as 'self'."""
    known = re.fullmatch(r"[A-Za-z0-9.\-]+(:\d{1,5})?", host) is not None
    return POLICY.format(sockets=f" ws://{host} wss://{host}" if known else "")


def geometry(request: Request) -> Response:
    """The outlines of a level within a region of a snapshot, if the viewer may see it; 304 when the browser has them.

    `no-cache` lets the browser keep them but ask each time, so that a right that was withdrawn counts at once.
    """
    asked = request.path_params
    region = None if asked["region"] == serving.EVERYWHERE else asked["region"]
    try:
        snapshot = snapshots.at(asked["snapshot"])
        store = open_store(access.current(), snapshot)
        found = serving.served(store, asked["level"], region) if snapshot.id == asked["snapshot"] else None
    except (SnapshotError, AccessError, StoreError):
        found = None
    if found is None:
        return Response("not found", 404, media_type="text/plain", headers={"cache-control": "no-store"})
    headers = {"etag": found.etag, "cache-control": "private, no-cache", "vary": "accept-encoding"}
    if found.etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type="application/json", headers=headers | {"content-encoding": "gzip"})
    return Response(found.outlines.content, media_type="application/json", headers=headers)


def refusal() -> str:
    """Why this process must not serve, in one sentence; empty when nothing stands against it."""
    wrong = [name for name, value in REQUIRED.items() if st.get_option(name) != value]
    if not st.get_option("server.allowedHosts"):
        wrong.append("server.allowedHosts")
    if wrong:
        named = "、".join(wrong)
        return f"配置没有生效（{named}），看板没有启动：请在项目目录下启动，并检查 .streamlit/config.toml 是否完好。"
    try:
        require_zone()
    except StoreError as error:
        return str(error)
    return ""


@asynccontextmanager
async def warm_up(_app: object) -> AsyncIterator[None]:
    """Open the store and answer the first page's questions, then tell the collector not to walk all that again."""
    if problem := refusal():
        print(problem, file=sys.stderr, flush=True)
        os._exit(1)  # before it answers, and without the traceback that an exception would add
    serving.open_route(GEOMETRY)
    try:
        if access.current().role in access.READERS:
            store = queries.current_store()
            standard = filters.default(store)
            checks.results(store)
            for name, only in WARM.items():
                queries.run(name, standard, only=only)
    except (AccessError, SnapshotError, StoreError):
        pass  # no role, no snapshot yet, or one that cannot be asked: the page says so
    gc.collect()
    gc.freeze()
    yield


ROUTES = [Route(f"/{GEOMETRY}/{{snapshot}}/{{level}}/{{region}}.json", geometry, methods=["GET"])]
# The framework checks the name by which it is called for its socket alone.
HOSTS = Middleware(TrustedHostMiddleware, allowed_hosts=list(st.get_option("server.allowedHosts")) or ["*"])
app = st.App(
    str(DASHBOARD),
    routes=ROUTES,
    middleware=[HOSTS, Middleware(SecurityHeaders), Middleware(KnownPages)],
    lifespan=warm_up,
)

"""The same app as an ASGI application: security headers on every answer, caches warm before the first visitor.

`python -m streamlit run governance/server.py` serves it; `streamlit run dashboard.py` serves the pages without that.
"""

import gc
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from governance import filters, queries
from governance.snapshots import SnapshotError

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
WARM = ("indicator_totals", "indicators_by_month", "cases_by_category", "cases_by_month", "indicators_by_track")


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


def content_policy(host: str) -> str:
    """The policy for a host; older browsers do not count a socket to the same host as 'self'."""
    known = re.fullmatch(r"[A-Za-z0-9.\-]+(:\d{1,5})?", host) is not None
    return POLICY.format(sockets=f" ws://{host} wss://{host}" if known else "")


@asynccontextmanager
async def warm_up(_app: object) -> AsyncIterator[None]:
    """Open the store and answer the first page's questions, then tell the collector not to walk all that again."""
    try:
        standard = filters.default(queries.current_store())
        for name in WARM:
            queries.run(name, standard)
    except SnapshotError:
        pass  # no snapshot yet: the page says so
    gc.collect()
    gc.freeze()
    yield


app = st.App(str(DASHBOARD), middleware=[Middleware(SecurityHeaders)], lifespan=warm_up)

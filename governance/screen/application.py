"""The application of the wall: one page, its files, two kinds of JSON. Nothing else answers, nothing can be sent."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from governance.screen.board import Board, Bundle
from governance.screen.board import Scope as Area
from governance.screen.options import Plan, Settings, plan
from governance.screen.scenes import SCENES
from governance.screen.source import Source

STATIC = Path(__file__).with_name("static")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LOCAL = timezone(timedelta(hours=8))
HEADERS = {
    b"content-security-policy": (
        b"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


class Headers:
    """Adds the headers that let the browser load nothing from, and send nothing to, any other host."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS.items()]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def create(read: Callable[[], Bundle], settings: Callable[[], Settings]) -> Starlette:
    """The application over whatever `read` returns (see Source); `settings` is asked anew for every answer."""
    source = Source(read)
    files = {
        path.name: (path.read_bytes(), TYPES[path.suffix]) for path in sorted(STATIC.iterdir()) if path.suffix in TYPES
    }
    build = hashlib.sha256(b"\0".join(name.encode() + content for name, (content, _) in files.items())).hexdigest()[:16]

    content, kind = files["wall.html"]
    files["wall.html"] = (content.replace(b'data-build=""', f'data-build="{build}"'.encode()), kind)

    def page(request: Request) -> Response:
        return _file(request, *files["wall.html"])

    def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files or name == "wall.html":
            return PlainTextResponse("Not Found", 404)
        answer = _file(request, *files[name])
        if name == "keeper.js":
            answer.headers["Service-Worker-Allowed"] = "/"
        return answer

    def state(request: Request) -> Response:
        found, chosen = source.current(), settings()
        wanted = plan(dict(request.query_params), chosen, found and found[1])
        return _json({"build": build, **_state(found, wanted, chosen, source)})

    def scene(request: Request) -> Response:
        name, found = request.path_params["name"], source.current()
        if name not in SCENES or found is None:
            return PlainTextResponse("Not Found", 404)
        wanted = plan(dict(request.query_params), settings(), found[1])
        made = source.document(name, wanted.area)
        return PlainTextResponse("Not Found", 404) if made is None else _json(made)

    routes = [
        Route("/", page),
        Route("/static/{name}", static),
        Route("/state", state),
        Route("/scene/{name}", scene),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Headers)])
    app.router.redirect_slashes = False
    return app


def _state(found: tuple[str, Board] | None, wanted: Plan, settings: Settings, source: Source) -> dict[str, Any]:
    """What the page asks for every few seconds: the hour, the bundle, the scenes that can be shown."""
    answer: dict[str, Any] = {
        "server_time": datetime.now(LOCAL).isoformat(timespec="milliseconds"),
        "stale_after_hours": settings.stale_after_hours,
        "title": wanted.title,
        "area": wanted.area,
        "problems": list(wanted.problems),
        "bundle": "",
        "as_of": None,
        "scenes": [],
        "left_out": [],
        "notes": [],
        "message": "还没有公开数据：发布一份快照，或执行 python -m governance public，大屏随后自动显示。",
    }
    if found is None:
        return answer
    name, board = found
    ready = [(scene, seconds) for scene, seconds in wanted.scenes if source.document(scene, wanted.area)]
    return {
        **answer,
        "bundle": name,
        "as_of": board.as_of.replace(tzinfo=LOCAL).isoformat(),
        "area_name": Area(board, wanted.area).name,
        "scenes": [{"name": scene, "label": SCENES[scene][0], "seconds": seconds} for scene, seconds in ready],
        "left_out": [scene for scene, _ in wanted.scenes if scene not in dict(ready)],
        "notes": notes(board, settings),
        "message": "" if ready else "目前没有可以展示的场景：数据正在核对，核对无误后自动恢复。",
    }


def notes(board: Board, settings: Settings) -> list[str]:
    """What must stand under every figure: whether it is made up, what is not shown, the approval of the map."""
    manifest = board.bundle.manifest
    k, disputes = manifest.get("k"), manifest.get("k_dispute")
    hidden = manifest.get("note") or (
        f"小于 {k} 件的不显示" + (f"（矛盾纠纷小于 {disputes} 件）" if disputes != k else "")
    )
    numbers = [settings.approval_number] if settings.approval_number else manifest.get("approval_numbers") or []
    drawn = "审图号：" + "、".join(dict.fromkeys(map(str, numbers))) if numbers else ""
    return [text for text in ("演示数据，按公开报道生成" if manifest.get("is_demo") else "", hidden, drawn) if text]


def _file(request: Request, content: bytes, kind: str) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    known = [entry.strip().removeprefix("W/") for entry in request.headers.get("if-none-match", "").split(",")]
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


def _json(content: dict[str, Any]) -> Response:
    return JSONResponse(content, headers={"Cache-Control": "no-store"})

"""Where a database is and how to enter it: from the environment or data/secrets.toml, never from a mapping."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from governance import snapshots
from governance.importing.problems import ImportProblem, listing

SECRETS = "secrets.toml"
KEYS = ("host", "port", "user", "password", "database", "ca")
PORTS = {"postgresql": 5432, "mysql": 3306}
EXAMPLE = "{kind}://用户:密码@主机:端口/数据库"


@dataclass(frozen=True)
class Address:
    """A server, a database in it, and who asks; `ca` is the certificate file to verify the server by."""

    host: str
    port: int
    user: str
    database: str
    password: str = field(repr=False, default="")
    ca: str = ""

    @property
    def place(self) -> str:
        """Name it in a sentence."""
        return f"数据库 {self.database}（{self.host}:{self.port}）"


def find(name: str, kind: str) -> Address:
    """Return what the name of an address stands for; no refusal repeats any of it."""
    if text := os.environ.get(name, "").strip():
        return _checked(f"环境变量 {name}", _split(name, text, kind), kind)
    path = snapshots.data_dir() / SECRETS
    try:
        mode = path.stat().st_mode
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        found = {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImportProblem(f"文件 {path} 读不了或不合 TOML 语法：请检查后再导入。") from error
    else:
        if mode & 0o077:
            raise ImportProblem(f"文件 {path} 里有密码，别的用户却能读它：请先执行 chmod 600 {path}。")
    if name not in found:
        raise ImportProblem(
            f"没有找到数据库地址 {name}：请设置同名的环境变量（{EXAMPLE.format(kind=kind)}），"
            f"或在 {path} 里写 [{name}] 一节（{'、'.join(KEYS[:5])}）。"
        )
    if not isinstance(found[name], dict):
        raise ImportProblem(f"文件 {path} 里的 {name} 应是一节 [{name}]，写明 {'、'.join(KEYS[:5])}。")
    return _checked(f"文件 {path} 的 [{name}]", found[name], kind)


def _split(name: str, text: str, kind: str) -> dict[str, Any]:
    """Take a URL apart; what is percent-encoded in it may be any sign."""
    wrong = ImportProblem(
        f"环境变量 {name} 不是可用的数据库地址：应形如 {EXAMPLE.format(kind=kind)}，"
        "密码里的特殊字符用 %40 这样的写法（@ 是 %40，/ 是 %2F）。"
    )
    try:
        parts = urlsplit(text)
        found: dict[str, Any] = {"host": unquote(parts.hostname or ""), "port": parts.port or PORTS[kind]}
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in (kind, {"postgresql": "postgres", "mysql": "mariadb"}[kind]) or parts.query:
        raise wrong
    found |= {"user": unquote(parts.username or ""), "password": unquote(parts.password or "")}
    return found | {"database": unquote(parts.path.lstrip("/"))}


def _checked(where: str, found: dict[str, Any], kind: str) -> Address:
    if unknown := [key for key in found if key not in KEYS]:
        raise ImportProblem(f"{where}里有不认识的项 {listing(unknown)}：可用的是 {'、'.join(KEYS)}。")
    for key in ("host", "user", "database"):
        if not isinstance(found.get(key), str) or not found[key].strip():
            raise ImportProblem(f"{where}缺少 {key}：要写明 {'、'.join(KEYS[:5])}。")
    port = found.get("port", PORTS[kind])
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536:
        raise ImportProblem(f"{where}的 port 应是 1 到 65535 之间的整数。")
    texts = [found.get(key, "") for key in ("host", "user", "database", "password", "ca")]
    if not all(isinstance(text, str) and "\0" not in text for text in texts):
        raise ImportProblem(f"{where}的各项应是引号里的文字（port 是整数）。")
    host, user, database, password, ca = texts
    return Address(host.strip(), port, user, database, password, ca)

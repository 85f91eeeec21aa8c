"""The tables of a mapping that a database feeds: what is asked of it, since when, and what came back."""

from __future__ import annotations

import hashlib
import json
import signal
from dataclasses import asdict, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from governance.importing import catalogue
from governance.importing.database import address as addresses
from governance.importing.database.address import Address
from governance.importing.database.rules import DatabaseRule
from governance.importing.feed import Feed
from governance.importing.kinds import MEGABYTE
from governance.importing.mapping import Mapping, TableRule
from governance.importing.problems import ImportProblem, progress
from governance.importing.reader import GRACE, Reader
from governance.importing.reading import ReadFile
from governance.snapshots import Snapshot

DRIVERS = {"postgresql": "psycopg", "mysql": "pymysql"}
REACH_SECONDS = 10  # for entering, when nothing is asked
MEMORY_LIMIT = 1500 * MEGABYTE


def feeds(rules: Mapping, base: Snapshot | None, full: bool, folder: Path, first: int) -> list[Feed]:
    """Ask every query of a mapping in one transaction; the readings are numbered from `first`."""
    database = rules.database
    asked = {name: rule for name, rule in rules.tables.items() if rule.query}
    if database is None or not asked:
        return []
    _refuse_without_driver(database)
    address = addresses.find(database.address, database.kind)
    since = {name: None if full else _since(rules, rule, address, base) for name, rule in asked.items()}
    requests = [
        _request(rule, since[name], folder / f"{number}.parquet")
        for number, (name, rule) in enumerate(asked.items(), first)
    ]
    progress(f"读取{address.place} …")
    answers = _answers(address, database, requests, next(iter(asked.values())).options.time_zone)
    known = catalogue.tables()
    found = []
    for number, (name, rule) in enumerate(asked.items(), first):
        request, answer = requests[number - first], answers[number - first]
        file = _read(rules, rule, address, Path(request["parquet"]), answer, since[name])
        # Only what has changed was read: it says nothing about what is no longer there.
        found.append(Feed(known[name], replace(rule, merge="upsert") if since[name] else rule, ((number, file),)))
    return found


def reach(rules: Mapping) -> str:
    """Enter the database of a mapping and leave again; say in one sentence that it can be read, or refuse in one."""
    database = rules.database
    if database is None:
        raise ImportProblem(f"映射文件 {rules.path.name} 没有用到数据库：请改用文件导入。")
    _refuse_without_driver(database)
    address = addresses.find(database.address, database.kind)
    progress(f"连接{address.place} …")
    _answers(address, replace(database, timeout_seconds=REACH_SECONDS), [], "Asia/Shanghai")
    return f"{address.place}连得上，可以读取 {len([one for one in rules.tables.values() if one.query])} 个表。"


def _refuse_without_driver(database: DatabaseRule) -> None:
    if find_spec(DRIVERS[database.kind]) is None:
        raise ImportProblem(f"没有安装数据库驱动 {DRIVERS[database.kind]}：请执行 make run 装好依赖后再导入。")


def _request(rule: TableRule, since: str | None, parquet: Path) -> dict[str, Any]:
    assert rule.query is not None
    return {
        "table": rule.name,
        "query": rule.query.text,
        "modified": rule.query.modified,
        "since": since,
        "wanted": list(rule.headings),
        "may_be_empty": bool(since) or rule.merge == "upsert",
        "parquet": str(parquet),
    }


def _answers(address: Address, database: DatabaseRule, tables: list[dict[str, Any]], zone: str) -> list[dict[str, Any]]:
    """Have the child ask; it is ended when it takes longer than all queries together may."""
    seconds = database.timeout_seconds * max(1, len(tables)) + 2 * GRACE
    request = {
        "kind": "database",
        "dialect": database.kind,
        "address": asdict(address),
        "place": address.place,
        "zone": zone,
        "timeout": database.timeout_seconds,
        "overlap_minutes": database.overlap_minutes,
        "tables": tables,
        "memory": MEMORY_LIMIT,
        "seconds": seconds,
    }
    stopped = ImportProblem(
        f"{address.place}超过 {seconds} 秒还没有读完，已停止，快照未改动：请检查网络，或调大 timeout_seconds。"
    )
    with Reader() as reader:
        try:
            done = reader.ask(request, seconds + GRACE)
        except TimeoutError:
            raise stopped from None
        except (OSError, ValueError):
            raise ImportProblem(f"读取{address.place}的子进程意外结束，快照未改动：请检查系统资源后重试。") from None
    return _outcome(done, address, stopped)


def _outcome(done: dict[str, Any], address: Address, stopped: ImportProblem) -> list[dict[str, Any]]:
    if done["code"] in (-signal.SIGXCPU, -signal.SIGALRM):
        raise stopped
    if done["code"] != 0:
        reason = "超出内存上限" if "memory" in str(done["err"]).lower() or done["code"] < 0 else "读取失败"
        raise ImportProblem(f"{address.place}{reason}，已停止，快照未改动：请让查询少取一些行或列后重试。")
    answer: dict[str, Any] = json.loads(done["out"])
    if "problem" in answer:
        raise ImportProblem(str(answer["problem"]))
    tables: list[dict[str, Any]] = answer["tables"]
    return tables


def _read(
    rules: Mapping, rule: TableRule, address: Address, parquet: Path, answer: dict[str, Any], since: str | None
) -> ReadFile:
    """Describe a reading as a file: every reading has a name of its own, as every export has."""
    moment = datetime.now(ZoneInfo(rule.options.local_zone))
    assert rules.database is not None
    how = f"只读 {since[:19]} 以后改过的（重叠 {rules.database.overlap_minutes} 分钟）" if since else "读取全部"
    return ReadFile(
        Path(address.database.replace("/", "_")),
        rules.database.kind,
        parquet,
        answer["rows"],
        None,
        f"{rule.name} {moment:%Y-%m-%d %H:%M:%S}",
        (),
        tuple(answer["headings"]),
        dict(answer["columns"]),
        (),
        (how,),
        {
            "sha256": _identity(rule),
            "asked": _digest(rules, rule, address),
            "modified": answer["modified"],
            "since": since,
        },
    )


def _since(rules: Mapping, rule: TableRule, address: Address, base: Snapshot | None) -> str | None:
    """Return how far the snapshot in use has read this query; None when all must be read.

    It lies in the snapshot, so a rollback takes it back too. Another query, mapping or server begins anew.
    """
    if base is None or rule.query is None or rule.query.modified is None:
        return None
    for one in base.sources:
        is_ours = (one.get("source"), one.get("mapping")) == (rules.source, rules.path.name)
        if is_ours and one.get("sha256") == _identity(rule) and one.get("asked") == _digest(rules, rule, address):
            return str(one["modified"]) if one.get("modified") else None
    return None


def _identity(rule: TableRule) -> str:
    """What makes two readings those of one table: the manifest keeps the later one."""
    return hashlib.sha256(f"query of {rule.name}".encode()).hexdigest()


def _digest(rules: Mapping, rule: TableRule, address: Address) -> str:
    """What decides the rows and how they are understood."""
    kind = rules.database.kind if rules.database else ""
    return hashlib.sha256(repr((kind, address.host, address.port, address.database, rule)).encode()).hexdigest()

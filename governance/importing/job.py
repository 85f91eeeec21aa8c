"""One piece of work of the import desk, in a process of its own: `python -m governance.importing.job FOLDER`.

request.json says what to do, progress.jsonl tells of it line by line, outcome.json ends it. Whatever is written on the
way lies in FOLDER/scratch: who kills this process and removes the folder leaves nothing behind.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from governance import snapshots
from governance.importing.naming import named
from governance.importing.problems import ImportProblem, Progress, listening

SECONDS_BETWEEN = 0.3
REJECTS = "rejects.csv"


def main() -> int:
    """Do what the request says; the outcome is always a file, whatever happened."""
    os.umask(0o077)
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text("utf-8"))
    scratch = folder / "scratch"
    scratch.mkdir()
    tempfile.tempdir = str(scratch)
    started = time.monotonic()
    with Log(folder / "progress.jsonl") as log, listening(log.tell):
        outcome = _outcome(folder, request)
    outcome |= {"task": request["task"], "seconds": round(time.monotonic() - started, 1)}
    part = folder / "outcome.part"
    part.write_text(json.dumps(outcome, ensure_ascii=False, default=str), "utf-8")
    os.replace(part, folder / "outcome.json")
    shutil.rmtree(scratch, ignore_errors=True)
    return 0


class Log:
    """Appends the progress to a file, a line for every phase and for rows no more often than a person can read."""

    def __init__(self, path: Path) -> None:
        """Begin a new file."""
        self._file = path.open("w", encoding="utf-8")
        self._last = ("", 0.0)

    def __enter__(self) -> Log:
        """Be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def tell(self, step: Progress) -> None:
        """Write one step, unless the same phase has just been told of."""
        phase, when = self._last
        now = time.time()
        if step.phase != phase or now - when >= SECONDS_BETWEEN or step.done == step.total:
            self._last = (step.phase, now)
            self._file.write(json.dumps(dataclasses.asdict(step) | {"at": now}, ensure_ascii=False) + "\n")
            self._file.flush()


def _outcome(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return TASKS[request["task"]](folder, request)
    except (ImportProblem, snapshots.SnapshotError) as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": "内存不足，已停止，快照未改动：请分批导出后再导入。"}
    except Exception as error:
        number = uuid.uuid4().hex[:8]
        logging.getLogger(__name__).error("错误编号 %s", number, exc_info=error)
        return {"problem": f"处理时出错，快照未改动，错误编号 {number}：请把编号告诉系统管理员。"}


def _files(request: dict[str, Any]) -> list[Path]:
    return [named(Path(one["path"]), one["name"]) for one in request["files"]]


def _look(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Draft a mapping by the answers so far, with the other tables that are wanted; say which known mapping fits."""
    from governance.drafting import draft, join
    from governance.drafting.joining import shared
    from governance.importing import known
    from governance.importing.mapping import read_mapping

    files, answers = _files(request), request.get("answers") or {}
    found = known.known().get(request.get("earlier") or "")
    earlier = found.path if found else None
    before = read_mapping(earlier).tables if earlier else {}
    made = draft(files, table=request.get("table") or "cases", answers=answers, earlier=earlier)
    wanted = request.get("parts")
    if wanted is None:  # nobody has chosen yet: what the older mapping has
        wanted = {name: {} for name in made.others if name in before}
    parts = [
        draft(files, table=name, answers=shared(answers) | own, earlier=earlier if name in before else None)
        for name, own in wanted.items()
        if name in made.others
    ]
    return {
        "draft": _drafted(made),
        "parts": [_drafted(one) for one in parts],
        "toml": join([made, *parts]),
        "fits": [
            dataclasses.asdict(fit) | {"is_whole": fit.is_whole}
            for fit in known.fits([(one.name, _headings(one)) for one in made.look.files])
        ],
    }


def _drafted(made: Any) -> dict[str, Any]:
    return dataclasses.asdict(made) | {"is_complete": made.is_complete}


def _headings(file: Any) -> list[str]:
    """The headings of a file, those of all its sheets."""
    return [*file.headings, *(cell for sheet in file.sheets for row in sheet.first_rows for cell in row)]


def _reach(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Knock at the database of a mapping; what is said of it holds no user and no password."""
    from governance.importing.database.asking import reach
    from governance.importing.mapping import read_mapping

    return {"said": reach(read_mapping(Path(request["mapping"])))}


def _trial(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Import without writing; what was sent back becomes a file that a spreadsheet opens."""
    from governance.importing import plausible

    base = snapshots.current_id()
    report = _import(request, dry_run=True)
    _write_rejects(folder / REJECTS, report)
    is_doubted = any(message.startswith(plausible.STOPPED) for message in report.messages)
    return {"report": _told(report), "base": base, "is_doubted": is_doubted}


def _publish(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Import and publish, if the snapshot in use still is the one that the trial was compared with."""
    with snapshots.lock():
        if snapshots.current_id() != request["base"]:
            raise ImportProblem("试运行之后快照已经换了（可能有人另外导入或退回），没有发布：请重新试运行再发布。")
        report = _import(request, dry_run=False)
    _write_rejects(folder / REJECTS, report)
    _remove_uploads(folder, request)
    return {"report": _told(report), "saved": _save_mapping(request)}


def _remove_uploads(folder: Path, request: dict[str, Any]) -> None:
    """Delete what was uploaded, whether or not somebody looks at the report; a file of the inbox stays."""
    for path in (Path(one["path"]) for one in request["files"]):
        if path.parent == folder.parent:
            path.unlink(missing_ok=True)


def _import(request: dict[str, Any], dry_run: bool) -> Any:
    from governance.importing.running import import_files

    as_of = datetime.fromisoformat(request["as_of"]) if request.get("as_of") else None
    accept = bool(request.get("accept"))
    return import_files(
        Path(request["mapping"]), _files(request), as_of, dry_run, accept=accept, full=bool(request.get("full"))
    )


def _told(report: Any) -> dict[str, Any]:
    told = {field.name: getattr(report, field.name) for field in dataclasses.fields(report) if field.name != "rejects"}
    return json.loads(json.dumps(told, default=_plain, ensure_ascii=False)) | {"text": report.text()}


def _plain(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else str(value)


def _write_rejects(path: Path, report: Any) -> None:
    import pandas as pd

    from governance.exporting import to_csv

    headings = ("文件", "行号", "标准表", "列", "表头", "原值（已遮盖）", "原因")
    rows = [
        (one.file, one.row_number, one.table, one.column, one.heading, one.value, one.reason) for one in report.rejects
    ]
    if rows:
        path.write_bytes(to_csv(pd.DataFrame(rows, columns=list(headings)), headings))


def _save_mapping(request: dict[str, Any]) -> str | None:
    """Keep a mapping made on the desk for the next import; the snapshot is published whether or not that works."""
    from governance.importing import known

    if not request.get("save_as"):
        return None
    text = Path(request["mapping"]).read_text("utf-8")
    try:
        return known.save(request["save_as"], text, request.get("may_replace") or ()).name
    except (ImportProblem, OSError):
        return None


TASKS: dict[str, Callable[[Path, dict[str, Any]], dict[str, Any]]] = {
    "look": _look,
    "reach": _reach,
    "trial": _trial,
    "publish": _publish,
}

if __name__ == "__main__":
    sys.exit(main())

"""What all workers of one run share: made by the first that needs it, waited for by the others, ended by the last."""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from tools.server import Server


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def built_once(folder: Path, build: Callable[[Path], object]) -> Path:
    """A folder that one worker fills; the lock of a worker that died is free, and the next one begins anew."""
    done = folder / "done"
    with _alone(folder.with_suffix(".lock")):
        if not done.exists():
            build(folder)
            done.touch()
    return folder


@contextmanager
def one_server(folder: Path, start: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
    """A server for all workers; the one that started it stops it when nobody else looks at it any more."""
    address = folder / "server.json"
    with (folder / "server.users").open("a") as users, ExitStack() as stack:
        with _alone(folder / "server.lock"):
            if is_mine := not address.exists():
                started = stack.enter_context(start())
                address.write_text(json.dumps(asdict(started), default=str), "utf-8")
            known = json.loads(address.read_text("utf-8"))
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield Server(**{**known, "log": Path(known["log"])})
        finally:
            if is_mine:
                with _alone(folder / "server.lock"):
                    address.unlink()
                    fcntl.flock(users, fcntl.LOCK_EX)

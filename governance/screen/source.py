"""The board that is on the wall: of the newest whole bundle, kept while a newer one cannot be used."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

from governance.screen import scenes
from governance.screen.blocks import Block
from governance.screen.board import Board, Bundle, red_checks

LOG = logging.getLogger("governance.screen")
MOST_DOCUMENTS = 120


class Source:
    """Reads bundles and keeps the scenes made of them. One per process; its methods may run in several threads."""

    def __init__(self, read: Callable[[], Bundle]) -> None:
        """`read` returns the bundle in use, cheaply when it has not changed, and raises when none is whole."""
        self._read = read
        self._lock = threading.Lock()
        self._bundle: Bundle | None = None
        self._board: Board | None = None
        self._name = ""
        self._complaint = ""
        self._documents: OrderedDict[tuple[str, str, str], Block | None] = OrderedDict()

    def current(self) -> tuple[str, Board] | None:
        """The name and the board of the bundle in use; None before the first."""
        with self._lock:
            try:
                bundle = self._read()
                if bundle is not self._bundle:
                    self._take(bundle)
                self._complaint = ""
            except Exception as error:  # whatever is wrong with a bundle must not take the wall down
                self._complain(error)
            return None if self._board is None else (self._name, self._board)

    def _take(self, bundle: Bundle) -> None:
        if bundle.id != self._name:
            board = Board(bundle)
            board.prepare()
            self._board, self._name = board, bundle.id
            self._documents.clear()
            for scene, (label, _) in scenes.SCENES.items():
                for check in red_checks(board.checks, scene):
                    LOG.warning(
                        "场景“%s”不展示：对账“%s”有 %d 处不符（公开数据 %s）",
                        label,
                        check.title,
                        check.broken_count,
                        bundle.id,
                    )
        if warning := bundle.manifest.get("warning"):
            LOG.error(warning)
        self._bundle = bundle

    def _complain(self, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        if text != self._complaint:
            kept = "继续显示上一份公开数据" if self._board else "还没有可以显示的公开数据"
            LOG.error(
                "公开数据读不出来，%s：%s", kept, error if type(error).__module__.startswith("governance.") else text
            )
        self._complaint = text

    def document(self, scene: str, area: str) -> Block | None:
        """One scene of the board in use for one area; None when it must stay off or has no data."""
        found = self.current()
        if found is None:
            return None
        key = (found[0], area, scene)
        with self._lock:
            if key in self._documents:
                self._documents.move_to_end(key)
                return self._documents[key]
            made = self._make(found[1], scene, area)
            self._documents[key] = None if made is None else {**made, "bundle": found[0]}
            while len(self._documents) > MOST_DOCUMENTS:
                self._documents.popitem(last=False)
            return self._documents[key]

    def _make(self, board: Board, scene: str, area: str) -> Block | None:
        try:
            made = scenes.document(board, scene, area)
        except Exception:  # one scene that cannot be made must not take the others down
            LOG.exception("场景“%s”做不出来，已略过（公开数据 %s）", scenes.SCENES[scene][0], board.id)
            return None
        if made is None and not red_checks(board.checks, scene):
            LOG.info("场景“%s”没有数据，已略过（公开数据 %s）", scenes.SCENES[scene][0], board.id)
        return made

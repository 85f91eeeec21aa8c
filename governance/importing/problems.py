"""The one kind of error a person who imports may see, and the small helpers to word it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unicodedata import category

SEPARATORS = "，、；：（"
UNSEEN = ("Cc", "Cf", "Cs")  # controls, marks of direction and the like, halves of characters


class ImportProblem(Exception):
    """One Chinese sentence that says what is wrong, where, and what to do; nothing has been changed."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence on one line, whatever a file put into it."""
        super().__init__(visible(sentence))


def visible(text: object) -> str:
    """On one line, without signs that steer a terminal or turn the reading round: a file may be called by them."""
    flat = " ".join(str(text).split())
    return "".join("\ufffd" if category(sign) in UNSEEN else sign for sign in flat)


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the known word that resembles `word`, as the end of a sentence; empty when none does."""
    found = difflib.get_close_matches(str(word), [str(one) for one in known], n=1, cutoff=0.5)
    return f"，是不是“{found[0]}”" if found else ""


def shorten(text: object, length: int = 60) -> str:
    """Fit a text into a sentence: cut at a separator in its second half if there is one, and never inside a number."""
    flat = visible(text)
    if len(flat) <= length:
        return flat
    kept = flat[: length - 1]
    whole = kept[: max(kept.rfind(sign) for sign in SEPARATORS)] if any(sign in kept for sign in SEPARATORS) else ""
    if len(whole) * 2 >= length:
        kept = whole
    elif kept[-1].isdigit() and flat[length - 1].isdigit():
        kept = kept.rstrip("0123456789.") or kept
    return kept.rstrip(SEPARATORS + " ") + "…"


def listing(words: Iterable[object], most: int = 12, length: int = 30) -> str:
    """Enumerate names in a sentence, cut after `most`."""
    shown = [shorten(word, length) for word in words]
    rest = len(shown) - most
    return "、".join(shown[:most]) + (f" 等 {len(shown)} 个" if rest > 0 else "")


@dataclass(frozen=True)
class Progress:
    """How far a long step is: `done` of `total` rows, as far as these are known."""

    phase: str
    done: int | None = None
    total: int | None = None


def _tell_on_stderr(step: Progress) -> None:
    if step.done is None:
        print(visible(step.phase), file=sys.stderr, flush=True)


_listener: Callable[[Progress], None] = _tell_on_stderr


def progress(phase: str, done: int | None = None, total: int | None = None) -> None:
    """Tell whoever listens (else stderr) which long step has begun, or how many rows of it are done."""
    _listener(Progress(phase, done, total))


@contextmanager
def listening(listener: Callable[[Progress], None]) -> Iterator[None]:
    """Have another one told of the progress, from all threads."""
    global _listener
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before

"""The one kind of error a person who imports may see, and the small helpers to word it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable


class ImportProblem(Exception):
    """One Chinese sentence that says what is wrong, where, and what to do; nothing has been changed."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence on one line, whatever a file put into it."""
        super().__init__(" ".join(str(sentence).split()))


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the known word that resembles `word`, as the end of a sentence; empty when none does."""
    found = difflib.get_close_matches(str(word), [str(one) for one in known], n=1, cutoff=0.5)
    return f"，是不是“{found[0]}”" if found else ""


def shorten(text: object, length: int = 60) -> str:
    """Fit a value of a file into a sentence."""
    flat = " ".join(str(text).split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def listing(words: Iterable[object], most: int = 12) -> str:
    """Enumerate names in a sentence, cut after `most`."""
    shown = [shorten(word, 30) for word in words]
    rest = len(shown) - most
    return "、".join(shown[:most]) + (f" 等 {len(shown)} 个" if rest > 0 else "")


def progress(text: str) -> None:
    """Tell on stderr which long step has begun."""
    print(text, file=sys.stderr, flush=True)

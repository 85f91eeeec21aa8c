"""The one kind of error a person who imports may see, and the small helpers to word it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable

SEPARATORS = "，、；：（"


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
    """Fit a text into a sentence: cut at a separator in its second half if there is one, and never inside a number."""
    flat = " ".join(str(text).split())
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


def progress(text: str) -> None:
    """Tell on stderr which long step has begun."""
    print(text, file=sys.stderr, flush=True)

"""Drafting: look at an export and draft its mapping; what the values do not decide is asked, never guessed.

`answers` is one flat mapping, the same for a page and the command line: the keys of the questions, and
`column.<canonical>` = a heading, `#3` (the third column), `=code` (the same for every row) or "" (not filled), and
`code.<canonical>.<word>` = a standard code or "" (no value).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.drafting.models import Draft

if TYPE_CHECKING:
    from governance.drafting.drafting import draft
    from governance.drafting.joining import join

__all__ = ["Draft", "draft", "join"]


def __getattr__(name: str) -> Any:
    """Load the engine on first use."""
    if name == "draft":
        from governance.drafting.drafting import draft

        return draft
    if name == "join":
        from governance.drafting.joining import join

        return join
    raise AttributeError(name)

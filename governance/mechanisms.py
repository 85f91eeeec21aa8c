"""机制对照: where a reader of the source documents finds what they describe, under its own name."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Mechanism:
    """One mechanism: its names, the documents that describe it, the page where it is seen and what to look at."""

    name: str
    documents: tuple[str, ...]
    page: str
    see: str
    aliases: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    said: str = ""
    export: str = ""

    @property
    def names(self) -> str:
        """Its name and every other word for it, for a reader who searches."""
        return "　".join((self.name, *self.aliases))


@cache
def mechanisms() -> tuple[Mechanism, ...]:
    """All mechanisms, in the order of mechanisms.toml."""
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["mechanism"]
    return tuple(
        Mechanism(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
            | {"params": tuple(entry.get("params", {}).items())}
        )
        for entry in found
    )

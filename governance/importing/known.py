"""The mappings known here: those that ship and those saved by the desk; which of them fits the files at hand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from governance import snapshots
from governance.importing.mapping import Mapping, read_mapping
from governance.importing.problems import ImportProblem, listing
from governance.importing.rows import Heading, called

SHIPPED = Path(__file__).resolve().parents[1] / "mappings"
NAME = re.compile(r"[\w（）()\-][\w（）() \-]{0,39}")


@dataclass(frozen=True)
class Known:
    """One mapping as a choice: its key is the folder's kind and the file's name, never a path from outside."""

    key: str
    path: Path
    title: str


@dataclass(frozen=True)
class Fit:
    """How a mapping fits files: how many headings it needs, which of them are missing where."""

    key: str
    title: str
    needed: int
    missing: tuple[str, ...]
    reason: str

    @property
    def is_whole(self) -> bool:
        """Every file feeds something, and no heading is missing."""
        return bool(self.needed) and not self.missing


def own_folder() -> Path:
    """Return where the desk keeps the mappings that were made on it."""
    return snapshots.data_dir() / "mappings"


def known() -> dict[str, Known]:
    """Return all mappings that can be read, own ones first; the demo's are not for real exports."""
    found = {}
    for kind, folder in (("own", own_folder()), ("shipped", SHIPPED)):
        for path in sorted(folder.glob("*.toml")):
            if kind == "shipped" and path.name.startswith("demo_"):
                continue
            try:
                title = read_mapping(path).title
            except ImportProblem:
                continue
            key = f"{kind}:{path.name}"
            found[key] = Known(key, path, title)
    return found


def databases() -> dict[str, Known]:
    """Return the mappings that a database alone feeds: they need no file."""
    found = {}
    for key, one in known().items():
        rules = read_mapping(one.path)
        if rules.database and all(rule.query or not rule.columns for rule in rules.tables.values()):
            found[key] = one
    return found


def fits(files: Sequence[tuple[str, Sequence[str]]]) -> list[Fit]:
    """Judge every known mapping for files, given as (name, headings): the best first."""
    judged = [_fit(one, read_mapping(one.path), files) for one in known().values()]
    return sorted(judged, key=lambda fit: (not fit.is_whole, len(fit.missing) / max(fit.needed, 1), -fit.needed))


def _fit(one: Known, rules: Mapping, files: Sequence[tuple[str, Sequence[str]]]) -> Fit:
    needed = 0
    missing: list[str] = []
    unfed: list[str] = []
    for name, headings in files:
        fed = [rule for rule in rules.tables.values() if rule.columns and fnmatch(name, rule.files or "*")]
        if not fed:
            unfed.append(name)
        for rule in fed:
            needed += len(rule.headings)
            missing += [called(heading) for heading in rule.headings if not _has(headings, heading)]
    if unfed:
        return Fit(one.key, one.title, needed, (*missing, *unfed), f"文件名对不上：{listing(unfed, 2)}")
    gone = tuple(dict.fromkeys(missing))
    if not gone:
        return Fit(one.key, one.title, needed, (), f"需要的 {needed} 个表头，文件里都有")
    return Fit(one.key, one.title, needed, gone, f"需要 {needed} 个表头，缺 {len(gone)} 个：{listing(gone, 4)}")


def _has(headings: Sequence[str], wanted: Heading) -> bool:
    return wanted <= len(headings) if isinstance(wanted, int) else wanted in headings


def save(name: str, text: str, may_replace: Iterable[str] = ()) -> Path:
    """Keep a mapping under a name; one that exists is replaced only if its file name is in `may_replace`."""
    clean = " ".join(str(name).split())
    if not NAME.fullmatch(clean):
        raise ImportProblem("对照表的名字请用 1 到 40 个汉字、字母、数字，不要用标点和斜杠。")
    path = own_folder() / f"{clean}.toml"
    if path.exists() and path.name not in may_replace:
        raise ImportProblem(f"已经有一份叫“{clean}”的对照表：请换一个名字。")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
    return path

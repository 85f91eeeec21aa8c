"""JSON and XML: which list holds the records of a table, and which list inside a record has to become rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.drafting import headings
from governance.drafting.models import Option, Question
from governance.importing.problems import ImportProblem

SURE = 0.7  # from here a field is one that the table has
LEAST = 2  # fields of the table that a list needs to be its records
ALIKE = 0.6  # lists that share this much of their fields are one kind of records
TOP = "（最外层）"


@dataclass(frozen=True)
class Nested:
    """Where the records are, which list inside becomes rows, and why so; nothing where the file needs neither."""

    records: tuple[str, ...] = ()
    explode: str | None = None
    why: str = ""
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()


def find(lists: Sequence[Mapping[str, Any]], table: str, answers: Mapping[str, str], name: str) -> Nested:
    """Decide by the fields that the table has; ask when two lists could be meant."""
    by_path = {str(one["path"]): one for one in lists}
    known = {path: _known(table, one["fields"]) for path, one in by_path.items()}
    given = answers.get("file.records")
    if given is None and (not by_path or (len(by_path) == 1 and _is_default(by_path))):
        return Nested()
    if given is not None:
        return _given(given, by_path, table, known, name)
    outward = (
        -1 if table == "cases" else 1
    )  # of two alike the outer one holds the cases, the inner one what befell them
    best = max(known, key=lambda path: (known[path], outward * len(path.split(".")), by_path[path]["count"]))
    parent = _parent(best, by_path)
    if known[best] < LEAST:
        return Nested() if _is_default(by_path) else _ask(by_path, name, None)
    if parent is not None and table != "cases" and (shared := known[parent]):
        return _unfolded(best, parent, by_path, shared)
    rivals = [
        path
        for path in known
        if known[path] >= max(LEAST, known[best] - 1) and not f"{path}.".startswith(f"{best}.") and best != ""
    ]
    same = [path for path in rivals if _share(by_path[best]["fields"], by_path[path]["fields"]) >= ALIKE]
    if len(same) < len(rivals):
        return _ask(by_path, name, None)
    records = tuple(path for path in by_path if path == best or path in same)
    inner = [path for path in by_path if _parent(path, by_path) in records]
    notes = [
        f"{name}：每条记录里还有列表 {path}（共 {by_path[path]['count']} 个），"
        "一条记录一行，它不拆；要拆成行请另外起草（如 --table case_steps）"
        for path in inner
    ]
    if _is_default(by_path) and records == (_top(by_path),):
        return Nested(notes=tuple(notes))
    why = "；".join(f"{path or TOP} 有 {by_path[path]['count']} 条，{known[path]} 个认得的字段" for path in records)
    return Nested(records, None, why, notes=tuple(notes))


def _known(table: str, fields: Sequence[str]) -> int:
    """How many canonical columns the fields seem to fill."""
    filled = set()
    for one in fields:
        names = (one, one.rpartition(".")[2])
        sure = {
            column: max(headings.similarity(table, column, name)[0] for name in names)
            for column in headings.synonyms(table)
        }
        best = max(sure, key=lambda column: sure[column])
        if sure[best] >= SURE:
            filled.add(best)
    return len(filled)


def _parent(path: str, by_path: Mapping[str, Any]) -> str | None:
    """The list whose records hold this one."""
    above = [one for one in by_path if one != path and (one == "" or path.startswith(f"{one}."))]
    return max(above, key=len) if above else None


def _top(by_path: Mapping[str, Any]) -> str:
    """The list that the reader takes for the records by itself."""
    return next(path for path, one in by_path.items() if one["is_found"])


def _is_default(by_path: Mapping[str, Any]) -> bool:
    """The reader finds records by itself: the top, or the only list that is in no other."""
    return any(one["is_found"] for one in by_path.values())


def _unfolded(best: str, parent: str, by_path: Mapping[str, Any], shared: int) -> Nested:
    explode = best[len(parent) + 1 :] if parent else best
    count, holders = by_path[best]["count"], by_path[best]["holders"]
    why = f"{explode} 里有 {count} 个（在 {holders} 条记录里），每个成为一行，记录的字段（{shared} 个认得的）重复在各行"
    fields = by_path[best]["fields"]
    alike = tuple(
        path
        for path in by_path
        if (inner := by_path.get(f"{path}.{explode}" if path else explode)) and _share(inner["fields"], fields) >= ALIKE
    )
    return Nested(() if _is_default(by_path) and alike == (_top(by_path),) else alike, explode, why)


def _given(given: str, by_path: Mapping[str, Any], table: str, known: Mapping[str, int], name: str) -> Nested:
    records = tuple(one.strip() for one in given.split("+"))
    for one in records:
        if one not in by_path:
            there = "、".join(path or TOP for path in list(by_path)[:8])
            raise ImportProblem(f"file.records 的回答“{one}”不是 {name} 里的列表（有：{there}）：请核对。")
    asked = _ask(by_path, name, given).questions
    inner = [path for path in by_path if _parent(path, by_path) in records and known[path] >= LEAST]
    if table != "cases" and len(records) == 1 and inner:
        best = max(inner, key=lambda path: known[path])
        found = _unfolded(best, records[0], by_path, known[records[0]])
        return Nested(records if records != ("",) else (), found.explode, found.why, asked)
    return Nested(records if records != ("",) else (), None, "由人指定", asked)


def _ask(by_path: Mapping[str, Any], name: str, given: str | None) -> Nested:
    options = tuple(
        Option(path, f"{path or TOP}：{one['count']} 条", "、".join(one["fields"][:8])[:80])
        for path, one in list(by_path.items())[:12]
    )
    text, why = f"文件 {name} 里哪一个列表是要导入的记录？", "不止一个列表，都可能是"
    best = next((path for path in by_path if _parent(path, by_path) is None), "")
    records = () if given is not None or best == "" else (best,)
    return Nested(records, None, "", (Question("file.records", text, why, options, given, True),))


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    return len(set(one) & set(other)) / max(len(set(one)), len(set(other)), 1)

"""From files and answers to a draft: look at the files, weigh the columns, ask, write the mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from governance.drafting import earlier as older
from governance.drafting import excluding, export
from governance.drafting import headings as headings_of
from governance.drafting.columns import Columns
from governance.drafting.composing import Composer
from governance.drafting.looking import Source
from governance.drafting.models import ColumnLook, Draft, FileLook, Look, Option, Question
from governance.drafting.sheets import Looker
from governance.importing import catalogue, scratch
from governance.importing.problems import ImportProblem, nearest
from governance.importing.reader import Reader

FIXED = (
    *("file.encoding", "file.header_row", "file.sheet", "file.crs", "file.time_zone", "file.local_zone", "files"),
    *("merge", "source", "title", "identity", "closed.prefer", "scale.rating", "unpivot", "exclude", "file.records"),
    "footers",
)
NAMED = ("column.", "code.", "otherwise.", "order.", "mixed.")
MEMORY = "1GB"
ALIKE = 0.6  # files that share this much of their columns are one export
NOT_DRAFTED = ("boundaries",)


def draft(
    files: Sequence[Path],
    *,
    table: str = "cases",
    answers: Mapping[str, str] | None = None,
    earlier: Path | None = None,
) -> Draft:
    """Draft the mapping of files for one canonical table; the same files and answers give the same draft."""
    given = dict(answers or {})
    _check(files, table, given)
    before = older.read(Path(earlier) if earlier else None, table)
    with (
        scratch.folder() as folder,
        _connection(str(folder)) as con,
        Reader() as reader,
    ):
        looker = Looker(con, reader, folder, table, given, [], [])
        looker.footers += before.rule.options.footer_words if before.rule else ()
        sources = [one for file in files for one in looker.file(file)]
        chosen = _alike(sources, given, looker)
        headings = export.gather(con, chosen)
        looks = _profiles(con, table, headings)
        rows = looker.count("select count(*) from export")
        exclude, looks = _exceptions(looker, looks, headings, rows, before.written.get("exclude", {}))
        rows = looker.count("select count(*) from export")
        if not rows or not headings:
            raise ImportProblem("这些文件里没有可用的数据行：请核对表头行、工作表和文件内容。")
        look = Look(tuple(_discreet(source.look, looks) for source in sources), rows, looks)
        composer = Composer(con, catalogue.tables()[table], Columns(looks), rows, given, before, chosen)
        composer.exclude = exclude
        return replace(composer.draft(look, looker.questions, looker.notes), others=tuple(looker.others))


def _profiles(con: duckdb.DuckDBPyConnection, table: str, headings: Sequence[str]) -> tuple[ColumnLook, ...]:
    return tuple(
        export.profile(con, number, name, headings_of.is_exact(table, name)) for number, name in enumerate(headings, 1)
    )


def _exceptions(
    looker: Looker, looks: tuple[ColumnLook, ...], headings: Sequence[str], rows: int, earlier: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], tuple[ColumnLook, ...]]:
    """Ask about rows that are no cases; those that are left out are not looked at any more."""
    columns = Columns(looks)
    found = excluding.find(looker.con, looks, rows)
    known = [one for one in found if one.word in earlier.get(excluding.key(columns.name(one.look)), ())]
    new = [one for one in found if one not in known]
    gone = known
    if new:
        asked = excluding.question(looker.con, columns, new, looker.answers)
        looker.questions.append(asked)
        gone = found if asked.answer == "yes" else known
    if not gone:
        return {}, looks
    excluding.remove(looker.con, gone)
    return excluding.rule(columns, gone, earlier), _profiles(looker.con, looker.table, headings)


def _check(files: Sequence[Path], table: str, answers: Mapping[str, str]) -> None:
    if not files:
        raise ImportProblem("没有给出要看的文件：请写上一个或多个导出文件。")
    known = [name for name in catalogue.tables() if name not in NOT_DRAFTED]
    if table not in known:
        raise ImportProblem(f"没有叫“{table}”的标准表可以起草{nearest(table, known)}：可用 {'、'.join(known)}。")
    for key, answer in answers.items():
        if key not in FIXED and not key.startswith(NAMED):
            raise ImportProblem(f"不认识的回答“{key}”{nearest(key, FIXED)}：键要照问题旁边写的那样。")
        if not isinstance(answer, str) or len(answer) > 1000:
            raise ImportProblem(f"{key} 的回答应是一段不太长的文字。")


def _connection(folder: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(Path(folder) / "spill"),
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
        }
    )


def _alike(sources: Sequence[Source], answers: Mapping[str, str], looker: Looker) -> list[Source]:
    """The files that are one export; others are another draft, and a person says which to draft now."""
    groups: dict[int, list[Source]] = {}
    for source in sources:
        key = next((key for key, members in groups.items() if _is_one(members[0], source)), len(groups))
        groups.setdefault(key, []).append(source)
    if len(groups) == 1 and "files" not in answers:
        members = next(iter(groups.values()))
        _tell_differences(members, looker)
        return members
    options = tuple(
        Option(
            str(number),
            "、".join(one.look.name for one in members[:5]),
            f"{len(members[0].columns)} 列：" + "、".join(name for name, _ in members[0].columns[:8] if name),
        )
        for number, members in enumerate(groups.values(), 1)
    )
    answer = answers.get("files")
    if answer is not None and answer not in {one.value for one in options}:
        raise ImportProblem(f"files 的回答“{answer}”不在 1 到 {len(options)} 之间：请写其中一组的序号。")
    text = f"这些文件的表头不一样，像是 {len(groups)} 种导出。先起草哪一种？"
    looker.questions.append(Question("files", text, "一个映射写一种导出；其余的请分开起草", options, answer))
    return list(groups.values())[int(answer or 1) - 1]


def _is_one(one: Source, other: Source) -> bool:
    """One mapping can read both: like headings in the same row, the same delimiter."""
    signs = {one.look.delimiter, other.look.delimiter} - {None}
    nested = (one.nested.records, one.nested.explode) == (other.nested.records, other.nested.explode)
    return nested and one.look.header_row == other.look.header_row and len(signs) <= 1 and _share(one, other) >= ALIKE


def _share(one: Source, other: Source) -> float:
    a, b = [name for name, _ in one.columns], [name for name, _ in other.columns]
    return sum(name in b for name in a) / max(len(a), len(b), 1)


def _tell_differences(sources: Sequence[Source], looker: Looker) -> None:
    first = [name for name, _ in sources[0].columns]
    for other in sources[1:]:
        names = [name for name, _ in other.columns]
        only = [name for name in names if name not in first] + [name for name in first if name not in names]
        if only:
            listed = "、".join(f"“{name}”" for name in only[:6])
            looker.notes.append(f"{other.look.name} 与 {sources[0].look.name} 的表头不全相同（{listed}），只用共有的列")


def _discreet(file: FileLook, looks: Sequence[ColumnLook]) -> FileLook:
    """Blank the personal columns in the first rows."""
    hidden = {one.heading for one in looks if one.personal}
    places = {one.number for one in looks if one.personal}
    blank = [name in hidden if name else number in places for number, name in enumerate(file.headings, 1)]
    rows = tuple(
        tuple(
            "（含个人信息，不显示）" if place < len(blank) and blank[place] and cell else cell
            for place, cell in enumerate(row)
        )
        for row in file.first_rows
    )
    return replace(file, first_rows=rows)

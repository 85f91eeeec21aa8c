"""python -m governance draft: print what was found and what is open; write the mapping to a new file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from governance.drafting import joining, telling
from governance.drafting.drafting import draft
from governance.drafting.models import Draft
from governance.importing import catalogue
from governance.importing.problems import ImportProblem


def run(files: Sequence[Path], table: str, earlier: Path | None, answers: Sequence[str], target: Path | None) -> bool:
    """Draft, tell, write; return whether nothing is open."""
    if target is not None and os.path.lexists(target):
        raise ImportProblem(f"文件 {target} 已经存在，不覆盖：请换一个名字，或先移走它。")
    given = read_answers(answers)
    made = draft(files, table=table, answers=_of(given, ""), earlier=earlier)
    drafts: dict[Path | None, Draft] = {target: made}
    if target is not None:  # one mapping for each other table that the workbook holds
        for other in made.others:
            beside = target.with_name(f"{target.stem}.{other}{target.suffix}")
            drafts[beside] = draft(files, table=other, answers=joining.shared(given) | _of(given, other))
    if taken := next((path for path in drafts if path is not None and os.path.lexists(path)), None):
        raise ImportProblem(f"文件 {taken} 已经存在，不覆盖：请换一个名字，或先移走它。")
    for path, one in drafts.items():
        _tell(one, path, "" if one is made else f"{one.table}.")
    return all(one.is_complete for one in drafts.values())


def _tell(made: Draft, target: Path | None, prefix: str) -> None:
    print(telling.tell(made))
    if target is not None:
        _write(target, made.toml())
        print(
            f"\n已写入 {target}"
            + ("，可以用来导入。" if made.is_complete else "，其中未回答的问题是注释，答完之前不能导入。")
        )
    else:
        print(f"\n{made.toml()}", end="")
    if asked := telling.questions(made, prefix):
        print(f"\n{asked}", file=sys.stderr)


def _of(given: Mapping[str, str], table: str) -> dict[str, str]:
    """The answers about another table of a workbook, whose keys begin with its name; else those without a name."""
    known = catalogue.tables()
    if table:
        return {key.partition(".")[2]: answer for key, answer in given.items() if key.partition(".")[0] == table}
    return {key: answer for key, answer in given.items() if key.partition(".")[0] not in known}


def read_answers(given: Sequence[str]) -> dict[str, str]:
    """`key=answer` as a mapping. A word of an export may hold "=", too: the answer stands behind the last one,
    unless it is the constant of a column (`column.origin==appeal`)."""
    found = {}
    for one in given:
        key, sign, answer = (
            one.partition("=")
            if one.partition(".")[2].startswith("column.") or one.startswith("column.")
            else one.rpartition("=")
        )
        if not sign or not key.strip():
            raise ImportProblem(f"--answer “{one}”看不懂：应写成 键=答案，例如 merge=upsert。")
        found[key.strip()] = answer.strip()
    return found


def _write(target: Path, text: str) -> None:
    """Create the file; one that has come into being meanwhile is left alone."""
    try:
        with open(target, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ImportProblem(f"文件 {target} 已经存在，不覆盖：请换一个名字，或先移走它。") from error
    except OSError as error:
        raise ImportProblem(f"写不了文件 {target}：请检查文件夹是否存在、有没有权限。") from error

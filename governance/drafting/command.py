"""python -m governance draft: print what was found and what is open; write the mapping to a new file."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from governance.drafting import telling
from governance.drafting.drafting import draft
from governance.importing.problems import ImportProblem


def run(files: Sequence[Path], table: str, earlier: Path | None, answers: Sequence[str], target: Path | None) -> bool:
    """Draft, tell, write; return whether nothing is open."""
    if target is not None and os.path.lexists(target):
        raise ImportProblem(f"文件 {target} 已经存在，不覆盖：请换一个名字，或先移走它。")
    made = draft(files, table=table, answers=read_answers(answers), earlier=earlier)
    print(telling.tell(made))
    if target is not None:
        _write(target, made.toml())
        print(
            f"\n已写入 {target}"
            + ("，可以用来导入。" if made.is_complete else "，其中未回答的问题是注释，答完之前不能导入。")
        )
    else:
        print(f"\n{made.toml()}", end="")
    if asked := telling.questions(made):
        print(f"\n{asked}", file=sys.stderr)
    return made.is_complete


def read_answers(given: Sequence[str]) -> dict[str, str]:
    """`key=answer` as a mapping. A word of an export may hold "=", too: the answer stands behind the last one,
    unless it is the constant of a column (`column.origin==appeal`)."""
    found = {}
    for one in given:
        key, sign, answer = one.partition("=") if one.startswith("column.") else one.rpartition("=")
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

"""What the command line says of a draft: what was found, then the open questions with their keys."""

from __future__ import annotations

from governance.drafting.models import Draft, FileLook, Question

MOST_OPTIONS = 12


def tell(draft: Draft) -> str:
    """The draft in plain sentences."""
    lines = [line for file in draft.look.files for line in _file(file)]
    lines += ["", f"拟取的列（{draft.table}）："]
    for one in draft.proposals:
        if one.heading is not None or one.constant is not None:
            origin = f"固定值 {one.constant}" if one.constant is not None else f"“{one.heading}”"
            origin = f"第 {one.heading} 列" if isinstance(one.heading, int) else origin
            samples = f"，如 {'、'.join(one.samples)}" if one.samples else ""
            lines.append(f"  {one.column}（{one.label}）← {origin}：{one.reason}{samples}")
    coded = [one for one in draft.codes if one.code is not None]
    if coded:
        lines += ["", "取值的对照："]
        lines += [
            f"  {one.column}：“{one.word}”{one.count} 行 → {one.code or '（不取值）'}（{one.reason}）" for one in coded
        ]
    if draft.notes:
        lines += ["", "注意："] + [f"  · {note}" for note in draft.notes]
    if draft.missing and not draft.open_questions:
        lines += ["", "还缺必需的列：" + "、".join(f"{one.column}（{one.label}）" for one in draft.missing)]
    return "\n".join(flat(line) for line in lines)


def flat(line: str) -> str:
    """A line without control characters that a file may have put into it."""
    return "".join(sign if sign.isprintable() else " " for sign in line).rstrip()


def questions(draft: Draft, prefix: str = "") -> str:
    """The open questions, numbered, each with its key (behind `prefix`) and the answers it takes."""
    if not draft.open_questions:
        return ""
    lines = [f"有 {len(draft.open_questions)} 个问题要由人回答，用 --answer 键=答案："]
    for number, one in enumerate(draft.open_questions, 1):
        lines += _question(number, one, prefix)
    return "\n".join(flat(line) for line in lines)


def _file(file: FileLook) -> list[str]:
    parts = [file.kind, f"{file.rows} 行", f"{len(file.headings)} 列"]
    if file.encoding_why:
        parts.append(f"编码 {file.encoding_why}")
    if file.delimiter:
        parts.append(
            "分隔符 " + {"\t": "TAB", ",": "逗号", ";": "分号", "|": "竖线"}.get(file.delimiter, file.delimiter)
        )
    if file.sheet:
        parts.append(f"工作表“{file.sheet}”")
    return [f"{file.name}：{'，'.join(parts)}", f"  {file.header_why}"]


def _question(number: int, one: Question, prefix: str) -> list[str]:
    lines = [f"{number}. {one.text}", f"   键 {prefix}{one.key}（{one.why}）"]
    for option in one.options[:MOST_OPTIONS]:
        example = f"  例：{option.example}" if option.example else ""
        lines.append(f"     {option.value or '（空）'}  {option.label}{example}")
    if len(one.options) > MOST_OPTIONS:
        lines.append(f"     … 共 {len(one.options)} 种")
    if one.is_free:
        lines.append("     也可以写别的")
    return lines

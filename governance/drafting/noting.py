"""What a person should know about an export beside the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.drafting import asking

if TYPE_CHECKING:
    from governance.drafting.composing import Composer


def order_of_times(made: Composer) -> list[str]:
    """How often a later step comes before the report."""
    notes: list[str] = []
    if made.table.name != "cases" or "reported_at" not in made.settled or made.settled["reported_at"].is_open:
        return []
    for name in ("accepted_at", "dispatched_at", "closed_at", "visited_at", "due_at"):
        if name in made.settled and not made.settled[name].is_open:
            both, wrong = asking.order_of_times(made.con, made.sql("reported_at"), made.sql(name))
            if wrong:
                label = made.choices[name].column.label
                notes.append(f"{both} 行两个时间都有，其中 {wrong} 行{label}早于上报时间")
    return notes


def columns(made: Composer) -> list[str]:
    """Columns with personal data, columns that are left over, words that mean nothing, tables that are not drafted."""
    notes: list[str] = []
    steps = [one for one in made.choices.values() if one.column.is_time and one.look]
    if made.table.name == "cases" and len(steps) >= 4:
        notes.append(f"有 {len(steps)} 列环节时间并排：流程分析可以再用 --table case_steps 起草办理步骤")
    used = {one.look.number for one in made.choices.values() if one.look}
    if personal := [one for one in made.columns.looks if one.personal]:
        listed = "、".join(f"{made.columns.title(one)}（{one.personal}）" for one in personal[:12])
        notes.append(f"含个人信息，不导入：{listed}")
    offered = {option.value for one in made.questions for option in one.options if one.key.startswith("column.")}
    rest = [
        one for one in made.columns.looks
        if one.number not in used and not one.personal and made.columns.key(one) not in offered
    ]  # fmt: skip
    if rest:
        listed = "、".join(made.columns.title(one) for one in rest[:12]) + (
            f" 等 {len(rest)} 列" if len(rest) > 12 else ""
        )
        notes.append(f"没有用到的列：{listed}")
    if made.before.others:
        notes.append(f"旧映射里还有别的表（{'、'.join(made.before.others)}），这份草稿不含它们，需要时请一并抄入")
    nulls = {word: 0 for one in made.columns.looks for word, _ in one.null_words}
    for one in made.columns.looks:
        for word, count in one.null_words:
            nulls[word] += count
    if nulls:
        notes.append("当作没有值的词：" + "、".join(f"“{word}”{count} 格" for word, count in nulls.items()))
    return notes

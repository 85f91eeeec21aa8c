"""What a person should know about an export beside the questions."""

from __future__ import annotations

import re

from governance.drafting import asking, evidence, headings
from governance.drafting.made import Made

HOURS = re.compile(r"[0-2]?\d:[0-5]\d(:[0-5]\d)?")
HOURLY = {1: "%H:%M", 2: "%H:%M:%S"}


def order_of_times(made: Made) -> list[str]:
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


def unread_times(made: Made) -> list[str]:
    """Columns that are called like a time and are left out, because nobody can read them as one."""
    used = {one.look.number for one in made.choices.values() if one.look}
    times = [one.column for one in made.choices.values() if one.column.is_time]
    notes = []
    for look in made.columns.looks:
        if look.number in used or look.personal or not look.filled or evidence.is_time(look):
            continue
        sure = {column.label: headings.similarity(made.table.name, column.name, look.heading)[0] for column in times}
        label = max(sure, key=lambda one: sure[one], default="")
        if label and sure[label] >= 0.7:
            notes.append(
                f"{made.columns.title(look)}像是{label}，写法却认不出（如 {'、'.join(look.samples[:2])}），没有用到："
                "需要的话请在原系统里另选日期格式再导出"
            )
    return notes


def hours_beside(made: Made) -> list[str]:
    """A column of times of day that nobody uses, beside one of days: the two are one time."""
    used = {one.look.number for one in made.choices.values() if one.look}
    days = [
        (name, look) for name in made.settled
        if (look := made.look_of(name)) and look.times and not any(one.has_hours for one in look.times)
    ]  # fmt: skip
    notes = []
    for look in made.columns.looks:
        beside = [(name, day) for name, day in days if day.number < look.number and not made.is_kept(name)]
        if look.number in used or look.personal or not beside:
            continue
        if not look.samples or not all(HOURS.fullmatch(one) for one in look.samples):
            continue
        name, day = max(beside, key=lambda one: one[1].number)
        pair = ", ".join(
            str(one) if isinstance(one, int) else f'"{one}"' for one in map(made.columns.name, (day, look))
        )
        formats = [f"{one} {HOURLY[look.samples[0].count(':')]}" for one in made.settled[name].formats]
        given = f", formats = [{', '.join(map(repr, formats))}]".replace("'", '"') if formats else ""
        notes.append(
            f"{made.columns.title(look)}像是{made.columns.title(day)}的钟点：要合起来算，在映射里写 "
            f"{name} = {{ from = [{pair}]{given} }}"
        )
    return notes


def columns(made: Made) -> list[str]:
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

"""How the times of a chosen column are to be read, and what only a person can say about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from governance.drafting.models import ColumnLook, Option, Question, TimePattern
from governance.drafting.times import order
from governance.drafting.traditional import simplified

ORDERS = {
    "day": "日在前：{} 是 {} 日",
    "month": "月在前：{} 是 {} 月",
    "year": "年在前：{} 是 {} 年",
    "era": "民国纪年：{} 是民国 {} 年",
}
COUNTED_KINDS = {"serial": "Excel 日期序号", "epoch": "Unix 时间戳"}


@dataclass(frozen=True)
class Settled:
    """The strptime formats of a column; none where ISO 8601 and native cells are all there is."""

    formats: tuple[str, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    why: str

    @property
    def is_open(self) -> bool:
        """Somebody has to answer first."""
        return any(one.answer is None for one in self.questions)


def settle(name: str, label: str, title: str, look: ColumnLook, answers: Mapping[str, str]) -> Settled:
    """Settle day and month, mixed kinds, and what cannot be read, for the canonical column `name`."""
    questions, notes = [], []
    patterns = list(look.times)
    if asked := _order(name, label, title, look.heading, patterns, answers):
        questions.append(asked)
    wanted = answers.get(f"order.{name}") or _decided(patterns, look.heading)
    if wanted and not asked and any(len(one.fits) > 1 for one in patterns):
        notes.append(f"{title}：{_decisive(patterns, wanted)}")
    formats: list[str] = []
    kinds: Counter[str] = Counter()
    examples: dict[str, str] = {}
    by_kind: dict[str, list[str]] = {}
    for one in patterns:
        if one.kind in COUNTED_KINDS:
            notes.append(f"{title}有 {one.count} 格是{COUNTED_KINDS[one.kind]}（如 {one.example}），照此换算")
        kind = one.kind if one.kind in ("native", *COUNTED_KINDS) else _date_part(one, wanted)
        picked = _picked(one, wanted)
        by_kind.setdefault(kind, []).extend([picked] if picked else [])
        kinds[kind] += one.count
        examples.setdefault(kind, one.example)
    if len(kinds) > 1:
        questions.append(_mixed(name, label, title, kinds, examples, patterns, answers))
        if answers.get(f"mixed.{name}") == "main":
            main = kinds.most_common(1)[0][0]
            by_kind = {kind: found for kind, found in by_kind.items() if kind == main}
    for found in by_kind.values():
        formats += found
    if all(one.kind in ("iso", "native") for one in patterns):
        formats = []
    unread = look.filled - sum(one.count for one in patterns)
    if unread > 0:
        notes.append(f"{title}有 {unread} 格不是能认出的时间，导入时会退回并写明行号")
    days = sum(one.count for one in patterns if not one.has_hours)
    if 0 < days < look.filled:
        notes.append(f"{title}有 {days} 格只有日期，没有时刻，按当天零点计")
    said = "、".join(f"{count} 格{_kind_name(kind)}" for kind, count in kinds.most_common())
    return Settled(tuple(dict.fromkeys(formats)), tuple(questions), tuple(notes), said)


def _decided(patterns: list[TimePattern], heading: str) -> str | None:
    """The order that heading or cells decide: the only one that fits every cell of some way of writing."""
    if "民国" in simplified(heading) and all("era" in map(order, one.formats) for one in patterns if len(one.fits) > 1):
        return "era"
    found = {order(one.formats[0]) for one in patterns if len(one.fits) > 1 and len(one.formats) == 1}
    return found.pop() if len(found) == 1 else None


def _decisive(patterns: list[TimePattern], wanted: str) -> str:
    if wanted == "era":
        return "年份是民国纪年（三位数，或者表头写明），换算成公元"
    total = sum(one.count for one in patterns if len(one.fits) > 1)
    against = sum(
        one.count - max((n for form, n in one.fits if order(form) != wanted), default=0)
        for one in patterns
        if len(one.fits) > 1
    )
    return f"{total} 格中有 {against} 格只能读成{ORDERS[wanted].split('：')[0]}（另一位大于 12），所以这样读"


def _order(
    name: str, label: str, title: str, heading: str, patterns: list[TimePattern], answers: Mapping[str, str]
) -> Question | None:
    doubtful = [one for one in patterns if len({order(form) for form, n in one.fits if n}) > 1]
    if not doubtful or (_decided(patterns, heading) and all(one.formats for one in doubtful)):
        return None
    example = doubtful[0].example
    first = (re.match(r"\d+", example) or [example])[0]
    counts: Counter[str] = Counter()
    for one in doubtful:
        for form, number in one.fits:
            counts[order(form)] += number
    total = sum(one.count for one in doubtful)
    options = tuple(
        Option(which, ORDERS[which].format(example, first.lstrip("0")), f"{total} 格中 {number} 格读得通")
        for which, number in counts.most_common()
    )
    why = "没有一格的数字大于 12 能分出日和月" if len(set(counts.values())) == 1 else "各格的写法互相矛盾"
    asked = "日在前还是月在前"
    if "era" in counts:
        asked, why = "是公元的年份还是民国的", "年份不到三位，两种都读得通"
    return Question(
        f"order.{name}", f"{label}{title}里的 {example}，{asked}？", why, options, answers.get(f"order.{name}")
    )


def _picked(one: TimePattern, wanted: str | None) -> str | None:
    """The one format of a way of writing: the only one, or that of the wanted order."""
    forms = [form for form, number in one.fits if number]
    same = [form for form in forms if order(form) == wanted]
    if same:
        return same[0]
    return one.formats[0] if len(one.formats) == 1 else (forms[0] if len(forms) == 1 else None)


def _date_part(one: TimePattern, wanted: str | None) -> str:
    form = _picked(one, wanted) or (one.fits[0][0] if one.fits else "%Y-%m-%d")
    return re.split(r"[ T]?%[HI]|T$", form)[0].strip()


def _mixed(
    name: str, label: str, title: str, kinds: Counter[str], examples: Mapping[str, str], patterns: list[TimePattern],
    answers: Mapping[str, str],
) -> Question:  # fmt: skip
    main, count = kinds.most_common(1)[0]
    said = "；".join(f"{number} 格{_kind_name(kind)}，如 {examples[kind]}" for kind, number in kinds.most_common())
    why = said
    swapped = [one for one in patterns if len(one.fits) > 1]
    if "native" in kinds and swapped:
        why += "。注意：Excel 常把日月写反的文字认成日期，余下的才是文字；"
        why += "若文字里的日都大于 12，日期单元格的日月多半已对调"
    options = (
        Option("all", "都读，各按自己的写法", f"{sum(kinds.values())} 格"),
        Option(
            "main",
            f"只读{_kind_name(main)}的，其余退回" + ("（日期单元格仍会读）" if "native" in kinds else ""),
            f"{count} 格",
        ),
    )
    return Question(
        f"mixed.{name}",
        f"{label}{title}里有 {len(kinds)} 种写法的时间，都算数吗？",
        why,
        options,
        answers.get(f"mixed.{name}"),
    )


def _kind_name(kind: str) -> str:
    return {"native": "日期单元格", **COUNTED_KINDS}.get(kind, f"写作 {kind}")

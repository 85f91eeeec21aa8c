"""Which column of the export fills which canonical column; two that come close are asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.drafting import coding, evidence, offering
from governance.drafting.columns import Columns
from governance.drafting.evidence import Candidate
from governance.drafting.models import ColumnLook, Heading, Option, Question
from governance.drafting.traditional import simplified
from governance.importing.catalogue import HASHED, Column, Table
from governance.importing.problems import ImportProblem, nearest

SURE = 0.8  # from here a column is proposed without asking
POSSIBLE = 0.4  # from here it is offered
CLOSE = 0.1  # two candidates nearer than this are asked
KINDS = ("category", "subcategory", "topic")
CONSTANTS = ("kind", "origin", "channel", "category")
ONES = {"cycle": "都是第 1 轮", "fte": "每人都按 1 计"}
VOTES = re.compile("赞|反对|阅读|浏览|like|vote|thumb|score|得分|评分|分数", re.IGNORECASE)


@dataclass
class Choice:
    """What fills a canonical column so far: a column, a constant, or nothing."""

    column: Column
    look: ColumnLook | None = None
    constant: str | None = None
    score: float = 0.0
    reason: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    is_open: bool = False

    def fill(self, constant: str, reason: str) -> None:
        """Take the same value for every row; no column then, and nothing to ask."""
        self.look, self.constant, self.reason, self.is_open = None, constant, reason, False


def choose(
    vocabulary: coding.Vocabulary,
    table: Table,
    columns: Columns,
    rows: int,
    answers: Mapping[str, str],
    earlier: Mapping[str, Heading],
) -> tuple[list[Choice], list[Question]]:
    """Fill the canonical columns one by one, required ones first; return what is to be asked, too."""
    wanted = evidence.fillable(table)
    known = {f"column.{column.name}" for column in wanted}
    for key in answers:
        if key.startswith("column.") and key not in known:
            hint = nearest(key.removeprefix("column."), [column.name for column in wanted])
            raise ImportProblem(f"回答 {key}：标准表 {table.name} 没有这一列{hint}。")
    choices = {column.name: Choice(column) for column in wanted}
    taken: set[int] = set()
    for name, choice in choices.items():
        if (answer := answers.get(f"column.{name}")) is not None:
            _answered(table, columns, choice, answer)
        elif name in earlier:
            _as_before(columns, choice, earlier[name])
        if choice.look:
            taken.add(choice.look.number)
    for column in wanted:
        choices[column.name].candidates = _candidates(vocabulary, table, column, columns, rows)
    questions = []
    by_score = sorted(
        choices.values(),
        key=lambda one: (not is_required(one.column), -max((c.score for c in one.candidates), default=0)),
    )
    for choice in by_score:
        name = choice.column.name
        key = f"column.{name}"
        if key in answers or choice.look or choice.constant is not None:
            asked = _question(table, columns, choice, choices, taken, rows, answers, earlier, vocabulary)
            if key in answers and asked:
                questions.append(asked)
            continue
        free = [one for one in choice.candidates if one.look.number not in taken]
        free = [one for one in free if not _has_better_home(one, choice, choices)]
        asked = _question(table, columns, choice, choices, taken, rows, answers, earlier, vocabulary)
        if asked and name == table.own_key and answers.get("identity", "key") not in ("", "key"):
            continue  # other columns than a number make a row the same row
        if asked:
            choice.is_open = True
            questions.append(asked)
            taken.update(one.look.number for one in free if one.score >= POSSIBLE)
        elif free and free[0].score >= SURE:
            choice.look, choice.score, choice.reason = free[0].look, free[0].score, free[0].reason
            taken.add(free[0].look.number)
    order = {column.name: place for place, column in enumerate(wanted)}
    return list(choices.values()), sorted(questions, key=lambda one: order[one.key.removeprefix("column.")])


def is_required(column: Column) -> bool:
    """A row without it is rejected, and nothing fills it by itself."""
    return column.required and column.default is None


def _answered(table: Table, columns: Columns, choice: Choice, answer: str) -> None:
    key, column = f"column.{choice.column.name}", choice.column
    choice.score, choice.reason = 1.0, "由人指定"
    if answer == "":
        choice.reason = "由人指定：不导入"
    elif answer.startswith("="):
        codes = coding.codes_of(column)
        if codes and answer[1:] not in codes:
            allowed = "、".join(f"={code} {label}" for code, label in codes.items())
            raise ImportProblem(f"{key} 的回答“{answer}”不是{column.label}的标准代码：可用 {allowed}。")
        if not answer[1:].strip() or column.is_time:
            raise ImportProblem(f"{key} 的回答“{answer}”不能作固定值：请写表头或列号。")
        choice.constant = answer[1:].strip()
    else:
        look = columns.find(key, answer)
        if look.personal and column.name not in HASHED:
            raise ImportProblem(f"{key}：{columns.title(look)}含个人信息（{look.personal}），不导入：请另选一列。")
        choice.look = look


def _as_before(columns: Columns, choice: Choice, heading: Heading) -> None:
    looks = columns.looks
    found = [one for one in looks if one.heading == heading or one.number == heading]
    if len(found) == 1 and (not found[0].personal or choice.column.name in HASHED):
        choice.look, choice.score, choice.reason = found[0], 0.99, "沿用旧映射"


def _candidates(
    vocabulary: coding.Vocabulary, table: Table, column: Column, columns: Columns, rows: int
) -> list[Candidate]:
    found = [evidence.candidate(vocabulary, table, column, look, rows) for look in columns.looks]
    kept = [one for one in found if one and one.score >= 0.2]
    return sorted(kept, key=lambda one: (-one.score, one.look.number))


def _has_better_home(one: Candidate, choice: Choice, choices: Mapping[str, Choice]) -> bool:
    """Another canonical column suits this column of the export clearly better."""
    return any(
        other.look.number == one.look.number and other.score >= one.score + CLOSE
        for home in choices.values()
        if home is not choice
        for other in home.candidates
    )


def _has_a_home(look: ColumnLook, choices: Mapping[str, Choice]) -> bool:
    """Some canonical column may well take this column of the export."""
    return any(one.look is look and one.score >= POSSIBLE for choice in choices.values() for one in choice.candidates)


def _is_wanted(look: ColumnLook, choices: Mapping[str, Choice]) -> bool:
    """Some canonical column, which is no kind of category itself, surely takes this column of the export."""
    return any(
        one.look is look and one.score >= SURE
        for name, choice in choices.items()
        if name not in KINDS
        for one in choice.candidates
    )


def _question(
    table: Table,
    columns: Columns,
    choice: Choice,
    choices: Mapping[str, Choice],
    taken: set[int],
    rows: int,
    answers: Mapping[str, str],
    earlier: Mapping[str, Heading],
    vocabulary: coding.Vocabulary,
) -> Question | None:
    """Ask when a column that the older mapping names is gone, when two come close, when one is unsure or missing."""
    column, key = choice.column, f"column.{choice.column.name}"
    free = [
        one
        for one in choice.candidates
        if (one.look.number not in taken or one.look is choice.look) and one.score >= POSSIBLE
        and not _has_better_home(one, choice, choices)
    ]  # fmt: skip
    likely = [one for one in free if one.score >= free[0].score - CLOSE] if free else []
    required = is_required(column)
    label = f"{column.label}（{column.name}）"
    if column.name in earlier and choice.reason != "沿用旧映射":
        looks = [one.look for one in free] or offering.resembling(columns, str(earlier[column.name]), taken)
        text = f"旧映射里{label}取自“{earlier[column.name]}”，这份导出没有这个表头。现在取自哪一列？"
        return _asked(columns, choice, looks, key, text, "表头变了：可能改了名，也可能不再导出", answers, not required)
    if column.name == "rating" and free and VOTES.search(simplified(free[0].look.heading)):
        text = f"“{free[0].look.heading}”是对办理结果的满意度评价吗？"
        why = "这个表头也可能是别人点的赞、反对或别的得分，与满意度无关"
        return _asked(columns, choice, [one.look for one in free], key, text, why, answers, True)
    if len(likely) > 1:
        text = f"{label}取自哪一列？有 {len(likely)} 列都像"
        why = "；".join(f"{columns.title(one.look)}：{one.reason}" for one in likely[:4])
        return _asked(columns, choice, [one.look for one in free], key, text, why, answers, not required)
    if free and column.name == table.own_key and free[0].score < SURE:
        looks = [one.look for one in free]
        others = offering.numbers(columns, taken, rows)
        looks += [one for one in others if one not in looks and not _has_a_home(one, choices)]
        looks.sort(key=lambda one: evidence.counts_rows(one, rows))
        text = f"{label}是取自{columns.title(free[0].look)}吗？"
        counted = evidence.counts_rows(free[0].look, rows)
        why = "从 1 数到最后一行，像是每份重新数起的序号" if counted else free[0].reason
        return _asked(columns, choice, looks, key, text, why, answers, True)
    if free and free[0].score < SURE:
        text = f"{label}是取自{columns.title(free[0].look)}吗？"
        return _asked(columns, choice, [one.look for one in free], key, text, free[0].reason, answers, not required)
    if not free and column.name == table.own_key:
        looks = [one for one in offering.numbers(columns, taken, rows) if not _has_a_home(one, choices)]
        if not looks or answers.get(key) == "":
            return None  # asked as identity
        text = f"{label}取自哪一列？没有一列的表头像它"
        return _asked(columns, choice, looks, key, text, "这些列每行一个值，不重复", answers, True)
    if not free and required:
        looks = offering.anything(table, column, columns, taken)
        if coding.list_of(table, column):
            looks = [one for one in looks if not _is_wanted(one, choices)]
            looks = offering.categories(vocabulary, table, column, looks, rows)
        text = f"{label}取自哪一列？没有一列的表头像它"
        return _asked(columns, choice, looks, key, text, "这是必需的列", answers, False)
    if not free and (table.name, column.name) == ("cases", "closed_at"):
        looks = [one for one in offering.anything(table, column, columns, taken) if not _has_a_home(one, choices)]
        text = f"{label}取自哪一列？没有一列的表头像它"
        why = "没有办结时间，所有案件都算在办"
        return _asked(columns, choice, looks, key, text, why, answers, True) if looks else None
    if (
        not free
        and column.name == "origin"
        and table.name == "cases"
        and not choices["kind"].look
        and not any(one.score >= POSSIBLE for one in choices["kind"].candidates)
    ):
        text = "这份导出里的案件是怎么来的？"
        why = "没有一列说明来源方式；群众诉求与主动发现在指标里分开统计"
        return _asked(columns, choice, [], key, text, why, answers, True)
    return None


def _asked(
    columns: Columns, choice: Choice, looks: list[ColumnLook], key: str, text: str, why: str,
    answers: Mapping[str, str], may_be_empty: bool,
) -> Question:  # fmt: skip
    options = [Option(columns.key(one), columns.title(one), "、".join(one.samples)[:80]) for one in looks[:12]]
    if (choice.column.name in CONSTANTS and not looks) or choice.column.name == "category":
        options += [Option(f"={code}", f"全部记为 {name}") for code, name in coding.codes_of(choice.column).items()]
    if choice.column.name in ONES:
        options.insert(0, Option("=1", ONES[choice.column.name]))
    if may_be_empty:
        is_key = choice.column.name == "case_id" or why.startswith("从 1 数到")
        options.append(Option("", "都不是，凭几列认定同一行（接着会问）" if is_key else "都不是，不导入这一项"))
    return Question(key, text, why, tuple(options), answers.get(key))

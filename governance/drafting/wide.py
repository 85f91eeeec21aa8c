"""A wide export, one case a row and a time for each step side by side, as rows of case_steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance.drafting import coding, evidence, headings
from governance.drafting.columns import Columns
from governance.drafting.models import CodeWord, ColumnLook, Option, Question
from governance.drafting.proposing import Choice
from governance.drafting.settling import Settled, settle
from governance.drafting.writing import comment, value
from governance.importing.catalogue import Table

STEPS = {  # the times of a case, and the step each of them is
    "reported_at": "find",
    "accepted_at": "find",
    "dispatched_at": "dispatch",
    "arrived_at": "arrive",
    "closed_at": "close",
    "visited_at": "visit",
    "rated_at": "rate",
    "reopened_at": "reopen",
    "withdrawn_at": "withdraw",
}
WORDS = {
    "签收": "sign",
    "响应": "feedback",
    "联系": "feedback",
    "反馈": "feedback",
    "退": "return",
    "督办": "supervise",
}
SURE = 0.8


@dataclass(frozen=True)
class Wide:
    """The columns that are steps, how their times are read, and what has to be asked about them."""

    words: tuple[CodeWord, ...]
    looks: tuple[ColumnLook, ...]
    settled: tuple[Settled, ...]
    questions: tuple[Question, ...]
    is_wanted: bool

    @property
    def is_open(self) -> bool:
        """Somebody has to answer first."""
        return any(one.answer is None for one in self.questions)

    def lines(self, columns: Columns) -> list[str]:
        """The section of the mapping; while something is open, as comments."""
        rows = [
            (word, look, settled)
            for word, look, settled in zip(self.words, self.looks, self.settled, strict=True)
            if word.code
        ]
        formats: list[str] = []
        if any(settled.formats for *_, settled in rows):
            for _, look, settled in rows:
                formats += settled.formats or [form for one in look.times for form in one.formats[:1]]
        listed = [f"    {value({'step': word.code, 'from': columns.name(look)})}," for word, look, _ in rows]
        lines = ["[tables.case_steps.unpivot]", 'column = "happened_at"']
        lines += [f"formats = {value(list(dict.fromkeys(formats)))}"] if formats else []
        lines += ["rows = [", *listed, "]"]
        return ["", *(map(comment, lines) if self.is_open else lines)]


def find(table: Table, columns: Columns, choices: Mapping[str, Choice], answers: Mapping[str, str]) -> Wide | None:
    """See whether steps stand side by side: several columns of times, and none that names a step."""
    if table.name != "case_steps" or choices["step"].look or choices["step"].candidates:
        return None
    looks = [one for one in columns.looks if evidence.is_time(one) and not one.personal]
    if len(looks) < 2:
        return None
    options = (Option("yes", "拆开：每个时间成为一个步骤"), Option("no", "不拆：另有一列写着步骤"))
    why = f"有 {len(looks)} 列时间，没有一列写步骤的名称"
    text = "各环节的时间并排成列（一行一件案件），要拆成办理步骤吗？"
    wanted = answers.get("unpivot")
    questions = [Question("unpivot", text, why, options, wanted)]
    words, settled = [], []
    step = table.columns["step"]
    codes = (*(Option(code, f"{code} {label}") for code, label in step.codes.items()), Option("", "不是步骤"))
    for look in looks:
        title = columns.title(look)
        key = f"code.step.{look.heading or f'#{look.number}'}"
        code, reason = _step(look.heading)
        if key in answers:
            code, reason = coding.checked(step, key, answers[key]), "由人指定"
        if code is None or key in answers:
            questions.append(Question(key, f"{title}是哪一个步骤的时间？", reason, codes, code))
        words.append(CodeWord("step", look.heading or f"#{look.number}", look.filled, code, reason))
        found = settle(f"happened_at.{look.number}", "时间", title, look, answers)
        settled.append(found)
        questions += found.questions if code != "" else ()
    return Wide(tuple(words), tuple(looks), tuple(settled), tuple(questions), wanted != "no")


def _step(heading: str) -> tuple[str | None, str]:
    word = next((code for sign, code in WORDS.items() if sign in heading), None)
    if word:
        return word, "表头里的说法"
    best = max(STEPS, key=lambda name: headings.similarity("cases", name, heading)[0])
    if headings.similarity("cases", best, heading)[0] >= SURE:
        return STEPS[best], f"就是案件的{best}"
    return None, "请选择：表头没有说明是哪个步骤"

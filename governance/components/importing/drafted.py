"""Step 2, a new mapping: what the draft proposes, a row for each canonical column, and what only a person can say.

What was chosen becomes one flat dict of answers, of which only those that differ from the proposal are kept, and the
draft is made anew. What comes back from the browser is looked up among what was offered.
"""

import hashlib
import json
from typing import Any

import streamlit as st

from governance import desk
from governance.components.importing import frame, parts
from governance.components.importing.mappings import seen
from governance.components.text import escaped
from governance.desk import Batch
from governance.drafting import joining
from governance.importing import ImportProblem, catalogue, known

NOT_FILLED = ""
LOW, HIGH = 0.5, 0.85
Answers = dict[str, str]


def correct_draft(batch: Batch) -> None:
    """Show the draft to be corrected; when nothing is open any more it becomes the mapping of this import."""
    found = desk.outcome(batch, "look")
    if found is None:
        _draft(batch)
        return
    if "problem" in found:
        frame.problem(found["problem"])
        if frame.buttons(batch, "", "返回上一步") == "back":
            _back(batch)
        return
    drafts = _drafts(found, batch)
    seen(drafts[0])
    _kind(batch)
    wanted = parts.choose(batch, found)
    given: dict[str, Answers] = {}
    for place, draft in zip(parts.places([_titled(one) for one in drafts]), drafts, strict=True):
        # Another draft has other widgets: a proposal that changed must not look like a choice of the person.
        content = [draft["table"], parts.answers(batch, draft["table"]), batch.earlier, len(drafts)]
        draft["revision"] = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]
        with place:
            given[draft["table"]] = _questions(draft) | _columns(draft) | _codes(draft)
    name = _name(batch)
    _as_file(found["toml"], name)
    left = sum(map(_left, drafts))
    pressed = frame.buttons(batch, "保存并继续", "返回上一步", note=f"有 {left} 处待定" if left else "")
    if pressed == "back":
        _back(batch)
    if wanted != [one["table"] for one in found["parts"]]:
        parts.keep(batch, given, wanted)
        _draft(batch)
    elif pressed == "next":
        _take(batch, found, given, name)


def _take(batch: Batch, found: dict[str, Any], given: dict[str, Answers], name: str) -> None:
    """Keep the answers; draft again when they say something new, go on when nothing is open."""
    drafts = [found["draft"], *found["parts"]]
    batch.name = " ".join(name.split())
    if not known.NAME.fullmatch(batch.name):
        with st.bottom:
            frame.problem("请给对照表起个名字：1 到 40 个汉字、字母、数字，不要用标点和斜杠。")
        return
    if parts.keep(batch, given, [one["table"] for one in found["parts"]]):
        _draft(batch)
        return
    if not all(one["is_complete"] for one in drafts):
        with st.bottom:
            frame.problem("还有没回答的问题或没填的项目，见上面标“待定”的地方。")
        return
    path = batch.folder / f"{batch.name}.toml"
    path.write_text(found["toml"], "utf-8")
    path.chmod(0o600)
    batch.is_confirmed = True
    frame.go_on(batch)


def _draft(batch: Batch) -> None:
    frame.begin(batch, "look", table=batch.table, answers=batch.answers, earlier=batch.earlier, parts=batch.parts)


def _back(batch: Batch) -> None:
    batch.mapping, batch.is_confirmed = None, False
    frame.go_on(batch)


def _left(draft: dict[str, Any]) -> int:
    """How many things a person still has to say."""
    return sum(one["answer"] is None for one in _asked(draft)) + sum(one["code"] is None for one in draft["codes"])


def _drafts(found: dict[str, Any], batch: Batch) -> list[dict[str, Any]]:
    """The first table and the others, which are not asked again what the first one was."""
    first = found["draft"]
    asked = {question["key"] for question in first["questions"]} | set(batch.answers)
    elsewhere = [key for key in joining.SHARED if key in asked]
    return [first, *({**one, "elsewhere": elsewhere} for one in found["parts"])]


def _titled(draft: dict[str, Any]) -> str:
    label, left = catalogue.tables()[draft["table"]].label, _left(draft)
    return f"{label}（{left} 处待定）" if left else label


def _kind(batch: Batch) -> None:
    """Which canonical table the files are about; another one is drafted anew."""
    tables = {name: table.label for name, table in catalogue.tables().items() if name != "boundaries"}
    chosen = st.selectbox(
        "这些文件是什么台账", list(tables), index=list(tables).index(batch.table) if batch.table in tables else 0,
        format_func=lambda name: tables.get(name, ""), key=f"table-{batch.id}",
    )  # fmt: skip
    if chosen in tables and chosen != batch.table:
        batch.table, batch.answers, batch.parts = chosen, {}, None
        _draft(batch)


def _questions(draft: dict[str, Any]) -> Answers:
    """What the values do not decide, each with what would follow from an answer; unanswered ones come first."""
    answers: Answers = {}
    questions = sorted(_asked(draft), key=lambda one: one["answer"] is not None)
    if not questions:
        return answers
    left = sum(one["answer"] is None for one in questions)
    with st.container(border=True):
        st.markdown(f"##### {f'有 {left} 个问题要您决定' if left else '您决定过的问题'}")
        for question in questions:
            options = {option["value"]: option for option in question["options"]}
            values = list(options)
            mark = "" if question["answer"] is not None else ":red-badge[待定] "
            text = question["text"].replace(
                f"（{question['key'].removeprefix('column.')}）", ""
            )  # only programs need it
            st.markdown(f"{mark}**{escaped(text)}**", help=escaped(question["why"]))
            chosen = None
            if options:
                chosen = st.radio(
                    question["text"], values, label_visibility="collapsed",
                    key=f"q-{draft['revision']}-{question['key']}",
                    index=values.index(question["answer"]) if question["answer"] in options else None,
                    format_func=lambda value, options=options: escaped(options[value]["label"]),
                    captions=[escaped(option["example"]) for option in options.values()],
                )  # fmt: skip
            if question["is_free"]:
                typed = st.text_input(
                    "或者自己写", key=f"t-{draft['revision']}-{question['key']}", max_chars=200,
                    value=question["answer"] if question["answer"] not in (None, *options) else "",
                )  # fmt: skip
                chosen = typed.strip() or chosen
            if chosen is not None and chosen != question["answer"]:
                answers[question["key"]] = chosen
    return answers


def _asked(draft: dict[str, Any]) -> list[dict[str, Any]]:
    """The questions without those about a word of a code column, which stands in a list of its own."""
    words = {f"code.{one['column']}.{one['word']}" for one in draft["codes"]} | set(draft.get("elsewhere", ()))
    return [question for question in draft["questions"] if question["key"] not in words]


def _columns(draft: dict[str, Any]) -> Answers:
    """A row for each canonical column; those that nothing fills and nobody needs are folded away."""
    filled: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    asked = {question["key"] for question in _asked(draft)}
    for one in draft["proposals"]:
        if f"column.{one['column']}" in asked:
            continue
        has = one["heading"] is not None or one["constant"] is not None
        (filled if has or one["is_required"] else others).append(one)
    answers: Answers = {}
    with st.container(border=True):
        st.markdown("##### 每一项取自哪一列")
        st.caption("左边是系统里的项目，右边选文件里的列。选错了不要紧：下一步会先试运行给您看。")
        for one in filled:
            answers |= _column(one, draft)
        if others:
            with st.expander(f"其余 {len(others)} 项，文件里没有找到，可以不填"):
                for one in others:
                    answers |= _column(one, draft)
    return answers


def _column(one: dict[str, Any], draft: dict[str, Any]) -> Answers:
    key = f"column.{one['column']}"
    offered = _offered(draft, one)
    now = _answer(one)
    left, middle, right = st.columns([2.2, 3.2, 4.6], vertical_alignment="center")
    needed = one["is_required"] and now == NOT_FILLED
    left.markdown(f"**{escaped(one['label'])}**{'　:red-badge[待定]' if needed else ''}")
    chosen = middle.selectbox(
        one["label"], list(offered), index=list(offered).index(now), key=f"c-{draft['revision']}-{one['column']}",
        format_func=lambda value: offered.get(value, ""), label_visibility="collapsed",
    )  # fmt: skip
    words = [_certainty(one["confidence"])] if now != NOT_FILLED else []
    words += [one["reason"]] if one["reason"] else []
    words += [f"如 {'、'.join(one['samples'][:3])}"] if one["samples"] else []
    right.caption(escaped("；".join(words)))
    return {key: chosen} if chosen in offered and chosen != now else {}


def _offered(draft: dict[str, Any], one: dict[str, Any]) -> dict[str, str]:
    """What a column may be filled from, by answer: nothing, every column of the files, a code for all rows."""
    offered = {NOT_FILLED: "（不填）"}
    for column in draft["look"]["columns"]:
        heading = column["heading"]
        offered[heading or f"#{column['number']}"] = heading or f"第 {column['number']} 列（没有表头）"
    offered |= {f"={code}": f"每一行都是：{label}" for code, label in _labels(draft["table"], one["column"]).items()}
    offered.setdefault(_answer(one), _answer(one))
    return offered


def _answer(one: dict[str, Any]) -> str:
    """The answer that says what a proposal says."""
    if one["constant"] is not None:
        return f"={one['constant']}"
    heading = one["heading"]
    return NOT_FILLED if heading is None else f"#{heading}" if isinstance(heading, int) else heading


def _certainty(confidence: float) -> str:
    return "很有把握" if confidence >= HIGH else "比较像" if confidence >= LOW else "没有把握，请核对"


def _codes(draft: dict[str, Any]) -> Answers:
    """The words of the code columns: what each means; those that nobody knows yet come first."""
    labels = {one["column"]: one["label"] for one in draft["proposals"]}
    columns = {
        word["column"]: [one for one in draft["codes"] if one["column"] == word["column"]] for word in draft["codes"]
    }
    answers: Answers = {}
    for column, words in columns.items():
        unknown = [one for one in words if one["code"] is None]
        sure = [one for one in words if one["code"] is not None]
        with st.container(border=True):
            st.markdown(f"##### “{escaped(labels.get(column, column))}”里的说法各是哪一类")
            for one in unknown:
                answers |= _word(one, draft)
            if sure:
                with st.expander(f"已经认出的 {len(sure)} 种说法", expanded=not unknown and len(sure) <= 6):
                    for one in sure:
                        answers |= _word(one, draft)
    return answers


def _word(one: dict[str, Any], draft: dict[str, Any]) -> Answers:
    offered = {None: "请选择", "": "（当作没有填）"} | _labels(draft["table"], one["column"])
    offered.setdefault(one["code"], one["code"])
    left, middle, right = st.columns([2.2, 3.2, 4.6], vertical_alignment="center")
    left.markdown(f"**{escaped(one['word'])}**（{one['count']:,} 行）")
    options = list(offered)
    chosen = middle.selectbox(
        one["word"], options, index=options.index(one["code"]),
        key=f"w-{draft['revision']}-{one['column']}-{one['word']}",
        format_func=lambda code: str(offered.get(code, "")), label_visibility="collapsed",
    )  # fmt: skip
    right.caption(("" if one["code"] is not None else ":red-badge[待定] ") + escaped(one["reason"]))
    if chosen is None or chosen not in offered or chosen == one["code"]:
        return {}
    return {f"code.{one['column']}.{one['word']}": chosen}


def _labels(table: str, column: str) -> dict[str, str]:
    """The standard codes that a column may hold, with the words people know; empty where any text will do."""
    known_column = catalogue.tables()[table].columns.get(column)
    if known_column is None:
        return {}
    return dict(known_column.codes) or {code: word for word, code in reversed(known_column.words.items())}


def _name(batch: Batch) -> str:
    """The name under which the mapping is chosen next time; the first word of the file is a start."""
    start = (
        batch.name or "".join(known.NAME.findall(batch.files[0].name.rpartition(".")[0])[:1])[:40].strip() or "新对照表"
    )
    with st.container(border=True):
        return st.text_input(
            "给这份对照表起个名字（以后导入同一种文件时直接选它）", value=start, max_chars=40, key=f"name-{batch.id}"
        )


def _as_file(text: str, name: str) -> None:
    """The draft for whoever wants to keep or edit it: saved here without importing, or taken along."""
    with st.expander("现在就存下这份对照表，或下载给管理员"), st.container(horizontal=True):
        st.download_button("下载", text.encode(), "mapping.toml", "text/plain", on_click="ignore")
        if st.button("存下来"):
            try:
                path = known.save(name, text)
                st.success(escaped(f"已存为“{path.stem}”。"))
            except ImportProblem as error:
                frame.problem(str(error))

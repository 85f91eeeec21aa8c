"""What all steps share: which import it is, where in it one stands, and the buttons below a step."""

import streamlit as st

from governance import desk
from governance.components.text import escaped, size
from governance.desk import Batch, DeskError
from governance.importing import ImportProblem, known

STEPS = ("选文件", "选对照表", "试运行", "发布")
STEPS_OF_A_DATABASE = ("选数据库", "连接", "试运行", "发布")
SIGNS = "①②③④"
JOB = "job"
# The uploader speaks English and has no other language; its words are replaced, nothing of the data passes here.
STYLE = """<style>
[data-testid="stFileUploaderDropzoneInstructions"] > div > * { font-size: 0 }
[data-testid="stFileUploaderDropzoneInstructions"] > div::before { content: "把文件拖到这里，可以一次放多个" }
[data-testid="stFileUploaderDropzone"] { min-height: 7rem; align-items: center }
[data-testid="stFileUploaderDropzone"] button[kind="secondary"] { font-size: 0 }
[data-testid="stFileUploaderDropzone"] button[kind="secondary"] p { display: none }
[data-testid="stFileUploaderDropzone"] button[kind="secondary"]::after { content: "选择文件"; font-size: 0.9rem }
[data-testid="stCaptionContainer"] p { font-size: 0.95rem }
[data-testid="stRadio"] label p, [data-testid="stSelectbox"] label p { font-size: 1rem }
</style>"""


def current() -> Batch | None:
    """The import that the address names, if there is one; any other word in the address is dropped."""
    batch = desk.find(st.query_params.get(JOB))
    if batch is None and JOB in st.query_params:
        st.info("这次导入已经结束或已被取消，请重新选文件。")
        del st.query_params[JOB]
    return batch


def go_on(batch: Batch | None) -> None:
    """Show the next step: what was chosen is written down, the address names the import."""
    if batch is None:
        st.query_params.pop(JOB, None)
    else:
        batch.save()
        st.query_params[JOB] = batch.id
    st.rerun()


def is_working(batch: Batch) -> bool:
    """Whether a process is at work on it; whoever needs one to go on gets it started here."""
    return desk.running(batch) is not None


def is_published(batch: Batch) -> bool:
    """Whether it has come to its end."""
    return "report" in (desk.outcome(batch, "publish") or {})


def begin(batch: Batch, task: str, **request: object) -> None:
    """Start a piece of work and show its progress; a refusal is said where one stands."""
    batch.save()
    try:
        desk.begin(batch, task, **request)
    except (DeskError, OSError) as error:
        st.error(escaped(str(error)) if isinstance(error, DeskError) else "数据目录不可写：请告诉系统管理员。")
        return
    st.query_params[JOB] = batch.id
    st.rerun()


def header(batch: Batch | None) -> None:
    """The four steps and which of them is on the screen; below, the files that this import is about."""
    st.html(STYLE)
    at = _step(batch)
    with st.grid(columns=len(STEPS), gap="small"):
        for number, name in enumerate(STEPS_OF_A_DATABASE if batch and batch.is_database else STEPS):
            with st.container(border=True):
                if number < at:
                    st.markdown(f":green[**✓ {name}**]")
                elif number == at:
                    st.markdown(f":blue-background[**{SIGNS[number]} {name}**]　← 现在在这一步")
                else:
                    st.markdown(f":gray[{SIGNS[number]} {name}]")
    if batch is not None and batch.is_database:
        chosen = known.known().get(batch.mapping or "")
        st.markdown(f"正在导入：**数据库{escaped(f'（{chosen.title}）') if chosen else ''}**")
    elif batch is not None:
        names = "、".join(file.name for file in batch.files[:4]) + (
            f" 等 {len(batch.files)} 个" if len(batch.files) > 4 else ""
        )
        st.markdown(f"正在导入：**{escaped(names)}**（{size(sum(file.size for file in batch.files))}）")


def _step(batch: Batch | None) -> int:
    if batch is None:
        return 0
    if is_published(batch):
        return len(STEPS)
    state = desk.running(batch)
    if state and state.task == "publish":
        return 3
    return 2 if batch.is_confirmed else 1


def buttons(
    batch: Batch, primary: str, back: str | None = None, *, is_ready: bool = True, note: str = ""
) -> str | None:
    """The row at the foot of the screen: one primary button, one back, and the way out; return which was pressed."""
    pressed = None
    with (
        st.bottom,
        st.container(horizontal=True, vertical_alignment="center", gap="medium"),
    ):  # in sight without scrolling
        if primary and st.button(primary, type="primary", key="next", disabled=not is_ready) and is_ready:
            pressed = "next"
        if note:
            st.markdown(f":red[**{escaped(note)}**]", width="content")
        if back and st.button(back, key="back"):
            pressed = "back"
        with st.popover("放弃这次导入", key="way-out"):
            st.markdown("上传的文件会被删除，已有的数据不受影响。")
            if st.button("确定放弃", key="give-up"):
                give_up(batch)
    return pressed


def give_up(batch: Batch) -> None:
    """End it; the rare import that was published before it could be ended is said to be."""
    if desk.cancel(batch):
        st.toast("已放弃，没有留下任何东西。")
    else:
        st.toast("来不及取消：新数据已经发布。需要的话到“快照”页退回。")
    go_on(None)


def problem(sentence: str) -> None:
    """A refusal in one sentence, at the place it concerns."""
    st.error(escaped(sentence))


def refused(error: Exception) -> str:
    """The sentence of an error that is meant for the reader; others are not caught here."""
    if isinstance(error, DeskError | ImportProblem):
        return str(error)
    raise error

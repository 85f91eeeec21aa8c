"""实践复现: what the source documents publish, beside what this snapshot gives."""

import html
from datetime import date, timedelta
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from governance import filters, navigation, queries, theme
from governance.components.figures import card
from governance.filters import Filter
from governance.indicators import is_missing, rounded
from governance.mechanisms import Mechanism, mechanisms
from governance.published import Figure, figures

VERDICTS = {
    "holds": ("一致", "#2f7d62"),
    "differs": ("有差异", theme.ALERT),
    "early": ("期未满", "#a8641c"),
    "absent": ("没有这个地方", theme.MUTED),
    "words": ("不复算", theme.MUTED),
}
REGISTERS = ("estates", "facilities", "grids", "partners", "regions", "staff")
"""Tables that hold a state, not a flow: their page is not asked for a period that the document does not name."""

STYLE = f"""
<style>
.practice {{ width:100%; border-collapse:collapse; font-size:14px; line-height:1.5; table-layout:fixed }}
.practice th {{ text-align:left; font-weight:600; color:{theme.MUTED}; font-size:13px; padding:4px 10px 4px 0;
  border-bottom:1px solid {theme.LINE} }}
.practice td {{ vertical-align:top; padding:7px 10px 7px 0; border-bottom:1px solid {theme.LINE};
  overflow-wrap:anywhere }}
.practice .number {{ text-align:right; white-space:nowrap; font-variant-numeric:tabular-nums }}
.practice .quiet {{ color:{theme.MUTED}; font-size:13px }}
.practice .verdict {{ white-space:nowrap; font-weight:600 }}
.practice a {{ color:{theme.ACCENT}; text-decoration:none; white-space:nowrap }}
.practice summary {{ color:{theme.ACCENT}; cursor:pointer; white-space:nowrap }}
.practice pre {{ white-space:pre-wrap; font-size:12px; background:#f4f6f8; padding:6px 8px; margin:4px 0 0;
  border-radius:4px }}
</style>
"""
HEAD = (
    '<tr><th style="width:15%">数字</th><th style="width:39%">原文、说明与查询</th>'
    '<th class="number" style="width:12%">原文数</th><th class="number" style="width:10%">本快照</th>'
    '<th class="number" style="width:6%">差</th><th style="width:8%">结论</th>'
    '<th style="width:10%">在哪里看</th></tr>'
)
UNCOUNTED = (
    '<tr><th style="width:16%">做法</th><th style="width:44%">报道里怎么说</th>'
    '<th style="width:28%">哪份导出能给出数</th><th style="width:12%">在哪里看</th></tr>'
)


def totals(found: pd.DataFrame) -> None:
    """How many figures there are, how many of those that can be counted hold, and what became of the others."""
    counts = found["verdict"].value_counts()
    counted = int(counts.get("holds", 0) + counts.get("differs", 0) + counts.get("early", 0))
    cells = (
        ("公开的数字", f"{len(found):,} 个", f"出自 {found['document'].nunique()} 篇报道，逐条列在下面"),
        ("复算一致", f"{counts.get('holds', 0):,} / {counted:,}", "本快照里有这个地方、能数出来的"),
        ("有差异", f"{counts.get('differs', 0) + counts.get('early', 0):,} 个", _because(counts)),
        ("不复算", f"{counts.get('words', 0) + counts.get('absent', 0):,} 个", _left_out(counts)),
    )
    with st.grid(columns=len(cells), min_column_width=185):
        for label, value, note in cells:
            with st.container(border=True, height="stretch"):
                st.metric(label, value)
                st.caption(note)


def _because(counts: pd.Series) -> str:
    early = counts.get("early", 0)
    return f"其中 {early} 个的统计期在数据截至之后才满" if early else "差多少、为什么，写在那一行"


def _left_out(counts: pd.Series) -> str:
    parts = [f"只有承诺或不导入 {counts.get('words', 0)} 个"]
    if counts.get("absent", 0):
        parts.append(f"本县数据里没有这个地方 {counts['absent']} 个")
    return "，".join(parts)


def documents(found: pd.DataFrame, filter: Filter) -> None:
    """One card for each document: its figures with the words, both numbers, the verdict, the page and the query."""
    known = {figure.id: figure for figure in figures()}
    first = queries.run("data_span", filter).at[0, "first_reported_at"]
    since = None if is_missing_time(first) else first.date()
    st.html(STYLE)
    for document, rows in found.groupby("document", sort=False):
        with card(f"《{document}》：{_message(rows)}"):
            body = "".join(_row(row, known[row.id], filter, since) for row in rows.itertuples())
            st.html(f'<table class="practice"><thead>{HEAD}</thead><tbody>{body}</tbody></table>')


def is_missing_time(moment: object) -> bool:
    """Whether there is no time (None and NaT)."""
    return moment is None or moment is pd.NaT


def _message(rows: pd.DataFrame) -> str:
    counts = rows["verdict"].value_counts()
    absent, words = counts.get("absent", 0), counts.get("words", 0)
    counted = len(rows) - absent - words
    if not counted:
        return f"{len(rows)} 个数，" + ("本县数据里没有这个地方" if absent else "只有承诺，没有计数")
    holds = counts.get("holds", 0)
    return f"{counted} 个数全部一致" if holds == counted else f"{counted} 个数中 {holds} 个一致"


def _row(row: object, figure: Figure, filter: Filter, since: date | None) -> str:
    value = {name: getattr(row, name) for name in ("place", "measure", "words", "recounted", "difference", "reason")}
    label, color = VERDICTS[str(row.verdict)]  # type: ignore[attr-defined]
    last = "" if figure.stop is None else figure.stop - timedelta(days=1)
    period = f"统计期 {figure.start} 至 {last}" if figure.start and last else f"截至 {last}" if last else ""
    notes = [value["reason"] or "", period + ("，推定" if period and figure.assumed else "")]
    recounted, difference = value["recounted"], value["difference"]
    cells = (
        f"<td><b>{html.escape(value['measure'])}</b><br><span class='quiet'>{html.escape(value['place'])}</span></td>",
        f"<td>“{html.escape(value['words'])}”<br><span class='quiet'>"
        f"{html.escape('；'.join(note for note in notes if note))}</span>{_query(figure)}</td>",
        f"<td class='number'>{html.escape(_stated(figure))}</td>",
        f"<td class='number'>{_number(figure, recounted)}</td>",
        f"<td class='number'>{'—' if is_missing(difference) else _number(figure, difference)}</td>",
        f"<td class='verdict' style='color:{color}'>{label}</td>",
        f"<td>{_link(figure, filter, since)}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def _stated(figure: Figure) -> str:
    """The number as the document says it: 650 以上 for 650余."""
    words = {"at_least": "以上", "at_most": "以内"}.get(figure.qualifier, "")
    unit = "" if figure.qualifier == "share" else f" {figure.unit}"
    return _number(figure, figure.value) + unit + words


def _number(figure: Figure, number: float | None) -> str:
    if is_missing(number):
        return "—"
    assert number is not None
    if figure.qualifier == "share":
        return "0" if number == 0 else f"{rounded(number * 100, 0 if number == figure.value else 1)}%"
    return rounded(number, 0 if float(number).is_integer() else 1)


def _query(figure: Figure) -> str:
    return f"<details><summary>查询</summary><pre>{html.escape(figure.sql)}</pre></details>" if figure.sql else ""


def _link(figure: Figure, filter: Filter, since: date | None) -> str:
    """The way to the page that shows it, filtered to its place and period; nothing where no page of the menu does."""
    titles = {name: title for entries in navigation.MENU.values() for name, title in entries}
    if figure.page not in titles:
        return ""
    needs_period = str(figure.table or "").split(" ")[0] not in (*REGISTERS, "")
    start = figure.start or (since if needs_period else None)
    params: dict[str, object] = {"region": figure.region}
    params |= {"start": start} if start else {}
    params |= {"stop": figure.stop} if figure.stop else {}
    params |= {"as_of": filter.as_of} if filter.as_of else {}
    target = "./" if figure.page == next(iter(titles)) else figure.page
    address = f"{target}?{urlencode({**params, **figure.see}, doseq=True)}"
    return f'<a href="{html.escape(address)}" target="_self">{html.escape(titles[figure.page])} →</a>'


def uncounted() -> None:
    """The card of what the documents tell and do not count: what is done, and which export would give the figures."""
    told = [entry for entry in mechanisms() if entry.said]
    titles = {name: title for entries in navigation.MENU.values() for name, title in entries}
    note = "这些没有公开的数可以对照；演示数据里的数是示意，接入自己的台账后才是本县的数"
    with card(f"报道写了做法、没有计数的 {len(told)} 项", note):
        body = "".join(
            f"<tr><td><b>{html.escape(entry.name)}</b></td><td>{html.escape(entry.said)}</td>"
            f"<td>{html.escape(entry.export)}</td><td>{_way(entry, titles[entry.page])}</td></tr>"
            for entry in told
        )
        st.html(f'<table class="practice"><thead>{UNCOUNTED}</thead><tbody>{body}</tbody></table>')


def _way(entry: Mechanism, title: str) -> str:
    address = f"{entry.page}?{urlencode(filters.link(**dict(entry.params)), doseq=True)}"
    return f'<a href="{html.escape(address)}" target="_self">{html.escape(title)} →</a>'

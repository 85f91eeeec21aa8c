"""XML exports: which elements are the records, and which list inside them becomes rows; counted by hand."""

from collections import Counter
from pathlib import Path

import pytest

from governance.drafting import draft
from tests.test_drafting import ALWAYS, APPEAL, bring, cannot_be_imported, open_keys, table


def request(n: int) -> str:
    """Case n of May, closed where n is odd; every one was dispatched and closed by somebody in its list of steps."""
    day = f"2026-05-{n:02}"
    closed = f"<finish_time>{day} 19:00:00</finish_time>" if n % 2 else "<finish_time/>"
    steps = "".join(
        f"<entry><step>{step}</step><time>{day} {hour}:00:00</time></entry>"
        for step, hour in (("派单", 10), ("办结", 19))
    )
    return (
        f'<request kind="x"><order_id>G{n:03}</order_id><title>第{n}件</title><category>环境卫生</category>'
        f"<create_time>{day} 09:00:00</create_time>{closed}<place><lane>a</lane></place>"
        f"<process>{steps}</process></request>"
    )


def some(first: int, last: int) -> str:
    return "".join(request(n) for n in range(first, last + 1))


SHAPES = {
    "requests": (f"<requests>{some(1, 19)}</requests>", "", "requests.request"),
    "spaces": (f'<o:requests xmlns:o="urn:x">{some(1, 19)}</o:requests>', "", "requests.request"),
    "answer": (
        f"<answer><head><code>0</code><page>1</page></head><data><units><unit><name>城管</name></unit>"
        f"<unit><name>交警</name></unit></units><rows>{some(1, 19)}</rows></data></answer>",
        'records = ["answer.data.rows.request"]', "answer.data.rows.request",
    ),
    "pages": (
        f"<pages><page><number>1</number><rows>{some(1, 9)}</rows></page>"
        f"<page><number>2</number><rows>{some(10, 19)}</rows></page></pages>",
        'records = ["pages.page.rows.request"]', "pages.page.rows.request",
    ),
    "halves": (
        f"<all><open>{some(1, 9)}</open><closed>{some(10, 19)}</closed></all>",
        'records = ["all.open.request", "all.closed.request"]', "all.open.request",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_records_of_an_xml_are_found(tmp_path: Path, shape: str) -> None:
    document, records, path = SHAPES[shape]
    file = tmp_path / "orders.xml"
    file.write_text(f'<?xml version="1.0" encoding="UTF-8"?>{document}', "utf-8")
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and made.look.rows == 19
    assert records in made.toml() and ("records" in made.toml()) == bool(records)
    assert any(f"{path}.process.entry（共" in note for note in made.notes)
    assert bring(tmp_path, made, [file]).tables["cases"].accepted == 19
    assert table()["closed_at"].notna().sum() == 10


@pytest.mark.parametrize("shape", ["requests", "answer"])
def test_the_steps_inside_the_records_become_rows(tmp_path: Path, shape: str) -> None:
    document, records, _ = SHAPES[shape]
    file = tmp_path / "orders.xml"
    file.write_text(document, "utf-8")
    steps = draft([file], table="case_steps", answers=ALWAYS | {"column.cycle": "=1"})
    assert not open_keys(steps) and records in steps.toml() and 'explode = "process.entry"' in steps.toml()
    assert bring(tmp_path, steps, [file]).tables["case_steps"].accepted == 38
    assert Counter(table("case_steps")["step"]) == {"dispatch": 19, "close": 19}


def test_one_record_alone_is_found_too(tmp_path: Path) -> None:
    file = tmp_path / "one.xml"
    file.write_text(f"<requests>{request(1)}</requests>", "utf-8")
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and made.look.rows == 1 and "records" not in made.toml()


def test_lists_of_an_xml_that_could_both_be_meant_are_asked(tmp_path: Path) -> None:
    file = tmp_path / "two.xml"
    other = "".join(
        f"<item><case_id>B{n}</case_id><title>b{n}</title><reported_at>2026-02-0{n}</reported_at>"
        f"<closed_at/><status>Open</status></item>"
        for n in range(1, 9)
    )
    file.write_text(f"<all><a>{some(1, 8)}</a><b>{other}</b></all>", "utf-8")
    made = draft([file], answers=ALWAYS | APPEAL)
    assert "file.records" in open_keys(made)
    cannot_be_imported(tmp_path, made, [file])
    made = draft([file], answers=ALWAYS | APPEAL | {"file.records": "all.b.item", "column.category": "=99"})
    assert not open_keys(made) and made.look.rows == 8

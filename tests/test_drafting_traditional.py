"""Exports in traditional characters (Hong Kong, Macau, Taiwan), and encodings that show late in a file."""

from collections import Counter
from pathlib import Path

import pytest

from governance.drafting import draft
from governance.drafting.headings import plain
from governance.drafting.traditional import SIMPLIFIED, TRADITIONAL
from governance.importing import encoding
from tests.test_drafting import ALWAYS, APPEAL, Rows, bring, open_keys, save, table, text

HEADINGS = [
    "案件編號",
    "案由",
    "案件類別",
    "反映管道",
    "受理時間",
    "結案時間",
    "處理狀態",
    "行政區",
    "陳情人",
    "聯絡電話",
]


def appeals(said: str = "路燈不亮") -> Rows:
    """Thirty cases of three months, 20 closed; a row of totals below."""
    rows: Rows = [HEADINGS]
    for n in range(1, 31):
        closed = n % 3 != 0
        rows.append(
            [
                f"HK2026-{n:04}",
                f"{said}第{n}件",
                "環境衛生" if n % 2 else "安全隱患",
                "熱線",
                f"2026/{1 + n % 3}/{1 + n % 9} 9:{n:02}",
                f"2026/{1 + n % 3}/{10 + n % 9} 16:{n:02}" if closed else "",
                "已結案" if closed else "處理中",
                "中西區",
                f"陳大文{n}",
                f"0912-{n:06}",
            ]
        )
    return [*rows, ["合計", "30"]]


def test_the_two_ways_of_writing_stand_side_by_side() -> None:
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert plain("案件編號（必填）") == plain("案件编号")
    assert all(one.encode("big5hkscs") for one in TRADITIONAL)


@pytest.mark.parametrize(
    ("codec", "said", "found"),
    [
        ("utf-8", "路燈不亮", "utf-8"),
        ("big5", "路燈不亮", "big5"),
        ("big5hkscs", "啲路燈唔着，喺邊度嘅", "big5hkscs"),
        ("cp950", "修繕費100€路燈", "cp950"),
    ],
)
def test_traditional_headings_and_words_are_understood(tmp_path: Path, codec: str, said: str, found: str) -> None:
    file = save(tmp_path / "陳情.csv", appeals(said), codec)
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made)
    assert made.look.files[0].encoding == found
    assert {one.heading for one in made.look.columns if one.personal} == {"陳情人", "聯絡電話"}
    report = bring(tmp_path, made, [file])
    assert (report.tables["cases"].accepted, report.tables["cases"].excluded) == (30, 1)
    cases = table()
    assert Counter(cases["reported_at"].dt.strftime("%m")) == {"01": 10, "02": 10, "03": 10}
    assert cases["closed_at"].notna().sum() == 20
    assert Counter(cases["category"]) == {"04": 15, "02": 15}
    assert set(cases["channel"]) == {"09"} and set(cases["status"]) == {"closed", "processing"}
    assert set(cases["region_code"]) == {"中西區"}
    assert sorted(cases["title"])[0].startswith(said)


def late(words: str, codec: str) -> bytes:
    """A file whose first 300,000 bytes are plain ASCII; then come ten lines that are not."""
    plain_rows = [[f"A{n:07}", "2026-01-05 09:00:00", "pothole on the road"] for n in range(8_000)]
    rows = [["id", "opened", "note"], *plain_rows, *([f"B{n:07}", "2026-01-06 09:00:00", words] for n in range(10))]
    return text(rows).encode(codec)


@pytest.mark.parametrize(
    ("words", "codec"),
    [
        ("Rue Sainte-Hélène, près du château déjà réparé à Montréal", "cp1252"),
        ("社区路灯不亮，居民反映多次，请物业处理", "gb18030"),
        ("社區路燈不亮，居民反映多次，請物業處理", "big5"),
        ("啲路燈唔着，居民反映多次，喺社區嘅街道", "big5hkscs"),
        ("社区路灯不亮，居民反映多次", "utf-8"),
    ],
)
def test_an_encoding_is_decided_where_it_shows(tmp_path: Path, words: str, codec: str) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(late(words, codec))
    made = draft([path], answers=ALWAYS | APPEAL)
    assert made.look.files[0].encoding == codec
    assert "file.encoding" not in open_keys(made)
    assert encoding.choose(str(path), "auto", []) in (codec, "gb18030" if codec.startswith("big5") else codec)


def test_what_is_looked_at_stays_small_however_large_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(late("社区路灯不亮", "gb18030") + "社区路灯不亮\n".encode("gb18030") * 500_000)
    seen = encoding.evidence(str(path))
    assert len(seen) < 3 * encoding.SAMPLE
    assert "社区路灯不亮" in seen.decode("gb18030")


def test_a_single_line_without_an_end_is_not_gathered_without_bound(tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    path.write_bytes(b"id,note\n" + b"x" * 70_000 + b"\n" + "路灯".encode("gb18030") * 2_000_000)
    assert len(encoding.evidence(str(path))) < 3 * encoding.SAMPLE

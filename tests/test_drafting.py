"""Drafts of mappings: made-up exports with counts known beforehand, drafted, answered, and really imported."""

import csv
import datetime
import io
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from governance import snapshots
from governance.drafting import Draft, draft
from governance.importing import ImportProblem, ImportReport, import_files

ALWAYS = {"merge": "upsert", "source": "hotline"}  # what no file can tell
APPEAL = {"column.origin": "=appeal"}
Row = Sequence[object]
Rows = list[Sequence[object]]


def text(rows: Sequence[Row], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def save(path: Path, rows: Sequence[Row], codec: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_bytes(text(rows, delimiter).encode(codec))
    return path


def workbook(path: Path, sheets: Mapping[str, Sequence[Row]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def open_keys(made: Draft) -> set[str]:
    return {one.key for one in made.open_questions}


def bring(folder: Path, made: Draft, files: Sequence[Path], as_of: datetime.datetime | None = None) -> ImportReport:
    mapping = folder / "drafted.toml"
    mapping.write_text(made.toml(), "utf-8")
    return import_files(mapping, list(files), as_of)


def table(name: str = "cases") -> pd.DataFrame:
    return pd.concat(pd.read_parquet(path) for path in snapshots.latest().files(name))


def cannot_be_imported(folder: Path, made: Draft, files: Sequence[Path]) -> str:
    """A draft with open questions is a mapping that the importer refuses: no guess can slip in."""
    assert not made.is_complete
    tomllib.loads(made.toml())
    with pytest.raises(ImportProblem) as caught:
        bring(folder, made, files)
    assert not snapshots.snapshot_ids()
    return str(caught.value)


@dataclass
class Export:
    """An export with what is to be asked, the answers, and the figures counted by hand."""

    files: list[Path]
    answers: dict[str, str]
    months: dict[str, int]
    closed: int = 0
    categories: dict[str, int] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


MONTH = {1: "2026-01", 2: "2026-02", 3: "2026-03"}


def hotline(folder: Path) -> Export:
    """12345: two title rows, GB18030, the two times that could both be the report."""
    rows: Rows = [["12345热线工单明细表"], ["制表日期：2026年3月31日"]]
    rows += [
        [
            "工单编号",
            "诉求标题",
            "诉求类型",
            "受理渠道",
            "创建时间",
            "受理时间",
            "办结时间",
            "工单状态",
            "满意度",
            "来电人姓名",
            "联系电话",
        ]
    ]
    for n in range(1, 41):
        month, closed = 1 + n % 3, n % 4 != 0
        rows.append(
            [
                f"GD2026{n:05}",
                f"第{n}件",
                ["环境卫生", "物业管理"][n % 2],
                "电话",
                f"2026-{month:02}-05 09:{n:02}:00",
                f"2026-{month:02}-05 10:{n:02}:00",
                f"2026-{month:02}-07 10:00:00" if closed else "",
                "已办结" if closed else "处理中",
                ["满意", "不满意"][n % 2] if closed else "无",
                "张三丰",
                "13800001111",
            ]
        )
    return Export(
        [save(folder / "12345.csv", rows, "gb18030")],
        ALWAYS | APPEAL | {"column.reported_at": "创建时间"},
        {"2026-01": 13, "2026-02": 14, "2026-03": 13},
        30,
        {"04": 20, "05": 20},
        {"merge", "source", "column.origin", "column.reported_at"},
    )


def city(folder: Path) -> Export:
    """数字城管: Chinese dates, tabs, UTF-16, a category that nobody knows."""
    rows: Rows = [["任务号", "案件大类", "案件小类", "问题来源", "立案时间", "结案时间", "案卷状态", "网格编码"]]
    for n in range(1, 25):
        rows.append(
            [
                f"T{n:04}",
                ["市容环境", "宣传广告"][n % 2],
                "暴露垃圾",
                "监督员上报",
                f"2026年{1 + n % 2}月{1 + n % 9}日 8时{n}分",
                f"2026年3月1日 8时{n}分" if n <= 18 else "-",
                "结案" if n <= 18 else "处置中",
                "141122001001001",
            ]
        )
    return Export(
        [save(folder / "城管.tsv", rows, "utf-16", "\t")],
        ALWAYS | {"column.origin": "=proactive", "code.category.宣传广告": "06"},
        {"2026-01": 12, "2026-02": 12},
        18,
        {"04": 12, "06": 12},
        {"merge", "source", "column.origin", "code.category.宣传广告"},
    )


def english(folder: Path) -> Export:
    """A 311 export of a city whose dates do not say whether the day or the month comes first."""
    rows: Rows = [["Service Request Number", "Request Type", "Status", "Created Date", "Closed Date"]]
    for n in range(1, 13):
        rows.append(
            [
                f"SR-{n}",
                "Sanitation",
                "Closed" if n < 9 else "Open",
                f"0{1 + n % 3}/0{1 + n % 2}/2026",
                "03/03/2026" if n < 9 else "",
            ]
        )
    return Export(
        [save(folder / "requests.csv", rows)],
        ALWAYS | APPEAL | {"order.reported_at": "month", "order.closed_at": "month"},
        {"2026-01": 4, "2026-02": 4, "2026-03": 4},
        8,
        {"04": 12},
        {"merge", "source", "column.origin", "order.reported_at", "order.closed_at"},
    )


def decided(folder: Path) -> Export:
    """The same with days above 12: the values decide, nobody is asked."""
    rows: Rows = [["Case ID", "Category", "Opened", "Closed"]]
    rows += [
        [f"C{n}", "Other", f"{10 + n}/0{1 + n % 2}/2026 9:0{n % 10}", "28/02/2026 10:00" if n < 5 else "N/A"]
        for n in range(1, 15)
    ]
    return Export(
        [save(folder / "cases.csv", rows, delimiter=";")],
        ALWAYS | APPEAL,
        {"2026-01": 7, "2026-02": 7},
        4,
        {"99": 14},
        {"merge", "source", "column.origin"},
    )


def mixed(folder: Path) -> Export:
    """A workbook in which some times are date cells and some are text."""
    rows: Rows = [["留言编号", "留言主题", "留言类别", "留言时间", "点赞数"]]
    for n in range(1, 21):
        moment = datetime.datetime(2026, 1 + n % 2, 3, 9, n)
        rows.append([n, f"第{n}条留言", "咨询", moment if n % 4 == 0 else moment.strftime("%Y/%m/%d %H:%M:%S"), n % 5])
    second = [rows[0], *rows[3:9]]
    return Export(
        [workbook(folder / "留言.xlsx", {"全部": rows, "去重后": second})],
        ALWAYS
        | APPEAL
        | {"file.sheet": "全部", "mixed.reported_at": "all", "column.rating": "", "column.category": "留言类别"},
        {"2026-01": 10, "2026-02": 10},
        0,
        {"08": 20},
        {"merge", "source", "column.origin", "file.sheet", "mixed.reported_at", "column.rating", "column.category"},
    )


def headerless(folder: Path) -> Export:
    """Three daily files without headings: columns go by number, and only a person knows which time is which."""
    files = []
    for day in (1, 2, 3):
        rows: Rows = [
            [f"W{day}{n:03}", f"2026-02-0{day} 09:{n:02}", f"2026-02-0{day} 15:{n:02}" if n % 2 else "", "环境卫生"]
            for n in range(1, 11)
        ]
        files.append(save(folder / f"0{day}.csv", rows))
    return Export(
        files,
        ALWAYS
        | APPEAL
        | {"column.case_id": "#1", "column.reported_at": "#2", "column.closed_at": "#3", "column.category": "#4"},
        {"2026-02": 30},
        15,
        {"04": 30},
        {"merge", "source", "column.origin", "column.case_id", "column.reported_at", "column.category"},
    )


def repeated(folder: Path) -> Export:
    """A heading that stands twice, one that is empty, one that is a formula."""
    rows: Rows = [["编号", "类别", "登记时间", "办结时间", "", "办结时间", "=SUM(A1)"]]
    rows += [
        [n, "其他", f"2026-01-{n:02}", f"2026-02-{n:02}" if n < 7 else "", "x", f"2026-03-{n:02}", "1"]
        for n in range(1, 11)
    ]
    return Export(
        [save(folder / "重复.csv", rows)],
        ALWAYS | APPEAL | {"column.case_id": "编号", "column.closed_at": "#4"},
        {"2026-01": 10},
        6,
        {"99": 10},
        {"merge", "source", "column.origin", "column.case_id", "column.closed_at"},
    )


def compact(folder: Path) -> Export:
    """Times without any sign, and an untitled column of remarks with every null word there is."""
    rows: Rows = [["事件编号", "事件类型", "上报时间", "结案时间", "所属网格"]]
    words = ["NULL", "N/A", "-", "无", "0000-00-00 00:00:00"]
    rows += [
        [f"E{n}", "治安", f"202601{n:02}083000", words[n % 5] if n % 2 else f"202602{n:02}083000", "G1"]
        for n in range(1, 21)
    ]
    return Export(
        [save(folder / "事件.csv", rows)],
        ALWAYS | {"column.origin": "=proactive"},
        {"2026-01": 20},
        10,
        {"07": 20},
        {"merge", "source", "column.origin"},
    )


def at_night(folder: Path) -> Export:
    """Hours that come at night only when read as they stand: UTC, says the person who knows."""
    rows: Rows = [["caseid", "category", "createdate"]]
    rows += [[n, "Other", f"2026-01-31 {[0, 1, 2, 3, 6, 7, 8, 22, 23, 18][n % 10]:02}:15:00"] for n in range(1, 61)]
    return Export(
        [save(folder / "utc.csv", rows)],
        ALWAYS | APPEAL | {"file.time_zone": "UTC"},
        {"2026-01": 42, "2026-02": 18},
        0,
        {"99": 60},
        {"merge", "source", "column.origin", "file.time_zone"},
    )


def offsets(folder: Path) -> Export:
    """Offsets of two kinds in one column."""
    rows: Rows = [["service_request_id", "service_name", "requested_datetime", "status"]]
    rows += [[n, "Sanitation", f"2026-01-31T20:0{n % 10}:00{'+08:00' if n % 2 else 'Z'}", "open"] for n in range(1, 41)]
    return Export(
        [save(folder / "open311.csv", rows)],
        ALWAYS | APPEAL | {"file.local_zone": "Asia/Shanghai"},
        {"2026-01": 20, "2026-02": 20},
        0,
        {"04": 40},
        {"merge", "source", "column.origin", "file.local_zone"},
    )


def lower_word(folder: Path) -> Export:
    """Big5, a status of its own, a channel whose words are other people's."""
    rows: Rows = [["工單編號", "案件類別", "受理時間", "結案時間"]]
    rows += [[f"B{n}", "其他", f"2026/1/{n} 09:00", f"2026/2/{n} 09:00"] for n in range(1, 21)]
    answers = {
        "column.case_id": "工單編號",
        "column.category": "案件類別",
        "column.reported_at": "受理時間",
        "column.closed_at": "結案時間",
    }
    return Export([save(folder / "big5.csv", rows, "big5")], ALWAYS | APPEAL | answers, {"2026-01": 20}, 20, {"99": 20})


MAKERS = [hotline, city, english, decided, mixed, headerless, repeated, compact, at_night, offsets, lower_word]


@pytest.mark.parametrize("maker", MAKERS, ids=lambda one: one.__name__)
def test_a_drafted_mapping_imports_to_the_figures_counted_by_hand(tmp_path: Path, maker) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    export = maker(tmp_path)
    first = draft(export.files)
    if export.asked:
        assert open_keys(first) == export.asked
    cannot_be_imported(tmp_path, first, export.files)

    made = draft(export.files, answers=export.answers)

    assert made.is_complete, [one.key for one in made.open_questions] + list(made.missing)
    bring(tmp_path, made, export.files)
    cases = table()
    assert dict(Counter(cases.reported_at.dt.strftime("%Y-%m"))) == export.months
    assert int(cases.closed_at.notna().sum()) == export.closed
    assert dict(Counter(cases.category)) == export.categories

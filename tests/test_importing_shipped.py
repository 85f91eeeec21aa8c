# ruff: noqa: E501 (the lines of an export are kept whole)
"""The shipped mappings, each with a small invented export of its kind; every value counted by hand."""

import json
from pathlib import Path

import pandas as pd
import pytest
import xlwt

from governance import snapshots
from governance.importing import ImportReport, import_files
from governance.importing.mapping import read_mapping

MAPPINGS = Path(__file__).resolve().parents[1] / "governance" / "mappings"


def bring(mapping: str, path: Path) -> ImportReport:
    return import_files(MAPPINGS / f"{mapping}.toml", [path])


def table(name: str, *key: str) -> pd.DataFrame:
    found = pd.read_parquet(snapshots.latest().files(name)[0])
    return found.set_index(list(key)).sort_index()


def column(frame: pd.DataFrame, name: str) -> dict[object, object]:
    values = frame[name].dropna()
    return (values.dt.strftime("%m-%d %H:%M") if "time" in str(values.dtype) else values).to_dict()


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_mapping_can_be_read(path: Path) -> None:
    assert read_mapping(path).tables


HOTLINE = [
    "工单编号,诉求类型,来源渠道,紧急程度,事项分类,标题,社区代码,网格编码,承办单位,来电号码,受理时间,派单时间,签收时间,首次联系时间,办结时间,"
    "办理时限,回访时间,工单状态,是否解决,是否满意,重办次数",
    "R1,投诉,电话,一般,城市管理->市容环境->占道经营,占道经营,141122001001,141122001001001,城管局,13800000000,2026/5/1 8:00,2026/5/1 8:05,"
    "2026/5/1 9:00,2026/5/1 10:00,2026/5/3 17:30,2026/5/8 8:00,2026/5/4 9:00,已归档,是,非常满意,0",
    "R2,咨询,微信,一般,咨询,怎么办证,141122001001,,民政局,13800000001,2026/5/2 8:00,2026/5/2 8:01,无,无,无,2026/5/9 8:00,无,办理中,未评价,未评价,0",
    "R3,求助,网站,特急,公用事业->供水,停水,141122001002,141122001002001,水务局,13800000000,2026/5/3 8:00,2026/5/3 8:10,2026/5/3 8:20,"
    "2026/5/3 8:30,2026/5/3 20:00,2026/5/4 8:00,2026/5/5 9:00,发回重办,否,不满意,1",
    "R4,投诉,电话,一般,城市管理,测试单,141122001001,,城管局,13800000002,2026/5/3 9:00,无,无,无,无,无,无,测试,未评价,未评价,0",
    "合计,4",
]


def test_hotline(tmp_path: Path) -> None:
    path = tmp_path / "工单.csv"
    path.write_bytes("\r\n".join(HOTLINE).encode("gb18030"))

    report = bring("hotline", path)

    counts = report.tables["cases"]
    assert (counts.rows_read, counts.accepted, counts.excluded, counts.rejected_count) == (5, 3, 2, 0)
    cases = table("cases", "case_id")
    assert column(cases, "category") == {"R1": "04", "R2": "08", "R3": "06"}
    assert column(cases, "subcategory") == {"R1": "占道经营", "R2": "咨询", "R3": "供水"}
    assert column(cases, "kind") == {"R1": "appeal", "R2": "inquiry", "R3": "appeal"}
    assert column(cases, "channel") == {"R1": "09", "R2": "02", "R3": "02"}
    assert column(cases, "urgency") == {"R1": "normal", "R2": "normal", "R3": "urgent"}
    assert column(cases, "closed_at") == {"R1": "05-03 17:30", "R3": "05-03 20:00"}
    assert column(cases, "status") == {"R1": "closed", "R2": "processing", "R3": "reopened"}
    assert column(cases, "rating") == {"R1": 5, "R3": 2}
    assert column(cases, "outcome_visit") == {"R1": "solved", "R3": "unsolved"}
    assert cases["reporter_hash"]["R1"] == cases["reporter_hash"]["R3"] != cases["reporter_hash"]["R2"]
    assert not cases.astype(str).apply(lambda values: values.str.contains("138000")).any(axis=None)
    steps = table("case_steps", "case_id", "seq")
    assert column(steps.loc["R1"], "step") == {
        1: "find", 2: "dispatch", 3: "sign", 4: "feedback", 5: "close", 6: "visit"
    }  # fmt: skip
    assert column(steps.loc["R2"], "happened_at") == {1: "05-02 08:00", 2: "05-02 08:01"}


GRID: list[list[object]] = [
    ["某某区网格化平台事件清单"],
    [
        "事件编号", "事件标题", "事件大类", "事件小类", "上报来源", "上报人", "紧急程度", "事件级别", "社区编码", "网格编码", "经度",
        "纬度", "上报时间", "派遣时间", "到场时间", "办结时间", "办理期限", "处置部门", "是否吹哨", "事件状态",
    ],
    [
        "W1", "楼道堆物", "安全隐患", "楼道堆物", "网格员上报", "张三", "一般", "二级", "141122001001", "141122001001001", 116.403988,
        39.914266, "2026-05-01 08:00:00", "2026-05-01 08:10:00", "2026-05-01 09:00:00", "2026-05-01 18:00:00", "2026-05-04",
        "社区", "否", "已结案",
    ],
    [
        "W2", "井盖丢失", "公共设施", "井盖", "随手拍", "李四", "紧急", "三级", "141122001001", "/", "", "", "2026-05-02 08:00:00",
        "2026-05-02 08:10:00", "", "", "2026-05-05", "城管局", "是", "处理中",
    ],
    ["W3", "草稿", "其他", "", "群众反映", "", "一般", "", "", "", "", "", "2026-05-02 09:00:00", *[""] * 6, "草稿"],
    ["总计", 3],
]  # fmt: skip


def test_grid_platform(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("事件")
    for number, row in enumerate(GRID):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    book.save(str(tmp_path / "事件.xls"))

    report = bring("grid_platform", tmp_path / "事件.xls")

    counts = report.tables["cases"]
    assert (counts.rows_read, counts.accepted, counts.excluded, counts.rejected_count) == (4, 2, 2, 0)
    cases = table("cases", "case_id")
    assert column(cases, "category") == {"W1": "02", "W2": "06"}
    assert column(cases, "origin") == {"W1": "proactive", "W2": "appeal"}
    assert column(cases, "kind") == {"W1": "proactive", "W2": "appeal"}
    assert column(cases, "channel") == {"W1": "10", "W2": "08"}
    assert column(cases, "escalation_level") == {"W1": 2, "W2": 3}
    assert column(cases, "need_whistle") == {"W1": False, "W2": True}
    assert column(cases, "arrived_at") == {"W1": "05-01 09:00"}
    assert column(cases, "due_at") == {"W1": "05-04 00:00", "W2": "05-05 00:00"}
    assert abs(cases["lon"]["W1"] - 116.397744) < 5e-5, "moved back from the coordinates of Chinese maps"
    assert cases["grid_id"].isna().to_dict() == {"W1": False, "W2": True}
    assert column(table("case_steps", "case_id", "seq").loc["W2"], "step") == {1: "find", 2: "dispatch"}
    assert not cases.astype(str).isin(["张三", "李四"]).any(axis=None)


CITY = [
    "案卷编号,问题来源,大类名称,小类名称,社区代码,单元网格编码,经度,纬度,上报时间,立案时间,派遣时间,处置完成时间,反馈时间,核查时间,结案时间,"
    "处置截止时间,处置部门,是否缓办,返工次数,案卷状态",
    "C1,监督员上报,市容环境,暴露垃圾,141122001001,14112200100101,112.1,37.5,2026年5月1日 8时0分,2026年5月1日 8时5分,2026年5月1日 8时10分,"
    "2026年5月1日 15时0分,2026年5月1日 15时5分,2026年5月1日 16时0分,2026年5月1日 17时0分,2026年5月2日 8时10分,环卫所,否,1,已结案",
    "C2,12345转办,施工管理,施工扰民,141122001001,14112200100101,112.1,37.5,2026年5月2日 8时0分,2026年5月2日 8时5分,,,,,,"
    "2026年5月3日 8时10分,住建局,是,,缓办",
    "C3,视频上报,街面秩序,占道经营,141122001002,14112200100201,0,0,2026年5月3日 8时0分,,,,,,,,,,,不予立案",
]


def test_city_management(tmp_path: Path) -> None:
    path = tmp_path / "案卷.txt"
    path.write_bytes("\r\n".join(CITY).replace(",", "\t").encode("utf-16"))
    mapping = tmp_path / "tabs.toml"
    text = (MAPPINGS / "city_management.toml").read_text("utf-8")
    mapping.write_text(text.replace("[file]", '[file]\ndelimiter = "\\t"'), "utf-8")

    report = import_files(mapping, [path])

    assert (report.tables["cases"].accepted, report.tables["cases"].rejected_count) == (3, 0)
    cases = table("cases", "case_id")
    assert column(cases, "category") == {"C1": "04", "C2": "06", "C3": "07"}
    assert column(cases, "origin") == {"C1": "proactive", "C2": "assigned", "C3": "proactive"}
    assert column(cases, "is_deferred") == {"C1": False, "C2": True, "C3": False}
    assert column(cases, "reopen_count") == {"C1": 1, "C2": 0, "C3": 0}
    assert column(cases, "invalid_reason") == {"C3": "rejected"}
    assert column(cases, "closed_at") == {"C1": "05-01 17:00"}
    assert column(table("case_steps", "case_id", "seq").loc["C1"], "step") == {
        1: "find", 2: "dispatch", 3: "handle", 4: "feedback", 5: "visit", 6: "close"
    }  # fmt: skip


def order(number: int, **more: object) -> dict[str, object]:
    start = 1777593600  # 2026-05-01 08:00 in Shanghai
    return {
        "order_id": f"O{number}",
        "desc": "某人的正文",
        "urge_type": 1,
        "case_name": "垃圾清运",
        "grid_id": "G1",
        "reporter_name": "某人",
        "reporter_mobile": "13800000000",
        "unionid": "u1",
        "create_time": start + number * 3600,
        "location": {"name": "测试小区", "latitude": 0, "longitude": 0},
        "process_list": [],
    } | more


def answers(*, details: bool) -> str:
    solved = [
        {"process_type": 1, "status": 1, "solved_time": 1777600800, "solve_userid": "z"},
        {"process_type": 2, "status": 1, "solved_time": 1777687200},
    ]
    at_hand = [{"process_type": 1, "status": 1, "solved_time": 1777604400}, {"process_type": 2, "solved_time": 0}]
    orders = [
        order(1, process_list=solved),
        order(2, process_list=at_hand, case_name="自设类型"),
        order(3, unionid="u2"),
    ]
    if details:
        return "\n".join(json.dumps({"errcode": 0, "order_info": one}, ensure_ascii=False) for one in orders)
    pages = [{"errcode": 0, "next_cursor": "x", "order_list": orders[:2]}, {"errcode": 0, "order_list": orders[2:]}]
    return json.dumps(pages, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("details", [False, True], ids=["order_list", "order_info"])
@pytest.mark.parametrize("mapping", ["wecom", "wecom_patrol"])
def test_wecom(tmp_path: Path, mapping: str, details: bool) -> None:
    path = tmp_path / "orders.json"
    path.write_text(answers(details=details), "utf-8")

    report = bring(mapping, path)

    cases = table("cases", "case_id")
    assert column(cases, "reported_at") == {"O1": "05-01 09:00", "O2": "05-01 10:00", "O3": "05-01 11:00"}
    assert column(cases, "closed_at") == {"O1": "05-02 10:00"}, "the last step of O2 is at hand, O3 has none"
    assert column(cases, "category") == {"O1": "04", "O2": "99", "O3": "04"}
    assert set(cases["origin"]) == {"proactive" if mapping == "wecom_patrol" else "appeal"}
    assert cases["lon"].isna().all(), "0, 0 is no position"
    if mapping == "wecom":
        assert cases["reporter_hash"]["O1"] == cases["reporter_hash"]["O2"] != cases["reporter_hash"]["O3"]
    counts = report.tables["case_steps"]
    assert (counts.rows_read, counts.accepted, counts.excluded) == (4, 3, 1)
    assert column(table("case_steps", "case_id", "seq"), "happened_at") == {
        ("O1", 1): "05-01 10:00", ("O1", 2): "05-02 10:00", ("O2", 1): "05-01 11:00"
    }  # fmt: skip
    assert not cases.astype(str).apply(lambda values: values.str.contains("某人|13800")).any(axis=None)


REQUESTS: list[dict[str, object]] = [
    {"service_request_id": "638344", "status": "closed", "status_notes": "done", "service_name": "Pothole",
     "service_code": "006", "agency_responsible": "DPW", "requested_datetime": "2026-04-14T06:37:38-08:00",
     "updated_datetime": "2026-04-15T06:37:38Z", "expected_datetime": None, "address_id": "545483", "lat": 37.76,
     "long": -122.44},
    {"service_request_id": 638349, "status": "open", "service_name": "Unheard of", "agency_responsible": None,
     "requested_datetime": "2026-04-19T06:37:38Z", "updated_datetime": "2026-04-20T06:37:38Z", "address_id": None,
     "expected_datetime": "2026-04-27T06:37:38Z", "lat": 37.7, "long": -122.4},
]  # fmt: skip


def as_xml() -> str:
    requests = ""
    for one in REQUESTS:
        fields = "".join(f"<{name}/>" if value is None else f"<{name}>{value}</{name}>" for name, value in one.items())
        requests += f"<request>{fields}</request>\n"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<service_requests>\n{requests}</service_requests>\n'


@pytest.mark.parametrize("name", ["requests.json", "requests.xml", "requests.jsonl"])
def test_open311(tmp_path: Path, name: str) -> None:
    lines = "\n".join(map(json.dumps, REQUESTS))
    content = {"xml": as_xml(), "json": json.dumps(REQUESTS), "jsonl": lines}[name.rpartition(".")[2]]
    (tmp_path / name).write_text(content, "utf-8")

    report = bring("open311", tmp_path / name)

    assert (report.tables["cases"].accepted, report.tables["cases"].rejected_count) == (2, 0)
    cases = table("cases", "case_id")
    assert column(cases, "reported_at") == {"638344": "04-14 14:37", "638349": "04-19 06:37"}
    assert column(cases, "closed_at") == {"638344": "04-15 06:37"}, "an open request was updated, not closed"
    assert column(cases, "due_at") == {"638349": "04-27 06:37"}
    assert column(cases, "category") == {"638344": "06", "638349": "99"}
    assert column(cases, "lat") == {"638344": 37.76, "638349": 37.7}

"""Partners, facilities, activities and video points of the demo: numbers only, never a list of persons."""

from __future__ import annotations

from datetime import date

import numpy as np

from governance.demo import brands, party
from governance.demo.book import Book, months
from governance.demo.councils import HUNYUAN, ZUOYUN

DEPARTMENTS = [
    "内科",
    "外科",
    "骨科",
    "妇科",
    "眼科",
    "口腔科",
    "皮肤科",
    "中医科",
    "康复科",
    "心血管科",
    "内分泌科",
    "耳鼻喉科",
]
CANTEENS = (  # 从1间门面开到3间: name, opened, meals a day, takings a day
    ("和济社区食堂", "2024-04-08", 96, 2200),
    ("和济社区食堂二店", "2024-10-15", 68, 1600),
    ("和济社区食堂三店", "2025-04-22", 52, 1200),
)


def fill(book: Book) -> None:
    """Write who works together, where, and what they do."""
    _partners(book)
    _facilities(book)
    _activities(book)
    _series(book)
    brands.fill(book)
    _video(book)


def _partners(book: Book) -> None:
    rows: list[tuple[str, str, str | None, list[int]]] = [
        ("三顺店社区", "企事业单位党组织", "党建共驻共建共同体", [12] * 119),
        ("三顺店社区", "社会组织", "社区蜂巢", [9] * 35),
        ("三顺店社区", "高校", "党建共驻共建共同体", [0] * 8),
        ("三顺店社区", "志愿者", "常态化志愿者", [6200, 4400]),
        ("三顺店社区", "楼栋长单元长", "全部", [120]),
        ("三顺店社区", "党员楼栋长单元长", "红色管家", [48]),
        ("三顺店社区", "服务对象（只计数）", "我是小小厨师长", [84]),
        ("巴彦淖尔北路社区", "临时党支部", "老旧小区改造临时党支部", [24]),
        ("巴彦淖尔北路社区", "志愿服务队", "红马甲", [36]),
        ("和济社区", "小区党支部", None, book.split(386, 9)),
        ("和济社区", "楼栋党小组", None, [0] * 16),
        ("和济社区", "两委干部", None, [9]),
        ("和济社区", "网约车司机联合党支部", "司机之家", book.split(252, 2)),
        ("和济社区", "报到司机", "流动网格员", [319]),
        ("和济社区", "拥军门店", "拥军惠军一条街", [1] * 93),
        ("西南城社区", "小区党支部", None, [0] * 9),
        ("西南城社区", "自管党员", None, [283]),
        ("西南城社区", "在职报到党员", None, [498]),
        ("西南城社区", "志愿服务队", "七色志愿", book.split(212, 7)),
        (HUNYUAN[0], "结对帮扶对象（只计数）", "践诺评诺", [11]),
        ("温馨社区", "结对帮扶对象（只计数）", "一对一", [26]),
    ]
    rows += [(HUNYUAN[i % 4], "五色模范党员", f"{color}色党员", [8]) for i, color in enumerate("红橙紫蓝绿")]
    rows += [
        (name, "联席议事会", None, [members]) for name, members in zip(ZUOYUN, book.split(126, 7, 60), strict=True)
    ]
    rows += [
        (name, "联盟参与力量", "党建联盟", [members]) for name, members in zip(ZUOYUN, book.split(2068, 7), strict=True)
    ]
    rows += [(ZUOYUN[i % 7], "社会组织", None, [15 + i]) for i in range(33)]
    for community, kind, team, members in rows:
        for serial, count in enumerate(members, 1):
            book.add(
                "partners",
                community,
                partner_type=kind,
                team=team,
                member_count=count,
                joined_on=book.day("2022-01-01", "2024-01-01"),
                **party.placed(book.places, community, kind, serial),
            )
    book.rows["partners"] += party.organisations(book.places)


def _facilities(book: Book) -> None:
    add = book.add
    estates = book.places.estates[book.places.estates["region_code"].str.startswith("140225")].iloc[::3].head(23)
    for estate in estates.itertuples():
        book.rows.setdefault("facilities", []).append(
            {
                "region_code": estate.region_code,
                "estate_id": estate.estate_id,
                "facility_type": "红色港湾",
                "name": f"{estate.name}红色港湾",
                "opened_on": book.day("2022-06-01", "2023-12-01"),
            }
        )
    for name in ZUOYUN:
        add(
            "facilities",
            name,
            facility_type="党群服务中心",
            name=f"{name}一站受理窗口",
            service_count=24,
            opened_on=np.datetime64("2023-09-01"),
        )
    for name, opened, people, revenue in CANTEENS:
        add(
            "facilities",
            "和济社区",
            facility_type="社区食堂",
            name=name,
            visits_per_day=people,
            revenue_per_day=revenue,
            area_m2=60.0,
            opened_on=np.datetime64(opened),
        )
    add(
        "facilities",
        "和济社区",
        facility_type="司机之家",
        name="红色导航司机之家",
        area_m2=500.0,
        investment=1500000,
        visits_per_day=312,
        service_count=6,
        opened_on=np.datetime64("2024-09-12"),
    )
    add(
        "facilities",
        "和济社区",
        facility_type="邻里集市",
        name="向日葵邻里服务集市",
        service_count=7,
        opened_on=np.datetime64("2024-01-20"),
    )
    add(
        "facilities",
        "西南城社区",
        facility_type="邻里荟",
        name="六府邻里荟",
        area_m2=2014.0,
        service_count=22,
        opened_on=np.datetime64("2024-10-01"),
    )
    add(
        "facilities",
        "西南城社区",
        facility_type="课后托管",
        name="四点半课堂",
        visits_per_day=24,
        opened_on=np.datetime64("2024-11-04"),
    )
    add(
        "facilities",
        "西南城社区",
        facility_type="社区食堂",
        name="幸福食堂",
        visits_per_day=96,
        opened_on=np.datetime64("2024-12-02"),
    )
    add(
        "facilities",
        "新建社区",
        facility_type="积分超市",
        name="党建积分超市",
        service_count=38,
        opened_on=np.datetime64("2023-05-06"),
    )
    add(
        "facilities",
        "新建社区",
        facility_type="就近办服务岗",
        name="就近办服务岗",
        service_count=16,
        opened_on=np.datetime64("2023-05-06"),
    )


def _activities(book: Book) -> None:
    """What the documents count: each line is place, kind, team, number, period, hours, people served in all."""
    rows = (
        (HUNYUAN[1], "志愿服务", "恒源首席小区党支部", 10, "2024-01-05", "2024-12-25", 3.0, 420),
        ("巴彦淖尔北路社区", "志愿服务", "红马甲", 73, "2025-01-06", "2026-01-30", 2.0, 2900),
        ("三顺店社区", "我是小小厨师长", "我是小小厨师长", 356, "2021-01-04", "2025-12-30", 17.2, 4100),
        ("三顺店社区", "品牌活动", "万家团圆中国节", 24, "2024-01-05", "2026-06-20", 3.0, 3600),
        ("三顺店社区", "品牌活动", "不让毒品进我家", 16, "2024-01-05", "2026-06-20", 2.0, 1500),
        ("三顺店社区", "品牌活动", "智慧家长学校", 30, "2024-01-05", "2026-06-20", 2.0, 1800),
        ("三顺店社区", "品牌活动", "社区乌兰牧骑", 28, "2024-01-05", "2026-06-20", 2.5, 5200),
        ("和济社区", "金融反诈宣传", "晋商银行", 33, "2025-01-06", "2026-06-25", 1.5, 1900),
        ("和济社区", "社区园联建", "康园幼儿园", 12, "2025-01-06", "2026-06-25", 2.0, 324),
        ("西南城社区", "志愿服务", "七色志愿", 520, "2024-01-05", "2026-06-25", 2.0, 20640),
        ("云梦社区", "义诊", "县医疗集团", 9, "2024-10-08", "2025-10-20", 3.0, 318),
        ("龙山社区", "意见征集", "网格员", 14, "2025-01-08", "2025-10-25", 3.0, 536),
        ("温馨社区", "文化服务", "共性+个性菜单", 48, "2024-01-05", "2026-06-25", 2.0, 1440),
        ("祥园社区", "智慧助老", "网格员", 40, "2024-01-05", "2026-06-25", 1.5, 760),
        ("新建社区", "文体活动", "广场舞队", 60, "2024-01-05", "2026-06-25", 2.0, 2400),
    )
    for community, kind, team, count, start, stop, hours, served in rows:
        for held, people in zip(book.days(count, start, stop), book.split(served, count), strict=True):
            book.add(
                "activities",
                community,
                activity_type=kind,
                team=team,
                planned_on=held,
                held_on=held,
                hours=hours,
                attendance=int(book.rng.integers(4, 20)),
                beneficiary_count=people,
                **brands.of_team(team),
            )
    for quarter in ("2026-02-11", "2026-05-13"):
        for department, people in zip(DEPARTMENTS, book.split(1594, 12), strict=True):
            book.add(
                "activities",
                "和济社区",
                activity_type="义诊",
                team=f"和济医院{department}",
                planned_on=np.datetime64(quarter),
                held_on=np.datetime64(quarter),
                hours=3.0,
                attendance=3,
                beneficiary_count=people,
            )


def _series(book: Book) -> None:
    """What is promised for a day of every month: the market on the 20th, the day of 大党委."""
    visitors = iter(book.split(5180, 12, 20) + book.split(2500, 18, 20))
    ordered = months("2025-01-01", "2026-01-01") + months("2024-01-01", "2025-01-01") + months("2026-01-01")
    for month in ordered:
        held = month + 19
        book.add(
            "activities",
            "和济社区",
            activity_type="向日葵集市",
            team="辖区共建单位",
            planned_on=held,
            held_on=held,
            hours=4.0,
            attendance=next(visitors),
        )
    for month in months():
        planned = month + 15
        weekday = date.fromisoformat(str(planned)).weekday()
        held = planned + (1 if weekday == 6 else 0)
        book.add(
            "activities",
            "巴彦淖尔北路社区",
            activity_type="大党委主题活动",
            team="大党委",
            planned_on=planned,
            held_on=held if book.rng.random() < 0.94 else None,
            hours=2.0,
            attendance=int(book.rng.integers(20, 70)),
        )


def _video(book: Book) -> None:
    """左云's video points: position and whether they answer, nothing else."""
    grids = book.places.grids[book.places.grids["region_code"].str.startswith("140226")]
    number = 0
    for system, count, share in (("雪亮工程", 160, 0.95), ("公安天网", 96, 0.98), ("慧眼工程", 64, 0.89)):
        for _ in range(count):
            number += 1
            grid = grids.iloc[int(book.rng.integers(0, len(grids)))]
            lon, lat = np.round(np.array([112.70, 40.01]) + book.rng.normal(0, 0.008, 2), 5)
            book.rows.setdefault("video_points", []).append(
                {
                    "point_id": f"SP{number:04d}",
                    "system": system,
                    "region_code": grid["region_code"],
                    "grid_id": grid["grid_id"],
                    "lon": lon,
                    "lat": lat,
                    "is_online": bool(book.rng.random() < share),
                    "checked_at": np.datetime64("2026-04-30T23:00"),
                }
            )

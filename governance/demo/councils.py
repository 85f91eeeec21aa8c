"""Meetings, issues, proposals, lists and projects of the demo, with the numbers the documents publish."""

from __future__ import annotations

import numpy as np

from governance.demo.book import Book, months

TOPICS = ("停车", "绿化", "管线", "充电", "楼道", "环境", "物业", "活动")
HUNYUAN = ("永安东社区（示意）", "永安西社区（示意）", "永安南社区（示意）", "永安北社区（示意）")
ZUOYUN = ("云兴街社区", "西街社区", "云泰社区（示意）", "东街社区（示意）", "南关社区（示意）", "北关社区（示意）", "和平街社区（示意）")


def fill(book: Book) -> None:
    """Write everything that is decided together."""
    _six_parties(book)
    _zuoyun(book)
    _three_parties(book)
    _tea(book)
    _regular(book)
    _lists(book)
    _projects(book)


def _six_parties(book: Book) -> None:
    """浑源 六方联席会议; 凯德世家三号院: 25 issues of 2024, 24 of them solved."""
    estate = book.places.estate("凯德世家三号院")
    for number, month in enumerate(months()):
        held = month + 9 + int(book.rng.integers(0, 3))
        meeting = f"HYM{number:03d}"
        book.add("meetings", HUNYUAN[0], meeting_id=meeting, meeting_type="六方联席会议", estate_id=estate, planned_on=month + 10,
                 held_on=held if number != 13 else None, attendance=int(book.rng.integers(14, 30)))  # fmt: skip
        in_2024 = number < 12
        for serial in range((2 if number < 11 else 3) if in_2024 else int(book.rng.integers(0, 3))):
            unsolved = number == 6 and serial == 0
            solved = None if unsolved else book.later(held, 3, 18)
            book.add("issues", HUNYUAN[0], meeting_id=meeting, estate_id=estate, decided_on=held, solved_on=solved,
                     topic=book.pick("外围停车场整改", "电动车集中充电", "高空抛物整治", "小区宠物管理"))  # fmt: skip


def _zuoyun(book: Book) -> None:
    """左云: residents' councils, talks and the seven joint councils."""
    for community in ZUOYUN:
        for month in months():
            for kind in ("居民议事会", "民情恳谈会", "联席议事会"):
                if kind == "居民议事会" or book.rng.random() < 0.4:
                    planned = book.later(month, 8, 24)
                    held = planned + int(book.rng.integers(-1, 2)) if book.rng.random() < 0.93 else None
                    book.add("meetings", community, meeting_type=kind, planned_on=planned, held_on=held, attendance=int(book.rng.integers(12, 60)))


def _three_parties(book: Book) -> None:
    """龙山 三方协同, planned on every 5th and 25th: 17 of the 20 until autumn 2025 were held; 18 needs in 6 fields."""
    missed = {"2025-01-25", "2025-02-05", "2025-10-05"}
    for month in months("2025-01-01"):
        for day in (4, 24):
            planned = month + day
            skips = str(planned) in missed or (planned > np.datetime64("2025-11-01") and book.rng.random() < 0.1)
            book.add("meetings", "龙山社区", meeting_type="三方协同", planned_on=planned, held_on=None if skips else planned + int(book.rng.random() < 0.1),
                     attendance=int(book.rng.integers(9, 22)))  # fmt: skip
    fields = ("楼道杂物", "充电安全", "停车秩序", "物业服务", "一老一小", "环境卫生")
    for number, created in enumerate(book.days(18, "2025-01-06", "2025-09-20")):
        book.add("list_items", "龙山社区", list_type="需求", topic=fields[number % 6], created_on=created, claimed_on=book.later(created, 1, 9), done_on=book.later(created, 12, 40))
    for number, started in enumerate(book.days(39, "2025-01-06", "2025-09-28")):
        book.add("projects", "龙山社区", project_type="民生实事", name=f"{fields[number % 6]}实事{number + 1}号", started_on=started, done_on=book.later(started, 4, 30),
                 households_count=int(book.rng.integers(12, 220)))  # fmt: skip


def _tea(book: Book) -> None:
    """石楼小镇 下午茶: 76 proposals until autumn 2025, 23 of them adopted, one became a rule."""
    for month in months("2025-01-01"):
        book.add("meetings", "石楼小镇社区", meeting_type="下午茶", planned_on=month + 14, held_on=month + 14 + int(book.rng.random() < 0.3), attendance=int(book.rng.integers(8, 26)))
    for period, count, adopted in ((("2025-01-05", "2025-09-25"), 76, 23), (("2025-11-02", "2026-06-20"), 58, 17)):
        chosen = set(book.rng.permutation(count)[:adopted].tolist())
        for number, submitted in enumerate(book.days(count, *period)):
            is_adopted = number in chosen
            accepted = book.later(submitted, 5, 25) if is_adopted else None
            rule = "《楼道清洁轮值办法》" if count == 76 and is_adopted and number == min(chosen) else None
            book.add("proposals", "石楼小镇社区", meeting_type="下午茶", topic=book.pick("楼道清洁", *TOPICS), submitted_on=submitted, adopted_on=accepted,
                     screened_on=book.later(submitted, 1, 5) if is_adopted or book.rng.random() < 0.5 else None,
                     done_on=book.later(accepted, 5, 40) if accepted is not None and (rule or book.rng.random() < 0.75) else None,
                     rule_document=rule)  # fmt: skip


def _regular(book: Book) -> None:
    """Elsewhere: 四级议事, 五方会谈, 联席会议; 西南城's 53 proposals; 北北's good ideas for the renewal of old estates."""
    regular = (("新建社区", "四级议事", 12), ("和济社区", "五方会谈", 18), ("巴彦淖尔北路社区", "联席会议", 20), ("三顺店社区", "三级联动会议", 15), ("云梦社区", "居民自治小组会议", 11))
    for community, kind, day in regular:
        for month in months("2024-01-01" if kind != "五方会谈" else "2025-07-01"):
            held = month + day + int(book.rng.integers(-2, 3)) if book.rng.random() < 0.92 else None
            book.add("meetings", community, meeting_type=kind, planned_on=month + day, held_on=held, attendance=int(book.rng.integers(8, 40)))
            if held is not None:
                for _ in range(int(book.rng.integers(0, 3))):
                    solved = book.later(held, 3, 50) if book.rng.random() < 0.86 else None
                    book.add("issues", community, topic=book.pick(*TOPICS), decided_on=held, solved_on=solved)
    for community, count, start in (("西南城社区", 53, "2024-01-10"), ("巴彦淖尔北路社区", 41, "2025-03-01"), ("新建社区", 37, "2024-02-01")):
        for submitted in book.days(count, start, "2026-06-01"):
            accepted = book.later(submitted, 4, 25) if book.rng.random() < 0.45 else None
            done = book.later(accepted, 10, 60) if accepted is not None and book.rng.random() < 0.7 else None
            book.add("proposals", community, meeting_type="党员建议" if community == "西南城社区" else "金点子", topic=book.pick(*TOPICS), submitted_on=submitted,
                     screened_on=book.later(submitted, 1, 4), adopted_on=accepted, done_on=done)  # fmt: skip


def _lists(book: Book) -> None:
    """三张清单 in both meanings, 左云's 812 orders, 浑源's 64 wishes of 2024, 西南城's 35 claimed projects."""
    for kind, count, share in (("需求", 210, 0.86), ("资源", 160, 0.9), ("项目", 95, 0.82)):
        for created in book.days(count):
            claimed = book.later(created, 2, 30) if book.rng.random() < share else None
            done = book.later(claimed, 10, 120) if claimed is not None and book.rng.random() < 0.8 else None
            book.add("list_items", book.pick(*ZUOYUN), list_type=kind, topic=book.pick(*TOPICS), created_on=created, claimed_on=claimed, done_on=done,
                     unit_id=f"140226U{20 + int(book.rng.integers(0, 14))}" if claimed is not None else None)  # fmt: skip
    for start, stop, count in (("2024-01-05", "2025-11-20", 812), ("2026-01-02", "2026-06-25", 190)):
        for created in book.days(count, start, stop):
            claimed = book.later(created, 0, 6)
            book.add("list_items", book.pick(*ZUOYUN), list_type="点单", topic=book.pick(*TOPICS), created_on=created, claimed_on=claimed, done_on=book.later(claimed, 1, 30),
                     unit_id=f"140226U{20 + int(book.rng.integers(0, 14))}")  # fmt: skip
    for created in book.days(40, "2025-12-01", "2026-06-25"):  # ordered and not taken yet
        book.add("list_items", book.pick(*ZUOYUN), list_type="点单", topic=book.pick(*TOPICS), created_on=created)
    for kind, count in (("居民信息", 60), ("社区资源", 48), ("问题意见", 130)):
        for created in book.days(count, "2025-01-06", "2026-06-25"):
            done = book.later(created, 2, 40) if kind == "问题意见" and book.rng.random() < 0.88 else None
            book.add("list_items", "巴彦淖尔北路社区", list_type=kind, topic=book.pick(*TOPICS), created_on=created, done_on=done)
    for start, stop, count, open_too in (("2024-01-05", "2024-11-15", 64, 0), ("2025-01-05", "2026-05-30", 90, 12)):
        for created in book.days(count + open_too, start, stop):
            claimed = book.later(created, 1, 12)
            done = book.later(claimed, 1, 28) if count == 64 or book.rng.random() < 0.9 else None
            book.add("list_items", book.pick(*HUNYUAN), list_type="微心愿", topic=book.pick("陪诊", "维修", "代办", "学习辅导"), created_on=created, claimed_on=claimed, done_on=done)
    for created in book.days(35, "2024-01-05", "2026-05-10"):
        claimed = book.later(created, 0, 12)
        book.add("list_items", "西南城社区", list_type="党员认领项目", topic=book.pick(*TOPICS), created_on=created, claimed_on=claimed,
                 done_on=book.later(claimed, 15, 120) if book.rng.random() < 0.85 else None)  # fmt: skip


def _projects(book: Book) -> None:
    """The charging shed, and the old estates of 和济 (9) and 西南城 (7, and heating for three areas)."""
    add, day = book.add, np.datetime64
    add("projects", "新建社区", project_type="充电设施", name="电动车充电车棚", started_on=day("2025-05-12"), done_on=day("2025-07-01"), households_count=1460)
    add("projects", "和济社区", project_type="外立面整治", name="滨河南城小区外墙排险翻新", started_on=day("2026-03-10"), done_on=day("2026-05-22"), households_count=412)
    add("projects", "巴彦淖尔北路社区", project_type="老旧小区改造", name="北北社区老旧小区改造", started_on=day("2025-04-15"), done_on=day("2025-11-10"), households_count=860)
    old = ("彩印小区", "十中小区") + tuple(f"和济老旧小区{i}（示意）" for i in range(3, 10))
    for name, homes in zip(old, book.split(3186, 9), strict=True):
        started = book.day("2024-03-01", "2025-06-01")
        add("projects", "和济社区", project_type="老旧小区改造", name=f"{name}改造", started_on=started, done_on=book.later(started, 90, 200), households_count=homes)
    old = ("天晚集小区", "潞华小区", "农机公司家属院") + tuple(f"西南城老旧小区{i}（示意）" for i in range(4, 8))
    for name, homes in zip(old, book.split(1240, 7), strict=True):
        started = book.day("2024-03-01", "2025-06-01")
        add("projects", "西南城社区", project_type="老旧小区改造", name=f"{name}改造", started_on=started, done_on=book.later(started, 90, 200), households_count=homes)
    for name, homes, people in zip(("西南城巷", "光荣巷", "西南关回民小区"), book.split(628, 3), book.split(1336, 3), strict=True):
        add("projects", "西南城社区", project_type="集中供暖", name=f"{name}集中供暖改造", started_on=day("2025-05-20"), done_on=day("2025-10-28"), households_count=homes, residents_count=people)

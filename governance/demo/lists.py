"""Lists (三张清单, 点单, 微心愿) and projects of the demo, with the numbers the documents publish."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from governance.demo.book import Book
from governance.demo.brands import COLOURS
from governance.demo.councils import HANDLINGS, HUNYUAN, TOPICS, ZUOYUN
from governance.demo.people import calendar

Day = str | np.datetime64


def fill(book: Book) -> None:
    """Write what is listed, claimed and built."""
    _lists(book)
    _projects(book)
    _needs_of_dragon_hill(book)
    _liaisons(book)
    _plans(book)


def _lists(book: Book) -> None:
    """三张清单 in both meanings, 左云's 812 orders, 浑源's 64 wishes of 2024, 西南城's 35 claimed projects."""
    for kind, count, share in (("需求", 210, 0.86), ("资源", 160, 0.9), ("项目", 95, 0.82)):
        for created in book.days(count):
            claimed = book.later(created, 2, 30) if book.rng.random() < share else None
            done = book.later(claimed, 10, 120) if claimed is not None and book.rng.random() < 0.8 else None
            book.add(
                "list_items",
                book.pick(*ZUOYUN),
                list_type=kind,
                topic=book.pick(*TOPICS),
                created_on=created,
                claimed_on=claimed,
                done_on=done,
                unit_id=f"140226U{20 + int(book.rng.integers(0, 14))}" if claimed is not None else None,
            )
    for start, stop, count in (("2024-01-05", "2025-11-20", 812), ("2026-01-02", "2026-06-25", 190)):
        for created in book.days(count, start, stop):
            claimed = book.later(created, 0, 6)
            book.add(
                "list_items",
                book.pick(*ZUOYUN),
                list_type="点单",
                topic=book.pick(*TOPICS),
                created_on=created,
                claimed_on=claimed,
                done_on=book.later(claimed, 1, 30),
                unit_id=f"140226U{20 + int(book.rng.integers(0, 14))}",
            )
    for created in book.days(40, "2025-12-01", "2026-06-25"):  # ordered and not taken yet
        book.add("list_items", book.pick(*ZUOYUN), list_type="点单", topic=book.pick(*TOPICS), created_on=created)
    for kind, count in (("居民信息", 60), ("社区资源", 48), ("问题意见", 130)):
        for created in book.days(count, "2025-01-06", "2026-06-25"):
            done = book.later(created, 2, 40) if kind == "问题意见" and book.rng.random() < 0.88 else None
            book.add(
                "list_items",
                "巴彦淖尔北路社区",
                list_type=kind,
                topic=book.pick(*TOPICS),
                created_on=created,
                done_on=done,
            )
    chance = np.random.default_rng(140225)  # of its own, so that nothing else moves
    colour = np.random.default_rng(1402255)
    for start, stop, count, open_too in (("2024-01-05", "2024-11-15", 64, 0), ("2025-01-05", "2026-05-30", 90, 12)):
        for created in book.days(count + open_too, start, stop):
            claimed = book.later(created, 1, 12)
            done = book.later(claimed, 1, 28) if count == 64 or book.rng.random() < 0.9 else None
            if count != 64 and chance.random() < open_too / (count + open_too):
                claimed, done = None, None  # nobody has taken it yet
            book.add(
                "list_items",
                book.pick(*HUNYUAN),
                list_type="微心愿",
                topic=book.pick("陪诊", "维修", "代办", "学习辅导"),
                team=COLOURS[int(colour.integers(0, len(COLOURS)))] if claimed is not None else None,
                created_on=created,
                claimed_on=claimed,
                done_on=done,
            )
    for created in book.days(35, "2024-01-05", "2026-05-10"):
        claimed = book.later(created, 0, 12)
        book.add(
            "list_items",
            "西南城社区",
            list_type="党员认领项目",
            topic=book.pick(*TOPICS),
            created_on=created,
            claimed_on=claimed,
            done_on=book.later(claimed, 15, 120) if book.rng.random() < 0.85 else None,
        )


def _projects(book: Book) -> None:
    """The charging shed, and the old estates of 和济 (9) and 西南城 (7, and heating for three areas)."""

    def add(community: str, kind: str, name: str, started: Day, done: Day, homes: int, **more: int) -> None:
        dates = {"started_on": np.datetime64(started), "done_on": np.datetime64(done)}
        book.add("projects", community, project_type=kind, name=name, **dates, households_count=homes, **more)

    add("新建社区", "充电设施", "电动车充电车棚", "2025-05-12", "2025-07-01", 1460)
    add("和济社区", "外立面整治", "滨河南城小区外墙排险翻新", "2026-03-10", "2026-05-22", 412)
    add("巴彦淖尔北路社区", "老旧小区改造", "北北社区老旧小区改造", "2025-04-15", "2025-11-10", 860)
    for community, households, named, count in (
        ("和济社区", 3186, ("彩印小区", "十中小区"), 9),
        ("西南城社区", 1240, ("天晚集小区", "潞华小区", "农机公司家属院"), 7),
    ):
        short = community.removesuffix("社区")
        others = (f"{short}老旧小区{number}（示意）" for number in range(len(named) + 1, count + 1))
        for name, homes in zip((*named, *others), book.split(households, count), strict=True):
            started = book.day("2024-03-01", "2025-06-01")
            add(community, "老旧小区改造", f"{name}改造", started, book.later(started, 90, 200), homes)
    heated = zip(("西南城巷", "光荣巷", "西南关回民小区"), book.split(628, 3), book.split(1336, 3), strict=True)
    for name, homes, people in heated:
        add("西南城社区", "集中供暖", f"{name}集中供暖改造", "2025-05-20", "2025-10-28", homes, residents_count=people)


def _needs_of_dragon_hill(book: Book) -> None:
    """龙山's needs after the 18 of the document, with their way of 五办 but for a few that are not decided on yet."""
    chance = np.random.default_rng(141126100)  # of its own, so that nothing else moves
    for number in range(36):
        created = np.datetime64("2025-12-05") + 5 * number + int(chance.integers(0, 4))
        done = created + int(chance.integers(6, 45)) if chance.random() < 0.85 else None
        book.add(
            "list_items",
            "龙山社区",
            list_type="需求",
            topic=TOPICS[int(chance.integers(0, len(TOPICS)))],
            handling=HANDLINGS[int(chance.choice(5, p=[0.25, 0.3, 0.15, 0.1, 0.2]))] if number % 9 else None,
            created_on=created,
            claimed_on=created + int(chance.integers(1, 5)),
            done_on=done,
        )


def _liaisons(book: Book) -> None:
    """左云: two units for most communities, one for most of the 89 estates; some have none yet or no longer."""
    chance = np.random.default_rng(1402267)

    def unit() -> str:
        return f"140226U{20 + int(chance.integers(0, 14))}"

    start = np.datetime64("2024-03-01")
    for community in ZUOYUN[:-2]:
        for _ in range(2):
            book.add("liaisons", community, unit_id=unit(), active_from=start)
    estates = book.places.estates
    for community in ZUOYUN:
        for estate in estates.loc[estates["region_code"] == book.places.code(community), "estate_id"]:
            if chance.random() < 0.75:
                ends = start + int(chance.integers(300, 700)) if chance.random() < 0.15 else None
                book.add("liaisons", community, estate_id=estate, unit_id=unit(), active_from=start, active_to=ends)


def _plans(book: Book) -> None:
    """西南城's ledger of what is to be done the next working day: most is, some later, some never."""
    chance = np.random.default_rng(140403003)
    known = calendar()
    days = known.loc[known["is_workday"], "day"].to_numpy().astype("datetime64[D]")
    days = days[(days >= np.datetime64("2025-09-01")) & (days < np.datetime64("2026-07-01"))]
    for made, planned in pairwise(days):
        for _ in range(int(chance.integers(1, 5))):
            late = int(chance.choice([0, 1, 2, 5], p=[0.86, 0.07, 0.04, 0.03]))
            book.add(
                "plans",
                "西南城社区",
                topic=str(chance.choice(["下沉网格走访", "推进服务落地", "调处矛盾纠纷", "梳理工作台账"])),
                made_on=planned if chance.random() < 0.05 else made,
                planned_on=planned,
                done_on=planned + late if chance.random() < 0.95 else None,
            )

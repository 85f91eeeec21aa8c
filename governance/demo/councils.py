"""Meetings, issues and proposals of the demo, with the numbers the documents publish."""

from __future__ import annotations

import numpy as np

from governance.demo.book import Book, months

HANDLINGS = ("lead", "assign", "joint", "operate", "help")
TOPICS = ("停车", "绿化", "管线", "充电", "楼道", "环境", "物业", "活动")
HUNYUAN = ("永安东社区（示意）", "永安西社区（示意）", "永安南社区（示意）", "永安北社区（示意）")
ZUOYUN = (
    "云兴街社区",
    "西街社区",
    "云泰社区（示意）",
    "东街社区（示意）",
    "南关社区（示意）",
    "北关社区（示意）",
    "和平街社区（示意）",
)


def fill(book: Book) -> None:
    """Write everything that is decided together."""
    _six_parties(book)
    _zuoyun(book)
    _three_parties(book)
    _tea(book)
    _regular(book)


def _present(attendance: int, was_held: bool) -> int | None:
    """Nobody is counted at a meeting that was not held."""
    return attendance if was_held else None


def _issues(
    book: Book,
    chance: np.random.Generator,
    community: str,
    meeting: str,
    held: np.datetime64,
    most: int,
    share: float,
) -> None:
    """Up to `most` issues of a meeting, this share of them solved; `chance` of its own, so that nothing else moves."""
    for _ in range(int(chance.integers(0, most + 1))):
        solved = held + int(chance.integers(3, 55)) if chance.random() < share else None
        topic = TOPICS[int(chance.integers(0, len(TOPICS)))]
        book.add("issues", community, meeting_id=meeting, topic=topic, decided_on=held, solved_on=solved)


def _six_parties(book: Book) -> None:
    """浑源 六方联席会议; 凯德世家三号院: 25 issues of 2024, 24 of them solved."""
    estate = book.places.estate("凯德世家三号院")
    for number, month in enumerate(months()):
        held = month + 9 + int(book.rng.integers(0, 3))
        meeting = f"HYM{number:03d}"
        book.add(
            "meetings",
            HUNYUAN[0],
            meeting_id=meeting,
            meeting_type="六方联席会议",
            estate_id=estate,
            planned_on=month + 10,
            held_on=held if number != 13 else None,
            attendance=_present(int(book.rng.integers(14, 30)), number != 13),
        )
        in_2024 = number < 12
        for serial in range((2 if number < 11 else 3) if in_2024 else int(book.rng.integers(0, 3))):
            unsolved = number == 6 and serial == 0
            solved = None if unsolved else book.later(held, 3, 18)
            book.add(
                "issues",
                HUNYUAN[0],
                meeting_id=meeting,
                estate_id=estate,
                decided_on=held,
                solved_on=solved,
                topic=book.pick("外围停车场整改", "电动车集中充电", "高空抛物整治", "小区宠物管理"),
            )


def _zuoyun(book: Book) -> None:
    """左云: residents' councils, talks and the seven joint councils."""
    chance = np.random.default_rng(140226)
    for community in ZUOYUN:
        for month in months():
            for kind in ("居民议事会", "民情恳谈会", "联席议事会"):
                if kind == "居民议事会" or book.rng.random() < 0.4:
                    planned = book.later(month, 8, 24)
                    held = planned + int(book.rng.integers(-1, 2)) if book.rng.random() < 0.93 else None
                    meeting = f"{book.places.code(community)}{kind[:2]}{planned}"
                    book.add(
                        "meetings",
                        community,
                        meeting_id=meeting,
                        meeting_type=kind,
                        planned_on=planned,
                        held_on=held,
                        attendance=_present(int(book.rng.integers(12, 60)), held is not None),
                    )
                    if held is not None:
                        _issues(book, chance, community, meeting, held, 2, 0.9)


def _three_parties(book: Book) -> None:
    """龙山 三方协同, planned on every 5th and 25th: 17 of the 20 until autumn 2025 were held; 18 needs in 6 fields."""
    chance = np.random.default_rng(141126)
    missed = {"2025-01-25", "2025-02-05", "2025-10-05"}
    for month in months("2025-01-01"):
        for day in (4, 24):
            planned = month + day
            skips = str(planned) in missed or (planned > np.datetime64("2025-11-01") and book.rng.random() < 0.1)
            held = None if skips else planned + int(book.rng.random() < 0.1)
            meeting = f"{book.places.code('龙山社区')}三方{planned}"
            book.add(
                "meetings",
                "龙山社区",
                meeting_id=meeting,
                meeting_type="三方协同",
                planned_on=planned,
                held_on=held,
                attendance=_present(int(book.rng.integers(9, 22)), not skips),
            )
            if held is not None:
                _issues(book, chance, "龙山社区", meeting, held, 2, 0.92)
    fields = ("楼道杂物", "充电安全", "停车秩序", "物业服务", "一老一小", "环境卫生")
    for number, created in enumerate(book.days(18, "2025-01-06", "2025-09-20")):
        book.add(
            "list_items",
            "龙山社区",
            list_type="需求",
            topic=fields[number % 6],
            handling=HANDLINGS[number % 5],
            created_on=created,
            claimed_on=book.later(created, 1, 9),
            done_on=book.later(created, 12, 40),
        )
    for number, started in enumerate(book.days(39, "2025-01-06", "2025-09-28")):
        book.add(
            "projects",
            "龙山社区",
            project_type="民生实事",
            name=f"{fields[number % 6]}实事{number + 1}号",
            started_on=started,
            done_on=book.later(started, 4, 30),
            households_count=int(book.rng.integers(12, 220)),
        )


def _tea(book: Book) -> None:
    """石楼小镇 下午茶: 76 proposals until autumn 2025, 23 of them adopted, one became a rule."""
    for month in months("2025-01-01"):
        book.add(
            "meetings",
            "石楼小镇社区",
            meeting_type="下午茶",
            planned_on=month + 14,
            held_on=month + 14 + int(book.rng.random() < 0.3),
            attendance=int(book.rng.integers(8, 26)),
        )
    for period, count, adopted in ((("2025-01-05", "2025-09-25"), 76, 23), (("2025-11-02", "2026-06-20"), 58, 17)):
        chosen = set(book.rng.permutation(count)[:adopted].tolist())
        for number, submitted in enumerate(book.days(count, *period)):
            is_adopted = number in chosen
            accepted = book.later(submitted, 5, 25) if is_adopted else None
            rule = "《楼道清洁轮值办法》" if count == 76 and is_adopted and number == min(chosen) else None
            book.add(
                "proposals",
                "石楼小镇社区",
                meeting_type="下午茶",
                topic=book.pick("楼道清洁", *TOPICS),
                submitted_on=submitted,
                adopted_on=accepted,
                screened_on=book.later(submitted, 1, 5) if is_adopted or book.rng.random() < 0.5 else None,
                done_on=book.later(accepted, 5, 40)
                if accepted is not None and (rule or book.rng.random() < 0.75)
                else None,
                rule_document=rule,
            )


def _regular(book: Book) -> None:
    """Elsewhere: 四级议事, 五方会谈, 联席会议; 西南城's 53 proposals; 北北's good ideas."""
    regular = (
        ("新建社区", "四级议事", 12),
        ("和济社区", "五方会谈", 18),
        ("巴彦淖尔北路社区", "联席会议", 20),
        ("三顺店社区", "三级联动会议", 15),
        ("云梦社区", "居民自治小组会议", 11),
    )
    for community, kind, day in regular:
        for month in months("2024-01-01" if kind != "五方会谈" else "2025-07-01"):
            held = month + day + int(book.rng.integers(-2, 3)) if book.rng.random() < 0.92 else None
            meeting = f"{book.places.code(community)}{kind[:2]}{month + day}"
            book.add(
                "meetings",
                community,
                meeting_id=meeting,
                meeting_type=kind,
                planned_on=month + day,
                held_on=held,
                attendance=_present(int(book.rng.integers(8, 40)), held is not None),
            )
            if held is not None:
                for _ in range(int(book.rng.integers(0, 3))):
                    solved = book.later(held, 3, 50) if book.rng.random() < 0.86 else None
                    book.add(
                        "issues",
                        community,
                        meeting_id=meeting,
                        topic=book.pick(*TOPICS),
                        decided_on=held,
                        solved_on=solved,
                    )
    for community, count, start in (
        ("西南城社区", 53, "2024-01-10"),
        ("巴彦淖尔北路社区", 41, "2025-03-01"),
        ("新建社区", 37, "2024-02-01"),
    ):
        for submitted in book.days(count, start, "2026-06-01"):
            accepted = book.later(submitted, 4, 25) if book.rng.random() < 0.45 else None
            done = book.later(accepted, 10, 60) if accepted is not None and book.rng.random() < 0.7 else None
            book.add(
                "proposals",
                community,
                meeting_type="党员建议" if community == "西南城社区" else "金点子",
                topic=book.pick(*TOPICS),
                submitted_on=submitted,
                screened_on=book.later(submitted, 1, 4),
                adopted_on=accepted,
                done_on=done,
            )

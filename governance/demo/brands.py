"""Services under a name (五福, 五大服务品牌, 窗帘行动 …) and the five colours of 浑源, in activities of the demo."""

from __future__ import annotations

import numpy as np

from governance.demo.book import Book
from governance.demo.councils import HUNYUAN

COLOURS = tuple(f"{colour}色党员" for colour in "红橙紫蓝绿")
FIVE = ("我是小小厨师长", "万家团圆中国节", "不让毒品进我家", "智慧家长学校", "社区乌兰牧骑")
FORTUNES = ("美满福", "魅力福", "成长福", "敬老福", "关爱福")


def of_team(team: str) -> dict[str, str]:
    """The brand of an activity that the documents count, by who holds it."""
    if team in FIVE:
        return {"brand": "五大服务品牌", "brand_line": team}
    return {"brand": "七色志愿"} if team == "七色志愿" else {}


def fill(book: Book) -> None:
    """Activities that the documents describe and do not count: how many there are is the demo's own."""
    chance = np.random.default_rng(150103)  # of its own, so that nothing else moves
    rows: list[tuple[str, str, str, str | None, str | None, int]] = [
        ("三顺店社区", "专业社工服务", "社区蜂巢", "五福", line, 18) for line in FORTUNES
    ]
    rows += [("云兴街社区", "一老一小关爱", "窗帘行动服务队", "窗帘行动", None, 46)]
    rows += [("西街社区", "文化服务", "西街社区", "文教礼", line, 16) for line in "文教礼"]
    rows += [
        (HUNYUAN[number % 4], kind, team, None, None, 12)
        for number, team in enumerate(COLOURS)
        for kind in ("楼道党课", "掌上服务")
    ]
    for community, kind, team, brand, line, count in rows:
        for _ in range(count):
            held = np.datetime64("2024-01-05") + int(chance.integers(0, 900))
            book.add(
                "activities",
                community,
                activity_type=kind,
                team=team,
                brand=brand,
                brand_line=line,
                planned_on=held,
                held_on=held,
                hours=2.0,
                attendance=int(chance.integers(3, 12)),
                beneficiary_count=int(chance.integers(10, 60)),
            )

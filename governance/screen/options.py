"""What a wall is to show: the settings of the county, overridden by the checked parameters of its address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from governance.screen.board import EVERYWHERE, Board
from governance.screen.scenes import SCENES

SHORTEST, LONGEST = 5, 600
LONGEST_TITLE = 30
PARAMETERS = {"area", "scenes", "seconds", "title", "scene", "paused"}
PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>]+")


class Settings(Protocol):
    """The settings of governance.public that concern the wall."""

    @property
    def title(self) -> str:
        """What stands at the top."""

    @property
    def area(self) -> str:
        """The place code it is about; empty for everything."""

    @property
    def scenes(self) -> tuple[tuple[str, float], ...]:
        """Names and seconds, in order."""

    @property
    def stale_after_hours(self) -> float:
        """How old the data may be before the wall says so."""

    @property
    def approval_number(self) -> str:
        """审图号, when there is one."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences about settings that were not used."""


@dataclass(frozen=True)
class Plan:
    """The checked wishes for one wall; `problems` are sentences about what was ignored."""

    title: str
    area: str
    scenes: tuple[tuple[str, float], ...]
    problems: tuple[str, ...] = ()


def plan(wishes: Mapping[str, str], settings: Settings, board: Board | None) -> Plan:
    """Read the parameters of an address; whatever is not on a list is ignored and reported."""
    problems = list(settings.problems)
    area = settings.area
    if "area" in wishes:
        if board is not None and wishes["area"] in board.places:
            area = wishes["area"]
        elif wishes["area"] != EVERYWHERE and board is not None:
            problems.append("网址中的 area 不是公开数据里的区划或网格代码，已按设置显示。")
    if board is not None and area != EVERYWHERE and area not in board.places:
        problems.append(f"设置的区域 {area} 不在公开数据里，已显示全部。")
        area = EVERYWHERE
    scenes, complaint = _scenes(wishes, settings)
    problems += complaint
    title, complaint = _title(wishes, settings)
    problems += complaint
    if unknown := set(wishes) - PARAMETERS:
        problems.append(f"网址中有 {len(unknown)} 个不认识的参数，已忽略；可用的有：{'、'.join(sorted(PARAMETERS))}。")
    return Plan(title, area, scenes, tuple(problems))


def _scenes(wishes: Mapping[str, str], settings: Settings) -> tuple[tuple[tuple[str, float], ...], list[str]]:
    problems = []
    seconds = dict(settings.scenes)
    names = list(seconds)
    if "scenes" in wishes:
        asked = list(dict.fromkeys(word.strip() for word in wishes["scenes"].split(",")[:50]))
        names = [name for name in asked if name in SCENES] or names
        if any(name not in SCENES for name in asked):
            problems.append(f"网址中的 scenes 有不认识的场景，已忽略；可用的有：{'、'.join(SCENES)}。")
    usual = next(iter(seconds.values()), 20)
    if "seconds" in wishes:
        text = wishes["seconds"]
        if text.isascii() and text.isdigit() and len(text) < 5 and SHORTEST <= int(text) <= LONGEST:
            seconds, usual = {}, int(text)
        else:
            problems.append(f"网址中的 seconds 应是 {SHORTEST} 到 {LONGEST} 的整数，已按设置轮播。")
    return tuple((name, seconds.get(name, usual)) for name in names if name in SCENES), problems


def _title(wishes: Mapping[str, str], settings: Settings) -> tuple[str, list[str]]:
    if "title" not in wishes:
        return settings.title, []
    text = wishes["title"].strip()
    if text and len(text) <= LONGEST_TITLE and PRINTABLE.fullmatch(text):
        return text, []
    return settings.title, [f"网址中的 title 应是 {LONGEST_TITLE} 个字以内的普通文字，已按设置显示。"]

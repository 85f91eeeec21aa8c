"""The register of common affairs (共治台账): every optional table, exported so far and then month by month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from governance.demo import councils, flows, lists, neighbours
from governance.demo.book import Book
from governance.demo.files import Style, to_rows, write
from governance.demo.places import Places
from governance.demo.platforms import MOMENTS, PERIODS, Export, changed

NAME = "demo_ledger"
# table: title of the file, prefix of its ids (None: rows bring their own), the time a row begins with, later times
TABLES: dict[str, tuple[str, str | None, str | None, tuple[str, ...], str]] = {
    "visits": ("走访记录", "ZF", "visited_at", (), ".csv"),
    "points": ("积分流水", "JF", "happened_at", (), ".csv"),
    "activities": ("活动", "HD", None, ("held_on",), ".csv"),
    "meetings": ("议事会议", "HY", None, ("held_on",), ".csv"),
    "issues": ("议题", "YT", "decided_on", ("solved_on",), ".xlsx"),
    "proposals": ("建议", "JY", "submitted_on", ("screened_on", "adopted_on", "done_on"), ".xlsx"),
    "list_items": ("清单", "QD", "created_on", ("claimed_on", "done_on"), ".csv"),
    "plans": ("次日计划", "JH", "made_on", ("done_on",), ".csv"),
    "projects": ("民生项目", "XM", "started_on", ("done_on",), ".xlsx"),
    "inspections": ("小区排查", "PC", "inspected_on", (), ".csv"),
    "score_cards": ("满意打分卡", None, "submitted_on", (), ".csv"),
    "card_actions": ("打分卡整改", "ZG", "decided_on", ("done_on",), ".csv"),
    "partners": ("共建力量", "GJ", None, (), ".csv"),
    "facilities": ("阵地设施", "SS", None, (), ".xlsx"),
    "liaisons": ("包联", "BL", "active_from", ("active_to",), ".csv"),
    "video_points": ("视频点位", None, None, (), ".csv"),
}
KEYS = {
    "visits": "visit_id",
    "points": "txn_id",
    "activities": "activity_id",
    "meetings": "meeting_id",
    "issues": "issue_id",
    "proposals": "proposal_id",
    "list_items": "item_id",
    "plans": "plan_id",
    "projects": "project_id",
    "inspections": "inspection_id",
    "card_actions": "action_id",
    "partners": "partner_id",
    "facilities": "facility_id",
    "liaisons": "liaison_id",
}


def write_all(places: Places, cases: pd.DataFrame, target: Path) -> Iterator[Export]:
    """Write every register; yields which files go in on which day of export."""
    book = Book(places, 140226)
    for part in (councils, lists, neighbours):
        part.fill(book)
    flows.fill(book, cases)
    paths: list[list[Path]] = [[], [], []]
    for table, (title, prefix, begins, follows, suffix) in TABLES.items():
        frame = _frame(book, table, prefix, begins)
        before: pd.DataFrame | None = None
        for number, moment in enumerate(MOMENTS):
            if number == 1:
                continue  # this register is exported every second month
            known = _known(frame, begins, follows, moment)
            fresh = known if before is None else changed(before, known)
            before = known
            if len(fresh):
                style = Style(is_native=suffix == ".xlsx", encoding="gb18030" if table == "points" else "utf-8-sig")
                path = target / f"共治台账_{title}_{PERIODS[number]}{suffix}"
                write(path, to_rows(NAME, (table,), fresh, style), style)
                paths[number].append(path)
    for number, written in enumerate(paths):
        if written:
            yield number, NAME, written


def _frame(book: Book, table: str, prefix: str | None, begins: str | None) -> pd.DataFrame:
    frames = book.frames.get(table, [])
    if book.rows.get(table):
        frames = [pd.DataFrame(book.rows[table]), *frames]
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].reset_index(drop=True)
    for name in frame.columns[frame.columns.str.endswith("_on") | frame.columns.str.startswith("active_")]:
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    if begins:
        frame = frame.sort_values(begins, kind="stable", ignore_index=True)
    if prefix:
        numbers = np.char.add(prefix, np.char.zfill(np.arange(1, len(frame) + 1).astype(str), 6)).astype(object)
        key = KEYS[table]
        frame[key] = np.where(frame[key].notna(), frame[key], numbers) if key in frame else numbers
    return frame


def _known(frame: pd.DataFrame, begins: str | None, follows: tuple[str, ...], moment: str) -> pd.DataFrame:
    """The rows that have begun by then, without what comes later; plans are known a month ahead."""
    stop = pd.Timestamp(moment)
    if begins:
        frame = frame[frame[begins] < stop]
    elif "planned_on" in frame:
        frame = frame[frame["planned_on"] < stop]
    return frame.assign(**{name: frame[name].where(frame[name] < stop) for name in follows})

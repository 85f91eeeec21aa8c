"""The demo's cases from first report to rating, stream by stream (streams.toml), as columns of whole minutes."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from governance.demo import clock
from governance.demo.clock import DAY, HOUR, NEVER, spread
from governance.demo.people import SPEED
from governance.demo.places import SPLIT_ON, Places, counties

Frame = dict[str, np.ndarray]
CATEGORIES = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "99"]
CHANNELS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "99"]
DISPUTE, HAZARD, INQUIRY = 0, 1, 7
URGENCY = np.array(["normal", "urgent", "small", "hard"], dtype=object)
CLOSE_FACTOR = np.array([1.0, 0.25, 0.4, 3.0])
RESPOND_FACTOR = np.array([1.0, 0.35, 0.7, 1.4])
RESPONSE_DUE = np.array([8 * HOUR, 30, 2 * HOUR, 24 * HOUR])
DUE = np.array([5 * DAY, DAY, 0, 7 * DAY])
GOOD = np.array([0.93, 0.94, 0.95, 0.84])


@cache
def _streams() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("streams.toml").read_text(encoding="utf-8"))


@cache
def _matters() -> list[dict[str, Any]]:
    return clock.behaviour()["matters"]


@cache
def _channel(property_name: str) -> np.ndarray:
    """One property of every channel, in the order of CHANNELS."""
    return np.array([clock.behaviour()["channels"][code][property_name] for code in CHANNELS])


def build(places: Places) -> pd.DataFrame:
    """Every case of the demo, in minutes, without ids; figures.py makes the published numbers exact."""
    pool = _pool(places)
    frames = []
    for number, stream in enumerate(_streams()["stream"]):
        rng = np.random.default_rng([2026, number])
        frame = _reported(stream, rng)
        _place(frame, stream, pool, places, rng)
        _handle(frame, stream, rng)
        _close(frame, rng)
        _judge(frame, rng)
        _invalidate(frame, rng)
        frames.append(frame)
    joined: Frame = {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}
    joined["category"] = np.array(CATEGORIES, dtype=object)[joined["category"]]
    joined["channel"] = np.array(CHANNELS, dtype=object)[joined["channel"]]
    joined["urgency"] = URGENCY[joined["urgency"]]
    return pd.DataFrame(joined)


def _pick(rng: np.random.Generator, codes: list[str], shares: dict[str, float], count: int) -> np.ndarray:
    weights = np.array([shares.get(code, 0.0) for code in codes])
    return rng.choice(len(codes), count, p=weights / weights.sum())


def _reported(stream: dict[str, Any], rng: np.random.Generator) -> Frame:
    """What is reported, through which channel, when: the season of a matter decides the months."""
    count = stream["count"]
    shares = _streams()["shares"][stream["shares"]] if "shares" in stream else {stream["category"]: 1.0}
    category = _pick(rng, CATEGORIES, shares, count)
    channel = _pick(rng, CHANNELS, _streams()["channels"][stream["channels"]], count)
    rhythms = _channel("rhythm")[channel]
    times, unit, urgency = (np.zeros(count, dtype=np.int64) for _ in range(3))
    name, kind = np.zeros(count, dtype=object), np.zeros(count, dtype=object)
    first_month, last_month = stream.get("trend", [0.9, 1.1])
    trend: np.ndarray = np.geomspace(first_month, last_month, 30)
    if stream.get("effect") == "shed":
        trend = trend * np.where(np.arange(30) < 18, 1.0, 0.09)  # the charging shed opens in July 2025
    for of, rhythm in sorted(set(zip(category.tolist(), rhythms.tolist(), strict=True))):
        rows = np.flatnonzero((category == of) & (rhythms == rhythm))
        usual = _matters()[of]["list"]
        listed = [m for m in usual if m["name"] in stream.get("only", [m["name"]])] or usual
        seasons = np.array([clock.behaviour()["seasons"][m.get("season", "flat")] for m in listed], dtype=float)
        by_month = np.tile(seasons * np.array([[m["weight"]] for m in listed]), 3)[:, :30]
        times[rows] = clock.report_times(rng, len(rows), rhythm, by_month.sum(axis=0) * trend)
        chances = (by_month / by_month.sum(axis=0)).cumsum(axis=0)[:, clock.months()[times[rows] // DAY]]
        chosen = (chances < rng.random(len(rows))).sum(axis=0).clip(max=len(listed) - 1)
        name[rows] = np.array([m["name"] for m in listed], dtype=object)[chosen]
        kind[rows] = np.array([m.get("type") for m in listed], dtype=object)[chosen]
        unit[rows] = np.array([m["unit"] for m in listed])[chosen]
        urgency[rows] = np.array([list(URGENCY).index(m.get("urgency", "normal")) for m in listed])[chosen]
    urgency = np.where(rng.random(count) < 0.06, rng.integers(0, 4, count), urgency)
    first = _rounds(times, rng) if stream.get("effect") == "rounds" else np.arange(count)
    return {
        "category": category,
        "channel": channel[first],
        "reported": times[first],
        "subcategory": name,
        "dispute_type": kind,
        "unit": unit,
        "urgency": urgency,
        "first": first,
    }


def _rounds(times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hazards found on one patrol are uploaded together: for each, the row that gives the round its time and place."""
    order = np.argsort(times, kind="stable")
    begins = np.where(rng.random(len(times)) < 1 / 6, np.arange(len(times)), 0)
    first = np.empty(len(times), dtype=np.int64)
    first[order] = order[np.maximum.accumulate(begins)]
    return first


def _pool(places: Places) -> pd.DataFrame:
    """Every leaf grid with each of its estates, its community and its share of trouble."""
    rng = np.random.default_rng(5)
    leaves = places.grids[~places.grids["grid_id"].isin(places.grids["parent_grid_id"])].copy()
    leaves["trouble"] = leaves["households"] * np.exp(0.45 * rng.standard_normal(len(leaves)))
    leaves["pace"] = np.exp(0.25 * rng.standard_normal(len(leaves)))
    rows = []
    for code, own in leaves.groupby("region_code"):
        estates = places.estates.loc[places.estates["region_code"] == code, "estate_id"].tolist()
        if len(own) < len(estates):
            own = own.iloc[[i * len(own) // len(estates) for i in range(len(estates))]].assign(estate_id=estates)
        rows.append(own)
    known = places.communities[["region_code", "county", "name", "weight", "own", "population"]]
    pool = pd.concat(rows).drop(columns=["name"]).merge(known, on="region_code")
    size = pool.groupby("region_code")["trouble"].transform("sum")
    pool["chance"] = pool["trouble"] / size * pool["weight"]
    return pool


def _place(frame: Frame, stream: dict[str, Any], pool: pd.DataFrame, places: Places, rng: np.random.Generator) -> None:
    """Where it happens: community, grid at that time, estate, place, and who reports it."""
    count = len(frame["reported"])
    if "county" in stream:
        code = next(county["code"] for county in counties() if county["name"] == stream["county"])
        pool = pool[(pool["county"] == code) & ~pool["own"]]
    elif "estate" in stream:
        pool = pool[pool["estate_id"] == places.estate(stream["estate"])]
    else:
        pool = pool[pool["name"] == stream["community"]]
    picked = rng.choice(len(pool), count, p=(pool["chance"] / pool["chance"].sum()).to_numpy())[frame["first"]]
    for name in ("grid_id", "region_code", "estate_id", "county"):
        column = pool[name].to_numpy(dtype=object)
        frame[name] = np.where(pd.isna(column), None, column)[picked]
    frame["pace"] = pool["pace"].to_numpy()[picked]
    _follow_split(frame, pool, rng)
    number = np.minimum(rng.zipf(1.5, count), 60)
    is_known = rng.random(count) < (0.25 if stream.get("county") == "交城县" else 0.6)
    named = zip(frame["grid_id"], number, is_known, strict=True)
    frame["place_id"] = np.array([f"{grid}-{n}" if known else None for grid, n, known in named], dtype=object)
    frame["grid_id"] = frame["grid_id"].copy()
    frame["grid_id"][rng.random(count) < _channel("lost")[frame["channel"]]] = None
    people = pool["population"].to_numpy()[picked] * 0.3 * rng.random(count) ** 2.4
    community = pool["region_code"].astype("int64").to_numpy()[picked] % 10**9
    frame["reporter"] = community * 10_000 + people.astype(np.int64)


def _follow_split(frame: Frame, pool: pd.DataFrame, rng: np.random.Generator) -> None:
    """A case lies in the grid that was valid on its day: the old one before the split, one of the new ones after."""
    new = pool.loc[pool["valid_from"].notna(), "grid_id"].to_numpy(dtype=object)
    if not len(new):
        return
    old = pool.loc[pool["valid_to"].notna(), "grid_id"].iloc[0]
    is_either = np.isin(frame["grid_id"].astype(str), [*new, old])
    after = frame["reported"] >= clock.minute(str(SPLIT_ON))
    halves = new[rng.integers(0, len(new), len(after))]
    frame["grid_id"] = np.where(is_either, np.where(after, halves, old), frame["grid_id"])


def _handle(frame: Frame, stream: dict[str, Any], rng: np.random.Generator) -> None:
    """Accepting, dispatching, answering, arriving; deadlines by urgency."""
    urgency, category, reported = frame["urgency"], frame["category"], frame["reported"]
    count, effect = len(reported), stream.get("effect")
    frame["origin"] = _channel("origin")[frame["channel"]].astype(object)
    is_own = frame["origin"] == "proactive"
    frame["kind"] = np.where(is_own, "proactive", np.where(category == INQUIRY, "inquiry", "appeal")).astype(object)
    trend = 1.1 - 0.25 * reported / (clock.DAYS * DAY)
    accepted = reported + np.where(is_own, 0, spread(rng, 8, 0.8, count))
    accepted = np.where(urgency == 1, accepted, clock.after_night(rng, accepted, 0.3))
    dispatched = accepted + np.where(is_own, 0, spread(rng, 18, 0.9, count))
    wait = _channel("response")[frame["channel"]] * RESPOND_FACTOR[urgency] * trend * np.sqrt(SPEED[frame["unit"]])
    answered = reported + spread(rng, wait * (0.6 if effect in ("praised", "answered") else 1.0), 0.9, count)
    answered = np.where(urgency == 1, answered, clock.after_night(rng, answered, 0.35))
    answered = np.where(is_own, np.maximum(answered[frame["first"]], reported), answered)
    answered = np.maximum(answered, accepted)
    frame["answered"] = np.where(rng.random(count) < 0.97, answered, NEVER)
    goes = np.isin(category, [HAZARD, 4, 5, 6]) & ~is_own & (rng.random(count) < 0.7)
    frame["arrived"] = np.where(goes, answered + spread(rng, np.where(urgency == 1, 14, 55), 0.7, count), NEVER)
    severity = np.where(rng.random(count) < 0.06, np.where(rng.random(count) < 0.2, "major", "larger"), "general")
    frame["severity"] = severity.astype(object)
    midnight = (reported // DAY + 1) * DAY
    overnight = np.where(reported % DAY < 18 * HOUR, midnight, midnight + 12 * HOUR)
    due = np.where(urgency == 2, overnight, reported + DUE[urgency])
    week = np.where((severity == "major") & (category == HAZARD), DAY, 7 * DAY)
    frame["original_due"] = np.where(np.isin(category, [DISPUTE, HAZARD]), reported + week, due)
    frame["accepted"], frame["dispatched"] = accepted, dispatched
    frame["response_due"] = reported + (DAY if effect == "answered" else RESPONSE_DUE[urgency])
    share = np.where(urgency == 2, 0.02, 0.34 if effect == "whistle" else 0.06)
    frame["need_whistle"] = rng.random(count) < share


def _close(frame: Frame, rng: np.random.Generator) -> None:
    """Handling until the final closing: slow units, days off, extensions, deferrals, reopenings, cases never closed."""
    urgency, accepted, answered = frame["urgency"], frame["accepted"], frame["answered"]
    count = len(urgency)
    hours = np.array([matter["hours"] for matter in _matters()])[frame["category"]]
    trend = 1.12 - 0.25 * frame["reported"] / (clock.DAYS * DAY)
    median = hours * HOUR * CLOSE_FACTOR[urgency] * SPEED[frame["unit"]] * frame["pace"] * trend
    takes = spread(rng, median, 0.85, count)
    at_once = (frame["kind"] == "proactive") & (frame["category"] == HAZARD) & (rng.random(count) < 0.62)
    takes = np.where(at_once, rng.integers(4, 45, count)[frame["first"]], takes)
    is_deferred = (urgency == 3) & (rng.random(count) < 0.035)
    takes = takes + np.where(is_deferred, rng.integers(20 * DAY, 60 * DAY, count), 0)
    began = np.minimum(answered, accepted + 2 * DAY)
    closed = np.where(frame["arrived"] < NEVER, np.maximum(began + takes, frame["arrived"] + 4), began + takes)
    moved = clock.in_office(rng, clock.after_night(rng, closed, 0.8), 0.7)
    closed = np.where(at_once | (urgency == 1), closed, moved)
    original = frame["original_due"]
    extends = (closed > original - 6 * HOUR) & (urgency != 1) & (rng.random(count) < 0.3)
    asked = np.maximum(original - rng.integers(2, 10, count) * HOUR, frame["dispatched"])
    frame["extended"] = np.where(extends, asked, NEVER)
    frame["due"] = np.where(extends, original + rng.choice([3, 5, 7], count) * DAY, original)
    frame["deferred"] = np.where(is_deferred, began + 6 * HOUR, NEVER)
    forgotten = rng.random(count) < np.where(urgency == 3, 0.02, np.where(at_once, 0.0, 0.006))
    found_again = closed + spread(rng, 40 * DAY, 0.7, count)  # a forgotten case turns up at some later check, most do
    first = np.where(forgotten, np.where(rng.random(count) < 0.06, NEVER, found_again), closed)
    risk = np.where(closed > frame["due"], 0.075, 0.028)
    again = (first < NEVER) & (frame["kind"] == "appeal") & (rng.random(count) < risk)
    frame["first_closed"] = first
    frame["reopened"] = np.where(again, closed + rng.integers(4 * HOUR, 6 * DAY, count), NEVER)
    more = np.minimum(takes, rng.integers(8 * HOUR, 20 * DAY, count))
    frame["closed"] = np.where(again, frame["reopened"] + more, first)
    frame["rounds"] = np.where(again, np.where(rng.random(count) < 0.12, 2, 1), 0)


def _judge(frame: Frame, rng: np.random.Generator) -> None:
    """Outcome, visit back and rating: a quick answer pleases most."""
    closed, channel = frame["closed"], frame["channel"]
    count, is_closed, draw = len(closed), closed < NEVER, rng.random(len(closed))
    good = GOOD[frame["urgency"]]
    outcome = np.where(draw < good + 0.025, "partly", np.where(draw < good + 0.045, "explained", "unsolved"))
    outcome = np.where(frame["kind"] == "inquiry", "explained", np.where(draw < good, "solved", outcome)).astype(object)
    outcome[(frame["category"] == DISPUTE) & (outcome == "explained")] = "litigation"
    frame["outcome"] = outcome
    citizens = (frame["origin"] != "proactive") & is_closed
    visits = (rng.random(count) < _channel("visited")[channel]) & is_closed
    visited = clock.after_night(rng, closed + rng.integers(6 * HOUR, 4 * DAY, count), 1.0)
    frame["visited"] = np.where(visits, clock.in_office(rng, visited, 1.0), NEVER)
    says = np.where(outcome == "explained", "solved", np.where(outcome == "litigation", "partly", outcome))
    says = np.where(rng.random(count) < 0.9, says, "unsolved")
    frame["outcome_visit"] = np.where(rng.random(count) < 0.07, "unreachable", says).astype(object)
    rated = citizens & (rng.random(count) < _channel("rated")[channel])
    waited = np.clip(frame["answered"] - frame["reported"], 0, 30 * DAY) / HOUR
    mood = 1.75 - 0.33 * np.log1p(waited) - 0.55 * (closed > frame["due"]) - 0.4 * (frame["rounds"] > 0)
    mood = mood - 1.7 * (outcome == "unsolved") - 0.8 * (outcome == "partly") + 0.9 * rng.standard_normal(count)
    default = citizens & ~rated & np.isin(channel, [1, 5, 8]) & (rng.random(count) < 0.3)
    stars = 1 + (mood > -1.6).astype(int) + (mood > -0.9) + (mood > -0.2) + (mood > 0.9)
    frame["rating"], frame["is_default"] = np.where(default, 5, stars), default
    later = np.where(default, closed + 7 * DAY, NEVER)
    frame["rated"] = np.where(rated, closed + spread(rng, 15 * HOUR, 1.0, count), later)
    level = rng.choice([1, 2, 3, 4, 5], count, p=[0.09, 0.52, 0.25, 0.09, 0.05])
    frame["escalation"] = np.where(frame["need_whistle"], np.maximum(level, 4), level)
    frame["solved_level"] = np.where(rng.random(count) < 0.94, level, np.maximum(level - 1, 1))
    frame["is_confidential"] = (frame["origin"] == "appeal") & (rng.random(count) < 0.004)


def _invalidate(frame: Frame, rng: np.random.Generator) -> None:
    """Rejected, withdrawn, merged and test cases do not count and are never closed."""
    count, draw = len(frame["reported"]), rng.random(len(frame["reported"]))
    appeal = frame["kind"] == "appeal"
    reason = np.full(count, None, dtype=object)
    reason[appeal & (draw < 0.010)] = "rejected"
    reason[draw < 0.0008] = "test"
    reason[appeal & (draw > 0.985)] = "merged"
    leaves = frame["reported"] + spread(rng, 14 * HOUR, 1.2, count)
    quits = appeal & (draw > 0.97) & (draw <= 0.985) & (leaves < frame["first_closed"])
    reason[quits] = "withdrawn"
    frame["invalid_reason"] = reason
    bad = reason != None  # noqa: E711  (element by element)
    frame["invalid_at"] = np.where(quits, leaves, np.where(bad, frame["accepted"] + 20, NEVER))
    for name in ("closed", "first_closed", "reopened", "rated", "visited", "extended", "deferred", "arrived"):
        frame[name] = np.where(bad, NEVER, frame[name])
    frame["due"] = np.where(bad, frame["original_due"], frame["due"])
    for name in ("answered", "dispatched"):
        frame[name] = np.where(bad & (frame[name] >= frame["invalid_at"]), NEVER, frame[name])

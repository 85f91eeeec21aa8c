"""Time of the demo: whole minutes since 2024-01-01, which weeks and hours are busy, and when offices are open."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from governance.demo import people

START = np.datetime64("2024-01-01T00:00", "m")
DAYS = 912  # to the end of June 2026
NEVER = np.int64(10**8)
DAY = 1440
HOUR = 60


@cache
def behaviour() -> dict[str, Any]:
    """The weights of behaviour.toml."""
    return tomllib.loads(Path(__file__).with_name("behaviour.toml").read_text(encoding="utf-8"))


def minute(text: str) -> int:
    """The minute of an ISO date or time."""
    return int((np.datetime64(text, "m") - START).astype(np.int64))


def to_time(minutes: np.ndarray) -> np.ndarray:
    """Minutes as times; NEVER becomes no time at all."""
    times = START + minutes.astype("timedelta64[m]")
    return np.where(minutes >= NEVER, np.datetime64("NaT"), times).astype("datetime64[s]")


@cache
def months() -> np.ndarray:
    """The month (0 to 29) of every day."""
    days = np.datetime64("2024-01-01") + np.arange(DAYS)
    return (days.astype("datetime64[M]") - np.datetime64("2024-01")).astype(int)


@cache
def is_workday() -> np.ndarray:
    """Whether offices are open, for every day of the calendar."""
    return people.calendar()["is_workday"].to_numpy()


@cache
def day_weights(rhythm: str) -> np.ndarray:
    """How busy a day is: its weekday, and quieter offices on public holidays."""
    weekday = np.arange(DAYS) % 7  # 2024-01-01 is a Monday
    weights = np.array(behaviour()["weekdays"][rhythm])[weekday]
    quiet = 0.35 if rhythm in ("office", "patrol") else 0.85
    is_holiday = ~is_workday()[:DAYS] & (weekday < 5)
    return np.where(is_holiday, weights * quiet, weights)


def report_times(rng: np.random.Generator, count: int, rhythm: str, by_month: np.ndarray) -> np.ndarray:
    """Moments at which cases are reported: month weights, then weekday and hour of the channel's rhythm."""
    weights = by_month[months()] * day_weights(rhythm)
    day = rng.choice(DAYS, count, p=weights / weights.sum())
    hours = np.array(behaviour()["hours"][rhythm], dtype=float)
    hour = rng.choice(24, count, p=hours / hours.sum())
    return day.astype(np.int64) * DAY + hour * HOUR + rng.integers(0, HOUR, count)


def spread(rng: np.random.Generator, median: np.ndarray | float, sigma: float, count: int) -> np.ndarray:
    """Minutes around a median with the long tail that waiting times have."""
    return np.maximum(1, np.round(median * np.exp(sigma * rng.standard_normal(count)))).astype(np.int64)


def after_night(rng: np.random.Generator, times: np.ndarray, share: float) -> np.ndarray:
    """Some of what would fall between 20:00 and 8:00 waits until the morning."""
    hour = times % DAY // HOUR
    waits = ((hour >= 20) | (hour < 8)) & (rng.random(len(times)) < share) & (times < NEVER)
    morning = (times // DAY + (hour >= 20)) * DAY + 8 * HOUR + rng.integers(5, 150, len(times))
    return np.where(waits, morning, times)


def in_office(rng: np.random.Generator, times: np.ndarray, share: float) -> np.ndarray:
    """Some of what would fall on a day off is done on the next working day."""
    days = np.minimum(times // DAY, len(is_workday()) - 1)
    moves = ~is_workday()[days] & (rng.random(len(times)) < share) & (times < NEVER)
    return np.where(moves, _next_workday()[days] * DAY + 8 * HOUR + rng.integers(20, 560, len(times)), times)


@cache
def _next_workday() -> np.ndarray:
    following = np.where(is_workday(), np.arange(len(is_workday())), len(is_workday()))
    return np.minimum.accumulate(following[::-1])[::-1].astype(np.int64)

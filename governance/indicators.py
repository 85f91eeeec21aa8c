"""指标: what a definition is, and how its value is judged and written; macros.py makes SQL of it.

An indicator is defined once, in `indicators/*.toml`. From its three predicates (`at`, `base`, `hit`) come its rate,
its n and the list of the cases behind it, so the three cannot disagree.
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent / "indicators"
NOTHING = "—"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Verdict(StrEnum):
    """How a value stands to its target; the words are what a reader sees."""

    GOOD = "达标"
    WATCH = "关注"
    BAD = "未达标"
    FEW = "样本不足"
    UNJUDGED = "不评价"


class DefinitionError(Exception):
    """A definition in `indicators/*.toml` that says something impossible; the message names it."""


@dataclass(frozen=True)
class Duration:
    """A time to an event: `hours` so far, and whether the `event` has happened."""

    key: str
    at: str
    base: str
    hours: str
    event: str


@dataclass(frozen=True)
class Indicator:
    """One entry of the 指标字典; the fields are those of its TOML block (see docs/extending.md)."""

    key: str
    theme: str
    label: str
    unit: str
    direction: Direction
    minimum: int
    why: str
    definition: str
    table: str = "cases"
    at: str = ""
    base: str = ""
    hit: str = ""
    value: str = ""
    duration: str = ""
    quantile: float = 0.0
    per: str = ""
    scale: int = 1
    numerator: str = ""
    denominator: str = ""
    excluded: str = ""
    beside: str = ""
    target: float | None = None
    warning: float | None = None
    digits: int | None = None
    version: int = 1
    valid_from: str = "2026-07-01"
    changes: tuple[str, ...] = ()

    @property
    def is_rate(self) -> bool:
        """Whether the value is hit / base."""
        return bool(self.hit)

    @property
    def is_count(self) -> bool:
        """Whether the value is the number of cases in the base."""
        return not (self.hit or self.value or self.duration or self.per)

    def verdict(self, value: float | None, base: float | None) -> Verdict:
        """Judge a value by its target; never one that rests on fewer than `minimum` cases."""
        if is_missing(value) or (base or 0) < self.minimum:
            return Verdict.FEW
        if self.target is None or self.direction is Direction.NEUTRAL:
            return Verdict.UNJUDGED
        sign = 1 if self.direction is Direction.HIGHER else -1
        assert value is not None
        if sign * value >= sign * self.target:
            return Verdict.GOOD
        warning = self.target if self.warning is None else self.warning
        return Verdict.WATCH if sign * value >= sign * warning else Verdict.BAD

    def format(self, value: float | None, unit: bool = True) -> str:
        """Write a value for a reader: 0.8346 as 83.5%, 1234 as 1,234 件, half an hour as 30 分钟, nothing as —."""
        if is_missing(value):
            return NOTHING
        assert value is not None
        if self.unit == "%":
            return f"{rounded(_percent(value), 1)}%"
        if self.unit == "小时" and unit and value < 1:
            return f"{rounded(value * 60, 0)} 分钟"
        digits = 0 if self.is_count else 2 if self.unit in ("", "倍") else 1
        digits = digits if self.digits is None else self.digits
        return f"{rounded(value, digits)} {self.unit}".strip() if unit else rounded(value, digits)

    def format_change(self, value: float | None, before: float | None) -> str:
        """Write the change from `before`: percentage points for a rate, per cent for anything else."""
        if is_missing(value) or is_missing(before):
            return ""
        assert value is not None
        assert before is not None
        if self.unit == "%":
            change, unit = rounded(_percent(value) - _percent(before), 1, sign=True), " 个百分点"
        else:
            change, unit = rounded((value / before - 1) * 100, 1, sign=True) if before else "", "%"
        return "" if not change else "持平" if change in ("+0.0", "-0.0") else change + unit


def is_missing(value: float | None) -> bool:
    """Whether there is no number (None, NaN, an infinity and pandas' NA all mean that)."""
    try:
        return value is None or not math.isfinite(value)
    except TypeError:  # pandas' NA is no number and says so
        return True


def _percent(value: float) -> Decimal:
    """A fraction as per cent, exactly: 0.2875 is 28.75 and not a hair less, so that it rounds as by hand."""
    return Decimal(repr(float(value))) * 100


def rounded(value: float | Decimal, digits: int, sign: bool = False) -> str:
    """Round half up and put thousands separators: rounded(1234.25, 1) is '1,234.3'."""
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    exact = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{exact + 0:{'+' if sign else ''},}"


def _read() -> tuple[dict[str, Indicator], dict[str, Duration]]:
    indicators: dict[str, Indicator] = {}
    durations: dict[str, Duration] = {}
    for path in (FOLDER / f"{name}.toml" for name in _themes()):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        theme = content.pop("theme")
        for key, block in content.pop("durations", {}).items():
            try:
                durations[key] = Duration(key=key, **block)
            except TypeError as error:
                raise DefinitionError(f"时长 {key} 的定义有误：{error}") from error
        for key, block in content.items():
            indicators[key] = _define(key, theme, block, durations)
    return indicators, durations


def _themes() -> list[str]:
    """The files in the order of the dictionary page: the four that open it, then any other by name."""
    first = ["flow", "timeliness", "satisfaction", "workload"]
    return first + sorted({path.stem for path in FOLDER.glob("*.toml")} - set(first))


def _define(key: str, theme: str, block: dict, durations: dict[str, Duration]) -> Indicator:
    try:
        block = {**block, "direction": Direction(block["direction"]), "changes": tuple(block.get("changes", ()))}
        indicator = Indicator(key=key, theme=theme, **block)
    except (KeyError, TypeError, ValueError) as error:
        raise DefinitionError(f"指标 {key} 的定义有误：{error}") from error
    if not indicator.definition.endswith("。") and not indicator.definition.endswith("）"):
        raise DefinitionError(f"指标 {key} 的 definition 应是完整的句子，以句号结尾")
    if indicator.duration and indicator.duration not in durations:
        raise DefinitionError(f"指标 {key} 用到的时长 {indicator.duration} 没有定义")
    if not indicator.duration and not indicator.base:
        raise DefinitionError(f"指标 {key} 没有 base（谁算数）")
    if indicator.target is not None and indicator.warning is not None:
        worse = (indicator.warning < indicator.target) == (indicator.direction is Direction.HIGHER)
        if indicator.warning != indicator.target and not worse:
            raise DefinitionError(f"指标 {key} 的 warning 应在 target 较差的一侧")
    return indicator


INDICATORS, DURATIONS = _read()


def conditions(indicator: Indicator) -> str:
    """The predicates of an indicator as SQL, for a reader who wants to check; `c` is one row of its table."""
    source = DURATIONS[indicator.duration] if indicator.duration else indicator
    parts = {
        "归属时点": source.at,
        "分母（谁算数）": source.base,
        "分子（谁成功）": indicator.hit,
        "数值": indicator.value.replace("{base}", "分母"),
        "时长": DURATIONS[indicator.duration].hours if indicator.duration else "",
        "事件已发生": DURATIONS[indicator.duration].event if indicator.duration else "",
    }
    head = f"-- {indicator.key}，第 {indicator.version} 版；c 是 {indicator.table} 的一行\n"
    return head + "\n".join(f"-- {name}\n{sql.strip()}" for name, sql in parts.items() if sql)


def of_table(table: str) -> list[Indicator]:
    """The indicators over `table` (cases, grids or a ledger), in the order of the dictionary."""
    return [indicator for indicator in INDICATORS.values() if indicator.table == table]


def with_beside(keys: Sequence[str]) -> list[str]:
    """The indicators, and those that must be seen beside them (满意率 beside 参评率)."""
    return list(dict.fromkeys([*keys, *(INDICATORS[key].beside for key in keys if INDICATORS[key].beside)]))


def ledgers() -> list[str]:
    """The tables beside cases and grids that indicators count: meetings, visits, points, …"""
    return sorted({indicator.table for indicator in INDICATORS.values()} - {"cases", "grids"})

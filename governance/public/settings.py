"""The settings of the wall and its bundle: screen.toml beside this file, overridden by data/screen.toml, each checked.

A value that cannot be is not used: the packaged one stands in, and one Chinese sentence says so.
"""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGED = Path(__file__).with_name("screen.toml")
SCENES = ("map", "now", "satisfaction", "timeliness", "workload", "together")
LEVELS = ("county", "town", "community", "grid_1")
LARGEST_FILE = 100_000
LONGEST_TEXT = 60
MOST_INDICATORS = 100


@dataclass(frozen=True)
class Settings:
    """What a wall shows and how much of it is public; `problems` are sentences about values that were not used."""

    title: str
    area: str
    approval_number: str
    stale_after_hours: float
    finest: str
    k: int
    k_dispute: int
    rate_minimum: int
    indicators: tuple[str, ...]
    scenes: tuple[tuple[str, float], ...]
    problems: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that are public, from the county down."""
        return LEVELS[: LEVELS.index(self.finest) + 1]

    @property
    def asked(self) -> dict[str, Any]:
        """What of it decides about the numbers."""
        return {
            "k": self.k,
            "k_dispute": self.k_dispute,
            "rate_minimum": self.rate_minimum,
            "finest": self.finest,
            "indicators": list(self.indicators),
        }


def data_dir() -> Path:
    """Return the folder of all data, as the snapshots do; named here again so that reading needs no other room."""
    chosen = os.environ.get("GOVERNANCE_DATA")
    return Path(chosen) if chosen else Path(__file__).parents[2] / "data"


def read(path: Path | None = None) -> Settings:
    """Read the packaged settings with those of `path` (default: data/screen.toml, which may be missing) over them."""
    values = _checked(tomllib.loads(PACKAGED.read_text("utf-8")), [])
    problems: list[str] = []
    own = _own(path or data_dir() / "screen.toml", path is not None, problems)
    values |= _checked(own, problems)
    if values["k_dispute"] < values["k"]:
        problems.append(f"大屏设置 k_dispute={values['k_dispute']} 小于 k={values['k']}：已改用 {values['k']}。")
        values["k_dispute"] = values["k"]
    if above := values["k_dispute"] % values["k"]:  # the other categories must be able to fill what disputes leave
        multiple = values["k_dispute"] + values["k"] - above
        if "k_dispute" in own:
            problems.append(
                f"大屏设置 k_dispute={values['k_dispute']} 不是 k={values['k']} 的倍数：已改用 {multiple}。"
            )
        values["k_dispute"] = multiple
    if values["rate_minimum"] < values["k"]:
        problems.append(f"大屏设置 rate_minimum={values['rate_minimum']} 小于 k={values['k']}：已改用 {values['k']}。")
        values["rate_minimum"] = values["k"]
    return Settings(**values, problems=tuple(problems))


def _own(path: Path, is_asked_for: bool, problems: list[str]) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            problems.append(f"大屏设置文件 {path.name} 过大：全部采用默认设置。")
            return {}
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        if is_asked_for:
            problems.append(f"找不到大屏设置文件 {path.name}：全部采用默认设置。")
    except (OSError, UnicodeDecodeError):
        problems.append(f"大屏设置文件 {path.name} 读不出来（应为 UTF-8 文本）：全部采用默认设置。")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = str(error).partition("(at ")[2].rstrip(")") or "位置不明"
        problems.append(f"大屏设置文件 {path.name} 不是正确的 TOML（{line}）：全部采用默认设置。")
    return {}


def _checked(given: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """The values that can be used; a sentence for each of the others."""
    taken = {}
    for key, value in given.items():
        if key not in CHECKS:
            problems.append(f"大屏设置里没有“{_shown(key)}”这一项：已略过，可用的有 {'、'.join(CHECKS)}。")
            continue
        wanted, check = CHECKS[key]
        found = check(value)
        if found is None:
            problems.append(f"大屏设置 {key}={_shown(value)} 不能用，应为{wanted}：已采用默认值。")
        else:
            taken[key] = found
    return taken


def _shown(value: object) -> str:
    text = "".join(character for character in str(value) if character.isprintable())
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def _text(value: object) -> str | None:
    is_fit = isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()
    return str(value).strip() if is_fit else None


def _whole(low: int, high: int) -> Callable[[object], int | None]:
    def check(value: object) -> int | None:
        return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None

    return check


def _number(low: float, high: float) -> Callable[[object], float | None]:
    def check(value: object) -> float | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number and low <= value <= high else None  # type: ignore[arg-type,operator]

    return check


def _finest(value: object) -> str | None:
    return value if isinstance(value, str) and value in LEVELS else None


def _indicators(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_INDICATORS:
        return None
    return tuple(dict.fromkeys(value)) if all(isinstance(key, str) for key in value) else None


def _scenes(value: object) -> tuple[tuple[str, float], ...] | None:
    if not isinstance(value, list) or not 1 <= len(value) <= 2 * len(SCENES):
        return None
    seconds_of = _number(5, 3600)
    found = []
    for scene in value:
        if not isinstance(scene, dict) or set(scene) - {"name", "seconds"}:
            return None
        seconds = seconds_of(scene.get("seconds", 20))
        if scene.get("name") not in SCENES or seconds is None:
            return None
        found.append((scene["name"], seconds))
    return tuple(found)


CHECKS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "title": (f"不超过 {LONGEST_TEXT} 字的文字", _text),
    "area": ("区划代码（文字），空为全部范围", _text),
    "approval_number": (f"不超过 {LONGEST_TEXT} 字的文字", _text),
    "stale_after_hours": ("1 到 8760 的数", _number(1, 8760)),
    "finest": (f"{'、'.join(LEVELS)} 之一", _finest),
    "k": ("3 到 100 的整数", _whole(3, 100)),
    "k_dispute": ("3 到 100 的整数", _whole(3, 100)),
    "rate_minimum": ("3 到 10000 的整数", _whole(3, 10_000)),
    "indicators": ("指标代码的列表", _indicators),
    "scenes": (f"画面的列表，每幅有 name（{'、'.join(SCENES)}）和 seconds（5 到 3600）", _scenes),
}

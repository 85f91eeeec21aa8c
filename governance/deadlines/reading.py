"""Read the rules: the packaged ones and the data folder's own, every word of which is checked."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from governance import codes
from governance.deadlines.rules import AMOUNTS, DAY, FIELDS, HOUR, MINUTE, SINCE, Rule, Rules, Term, hour
from governance.snapshots import folder

PACKAGED = Path(__file__).parents[1] / "deadlines.toml"
NAME = "deadlines.toml"
LARGEST = 500_000  # bytes of a rules file
LONGEST = 3650  # days


class DeadlineProblem(folder.SnapshotError):
    """A rules file that says something impossible; the message is one Chinese sentence that names it."""


def packaged() -> Rules:
    """The rules that come with the product."""
    return _combine(_parsed(PACKAGED), {})


def current() -> Rules:
    """The rules in force: the data folder's own before the packaged ones. DeadlineProblem names a mistake."""
    return _combine(_parsed(PACKAGED), _own())


def digest() -> str:
    """A short text that changes with the rules in force: tells an import that the same files mean something else."""
    return hashlib.sha256(json.dumps([_parsed(PACKAGED), _own()], sort_keys=True, default=str).encode()).hexdigest()[
        :16
    ]


def _own() -> dict[str, Any]:
    path = folder.data_dir() / NAME
    return _parsed(path) if path.is_file() else {}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise DeadlineProblem(f"时限规则 {path.name} 大于 {LARGEST:,} 字节，不像规则文件，没有读取。")
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DeadlineProblem(f"时限规则 {path.name} 不是 UTF-8 编码，请另存为 UTF-8 后重试。") from error
    except tomllib.TOMLDecodeError as error:
        raise DeadlineProblem(f"时限规则 {path.name} 不是合格的 TOML：{error}。") from error
    except OSError as error:
        raise DeadlineProblem(f"时限规则 {path.name} 读不出来：{error.strerror}。") from error
    return content


def _combine(standard: dict[str, Any], own: dict[str, Any]) -> Rules:
    known = {"fills_missing", "office_hours", "whistle", "arrival", "orders", "rules", "only"}
    _known("时限规则", own, known)
    mine = [_rule(block, True) for block in _blocks(own)]
    names = [rule.name for rule in mine]
    for name in names:
        if names.count(name) > 1:
            raise DeadlineProblem(f"时限规则“{name}”写了两遍，请改名或删去一条。")
    others = [] if own.get("only") is True else [_rule(block, False) for block in _blocks(standard)]
    merged = {**standard, **own}
    fills = merged["fills_missing"]
    if not isinstance(fills, bool):
        raise DeadlineProblem("时限规则的 fills_missing 应为 true 或 false。")
    whistle, arrival, orders = (_mapping(name, merged[name]) for name in ("whistle", "arrival", "orders"))
    return Rules(
        rules=(*mine, *(rule for rule in others if rule.name not in names)),
        fills_missing=fills,
        office_hours=_office(merged["office_hours"]),
        whistles=_conditions("[whistle]", {key: value for key, value in whistle.items() if key != "within"}),
        report_in_seconds=_within("[whistle]", whistle),
        arrivals=_conditions("[arrival]", {key: value for key, value in arrival.items() if key != "within"}),
        arrival_seconds=_within("[arrival]", arrival),
        orders=_conditions("[orders]", orders),
    )


def _within(where: str, block: dict[str, Any]) -> int:
    """Seconds of natural time; units are not called by office hours."""
    within = _term(f"{where} 的 within", block.get("within"))
    if within.clock != "natural" or within.seconds is None:
        raise DeadlineProblem(f"时限规则 {where} 的 within 只能用 minutes、hours 或 days。")
    return within.seconds


def _blocks(content: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = content.get("rules", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise DeadlineProblem("时限规则的每一条应写成 [[rules]] 一节。")
    return blocks


def _mapping(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DeadlineProblem(f"时限规则的 {name} 应写成 [{name}] 一节。")
    return value


def _known(where: str, block: dict[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(set(block) - set(known)):
        raise DeadlineProblem(f"{where}里没有“{unknown[0]}”这一项，可用的有：{'、'.join(sorted(known))}。")


def _rule(block: dict[str, Any], is_own: bool) -> Rule:
    name = block.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 40:
        raise DeadlineProblem("时限规则要有 name，1 到 40 个字。")
    where = f"时限规则“{name}”"
    _known(where, block, {"name", "since", "response", "close", "extension", *FIELDS})
    since = block.get("since", "reported_at")
    if since not in SINCE:
        raise DeadlineProblem(f"{where}的 since 应为 {'、'.join(SINCE)} 之一。")
    response, close = (
        _term(f"{where}的 {part}", block[part]) if part in block else None for part in ("response", "close")
    )
    if not response and not close:
        raise DeadlineProblem(f"{where}没有 response，也没有 close，什么都没有承诺。")
    extension = _term(f"{where}的 extension", block["extension"]) if "extension" in block else None
    if extension and (extension.clock != "natural" or extension.seconds is None):
        raise DeadlineProblem(f"{where}的 extension 只能用 minutes、hours 或 days。")
    conditions = _conditions(where, {key: value for key, value in block.items() if key in FIELDS})
    return Rule(name.strip(), conditions, since, response, close, (extension and extension.seconds) or 0, is_own)


def _conditions(where: str, block: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    _known(where, block, FIELDS)
    found = {}
    for name, values in block.items():
        if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
            raise DeadlineProblem(f'{where}的 {name} 应为一列文字，例如 {name} = ["…"]。')
        found[name] = tuple(dict.fromkeys(_code(where, name, value) for value in values))
    return found


def _code(where: str, name: str, value: str) -> str:
    """The code a text stands for, where its column has a list of codes."""
    if name not in codes.LABELS:
        return value
    labels = codes.LABELS[name]
    by_label = {label: code for code, label in labels.items()}
    if value not in labels and value not in by_label:
        raise DeadlineProblem(f"{where}的 {name} 里没有“{value}”，可用的有：{'、'.join(labels.values())}。")
    return value if value in labels else by_label[value]


def _term(where: str, block: object) -> Term:
    """One time allowed, checked."""
    if not isinstance(block, dict):
        raise DeadlineProblem(f"{where} 应写成 {{ hours = 24 }} 这样。")
    if "by" in block:
        _known(where, block, {"by", "days", "cutoff", "after", "working"})
        days, working = block.get("days", 0), block.get("working", False)
        if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= LONGEST:
            raise DeadlineProblem(f"{where} 的 days 应为 0 到 {LONGEST} 的整数。")
        if not isinstance(working, bool):
            raise DeadlineProblem(f"{where} 的 working 应为 true 或 false。")
        if ("cutoff" in block) != ("after" in block):
            raise DeadlineProblem(f"{where} 的 cutoff 与 after 要一起写：几点起报的，到次日几点。")
        by, cutoff, after = (
            _second(f"{where} 的 {key}", block[key]) if key in block else None for key in ("by", "cutoff", "after")
        )
        if by == 0 or after == 0:
            raise DeadlineProblem(f"{where} 的时刻不能是 00:00，一天结束写 24:00。")
        if days == 0 and by is not None and (cutoff is None or cutoff > by) and by < DAY:
            raise DeadlineProblem(f"{where} 当日 {hour(by)} 以后报的已经过期：请写 cutoff（不晚于 by）与 after。")
        return Term("working_days" if working else "natural", None, days, by, cutoff, after)
    if len(block) != 1 or next(iter(block)) not in AMOUNTS:
        raise DeadlineProblem(f"{where} 应有且只有 {'、'.join(AMOUNTS)}、by 中的一个。")
    unit, amount = next(iter(block.items()))
    size, clock, _ = AMOUNTS[unit]
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount * size <= LONGEST * DAY:
        raise DeadlineProblem(f"{where} 的 {unit} 应为大于 0、不超过 {LONGEST} 天的整数。")
    return Term(clock, amount * size)


def _office(spans: object) -> tuple[tuple[int, int], ...]:
    where = "时限规则的 office_hours"
    if not isinstance(spans, list) or not spans or not all(isinstance(span, list) and len(span) == 2 for span in spans):
        raise DeadlineProblem(f'{where} 应写成 [["08:30", "12:00"], ["14:30", "18:00"]] 这样。')
    found = tuple((_second(where, opens), _second(where, closes)) for opens, closes in spans)
    edges = [edge for span in found for edge in span]
    if edges != sorted(set(edges)):
        raise DeadlineProblem(f"{where} 应按时间先后排列，互不重叠。")
    return found


def _second(where: str, text: object) -> int:
    match = re.fullmatch(r"([01]\d|2[0-4]):([0-5]\d)", text) if isinstance(text, str) else None
    second = int(match[1]) * HOUR + int(match[2]) * MINUTE if match else DAY + 1
    if second > DAY:
        raise DeadlineProblem(f"{where} 应写成 18:00 这样的钟点，最晚 24:00。")
    return second

"""标准代码: the code lists of codes.toml, and the Chinese label of a code."""

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))

LABELS: dict[str, dict[str, str]] = {name: content["codes"] for name, content in _LISTS.items()}
"""Code to label, by the name of the list."""

COLUMNS: dict[str, str] = {column: name for name, content in _LISTS.items() for column in content["columns"]}
"""Name of the list that governs a canonical column, by "table.column"."""

TRACKS = {"dispute": "矛盾纠纷", "hazard": "安全隐患", "service": "诉求与服务"}
"""The three tracks that are never summed: disputes, hazards, everything else."""


TRACK_CATEGORIES = {
    "dispute": ["01"],
    "hazard": ["02"],
    "service": [code for code in LABELS["category"] if code not in ("01", "02")],
}
"""The categories of a track, as derive/cases.sql divides them."""


def label(name: str, code: object) -> str:
    """The Chinese label of a code; the code itself when the list does not have it, 未填 when there is none."""
    if code is None or code != code or code == "":
        return "未填"
    return LABELS[name].get(str(code), str(code))


def path(steps: object) -> str:
    """Steps joined by ">" as a reader says them: find>handle is 发现 → 办理; nothing for none."""
    return " → ".join(label("step", step) for step in str(steps).split(">")) if steps and steps == steps else ""

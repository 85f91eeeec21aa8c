"""分组: the classes of groups.toml that like is compared with like by, and what a type of project is meant to end."""

import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from governance.sql import literal

PATH = Path(__file__).with_suffix(".toml")
KINDS = ("estate_size", "estate_age", "grid_size")


class GroupError(Exception):
    """A group in groups.toml that cannot be used; the message names it."""


@dataclass(frozen=True)
class Grouping:
    """One way to divide estates or grids: its name, and its classes as (label, from, below), None without a bound."""

    key: str
    label: str
    classes: tuple[tuple[str, float | None, float | None], ...]


@dataclass(frozen=True)
class Groups:
    """What groups.toml says: the groupings by key, and by type of project the matters it is meant to end."""

    groupings: dict[str, Grouping]
    projects: dict[str, tuple[str, ...]]


def read(path: Path = PATH) -> Groups:
    """The groups of a file; GroupError when a class or a list in it makes no sense."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    missing = [kind for kind in KINDS if kind not in content]
    if missing:
        raise GroupError(f"groups.toml 缺少分组 {'、'.join(missing)}")
    projects = content.get("projects", {})
    for name, matters in projects.items():
        if not isinstance(matters, list) or not matters or not all(isinstance(matter, str) for matter in matters):
            raise GroupError(f"项目类型“{name}”对应的小类应是一组词")
    return Groups(
        {kind: _grouping(kind, content[kind]) for kind in KINDS},
        {name: tuple(matters) for name, matters in projects.items()},
    )


def _grouping(kind: str, block: dict) -> Grouping:
    classes = block.get("classes")
    if not classes or not all(isinstance(one, dict) and isinstance(one.get("label"), str) for one in classes):
        raise GroupError(f"分组 {kind} 的 classes 应是一组有 label 的级别")
    bounds = [one.get("below") for one in classes[:-1]]
    if not all(isinstance(bound, int | float) and not isinstance(bound, bool) for bound in bounds):
        raise GroupError(f"分组 {kind} 除最后一级外都要有 below")
    if "below" in classes[-1] or any(low >= high for low, high in pairwise(bounds)):
        raise GroupError(f"分组 {kind} 的 below 应逐级增大，最后一级没有")
    if len({one["label"] for one in classes}) < len(classes):
        raise GroupError(f"分组 {kind} 有两级同名")
    edges = [None, *bounds, None]
    return Grouping(
        kind,
        block.get("label", kind),
        tuple((one["label"], low, high) for one, low, high in zip(classes, edges, edges[1:], strict=False)),
    )


GROUPS = read()


def statements(groups: Groups = GROUPS) -> list[str]:
    """The SQL that puts the groups into a store: the tables `peer_classes` and `project_matters`."""
    classes = [
        f"({literal(kind)}, {ordinal}, {literal(label)}, {literal(low)}::double, {literal(high)}::double)"
        for kind, grouping in groups.groupings.items()
        for ordinal, (label, low, high) in enumerate(grouping.classes, start=1)
    ]
    matters = [f"({literal(name)}, {literal(matter)})" for name, listed in groups.projects.items() for matter in listed]
    none = "select '' as project_type, '' as subcategory limit 0"
    listed = f"from (values {', '.join(matters)}) as t(project_type, subcategory)" if matters else none
    return [
        f"create table peer_classes as from (values {', '.join(classes)}) as t(kind, ordinal, label, at_least, below)",
        f"create table project_matters as {listed}",
    ]

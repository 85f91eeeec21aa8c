"""规则: the limits of rules.toml, for pages to name and for SQL to use."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from governance.sql import literal

PATH = Path(__file__).with_suffix(".toml")


class RuleError(Exception):
    """A rule in rules.toml that cannot be used; the message names it."""


@dataclass(frozen=True)
class Rule:
    """One limit: what it is called, its value, and what it does in one phrase."""

    key: str
    label: str
    value: float | tuple[str, ...]
    note: str

    @property
    def number(self) -> float:
        """The value of a rule that is a number."""
        if isinstance(self.value, tuple):
            raise RuleError(f"规则 {self.key} 是一组词，不是数")
        return self.value

    @property
    def words(self) -> tuple[str, ...]:
        """The value of a rule that is a list of words."""
        if not isinstance(self.value, tuple):
            raise RuleError(f"规则 {self.key} 是数，不是一组词")
        return self.value


def read(path: Path = PATH) -> dict[str, Rule]:
    """The rules of a file by key; RuleError when one of them is neither a number nor a list of words."""
    return {key: _rule(key, block) for key, block in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def _rule(key: str, block: dict) -> Rule:
    value = block.get("value")
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        value = tuple(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError(f"规则 {key} 的 value 应是数或一组词")
    return Rule(key, block.get("label", key), value, block.get("note", ""))


RULES = read()


def statements() -> list[str]:
    """The SQL that puts the rules into a store: one macro rule_<key>() each."""
    return [f"create macro rule_{rule.key}() as {literal(rule.value)}" for rule in RULES.values()]

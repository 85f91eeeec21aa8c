"""What a rule of 时限规则 is: a promise, the cases it is made for, and how a reader says it."""

from dataclasses import dataclass, field

from governance import codes

DAY, HOUR, MINUTE = 86_400, 3_600, 60

FIELDS = {
    "urgency": "缓急", "category": "类别", "subcategory": "小类", "channel": "渠道", "origin": "来源方式",
    "kind": "性质", "source": "来源系统", "severity": "隐患等级", "hazard_type": "隐患类型",
    "dispute_type": "纠纷类型", "property_mode": "物业方式", "region": "范围",
}  # fmt: skip
SINCE = {"reported_at": "上报", "accepted_at": "受理", "dispatched_at": "派单"}
AMOUNTS = {
    "minutes": (MINUTE, "natural", "分钟"), "hours": (HOUR, "natural", "小时"), "days": (DAY, "natural", "天"),
    "working_days": (DAY, "working_days", "个工作日"), "working_hours": (HOUR, "working_hours", "个工作小时"),
}  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One time allowed: `seconds` on a clock, or `by` a second of the day `days` days later."""

    clock: str
    seconds: int | None = None
    days: int = 0
    by: int | None = None
    cutoff: int | None = None
    after: int | None = None

    def words(self) -> str:
        """As a reader says it: 24 小时内; 当日 24:00 前（18:00 起报的到次日 12:00）."""
        working = "工作" if self.clock != "natural" else ""
        if self.by is None:
            assert self.seconds is not None
            units = [(size, word) for size, clock, word in AMOUNTS.values() if clock == self.clock]
            size, word = max(unit for unit in units if self.seconds % unit[0] == 0 and unit[0] <= self.seconds)
            if self.clock == "natural" and self.seconds == DAY:
                size, word = HOUR, "小时"
            return f"{self.seconds // size} {word}内"
        day = (
            f"{working}当日" if self.days == 0 else f"第 {self.days} 个{working}日" if working else f"第 {self.days} 天"
        )
        late = f"（{hour(self.cutoff)} 起报的到次{working}日 {hour(self.after)}）" if self.cutoff is not None else ""
        return f"{day} {hour(self.by)} 前{late}{'（起算当日不计）' if self.days else ''}"


@dataclass(frozen=True)
class Rule:
    """One promise: which cases it is made for, from when, and what it allows."""

    name: str
    conditions: dict[str, tuple[str, ...]]
    since: str = "reported_at"
    response: Term | None = None
    close: Term | None = None
    extension: int = 0
    is_own: bool = False

    def applies(self) -> str:
        """The conditions as a reader says them: 类别 安全隐患；隐患等级 重大. Places are named where they are known."""
        parts = [
            f"{FIELDS[name]} {'、'.join(codes.LABELS.get(name, {}).get(value, value) for value in values)}"
            for name, values in self.conditions.items()
            if name != "region"
        ]
        return "；".join(parts) or "全部案件"


@dataclass(frozen=True)
class Rules:
    """All rules in the order in which they are tried, and what else the file settles."""

    rules: tuple[Rule, ...]
    fills_missing: bool
    office_hours: tuple[tuple[int, int], ...]
    report_in_seconds: int
    whistles: dict[str, tuple[str, ...]]
    arrival_seconds: int
    arrivals: dict[str, tuple[str, ...]]
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)


def hour(second: int | None) -> str:
    """18:00 for 64800 seconds of the day."""
    return f"{(second or 0) // HOUR:02d}:{(second or 0) % HOUR // MINUTE:02d}"

"""How long snapshots are kept, by `<data>/retention.toml` where there is one.

Kept are the one in use, the newest, those of the last hours, and of each month of data the last one: what was reported
last month can be reproduced.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from governance.snapshots import folder
from governance.snapshots.folder import SnapshotError
from governance.snapshots.reading import Snapshot

FILE = "retention.toml"


@dataclass(frozen=True)
class Rules:
    """How many of the newest, published within how many hours, and the last of how many months of data are kept."""

    newest: int = 6
    hours: int = 24
    months: int = 24


LEAST = Rules(newest=3, hours=24, months=0)


def current() -> Rules:
    """Return the rules of the data folder; what is not written there is as in `Rules`."""
    path = folder.data_dir() / FILE
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Rules()
    except (OSError, ValueError) as error:
        raise SnapshotError(f"保留规则 {path} 读不通：请按 newest = 6 这样的格式改正，或删去该文件。") from error
    for key, value in found.items():
        least = getattr(LEAST, key, None)
        if least is None:
            names = "、".join(field.name for field in fields(Rules))
            raise SnapshotError(f"保留规则 {path} 里有不认识的“{key}”：可用 {names}。")
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 10_000:
            raise SnapshotError(f"保留规则 {path} 的 {key} 应是 {least} 到 10000 的整数。")
    return Rules(**found)


def expired(snapshots: Sequence[Snapshot], in_use: str | None, now: datetime, rules: Rules) -> list[Snapshot]:
    """Return those that no rule keeps, of snapshots in the order of publication."""
    since = now - timedelta(hours=rules.hours)
    kept = {in_use, *(one.id for one in snapshots[-rules.newest :])}
    kept |= {one.id for one in snapshots if datetime.fromisoformat(one.manifest["published_at"]) >= since}
    for is_demo in (False, True):
        alike = sorted((one for one in snapshots if one.is_demo == is_demo), key=lambda one: (one.as_of, one.sequence))
        last = {_month(one): one.id for one in alike}
        kept |= {last[month] for month in sorted(last, reverse=True)[: rules.months]}
    return [one for one in snapshots if one.id not in kept]


def _month(snapshot: Snapshot) -> tuple[int, int]:
    """The month of data that a snapshot closes: a cut-off at midnight of the first belongs to the month before."""
    moment = snapshot.as_of - timedelta(microseconds=1)
    return moment.year, moment.month

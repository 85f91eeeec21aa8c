"""What a platform would show on a given day: the demo's cases, disputes, hazards and steps as known at that moment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from governance.demo.clock import DAY, HOUR, NEVER, START, minute, to_time

PREFIX = {
    "141181": "XY",
    "141122": "JC",
    "140225": "HY",
    "140226": "ZY",
    "150102": "HH",
    "150103": "HH",
    "140403": "LZ",
    "141130": "JK",
    "141126": "SL",
}
TITLES = ("居民反映{}问题", "{}，请协调处理", "发现{}，已到现场查看", "关于{}的事项", "{}（补充登记）")
TIMES = ("accepted", "dispatched", "answered", "arrived", "visited", "rated")
ERRANDS = {"上门代办": "home", "助老服务": "elderly", "医保代缴": "insurance", "代购药品": "medicine"}
PLATFORMS = {  # by county and channel; 左云's app has two doors: see _platforms
    ("141181", "02"): "一米阳光",
    ("140226", "02"): "请您反映",
    ("140226", "04"): "民情快递",
    ("140226", "12"): "民情快递",
}
ROUTES = ("情", "理", "法", "诉")


def numbered(cases: pd.DataFrame) -> pd.DataFrame:
    """Give every case its number, title, unit, reporter and the details of disputes and hazards."""
    rng = np.random.default_rng(77)
    cases = cases.sort_values(["county", "reported", "region_code", "subcategory"], kind="stable", ignore_index=True)
    prefix = cases["county"].map(PREFIX)
    cases = cases.assign(prefix=prefix).sort_values(["prefix", "reported"], kind="stable", ignore_index=True)
    month = pd.Series(START + cases["reported"].to_numpy().astype("timedelta64[m]")).dt.strftime("%Y%m")
    serial = cases.groupby([cases["prefix"], month]).cumcount() + 1
    cases["case_id"] = cases["prefix"] + month + serial.astype(str).str.zfill(5)
    cases["unit_id"] = cases["county"] + "U" + cases["unit"].astype(str).str.zfill(2)
    cases["reporter_hash"] = _hashes(cases["reporter"].to_numpy()).where(cases["origin"] != "proactive")
    number = rng.integers(0, 4, len(cases)) + (rng.random(len(cases)) < 0.02)
    own = cases["origin"].to_numpy() == "proactive"
    number = np.where(own & (rng.random(len(cases)) < 0.8), 2, number)
    titles = np.array([[title.format(name) for title in TITLES] for name in _names(cases)], dtype=object)
    cases["title"] = titles[
        cases["subcategory"].map({name: i for i, name in enumerate(_names(cases))}).to_numpy(), number
    ]
    cases["parent_case_id"] = _parents(cases)
    alone = (cases["invalid_reason"] == "merged") & cases["parent_case_id"].isna()
    cases.loc[alone, "invalid_reason"] = "rejected"
    cases["people_count"] = 2 + rng.geometric(0.45, len(cases)) - 1
    cases["agreement"] = rng.choice(["口头", "书面", "无"], len(cases), p=[0.55, 0.33, 0.12])
    cases["route"] = rng.choice(4, len(cases), p=[0.5, 0.28, 0.18, 0.04])
    cases["recheck"] = np.where(
        rng.random(len(cases)) < 0.3, cases["closed"] + rng.integers(DAY, 6 * DAY, len(cases)), NEVER
    )
    cases["recheck"] = np.minimum(cases["recheck"], NEVER)
    cases["passes"] = rng.random(len(cases)) < 0.95
    return cases


def _names(cases: pd.DataFrame) -> list[str]:
    return sorted(cases["subcategory"].unique())


def _hashes(reporters: np.ndarray) -> pd.Series:
    """Pseudonyms as a platform would deliver them: the same person always the same, and nothing to turn back."""
    mixed = reporters.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return pd.Series([f"{value:016x}"[:12] for value in (mixed ^ (mixed >> np.uint64(32))).tolist()])


def _parents(cases: pd.DataFrame) -> np.ndarray:
    """A merged case belongs to the valid one before it in the same community about the same matter."""
    order = cases.sort_values(["prefix", "region_code", "subcategory", "reported"], kind="stable")
    before = (
        order["case_id"]
        .where(order["invalid_reason"].isna())
        .groupby([order["region_code"], order["subcategory"]])
        .ffill()
    )
    return before.reindex(cases.index).where(cases["invalid_reason"] == "merged").to_numpy(dtype=object)


def at(cases: pd.DataFrame, moment: str) -> pd.DataFrame:
    """Cases with their dispute and hazard columns as known at that moment, under the canonical names."""
    stop = minute(moment)
    cases = cases[cases["reported"] < stop]
    time = {
        name: np.where(cases[name] < stop, cases[name], NEVER) for name in (*TIMES, "recheck", "extended", "reopened")
    }
    final, first = cases["closed"].to_numpy(), cases["first_closed"].to_numpy()
    again = time["reopened"] < NEVER
    closed = np.where(final < stop, final, np.where((first < stop) & ~again, first, NEVER))
    is_closed, invalid = closed < NEVER, (cases["invalid_at"] < stop).to_numpy()
    visited, rated = (time["visited"] < NEVER) & is_closed, (time["rated"] < NEVER) & is_closed
    is_dispute, is_hazard = (cases["category"] == "01").to_numpy(), (cases["category"] == "02").to_numpy()
    reason = cases["invalid_reason"].where(invalid)
    days = (closed - cases["accepted"].to_numpy()) / DAY
    frame = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "kind": cases["kind"],
            "category": cases["category"],
            "subcategory": cases["subcategory"],
            "channel": cases["channel"],
            "platform": _platforms(cases),
            "errand": cases["subcategory"].map(ERRANDS).where(cases["category"] == "03"),
            "origin": cases["origin"],
            "urgency": cases["urgency"],
            "region_code": cases["region_code"],
            "grid_id": cases["grid_id"],
            "estate_id": cases["estate_id"],
            "place_id": cases["place_id"],
            "title": cases["title"],
            "unit_id": cases["unit_id"],
            "reported_at": to_time(cases["reported"].to_numpy()),
            "accepted_at": to_time(time["accepted"]),
            "dispatched_at": to_time(time["dispatched"]),
            "first_response_at": to_time(time["answered"]),
            "arrived_at": to_time(time["arrived"]),
            "first_closed_at": to_time(np.where(first < stop, first, NEVER)),
            "closed_at": to_time(closed),
            "visited_at": to_time(np.where(visited, time["visited"], NEVER)),
            "rated_at": to_time(np.where(rated, time["rated"], NEVER)),
            "response_due_at": to_time(cases["response_due"].to_numpy()),
            "original_due_at": to_time(cases["original_due"].to_numpy()),
            "due_at": to_time(np.where(time["extended"] < NEVER, cases["due"], cases["original_due"])),
            "need_whistle": cases["need_whistle"],
            "is_deferred": (cases["deferred"] < stop),
            "is_confidential": cases["is_confidential"],
            "reopen_count": np.where(final < stop, cases["rounds"], again.astype(int)),
            "escalation_level": cases["escalation"],
            "solved_level": cases["solved_level"].where(is_closed),
            "status": _status(cases, time, is_closed, reason, stop),
            "outcome": cases["outcome"].where(is_closed),
            "outcome_visit": cases["outcome_visit"].where(visited),
            "rating": cases["rating"].where(rated),
            "is_rating_default": cases["is_default"].where(rated),
            "reporter_hash": cases["reporter_hash"],
            "parent_case_id": cases["parent_case_id"].where(invalid),
            "invalid_reason": reason,
            "withdrawn_at": to_time(np.where(invalid & (reason == "withdrawn"), cases["invalid_at"], NEVER)),
            "dispute_type": cases["dispute_type"].where(is_dispute),
            "people_count": cases["people_count"].where(is_dispute),
            "mediation_level": pd.Series(np.where(days <= 2, 1, np.where(days <= 4, 2, 3)), index=cases.index).where(
                is_dispute & is_closed
            ),
            "method": pd.Series(np.array(ROUTES, dtype=object)[cases["route"]], index=cases.index).where(
                is_dispute & is_closed
            ),
            "success": cases["outcome"]
            .map({"solved": "yes", "litigation": "court"})
            .fillna("no")
            .where(is_closed, "open")
            .where(is_dispute & ~invalid),
            "agreement": cases["agreement"].where(is_dispute & is_closed),
            "hazard_type": cases["subcategory"].where(is_hazard),
            "severity": cases["severity"].where(is_hazard),
            "rectified_at": to_time(np.where(is_hazard, closed, NEVER)),
            "rechecked_at": to_time(np.where(is_hazard & is_closed, time["recheck"], NEVER)),
            "is_recheck_passed": cases["passes"].where(is_hazard & is_closed & (time["recheck"] < NEVER)),
        }
    )
    return frame


def _platforms(cases: pd.DataFrame) -> pd.Series:
    """The name of the platform that a case came through, where it has one."""
    keys = cases["county"].astype(str) + cases["channel"].astype(str)
    named = keys.map({"".join(key): name for key, name in PLATFORMS.items()})
    services = (named == "请您反映") & (cases["category"] == "03")
    return named.mask(services, "帮您办事")


def _status(
    cases: pd.DataFrame, time: dict[str, np.ndarray], is_closed: np.ndarray, reason: pd.Series, stop: int
) -> np.ndarray:
    """One word for where a case stands."""
    resumed = np.where(cases["closed"] < NEVER, cases["closed"] - 2 * DAY, NEVER)
    stands = [
        (reason == "withdrawn", "withdrawn"),
        (reason == "merged", "merged"),
        (reason.notna(), "rejected"),
        (is_closed, "closed"),
        (time["reopened"] < NEVER, "reopened"),
        ((cases["deferred"] < stop) & (resumed > stop), "deferred"),
        (time["extended"] < NEVER, "extended"),
        (time["answered"] < NEVER, "processing"),
        (time["dispatched"] < NEVER, "dispatched"),
        (time["accepted"] < NEVER, "accepted"),
    ]
    return np.select([np.asarray(test) for test, _ in stands], [word for _, word in stands], "new").astype(object)


def _handed_on(cases: pd.DataFrame) -> dict[str, pd.Series]:
    """Some orders go to the wrong unit: sent back, or passed on; they take longer than others, as they would."""
    rng = np.random.default_rng(56)
    slow = (cases["first_closed"] - cases["dispatched"]) > 2 * DAY
    draw = rng.random(len(cases)) + np.where(slow, 0.0, 0.045)
    known = (cases["origin"] != "proactive").to_numpy() & (cases["dispatched"] < NEVER).to_numpy()
    returned = cases["dispatched"] + rng.integers(25, 700, len(cases))
    passed = np.where(draw < 0.05, returned + rng.integers(5, 120, len(cases)), returned + 11)
    return {
        "return": returned.where(known & (draw < 0.05), NEVER),
        "transfer": pd.Series(passed, index=cases.index).where(known & (draw < 0.09), NEVER),
    }


def steps(cases: pd.DataFrame, moment: str) -> pd.DataFrame:
    """The handling log: 民事7步 where a unit was whistled for, 五单 for what came through the app; some are missing."""
    stop = minute(moment)
    rng = np.random.default_rng(55)
    whistle, app = cases["need_whistle"].to_numpy(), (cases["channel"] == "02").to_numpy()
    moments = {
        "find": cases["reported"],
        "dispatch": cases["dispatched"],
        "sign": cases["answered"].where(cases["answered"] > cases["dispatched"], NEVER),
        "whistle": (cases["dispatched"] + 20).where(whistle, NEVER),
        "report_in": (cases["dispatched"] + rng.integers(90, 2880, len(cases))).where(whistle, NEVER),
        "consult": (cases["dispatched"] + rng.integers(2900, 5800, len(cases))).where(whistle, NEVER),
        "arrive": cases["arrived"],
        "handle": cases["first_closed"] - 2,
        "close": cases["first_closed"],
        "extend_ask": cases["extended"] - HOUR,
        "extend": cases["extended"],
        "defer": cases["deferred"],
        "resume": (cases["closed"] - 2 * DAY).where(cases["deferred"] < NEVER, NEVER),
        "lookup": (cases["dispatched"] + rng.integers(30, 1500, len(cases))).where(
            app & (rng.random(len(cases)) < 0.62), NEVER
        ),
        "feedback": (cases["first_closed"] + rng.integers(5, 90, len(cases))).where(
            cases["invalid_reason"].isna(), NEVER
        ),
        "visit": cases["visited"],
        "rate": cases["rated"].where(~cases["is_default"], NEVER),
        "withdraw": cases["invalid_at"].where(cases["invalid_reason"] == "withdrawn", NEVER),
        "supervise": (cases["due"] + 9 * HOUR).where(
            (cases["closed"] > cases["due"] + DAY) & cases["invalid_reason"].isna(), NEVER
        ),
        "reopen": cases["reopened"],
        "close2": cases["closed"].where(cases["reopened"] < NEVER, NEVER),
        **_handed_on(cases),
    }
    end = np.maximum(cases["closed"].where(cases["closed"] < NEVER, 10**8), cases["first_closed"])
    rows = []
    for order, (step, at_minute) in enumerate(moments.items()):
        held = (at_minute < NEVER - DAY) & (
            rng.random(len(cases)) < (1.0 if step in ("find", "close", "close2", "reopen") else 0.975)
        )
        if step in ("whistle", "report_in", "consult", "lookup", "return", "transfer"):
            held &= at_minute < end
        chosen = cases[held]
        part = chosen[["case_id", "county", "unit_id"]].assign(
            step=step.rstrip("2"), minute=at_minute[held], order=order
        )
        part["cycle"] = np.where(at_minute[held] >= chosen["reopened"], 2, 1)
        rows.append(part)
    log = pd.concat(rows).sort_values(["case_id", "cycle", "minute", "order"], kind="stable", ignore_index=True)
    log = log[log["minute"] < stop]
    log["seq"] = log.groupby(["case_id", "cycle"]).cumcount() + 1
    log["happened_at"] = to_time(log["minute"].to_numpy())
    return log[["case_id", "cycle", "seq", "step", "happened_at", "unit_id", "county"]].reset_index(drop=True)

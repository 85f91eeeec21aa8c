"""What surrounds a place on the map, in words and marks: pure functions from the answers of queries."""

from dataclasses import dataclass

import pandas as pd

from governance.codes import LABELS, label
from governance.indicators import INDICATORS, Direction, Indicator, is_missing, rounded

MOST_SHOWN = 12
IDLE, BARE, ORPHAN = "有边界没有数据", "有数据没有边界（示意）", "边界对不上地点"
CHOSEN, OTHER, FEW = "chosen", "other", "few"


@dataclass(frozen=True)
class Standing:
    """Where a place stands among its like: rows to show (name, value, base, look), and the sentence that says it."""

    rows: pd.DataFrame
    sentence: str
    reference: float | None  # what the place is measured against: the place above, or the mean of a count
    reference_name: str


def standing(
    siblings: pd.DataFrame, indicator: Indicator, region: str, above: tuple[str, float | None], level: str
) -> Standing:
    """Compare a place with its siblings (place_code, name, value, base; itself among them) and the place above.

    Only places with enough cases are ranked: those that need attention first, or the largest first where neither is
    better. The others follow without a rank.
    """
    few = siblings["value"].isna() | (siblings["base"] < max(indicator.minimum, 0 if indicator.is_count else 1))
    order = siblings[~few].sort_values("value", ascending=indicator.direction is Direction.HIGHER, kind="stable")
    place = siblings[siblings["place_code"] == region].iloc[0]
    name, value = above
    if indicator.is_count:  # a whole is no measure for the count of a part
        name, value = "同级平均", (float(order["value"].mean()) if len(order) else None)
    rank = list(order["place_code"]).index(region) + 1 if region in set(order["place_code"]) else 0
    start = max(0, min(rank - 1 - MOST_SHOWN // 2, len(order) - MOST_SHOWN))
    shown = order.iloc[start : start + MOST_SHOWN]
    rest = siblings[few & ((siblings["base"] > 0) | (siblings["place_code"] == region))]
    rest = rest.sort_values("place_code", key=lambda codes: codes != region, kind="stable")
    rest = rest.head(max(MOST_SHOWN - len(shown), int(not rank)))
    rows = pd.concat([shown.assign(look=OTHER), rest.assign(look=FEW)], ignore_index=True)
    rows.loc[(rows["place_code"] == region) & (rows["look"] == OTHER), "look"] = CHOSEN
    text = f"{place['name']}{indicator.label} {indicator.format(place['value'])}"
    if not rank:
        text += f"，样本不足（n={place['base']:,.0f}），不参与比较" if place["base"] > 0 else "，没有可比的数据"
    else:
        text += _against(indicator, place["value"], name, value)
        first = {"lower": "由高到低", "higher": "由低到高", "neutral": "由高到低"}[indicator.direction]
        text += f"，{len(order)} 个{label('level', level)}中{first}第 {rank}" if len(order) > 1 else ""
    return Standing(rows, text, value, name)


def _against(indicator: Indicator, value: float, name: str, reference: float | None) -> str:
    if is_missing(reference):
        return ""
    assert reference is not None
    ours, theirs = indicator.format(value), indicator.format(reference)
    if ours == theirs:
        return f"，与{name}相同"
    return f"，{'高于' if value > reference else '低于'}{name}的 {theirs}"


def waiting(totals: pd.DataFrame) -> str:
    """The title of the list of open cases. totals: indicator, base."""
    rows = totals.set_index("indicator")["base"]
    opened, late = rows.get("backlog", 0), rows.get("overdue_count", 0)
    if not opened:
        return "没有在办案件"
    return f"在办 {opened:,.0f} 件，" + (f"超期 {late:,.0f} 件" if late else "没有超期")


def crew(roles: pd.DataFrame, grids: pd.DataFrame) -> str:
    """The title of the card on crews: grids, who works in them, and how many grids have nobody."""
    if grids.empty and roles.empty:
        return "没有网格和队伍的数据"
    text = f"{len(grids):,} 个末级网格，折算人力 {rounded(roles['fte'].sum(), 1)}"
    vacant = int((grids["fte"] == 0).sum())
    if roles.empty:
        return f"{len(grids):,} 个末级网格，没有队伍名册"
    return text + (f"，{vacant:,} 个没有在岗人员" if vacant else "，都有在岗人员")


def profile(row: pd.Series) -> str:
    """How large a place is, in one line, without what nobody registered. row: place_profile."""
    parts = (
        ("community_count", "个村社区"),
        ("estate_count", "个小区"),
        ("large_grid_count", "个大网格"),
        ("small_grid_count", "个小网格"),
        ("micro_grid_count", "个微网格"),
        ("households", "户"),
        ("residents", "人"),
        ("area_km2", "平方公里"),
    )
    known = [(row[name], unit) for name, unit in parts if not is_missing(row[name]) and row[name]]
    return "、".join(f"{rounded(number, 0 if float(number).is_integer() else 1)} {unit}" for number, unit in known)


def households(grids: pd.DataFrame) -> dict[str, str]:
    """Figures of the leaf grids (households, fte, open_count), each written out with its unit."""
    known = grids["households"].dropna()
    total, fte = known.sum(), grids["fte"].sum()
    vacant = grids[grids["fte"] == 0]
    return {
        "户数": f"{total:,.0f} 户" if len(known) else "—",
        "每网格户数（中位）": f"{rounded(known.median(), 0)} 户" if len(known) else "—",
        "每万户折算人力": rounded(fte / total * 10_000, 1) if total and fte else "—",
        "没有在岗人员的网格": f"{len(vacant):,} 个" + (
            f"，{int((vacant['open_count'] > 0).sum())} 个有在办" if len(vacant) else ""
        ),
    }  # fmt: skip


def repeats(clusters: pd.DataFrame) -> str:
    """The title of the card on 重复诉求. clusters: case_count, open_count."""
    if clusters.empty:
        return "近 90 天没有重复诉求"
    still = int((clusters["open_count"] > 0).sum())
    return f"近 90 天 {len(clusters):,} 处重复诉求，" + (f"{still:,} 处还有在办" if still else "都已办结")


def boundaries(gaps: pd.DataFrame) -> str:
    """One line on how outlines and data fit: gaps as of query boundary_gaps, and empty when all fit."""
    states = gaps["state"].value_counts()
    given = int(states.get("有边界有数据", 0) + states.get(IDLE, 0))
    drawn = int(len(gaps) - given - states.get(ORPHAN, 0))
    parts = [f"{given:,} 个地点有自己的边界"] if given else ["没有导入边界"]
    parts += [f"{drawn:,} 个{'' if given else '地点'}按示意图画出"] if drawn else []
    told = {IDLE: "有边界没有数据的", ORPHAN: "对不上地点的边界"}
    told |= {BARE: "有数据没有边界的"} if given else {}
    parts += [f"{words} {int(states[state]):,} 个" for state, words in told.items() if states.get(state, 0)]
    return "，".join(parts)


LAYERS = {"repeat": "重复诉求", "overdue": "超期在办", "service": "服务阵地", "video": "视频点位"}
LAYER_QUERIES = {
    "overdue": "overdue_by_cell",
    "repeat": "repeat_clusters",
    "service": "service_points",
    "video": "video_points",
}


def marks(layer: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Symbols for the map from the answer of a layer's query: lon, lat, count, words; rows without a spot are left out.

    What lies on one spot is one symbol, so that none hides another.
    """
    placed = rows[rows["lon"].notna() & rows["lat"].notna()]
    count, words = {"overdue": _overdue, "repeat": _repeat, "service": _service, "video": _video}[layer](placed)
    found = pd.DataFrame(
        {"lon": placed["lon"].astype(float), "lat": placed["lat"].astype(float), "count": count, "words": words}
    )
    together = found.groupby(["lon", "lat"], sort=False)
    return together.agg(count=("count", "sum"), words=("words", _joined)).reset_index()


def _joined(words: pd.Series) -> str:
    listed = list(words)
    return "；".join(listed[:3]) + (f"；等 {len(listed)} 项" if len(listed) > 3 else "")


def _overdue(rows: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    texts = [
        f"{row.name or ''}{'附近' if row.kind == '方格' else ''}：超期 {row.overdue_count:,} 件，"
        f"最久 {rounded(row.oldest_days, 1)} 天"
        for row in rows.itertuples()
    ]
    return rows["overdue_count"], texts


def _repeat(rows: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    texts = [
        f"{row.place}：{row.subcategory or LABELS['category'].get(row.category, row.category)} {row.case_count} 件，"
        f"{row.first_on:%m-%d} 至 {row.last_on:%m-%d}，在办 {row.open_count} 件"
        for row in rows.astype({"subcategory": object}).where(rows.notna(), None).itertuples()
    ]
    return rows["case_count"], texts


def _service(rows: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    texts = [f"{row.name}：{row.types}" for row in rows.itertuples()]
    return rows["facility_count"], texts


def _video(rows: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    texts = [
        f"{row.name}：安装 {row.installed_count:,} 个，在线 {row.online_count:,} 个"
        f"（{rounded(row.online_share * 100, 1)}%）"
        for row in rows.itertuples()
    ]
    return rows["installed_count"], texts


def indicator_of(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of one indicator that are places: not the bucket of what is not located."""
    return rows[(rows["indicator"] == INDICATORS[key].key) & rows["place_code"].notna()]

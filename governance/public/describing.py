"""Saying what a public bundle holds, for whoever runs it: how many numbers are shown and hidden, level by level."""

from collections import Counter

from governance import codes, output
from governance.public.reading import TABLES, Bundle

PERIODS = {"month": "本月", "quarter": "近三个月", "week": "本周", "now": "在办"}
EVERYWHERE = "全部范围"


def describe(bundle: Bundle) -> str:
    """Several lines in Chinese: what it is, its rules, and a table of shown and hidden numbers."""
    manifest = bundle.manifest
    size = sum(entry["bytes"] for entry in manifest["files"]) / 1000
    lines = [
        f"公开数据包 {bundle.id}，数据截至 {manifest['as_of'].replace('T', ' ')[:16]}，共 {size:,.0f} kB。",
        f"{manifest['note']}；矛盾纠纷的界限是 {manifest['k_dispute']}；"
        f"比率和时长至少要有 {manifest['rate_minimum']} 件。",
        "",
        output.aligned(_counts(bundle)),
        "",
        "表：" + "、".join(f"{name} {bundle.table(name).num_rows:,} 行" for name in TABLES),
    ]
    broken = [check for check in bundle.table("checks").to_pylist() if check["broken_count"]]
    lines += [
        f"对账不符：{check['title']}，{check['broken_count']} 处；停用画面 {check['scenes']}。" for check in broken
    ]
    if not broken:
        lines.append(f"对账 {bundle.table('checks').num_rows} 项全部相符。")
    if manifest["left_out"]:
        lines.append(f"为防相减推算而不公开的指标：{'、'.join(manifest['left_out'])}。")
    return "\n".join(lines)


def _counts(bundle: Bundle) -> list[list[str]]:
    level_of = {row["place_code"]: row["level"] for row in bundle.table("places").to_pylist()}
    counted: Counter[tuple[str, str, str]] = Counter()
    for row in bundle.table("figures").to_pylist():
        counted[level_of.get(row["place_code"], ""), row["period"], row["shown"]] += 1
    labels = {"": EVERYWHERE, **codes.LABELS["level"]}
    rows = [["层级", "统计期", "公开", "太小不显示", "隐藏"]]
    for level in labels:
        for period, words in PERIODS.items():
            numbers = [counted[level, period, shown] for shown in ("rounded", "few", "hidden")]
            if any(numbers):
                rows.append([labels[level], words, *(f"{number:,}" for number in numbers)])
    return rows

"""Layer 6 of staging: the rules that a row must keep, and what is said of the first one it breaks."""

from __future__ import annotations

from governance.importing.feed import Feed
from governance.importing.masking import masked
from governance.importing.recoding import FAULTS, SERIAL, SHORTENED, YEARS, literal, name, odd_year


def judgement(feed: Feed) -> tuple[str, str, str, str]:
    """The first rule a row breaks, as four SQL expressions: its number, reason, column, and masked value."""
    table, rule = feed.table, feed.rule
    rules: list[tuple[str, str, str]] = []
    for column in table.columns.values():
        if column.name in rule.columns and column.type in FAULTS:
            broken = f"_m_{column.name} is not null and {name(column.name)} is null"
            if column.name in ("lon", "lat") and feed.has_position:
                broken += " and not _zero"
            if column.name == "closed_at" and rule.closed and rule.closed.prefer == "status":
                broken += " and not _dropped"
            fault = FAULTS[column.type]
            if column.is_time and rule.columns[column.name].formats:
                fault += f"（格式 {'、'.join(rule.columns[column.name].formats)}）"
            if column.is_time:
                serial = f"{broken} and regexp_full_match(_m_{column.name}, '{SERIAL}')"
                hint = "（像是 Excel 日期序号，请设为日期格式）"
                rules.append((serial, column.name, column.label + FAULTS[column.type] + hint))
            rules.append((broken, column.name, column.label + fault))
            if column.is_time:
                year = odd_year(column.name)
                rules.append((year, column.name, f"{column.label}的年份不在 {YEARS[0]}–{YEARS[1]} 之间"))
    for column in table.columns.values():
        if column.name in rule.columns and (source_file := rule.columns[column.name].crosswalk):
            missing = f"_r_{column.name} is not null and {name(column.name)} is null"
            rules.append((missing, column.name, f"{column.label}不在对照表 {source_file} 中"))
        if column.required:
            reason = f"{column.label}为空"
            if rule.identity and column.name == table.own_key:
                reason = "、".join(table.columns[one].label for one in rule.identity) + "都为空，认不出是哪一件"
            rules.append((f"{name(column.name)} is null", column.name, reason))
    if (key := table.own_key) in rule.columns and not rule.identity and not rule.columns[key].hash:
        lost = f"regexp_full_match(_r_{key}, '{SHORTENED}')"
        rules.append(
            (lost, key, f"{table.columns[key].label}被表格软件写成科学计数法，尾数已丢失（请设为文本后重新导出）")
        )
    rules += [(f"not ({check.expression})", check.column, check.reason) for check in table.checks]
    if rule.closed and rule.closed.prefer == "status":
        rules.append(("_untimed", "closed_at", "已办结但无办结时间"))
    numbered = list(enumerate(rules, 1))
    failing = (
        "case when _problem is not null then 0 " + "".join(f"when {rule[0]} then {n} " for n, rule in numbered) + "end"
    )
    reasons = (
        "case _failing when 0 then _problem " + "".join(f"when {n} then {literal(r[2])} " for n, r in numbered) + "end"
    )
    columns = "case _failing " + "".join(f"when {n} then {literal(r[1])} " for n, r in numbered) + "end"
    whens = ""
    if table.name == "boundaries":
        whens = "when 0 then left(place_code, 80) "  # an outline that cannot be drawn is named
    for number, (_, broken_column, _) in numbered:
        source = rule.columns.get(broken_column)
        if source and source.heading:
            hidden = "'（加密列，不显示）'" if source.hash else masked(f"ltrim(_r_{broken_column}, chr(31))")
            whens += f"when {number} then {hidden} "
    shown = f"case _failing {whens}end" if whens else "cast(null as varchar)"
    return failing, reasons, columns, shown

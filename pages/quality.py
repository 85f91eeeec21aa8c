"""数据质量: per source and month what came in, what was sent back, what is missing, how fresh it is."""

from governance import charts, components, filters, queries
from governance.queries import run

SHARES = {
    "located_rate": "落格率",
    "position_share": "有坐标",
    "steps_share": "有办理步骤",
    "due_share": "有办结期限",
    "response_share": "有首次响应",
    "date_only_share": "只有日期",
    "reversed_share": "时间颠倒",
}

filter = filters.current()
snapshot = queries.current_store(filter.as_of).snapshot
year = filter.months_back(12)
intake, reasons = run("intake_by_source", year), run("intake_by_reason", year)
rejects, months = run("rejects_by_reason", filter), run("quality_by_source", year)
sources, piles = run("freshness_by_source", filter), run("coordinate_piles", year)

if not sources.empty:
    with components.card(components.freshness(sources, snapshot), "按各来源近一年自己的节奏判断；距数据截至"):
        components.table(sources, "freshness_by_source", filter)

if not intake.empty:
    with components.card(components.intake_title(intake), "近十二个月，另加时间读不出来的行；每行恰有一种结果"):
        names = list(intake["source"].value_counts().index)
        source = components.chosen_option("source", "来源", names, lambda code: snapshot.titles.get(code, code))
        one = intake[intake["source"] == source]
        components.chart(
            charts.outcomes_by_month(one), "outcomes", f"{snapshot.titles.get(source, source)}各月读入的行的结果"
        )
        components.foot(intake, "intake_by_source", year)
    with components.card("没有原样进入统计的行，按结果和原因", "归入“其他”的词可补到映射文件的词表（values）里"):
        components.outcomes(reasons, year)

if components.may_read("rejects"):
    with components.card(f"退回 {int(rejects['row_count'].sum()):,} 处，按原因", "退回的行没有进入任何统计"):
        components.rejected(rejects, filter)
    with components.card("读过的文件", "每个文件一行，按快照的清单"):
        components.files(components.files_read(snapshot, rejects))

components.stop_if_empty(months)
with components.card("各来源缺什么", "近十二个月，按上报月份"):
    share = components.chosen_option("share", "看哪一项", list(SHARES), lambda name: SHARES[name])
    components.chart(charts.shares_by_month(months, share, snapshot.titles), "shares", f"各来源各月的{SHARES[share]}")
    components.table(months, "quality_by_source", year, height=420)
    components.foot(months, "quality_by_source", year, "located_rate", "miss")

if components.may_read("cases", "lon"):
    title = "没有坐标扎堆" if piles.empty else f"{len(piles)} 个点位坐标扎堆，多半是默认坐标"
    with components.card(title, "近十二个月，同一来源同一点"):
        if not piles.empty:
            components.table(piles, "coordinate_piles", year)

"""流程时效: which way cases take, where it takes long, who was called and came, who passed on what was his."""

import streamlit as st

from governance import codes, components, filters
from governance.codes import LABELS
from governance.findings import process as findings_process
from governance.indicators import with_beside
from governance.queries import run

KEYS = ["six_steps_rate", "report_in_rate", "order_lookup_rate", "first_unit_rate"]

filter = filters.current()
if components.missing_export("case_steps", filter.as_of):
    st.stop()
totals = run("indicator_totals", filter, only=with_beside([*KEYS, "step_record_rate", "seven_steps_rate"]))
steps = run("process_by_step", filter)
st.caption(components.escaped(findings_process.recorded(totals)))
components.stop_if_empty(steps, "有步骤记录的案件")
components.key_figures(totals, KEYS)

left, right = st.columns([3, 2])
with (
    left,
    components.card(
        findings_process.reached(steps),
        "统计期内上报的案件走到哪一步；浅色为不需要吹哨、按规则跳过，橙色为缺。评价由群众作出",
    ),
):
    components.step_funnel(steps)
    components.foot(steps, "process_by_step", filter, "seven_steps_rate", "miss")
with right, components.card(findings_process.slowest(steps), "从上一个该走的步骤到这一步"):
    components.step_times(steps)

level = components.chosen_level(filter, st.container())
left, right = st.columns(2)
regions, categories = run("step_hours_by_region", filter, level=level), run("step_hours_by_category", filter)
with left, components.card(f"各{LABELS['level'][level]}每一步用多久", "到这一步的中位用时"):
    components.step_heat(regions, regions["name"], "by-region")
    components.foot(regions, "step_hours_by_region", filter)
with right, components.card("各类别每一步用多久", "到这一步的中位用时"):
    components.step_heat(categories, categories["category"].map(lambda code: codes.label("category", code)), "by-kind")
    components.foot(categories, "step_hours_by_category", filter)

paths = run("case_paths", filter)
with components.card(findings_process.paths(paths, totals), "统计期内办结的案件，最常见的十种；全部见表格"):
    components.paths(paths)
    components.foot(paths, "case_paths", filter, "seven_steps_rate", "miss")

units = run("whistles_by_unit", filter)
with components.card(findings_process.whistles(units), "哪些单位被吹哨，时限内来了没有；看单位，不看个人"):
    left, right = st.columns(2)
    with left:
        components.whistles(units)
    with right:
        components.whistle_table(units, filter)
    components.foot(units, "whistles_by_unit", filter, "report_in_rate", "miss")

left, right = st.columns(2)
stages, passed = run("orders_by_step", filter), run("handovers_by_count", filter)
with left, components.card(findings_process.orders(stages), "点单、派单、落单、查单、评单；查单和评单由居民决定"):
    components.order_funnel(stages)
    components.foot(stages, "orders_by_step", filter, "order_rating_rate", "miss")
with right, components.card(findings_process.handovers(passed), "办结的案件转派、退单过几次"):
    components.handovers(passed)
    components.foot(passed, "handovers_by_count", filter, "first_unit_rate", "miss")

"""Blocks of 走访: households reached by month and place, grids not reached, 回头看."""

import pandas as pd
import streamlit as st

from governance import charts
from governance.charts import visits as charts_visits
from governance.codes import LABELS
from governance.components.figures import card, chart
from governance.components.tables import foot, table
from governance.components.text import definition, escaped
from governance.filters import Filter
from governance.findings import visits as findings_visits
from governance.indicators import INDICATORS

MOST_PLACES = 30


def by_month(monthly: pd.DataFrame, filter: Filter) -> None:
    """The card with households reached and coverage over months. monthly: visits_by_month."""
    covered, overall = (monthly[key].dropna() for key in ("visit_coverage", "visit_coverage_all"))
    is_partial = len(covered) and abs(covered.sum() - overall.sum()) > 0.001 * len(covered)
    note = f"{filter.months}；按户不按次：同一户同一个月走几次都算一户，空心点为不满的月份"
    note += "；虚线把没有走访登记的地方也算进分母" if is_partial else ""
    with card(findings_visits.coverage(monthly), note, definition(INDICATORS["visit_coverage"])):
        if not monthly["household_count"].fillna(0).any():
            st.caption("这里没有走访记录。")
            return
        made = charts_visits.coverage_by_month(monthly, bool(is_partial))
        chart(made, "coverage", "各月走访到的户数与走访覆盖率")
        foot(monthly, "visits_by_month", filter, "visit_coverage")


def by_type(types: pd.DataFrame, filter: Filter) -> None:
    """The card with 入户走访, 敲门行动, 回头看 … apart. types: visits_by_type."""
    with card("入户走访、敲门行动、回头看各多少", "次数只说明做了什么，不作考核；户为每户每月一次"):
        if types.empty:
            st.caption("统计期内没有走访记录。")
        else:
            table(types[["visit_type", "visit_count", "household_count"]], "visits_by_type", filter)
        foot(types, "visits_by_type", filter, "visit_count")


def by_place(heat: pd.DataFrame, level: str, filter: Filter) -> None:
    """The card with places × months. heat: visits_by_region_month at `level`."""
    label = LABELS["level"][level]
    with card(f"每月入户走访：各{label}各月覆盖率", f"{filter.months}；只列有走访登记的{label}，没有这本台账的不是零"):
        if heat.empty:
            st.caption(f"走访登记没有落到{label}，可换一个层级。")
            return
        last = heat.sort_values("month").groupby("name", sort=False).tail(1).sort_values("visit_coverage")
        chosen = list(last["name"].head(MOST_PLACES))
        drawn = heat[heat["name"].isin(chosen)].sort_values(
            "name", key=lambda names: names.map({name: number for number, name in enumerate(chosen)}), kind="stable"
        )
        chart(charts_visits.coverage_heat(drawn), f"heat-{level}", f"各{label}各月走访覆盖率")
        if len(last) > len(chosen):
            st.caption(f"共 {len(last):,} 个{label}，列最近一月覆盖率较低的 {len(chosen)} 个；全部见表格。")
        foot(heat, "visits_by_region_month", filter)


def gaps(communities: pd.DataFrame, filter: Filter) -> None:
    """The card with grids that nobody reached. communities: visits_by_community."""
    note = "没有走到的网格只列数，不列人；从未走到的先去看看，再看是不是没有登记"
    with card(findings_visits.gaps(communities), note, definition(INDICATORS["visited_ever_rate"])):
        if communities.empty:
            st.caption("范围内没有记户的走访登记：覆盖率按户算，登记里要有加密的户标识。")
            return
        shown = communities.drop(columns=["community_code", "registered_on", "visit_count", "reached_count"])
        table(shown, "visits_by_community", filter)
        foot(communities, "visits_by_community", filter, "visited_ever_rate")


def lookbacks(monthly: pd.DataFrame, compared: pd.DataFrame, trend: Filter) -> None:
    """The card with 回头看 and what came back. monthly: lookbacks_by_month; compared: relapses_by_lookback."""
    title = f"回头看：{findings_visits.lookback(compared)}"
    note = f"{trend.months}，按办结后第 30 日、第 90 日所在月份；空心点为样本不足"
    note += "；看与不看不是抽签决定的，差别不能全归功于回头看"
    with card(title, note, definition(INDICATORS["lookback_rate"])):
        if not monthly["lookback_n"].sum():
            st.caption("走访台账里没有对得上案件的回头看。登记回头看时写上案件编号，这里就能看到覆盖率和复发率。")
            return
        made = charts.rates_by_month(
            monthly,
            ["lookback_rate", "relapse_rate"],
            {"lookback_rate": "lookback_n", "relapse_rate": "relapse_n"},
        )
        chart(made, "lookbacks", "各月回头看覆盖率与复发率")
        words = "；".join(
            f"{'看过的' if row.is_looked_back else '没看的'} {row.closed_count:,} 件中复发 {row.relapsed_count:,} 件"
            for row in compared.itertuples()
        )
        if words:
            st.caption(escaped(f"统计期内满 90 日的（只比做回头看的村社区和类别）：{words}。"))
        foot(monthly, "lookbacks_by_month", trend, "lookback_rate", "miss")

"""Blocks of the page on promises about time: what was promised, what was kept, what is due now."""

import pandas as pd
import streamlit as st

from governance.charts import process as charts_process
from governance.components.figures import card, case_link, chart
from governance.components.tables import foot, table
from governance.components.text import escaped
from governance.filters import Filter
from governance.findings import process as findings_process
from governance.indicators import INDICATORS

MOST_DUE = 200


def none_made() -> None:
    """Say that nobody here has promised anything, and how a county writes down what it has."""
    st.info(
        "所选范围没有作出时限承诺的地方：承诺只判断作出承诺的人，本地的承诺请在数据目录的 deadlines.toml 里"
        "各写一节 [[rules]]（名称、适用的案件、多久响应或办结，写法见随产品附带的 deadlines.toml），重新导入后生效。"
    )


def kept(rules: pd.DataFrame, filter: Filter) -> None:
    """The card of how each promise was kept in the period. rules: promises_by_rule."""
    with card(findings_process.promises(rules), "统计期内应判的案件，每件只判一次；没有响应的算未兑现"):
        made = charts_process.rates(
            _promise_names(rules), list(rules["kept_count"]), list(rules["judged_count"]),
            INDICATORS["promise_kept_rate"].minimum,
        )  # fmt: skip
        chart(made, "promises", "各项承诺的兑现率")
        st.caption(
            "横条为 95% 区间；灰色样本不足。兑现看的是按时办结，办成没有另看："
            "纠纷化解成功的在“矛盾纠纷”，解决没解决在“满意度”。"
        )
        foot(rules, "promises_by_rule", filter, "promise_kept_rate", "miss")


def still_open(rules: pd.DataFrame) -> None:
    """The card of what is open under each promise at the end of the period. rules: promises_by_rule."""
    with card(findings_process.open_promises(rules), "期末时点还在办的，离承诺时刻还有多久、超了多久"):
        chart(
            charts_process.open_promises(rules, _promise_names(rules)),
            "open",
            "各项承诺的在办案件，按到期远近与超期长短",
        )
        case_link("promise_overdue_count")


def _promise_names(rules: pd.DataFrame) -> list[str]:
    """A name for each row: the part is said where a rule promises two things."""
    twice = rules["rule"].duplicated(keep=False)
    return [
        f"{rule}·{part}" if more else rule for rule, part, more in zip(rules["rule"], rules["part"], twice, strict=True)
    ]


def due(rows: pd.DataFrame, filter: Filter) -> None:
    """The card of open cases that are past their promise or soon will be. rows: promises_due."""
    with card("今日待办，该催的：已超过和 48 小时内到承诺时刻的在办案件", "超得最久的在前"):
        _due(rows, filter)
        foot(rows, "promises_due", filter)


def _due(rows: pd.DataFrame, filter: Filter) -> None:
    if rows.empty:
        st.caption("没有超过承诺、也没有 48 小时内到承诺时刻的在办案件。")
        return
    table(rows.head(MOST_DUE), "promises_due", filter, height=320)
    if len(rows) > MOST_DUE:
        st.caption(f"屏幕上列前 {MOST_DUE} 件，下载包含全部。")


def variants(monthly: pd.DataFrame, keys: list[str], totals: pd.DataFrame, trend: Filter) -> None:
    """The card of rates that count the same promises into different periods. monthly: indicators_by_month."""
    with card(findings_process.variants(totals), f"{trend.months}；空心点样本不足。受理口径最近的月份还没有到齐"):
        made = charts_process.rates_by_month(monthly, keys)
        chart(made, "variants", "各月三种口径的按期办结率与承诺兑现率")
        foot(monthly, "indicators_by_month", trend, "on_time_rate", "miss")


def in_force(rules: pd.DataFrame, filter: Filter) -> None:
    """The card of the rules that were in force when the snapshot was published. rules: deadline_rules."""
    with card("时限规则", "发布快照时所用；在数据目录的 deadlines.toml 里增改，重新导入后生效"):
        _rules(rules)
        foot(rules, "deadline_rules", filter)


def _rules(rules: pd.DataFrame) -> None:
    """Each rule with what it promises, and their calendar."""
    if rules.empty:
        st.caption("本地没有规则，随产品附带的都是别处的承诺。")
        return
    heads = ("承诺", "适用", "起算", "响应", "办结", "来处")
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    for row in rules.itertuples():
        cells = (row.rule, row.applies, row.since, row.response, row.close, "本地规则" if row.is_own else "公开报道")
        lines.append(f"| {' | '.join('—' if not cell or cell != cell else escaped(cell) for cell in cells)} |")
    st.markdown("\n".join(lines))
    st.caption(escaped(findings_process.calendar(rules)))

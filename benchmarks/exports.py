"""A made-up export of a hotline as csv, of any number of rows: the same bytes for the same number, every time."""

from pathlib import Path

import duckdb

MAPPING = """title = "基准导出"
source = "bench"

[tables.cases]
merge = "upsert"
exclude = { "状态" = ["作废"] }

[tables.cases.columns]
case_id = "工单编号"
reported_at = { from = "受理时间", formats = ["%Y/%m/%d %H:%M:%S"] }
first_response_at = { from = "首次联系时间", formats = ["%Y/%m/%d %H:%M:%S"] }
closed_at = { from = "办结时间", formats = ["%Y/%m/%d %H:%M:%S"] }
due_at = { from = "办理期限", formats = ["%Y/%m/%d %H:%M:%S"] }
category = { from = "类别", values = { "邻里纠纷" = "01", "安全隐患" = "02", "市容环境" = "03" }, otherwise = "99" }
channel = { from = "渠道", values = { "电话" = "09", "网格上报" = "02", "小程序" = "10" }, otherwise = "99" }
urgency = { from = "缓急", values = { "紧急" = "urgent", "一般" = "normal" } }
region_code = "社区代码"
grid_id = "网格编码"
place_id = "地点编号"
lon = "经度"
lat = "纬度"
unit_id = "承办单位"
title = "标题"
rating = { from = "满意度", values = { "非常满意" = 5, "满意" = 4, "一般" = 3, "不满意" = 2 } }
reporter_hash = "来电编号"

[tables.cases.closed]
status = "状态"
closed = ["已办结"]
prefer = "time"
"""

# Twenty columns of which eighteen are read; a title in a hundred has a comma, a quote or a line break.
ROWS = """
with drawn as (
    select
        i,
        (hash(i * 7919 + $salt) >> 2)::bigint as a,
        (hash(i * 104729 + $salt) >> 2)::bigint as b,
        timestamp '2024-07-01' + to_seconds(((i * 62985600) // $count)::bigint) as reported_at
    from range($start, $stop) as r(i)
),
timed as (
    select
        *,
        reported_at + to_minutes((5 + a % 600)::int) as response_at,
        reported_at + to_minutes((120 + b % 20000)::int) as done_at,
        done_at < timestamp '2026-07-01' and a % 50 > 0 as is_done
    from drawn
)
select
    'GD' || lpad(i::varchar, 10, '0') as "工单编号",
    strftime(reported_at, '%Y/%m/%d %H:%M:%S') as "受理时间",
    strftime(response_at, '%Y/%m/%d %H:%M:%S') as "首次联系时间",
    if(is_done, strftime(done_at, '%Y/%m/%d %H:%M:%S'), null) as "办结时间",
    strftime(reported_at + interval 5 day, '%Y/%m/%d %H:%M:%S') as "办理期限",
    (['邻里纠纷', '安全隐患', '市容环境', '物业服务', '咨询'])[(a // 64) % 5 + 1] as "类别",
    (['电话', '网格上报', '小程序', '来访'])[(a // 512) % 4 + 1] as "渠道",
    if((a // 4096) % 10 = 0, '紧急', '一般') as "缓急",
    '900000' || lpad(((b // 64) % 100)::varchar, 6, '0') as "社区代码",
    case when (b // 8192) % 30 > 0
        then '900000' || lpad(((b // 64) % 100)::varchar, 6, '0') || lpad(((b // 65536) % 9)::varchar, 3, '0')
    end as "网格编码",
    'L' || (b // 1048576) % ($count // 3 + 1) as "地点编号",
    round(111.0 + (a // 1048576) % 100000 / 200000.0, 6) as "经度",
    round(37.0 + (b // 134217728) % 100000 / 200000.0, 6) as "纬度",
    'U' || (a // 33554432) % 20 as "承办单位",
    case (b // 4194304) % 300
        when 0 then '反映“路灯不亮”, 多次报修未果'
        when 1 then '称物业回复"正在办理"已一周'
        when 2 then '第一件：噪声' || chr(10) || '第二件：占道'
        else '反映' || (['楼道堆物', '飞线充电', '夜间施工噪声', '井盖破损', '垃圾清运不及时'])[(a // 1024) % 5 + 1]
            || '，位于第' || (b // 2048) % 40 || '栋附近，请尽快处理'
    end as "标题",
    case when a % 3 = 0 and is_done
        then (['非常满意', '满意', '满意', '一般', '不满意'])[(b // 1024) % 5 + 1]
    end as "满意度",
    'T' || (a // 16777216) % ($count // 2 + 1) as "来电编号",
    case when (b // 16) % 400 = 0 then '作废' when is_done then '已办结'
        else '办理中' end as "状态",
    '座席' || a % 60 as "座席",
    '见工单' as "备注"
from timed
order by i
"""


def write(path: Path, rows: int, start: int = 0, salt: int = 0, total: int = 0) -> None:
    """Write `rows` cases from number `start` on, out of a county of `total` (default: all of them)."""
    target = str(path).replace("'", "''")
    parts = {"start": start, "stop": start + rows, "salt": salt, "count": total or rows}
    with duckdb.connect(config={"memory_limit": "1GB", "preserve_insertion_order": True}) as con:
        con.execute(f"copy ({ROWS}) to '{target}' (format csv, header)", parts)


def write_mapping(path: Path) -> Path:
    """Write the mapping that reads such a file."""
    path.write_text(MAPPING, "utf-8")
    return path

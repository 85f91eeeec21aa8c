-- title: 各类别、各渠道、各条线之和等于总数，一事只计一次
-- scenes: map, now
-- indicators: reported_count
-- queries: indicators_by_category, indicators_by_channel, indicators_by_track, cases_by_category
-- grain: county_code, day, code_list
-- params:
-- column: county_code           县代码
-- column: day                   日期
-- column: code_list             按什么分
-- column: whole                 不同案件数
-- column: parts                 各项受理之和
-- column: is_broken             不符
-- note: 每县每天每种分法一条：类别、渠道、来源方式、缓急、三条线；没有填的也算一项。

with

by_code as (
    select
        county_code,
        day,
        unnest([
            {'code_list': '类别', 'code': category},
            {'code_list': '渠道', 'code': channel},
            {'code_list': '来源方式', 'code': origin},
            {'code_list': '缓急', 'code': urgency},
            {'code_list': '三条线', 'code': track}
        ], recursive := true),
        reported_count
    from (
        select
            coalesce(county_code, '') as county_code,
            date_trunc('day', reported_at) as day,
            category::varchar as category,
            channel::varchar as channel,
            origin::varchar as origin,
            urgency::varchar as urgency,
            track::varchar as track,
            count(*) filter (
                reported_count_base(c, date_trunc('day', reported_at), date_trunc('day', reported_at) + interval 1 day)
            ) as reported_count
        from cases as c
        where touches(c, date_trunc('day', reported_at), date_trunc('day', reported_at) + interval 1 day)
        group by all
    )
),

parts as (
    select
        county_code,
        day,
        code_list,
        sum(reported_count)::bigint as parts
    from (
        select
            county_code,
            day,
            code_list,
            code,
            sum(reported_count) as reported_count
        from by_code
        group by all
    )
    group by all
),

wholes as (
    select
        county_code,
        day,
        count(*) as whole
    from (
        select distinct
            coalesce(county_code, '') as county_code,
            date_trunc('day', reported_at) as day,
            source,
            case_id
        from cases
        where is_valid
    )
    group by all
),

lists as (
    select unnest(['类别', '渠道', '来源方式', '缓急', '三条线']) as code_list
)

select
    coalesce(w.county_code, p.county_code) as county_code,
    coalesce(w.day, p.day)::date as day,
    coalesce(w.code_list, p.code_list) as code_list,
    coalesce(w.whole, 0) as whole,
    coalesce(p.parts, 0) as parts,
    coalesce(w.whole, 0) <> coalesce(p.parts, 0) as is_broken
from (select * from wholes cross join lists) as w
full join parts as p on p.county_code = w.county_code and p.day = w.day and p.code_list = w.code_list

-- title: 公开报道的数字逐条复算
-- grain: id
-- params: region
-- column: document              文件
-- column: place                 地方
-- column: measure               指标
-- column: words                 原文
-- column: value                 原文数
-- column: unit                  单位
-- column: recounted             本快照
-- column: difference            差
-- column: verdict               结论
-- column: reason                说明
-- column: qualifier             性质
-- column: start_on              起（含）
-- column: stop_on               止（不含）
-- column: is_assumed            统计期是否推定
-- column: region                区划代码
-- column: region_name           区划
-- column: sql                   查询
-- column: id                    编号
-- note: 每一条都由快照里的行重新数出来，查询就在“查询”一列，可以原样执行；数是数出来的，不是写进去的。
-- note: 原文写“余、多、超、上”的，是下限：复算数不小于它、又不到下一个整数档，就是一致，差为 0。
-- note: 原文写百分比的，复算到同样位数比较；只有承诺没有计数的、出于保护隐私不导入的，不复算，说明里写明。
-- note: 区划代码和名称（或其中的小区名称）都对得上的地方才复算；本县数据里没有这个地方的，不复算。
-- note: 统计期以原文为准，与筛选的统计期、类别无关；原文没有写明起止的，起止为推定。

with

looked_up as (
    select
        f.*,
        p.name as region_name,
        p.place_code is not null
            and (
                p.name = f.place
                or exists (from estates as e where e.region_code = f.region and e.name = f.place)
            ) as is_here,
        coalesce(p.county_code, f.region) as county_code
    from published as f
    left join places as p on p.place_code = f.region
    where $region is null
        or f.region = $region
        or coalesce(within(p, $region), false)
),

counted as (
    select
        f.*,
        f.sql = '' as is_words_only,
        r.recounted,
        case f.qualifier
            when 'at_least' then r.recounted >= f.value and r.recounted < f.below
            when 'at_most' then r.recounted <= f.value
            when 'share' then round(r.recounted, 2) = f.value
            else r.recounted = f.value
        end as is_equal
    from looked_up as f
    left join published_recounts() as r on r.id = f.id and f.is_here
),

judged as (
    select
        *,
        case
            when is_words_only then 'words'
            when not is_here then 'absent'
            when coalesce(is_equal, false) then 'holds'
            when stop > as_of()::date then 'early'
            else 'differs'
        end as verdict
    from counted
)

select
    document,
    place,
    measure,
    words,
    value,
    unit,
    recounted,
    case
        when verdict = 'holds' then 0.0
        when verdict in ('differs', 'early') then round(coalesce(recounted, 0) - value, 4)
    end as difference,
    verdict,
    concat_ws(
        '；',
        case
            when qualifier = 'promise' then '承诺或时限，没有计数可复算'
            when qualifier = 'withheld' then '有意不导入，无从复算'
            when verdict = 'absent' then '本县数据里没有这个地方'
            when verdict = 'early' then '数据只到 ' || strftime(as_of(), '%Y-%m-%d') || '，原文的统计期还没有完'
            when verdict = 'differs' and recounted is null then '没有可数的行'
            when verdict = 'differs' then '与原文不同：数据、范围或口径不是原文那一套'
            when qualifier = 'at_least' then '原文是下限，复算数在 ' || format('{:,}', value::bigint) || ' 到 '
                || format('{:,}', below::bigint) || '（不含）之间'
            when qualifier = 'at_most' then '原文是上限'
            when qualifier = 'share' then '复算到原文的位数相同'
        end,
        nullif(how, '')
    ) as reason,
    qualifier,
    start as start_on,
    stop as stop_on,
    assumed as is_assumed,
    region,
    region_name,
    sql,
    id
from judged
order by ordinal

-- 派生 3: what people were promised about each case, by the rules of deadlines.toml (governance/deadlines makes the macros
-- response_rule and close_rule and the tables deadline_terms, office_hours and written_rules from them). Makes the
-- temporary table `promises` that cases.sql joins, and the table `deadline_rules`. Positions on a clock are microseconds that count: on the natural clock every one, on
-- the others only those of working days or office hours.

-- deadline_rules: the rules in force here, with the places they were promised in. A rule that comes with the product and
-- belongs to places that these data do not have is somebody else's promise.
create or replace table deadline_rules as
select
    w.ordinal,
    w.rule,
    concat_ws('；', '范围 ' || coalesce(p.named, if(len(w.regions) > 0, w.regions[1] || '（数据里没有这个地方）', null)),
        if(w.applies = '全部案件' and len(w.regions) > 0, null, w.applies)) as applies,
    w.since,
    w.response,
    w.close,
    w.is_own,
    w.uses_calendar
from written_rules as w
left join (
    select
        ordinal,
        string_agg(full_name, '、' order by place_code) as named
    from (select ordinal, unnest(regions) as place_code from written_rules)
    inner join places using (place_code)
    group by ordinal
) as p on p.ordinal = w.ordinal
where len(w.regions) = 0 or w.is_own or p.named is not null
order by w.ordinal;

-- matters: what the rules look at, and the number of the rule that each part of the promise follows.
create or replace temp table matters as
select
    c.source,
    c.case_id,
    c.reported_at,
    c.accepted_at,
    c.dispatched_at,
    c.reopen_count,
    c.original_due_at,
    c.due_at,
    response_rule(c) as response_rule,
    close_rule(c) as close_rule,
    is_order(c) as is_order,
    if(is_report_in_promised(c), report_in_limit(), null) as report_in_limit,
    if(is_arrival_promised(c), c.reported_at + arrival_limit(), null) as arrival_due_at
from (
    select
        c.*,
        h.severity,
        h.hazard_type,
        d.dispute_type,
        e.property_mode,
        p.county_code,
        p.town_code,
        p.community_code,
        p.grid_1,
        p.grid_2,
        p.grid_3
    from cases as c
    left join hazards as h on h.source = c.source and h.case_id = c.case_id
    left join disputes as d on d.source = c.source and d.case_id = c.case_id
    left join estates as e on e.estate_id = c.estate_id
    left join places as g on g.place_code = c.grid_id
    left join places as p on p.place_code = coalesce(g.place_code, c.region_code)
) as c;

-- workdays: by the imported calendar (法定节假日, 调休), Monday to Friday where it says nothing.
create or replace temp table workdays as
with

span as (
    select
        min(least(reported_at, coalesce(accepted_at, reported_at), coalesce(dispatched_at, reported_at))) as first_at,
        max(greatest(reported_at, coalesce(accepted_at, reported_at), coalesce(dispatched_at, reported_at))) as last_at
    from matters
),

days as (
    select unnest(generate_series(
        date_trunc('day', first_at) - interval 20 day,
        date_trunc('day', greatest(last_at, getvariable('as_of')))
            + to_days(60 + 3 * coalesce((select max(coalesce(length // 86400000000, days)) from deadline_terms), 0)::integer),
        interval 1 day
    )) as day
    from span
    where exists (from deadline_terms where clock <> 'natural')
)

select d.day
from days as d
left join calendar as c on c.day = d.day
where coalesce(c.is_workday, isodow(d.day) <= 5);

-- clocks: when each clock runs, and what it has counted before.
create or replace temp table clocks as
with spans as (
    select
        'natural' as clock,
        timestamp '1000-01-01' as opens_at,
        timestamp '9000-01-01' as closes_at
    union all
    select
        'working_days',
        day,
        day + interval 1 day
    from workdays
    union all
    select
        'working_hours',
        w.day + to_microseconds(o.opens),
        w.day + to_microseconds(o.closes)
    from workdays as w
    cross join office_hours as o
)

select
    clock,
    opens_at,
    closes_at,
    coalesce(sum(epoch_us(closes_at) - epoch_us(opens_at)) over (
        partition by clock order by opens_at rows between unbounded preceding and 1 preceding
    ), 0)::bigint as before
from spans;

create or replace temp table asked as
select
    m.source,
    m.case_id,
    t.part,
    t.rule,
    t.clock,
    t.length,
    t.days,
    t.until,
    t.cutoff,
    t.after,
    case t.since
        when 'accepted_at' then coalesce(m.accepted_at, m.reported_at)
        when 'dispatched_at' then coalesce(m.dispatched_at, m.reported_at)
        else m.reported_at
    end as started_at,
    -- An approved 延期 counts as in the official deadline: not for a reopened case, which is judged by the original one.
    case
        when t.part = 'response' or coalesce(m.reopen_count, 0) > 0 then 0
        when m.due_at is not null and m.original_due_at is not null
            then greatest(epoch_us(m.due_at) - epoch_us(m.original_due_at), 0)
        else t.extension * coalesce(x.extension_count, 0)
    end as extension
from (
    select *, 'response' as part, response_rule as ordinal from matters where response_rule is not null
    union all
    select *, 'close', close_rule from matters where close_rule is not null
) as m
inner join deadline_terms as t on t.part = m.part and t.ordinal = m.ordinal
left join steps as x on x.source = m.source and x.case_id = m.case_id;

-- On the natural clock without a pause the deadline is a sum; everything else is worked out on its clock.
create or replace temp macro end_of(start, length, days, until, cutoff, after) as (
    case
        when length is not null then start + length
        when start % 86400000000 >= cutoff then (start // 86400000000 + days + 1) * 86400000000 + after
        else (start // 86400000000 + days) * 86400000000 + until
    end
);

create or replace temp table promised as
with

paused as (
    select
        source,
        case_id,
        'close' as part
    from pauses
),

-- Where the start stands on its clock. A start while the clock stands still counts as the next moment that it runs.
started as (
    select
        a.*,
        coalesce(c.before + least(epoch_us(a.started_at), epoch_us(c.closes_at)) - epoch_us(c.opens_at), 0) as start
    from (from asked semi join paused using (source, case_id, part) union from asked where clock <> 'natural') as a
    asof left join clocks as c on c.clock = a.clock and a.started_at >= c.opens_at
),

counted as (
    select
        s.source,
        s.case_id,
        s.started_at,
        s.start,
        end_of(s.start, s.length, s.days, s.until, s.cutoff, s.after) - s.start as allowed,
        coalesce(b.before + least(epoch_us(p.paused_at), epoch_us(b.closes_at)) - epoch_us(b.opens_at), 0) as stops,
        p.resumed_at,
        s.clock
    from started as s
    inner join pause_spans as p on p.source = s.source and p.case_id = s.case_id and s.part = 'close'
    asof left join clocks as b on b.clock = s.clock and p.paused_at >= b.opens_at
    where p.paused_at >= s.started_at
),

measured as (
    select
        c.*,
        greatest(
            coalesce(e.before + least(epoch_us(c.resumed_at), epoch_us(e.closes_at)) - epoch_us(e.opens_at), 0) - c.stops,
            0
        ) as pause
    from counted as c
    asof left join clocks as e on e.clock = c.clock and c.resumed_at >= e.opens_at
),

-- A pause that begins when the time is already up moves nothing.
moved as (
    select
        source,
        case_id,
        sum(pause) filter (stops - start - earlier < allowed) as pause
    from (
        select
            *,
            coalesce(sum(pause) over (
                partition by source, case_id order by stops, resumed_at
                rows between unbounded preceding and 1 preceding
            ), 0) as earlier
        from measured
    )
    group by source, case_id
),

-- Where the deadline stands on its clock, and from there back to a time of day.
ended as (
    select
        s.*,
        (end_of(s.start, s.length, s.days, s.until, s.cutoff, s.after)
            + if(s.part = 'close', coalesce(m.pause, 0), 0))::bigint as stop
    from started as s
    left join moved as m on m.source = s.source and m.case_id = s.case_id
)

select
    e.source,
    e.case_id,
    e.part,
    e.rule,
    c.opens_at + to_microseconds(e.stop - c.before + e.extension) as promised_at
from ended as e
asof inner join clocks as c on c.clock = e.clock and e.stop > c.before

union all

select
    source,
    case_id,
    part,
    rule,
    make_timestamp(end_of(epoch_us(started_at), length, days, until, cutoff, after) + extension)
from asked
anti join paused using (source, case_id, part)
where clock = 'natural';

create or replace temp table promises as
select
    m.source,
    m.case_id,
    m.is_order,
    m.report_in_limit,
    m.arrival_due_at,
    r.rule as response_rule,
    r.promised_at as promised_response_at,
    d.rule as deadline_rule,
    d.promised_at
from matters as m
left join (from promised where part = 'response') as r on r.source = m.source and r.case_id = m.case_id
left join (from promised where part = 'close') as d on d.source = m.source and d.case_id = m.case_id;

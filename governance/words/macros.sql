-- Words that several queries share. `as_of()` stands before these when a store is opened; the macros of the indicators come
-- with each query that uses them (governance/macros.py).

-- Names in the order of their numbers: 第2 before 第10.
create or replace macro by_number(words) as (
    array_to_string(list_transform(
        regexp_extract_all(words, '\d+|\D+'),
        lambda x: if(regexp_full_match(x, '\d+'), lpad(x, greatest(20, len(x))::integer, '0'), x)
    ), '')
);

create or replace macro in_natural_order(names) as (
    array_to_string(list_transform(
        list_sort(list_transform(list_distinct(names), lambda x: {'rank': by_number(x), 'name': x})), lambda x: x.name
    ), '、')
);

-- An empty list means all.
create or replace macro chosen(value, choices) as (len(choices) = 0 or coalesce(list_contains(choices, value::varchar), false));

-- Cities and provinces, which are no places of their own: each with the counties that lie in it.
create or replace view upper_regions as
with recursive

ways as (
    select p.place_code as county_code, r.parent_code as upper_code
    from places as p
    inner join regions as r on r.region_code = p.place_code
    where p.level = 'county'

    union

    select w.county_code, r.parent_code
    from ways as w
    inner join regions as r on r.region_code = w.upper_code
)

select
    r.region_code as upper_code,
    r.name,
    r.level,
    w.county_code
from ways as w
inner join regions as r on r.region_code = w.upper_code and r.level in ('city', 'province');

-- The counties of a city or province that a query is about: a store sets the variable before it answers.
create or replace macro is_in_upper(county_code, region) as (
    coalesce(region = getvariable('upper').region and list_contains(getvariable('upper').counties, county_code), false)
);

-- Whether a row with the path columns of `places` lies in a region or grid; no region means everywhere.
create or replace macro within(p, region) as (
    region is null
    or is_in_upper(p.county_code, region)
    or coalesce(p.county_code = region, false)
    or coalesce(p.town_code = region, false)
    or coalesce(p.community_code = region, false)
    or coalesce(p.grid_1 = region, false)
    or coalesce(p.grid_2 = region, false)
    or coalesce(p.grid_3 = region, false)
);

-- The places of a level that a query is about; a name that several of them have is told apart by its town (a town's by
-- its county): charts and lists go by names.
create or replace macro named_places(of_level, of_region) as table (
    select
        p.* replace (if(count(*) over (partition by p.name) > 1, concat_ws(' ', above.name, p.name), p.name) as name)
    from places as p
    left join places as above on above.place_code = coalesce(nullif(p.town_code, p.place_code), nullif(p.county_code, p.place_code))
    where p.level = of_level and within(p, of_region)
);

-- The shared filter on one row of `cases`.
create or replace macro in_filter(c, region, category, channel, origin, urgency) as (
    within(c, region)
    and chosen(c.category, category)
    and chosen(c.channel, channel)
    and chosen(c.origin, origin)
    and chosen(c.urgency, urgency)
);

-- The place of a row at a level; null where it is not located so finely.
create or replace macro place_at(p, level) as (
    case level
        when 'county' then p.county_code
        when 'town' then p.town_code
        when 'community' then p.community_code
        when 'grid_1' then p.grid_1
        when 'grid_2' then p.grid_2
        when 'grid_3' then p.grid_3
    end
);

-- Whether a case can count for anything in the period [start, stop).
create or replace macro touches(c, start, stop) as (c.active_from < stop and c.active_until >= start);

create or replace macro is_open(c, instant) as (
    c.is_valid and c.reported_at < instant and (c.closed_at is null or c.closed_at >= instant)
);

-- The deadline in force: the official one after approved extensions, or the promise that stands in where the source has none.
create or replace macro deadline(c) as (coalesce(c.due_at, c.judged_due_at));

create or replace macro is_overdue(c, instant) as (is_open(c, instant) and coalesce(deadline(c) < instant, false));

-- The last moment of a period that the data reach.
create or replace macro moment(stop) as (least(stop::timestamp, as_of()));

-- 负荷权重: an open urgent case counts 3, a dispute 2, anything else 1. For balance between grids, not for assessment.
create or replace macro workload_weight(c) as (
    case when c.urgency = 'urgent' then 3 when c.track = 'dispute' then 2 else 1 end
);

-- 多网合一: the kinds of grids that one was made of, each once.
create or replace macro former_kinds(merged_from) as (
    list_distinct(list_filter(
        list_transform(string_split_regex(coalesce(merged_from, ''), '[、，,;；/ ]+'), lambda x: trim(x)), lambda x: x <> ''
    ))
);

-- Active grids at a moment: open cases, weight, staff. Leaf grids carry the load; upper grids only coordinate.
-- Like is_open it looks at the state just before the instant: a grid that ends at midnight still has its load then.
create or replace macro grid_loads(instant) as table (
    with

    active as (
        select *
        from places
        where level in ('grid_1', 'grid_2', 'grid_3')
            and (valid_from is null or valid_from < instant)
            and (valid_to is null or valid_to >= instant)
    ),

    crew as (
        select
            grid_id,
            sum(fte) as fte,
            count(*) filter (role in ('full_time', 'part_time')) as worker_count
        from staff
        where (active_from is null or active_from < instant) and (active_to is null or active_to >= instant)
        group by grid_id
    ),

    open_cases as (
        select
            c.grid_id,
            count(*) as open_count,
            sum(workload_weight(c)) as open_weight,
            count(*) filter (is_overdue(c, instant)) as overdue_count,
            count(*) filter (c.reported_at < instant - interval 7 day) as older_than_7_days,
            count(*) filter (c.reported_at < instant - interval 30 day) as older_than_30_days
        from cases as c
        where is_open(c, instant) and c.grid_id is not null
        group by c.grid_id
    ),

    led as (
        select g.grid_id
        from grids as g
        inner join partners as o on o.partner_id = g.party_id
        where o.party_level is not null and coalesce(o.joined_on < instant, true)
    )

    select
        a.*,
        a.place_code in (from led) as has_party,
        bool_or(a.place_code in (from led)) over (partition by a.community_code) as keeps_party_register,
        former_kinds(r.merged_from) as former_kinds,
        bool_or(r.merged_from is not null) over (partition by a.community_code) as keeps_former_kinds,
        a.place_code not in (select parent_code from active where parent_code is not null) as is_leaf,
        coalesce(crew.fte, 0) as fte,
        coalesce(crew.worker_count, 0) as worker_count,
        coalesce(o.open_count, 0) as open_count,
        coalesce(o.open_weight, 0) as open_weight,
        coalesce(o.overdue_count, 0) as overdue_count,
        coalesce(o.older_than_7_days, 0) as older_than_7_days,
        coalesce(o.older_than_30_days, 0) as older_than_30_days,
        coalesce(o.open_weight, 0) / nullif(crew.fte, 0) as load
    from active as a
    left join grids as r on r.grid_id = a.place_code
    left join crew on crew.grid_id = a.place_code
    left join open_cases as o on o.grid_id = a.place_code
);

-- How many people and households an indicator is measured against: of every place, and under '' of the whole region.
create or replace macro denominators(region) as table (
    select
        place_code,
        residents,
        households
    from places
    union all
    select
        '',
        sum(residents),
        sum(households)
    from places
    where if(region is null, parent_code is null, place_code = region or is_in_upper(place_code, region))
);

-- Whole calendar months in a period; a part of a month counts as one.
create or replace macro months_in(start, stop) as (
    greatest(1, date_diff('month', start::timestamp, stop::timestamp - interval 1 microsecond) + 1)
);

-- The calendar months that a period touches, each as far as it lies within; whole ones that are over are complete.
create or replace macro months_of(since, until) as table (
    select
        month,
        greatest(month, since::timestamp) as start,
        least(month + interval 1 month, until::timestamp) as stop,
        month >= since::timestamp and month + interval 1 month <= least(until::timestamp, as_of()) as is_complete
    from (
        select unnest(generate_series(
            date_trunc('month', since::timestamp), until::timestamp - interval 1 second, interval 1 month
        )) as month
    )
);

-- The Gini coefficient of a list of non-negative numbers: 0 all equal, towards 1 one has all.
create or replace macro gini(numbers) as (
    list_sum(list_transform(list_sort(numbers), lambda x, i: (2 * i - len(numbers) - 1) * x))
    / nullif(len(numbers) * list_sum(numbers), 0)
);

-- Kaplan–Meier quantiles of the durations in a table of (key, duration, hours, is_event): a case still open counts as
-- "at least this long". The quantile is the first time by which that share has happened; null when it never does.
create or replace macro survival(observations) as table (
    with

    at_times as (
        select
            key,
            duration,
            hours,
            count(*) filter (is_event) as events,
            count(*) as leaving
        from query_table(observations)
        group by key, duration, hours
    ),

    at_risk as (
        select
            *,
            sum(leaving) over (
                partition by key, duration order by hours desc rows unbounded preceding
            ) as remaining
        from at_times
    ),

    curve as (
        select
            *,
            exp(sum(case
                when events = 0 then 0
                when events = remaining then -1e9
                else ln(1 - events / remaining)
            end) over (partition by key, duration order by hours rows unbounded preceding)) as surviving
        from at_risk
    )

    select
        c.key,
        q.indicator,
        min(c.hours) filter (c.surviving <= 1 - q.quantile + 1e-9) as value,
        sum(c.events) as hit,
        sum(c.leaving) as base
    from curve as c
    inner join duration_quantiles as q on q.duration = c.duration
    group by c.key, q.indicator
);

-- Every indicator over cases, for each key of a table of (key, start, stop, residents, and the columns of cases).
create or replace macro indicators_over(keyed) as table (
    with

    counted as (
        select
            c.key,
            unnest(indicators(c, c.start, c.stop, any_value(c.residents)), recursive := true)
        from query_table(keyed) as c
        group by c.key
    ),

    observed as (
        select
            c.key,
            unnest(observations(c, c.start, c.stop), recursive := true)
        from query_table(keyed) as c
    )

    select key, indicator, value, hit, base from counted
    union all
    select key, indicator, value, hit, base from survival('observed')
);

-- 派生 2: what is known of a case from other rows, over the whole data (more than one viewer may see): pauses, repeats,
-- relapses and the times of its steps. Makes temporary tables that cases.sql joins.

-- pause_spans: when a case was deferred (缓办). A pause nobody ended ends with the case.
create or replace temp table pause_spans as
with spans as (
    select
        source,
        case_id,
        step,
        happened_at,
        lead(happened_at) over (partition by source, case_id order by happened_at, seq) as next_at
    from case_steps
    where step in ('defer', 'resume')
)

select
    s.source,
    s.case_id,
    s.happened_at as paused_at,
    greatest(
        s.happened_at,
        least(
            coalesce(s.next_at, getvariable('as_of')),
            coalesce(c.closed_at, getvariable('as_of'))
        )
    ) as resumed_at
from spans as s
inner join cases as c on c.source = s.source and c.case_id = s.case_id
where s.step = 'defer';

-- pauses: hours a case was deferred, which do not count as handling time.
create or replace temp table pauses as
select
    source,
    case_id,
    sum(date_diff('second', paused_at, resumed_at)) / 3600.0 as paused_hours
from pause_spans
group by source, case_id;

-- repeats: an earlier valid case of the same reporter, or at the same place, about the same thing, within 90 days. A place is
-- a number that its source gave: another source may have given the same one elsewhere. Of cases reported at the same moment
-- exactly one is the first: by source, then by number.
create or replace temp table repeats as
with valid_cases as (
    select
        source,
        case_id,
        reported_at,
        reporter_hash,
        place_id,
        coalesce(subcategory, category) as matter
    from cases
    where invalid_reason is null
),

gaps as (
    select
        *,
        reported_at - lag(reported_at) over (
            partition by reporter_hash, matter order by reported_at, source, case_id
        ) as since_reporter,
        reported_at - lag(reported_at) over (
            partition by source, place_id, matter order by reported_at, case_id
        ) as since_place
    from valid_cases
)

select
    source,
    case_id
from gaps
where (reporter_hash is not null and since_reporter <= interval 90 day)
    or (place_id is not null and since_place <= interval 90 day);

-- relapses: the next valid case at the same place, or of the same reporter, about the same thing, within 90 days
-- of closing. A case closed before it was reported has no closing to count from, and must not follow itself.
create or replace temp table relapses as
with matters as (
    select
        source,
        case_id,
        reported_at,
        closed_at,
        reporter_hash,
        place_id,
        coalesce(subcategory, category) as matter
    from cases
    where invalid_reason is null
),

followed as (
    select
        c.source,
        c.case_id,
        c.closed_at,
        n.reported_at
    from (from matters where closed_at >= reported_at and place_id is not null) as c
    asof join (from matters where place_id is not null) as n
        on n.source = c.source and n.place_id = c.place_id and n.matter = c.matter and n.reported_at > c.closed_at

    union all

    select
        c.source,
        c.case_id,
        c.closed_at,
        n.reported_at
    from (from matters where closed_at >= reported_at and reporter_hash is not null) as c
    asof join (from matters where reporter_hash is not null) as n
        on n.reporter_hash = c.reporter_hash and n.matter = c.matter and n.reported_at > c.closed_at
)

select
    source,
    case_id,
    min(reported_at) as relapsed_at
from followed
where reported_at <= closed_at + interval 90 day
group by source, case_id;

-- steps: when a case first reached each step, and how often it was passed on, sent back or prolonged.
create or replace temp table steps as
select
    source,
    case_id,
    min(happened_at) filter (step = 'whistle') as whistled_at,
    min(happened_at) filter (step = 'report_in') as reported_in_at,
    min(happened_at) filter (step = 'consult') as consulted_at,
    min(happened_at) filter (step = 'handle') as handled_at,
    min(happened_at) filter (step = 'feedback') as fed_back_at,
    min(happened_at) filter (step = 'sign') as signed_at,
    min(happened_at) filter (step = 'lookup') as looked_up_at,
    count(*) filter (step = 'transfer') as transfer_count,
    count(*) filter (step = 'return') as return_count,
    count(*) filter (step = 'extend') as extension_count,
    count(*) filter (step = 'supervise') as supervision_count
from case_steps
group by source, case_id;

-- lookbacks: the days on which a case was looked back at (回头看). A visit names the case by source and number; without a
-- source it means the number in its own community. queries/checks/visits_with_a_case.sql says where that is not one case.
create or replace temp table lookbacks as
with looks as (
    select
        v.case_id,
        v.case_source,
        v.visited_at,
        coalesce(g.community_code, r.community_code) as community_code
    from visits as v
    left join places as g on g.place_code = v.grid_id
    left join places as r on r.place_code = v.region_code
    where v.visit_type = 'lookback' and v.case_id is not null
)

select
    c.source,
    c.case_id,
    c.category,
    p.community_code,
    list(l.visited_at order by l.visited_at) as looked_back
from looks as l
inner join cases as c on c.case_id = l.case_id
left join places as g on g.place_code = c.grid_id
left join places as p on p.place_code = coalesce(g.place_code, c.region_code)
where if(l.case_source is null, p.community_code = l.community_code, c.source = l.case_source)
group by c.source, c.case_id, c.category, p.community_code;

-- lookback_registers: which communities look back, at which categories, and from which month on.
create or replace temp table lookback_registers as
select
    community_code,
    category,
    date_trunc('month', min(looked_back[1]))::timestamp as lookback_from
from lookbacks
where community_code is not null
group by community_code, category;

-- habits: what a source writes down at all. Where it never does, nobody can say that it was not done.
create or replace temp table habits as
select
    c.source,
    bool_or(h.rechecked_at is not null or h.is_recheck_passed is not null) as has_rechecks,
    bool_or(c.is_rating_default is not null) as has_default_ratings,
    bool_or(c.errand is not null) as has_errands,
    bool_or(c.platform is not null) as has_platforms
from cases as c
left join hazards as h on h.source = c.source and h.case_id = c.case_id
group by c.source;

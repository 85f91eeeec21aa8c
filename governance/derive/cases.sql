-- 派生 3: cases with the columns that the indicators are written in, its supplements (disputes, hazards) and steps beside it.
-- Reads cases, places and the tables of facts.sql; replaces `cases`.

-- cases: with the columns that the indicators are written in.
create or replace table cases as
with dated as (
    select
        c.*,
        coalesce(g.place_code, c.region_code) as place_code,
        c.invalid_reason is null as is_valid,
        -- A reopened case is judged by its final closing against the original deadline.
        case when c.reopen_count > 0 then coalesce(c.original_due_at, c.due_at) else c.due_at end as judged_due_at,
        r.case_id is not null as is_repeat,
        l.relapsed_at,
        coalesce(p.paused_hours, 0) as paused_hours,
        s.case_id is not null as has_steps,
        s.* exclude (source, case_id),
        d.* exclude (source, case_id),
        h.* exclude (source, case_id)
    from cases as c
    left join places as g on g.place_code = c.grid_id
    left join repeats as r on r.source = c.source and r.case_id = c.case_id
    left join relapses as l on l.source = c.source and l.case_id = c.case_id
    left join pauses as p on p.source = c.source and p.case_id = c.case_id
    left join steps as s on s.source = c.source and s.case_id = c.case_id
    left join disputes as d on d.source = c.source and d.case_id = c.case_id
    left join hazards as h on h.source = c.source and h.case_id = c.case_id
)

select
    d.* exclude (rated_at, visited_at),
    case when d.outcome_visit is not null then coalesce(d.visited_at, d.closed_at) else d.visited_at end as visited_at,
    case when d.rating is not null then coalesce(d.rated_at, d.visited_at, d.closed_at) else d.rated_at end as rated_at,
    case d.category when '01' then 'dispute' when '02' then 'hazard' else 'service' end as track,
    -- Withdrawing a case after its deadline does not take it out of 按期办结率.
    d.is_valid or coalesce(d.invalid_reason = 'withdrawn' and d.withdrawn_at > d.judged_due_at, false) as is_judged,
    case
        when d.closed_at is not null and d.is_valid then least(d.closed_at, coalesce(d.judged_due_at, d.closed_at))
        when d.judged_due_at <= getvariable('as_of') then d.judged_due_at
    end as judged_at,
    coalesce(d.closed_at >= d.reported_at, true)
        and coalesce(d.first_response_at >= d.reported_at - interval 1 minute, true)
        and coalesce(d.first_closed_at >= d.reported_at, true)
        and coalesce(d.accepted_at >= d.reported_at - interval 1 minute, true) as is_time_ordered,
    -- From when to when a case can count for anything: lets a query skip the rest.
    least(
        d.reported_at,
        coalesce(d.closed_at, d.reported_at),
        coalesce(d.first_closed_at, d.reported_at),
        coalesce(d.rated_at, d.reported_at),
        coalesce(d.visited_at, d.reported_at),
        coalesce(d.judged_due_at, d.reported_at),
        coalesce(d.response_due_at, d.reported_at),
        coalesce(d.rectified_at, d.reported_at),
        coalesce(d.rechecked_at, d.reported_at)
    ) as active_from,
    case
        when d.closed_at is null then timestamp '9999-01-01'
        else greatest(
            d.reported_at,
            d.closed_at,
            coalesce(d.rated_at, d.closed_at),
            coalesce(d.visited_at, d.closed_at),
            coalesce(d.response_due_at, d.closed_at),
            coalesce(d.judged_due_at, d.closed_at),
            coalesce(d.first_closed_at, d.closed_at),
            coalesce(d.rectified_at, d.closed_at),
            coalesce(d.rechecked_at, d.closed_at),
            coalesce(d.accepted_at, d.reported_at) + interval 7 day  -- when 七日化解 is judged
        )
    end as active_until,
    -- The middle of the square of 0.002° (about 200 m) it lies in: coarse enough to draw, and never finer than that.
    round(floor(d.lon / 0.002) * 0.002 + 0.001, 3) as cell_lon,
    round(floor(d.lat / 0.002) * 0.002 + 0.001, 3) as cell_lat,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from dated as d
left join places as p on p.place_code = d.place_code;

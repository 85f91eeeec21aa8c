-- 派生 5: cases with the columns that the indicators are written in, its supplements (disputes, hazards) and steps beside it.
-- Reads cases, places and the tables of facts.sql, deadlines.sql and process.sql; replaces `cases`.

-- cases: with the columns that the indicators are written in.
create or replace table cases as
with dated as (
    select
        -- A source without the flag may still say 缓办 in its status.
        c.* replace (coalesce(c.is_deferred, c.status = 'deferred') as is_deferred),
        coalesce(g.place_code, c.region_code) as place_code,
        c.invalid_reason is null as is_valid,
        -- A reopened case is judged by its final closing against the original deadline.
        -- Where the source has no deadline, the promise of the rules stands in, if the rules say so.
        coalesce(
            if(c.reopen_count > 0, c.original_due_at, null),
            c.due_at,
            if(fills_missing(), o.promised_at, null)
        ) as judged_due_at,
        case
            when c.due_at is not null or (c.reopen_count > 0 and c.original_due_at is not null) then 'source'
            when fills_missing() and o.promised_at is not null then 'rule'
        end as deadline_origin,
        r.case_id is not null as is_repeat,
        l.relapsed_at,
        coalesce(p.paused_hours, 0) as paused_hours,
        s.case_id is not null as has_steps,
        s.* exclude (source, case_id),
        w.* exclude (source, case_id, sent_at),
        coalesce(w.sent_at, c.dispatched_at) as sent_at,
        o.* exclude (source, case_id),
        -- The supplements know their own files; the case's own is the one that counts.
        d.* exclude (source, case_id, source_file, source_sheet, source_row),
        h.* exclude (source, case_id, source_file, source_sheet, source_row)
    from cases as c
    left join places as g on g.place_code = c.grid_id
    left join repeats as r on r.source = c.source and r.case_id = c.case_id
    left join relapses as l on l.source = c.source and l.case_id = c.case_id
    left join pauses as p on p.source = c.source and p.case_id = c.case_id
    left join steps as s on s.source = c.source and s.case_id = c.case_id
    left join paths as w on w.source = c.source and w.case_id = c.case_id
    left join promises as o on o.source = c.source and o.case_id = c.case_id
    left join disputes as d on d.source = c.source and d.case_id = c.case_id
    left join hazards as h on h.source = c.source and h.case_id = c.case_id
),

-- Whether a whistle belongs to the case: by its register, or because somebody whistled.
called as (
    select
        *,
        coalesce(need_whistle, false) or coalesce(contains(path, 'whistle'), false) as needs_whistle
    from dated
)

select
    d.* exclude (rated_at, visited_at, way_to_feedback, report_in_limit),
    case when d.outcome_visit is not null then coalesce(d.visited_at, d.closed_at) else d.visited_at end as visited_at,
    case when d.rating is not null then coalesce(d.rated_at, d.visited_at, d.closed_at) else d.rated_at end as rated_at,
    case d.category when '01' then 'dispute' when '02' then 'hazard' else 'service' end as track,
    -- Withdrawing a case after its deadline does not take it out of 按期办结率.
    d.is_valid or coalesce(d.invalid_reason = 'withdrawn' and d.withdrawn_at > d.judged_due_at, false) as is_judged,
    case
        when d.closed_at is not null and d.is_valid then least(d.closed_at, coalesce(d.judged_due_at, d.closed_at))
        when d.judged_due_at <= getvariable('as_of') then d.judged_due_at
    end as judged_at,
    -- A promise is judged once, like the deadline; a deferral without its dates cannot be.
    d.promised_at is not null
        and (d.is_valid or coalesce(d.invalid_reason = 'withdrawn' and d.withdrawn_at > d.promised_at, false))
        and not (coalesce(d.is_deferred, false) and d.paused_hours = 0) as is_promise_judged,
    case
        when d.closed_at is not null and d.is_valid then if(d.promised_at is not null, least(d.closed_at, d.promised_at), null)
        when d.promised_at <= getvariable('as_of') then d.promised_at
    end as promise_judged_at,
    d.whistled_at + d.report_in_limit as report_in_due_at,
    -- 民事7步 with nothing left out, gone round or turned about; a rule skips 吹哨, 报到 and 会商 where nobody is needed.
    d.path = if(d.needs_whistle, 'find>whistle>report_in>consult>handle>feedback>rate', 'find>handle>feedback>rate')
        as is_conforming,
    d.way_to_feedback
        = if(d.needs_whistle, 'find>whistle>report_in>consult>handle>feedback', 'find>handle>feedback')
        as is_conforming_to_feedback,
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
        coalesce(d.rechecked_at, d.reported_at),
        coalesce(d.promised_at, d.reported_at),
        coalesce(d.promised_response_at, d.reported_at),
        coalesce(d.sent_at, d.reported_at),
        coalesce(d.whistled_at, d.reported_at),
        coalesce(d.arrived_at, d.reported_at)
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
            coalesce(d.promised_at, d.closed_at),
            coalesce(d.promised_response_at, d.closed_at),
            coalesce(d.sent_at, d.closed_at),
            coalesce(d.whistled_at + d.report_in_limit, d.closed_at),
            coalesce(d.arrival_due_at, d.closed_at),
            coalesce(d.arrived_at, d.closed_at),
            coalesce(d.accepted_at, d.reported_at) + interval 7 day,  -- when 七日化解 is judged
            d.closed_at + interval 90 day  -- when 复发 is judged (回头看 before it)
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
    p.grid_3,
    -- After it was last closed: who looked at it before a rework saw what came of the rework. A day without an hour counts.
    list_filter(b.looked_back, lambda x: x >= date_trunc('day', d.closed_at))[1] as looked_back_at,
    k.community_code is not null as has_lookback,
    k.lookback_from,
    a.* exclude (source)
from called as d
left join places as p on p.place_code = d.place_code
left join lookbacks as b on b.source = d.source and b.case_id = d.case_id
left join lookback_registers as k on k.community_code = p.community_code and k.category = d.category
left join habits as a on a.source = d.source;

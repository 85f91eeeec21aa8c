-- title: 没有数据截至之后发生的事
-- scenes: now, satisfaction, timeliness
-- indicators: all
-- queries:
-- grain: table_name, column_name
-- params:
-- column: table_name            标准表
-- column: column_name           时间
-- column: row_count             有这个时间的行
-- column: late_count            晚于数据截至的行
-- column: is_broken             不符
-- note: 每张表每个时间一条。期限、计划日期可以在将来，不在此列。

with

times as (
    select 'cases' as table_name, column_name, happened_at
    from (
        unpivot (
            select
                reported_at, accepted_at, dispatched_at, first_response_at, arrived_at, first_closed_at, reopened_at,
                closed_at, visited_at, rated_at, withdrawn_at, rectified_at, rechecked_at
            from cases
        )
        on columns(*) into name column_name value happened_at
    )
    union all
    select 'case_steps', 'happened_at', happened_at from case_steps
    union all
    select 'visits', 'visited_at', visited_at from visits
    union all
    select 'points', 'happened_at', happened_at from points
    union all
    select 'meetings', 'held_on', held_on from meetings where held_on is not null
    union all
    select 'activities', 'held_on', held_on from activities where held_on is not null
    union all
    select 'issues', 'decided_on', decided_on from issues
    union all
    select 'issues', 'solved_on', solved_on from issues where solved_on is not null
    union all
    select 'proposals', 'submitted_on', submitted_on from proposals
    union all
    select 'proposals', 'screened_on', screened_on from proposals where screened_on is not null
    union all
    select 'proposals', 'adopted_on', adopted_on from proposals where adopted_on is not null
    union all
    select 'proposals', 'done_on', done_on from proposals where done_on is not null
    union all
    select 'list_items', 'created_on', created_on from list_items
    union all
    select 'list_items', 'claimed_on', claimed_on from list_items where claimed_on is not null
    union all
    select 'list_items', 'done_on', done_on from list_items where done_on is not null
    union all
    select 'plans', 'made_on', made_on from plans
    union all
    select 'plans', 'done_on', done_on from plans where done_on is not null
    union all
    select 'projects', 'started_on', started_on from projects where started_on is not null
    union all
    select 'projects', 'done_on', done_on from projects where done_on is not null
    union all
    select 'score_cards', 'submitted_on', submitted_on from score_cards
    union all
    select 'card_actions', 'decided_on', decided_on from card_actions where decided_on is not null
    union all
    select 'card_actions', 'done_on', done_on from card_actions where done_on is not null
    union all
    select 'inspections', 'inspected_on', inspected_on from inspections
    union all
    select 'partners', 'joined_on', joined_on from partners where joined_on is not null
    union all
    select 'video_points', 'checked_at', checked_at from video_points where checked_at is not null
    union all
    select 'facilities', 'opened_on', opened_on from facilities where opened_on is not null
)

select
    table_name,
    column_name,
    count(*) as row_count,
    count(*) filter (happened_at > as_of()) as late_count,
    count(*) filter (happened_at > as_of()) > 0 as is_broken
from times
group by table_name, column_name

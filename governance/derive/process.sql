-- 派生 4: the paths cases take through the seven steps, and the whistles with their arrivals. Makes the temporary table
-- `paths` that cases.sql joins, and the table `whistles`.

-- paths: the steps of 民事7步 and the detours in the order of their own times, one repeated at once written once. Steps of
-- one moment stand in the order of the seven; 发现 stands first where the log does not say when it was. Thirty steps tell
-- what goes round in circles. way_to_feedback is the same without 评价, which those who handle a case do not decide.
create or replace temp table paths as
with logged as (
    select
        source,
        case_id,
        min(happened_at) filter (step = 'dispatch') as sent_at,
        min(happened_at) filter (step in ('sign', 'arrive', 'handle')) as taken_at,
        min(happened_at) filter (step = 'rate') as assessed_at,
        coalesce(list_transform(
            list_sort(list({
                'at': happened_at,
                'cycle': cycle,
                'rank': list_position(
                    ['find', 'return', 'transfer', 'whistle', 'report_in', 'consult', 'handle', 'feedback', 'rate', 'reopen'],
                    step
                ),
                'seq': seq,
                'step': step
            }) filter (
                step in ('find', 'whistle', 'report_in', 'consult', 'handle', 'feedback', 'rate', 'transfer', 'return', 'reopen')
            )),
            lambda x: x.step
        ), []) as steps
    from case_steps
    group by source, case_id
),

begun as (
    select
        * exclude (steps),
        if(list_contains(steps, 'find'), steps, list_prepend('find', steps)) as taken
    from logged
),

-- What is repeated is compared without 评价 once more: feedback, rating, feedback is one feedback to the six steps.
ways as (
    select
        *,
        list_filter(taken, lambda x: x <> 'rate') as handled
    from begun
)

select
    source,
    case_id,
    sent_at,
    taken_at,
    assessed_at,
    array_to_string(list_filter(taken, lambda x, i: i = 1 or x <> taken[i - 1])[:31], '>') as path,
    array_to_string(list_filter(handled, lambda x, i: i = 1 or x <> handled[i - 1])[:31], '>') as way_to_feedback
from ways;

-- whistles: one row for each unit whistled for in a round of a case: its first whistle, and when it first reported in.
-- The unit of a whistle is the one it calls; a report without a unit answers for whoever was called.
create or replace table whistles as
with calls as (
    select
        s.source,
        s.case_id,
        s.cycle,
        coalesce(s.unit_id, c.unit_id) as unit_id,
        min(s.happened_at) as whistled_at
    from case_steps as s
    inner join cases as c on c.source = s.source and c.case_id = s.case_id
    where s.step = 'whistle'
    group by all
),

arrivals as (
    select
        w.source,
        w.case_id,
        w.cycle,
        w.unit_id,
        min(r.happened_at) as reported_in_at
    from calls as w
    inner join (from case_steps where step = 'report_in') as r
        on r.source = w.source and r.case_id = w.case_id and r.cycle = w.cycle and r.happened_at >= w.whistled_at
        and (r.unit_id is null or w.unit_id is null or r.unit_id = w.unit_id)
    group by all
)

select
    w.source,
    w.case_id,
    w.cycle,
    w.unit_id,
    w.whistled_at,
    a.reported_in_at,
    w.whistled_at + o.report_in_limit as report_in_due_at
from calls as w
left join promises as o on o.source = w.source and o.case_id = w.case_id
left join arrivals as a
    on a.source = w.source and a.case_id = w.case_id and a.cycle = w.cycle
    and a.unit_id is not distinct from w.unit_id;
comment on table whistles is '吹哨报到（一行一个被吹单位）';
comment on table deadline_rules is '时限规则';

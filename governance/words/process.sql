-- The seven steps of 民事7步, one row for each case with a log and each step: read by every question about steps.

create view case_stages as
with timed as (
    select
        *,
        ['find', 'whistle', 'report_in', 'consult', 'handle', 'feedback', 'rate'] as steps,
        [reported_at, whistled_at, reported_in_at, consulted_at, handled_at, fed_back_at, assessed_at] as times
    from cases
    where has_steps and is_valid
),

numbered as (
    select
        *,
        -- The step before is the last one that this case had to take: without a whistle 办理 follows on 发现.
        times[if(number = 5 and not needs_whistle, 1, number - 1)] as step_before_at,
        times[number] as step_at
    from timed
    cross join (select unnest(range(1, 8)) as number)
)

select
    * exclude (steps, times),
    steps[number] as step,
    step_at is null and number between 2 and 4 and not needs_whistle as is_step_skipped,
    len(list_filter(times[number + 1:], lambda x: x is not null)) > 0 or closed_at is not null as is_step_due,
    if(number > 1 and step_at >= step_before_at, date_diff('second', step_before_at, step_at) / 3600.0, null) as step_hours
from numbered;

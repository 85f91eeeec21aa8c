-- 议事协商: the words for meetings, issues and lists that indicators and queries share. The limits are those of rules.toml.

-- A meeting is judged when it was held, or when its planned day and the days of grace are over.
create or replace macro meeting_is_judged(m) as (
    m.planned_on is not null
    and (
        coalesce(m.held_on < as_of(), false)
        or m.planned_on + to_days(1 + rule_meeting_tolerance()::integer) <= as_of()
    )
);

create or replace macro meeting_is_kept(m) as (
    coalesce(m.held_on < as_of() and abs(date_diff('day', m.planned_on, m.held_on)) <= rule_meeting_tolerance(), false)
);

-- An issue enters the rate when there has been time to solve it.
create or replace macro issue_is_settled(i) as (i.decided_on + to_days(rule_issue_settling()::integer) <= as_of());

-- What a list says is to be done; other lists only tell how things are.
create or replace macro list_is_task(i) as (not list_contains(rule_plain_lists(), i.list_type));

create or replace macro list_is_wish(i) as (list_contains(rule_wish_lists(), i.list_type));

-- Somebody took it: what is done without a record of who took it was taken too.
create or replace macro list_is_claimed(i) as (coalesce(coalesce(i.claimed_on, i.done_on) < as_of(), false));

-- A step of a proposal is passed when it, or any later one, has happened by the data cut-off.
create or replace macro proposal_steps(p) as (
    [
        true,
        coalesce(coalesce(p.screened_on, p.adopted_on, p.done_on) < as_of(), false),
        coalesce(coalesce(p.adopted_on, p.done_on) < as_of(), false),
        coalesce(p.done_on < as_of(), false)
    ]
);

-- 次日计划: whether the day that a matter is planned for was over at an instant; it is judged when the data reach that far.
create or replace macro plan_day_is_over(p, instant) as (p.planned_on + interval 1 day <= instant);

create or replace macro plan_is_due(p) as (plan_day_is_over(p, as_of()));

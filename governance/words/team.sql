-- 网格队伍: the words for posts and people that indicators and queries share. The limits are those of rules.toml.

-- Whether a post is held just before the instant, as grid_loads sees it.
create or replace macro is_on_duty(s, instant) as (
    coalesce(s.active_from < instant, true) and coalesce(s.active_to >= instant, true)
);

-- A count of people too small to be shown is no number.
create or replace macro shown_people(people) as (case when people = 0 or people >= rule_few_people() then people end);

-- 每月一次 is judged by whole months: the part of a period that whole calendar months make up; without one, all of it.
create or replace macro whole_months(start, stop) as (
    case
        when date_trunc('month', start::timestamp - interval 1 microsecond) + interval 1 month
            < date_trunc('month', moment(stop))
            then {
                'start': date_trunc('month', start::timestamp - interval 1 microsecond) + interval 1 month,
                'stop': date_trunc('month', moment(stop))
            }
        else {'start': start::timestamp, 'stop': moment(stop)}
    end
);

create or replace macro in_whole_months(instant, start, stop) as (
    instant >= whole_months(start, stop).start and instant < whole_months(start, stop).stop
);

-- How many months that part has; a part of a month counts as one.
create or replace macro whole_months_in(start, stop) as (
    months_in(whole_months(start, stop).start, whole_months(start, stop).stop)
);

-- Whether a register that is kept from a month on speaks for a whole period: it was there in the first month at the latest.
create or replace macro is_kept_throughout(since, start) as (since < date_trunc('month', start::timestamp) + interval 1 month);

-- Whether one of these spans holds just before the instant.
create or replace macro is_any_active(spans, instant) as (
    len(list_filter(
        spans, lambda x: coalesce(x.active_from < instant, true) and coalesce(x.active_to >= instant, true)
    )) > 0
);

-- 派生 4: what must be counted by household or account without the household ever leaving the snapshot: flags instead of
-- identities. Replaces `visits` and `points`.

-- A household visited twice in a month is one household: its first visit of the month, and its first ever, are marked.
create or replace table visits as
select
    *,
    household_hash is not null
        and visit_type in ('home', 'knock')
        and row_number() over (
            partition by household_hash, visit_type in ('home', 'knock'), date_trunc('month', visited_at)
            order by visited_at, visit_id
        ) = 1 as is_first_in_month,
    household_hash is not null
        and visit_type in ('home', 'knock')
        and row_number() over (
            partition by household_hash, visit_type in ('home', 'knock') order by visited_at, visit_id
        ) = 1 as is_first_ever
from visits;

-- An account takes part from its first earning on, and has redeemed from its first redeeming on.
create or replace table points as
select
    *,
    delta > 0 and row_number() over (
        partition by account_hash, delta > 0 order by happened_at, txn_id
    ) = 1 as is_first_earning,
    delta < 0 and row_number() over (
        partition by account_hash, delta > 0 order by happened_at, txn_id
    ) = 1 as is_first_redeeming
from points;

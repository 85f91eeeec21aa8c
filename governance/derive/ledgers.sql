-- 派生 6: what must be counted by household or account without the household ever leaving the snapshot: flags instead of
-- identities. Replaces `visits` and `points`.

-- Households of a community: its register's, or those of its uppermost grids.
create or replace temp table community_households as
select
    p.place_code as community_code,
    nullif(coalesce(p.households, sum(g.households)), 0) as households
from places as p
left join places as g
    on g.parent_code = p.place_code
    and g.level in ('grid_1', 'grid_2', 'grid_3')
    and coalesce(g.valid_from < getvariable('as_of'), true)
    and coalesce(g.valid_to >= getvariable('as_of'), true)
where p.level = 'community'
group by p.place_code, p.households;

-- A household visited twice in a month is one household: its first visit of the month, and its first ever, are marked.
-- Ledgers number households by community, so a number that comes again elsewhere is another household.
-- A visit that names its household tells that its community keeps a register of visits: such a row carries the
-- community's households, and the first one of each community is marked, so that a sum has each community once; with it
-- goes the month from which the register is kept, for nobody knows who was visited before.
create or replace table visits as
with placed as (
    select
        v.*,
        household_hash is not null and visit_type in ('home', 'knock') as is_of_household,
        h.community_code,
        h.households
    from visits as v
    left join places as g on g.place_code = v.grid_id
    left join places as r on r.place_code = v.region_code
    left join community_households as h on h.community_code = coalesce(g.community_code, r.community_code)
)

select
    * exclude (is_of_household, community_code, households),
    is_of_household
        and row_number() over (
            partition by community_code, household_hash, is_of_household, date_trunc('month', visited_at)
            order by visited_at, visit_id
        ) = 1 as is_first_in_month,
    is_of_household
        and row_number() over (
            partition by community_code, household_hash, is_of_household order by visited_at, visit_id
        ) = 1 as is_first_ever,
    if(is_of_household, households, null)::integer as register_households,
    is_of_household and households is not null and row_number() over (
        partition by community_code, is_of_household order by visited_at, visit_id
    ) = 1 as is_register_start,
    if(
        is_of_household,
        date_trunc('month', min(visited_at) over (partition by community_code, is_of_household))::timestamp,
        null
    ) as register_from
from placed;

-- An account takes part from its first earning on, and has redeemed from its first redeeming on. The accounts of
-- households (no kind means a household) tell that their community keeps such a ledger, as visits do.
create or replace table points as
with placed as (
    select
        t.*,
        coalesce(account_kind, '居民户') = '居民户' as is_of_household,
        h.community_code,
        h.households
    from points as t
    left join places as p on p.place_code = t.region_code
    left join community_households as h on h.community_code = p.community_code
)

select
    * exclude (is_of_household, community_code, households),
    delta > 0 and row_number() over (
        partition by community_code, account_hash, delta > 0 order by happened_at, txn_id
    ) = 1 as is_first_earning,
    delta < 0 and row_number() over (
        partition by community_code, account_hash, delta > 0 order by happened_at, txn_id
    ) = 1 as is_first_redeeming,
    if(is_of_household, households, null)::integer as register_households,
    is_of_household and households is not null and row_number() over (
        partition by community_code, is_of_household order by happened_at, txn_id
    ) = 1 as is_register_start
from placed;

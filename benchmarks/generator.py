"""A made-up county of any number of cases, published like any other: the same rows for the same number, every time."""

from datetime import datetime

import duckdb

from governance import snapshots

AS_OF = datetime(2026, 7, 1)
TOWNS, COMMUNITIES, GRIDS = 10, 100, 900

PLACES = f"""
create or replace macro pick(i, salt) as (hash(i * 1000003 + salt) % 1000000) / 1000000.0;

insert into regions by name
select '900000000000' as region_code, 'county' as level, '基准县' as name, 400000 as population
union all by name
select '9000' || lpad(t::varchar, 2, '0') || '000000' as region_code, 'town' as level,
    '街道' || lpad(t::varchar, 2, '0') as name, '900000000000' as parent_code, 40000 as population
from range(1, {TOWNS + 1}) as r(t)
union all by name
select '9000' || lpad((c % {TOWNS} + 1)::varchar, 2, '0') || '000' || lpad(c::varchar, 3, '0') as region_code,
    'community' as level, '社区' || lpad(c::varchar, 3, '0') as name,
    '9000' || lpad((c % {TOWNS} + 1)::varchar, 2, '0') || '000000' as parent_code, 4000 as population
from range(1, {COMMUNITIES} + 1) as r(c);

insert into grids by name
select p.region_code || lpad((g // {COMMUNITIES} + 1)::varchar, 3, '0') as grid_id, 1 as level,
    p.name || '第' || (g // {COMMUNITIES} + 1) || '网格' as name, p.region_code, 150 as households, 444 as residents
from range({GRIDS}) as r(g)
inner join regions as p on p.level = 'community' and right(p.region_code, 3)::int = g % {COMMUNITIES} + 1;

insert into staff by name
select 'S' || grid_id as staff_id, grid_id, 'full_time' as role, 1.0 as fte from grids
union all
select 'P' || grid_id, grid_id, 'part_time', 0.5 from grids where pick(hash(grid_id) % 100000, 1) < 0.4;

insert into units by name select 'U' || u as unit_id, '部门' || u as name from range(20) as r(u);
"""

# Reported over 24 months, more in working hours; most are closed within days, some late, some open, some reopened.
CASES = """
insert into cases by name
with drawn as (
    select
        i,
        timestamp '2024-07-01' + interval 1 day * floor(729 * pick(i, 1))::int
            + interval 1 second * (28800 + 36000 * pick(i, 2))::int as reported_at,
        exp(3.2 + 1.1 * (pick(i, 3) + pick(i, 4) + pick(i, 5) - 1.5) * 2) as hours,
        (900 * pow(pick(i, 6), 1.6))::int % 900 as g
    from range($count) as r(i)
),
timed as (
    select
        *,
        reported_at + interval 1 minute * (5 + 60 * hours * 0.1)::int as response_at,
        reported_at + interval 1 minute * (60 * hours)::int as done_at,
        reported_at + interval 120 hour as deadline
    from drawn
),
located as (
    select
        t.*,
        n.grid_id,
        n.region_code
    from timed as t
    inner join (select *, row_number() over (order by grid_id) - 1 as g from grids) as n using (g)
)
select
    'bench' as source,
    'B' || i as case_id,
    case when pick(i, 7) < 0.4 then 'proactive' else 'appeal' end as origin,
    (['01', '02', '03', '03', '04', '05', '05', '06', '07', '99'])[(pick(i, 8) * 10)::int % 10 + 1] as category,
    (['02', '04', '08', '09', '09', '10', '10', '12', '13', '99'])[(pick(i, 9) * 10)::int % 10 + 1] as channel,
    (['urgent', 'small', 'small', 'normal', 'hard'])[(pick(i, 10) * 5)::int % 5 + 1] as urgency,
    region_code,
    case when pick(i, 11) < 0.97 then grid_id end as grid_id,
    'L' || (pick(i, 12) * $count / 3)::int as place_id,
    'U' || (pick(i, 13) * 20)::int % 20 as unit_id,
    '第' || i || '号事项' as title,
    reported_at,
    case when response_at < $as_of then response_at end as first_response_at,
    case when done_at < $as_of and pick(i, 14) < 0.98 then done_at end as first_closed_at,
    case when done_at < $as_of and pick(i, 14) < 0.98 then done_at end as closed_at,
    reported_at + interval 24 hour as response_due_at,
    deadline as original_due_at,
    deadline as due_at,
    case when pick(i, 15) < 0.03 then 1 else 0 end as reopen_count,
    (pick(i, 16) * 5)::int % 5 + 1 as solved_level,
    case when closed_at is null then 'processing' else 'closed' end as status,
    case
        when closed_at is not null
            then (['solved', 'solved', 'solved', 'partly', 'unsolved'])[(pick(i, 17) * 5)::int % 5 + 1]
    end as outcome,
    case when closed_at is not null and pick(i, 18) < 0.35 then 5 - (4 * pow(pick(i, 19), 2.5))::int end as rating
from located
"""


def publish(count: int) -> snapshots.Snapshot:
    """Publish a county with that many cases into the data folder."""
    with duckdb.connect() as con:
        snapshots.create_tables(con)
        con.execute(PLACES)
        con.execute(CASES, {"count": count, "as_of": AS_OF})
        return snapshots.publish(con, AS_OF, sources=[{"title": f"{count:,} 件生成的案件"}], is_demo=True)

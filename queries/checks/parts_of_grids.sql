-- title: 各网格在办与未落格的在办之和等于在办量
-- scenes: map, workload
-- grain:
-- params:
-- column: whole                 在办量
-- column: parts                 各网格在办与未落格的在办之和

with

inside as (
    select
        place_code,
        open_count
    from grid_loads(as_of())
),

counted as (
    select
        (select count(*) from cases as c where is_open(c, as_of())) as whole,
        (select coalesce(sum(open_count), 0) from inside)::bigint + (
            select count(*)
            from cases as c
            where is_open(c, as_of()) and (c.grid_id is null or c.grid_id not in (select place_code from inside))
        ) as parts
)

select *
from counted
where whole <> parts

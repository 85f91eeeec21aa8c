-- Words of 矛盾纠纷, 安全隐患 and 同类比较 that several of their queries and definitions share.

-- Whether a dispute or a hazard is registered beyond being a case (化解结果, 整改 …): of one that is not, nothing can be said.
create or replace macro has_dispute(c) as (
    c.track = 'dispute' and (
        c.success is not null
        or c.dispute_type is not null
        or c.mediation_level is not null
        or c.method is not null
        or c.agreement is not null
    )
);

create or replace macro has_hazard(c) as (
    c.track = 'hazard' and (
        c.hazard_type is not null
        or c.severity is not null
        or c.rectified_at is not null
        or c.rechecked_at is not null
    )
);

-- 受理之时: where the export has no time of acceptance, the time of the report.
create or replace macro began_at(c) as (coalesce(c.accepted_at, c.reported_at));

-- 第七日: natural days. Accepted on day 0, settled by the end of day 7: at 23:59:59 it still is.
create or replace macro seventh_day(c) as (date_trunc('day', began_at(c)) + interval 7 day);

-- 是否化解: settled, and when; what failed or went to court never is.
create or replace macro is_settled(c) as (coalesce(c.success = 'yes', false) and c.closed_at is not null);

-- When a hazard is judged, once: rectified in time when it was rectified, otherwise when its deadline came.
create or replace macro rectification_judged_at(c) as (least(c.rectified_at, c.judged_due_at));

-- The class of a number in a grouping of groups.toml; null without a number.
create or replace macro peer_class(grouping, number) as (
    list_filter(
        (select list(struct_pack(label, at_least, below) order by ordinal) from peer_classes where kind = grouping),
        lambda x: coalesce(number >= x.at_least, number is not null) and coalesce(number < x.below, number is not null)
    )[1].label
);

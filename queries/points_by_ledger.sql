-- title: 各积分台账
-- grain: region_code, account_kind
-- params: start, stop, region
-- column: region_code           区划代码
-- column: place                 地点
-- column: account_kind          账户类型
-- column: account_count         参与账户
-- column: redeeming_count       兑换过的账户
-- column: participating_household_rate
-- column: earned                期内发放
-- column: redeemed              期内兑换
-- column: redemption_rate
-- column: points_balance
-- note: 账户数到期末为止，一个账户只算一次，太小时不显示；不列账户。参与户占比只算居民户台账。

select
    c.region_code,
    any_value(p.name) as place,
    coalesce(c.account_kind, '居民户') as account_kind,
    shown_people(count(*) filter (participating_accounts_base(c, $start::timestamp, $stop::timestamp))) as account_count,
    shown_people(count(*) filter (c.is_first_redeeming and c.happened_at < moment($stop))) as redeeming_count,
    any_value(c.participating_households) as participating_household_rate,
    coalesce(points_earned(c, $start::timestamp, $stop::timestamp), 0) as earned,
    coalesce(points_redeemed(c, $start::timestamp, $stop::timestamp), 0) as redeemed,
    redemption_rate(c, $start::timestamp, $stop::timestamp) as redemption_rate,
    points_balance(c, $start::timestamp, $stop::timestamp) as points_balance
from (
    select
        t.*,
        h.participating_households
    from located_points as t
    left join (
        select
            c.region_code,
            participating_household_rate(c, $start::timestamp, $stop::timestamp) as participating_households
        from (
            select
                t.*,
                t.register_households as households
            from located_points as t
            where t.register_households is not null
        ) as c
        group by c.region_code
    ) as h on h.region_code = t.region_code and t.register_households is not null
    where within(t, $region)
) as c
left join places as p on p.place_code = c.region_code
group by c.region_code, coalesce(c.account_kind, '居民户')
order by points_balance desc nulls last, c.region_code, account_kind

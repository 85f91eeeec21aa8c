-- 打分卡: what a round of cards says of each item at each estate. The limits are those of rules.toml.

-- The factor of a two-sided 95 % interval for `freedom` degrees of freedom (Student's t, by the expansion of Cornish and
-- Fisher around the normal; right to 0.002 from 8 degrees on).
create or replace macro t_95(freedom) as (
    1.959964
    + 2.372271 / freedom
    + 2.822502 / freedom ** 2
    + 2.555850 / freedom ** 3
);

-- The mean of all cards of an item in the same round of the same county draws a small number of cards towards itself:
-- (n·x̄ + m·μ) / (n + m). Rounds follow each other by their first card, at each estate and item by itself.
create or replace macro score_cells(stop, region) as table (
    with

    counted as (
        select
            round_id,
            estate_id,
            item,
            count(*) as n,
            avg(score) as mean,
            var_samp(score) as variance,
            count(*) filter (score < rule_failing_score()) / count(*) as failing_share,
            min(submitted_on) as first_on,
            max(submitted_on) as last_on
        from score_cards
        where submitted_on < stop and submitted_on < as_of()
        group by round_id, estate_id, item
    ),

    placed as (
        select
            s.*,
            coalesce(e.name, s.estate_id) as estate,
            e.county_code,
            e.town_code,
            e.community_code,
            e.grid_1,
            e.grid_2,
            e.grid_3,
            sum(s.n * s.mean) over peers / sum(s.n) over peers as item_mean
        from counted as s
        left join located_estates as e on e.estate_id = s.estate_id
        window peers as (partition by e.county_code, s.round_id, s.item)
    ),

    shrunk as (
        select
            *,
            (n * mean + rule_prior_cards() * item_mean) / (n + rule_prior_cards()) as shrunk_mean
        from placed
    ),

    judged as (
        select
            *,
            case
                when n < rule_fewest_cards() then 'few'
                when shrunk_mean < rule_failing_score() or failing_share > rule_failing_share() then 'failing'
                when shrunk_mean < rule_low_score() then 'low'
                else 'good'
            end as verdict
        from shrunk
    ),

    followed as (
        select
            *,
            lead(round_id) over later as next_round,
            lead(n) over later as next_n,
            lead(mean) over later as next_mean,
            lead(variance) over later as next_variance
        from judged
        window later as (partition by estate_id, item order by first_on, round_id)
    ),

    compared as (
        select
            *,
            next_mean - mean as change,
            -- Welch: two rounds of different cards, each with its own spread.
            variance / n + next_variance / next_n as spread,
            n >= rule_fewest_to_compare() and next_n >= rule_fewest_to_compare() as is_comparable
        from followed
    ),

    bounded as (
        select
            *,
            case
                when is_comparable and spread > 0 then sqrt(spread) * t_95(
                    spread ** 2 / ((variance / n) ** 2 / (n - 1) + (next_variance / next_n) ** 2 / (next_n - 1))
                )
                when is_comparable and spread = 0 then 0
            end as half
        from compared
    )

    select
        * exclude (half, spread, is_comparable),
        change - half as change_low,
        change + half as change_high,
        case
            when next_round is null then 'none'
            when half is null then 'few'
            when change - half > 0 then 'better'
            when change + half < 0 then 'worse'
            else 'unclear'
        end as outcome
    from bounded
    where within(bounded, region)
);

-- The round asked for; without one, the latest of those that have begun.
create or replace macro chosen_round(stop, region, asked) as (
    coalesce(
        nullif(asked, ''),
        (select arg_max(round_id, (first_on, round_id)) from score_cells(stop, region))
    )
);

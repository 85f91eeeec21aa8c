-- What became of every case between two snapshots: `earlier_cases` is the older one, `cases` the newer. Empty without
-- an earlier snapshot.

-- One row per case and kind of change; a case may have changed in several ways.
create macro case_changes() as table (
    with paired as (
        select
            coalesce(n.source, e.source) as source,
            coalesce(n.case_id, e.case_id) as case_id,
            n.case_id is not null as is_now,
            e.case_id is not null as was_before,
            e as old,
            n as new
        from cases as n
        full join earlier_cases as e on e.source = n.source and e.case_id = n.case_id
        where earlier_as_of() is not null
    )

    select
        source,
        case_id,
        is_now,
        old,
        new,
        unnest(list_filter([
            if(not was_before and new.reported_at >= earlier_as_of(), 'new', null),
            if(not was_before and new.reported_at < earlier_as_of(), 'late', null),
            if(not is_now, 'removed', null),
            if(was_before and is_now and old.is_valid and not new.is_valid, 'voided', null),
            if(was_before and is_now and not old.is_valid and new.is_valid, 'restored', null),
            if(
                was_before and is_now and old.closed_at is null and new.closed_at is not null
                and new.closed_at >= earlier_as_of(),
                'closed', null
            ),
            if(
                was_before and is_now and old.closed_at is null and new.closed_at is not null
                and new.closed_at < earlier_as_of(),
                'closed_late', null
            ),
            if(
                was_before and is_now and (
                    (old.closed_at is not null and new.closed_at is null)
                    or coalesce(new.reopen_count, 0) > coalesce(old.reopen_count, 0)
                ),
                'reopened', null
            ),
            if(
                was_before and is_now and (
                    old.category is distinct from new.category
                    or old.subcategory is distinct from new.subcategory
                    or old.kind is distinct from new.kind
                    or old.origin is distinct from new.origin
                    or old.urgency is distinct from new.urgency
                ),
                'reclassified', null
            ),
            if(was_before and is_now and old.place_code is distinct from new.place_code, 'moved', null),
            if(was_before and is_now and old.unit_id is distinct from new.unit_id, 'handed_over', null),
            if(was_before and is_now and old.due_at is distinct from new.due_at, 'due_changed', null),
            if(
                was_before and is_now and (
                    old.reported_at <> new.reported_at
                    or (old.closed_at is not null and new.closed_at is not null and old.closed_at <> new.closed_at)
                ),
                'time_changed', null
            ),
            if(was_before and is_now and old.rating is distinct from new.rating, 'rated', null)
        ], lambda x: x is not null)) as change
    from paired
);

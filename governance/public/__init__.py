"""The public bundle: aggregates without small numbers, for a wall that everybody sees. Reading it needs nothing else.

`building` makes it from a snapshot, `rounding` makes it safe (and says why), `writing` puts it in use in one step,
`reading` opens it without the store, the queries or the snapshots.
"""

"""快照: every version of the data, whether it is whole, and the way back to an earlier one."""

from governance import components, navigation

navigation.enter("snapshots")
components.snapshot_list()
components.snapshot_check()
components.snapshot_rollback()

"""The bundle follows the snapshot in use: whoever publishes, rolls back or restores one says so here."""

import logging

from governance.public import reading, writing
from governance.public import settings as choices
from governance.snapshots import Snapshot

LOG = logging.getLogger("governance.public")


def follow(snapshot: Snapshot) -> None:
    """Let the public bundle follow, where there is one. A failure is told and leaves the old one in place."""
    if not (choices.data_dir() / "public").is_dir():
        return
    try:
        settings = choices.read()
        for problem in settings.problems:
            LOG.warning(problem)
        for manifest in reading.manifests():
            same = manifest["snapshot"] == snapshot.id and manifest["asked"] == settings.asked
            if same and writing.is_whole(manifest["id"]):
                with writing.lock():
                    writing.point_at(manifest["id"])
                return
        from governance.public import building  # heavy, and most imports have no wall to build for

        building.build(snapshot, settings)
    except Exception as error:  # the snapshot is in use already; only the wall stays as it was
        reason = error if type(error).__module__.startswith("governance.") else f"{type(error).__name__}: {error}"
        LOG.warning("公开数据包没有更新，大屏继续显示原来的数据：%s", str(reason).splitlines()[0])

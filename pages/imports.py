"""导入数据: from export files to a published snapshot, in four steps; one step is on the screen at a time."""

from governance import navigation
from governance.components import importing as step

navigation.enter("imports")
batch = step.current()
step.header(batch)

if batch is None:
    step.choose_files()
    step.choose_database()
elif step.is_working(batch):
    step.watch(batch)
elif step.is_published(batch):
    step.report(batch)
elif batch.is_database and not batch.is_confirmed:
    step.reach_database(batch)
elif batch.mapping is None:
    step.choose_mapping(batch)
elif not batch.is_confirmed:
    step.correct_draft(batch)
else:
    step.try_out(batch)

"""The steps of 导入数据, one module each; which one is on the screen follows from what lies in the import's folder."""

from governance.components.importing.database import reach_database
from governance.components.importing.drafted import correct_draft
from governance.components.importing.files import choose_database, choose_files
from governance.components.importing.frame import current, header, is_published, is_working
from governance.components.importing.mappings import choose_mapping
from governance.components.importing.outcome import report, try_out
from governance.components.importing.progress import watch

__all__ = [
    "choose_database",
    "choose_files",
    "choose_mapping",
    "correct_draft",
    "current",
    "header",
    "is_published",
    "is_working",
    "reach_database",
    "report",
    "try_out",
    "watch",
]

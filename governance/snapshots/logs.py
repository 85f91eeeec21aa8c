"""What a snapshot keeps of its imports beside the data: which rows were sent back, and what became of all of them.

`rejects` holds each rejected row; `intake` counts the rows of every file by month and outcome, so that rows read =
accepted + rejected + left out + repeated can be checked for every file.
"""

OUTCOMES = {
    "accepted": "进入统计",
    "rejected": "退回",
    "excluded": "按规则排除",
    "not_for": "不属于本表",
    "duplicate": "内容相同的重复行",
    "superseded": "被后来的行取代",
    "merged": "并入同一代码的图形",
}
"""What can become of a row that was read: exactly one of these."""
CORRECTED = "corrected"  # accepted rows, counted once more for each thing that was changed in them

LOGS: dict[str, dict[str, str]] = {
    "rejects": {
        "source": "VARCHAR",
        "table_name": "VARCHAR",
        "file": "VARCHAR",
        "sheet": "VARCHAR",
        "row_number": "INTEGER",
        "column_name": "VARCHAR",
        "value": "VARCHAR",
        "reason": "VARCHAR",
        "row_key": "VARCHAR",  # digest of its key, to know it when it comes again; null where a part is missing
        "month": "DATE",  # as in `intake`, where the row is counted
    },
    "intake": {
        "source": "VARCHAR",
        "table_name": "VARCHAR",
        "file": "VARCHAR",
        "sheet": "VARCHAR",
        "month": "DATE",  # of the time the row is about; null where there is none that can be read
        "outcome": "VARCHAR",
        "reason": "VARCHAR",
        "row_count": "BIGINT",
    },
}
"""Table → column → type, as they lie in a snapshot."""


FILES = {
    "files_read": {
        "source": "VARCHAR",
        "table_name": "VARCHAR",
        "file": "VARCHAR",
        "sheet": "VARCHAR",
        "row_count": "BIGINT",
    }
}
"""What the manifest says of the files, as a store lays it beside the logs."""


def layout(log: str, logs: dict[str, dict[str, str]] = LOGS) -> str:
    """The columns of a log for `create table`."""
    return ", ".join(f"{column} {kind}" for column, kind in logs[log].items())

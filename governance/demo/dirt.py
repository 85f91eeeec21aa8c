"""A few dirty rows per platform, as real exports have them; none touches a published figure."""

from __future__ import annotations

import numpy as np

from governance.demo.files import Rows, mapping

MARKS = ("，联系电话13812345678", "，身份证140107198001010011", "，车牌晋J·A6688", "，请回电 0351-5551234")


def soiled(name: str, rows: Rows, codes: np.ndarray) -> Rows:
    """The rows with phones and numbers in some titles, and copies that must be rejected or left out.

    The copies are taken from services (categories 03 and above), so that no copy can enter disputes or hazards.
    """
    rules = mapping(name)["tables"]["cases"]
    heading = {column: rule if isinstance(rule, str) else rule.get("from") for column, rule in rules["columns"].items()}
    rows = {key: column.copy() for key, column in rows.items()}
    titles = rows[heading["title"]]
    for number, place in enumerate(np.flatnonzero(codes >= "03")[3::211][:40]):
        titles[place] = titles[place] + MARKS[number % len(MARKS)]
    (void, words), *_ = rules["exclude"].items()
    edits: list[dict[str, object]] = [{void: words[0]}] * 6
    edits += [{heading["case_id"]: None}] * 2
    edits += [{heading["reported_at"]: text} for text in ("2025-13-45 25:61", "昨天下午", "0000-00-00")]
    edits += [{heading["reported_at"]: None}, {heading["reopen_count"]: "-1"}, {heading["region_code"]: "140000999999"}]
    sources = np.flatnonzero(codes >= "04")
    sources = sources[:: max(1, len(sources) // len(edits))]
    for number, (place, edit) in enumerate(zip(sources, edits, strict=False)):
        changed = {heading["case_id"]: f"DIRTY{number:03d}"} | edit
        if heading["region_code"] in edit:  # a code that no register knows: the case stays, visible under that code
            changed |= {heading["grid_id"]: None, heading.get("estate_id"): None}
        for key, column in rows.items():
            rows[key] = np.append(
                column.astype(object) if column.dtype.kind == "M" else column, [changed.get(key, column[place])]
            )
    return rows

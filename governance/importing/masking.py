"""Phones, ID numbers and plates in free text, replaced for good while importing."""

from __future__ import annotations

D = "[0-9０-９]"
GAP = "[ 　–—-]?"
BEFORE = "(^|[^0-9０-９])"
AFTER = "($|[^0-9０-９])"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
BIRTHDAY = f"(?:18|19|20){D}{{2}}{GAP}{D}{{2}}{GAP}{D}{{2}}"
LAST = "[0-9０-９XxＸ]"
ID_NUMBER = f"(?:{D}{{14,18}}{LAST}|{D}{{6}}{GAP}{BIRTHDAY}{GAP}{D}{{3}}{LAST})"
MOBILE = f"(?:[(（]?[+＋]?(?:00)?86[)）]?{GAP})?[1１][3-9３-９]{D}{GAP}{D}{{4}}{GAP}{D}{{4}}"
LANDLINE = f"[(（]?[0０]{D}{{2,3}}[)）]?{GAP}{D}{{7,8}}"
PLATE = f"[{PROVINCES}][A-HJ-Za-hj-z][·•.  -]?[A-HJ-NP-Za-hj-np-z0-9]{{4,5}}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
MASKS = ((ID_NUMBER, "[证件号]"), (MOBILE, "[电话]"), (LANDLINE, "[电话]"))


def masked(text: str) -> str:
    """Return the SQL that masks an SQL expression; only two digits in a row or a plate's beginning call for it."""
    cleaned = text
    for pattern, word in MASKS:
        for _ in range(2):  # twice: two neighbours share the sign between them, which the first pass consumes
            cleaned = f"regexp_replace({cleaned}, '{BEFORE}{pattern}{AFTER}', '\\1{word}\\2', 'g')"
    cleaned = f"regexp_replace({cleaned}, '{PLATE}($|[^A-Za-z0-9])', '[车牌]\\1', 'g')"
    return f"case when regexp_matches({text}, '{D}{{2}}|[{PROVINCES}][A-Za-z]') then {cleaned} else {text} end"

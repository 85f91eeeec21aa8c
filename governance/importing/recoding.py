"""SQL expressions that turn the text of one cell into one canonical value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from governance.importing.catalogue import Column
from governance.importing.columns import COUNTED, ERA, ERA_BEGINS, ColumnRule
from governance.importing.masking import masked
from governance.importing.options import FileOptions
from governance.importing.rows import NATIVE, SPACE

TRUE_WORDS = ("true", "是", "1", "yes", "y")
FALSE_WORDS = ("false", "否", "0", "no", "n")
WHOLE = r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0*)?"
GUARDED = r"(?s)^(?:=\"([^\"]*)\"|''([0-9]+))$"
NUMBER = r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d+)?"
ISO_DATE = r"\d{4}-\d{2}-\d{2}"
ISO_TIME = ISO_DATE + r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
ISO_OFFSET = ISO_TIME + r" ?(Z|[+-]\d{2}(:?\d{2})?)"
SERIAL = r"[2-7]\d{4}(\.\d+)?"  # how Excel counts the days from 1954 to 2119
SHORTENED = r"\d(\.\d+)?[eE]\+\d{2}"  # a long number as spreadsheets show it in a narrow column
DAYS = r"\d{4,5}(\.\d+)?"
EPOCHS = {"unix": r"\d{9,10}(\.\d+)?", "unix_ms": r"\d{12,13}(\.\d+)?"}
YEARS = (1970, 2200)
FAULTS = {
    "INTEGER": "不是整数",
    "DOUBLE": "不是数字",
    "BOOLEAN": "不是“是/否”",
    "DATE": "不是可识别的日期",
    "TIMESTAMP": "不是可识别的时间",
}


def odd_year(column: str) -> str:
    """The SQL condition of a time no register means; an end (`*_to`) may lie at 9999, which says "no end"."""
    latest = 9999 if column.endswith("_to") else YEARS[1]
    return f"year({name(column)}) not between {YEARS[0]} and {latest}"


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """Quote an identifier for SQL."""
    return '"' + text.replace('"', '""') + '"'


def words(texts: Iterable[str]) -> str:
    """Quote texts for an IN list, which may not be empty."""
    return ", ".join(literal(text) for text in texts) or "''"


def cleaned(cell: str, options: FileOptions) -> str:
    """Take off what guards a text (="0123", '0123) and make words that mean nothing null; readers have trimmed it."""
    plain = f"regexp_replace({cell}, '{GUARDED}', '\\1\\2')"
    text = f"case when left({cell}, 1) in ('=', chr(39)) then {plain} else {cell} end"
    if options.null_words == ("",):
        return f"nullif({text}, '')"
    return f"case when {text} not in ({words(options.null_words)}) then {text} end"


def joined(cells: list[str]) -> str:
    """Put cells that belong together side by side: a day and its time of day, or whichever of them has a value."""
    if len(cells) == 1:
        return cells[0]
    day = f"regexp_replace({cells[0]}, '^({NATIVE}.*) 00:00:00$', '\\1')"
    hours = [f"regexp_replace({one}, '^{NATIVE}(1899-12-3[01]|1904-01-01) ', '')" for one in cells[1:]]
    both = f"nullif(concat_ws(' ', {', '.join([day, *hours])}), '')"
    return f"case when {' and '.join(f'{one} is null' for one in cells[1:])} then {cells[0]} else {both} end"


def extracted(cell: str, column: Column, rule: ColumnRule) -> str:
    """Return the text a column works on: without the mark of native times unless it is a time, after `extract`."""
    text = cell if column.is_time else f"ltrim({cell}, {literal(NATIVE)})"
    if any(one in EPOCHS for one in rule.formats):
        text = f"case when not regexp_full_match({text}, '0+') then {text} end"  # 0 stands for no time
    if rule.extract:
        return f"nullif(trim(regexp_extract({text}, {literal(rule.extract)}, 1), {literal(SPACE)}), '')"
    return text


def known_words(column: Column, rule: ColumnRule) -> dict[str, str] | None:
    """Return every word a recoded column understands with its meaning; None where any text will do."""
    if rule.values is None and not column.codes:
        return None
    known = {target: target for target in (rule.values or {}).values() if target}
    known |= {label: code for code, label in column.codes.items()} | {code: code for code in column.codes}
    known |= column.words | {value: value for value in column.words.values()}
    return known | (rule.values or {})


def recoded(text: str, column: Column, rule: ColumnRule) -> str:
    """Translate words; a missing cell takes the default."""
    if rule.value is not None:
        return literal(rule.value)
    known, result = known_words(column, rule), text
    if known is not None:
        cases = " ".join(f"when {literal(word)} then {literal(to)}" for word, to in known.items() if to)
        nothing = words(word for word, to in known.items() if not to)
        result = f"case {text} {cases} end" if cases else "cast(null as varchar)"
        if rule.otherwise is not None:
            empty = f"{text} is null or {text} in ({nothing})"
            result = f"case when {empty} then null else coalesce({result}, {literal(rule.otherwise)}) end"
    elif column.words:
        cases = " ".join(f"when {literal(word)} then {literal(to)}" for word, to in column.words.items())
        result = f"case {text} {cases} else {text} end"
    if rule.default is not None:
        result = f"case when {text} is null then {literal(rule.default)} else {result} end"
    return result


def typed(text: str, column: Column, rule: ColumnRule, options: FileOptions, key: bytes) -> str:
    """Convert a text to the column's type; what cannot be converted becomes null."""
    if column.type == "VARCHAR":
        if rule.hash:
            return hashed(text, key)
        return masked(text) if column.is_free_text else text
    if column.type == "INTEGER":
        plain = f"replace({text}, ',', '')"
        return f"case when regexp_full_match({text}, '{WHOLE}') then try_cast({plain} as integer) end"
    if column.type == "DOUBLE":
        number = f"try_cast(replace({text}, ',', '') as double)"
        return f"case when regexp_full_match({text}, '{NUMBER}') and isfinite({number}) then {number} end"
    if column.type == "BOOLEAN":
        return (
            f"case when lower({text}) in ({words(TRUE_WORDS)}) then true "
            f"when lower({text}) in ({words(FALSE_WORDS)}) then false end"
        )
    moment = _moment(text, rule, options)
    if rule.plus_hours:
        moment = f"({moment} + to_seconds({rule.plus_hours * 3600:.0f}))"
    return f"cast({moment} as {column.type.lower()})"


def _moment(text: str, rule: ColumnRule, options: FileOptions) -> str:
    """Parse a time: native cells, then the declared formats, or ISO 8601 where none is declared; nothing is guessed."""
    local = literal(options.local_zone)
    same = options.time_zone == options.local_zone

    def wall(moment: str, has_hours: bool) -> str:
        if same or not has_hours:
            return moment
        return f"(({moment} at time zone {literal(options.time_zone)}) at time zone {local})"

    native = f"substr({text}, 2)"
    branches = [
        f"when regexp_full_match({text}, '{NATIVE}{ISO_OFFSET}') "
        f"then try_cast({native} as timestamptz) at time zone {local}",
        f"when starts_with({text}, {literal(NATIVE)}) then case when contains({text}, ':') "
        f"then {wall(f'try_cast({native} as timestamp)', True)} else try_cast({native} as timestamp) end",
    ]
    if rule.formats:
        attempts = []
        for one in rule.formats:
            if one in COUNTED:
                attempts.append(_counted(text, one, local, wall))
                continue
            parsed = written(text, one)
            if "%z" in one or "%Z" in one:
                attempts.append(f"({parsed} at time zone {local})")
            else:
                attempts.append(wall(parsed, any(sign in one for sign in ("%H", "%I", "%-H", "%-I", "%X", "%c"))))
        branches.append(f"else coalesce({', '.join(attempts)})")
    else:
        branches += [
            f"when regexp_full_match({text}, '{ISO_DATE}') then try_cast({text} as timestamp)",
            f"when regexp_full_match({text}, '{ISO_TIME}') then {wall(f'try_cast({text} as timestamp)', True)}",
            f"when regexp_full_match({text}, '{ISO_OFFSET}') then try_cast({text} as timestamptz) at time zone {local}",
        ]
    return f"case {' '.join(branches)} end"


def written(text: str, form: str) -> str:
    """The SQL of a time written by one strptime format, in which %Ey is a year of the Republic (民國): 115 is 2026."""
    spoken = f"replace(replace({text}, '上午', 'AM'), '下午', 'PM')" if "%p" in form else text
    if ERA not in form:
        return f"try_strptime({spoken}, {literal(form)})"
    before, _, after = form.partition(ERA)
    year, rest = ("[0-9]{2,3}", "[0-9]{4}") if after.startswith("%") else ("[0-9]{1,3}", "[^0-9]")
    pattern = literal(f"^{re.escape(before)}({year})({rest}.*)$")
    common = f"(try_cast(regexp_extract({spoken}, {pattern}, 1) as integer) + {ERA_BEGINS})"
    return f"try_strptime({common} || regexp_extract({spoken}, {pattern}, 2), {literal(f'%Y{after}')})"


def _counted(text: str, form: str, local: str, wall: Callable[[str, bool], str]) -> str:
    """A time counted from an epoch: seconds or milliseconds since 1970 (UTC), days as Excel counts them (wall time)."""
    number = f"cast({text} as double)"
    if form == "excel":
        moment = f"timestamp '1899-12-30' + to_milliseconds(cast(round({number} * 86400) * 1000 as bigint))"
        return f"case when regexp_full_match({text}, '{DAYS}') then {wall(moment, True)} end"
    seconds = number if form == "unix" else f"{number} / 1000"
    return (
        f"case when regexp_full_match({text}, '{EPOCHS[form]}') then to_timestamp({seconds}) at time zone {local} end"
    )


def hashed(text: str, key: bytes) -> str:
    """HMAC-SHA256 of a text, first 16 hex digits, in plain SQL."""
    block = key.ljust(64, b"\0")
    inner = bytes(byte ^ 0x36 for byte in block).hex()
    outer = bytes(byte ^ 0x5C for byte in block).hex()
    digest = f"sha256(unhex('{inner}') || encode({text}))"
    return f"case when {text} is not null then substr(sha256(unhex('{outer}') || unhex({digest})), 1, 16) end"

"""Values of definitions and filters as SQL literals. What a person sends is bound as a parameter, never written in."""

from datetime import date, datetime


def literal(value: object) -> str:
    """A value as SQL: text quoted, a list of texts, a date or time with its type, nothing as null."""
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]::varchar[]"
    if isinstance(value, datetime):
        return f"timestamp '{value}'"
    if isinstance(value, date):
        return f"date '{value}'"
    return "'" + str(value).replace("'", "''") + "'"

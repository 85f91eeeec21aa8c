"""How outlines and data fit together: outlines that no place uses, places with one and not the other."""

from dataclasses import dataclass

import duckdb

from governance.boundaries.places import has_columns

HINTED = 8  # orphans for which a like code is looked for


@dataclass(frozen=True)
class Coverage:
    """Names of places and codes, each list in the order of the codes."""

    given: int  # places with an outline of their own
    orphans: tuple[str, ...]  # codes of outlines that no register and no case knows, with the code that may be meant
    idle: tuple[str, ...]  # places with an outline, in which no case lies
    bare: tuple[str, ...]  # places with cases, drawn schematically for want of an outline
    schematic: int  # places drawn schematically, with and without cases


def coverage(con: duckdb.DuckDBPyConnection) -> Coverage:
    """Compare `boundaries` with `places` and `cases` as `complete` leaves them."""
    orphans = con.execute(
        "select place_code from boundaries anti join places using (place_code) order by place_code"
    ).fetchall()
    rows = con.execute(f"""
        select coalesce(full_name, place_code), is_schematic, place_code in ({_busy(con)})
        from places
        inner join boundaries using (place_code)
        order by place_code
    """).fetchall()
    return Coverage(
        given=sum(not schematic for _, schematic, _ in rows),
        orphans=tuple(code + (_hint(con, code) if number < HINTED else "") for number, (code,) in enumerate(orphans)),
        idle=tuple(name for name, schematic, is_busy in rows if not schematic and not is_busy),
        bare=tuple(name for name, schematic, is_busy in rows if schematic and is_busy),
        schematic=sum(schematic for _, schematic, _ in rows),
    )


def _busy(con: duckdb.DuckDBPyConnection) -> str:
    """The codes of places in which cases lie, at every level."""
    levels = ("county_code", "town_code", "community_code", "grid_1", "grid_2", "grid_3")
    known = [level for level in levels if has_columns(con, "cases", level)]
    return " union ".join(f"select {level} from cases where {level} is not null" for level in known) or "select null"


def _hint(con: duckdb.DuckDBPyConnection, code: str) -> str:
    """The one place whose code differs by zeros alone: lost in front by a spreadsheet, or left out at the end."""
    found = con.execute(
        "select place_code from places where length($code) >= 2 and regexp_full_match($code, '[0-9]+') and ("
        "ltrim(place_code, '0') = ltrim($code, '0') or rtrim(place_code, '0') = rtrim($code, '0')) limit 2",
        {"code": code},
    ).fetchall()
    return f"（是不是 {found[0][0]}）" if len(found) == 1 else ""

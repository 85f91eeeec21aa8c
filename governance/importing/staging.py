"""From the parquet of the readers to one staging table per canonical table, every row with its verdict."""

from __future__ import annotations

import duckdb

from governance.importing import coordinates
from governance.importing.adding import FLAGS, add_rows, layout
from governance.importing.columns import ColumnRule
from governance.importing.feed import Feed
from governance.importing.judging import judgement
from governance.importing.mapping import Mapping, TableRule
from governance.importing.masking import masked
from governance.importing.problems import ImportProblem, listing, shorten
from governance.importing.recoding import (
    cleaned,
    extracted,
    joined,
    known_words,
    literal,
    name,
    recoded,
    typed,
    words,
)
from governance.importing.rows import FOOTER, Heading, called
from governance.importing.unpivoting import by_place

CLEARED = "cleared"  # an empty cell of a wide row: it counts for nothing, but may take an older one away


def stage(con: duckdb.DuckDBPyConnection, mapping: Mapping, feed: Feed, key: bytes, number: int) -> str:
    """Create `stage_<number>_<table>`: canonical columns, and the verdict on each row in columns that begin with _."""
    staged = f"stage_{number}_{feed.table.name}"
    if not feed.files:
        con.execute(f"create temp table {staged} ({layout(feed)})")
        add_rows(con, mapping, feed, staged)
        return staged
    con.execute(f"create temp view cells as {_cells(feed)}")
    _refuse_unknown_words(con, mapping, feed)
    con.execute(f"create temp table {staged} as {_verdicts(mapping, feed, key)}")
    add_rows(con, mapping, feed, staged)
    con.execute("drop view cells")
    return staged


def _cells(feed: Feed) -> str:
    """Layers 1 and 2: headings of all files side by side, cleaned; then the text each column works on."""
    rule = feed.rule
    headings = list(rule.headings) + (["geometry"] if feed.table.name == "boundaries" else [])
    wide = rule.unpivot.headings if rule.unpivot else ()
    parts = []
    for number, file in feed.files:
        picked = "".join(f", {file.columns[one]} as {_cell(rule, one)}" for one in headings)
        parquet = literal(str(file.parquet))
        from_file = f"select {number} as _file, row_number as _row, problem as _problem{picked}"
        parts += [
            f"{from_file}, {file.columns[one]} as _c_wide, {place} as _wide from read_parquet({parquet})"
            for place, one in enumerate(wide)
        ] or [f"{from_file} from read_parquet({parquet})"]
    clean = f", {cleaned('_c_wide', rule.options)} as _c_wide, _wide" if wide else ""
    clean += "".join(f", {cleaned(_cell(rule, one), rule.options)} as {_cell(rule, one)}" for one in headings)
    texts = [
        f"{extracted(_source(rule, column, one), feed.table.columns[column], one)} as _r_{column}"
        for column, one in rule.columns.items()
        if one.heading
    ]
    if rule.unpivot:
        texts += [f"{by_place(values)} as _r_{column}" for column, values in rule.unpivot.constants.items()]
    if feed.table.name == "boundaries":
        texts.append(f"{_cell(rule, 'geometry')} as _r_geometry")
    if rule.closed:
        texts.append(f"{_plain(rule, rule.closed.status)} as _status")
    filled = "true" if feed.has_versions else "_c_wide is not null"
    picked_texts = "".join(f", {text}" for text in texts)
    return (
        f"with files as ({' union all '.join(parts)}), "
        f"clean as (select _file, _row, _problem{clean} from files) "
        f"select _file, _row, _problem, {_skip(feed)} as _skip{picked_texts} from clean"
        + (f" where case when _problem is not null then _wide = 0 else {filled} end" if wide else "")
    )


def _source(rule: TableRule, column: str, one: ColumnRule) -> str:
    """The cells a canonical column is made from."""
    if rule.unpivot and rule.unpivot.column == column:
        return "_c_wide"
    return joined([_cell(rule, heading) for heading in (one.heading, *one.also) if heading])


def _cell(rule: TableRule, heading: Heading) -> str:
    """Name the cells of a heading by its place: DuckDB would take A and a for one column."""
    return f"_c_{rule.headings.index(heading)}" if heading in rule.headings else f"_c_{heading}"


def _plain(rule: TableRule, heading: Heading) -> str:
    return f"ltrim({_cell(rule, heading)}, chr(31))"


def _skip(feed: Feed) -> str:
    """Rows that do not feed this table, and rows that the mapping leaves out."""
    rule = feed.rule
    branches = [f"when _problem = {literal(FOOTER)} then 'excluded'"] if rule.options.footer_words else []
    branches.append("when _problem is not null then null")
    if rule.unpivot and feed.has_versions:
        branches.append(f"when _c_wide is null then '{CLEARED}'")
    for verdict, rows in (("not_for", rule.require), ("excluded", rule.exclude)):
        for heading, values in rows.items():
            among = f"coalesce({_plain(rule, heading)}, '') in ({words(values)})"
            branches.append(f"when {'not ' if verdict == 'not_for' else ''}{among} then '{verdict}'")
    return f"cast(case {' '.join(branches)} end as varchar)"


def _refuse_unknown_words(con: duckdb.DuckDBPyConnection, mapping: Mapping, feed: Feed) -> None:
    """Stop at words that neither the value map nor the code list knows, and list them."""
    for column, rule in feed.rule.columns.items():
        known = known_words(feed.table.columns[column], rule)
        if known is None or rule.crosswalk or rule.value is not None or rule.otherwise is not None:
            continue
        text = f"_r_{column}"
        found = con.execute(
            f"select {masked(text)}, count(*), min(_row), arg_min(_file, _row) from cells "
            f"where _skip is null and {text} is not null and {text} not in ({words(known)}) "
            "group by 1 order by 2 desc, 1"
        ).fetchall()
        if found:
            file = next(one for number, one in feed.files if number == found[0][3])
            label = feed.table.columns[column].label
            seen = listing([f"{shorten(word, 20)}（{count} 行）" for word, count, *_ in found], 10)
            raise ImportProblem(
                f"文件 {file.path.name} 的{called(rule.heading or '')}列有未登记的取值：{seen}，"
                f"最早在第 {found[0][2]} 行；请在映射文件 {mapping.path.name} 的 [tables.{feed.table.name}.columns] "
                f"{column}（{label}）的 values 中登记，或写 otherwise。"
            )


def _verdicts(mapping: Mapping, feed: Feed, key: bytes) -> str:
    """Layers 3 to 6: recoded, typed, completed, judged."""
    table, rule = feed.table, feed.rule
    recode = "".join(
        f", {recoded(f'_r_{column}', table.columns[column], one)} as _m_{column}"
        for column, one in rule.columns.items()
    )
    values = []
    for column in table.columns.values():
        if column.name in rule.columns:
            text = typed(f"_m_{column.name}", column, rule.columns[column.name], rule.options, key)
        else:
            text = _unmapped(mapping, feed, column.name)
        values.append(f"{text} as {name(column.name)}")
    layers = [
        f"mapped as (select *{recode} from cells)",
        f"l0 as (select *, {', '.join(values)} from mapped)",
    ]
    for number, replaced in enumerate(_completions(feed)):
        added = "".join(f", {text} as {column}" for column, text in replaced.items() if column not in table.columns)
        changed = [f"{text} as {name(column)}" for column, text in replaced.items() if column in table.columns]
        star = f"* replace ({', '.join(changed)})" if changed else "*"
        layers.append(f"l{number + 1} as (select {star}{added} from l{number})")
    last = f"l{len(layers) - 2}"
    failing, reasons, columns, shown = judgement(feed)
    layers.append(f"judged as (select *, {failing} as _failing from {last})")
    canonical = ", ".join(name(column) for column in table.columns)
    flags = ", ".join(FLAGS)
    return (
        f"with {', '.join(layers)} select _file, _row, _skip, {flags}, {canonical}, {columns} as _column, "
        f"{reasons} as _reason, left({shown}, 80) as _value, {_corrections(feed)} as _corrected from judged"
    )


def _corrections(feed: Feed) -> str:
    """What was changed in a row, each as a sentence; after a colon the word it is about."""
    told = [
        "case when _zero then '坐标 0,0 按没有坐标处理' end",
        "case when _dropped then '状态未办结，办结时间不计' end",
    ]
    for column, rule in feed.rule.columns.items():
        known = known_words(feed.table.columns[column], rule)
        codes = feed.table.columns[column].codes
        if codes and known is not None and rule.otherwise is not None:
            where = literal(f"{feed.table.columns[column].label}未登记的词归入“{codes[rule.otherwise]}”：")
            word = f"replace(left({masked(f'ltrim(_r_{column}, chr(31))')}, 40), '：', ':')"
            told.append(f"case when _r_{column} not in ({words(known)}) then {where} || {word} end")
    return f"list_filter([{', '.join(told)}], lambda one: one is not null)"


def _unmapped(mapping: Mapping, feed: Feed, column: str) -> str:
    """What a column holds that the mapping does not name."""
    kind = feed.table.columns[column].type.lower()
    if column == "source":
        return literal(mapping.source)
    if column == "source_file":
        return "case _file " + " ".join(f"when {n} then {literal(f.path.name)}" for n, f in feed.files) + " end"
    if column == "source_sheet":
        whens = " ".join(f"when {n} then {literal(f.sheet) if f.sheet else 'null'}" for n, f in feed.files)
        return f"cast(case _file {whens} end as varchar)"
    if column == "source_row":
        return "cast(_row as integer)"
    if (feed.table.name, column) == ("boundaries", "geometry"):
        return "_r_geometry"
    return f"cast({feed.table.columns[column].default or 'null'} as {kind})"


def _completions(feed: Feed) -> list[dict[str, str]]:
    """Columns that follow from others, layer by layer; and the flags that the report counts."""
    mapped = feed.rule.columns
    flags = dict.fromkeys(FLAGS, "false")
    layers: list[dict[str, str]] = []
    if feed.has_position:
        flags["_zero"] = "coalesce(lon = 0 and lat = 0, false)"
    closed = feed.rule.closed
    if closed:
        is_closed = f"_status in ({words(closed.closed)})"
        flags["_unclosed"] = f"coalesce(not ({is_closed}) and closed_at is not null, false)"
        flags["_untimed"] = f"coalesce({is_closed} and closed_at is null, false)"
        if closed.prefer == "status":
            flags["_dropped"] = flags["_unclosed"]
    layers.append(flags)
    if feed.has_position:
        layers.append({axis: f"case when not _zero then {axis} end" for axis in ("lon", "lat")})
        layers += coordinates.steps(feed.rule.options.crs, "lon", "lat")
    if closed and closed.prefer == "status":
        layers.append({"closed_at": "case when not _dropped then closed_at end"})
    if feed.table.name == "cases":
        # As derive/cases.sql does at publish, or every case would seem changed: what was rated or visited without a
        # time happened at the next known time.
        filled = {
            "visited_at": "coalesce(visited_at, case when outcome_visit is not null then closed_at end)",
            "rated_at": "coalesce(rated_at, case when rating is not null then coalesce(visited_at, closed_at) end)",
            "is_deferred": "coalesce(is_deferred, status = 'deferred')",
        }
        for column, origin in (("first_closed_at", "closed_at"), ("original_due_at", "due_at")):
            if column not in mapped:
                filled[column] = origin
        for column, other in (("origin", "kind"), ("kind", "origin")):
            if column not in mapped and other in mapped:
                filled[column] = f"case when {other} in ('appeal', 'proactive') then {other} end"
        layers.append(filled)
    if feed.rule.identity:
        layers.append({feed.table.own_key: _digest(feed.rule.identity)})
    return layers


def _digest(columns: tuple[str, ...]) -> str:
    """The key of a row whose own number means nothing: a digest of what stays the same; none where all is empty."""
    texts = ", ".join(f"coalesce({name(column)}::varchar, '')" for column in columns)
    known = ", ".join(f"{name(column)}::varchar" for column in columns)
    return f"case when coalesce({known}) is not null then substr(sha256(concat_ws(chr(30), {texts})), 1, 16) end"

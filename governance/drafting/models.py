"""What a draft is made of: what was seen in the files, what is proposed, and what only a person can say."""

from __future__ import annotations

from dataclasses import dataclass, field

Heading = str | int  # the heading, or the number of the column counted from 1 where a heading says nothing


@dataclass(frozen=True)
class Option:
    """One answer that may be given."""

    value: str
    label: str
    example: str = ""


@dataclass(frozen=True)
class Question:
    """What the values do not decide: asked, never guessed. With `is_free` any text is an answer, too."""

    key: str
    text: str
    why: str
    options: tuple[Option, ...]
    answer: str | None = None
    is_free: bool = False


@dataclass(frozen=True)
class Proposal:
    """Which column of the export fills a canonical column; `constant` where the same value holds for every row."""

    column: str
    label: str
    heading: Heading | None
    confidence: float
    reason: str
    samples: tuple[str, ...] = ()
    alternatives: tuple[Heading, ...] = ()
    is_required: bool = False
    constant: str | None = None


@dataclass(frozen=True)
class CodeWord:
    """A word of the export in a code column, and the standard code it means; "" means no value, None: please choose."""

    column: str
    word: str
    count: int
    code: str | None
    reason: str


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook as it begins; samples are masked."""

    name: str
    rows: int
    columns: int
    first_rows: tuple[tuple[str, ...], ...]
    is_read: bool
    why: str


@dataclass(frozen=True)
class TimePattern:
    """A way in which times are written, and in how many cells."""

    formats: tuple[str, ...]  # strptime formats that fit all of these cells; empty for native, ISO, serials, epochs
    kind: str  # text, iso, native, serial, epoch
    count: int
    example: str
    has_hours: bool = True
    fits: tuple[tuple[str, int], ...] = ()  # every format that fits at least one cell, and how many it fits


@dataclass(frozen=True)
class ColumnLook:
    """One column of the export, over the whole file. `personal` says what it seems to hold of a person."""

    number: int
    heading: str
    filled: int
    distinct: int
    top: tuple[tuple[str, int], ...] = ()
    samples: tuple[str, ...] = ()
    times: tuple[TimePattern, ...] = ()
    numbers: int = 0
    low: float | None = None
    high: float | None = None
    null_words: tuple[tuple[str, int], ...] = ()
    personal: str | None = None


@dataclass(frozen=True)
class FileLook:
    """One file: how its bytes become rows, and why so."""

    name: str
    kind: str
    rows: int
    encoding: str | None
    encoding_why: str
    delimiter: str | None
    sheet: str | None
    sheets: tuple[Sheet, ...]
    header_row: int  # 0: the file has no headings
    header_why: str
    headings: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Look:
    """What was seen in the files; the columns are those of all files together."""

    files: tuple[FileLook, ...]
    rows: int
    columns: tuple[ColumnLook, ...]

    def column(self, heading: Heading) -> ColumnLook | None:
        """Find a column by its heading or its number."""
        for one in self.columns:
            if one.number == heading if isinstance(heading, int) else one.heading == heading:
                return one
        return None


@dataclass(frozen=True)
class Draft:
    """A mapping in the making. It depends on the files and the answers alone."""

    look: Look
    table: str
    proposals: tuple[Proposal, ...]
    codes: tuple[CodeWord, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    text: str = field(default="", repr=False)
    others: tuple[str, ...] = ()  # tables that other sheets of the workbook hold

    @property
    def is_complete(self) -> bool:
        """No question is open, and every required column is filled."""
        return not self.open_questions and not self.missing

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions that nobody has answered."""
        return tuple(one for one in self.questions if one.answer is None)

    @property
    def missing(self) -> tuple[Proposal, ...]:
        """Required columns that nothing fills."""
        return tuple(one for one in self.proposals if one.is_required and one.heading is None and one.constant is None)

    def toml(self) -> str:
        """Return the mapping file; open questions stand in it as comments at their place."""
        return self.text

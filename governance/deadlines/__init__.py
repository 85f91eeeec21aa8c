"""时限规则: what people are promised, read from deadlines.toml, and the SQL that derive/deadlines.sql is written in.

A county's own deadlines.toml in the data folder goes before the packaged one: its rules are tried first, and a rule of
the same name replaces the packaged one. Whatever it says is checked; a mistake is named in one Chinese sentence.
"""

from governance.deadlines.compiling import statements
from governance.deadlines.reading import DeadlineProblem, current, digest, packaged
from governance.deadlines.rules import Rules

__all__ = ["DeadlineProblem", "Rules", "current", "digest", "packaged", "statements"]

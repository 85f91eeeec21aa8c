"""The mapping file of a draft, section by section."""

from __future__ import annotations

from typing import Any

from governance.drafting import coding
from governance.drafting.looking import FOOTERS, OTHER_FOOTERS
from governance.drafting.made import Made
from governance.drafting.models import Heading
from governance.drafting.traditional import simplified
from governance.drafting.writing import INLINE, asked, comment, line, values
from governance.importing.encoding import BIG5
from governance.importing.options import FileOptions

DEFAULT_ZONE = FileOptions().time_zone


class MappingText:
    """Writes the mapping; what waits for an answer stands in it as a comment only, so no guess can be imported."""

    def __init__(self, made: Made, closed: list[str], identity: tuple[str, ...]) -> None:
        """Take what was found."""
        self.made, self.closed, self.identity = made, closed, identity

    def write(self) -> str:
        """The whole file."""
        name = self.made.table.name
        lines = [*self._top(), "", "[file]", *self._file(), "", f"[tables.{name}]", *self._table()]
        lines += ["", f"[tables.{name}.columns]", *self._columns(), *self._closed()]
        if self.made.steps and self.made.steps.is_wanted:
            lines += self.made.steps.lines(self.made.columns)
        return "\n".join(lines) + "\n"

    def _top(self) -> list[str]:
        made = self.made
        files = "、".join(dict.fromkeys(one.look.name for one in made.sources[:50]))
        lines = [comment(f"起草自 {files}（{made.rows} 行）；每行末尾写着理由，请核对后使用")]
        source = made.answers.get("source") or made.before.source
        title = made.answers.get("title") or made.before.title or (source and f"{source} {made.table.label}")
        if title:
            lines.append(line("title", title))
        lines += [line("source", source)] if source else asked(made.questions, "source")
        return lines

    def _file(self) -> list[str]:
        made, first = self.made, self.made.sources[0].look
        lines = asked(
            made.questions, "file.encoding", "file.sheet", "file.header_row", "file.records", "files", "footers"
        )
        codecs = {one.look.encoding for one in made.sources if one.look.kind == "csv"}
        is_telling = (
            made.answers.get("file.encoding") or codecs <= set(BIG5) or (codecs == {"gb18030"} and not first.header_row)
        )
        if is_telling and len(codecs) == 1:
            lines.append(line("encoding", codecs.pop(), first.encoding_why))
        sign = next((one.look.delimiter for one in made.sources if one.look.delimiter), ",")
        if sign != ",":
            lines.append(line("delimiter", sign, "各行按它分得最整齐"))
        if sheet := next((one.sheet for one in made.sources if one.sheet), None):
            lines.append(
                line("sheet", sheet, "表头相同的几张接在一起" if isinstance(sheet, list) or "*" in sheet else "")
            )
        nested = made.sources[0].nested
        if nested.records:
            lines.append(line("records", list(nested.records), nested.why if not nested.explode else ""))
        if nested.explode:
            lines.append(line("explode", nested.explode, nested.why))
        if first.header_row != 1:
            lines.append(line("header_row", first.header_row, first.header_why))
        if footers := sum(one.footers for one in made.sources):
            is_traditional = any(simplified(one.heading) != one.heading for one in made.columns.looks)
            notes = [word for one in made.sources for word in one.note_words]
            earlier = made.before.rule.options.footer_words if made.before.rule else ()
            words = dict.fromkeys([*earlier, *FOOTERS, *(OTHER_FOOTERS if is_traditional else ()), *notes])
            what = "合计或附注" if notes else "合计"
            lines.append(line("footer_words", list(words), f"有 {footers} 行{what}，不计"))
        nulls = list(dict.fromkeys(word for one in made.columns.looks for word, _ in one.null_words))
        if made.before.rule:
            nulls = list(dict.fromkeys([*filter(None, made.before.rule.options.null_words), *nulls]))
        if nulls:
            lines.append(line("null_words", nulls, "这些词表示没有值"))
        for key in ("time_zone", "local_zone"):
            lines += asked(made.questions, f"file.{key}")
            answer = made.answers.get(f"file.{key}")
            if answer and (
                answer != DEFAULT_ZONE
                or (key == "local_zone" and any(q.key == "file.local_zone" for q in made.questions))
            ):
                lines.append(line(key, answer))
        lines += asked(made.questions, "file.crs")
        if made.answers.get("file.crs") and made.look_of("lon"):
            lines.append(line("crs", made.answers["file.crs"]))
        return lines

    def _table(self) -> list[str]:
        made = self.made
        merge = made.answers.get("merge") or made.before.settled.get("merge")
        lines = [line("merge", merge)] if merge else asked(made.questions, "merge")
        lines += asked(made.questions, "identity", "unpivot", "code.step.")
        if self.identity:
            lines.append(line("identity", list(self.identity), "这些列都相同的就是同一件"))
        lines += asked(made.questions, "exclude")
        if made.exclude:
            lines.append(line("exclude", made.exclude, "小计、测试或作废，不是案件，剔除并计数"))
        known = {one.heading for one in made.columns.looks}
        for key in ("exclude", "require"):
            if key == "exclude" and made.exclude:
                continue
            if found := made.before.written.get(key):
                gone = [heading for heading in found if heading not in known and not heading.startswith("#")]
                lines.append(
                    comment(f"旧映射的 {key} 用到的表头 {'、'.join(gone)} 没有了")
                    if gone
                    else line(key, found, "沿用旧映射")
                )
        return lines

    def _columns(self) -> list[str]:
        made = self.made
        lines: list[str] = []
        sections: list[str] = []
        for name, choice in made.choices.items():
            lines += asked(made.questions, f"column.{name}", f"order.{name}", f"mixed.{name}", f"scale.{name}")
            if name == made.table.own_key and self.identity:
                continue
            if choice.constant == "unpivot":
                continue
            if choice.constant is not None:
                lines.append(line(name, {"value": self._constant(name, choice.constant)}, choice.reason))
                continue
            if choice.look is None:
                continue
            heading = made.columns.name(choice.look)
            why = (
                choice.reason
                if choice.score >= 1 or not choice.score
                else f"{choice.reason}（把握 {choice.score:.0%}）"
            )
            if made.is_kept(name):
                lines.append(line(name, made.before.written["columns"][name], why))
            elif name in made.blocked:
                lines.append(comment(f"{name} 取自 {heading}，待上面的问题回答后写入：{why}"))
            elif name in made.settled:
                formats = list(made.settled[name].formats)
                said = f"{why}；{made.settled[name].why}" if made.settled[name].why else why
                lines.append(line(name, {"from": heading, "formats": formats} if formats else heading, said))
            else:
                lines += self._coded(name, heading, why, sections)
        return lines + sections

    def _constant(self, name: str, constant: str) -> Any:
        kind = self.made.choices[name].column.type
        if kind == "BOOLEAN":
            return constant == "true"
        if kind == "INTEGER" and constant.isdecimal():
            return int(constant)
        return constant

    def _coded(self, name: str, heading: Heading, why: str, sections: list[str]) -> list[str]:
        """A column of words: a plain line when the importer understands them all, else with its value map."""
        made, column = self.made, self.made.choices[name].column
        words = made.codes.get(name, [])
        rest = made.answers.get(f"otherwise.{name}")
        listed = [one for one in words if not (rest is not None and one.reason == "其余取值一并指定")]
        needed = [
            one for one in listed if one.code is None or coding.understood(made.table, column, one.word) != one.code
        ]
        if column.type == "BOOLEAN" and needed:
            needed = listed
        open_words = [one for one in needed if one.code is None]
        options: dict[str, Any] = {"from": heading}
        if rest:
            options["otherwise"] = rest
        if not needed:
            return [line(name, options if rest else heading, why)]
        if len(needed) <= INLINE and not open_words:
            numbers = column.type == "INTEGER"
            options["values"] = {one.word: self._code(column.type, one.code or "", numbers) for one in needed}
            return [line(name, options, why)]
        sections += ["", f"[tables.{made.table.name}.columns.{name}]", comment(why)]
        sections += [line(key, one) for key, one in options.items()]
        sections += values(made.table.name, name, needed, column.type == "INTEGER")
        return []

    @staticmethod
    def _code(kind: str, code: str, numbers: bool) -> Any:
        if kind == "BOOLEAN" and code:
            return code == "true"
        return int(code) if numbers and code.isdecimal() else code

    def _closed(self) -> list[str]:
        made = self.made
        if not self.closed:
            return []
        status = made.choices["status"].look
        assert status is not None
        open_ones = asked(made.questions, "closed.prefer")
        if open_ones:
            return ["", *open_ones]
        if "closed_at" in made.blocked:
            return []
        prefer = made.answers.get("closed.prefer") or "time"
        return [
            "",
            f"[tables.{made.table.name}.closed]",
            line("status", made.columns.name(status)),
            line("closed", self.closed, "状态为这些的算办结"),
            line("prefer", prefer, "以办结时间为准" if prefer == "time" else "以状态为准"),
        ]

"""Put a draft together: proposals, code words and questions of one table, and from them the mapping file."""

from __future__ import annotations

from governance.drafting import asking, coding, noting, proposing
from governance.drafting.made import Made
from governance.drafting.models import Draft, Look, Option, Proposal, Question
from governance.drafting.proposing import Choice
from governance.drafting.settling import settle
from governance.drafting.text import MappingText
from governance.drafting.times import order
from governance.drafting.wide import Wide
from governance.drafting.wide import find as find_steps
from governance.importing.problems import ImportProblem, nearest


class Composer(Made):
    """The work on a draft, in its order; what it finds goes into `questions` and `notes`."""

    def draft(self, look: Look, questions: list[Question], notes: list[str]) -> Draft:
        """Choose, settle, recode, ask, write."""
        self.questions, self.notes = questions, notes
        self.answers = self._defaults() | dict(self.answers)
        self.vocabulary = coding.Vocabulary(self.con)
        choices, asked = proposing.choose(
            self.vocabulary, self.table, self.columns, self.rows, self.answers, self.before.headings
        )
        self.choices = {one.column.name: one for one in choices}
        asked = self._keep_constants(asked)
        self.steps = find_steps(self.table, self.columns, self.choices, self.answers)
        if self.steps and self.steps.is_wanted:
            asked = self._unfold(self.steps, asked)
        elif self.steps:
            asked += self.steps.questions[:1]
        self.questions += asked
        self.blocked = {name for name, one in self.choices.items() if one.is_open and one.look is None}
        for name, choice in self.choices.items():
            if choice.look and not self.is_kept(name):
                self._settle(name, choice)
                self._recode(name, choice)
        self._positions()
        closed = self._closing()
        identity = self._identity()
        self.notes += noting.order_of_times(self) + noting.unread_times(self) + noting.hours_beside(self)
        self.notes += noting.columns(self)
        own = self.table.own_key
        if own and not identity and not self.look_of(own):
            self.blocked.add(own)
        self.questions += asking.about_the_whole(self.table.label, self.answers, self.before.settled)
        self._check_answers()
        self._hold_back()
        text = MappingText(self, closed, identity).write()
        proposals = tuple(self._proposal(one, identity) for one in self.choices.values())
        codes = tuple(word for words in self.codes.values() for word in words)
        return Draft(
            look, self.table.name, proposals, codes, tuple(self.questions), tuple(dict.fromkeys(self.notes)), text
        )

    def _keep_constants(self, asked: list[Question]) -> list[Question]:
        """What the older mapping writes into every row stays, unless somebody has answered otherwise."""
        for name, constant in self.before.constants().items():
            if name in self.choices and f"column.{name}" not in self.answers:
                self.choices[name].fill(constant, "沿用旧映射的固定值")
                asked = [one for one in asked if one.key != f"column.{name}"]
        return asked

    def _unfold(self, found: Wide, asked: list[Question]) -> list[Question]:
        """Steps side by side: each becomes a row, so step, number and time are no columns of their own."""
        for name in ("step", "seq", "happened_at"):
            self.choices[name].fill("unpivot", "各列时间拆成步骤")
        cycle = self.choices["cycle"]
        if cycle.look is None:
            cycle.fill("1", "宽表只有一轮")
        self.codes["step"] = list(found.words)
        for one in found.settled:
            self.notes += one.notes
        filled = {f"column.{name}" for name in ("step", "seq", "happened_at", "cycle")}
        return [one for one in asked if one.key not in filled] + list(found.questions)

    def _defaults(self) -> dict[str, str]:
        """What the older mapping answers, in the words of answers."""
        rule = self.before.rule
        if rule is None:
            return {}
        options = rule.options
        found = {"file.crs": options.crs, "file.time_zone": options.time_zone, "file.local_zone": options.local_zone}
        if rule.closed:
            found["closed.prefer"] = rule.closed.prefer
        if identity := getattr(rule, "identity", ()):
            found["identity"] = "+".join(identity)
        else:
            found["identity"] = "key"
        for name, column in rule.columns.items():
            orders = {order(one) for one in column.formats} - {"year"}
            if len(orders) == 1:
                found[f"order.{name}"] = orders.pop()
            if len(column.formats) > 1:
                found[f"mixed.{name}"] = "all"
        return found

    def _title(self, name: str) -> str:
        look = self.look_of(name)
        return self.columns.title(look) if look else name

    def _settle(self, name: str, choice: Choice) -> None:
        if not choice.column.is_time or choice.look is None:
            return
        found = settle(name, choice.column.label, self.columns.title(choice.look), choice.look, self.answers)
        self.settled[name] = found
        self.questions += found.questions
        self.notes += found.notes
        if found.is_open:
            self.blocked.add(name)
        elif choice.column.required or name == "reported_at":
            zones = asking.zones(self.con, choice.column, choice.look, found.formats, self.answers)
            known = {one.key for one in self.questions}
            self.questions += [one for one in zones if one.key not in known]

    def _recode(self, name: str, choice: Choice) -> None:
        if choice.look is None or not coding.list_of(self.table, choice.column):
            return
        if choice.look.distinct > coding.MOST_WORDS and choice.reason != "由人指定":
            return
        words = coding.words(
            self.vocabulary, self.table, choice.column, choice.look, self.answers, self.before.words(name)
        )
        if name == "rating" and any(one.word.isdecimal() for one in words) and not self.before.words(name):
            asked = asking.scale(choice.look, self.answers)
            self.questions += asked
            words = coding.scale(words, asked[0].answer)
        self.codes[name] = words
        options = tuple(Option(code, f"{code} {label}") for code, label in coding.codes_of(choice.column).items())
        options += (Option("", "不取值"),)
        for one in words:
            key = f"code.{name}.{one.word}"
            if one.reason == "先回答几分最满意":
                continue
            if one.code is None or one.reason in ("由人指定", "其余取值一并指定"):
                text = f"{self._title(name)}里的“{one.word}”（{one.count} 行）是哪一类{choice.column.label}？"
                answer = None if one.code is None else one.code
                self.questions.append(Question(key, text, one.reason, options, answer))

    def _positions(self) -> None:
        lon, lat = self.look_of("lon"), self.look_of("lat")
        if lon and lat:
            asked, notes = asking.crs(lon, lat, self.con, self.answers)
            self.questions += asked
            self.notes += notes
            if any(one.answer is None for one in asked):
                self.blocked |= {"lon", "lat"}
        if any(one.key in ("file.local_zone", "file.time_zone") and one.answer is None for one in self.questions):
            self.blocked |= {name for name, one in self.choices.items() if one.column.is_time and one.look}

    def _closing(self) -> list[str]:
        """The words that mean closed, when there is a closing time; ask what holds when the two contradict."""
        status = self.look_of("status")
        if self.table.name != "cases" or not status or "status" not in self.codes or "closed_at" not in self.settled:
            return []
        closed = [one.word for one in self.codes["status"] if one.code == "closed"]
        if not closed or self.settled["closed_at"].is_open:
            return closed
        asked, notes = asking.closing(self.con, status, closed, self.sql("closed_at"), self.answers)
        self.questions += asked
        self.notes += notes
        return closed

    def _identity(self) -> tuple[str, ...]:
        """The canonical columns that make a case, where its number does not."""
        own = self.table.own_key
        if not own:
            return ()
        others = {
            name: one.look
            for name, one in self.choices.items()
            if name != own
            and one.look
            and name not in self.blocked
            and not (self.table.name == "cases" and asking.CHANGING.search(name))
        }
        if own in self.blocked:
            return ()
        label = self.choices[own].column.label
        asked, notes = asking.identity(
            self.con, self.columns, self.look_of(own), label, others, self.rows, self.answers
        )
        self.questions += asked
        self.notes += notes
        answer = asked[0].answer if asked else None
        if answer in (None, "", "key"):
            return ()
        names = tuple(answer.split("+"))
        mapped = {name for name, one in self.choices.items() if (one.look or one.constant) and name != own}
        for name in names:
            if name not in mapped:
                raise ImportProblem(
                    f"identity 的回答里的“{name}”不是已选定的标准列{nearest(name, mapped)}："
                    "请用 + 连接标准列名，如 reported_at+title。"
                )
        return names

    def _hold_back(self) -> None:
        """While something about the whole export is open, no required column is written, so nothing can be imported."""
        whole = ("file.", "files", "merge", "identity", "source", "unpivot", "code.step.", "exclude", "footers")
        if any(one.answer is None and one.key.startswith(whole) for one in self.questions):
            self.blocked |= {
                name for name, one in self.choices.items() if one.look and proposing.is_required(one.column)
            }
        if any(one.answer is None and one.key == "closed.prefer" for one in self.questions):
            self.blocked.add("closed_at")

    def _check_answers(self) -> None:
        """Refuse an answer that is no option of its question."""
        for one in self.questions:
            if one.answer is None or one.is_free or one.key.startswith(("column.", "code.")):
                continue
            values = [option.value for option in one.options]
            if one.answer not in values:
                raise ImportProblem(f"{one.key} 的回答“{one.answer}”不在可选之列：可用 {'、'.join(values)}。")

    def _proposal(self, choice: Choice, identity: tuple[str, ...]) -> Proposal:
        column, look = choice.column, choice.look
        required = proposing.is_required(column) and not (column.name == self.table.own_key and identity)
        alternatives = [
            one.look for one in choice.candidates if one.look is not look and one.score >= proposing.POSSIBLE
        ]
        return Proposal(
            column.name,
            column.label,
            self.columns.name(look) if look else None,
            round(choice.score, 2),
            choice.reason,
            look.samples if look else (),
            tuple(self.columns.name(one) for one in alternatives),
            required,
            choice.constant,
        )

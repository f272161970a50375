"""From tokens to items: days with their time of day, wanted or refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

from miniapp_api.appointments.when import meeting, periods, picking, timing
from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.timing import Time
from miniapp_api.appointments.when.tokens import Clock, Days, Fixed, Mark, Part, Pick, Token, Unit

_DAY_MARKS = (Mark.AFTER, Mark.BEFORE, Mark.FROM, Mark.WITHIN, Mark.ABOUT)
_TIME_MARKS = (Mark.AFTER, Mark.BEFORE, Mark.FROM, Mark.ABOUT)
_V = TypeVar("_V")
_CONDITION = ("的话", "就", "则", "，就", "，那就", "那就", "再")


@dataclass(slots=True, eq=False)
class Item:
    """Days with a time of day, one of them perhaps missing.

    Attributes:
        refused: it is what does not suit.
        joined: 或 or the like stands before it.
        closed: 都行 or the like stands behind it: what follows is said of everything.
        leading: the time was said before the days, and holds for the days after them too.
    """

    days: Days | None = None
    time: Time | None = None
    refused: bool = False
    joined: bool = False
    closed: bool = False
    leading: bool = False


@dataclass(slots=True)
class Said:
    """All that a text says about time.

    Attributes:
        items: in order; those taken back (不对) are gone.
        marks: words about the whole: haste, early, late, any time.
        today: no other day being said, today is meant (下班前).
    """

    items: list[Item] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)
    today: bool = False


class Collector:
    """Goes once through the tokens."""

    def __init__(self, tokens: list[Token], text: str, frame: Frame) -> None:
        self._tokens = tokens
        self._text = text
        self._frame = frame
        self._at = 0
        self._said = Said()
        self._clause: list[Item] = []
        self._pending: list[Item] = []
        self._refusing: Mark | None = None
        self._bound: Mark | None = None
        self._joined = False
        self._supposed = False
        self._part: Part | None = None
        self._taken_back = 0

    def collect(self) -> Said:
        """Read all tokens."""
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if self._refusing is Mark.NOT and "是" in self._gap(token):
                self._refusing = None
            match token.value:
                case Days() as days:
                    self._add_days(self._days(days))
                case Part() | Clock() | Fixed() as time:
                    self._add_time(self._time(time))
                case Pick():
                    self._pick(token.value)
                case Mark():
                    self._at += 1
                    self._mark(token.value, token)
        return self._repaired()

    def _gap(self, token: Token) -> str:
        end = self._tokens[self._at - 1].end if self._at else 0
        return self._text[end : token.start]

    def _next(self, *kinds: type[_V], ahead: int = 0) -> _V | None:
        """The value of the next token, if that is of some kinds and near the one before it."""
        at = self._at + ahead
        if at >= len(self._tokens):
            return None
        token = self._tokens[at]
        return token.value if token.near and isinstance(token.value, kinds) else None

    def _next_mark(self, *marks: Mark) -> Mark | None:
        mark = self._next(Mark)
        return mark if mark in marks else None

    # ------------------------------------------------------------------------------ days

    def _days(self, days: Days, *, ranged: bool = True) -> Days:
        """Days with all that belongs to them: bounds, picks, the last day of a range, the same said again."""
        self._at += 1
        more: Days | None = days
        while more:
            days, more = more, self._more(more, ranged=ranged)
        if self._bound:
            days, self._bound = periods.moved(days, self._bound, self._frame), None
        return days

    def _more(self, days: Days, *, ranged: bool) -> Days | None:
        """The days with the next token, if that belongs to them."""
        if ranged and (mark := self._next_mark(*_DAY_MARKS)):
            self._at += 1
            return periods.moved(days, mark, self._frame)
        if (pick := self._next(Pick)) and days.bounds:
            self._at += 1
            return picking.picked(days, pick, self._frame)
        if ranged and self._next_mark(Mark.TO) and (last := self._next(Days, ahead=1)):
            self._at += 1
            return periods.through(days, self._days(last, ranged=False), self._frame)
        return self._again(days)

    def _again(self, days: Days) -> Days | None:
        comma = 1 if self._next_mark(Mark.COMMA) else 0
        other = self._next(Days, ahead=comma)
        if other is None or not meeting.may_meet(days, other):
            return None
        both = meeting.meet(days, other)
        if both is None and self._also(self._tokens[self._at + comma]):
            return None
        if comma and self._is_refused(ahead=comma + 1):
            return None
        self._at += comma + 1
        return both or meeting.contradiction(days, other, self._frame)

    def _is_refused(self, ahead: int = 0) -> bool:
        """Whether the next token says that what stands before it does not suit."""
        at = self._at + ahead
        return at < len(self._tokens) and self._tokens[at].value in (Mark.NOT, Mark.NOT_SO)

    def _also(self, token: Token) -> bool:
        return self._text[token.end : token.end + 3].lstrip("我").startswith(("也", "都"))

    def _add_days(self, days: Days) -> None:
        item = self._said.items[-1] if self._said.items else None
        if item and item in self._pending:
            if item.days is None and not self._joined and not item.refused:
                item.days, item.leading = days, True
                return
            days = periods.alike(item.days, days, self._frame) if item.days else days
        if item:
            self._part = None  # a new day, a new part of the day
        self._add(Item(days=days))

    def _pick(self, pick: Pick) -> None:
        self._at += 1
        if pick.unit in (Unit.WEEKDAY, Unit.WEEKEND, Unit.WORKDAY) and pick.ordinal:
            self._add_days(picking.of_this_month(pick, self._frame))

    def _add(self, item: Item) -> None:
        item.refused = self._refusing is not None
        item.joined, self._joined = self._joined, False
        self._said.items.append(item)
        self._clause.append(item)
        self._pending.append(item)

    # ------------------------------------------------------------------------------ time

    def _time(self, value: Part | Clock | Fixed) -> Time:
        """A time of day with all that belongs to it: the part of the day, the end of a stretch, bounds."""
        time = self._hour(value)
        if self._next_mark(Mark.TO) and (last := self._next(Part, Clock, Fixed, ahead=1)):
            self._at += 1
            time = self._through(time, last)
        if mark := self._next_mark(*_TIME_MARKS, *(() if time.at is not None else (Mark.EARLY, Mark.LATE))):
            self._at += 1
            time = timing.bounded(time, mark)
        if self._bound:
            time, self._bound = timing.bounded(time, self._bound), None
        return time

    def _hour(self, value: Part | Clock | Fixed) -> Time:
        self._at += 1
        if isinstance(value, Fixed):
            self._said.today = self._said.today or value.at is None
        if isinstance(value, Part):
            self._part = value
            if clock := self._next(Clock):
                self._at += 1
                return timing.time_of(clock, value)
        return timing.time_of(value, self._part if isinstance(value, Clock) and self._shares_part(value) else None)

    def _shares_part(self, clock: Clock) -> bool:
        return self._part is not None and timing.time_of(clock, self._part).question is None

    def _through(self, time: Time, last: Part | Clock | Fixed) -> Time:
        self._at += 1
        if isinstance(last, Part) and (clock := self._next(Clock)):
            self._at += 1
            hour = timing.time_of(clock, last)
            minute = hour.at if hour.at is not None else hour.span.first
            last = Clock(minute // 60, minute % 60, exact=True)
        return timing.through(time, last)

    def _add_time(self, time: Time) -> None:
        item = self._clause[-1] if self._clause else self._pending[-1] if self._pending else None
        apart = not self._clause and self._is_refused()  # 周五，但上午不行
        if item is None or apart or item.closed or item.refused is not (self._refusing is not None):
            self._add(Item(time=time))
        elif item.time is None:
            item.time, self._joined = time, False
        elif self._joined:
            self._joined = False
            item.time = timing.stretch(item.time, time) or timing.either(item.time, time)
        elif item.days is None and time.part:
            item.time = timing.within(item.time, time.part)
        else:
            item.time = timing.together(item.time, time) or timing.either(item.time, time)

    # ------------------------------------------------------------------------------ marks

    def _mark(self, mark: Mark, token: Token) -> None:
        match mark:
            case Mark.OR:
                self._joined = True
            case Mark.SINCE | Mark.UNTIL | Mark.ABOUT:
                self._limit(mark)
            case Mark.IF:
                self._supposed = True
            case Mark.EXCEPT | Mark.NOT | Mark.NOT_SO:
                self._deny(mark, token)
            case Mark.REPAIR | Mark.FINE | Mark.STOP:
                self._taken_back = len(self._said.items) if mark is Mark.REPAIR else self._taken_back
                self._close()
            case Mark.COMMA:
                self._clause = []
                self._refusing = None
            case _:
                self._said.marks.add(mark)

    def _limit(self, mark: Mark) -> None:
        """最早, 最晚, 大概: of the day or time that follows; 最早 alone is haste."""
        ahead = self._next(Part, Clock) if mark is Mark.ABOUT else self._next(Days, Part, Clock)
        self._bound = mark if ahead else None
        if self._bound is None and mark is Mark.SINCE:
            self._said.marks.add(Mark.SOONEST)

    def _deny(self, mark: Mark, token: Token) -> None:
        """除了周三, 不要周三 refuse what follows; 周三不行, 周三不要 what stands before."""
        ahead = self._next(Days, Part, Clock, Fixed, Pick) or self._next_mark(Mark.SINCE)
        if mark is Mark.EXCEPT or (mark is Mark.NOT and ahead):
            self._refusing = mark
        else:
            self._refuse(token)

    def _refuse(self, token: Token) -> None:
        """周三不行: what was said in this clause; if nothing was, what is still open (周三、周四，都不行)."""
        conditional = self._supposed or self._text.startswith(_CONDITION, token.end)
        for item in self._clause or self._pending:
            item.refused = item.refused or not conditional
        self._supposed = False
        self._close()

    def _close(self) -> None:
        for item in self._pending:
            item.closed = True
        self._clause, self._pending = [], []
        self._refusing = None
        self._joined = False

    def _repaired(self) -> Said:
        """What holds after 不对 or 改到: new days replace all before, a new time only the time."""
        before, after = self._said.items[: self._taken_back], self._said.items[self._taken_back :]
        wanted = [item for item in after if not item.refused]
        if not before or not wanted:
            return self._said
        if not any(item.days for item in wanted):
            kept = [replace(item, time=None) for item in before if item.days]
            return Said([*kept, *after], self._said.marks)
        return Said(after, self._said.marks)


def collect(tokens: list[Token], text: str, frame: Frame) -> Said:
    """All that the tokens say about time."""
    return Collector(tokens, text, frame).collect()

"""The choices a citizen was offered last, and which of them a text means."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from miniapp_api.text import clean
from miniapp_api.wechat.text.numbers import number, numbers


@dataclass(frozen=True, slots=True)
class Entry:
    """One choice; a numbered one stands in its menu at the place of its number.

    Attributes:
        label: what was shown.
        value: what choosing it says.
        id: what WeChat may tell when it was tapped.
        several: can be chosen together with others.
    """

    label: str
    value: str
    id: int
    numbered: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The choices of one message, the numbered ones first."""

    entries: tuple[Entry, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The menu as it is stored."""
        return {"entries": [asdict(entry) for entry in self.entries]}

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> Self:
        """The menu that was stored; none is an empty one."""
        return cls(tuple(Entry(**entry) for entry in (stored or {}).get("entries", ())))

    def meant(self, text: str, tapped: str | None = None) -> str:
        """Find out what a citizen means.

        Args:
            text: what was typed, or the label that was tapped.
            tapped: the id WeChat told of a tap; often it tells none, or `0`.

        Returns:
            The value of the choice meant, several labels joined by 、, or the text as it came.
        """
        named = self._named(text) or self._tapped(tapped)
        if named:
            return named.value
        return self._numbered(text) or text

    def _named(self, text: str) -> Entry | None:
        said = clean(text)
        return next((entry for entry in self.entries if clean(entry.label) == said), None)

    def _tapped(self, tapped: str | None) -> Entry | None:
        return next((entry for entry in self.entries if str(entry.id) == tapped), None)

    def _numbered(self, text: str) -> str | None:
        one = number(text)
        if one is not None:
            found = self._at(one)
            return found.value if found else None
        chosen = [self._at(each) for each in numbers(text)]
        labels = [entry.label for entry in chosen if entry and entry.several]
        return "、".join(labels) if len(labels) == len(chosen) else None

    def _at(self, place: int) -> Entry | None:
        entry = self.entries[place - 1] if place <= len(self.entries) else None
        return entry if entry and entry.numbered else None

"""Finds the matters, duties and red lights that citizens name, in full or in part."""

from __future__ import annotations

from typing import Final

from guidance.reading import words
from guidance.reading.normalise import normalise
from guidance.theme import Theme

_SHORTEST: Final = 2


class Names:
    """Names of a theme's items, duties and vetoes."""

    def __init__(self, theme: Theme) -> None:
        self._words: list[tuple[str, str]] = []
        for id_, item in theme.items.items():
            self._words += [(id_, normalise(word).text) for word in (item.name, *item.say)]
        self._words += [(id_, normalise(duty.name).text) for id_, duty in theme.duties.items()]
        self._words += [(id_, normalise(veto.name).text) for id_, veto in theme.vetoes.items()]

    def find(self, text: str) -> tuple[str, ...]:
        """The ids a text names: those of the longest full match, else of the longest part.

        Args:
            text: normalised text.
        """
        whole = [(len(word), id_) for id_, word in self._words if word in text]
        parts = whole or [(_common(word, text), id_) for id_, word in self._words]
        longest = max(parts, default=(0, ""))[0]
        if longest < _SHORTEST:
            return ()
        return tuple(dict.fromkeys(id_ for length, id_ in parts if length == longest))


def _common(word: str, text: str) -> int:
    """The length of the longest telling part of a name that a text holds."""
    longest = 0
    for start in range(len(word)):
        end = start + max(longest + 1, _SHORTEST)
        while end <= len(word) and word[start:end] in text:
            if not _is_generic(word[start:end]):
                longest = end - start
            end += 1
    return longest


def _is_generic(part: str) -> bool:
    for word in words.GENERIC_NAME_PARTS:
        part = part.replace(word, "")
    return len(part) < _SHORTEST

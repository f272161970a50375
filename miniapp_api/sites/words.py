"""Finding known words in what a citizen wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from guidance.reading.normalise import squeeze

Key = TypeVar("Key")


class Words(Generic[Key]):
    """Many words, each of one key.

    Args:
        words: pairs of word and key; of a word given twice the first counts.
    """

    def __init__(self, words: Iterable[tuple[str, Key]]) -> None:
        self._keys: dict[str, Key] = {}
        for word, key in words:
            self._keys.setdefault(squeeze(word), key)
        self._lengths = sorted({len(word) for word in self._keys}, reverse=True)

    def find(self, text: str) -> list[Key]:
        """The keys of the words in a text, longest word first; a word within a longer one does not count.

        A text that is itself part of words, such as 公积, finds those.
        """
        plain = squeeze(text)
        found = self._within(plain) or (self._around(plain) if len(plain) > 1 else [])
        return list(dict.fromkeys(found))

    def _within(self, plain: str) -> list[Key]:
        taken: set[int] = set()
        found = []
        for length in self._lengths:
            for start in range(len(plain) - length + 1):
                key = self._keys.get(plain[start : start + length])
                if key is not None and taken.isdisjoint(span := range(start, start + length)):
                    taken.update(span)
                    found.append(key)
        return found

    def _around(self, plain: str) -> list[Key]:
        return [self._keys[word] for word in sorted(self._keys, key=len) if plain in word]


def repeated(words: Iterable[tuple[str, Key]]) -> dict[str, tuple[Key, Key]]:
    """Words that two keys claim, with these."""
    owners: dict[str, Key] = {}
    return {word: (owner, key) for word, key in words if (owner := owners.setdefault(squeeze(word), key)) != key}

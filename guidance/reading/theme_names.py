"""Which theme an opening sentence names in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from guidance.reading.normalise import normalise
from guidance.theme import Theme

_VERBS: Final = "开办搞弄盘整接经营做"
_BETWEEN: Final = r"(?:办|起|了|过|上|下|个|一个|家|一家|间|一间|小|小型|自己的|我的|点|店|公司|属于自己的){0,4}?"


class ThemeNames:
    """Finds themes by title and `say` words; words may be put between the verb and its object.

    「开饭店」 is found in 「想开一家小饭店」 and 「盘了个饭店」.
    """

    def __init__(self, themes: Iterable[Theme]) -> None:
        self._patterns = {theme.id: _pattern((theme.title, *theme.say)) for theme in themes}

    def find(self, text: str) -> tuple[str, ...]:
        """The ids of the themes that a text names, in the order given."""
        plain = normalise(text).text
        return tuple(id_ for id_, pattern in self._patterns.items() if pattern.search(plain))


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(_one(normalise(name).text) for name in names))


def _one(name: str) -> str:
    if name[0] in _VERBS and len(name) > 2:
        return f"[{_VERBS}]{_BETWEEN}{re.escape(name[1:])}"
    return re.escape(name)

"""The choices of a message: how they are shown, and the menu that understands the reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from miniapp_api.text import clean
from miniapp_api.wechat.text.markup import menu_link, words_of_label
from miniapp_api.wechat.text.menus import Entry, Menu

ALONE = {"都没有", "没有别的了"}
"""Choices that are a whole answer, also where several can be chosen."""

MOST_CHOICES = 99
"""The ids of a menu lie between `menu_id * 100` and the next hundred."""

TAP_OR_NUMBER = "点蓝字，或回复编号"
TAP_OR_SAY = "点蓝字，或回复这几个字"
NUMBER = "回复编号就行"
SEVERAL = "有几样就回复几个编号，比如 1、{}；只有一样也回复编号"


def offer(message: Mapping[str, Any], menu_id: int, *, linked: bool) -> tuple[Menu, str]:
    """Show the choices of a message: answers one a line, what steers the talk, then what to do.

    Args:
        message: one with choices.
        menu_id: the ids of the choices begin with it.
        linked: answers can be tapped, which takes more than four times the bytes of their words.

    Returns:
        The menu, and the choices as they are shown.
    """
    choices = _choices(message["choices"])
    answers = [label for label, choice in choices.items() if not choice.get("steering")]
    steering = [label for label, choice in choices.items() if choice.get("steering")]
    several = _several(answers) if message.get("kind") == "multi" else set()
    numbered = set(answers) if len(answers) > 1 or not linked else set()
    entries = [
        Entry(label, choices[label]["value"], menu_id * 100 + place, label in numbered, label in several)
        for place, label in enumerate((*answers, *steering), 1)
    ]
    lines = [_line(place, entry, linked=linked) for place, entry in enumerate(entries[: len(answers)], 1)]
    steer = "　".join(menu_link(entry.label, entry.id) for entry in entries[len(answers) :])
    hint = _hint(entries[: len(answers)], linked=linked)
    apart = "\n" if lines and steer else ""  # so that nobody takes what steers for an answer, or taps it by mistake
    return Menu(tuple(entries)), "\n".join(line for line in (*lines, apart + steer, hint) if line)


def _choices(choices: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The choices by what is shown of them; one that cannot be seen, or told from another, is left out."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for choice in choices:
        label = words_of_label(choice["label"])
        if clean(label):
            found.setdefault(clean(label), (label, choice))
    return dict(list(found.values())[:MOST_CHOICES])


def _several(answers: Iterable[str]) -> set[str]:
    """The answers that can be chosen together; of a single one a tap says all there is to say."""
    together = set(answers) - ALONE
    return together if len(together) > 1 else set()


def _line(place: int, entry: Entry, *, linked: bool) -> str:
    # of several, a tap would end the question after one
    shown = menu_link(entry.label, entry.id) if linked and not entry.several else entry.label
    return f"{place}. {shown}" if entry.numbered else shown


def _hint(answers: Sequence[Entry], *, linked: bool) -> str:
    together = sum(entry.several for entry in answers)
    if not answers:
        return ""
    if together:
        return SEVERAL.format(min(together, 3))
    if not linked:
        return NUMBER
    return TAP_OR_NUMBER if answers[0].numbered else TAP_OR_SAY

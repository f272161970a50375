"""Answers by position: 第二个, 2, B, 前两个, 最后一个, 1和3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guidance.reading.normalise import Normalised
from guidance.reading.numerals import read_numeral
from guidance.reading.tokens import Kind, Token
from guidance.reading.vocabulary import Target

_DIGITS: Final = "[0-9零一二两三四五六七八九十]"
_MEASURE: Final = "(?:个选项|个答案|选项|个|项|种|条|样|类|号|款)"
_NTH: Final = re.compile(
    rf"第({_DIGITS}{{1,3}})(?:{_MEASURE}|(?=[、,，和跟与及第 ]|$))"
    rf"|(?:选项|选|答案)第?({_DIGITS}{{1,2}}|[a-z])(?![\da-z平米万千百十个项种条样类款])(?:号)?"
)
_ROW: Final = re.compile(rf"第{_DIGITS}(?:[、,，和]{_DIGITS})+(?:{_MEASURE}|$)")
_FIRST: Final = re.compile(rf"(?:最?前面?|头)({_DIGITS})(?:{_MEASURE})")
_LAST: Final = re.compile(rf"(?:最?后面?|末尾?)({_DIGITS})(?:{_MEASURE})")
_VERY_LAST: Final = re.compile(r"最后(?:面)?(?:的)?(?:一|那)个?")
_FORMER: Final = re.compile(r"前者|前面那个|前面的那个|上面那个")
_LATTER: Final = re.compile(r"后者|后面那个|后面的那个|下面那个")
_WHOLE: Final = re.compile(
    rf"^(?:我?选择?|就|要|是|答案是?|填)?((?:{_DIGITS}{{1,2}}|[a-z]+)(?:号|个|项)?"
    rf"(?:[、,，和跟与及./;； ]+(?:{_DIGITS}{{1,2}}|[a-z])(?:号|个|项)?)*)[吧的了啊呢。.]*$"
)
_PIECE: Final = re.compile(rf"{_DIGITS}{{1,2}}|[a-z]")


def read_ordinals(norm: Normalised, targets: list[Target], *, bare: bool) -> list[Token]:
    """Mentions by position among the options of the fact being asked.

    Args:
        norm: the text.
        targets: what each position names, in the order shown.
        bare: whether numbers and letters alone are positions (they are not where the fact
            itself may be answered by a number).
    """
    if not targets:
        return []
    whole = _WHOLE.match(norm.text) if bare else None
    if whole and _letters_fit(whole.group(1), len(targets)):
        pieces = (
            _token(norm.text, targets, _position(piece.group()), _moved(piece.span(), whole.start(1)))
            for piece in _PIECE.finditer(whole.group(1))
        )
        return [token for token in pieces if token]
    return list(_spelled(norm.text, targets))


def _letters_fit(said: str, count: int) -> bool:
    """Whether every letter is one of a position; words are no row of positions."""
    letters = re.findall("[a-z]", said)
    return all(ord(letter) - ord("a") < count for letter in letters) and len(set(letters)) == len(letters)


def _spelled(text: str, targets: list[Target]) -> Iterator[Token]:
    for match in _NTH.finditer(text):
        token = _token(text, targets, _position(match.group(1) or match.group(2)), match.span())
        if token:
            yield token
    for row in _ROW.finditer(text):
        places = [_position(piece) or 0 for piece in _PIECE.findall(row.group())]
        if all(1 <= place <= len(targets) for place in places):
            yield _several(row, [targets[place - 1] for place in places])
    yield from _at_the_ends(text, targets)


def _at_the_ends(text: str, targets: list[Target]) -> Iterator[Token]:
    """前两个, 后三个, 最后一个, 前者, 后者."""
    for pattern, from_start in ((_FIRST, True), (_LAST, False)):
        for match in pattern.finditer(text):
            number = _position(match.group(1)) or 0
            if 1 <= number < len(targets):
                yield _several(match, targets[:number] if from_start else targets[-number:])
    ends = [(_VERY_LAST, targets[-1])]
    if len(targets) == 2:
        ends += [(_FORMER, targets[0]), (_LATTER, targets[1])]
    for pattern, target in ends:
        for match in pattern.finditer(text):
            yield _several(match, [target])


def _several(match: re.Match[str], targets: list[Target]) -> Token:
    return Token(Kind.MENTION, match.group(), *match.span(), tuple(targets), every=True)


def _position(said: str) -> int | None:
    if len(said) == 1 and "a" <= said <= "z":
        return ord(said) - ord("a") + 1
    numeral = read_numeral(said, 0)
    return int(numeral.low) if numeral and not numeral.vague else None


def _moved(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _token(text: str, targets: list[Target], position: int | None, span: tuple[int, int]) -> Token | None:
    if position is None or not 1 <= position <= len(targets):
        return None
    return Token(Kind.MENTION, text[slice(*span)], *span, (targets[position - 1],))

"""Cutting a text into pieces that fit into one message each, where a reader would pause."""

from __future__ import annotations

import re
import unicodedata

from miniapp_api.wechat.text.markup import ANCHOR, MAX_ANCHOR, MAX_BYTES, menu_link, size

GO_ON = "继续"
"""What a citizen says, or taps, to get the next piece."""

_PAUSES = [re.compile(after) for after in ("\n\n+", "\n", '[。！？；!?;…]+[”’」』）】》〉)"]*', "[，、：,:]")]
"""After what to cut, best first: messages and paragraphs, lines, sentences, commas."""

_JOINER = "\u200d"
_MODIFIERS = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # skin colours, flags of regions
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_LONGEST_SIGN = 64


def cut(text: str, kept: str) -> tuple[str, ...]:
    """Cut a text into pieces.

    Args:
        text: what may be cut, but not within its links.
        kept: what follows it and stays together in the last piece; it fits into one.

    Returns:
        The pieces, each but the last with a line that says how many follow.
    """
    pieces: list[str] = []
    while size(last := join(text, kept)) > MAX_BYTES:
        end = len(text) if kept and size(text) <= _ROOM else _best_end(text)
        pieces.append(text[:end].rstrip("\n"))
        text = text[end:].lstrip("\n")
    return (*(piece + _more(len(pieces) - done) for done, piece in enumerate(pieces)), last)


def join(*texts: str) -> str:
    """One text of several, with a blank line between them."""
    return "\n\n".join(text for text in texts if text)


def _more(count: int) -> str:
    return f"\n（还有 {count} 段，回复“{menu_link(GO_ON, 0)}”接着看）"


_ROOM = MAX_BYTES - size(_more(999_999))


def _best_end(text: str) -> int:
    """Where a piece ends: at the best pause in its second half, else where it is full."""
    text = text[: _ROOM + MAX_ANCHOR]
    full, half = _fitting(text, _ROOM), _fitting(text, _ROOM // 2)
    within = {at for link in ANCHOR.finditer(text) for at in range(link.start() + 1, link.end())}
    for pause in _PAUSES:
        pauses = {found.end() for found in pause.finditer(text, half)} - within
        if ends := [at for at in pauses if at <= full and not _splits_sign(text, at)]:
            return max(ends)
    ends = [at for at in range(half, full + 1) if at not in within]
    return next((at for at in ends[:-_LONGEST_SIGN:-1] if not _splits_sign(text, at)), ends[-1])


def _fitting(text: str, room: int) -> int:
    """How many characters fit into that many bytes."""
    return len(text[:room].encode()[:room].decode(errors="ignore"))


def _splits_sign(text: str, at: int) -> bool:
    """Whether a cut there goes through what is read as one sign: a letter with accents, an emoji, a flag."""
    head, after = text[:at], text[at : at + 1]
    flag_letters = len(head) - len(head.rstrip(_FLAG_LETTERS))
    return bool(after) and (
        _JOINER in (head[-1:], after)
        or unicodedata.category(after).startswith("M")
        or _MODIFIERS.match(after) is not None
        or (after in _FLAG_LETTERS and flag_letters % 2 == 1)
    )

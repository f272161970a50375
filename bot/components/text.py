"""One way to clean a citizen's sentence, the same in training and in service."""

from opencc import OpenCC

MAX_CHARACTERS = 200
"""What stands later in a longer message is not read by NLU (the API still gets all of it)."""

_FULL_WIDTH_TO_ASCII = 0xFEE0


class _CharacterTable(dict):
    """Maps a code point to the one character that stands for it, worked out on first use."""

    def __init__(self) -> None:
        super().__init__()
        self._opencc = OpenCC("t2s")

    def __missing__(self, code_point: int) -> str:
        character = self[code_point] = self._fold(code_point)
        return character

    def _fold(self, code_point: int) -> str:
        if code_point == 0x3000:
            return " "
        if 0xFF01 <= code_point <= 0xFF5E:
            code_point -= _FULL_WIDTH_TO_ASCII
        character = chr(code_point)
        if not character.isprintable():  # control characters, lone surrogates, line separators
            return " "
        for folded in (character.lower(), self._opencc.convert(character)):
            if folded != character and len(folded) == 1:
                return folded
        return character


_TABLE = _CharacterTable()


def normalise(text: str) -> str:
    """Folds case, width and traditional characters, each character on its own.

    Args:
        text: what the citizen wrote, of any length and content.

    Returns:
        At most `MAX_CHARACTERS` characters; the i-th stands for the i-th of `text`,
        so offsets into the one are offsets into the other.
    """
    return text[:MAX_CHARACTERS].translate(_TABLE)

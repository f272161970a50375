"""What a citizen typed, made fit to be read, stored and sent on."""

from __future__ import annotations

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs"}  # controls, formats (zero width, direction), half surrogates


def clean(text: str) -> str:
    """Drop what cannot be seen and join what is left by single spaces.

    Args:
        text: Anything that came in as a JSON string.

    Returns:
        Text that any database and any encoder accepts; it may be empty.
    """
    composed = unicodedata.normalize("NFC", text)
    visible = (char for char in composed if char.isspace() or unicodedata.category(char) not in _INVISIBLE)
    return " ".join("".join(visible).split())

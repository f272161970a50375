"""ID and mobile numbers are masked before a text is stored or logged."""

from __future__ import annotations

import re

ID_MASK = "〔证件号已隐去〕"
PHONE_MASK = "〔手机号已隐去〕"

# \d is any decimal digit, so full-width ones count too. Single blanks or hyphens are allowed only
# where people put them (6-8-4 and 3-4-4), else two dates or prices in a row would be taken for one.
_GAP = r"[ \-–—·.]?"
_ID = re.compile(rf"(?<!\d)(?:\d{{14,18}}[\dXxＸｘ]|\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXxＸｘ])(?!\d)")
_PHONE = re.compile(rf"(?<!\d)(?:[+＋]?[8８][6６]{_GAP})?[1１][3-9３-９]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")


def mask(text: str) -> str:
    """Replace ID numbers (15 to 19 digits, last may be X) and mobile numbers.

    Args:
        text: Any text.

    Returns:
        The text with each such number replaced by words; all else as it was.
    """
    return _PHONE.sub(PHONE_MASK, _ID.sub(ID_MASK, text))

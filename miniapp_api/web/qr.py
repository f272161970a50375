"""QR codes as SVG."""

import qrcode
from qrcode.image.svg import SvgPathImage

QUIET_ZONE = 4
"""Blank modules around the code; the standard asks for four."""


def draw(text: str) -> str:
    """Draw a QR code.

    Args:
        text: What the code says, as a rule an address of at most 300 characters.

    Returns:
        An SVG document, black on white, sized by its viewBox in modules.

    Raises:
        qrcode.exceptions.DataOverflowError: The text is longer than a QR code can hold.
    """
    code = _holding(text)
    code.make(fit=True)
    return code.make_image().to_string(encoding="unicode")


def version(text: str) -> int:
    """Tell how large the code of a text is: version v has 17 + 4 v modules a side."""
    return int(_holding(text).best_fit())


def _holding(text: str) -> qrcode.QRCode:
    """Put a text into a code; a long run of digits in it takes 10 bits for three."""
    code = qrcode.QRCode(
        error_correction=qrcode.ERROR_CORRECT_M,
        border=QUIET_ZONE,
        image_factory=WhitePath,
    )
    code.add_data(text)
    return code


class WhitePath(SvgPathImage):
    """One path on a white ground, so that the code can be read in dark mode too."""

    background = "#ffffff"

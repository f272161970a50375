"""What a reader sees of a PDF, by another program than the one that drew it."""

import re
from io import BytesIO

import pypdfium2
import zxingcpp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

PIXELS = 200 / 72
"""For each point: a printer's or a scanner's 200 dots an inch."""


def pages(pdf):
    """Give the text of each page without blanks."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [squeezed(page.get_textpage().get_text_range()) for page in document]


def text(pdf):
    """Give the whole text without blanks."""
    return "".join(pages(pdf))


def squeezed(words):
    return re.sub(r"\s+", "", words)


def codes(pdf):
    """Read the QR codes off the pages."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            image = page.render(scale=PIXELS).to_pil().convert("L")
            grey = memoryview(image.tobytes()).cast("B", shape=[image.height, image.width])
            found += [code.text for code in zxingcpp.read_barcodes(grey)]
    return found


def verified(pdf):
    """Check the signature of a document; gives what was found."""
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature)

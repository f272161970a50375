"""Each paper as a reader, a scanner and an archive see it."""

import re
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from miniapp_api.papers.composing import chinese_day
from miniapp_api.papers.kinds import KINDS
from tests.papers import reading
from tests.papers.conftest import DAY, LINK, NUMBER

pytestmark = pytest.mark.parametrize("kind", KINDS)
"""Each kind is drawn once, and then looked at by every test."""


def test_everything_that_was_written_can_be_read_off_the_pages(drawn, written, kind):
    seen = reading.text(drawn(kind))
    for words in written(kind).texts():
        assert reading.squeezed(words) in re.sub(r"样章·无效.*?第\d页", "", seen)


def test_number_date_and_bureau_are_on_it(drawn, kind):
    seen = reading.text(drawn(kind))
    assert all(words in seen for words in (NUMBER, chinese_day(DAY), "十堰市行政审批局"))


def test_the_code_can_be_scanned_off_the_page(drawn, kind):
    assert reading.codes(drawn(kind)) == [LINK]


def test_every_page_says_plainly_that_it_is_a_sample(drawn, kind):
    pages = reading.pages(drawn(kind))
    assert all("样章·无效仅供演示，没有法律效力" in page for page in pages)
    assert "样章无效" in pages[-1]


def test_the_signature_is_good_and_covers_all_of_it(drawn, kind):
    status = reading.verified(drawn(kind))
    assert status.intact
    assert status.valid
    assert status.coverage.name == "ENTIRE_FILE"


def test_it_has_what_an_archive_needs(drawn, kind):
    """The rules of PDF/A-2u (ISO 19005-2) that can be seen without a validator."""
    pdf = drawn(kind)
    reader = PdfFileReader(BytesIO(pdf))
    root = reader.root
    xmp = root["/Metadata"].data.decode()
    assert 'pdfaid:part="2"' in xmp
    assert 'pdfaid:conformance="U"' in xmp
    [intent] = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].data[36:40] == b"acsp"
    assert root["/Lang"] == "zh-CN"
    assert "/ID" in reader.trailer_view
    assert "/Encrypt" not in reader.trailer_view
    assert not {"/AA", "/Names"} & root.keys()
    assert isinstance(root["/OpenAction"], generic.ArrayObject)  # a place to begin at, no action
    assert reader.input_version == (1, 7)
    assert "/NeedAppearances" not in root["/AcroForm"]
    for page in root["/Pages"]["/Kids"]:
        _page_is_plain(page.get_object())


def _page_is_plain(page):
    """No transparency, no images, every font embedded and with a way back to Unicode; annotations may be printed."""
    resources = page["/Resources"]
    assert not {"/ExtGState", "/XObject", "/Pattern", "/Shading"} & resources.keys()
    for font in map(resources["/Font"].__getitem__, resources["/Font"]):
        assert font["/Subtype"] == "/Type0"
        assert b"beginbfchar" in font["/ToUnicode"].data
        descendant = font["/DescendantFonts"][0]
        assert descendant["/FontDescriptor"]["/FontFile3"].data
    for annotation in page.get("/Annots", generic.ArrayObject()):
        shown = annotation.get_object()
        assert int(shown["/F"]) & 0b100111 == 0b100
        assert list(map(float, shown["/Rect"])) == [0, 0, 0, 0]


def test_only_the_characters_that_it_shows_are_embedded(drawn, kind):
    assert len(drawn(kind)) < 80_000

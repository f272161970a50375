"""The QR code is small enough for a receipt's paper and survives blur and dirt."""

import random
import re
import secrets
from datetime import date

import pytest
import qrcode
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.code_settings import FIRST_DAY, LAST_DAY, CodeKey
from miniapp_api.extensions import db
from miniapp_api.signed_codes import service
from miniapp_api.signed_codes.code import Claims, Kind, check, sign
from miniapp_api.signed_codes.keys import KeyRing
from miniapp_api.web.service import draw, version
from tests.conftest import only_sqlite
from tests.signed_codes.conftest import HOST

KEY = CodeKey.from_seed(7, bytes(range(32)), FIRST_DAY, LAST_DAY)
DAY = date(2026, 11, 25)
QUIET = 4
FINDER = 9
"""Modules a side of a finder pattern with what is around it; without these there is no code to read."""

PIXELS = 3
"""A side of a module; at two, blurred, it can no longer be read."""


def address(code_id=None):
    claims = Claims(7, Kind.ACCEPTANCE, DAY, code_id or secrets.token_hex(6))
    return f"https://{HOST}/r/{sign(claims, HOST, KEY)}"


def modules(svg):
    """Read the modules out of an SVG, quiet zone included: rows of 0 for dark and 255 for light."""
    side = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg)[1])
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)H", svg)}
    return [[0 if (x, y) in dark else 255 for x in range(side)] for y in range(side)]


def enlarged(rows, pixels=PIXELS):
    return [[value for value in row for _ in range(pixels)] for row in rows for _ in range(pixels)]


def blurred(rows):
    """Average each pixel with its eight neighbours."""
    side = len(rows)
    summed = [[sum(row[max(0, x - 1) : x + 2]) for x in range(side)] for row in rows]
    return [[sum(line[x] for line in summed[max(0, y - 1) : y + 2]) // 9 for x in range(side)] for y in range(side)]


def decoded(rows):
    image = memoryview(bytes(value for row in rows for value in row)).cast("B", shape=[len(rows), len(rows[0])])
    found = zxingcpp.read_barcode(image)
    return found and found.text


def dirtied(rows, share, size, chance):
    """Whiten square blocks of so many modules a side, clear of the finder patterns, until a share is gone."""
    side = len(rows) - 2 * QUIET
    rows = [list(row) for row in rows]
    gone = set()
    while len(gone) < share * side * side:
        x, y = chance.randrange(side - size + 1), chance.randrange(side - size + 1)
        left, right, top, bottom = x < FINDER, x + size > side - FINDER, y < FINDER, y + size > side - FINDER
        if not (left and (top or bottom)) and not (right and top):
            gone |= {(x + dx, y + dy) for dx in range(size) for dy in range(size)}
    for x, y in gone:
        rows[y + QUIET][x + QUIET] = 255
    return rows


def test_it_stays_at_version_6_up_to_a_host_of_19_characters():
    assert len(HOST) == 19
    assert len(address()) == 209
    assert version(address()) == 6
    assert version(f"https://{'h' * 20}/r/{'0' * 179}") == 7
    assert len(modules(draw(address()))) == 41 + 2 * QUIET


@given(
    st.from_regex(r"[a-z0-9](-?[a-z0-9]){0,10}(\.[a-z]{2,4}){1,2}|[0-9.]{19}|[a-z0-9.]{14}:[0-9]{4}", fullmatch=True)
)
def test_any_host_of_up_to_19_characters_gives_version_6_at_most(host):
    digits = secrets.token_hex(90).translate(str.maketrans("abcdef", "012345"))[:179]
    if len(host) <= 19:
        assert version(f"https://{host}/r/{digits}") <= 6


@only_sqlite
def test_the_configured_host_gives_version_6_at_most(app, issued):
    code_id, digits = issued()
    with app.app_context():
        code = service.read(db.session, digits)
        assert code.id == code_id
        assert version(service.link_of(code)) <= 6
        assert decoded(enlarged(modules(service.qr_svg(code)))) == service.link_of(code)


def test_a_thousand_codes_are_read_back():
    """Drawn without the search for the best mask, which takes most of the time; each mask has its turn."""
    for number in range(1000):
        text = address()
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET, mask_pattern=number % 8)
        code.add_data(text)
        code.make(fit=True)
        assert code.version <= 6
        read = decoded(enlarged([[0 if dark else 255 for dark in row] for row in code.get_matrix()]))
        assert read == text
        check(read.rpartition("/")[2], HOST, KeyRing([KEY]), DAY)


def test_blurred_codes_are_read_back():
    for _ in range(20):
        text = address()
        assert decoded(blurred(enlarged(modules(draw(text))))) == text


@pytest.mark.parametrize(
    ("share", "size", "at_least"),
    [
        (0.10, 13, 38),  # one blotch of a tenth of the code
        (0.05, 7, 40),  # scattered spots: more code words are hit than their area says
        (0.20, 7, 0),  # the negative control: too much for level M
    ],
)
def test_dirty_codes_are_read_back_and_never_wrongly(share, size, at_least):
    chance = random.Random(600)
    read = 0
    for _ in range(40):
        text = address(chance.randbytes(6).hex())
        found = decoded(enlarged(dirtied(modules(draw(text)), share, size, chance)))
        assert found in {text, None}
        read += found == text
    assert read >= at_least
    assert at_least or read == 0

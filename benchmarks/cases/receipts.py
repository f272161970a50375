"""Receipts: flipped bits that pass, and codes on soiled paper that zxing-cpp still reads."""

from __future__ import annotations

import io
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import qrcode
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.figures import Figure
from miniapp_api.code_algorithms import ALGORITHMS
from miniapp_api.code_settings import FIRST_DAY, LAST_DAY, CodeKey
from miniapp_api.signed_codes.code import LENGTH, Claims, ForgedCodeError, Kind, check, decode, encode, sign
from miniapp_api.signed_codes.keys import KeyRing

HOST = "zwfw.example.gov.cn"
RECEIPTS = 1000
DAY = date(2026, 11, 25)
PIXELS = 3
"""A side of a module in the PNG."""

QUIET = 4
FINDER = 9
"""Modules a side of a finder pattern with what is around it; without these there is no code to read."""

ERASED = 0.10
SEED = 704

_SECRET = bytes(range(100, 132))
KEYS = [CodeKey.from_seed(n, _SECRET, FIRST_DAY, LAST_DAY, algorithm=one) for n, one in enumerate(ALGORITHMS.values())]

Harm = Callable[[Image.Image, int, random.Random], None]
"""Whitens a part of a picture of so many modules a side."""


def figures() -> list[Figure]:
    """Measure."""
    return [*_flips(), *_pictures()]


def _flips() -> list[Figure]:
    """Flip each bit. All 32 numbers are of the same key, and the day is the last: only the signature tells."""
    found = []
    for key in KEYS:
        ring = KeyRing(replace(key, kid=kid) for kid in range(32))
        code = int.from_bytes(decode(sign(Claims(key.kid, Kind.ACCEPTANCE, DAY, "0123456789ab"), HOST, key)))
        if not _passes(encode(code.to_bytes(LENGTH)), ring):
            raise RuntimeError("the code itself does not pass, so nothing is measured")
        bits = LENGTH * 8
        accepted = sum(_passes(encode((code ^ 1 << bit).to_bytes(LENGTH)), ring) for bit in range(bits))
        name = key.algorithm.name
        told = f"of {bits} codes of {name}, each with one bit flipped; all numbers of keys known"
        found.append(Figure(f"cases.receipts.flips_accepted_{name.lower()}", accepted, "", "= 0", told))
    return found


def _passes(digits: str, ring: KeyRing) -> bool:
    try:
        check(digits, HOST, ring, LAST_DAY)
    except ForgedCodeError:
        return False
    return True


def _pictures() -> list[Figure]:
    """Draw receipts, soil them in each way, read them back, and check what was read."""
    chance, ring, read, versions = random.Random(SEED), KeyRing(KEYS), Counter[str](), set[int]()
    for number in range(RECEIPTS):
        key = KEYS[number % len(KEYS)]
        claims = Claims(key.kid, chance.choice(list(Kind)), DAY, chance.randbytes(6).hex())
        address = f"https://{HOST}/r/{sign(claims, HOST, key)}"
        drawn, version = _png(address, mask=number // len(KEYS) % 8)
        versions.add(version)
        for name, (soil, _, _) in _WAYS.items():
            found = _read(soil(Image.open(io.BytesIO(drawn)).convert("L"), 17 + 4 * version, chance))
            if found not in {address, None}:
                raise RuntimeError("something else was read than was written")
            read[name] += found == address
        check(address.rpartition("/")[2], HOST, ring, DAY)
    drawn_as = f"of {RECEIPTS} PNGs (Ed25519 and SM2 in turn, {PIXELS} pixels a module, each mask in turn, host of 19)"
    return [
        Figure("cases.receipts.qr_version", max(versions), "", "≤ 6", f"the largest {drawn_as}, level M"),
        *(
            Figure(f"cases.receipts.{name}", read[name], "", bar, f"{drawn_as}: {how}")
            for name, (_, bar, how) in _WAYS.items()
        ),
    ]


def _png(address: str, mask: int) -> tuple[bytes, int]:
    """Draw a code; without the search for the best mask, which takes most of the time."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET, box_size=PIXELS, mask_pattern=mask)
    code.add_data(address)
    code.make(fit=True)
    file = io.BytesIO()
    code.make_image().save(file)
    return file.getvalue(), int(code.version)


def _read(picture: Image.Image) -> str | None:
    pixels = memoryview(picture.tobytes()).cast("B", shape=[picture.height, picture.width])
    found = zxingcpp.read_barcode(pixels)
    return found.text if found else None


def _blurred(picture: Image.Image, *_: object) -> Image.Image:
    return picture.filter(ImageFilter.BoxBlur(1))


def _harmed(harm: Harm, *, blur: bool) -> Callable[[Image.Image, int, random.Random], Image.Image]:
    def soil(picture: Image.Image, side: int, chance: random.Random) -> Image.Image:
        harm(picture, side, chance)
        return _blurred(picture) if blur else picture

    return soil


def _tear(picture: Image.Image, side: int, _chance: random.Random) -> None:
    """Tear off the corner that has no finder pattern, along a slanting line."""
    leg = math.sqrt(2 * ERASED) * side
    end = (side + QUIET) * PIXELS
    ImageDraw.Draw(picture).polygon([(end, end - leg * PIXELS), (end, end), (end - leg * PIXELS, end)], fill=255)


def _stripe(picture: Image.Image, side: int, chance: random.Random) -> None:
    """Leave out a stripe from top to bottom between the finder patterns, as a printing head with a dead spot does."""
    width = ERASED * side
    left = (chance.uniform(FINDER, side - FINDER - width) + QUIET) * PIXELS
    ImageDraw.Draw(picture).rectangle(
        [left, QUIET * PIXELS, left + width * PIXELS - 1, (side + QUIET) * PIXELS - 1], fill=255
    )


def _blotch(picture: Image.Image, side: int, chance: random.Random) -> None:
    """Drop a square somewhere clear of the finder patterns."""
    size = round(math.sqrt(ERASED) * side)
    _squares(picture, side, size, size * size, chance)


def _spots(picture: Image.Image, side: int, chance: random.Random) -> None:
    """Scatter spots of 3 × 3 modules clear of the finder patterns until a tenth is gone."""
    _squares(picture, side, 3, math.ceil(ERASED * side * side), chance)


def _squares(picture: Image.Image, side: int, size: int, wanted: int, chance: random.Random) -> None:
    gone = set[tuple[int, int]]()
    while len(gone) < wanted:
        x, y = chance.randrange(side - size + 1), chance.randrange(side - size + 1)
        left, right, top, bottom = x < FINDER, x + size > side - FINDER, y < FINDER, y + size > side - FINDER
        if not (left and (top or bottom)) and not (right and top):
            gone |= {(x + dx, y + dy) for dx in range(size) for dy in range(size)}
    pencil = ImageDraw.Draw(picture)
    for x, y in gone:
        corner = ((x + QUIET) * PIXELS, (y + QUIET) * PIXELS)
        pencil.rectangle([corner, (corner[0] + PIXELS - 1, corner[1] + PIXELS - 1)], fill=255)


_ALL = f"= {RECEIPTS}"
_WAYS = {
    "read_plain": (lambda picture, *_: picture, _ALL, "as drawn"),
    "read_blurred": (_blurred, _ALL, "each pixel the mean of 3 × 3"),
    "read_torn": (_harmed(_tear, blur=False), _ALL, "10 % of the area torn off at the corner without a finder pattern"),
    "read_torn_blurred": (_harmed(_tear, blur=True), _ALL, "the same, and blurred"),
    "read_striped": (
        _harmed(_stripe, blur=False),
        _ALL,
        "a stripe of 10 % of the area unprinted, from top to bottom between the finder patterns",
    ),
    "read_striped_blurred": (_harmed(_stripe, blur=True), _ALL, "the same, and blurred"),
    "read_blotched": (
        _harmed(_blotch, blur=False),
        "",
        "no bar: a white square of 13 × 13 modules (10 %) anywhere clear of the finder patterns; level M mends 8 of "
        "the 43 code words of each of the four blocks, and such a square may meet more",
    ),
    "read_spotted": (
        _harmed(_spots, blur=False),
        "",
        "no bar: white spots of 3 × 3 modules on 10 % of the area; more code words are hit than level M can mend",
    ),
}
"""How a picture is soiled, the bar, and what that means."""

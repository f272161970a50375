"""QR codes as PNG (ISO/IEC 15948), without an imaging library."""

from __future__ import annotations

import struct
import zlib

import qrcode

MODULE = 8
"""Pixels per module."""


def qr_png(text: str) -> bytes:
    """Draw a QR code: one bit per pixel, black on white."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = [_scanline(row) * MODULE for row in code.get_matrix()]
    size = len(rows) * MODULE
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _scanline(row: list[bool]) -> bytes:
    """One line of pixels: filter 0, then a byte for each module, since MODULE is 8."""
    return b"\0" + bytes(0 if dark else 0xFF for dark in row)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

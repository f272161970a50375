"""ID and mobile numbers never pass; everything else does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.logs import mask_event
from miniapp_api.masking import ID_MASK, PHONE_MASK, mask
from miniapp_api.text import clean

WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
ids = st.from_regex(r"[1-8][0-9]{5}(19|20)[0-9]{6}[0-9]{3}[0-9Xx]|[1-8][0-9]{14}", fullmatch=True)
around = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=20)


def grouped(number, sizes, gap):
    parts, rest = [], number
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return gap.join([*parts, rest] if rest else parts)


@given(around, st.one_of(phones, ids), around, st.booleans())
def test_no_number_passes_whatever_stands_around_it(before, number, after, wide):
    written = number.translate(WIDE) if wide else number
    masked = mask(f"{before}{written}{after}")
    assert written not in masked
    assert masked.startswith(before.rstrip("+＋")[:1])


@given(phones, st.sampled_from([" ", "-", "–", "·"]), st.sampled_from(["", "+86", "+86 ", "86-"]))
def test_a_phone_number_written_in_groups_is_masked(number, gap, prefix):
    assert mask(f"电话{prefix}{grouped(number, [3, 4], gap)}。") == f"电话{PHONE_MASK}。"


@given(ids.filter(lambda number: len(number) == 18), st.sampled_from([" ", "-"]))
def test_an_id_number_written_in_groups_is_masked(number, gap):
    assert mask(f"证号{grouped(number, [6, 8], gap)}") == f"证号{ID_MASK}"


@given(st.text())
def test_masking_twice_changes_nothing_more(text):
    assert mask(mask(text)) == mask(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_text_without_long_numbers_is_left_alone(text):
    if not re.search(r"\d([ \-–—·.]?\d){9}", text):
        assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "面积260.5平方米，租金12000元，2026-11-22 到 2027-03-01",
        "大厅电话0719-8672345，热线12345，400-123-4567",
        "100 200 300 400 500 600",
        "http://127.0.0.1:8000/c/abc",
        "统一社会信用代码91420300MA48XXXX1A",
        "订单号12345678901234567890123",
    ],
)
def test_what_citizens_and_clerks_need_stays_readable(text):
    assert mask(text) == text


@given(st.one_of(phones, ids))
def test_every_depth_of_a_logged_event_is_masked(number):
    event = {"event": f"x{number}x", "deep": [{"k": (number, int(number) if number.isdigit() else 0)}], number: 1}
    assert number not in str(mask_event(None, "info", event))


def test_numbers_of_requests_and_plain_values_are_logged_as_they_are():
    event = {"request_id": "13812345678", "ms": 1.5, "status": 200, "ok": True, "none": None}
    assert mask_event(None, "info", event) == event


@given(st.text(st.characters(), max_size=100))
def test_cleaned_text_can_be_stored_and_sent(text):
    cleaned = clean(text)
    cleaned.encode()
    assert cleaned == " ".join(cleaned.split())
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@given(st.text(st.characters(categories=["Lo", "Nd", "So", "Lu"]), max_size=100))
def test_cleaning_keeps_what_can_be_seen(text):
    assert len(clean(text)) <= len(text) or clean(text) != text
    assert all(char in clean(text) for char in text if char.isascii() and not char.isspace())

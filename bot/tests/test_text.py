"""Cleaning keeps every character's place, whatever it is given."""

import random

import pytest

from bot.components.text import MAX_CHARACTERS, normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("開飯店要辦什麼", "开饭店要办什么"),
        ("ＫＴＶ　１２３％", "ktv 123%"),
        ("KTV", "ktv"),
        ("面積改成150㎡", "面积改成150㎡"),
        ("一\x00二\u200b三\n四", "一 二 三 四"),
        ("\ud800", " "),
        ("🔥火锅", "🔥火锅"),
        ("", ""),
    ],
)
def test_folds(written, read):
    assert normalise(written) == read


def test_a_letter_whose_lower_case_is_two_stays():
    assert normalise("İ") == "İ"


def test_length_is_kept_up_to_the_bound_for_any_text():
    dice = random.Random(7)
    for _ in range(300):
        text = "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randrange(MAX_CHARACTERS)))
        assert len(normalise(text)) == len(text)
    assert len(normalise("长" * 10_000)) == MAX_CHARACTERS

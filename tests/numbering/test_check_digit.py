"""The check digit shows slips of the hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.numbering import service

NUMBERS = st.text("0123456789", min_size=1, max_size=24)


@given(NUMBERS)
def test_a_number_with_its_check_digit_is_good(number):
    assert service.verify(number + service.check_digit(number))


@given(NUMBERS, st.data())
def test_any_one_wrong_digit_is_caught(number, data):
    good = number + service.check_digit(number)
    place = data.draw(st.integers(0, len(good) - 1))
    wrong = data.draw(st.sampled_from(sorted(set("0123456789") - {good[place]})))
    assert not service.verify(good[:place] + wrong + good[place + 1 :])


def test_of_swapped_neighbours_few_pass():
    good = [f"{number:04d}" + service.check_digit(f"{number:04d}") for number in range(10_000)]
    swaps = [
        text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        for text in good
        for place in range(4)
        if text[place] != text[place + 1]
    ]
    assert sum(map(service.verify, swaps)) < len(swaps) / 40


@pytest.mark.parametrize("text", ["", "5", "12a4", "１２３４５", "²²", "-79462", " 794623", "794623\n"])
def test_what_is_no_such_number_is_not_good(text):
    assert not service.verify(text)


@pytest.mark.parametrize("text", ["", "12a", "４２", "4 2"])
def test_only_digits_have_a_check_digit(text):
    with pytest.raises(ValueError, match="ASCII digits"):
        service.check_digit(text)


def test_the_example_of_the_standard():
    assert service.check_digit("0794") == "5"
    assert service.verify("07945")

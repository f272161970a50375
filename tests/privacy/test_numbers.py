"""Numbers are checked, brought into one form, never repeated, and masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from miniapp_api.errors import Problem
from miniapp_api.privacy.service import credit_code, id_number, mask_mobile, mask_name, mask_number, mobile
from tests.appointments.world import id_number as some_number

NUMBER = "11010519491231002X"
CODE = "91110000600037341L"
FULL_WIDTH = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789XL+"}


def refused(check, text):
    with pytest.raises(Problem) as caught:
        check(text, name="field")
    assert caught.value.code == 422
    [(name, why)] = caught.value.invalid_params
    assert name == "field"
    assert text not in why or not text
    return why


@pytest.mark.parametrize(
    "text", [NUMBER, NUMBER.lower(), " 110105 1949-1231 002x\n", NUMBER.translate(FULL_WIDTH), "110105–19491231–002X"]
)
def test_an_id_number_may_be_typed_in_many_ways(text):
    assert id_number(text) == NUMBER


@pytest.mark.parametrize("text", ["", "11010519491231002", "110105194912310021", "11010520491231002X", "abc", "٠" * 18])
def test_what_is_no_id_number_is_refused_in_words(text):
    assert "18 位" in refused(id_number, text)


@given(st.integers(0, 16), st.integers(0, 9))
def test_one_wrong_digit_is_noticed(at, digit):
    number = some_number()
    wrong = number[:at] + str(digit) + number[at + 1 :]
    if wrong != number:
        refused(id_number, wrong)


def test_a_credit_code_is_checked_with_its_check_character():
    assert uscc.is_valid(CODE)
    for text in (CODE, CODE.lower(), f" {CODE[:8]} {CODE[8:]}", CODE.translate(FULL_WIDTH)):
        assert credit_code(text) == CODE
    for at in range(18):
        refused(credit_code, CODE[:at] + ("A" if CODE[at] != "A" else "B") + CODE[at + 1 :])
    assert "信用代码" in refused(credit_code, "")


@pytest.mark.parametrize(
    "text", ["13800000000", " 138 0000-0000", "+86 138 0000 0000", "8613800000000", "13800000000".translate(FULL_WIDTH)]
)
def test_a_mobile_number_may_be_typed_in_many_ways(text):
    assert mobile(text) == "13800000000"


@pytest.mark.parametrize("text", ["", "12800000000", "1380000000", "138000000000", "0719-8888888", "+1 3800000000"])
def test_what_is_no_mobile_number_is_refused_in_words(text):
    assert "11 位" in refused(mobile, text)


def test_masks_show_only_the_ends():
    assert [mask_name(name) for name in ("王", "李芳", "王小明", "欧阳震华", "买买提·吐尔逊")] == [
        "王",
        "李*",
        "王**",
        "欧***",
        "买***",
    ]
    assert mask_number("420300199001011234") == "4203**********1234"
    assert mask_number("A1234567") == "********"
    assert mask_mobile("13800001234") == "138****1234"

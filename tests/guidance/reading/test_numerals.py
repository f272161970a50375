"""Numbers, in every style in which people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidance.reading import read_quantities
from guidance.reading.numerals import read_numeral
from guidance.values import Range
from tests.guidance.reading import chinese

STYLES = {
    "standard": chinese.standard,
    "two as liang": lambda n: chinese.twos(chinese.standard(n)),
    "colloquial": chinese.colloquial,
    "colloquial, two as liang": lambda n: chinese.twos(chinese.colloquial(n)),
    "formal": lambda n: chinese.standard(n).translate(chinese.FORMAL),
    "traditional": lambda n: chinese.twos(chinese.standard(n)).translate(chinese.TRADITIONAL),
    "arabic": str,
    "arabic with commas": lambda n: f"{n:,}",
    "full width": lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),
    "mixed": chinese.mixed,
}


def only(text: str) -> Range:
    (quantity,) = read_quantities(text)
    return quantity.value


@pytest.mark.parametrize("style", STYLES)
def test_every_number_reads_back(style: str) -> None:
    write = STYLES[style]
    wrong = [n for n in range(1, 100_000, 29) if only(f"{write(n)}平方米") != Range(n, n)]
    assert wrong == []


@pytest.mark.parametrize(("style", "step"), [("standard", 1), ("colloquial, two as liang", 5)])
def test_no_number_is_left_out(style: str, step: int) -> None:
    write = STYLES[style]
    said = {n: write(n) for n in range(1, 100_000, step)}
    read = {n: read_numeral(text, 0) for n, text in said.items()}
    assert [n for n, numeral in read.items() if numeral is None or (numeral.low, numeral.high) != (n, n)] == []
    assert [n for n, numeral in read.items() if numeral and numeral.end != len(said[n])] == []


@pytest.mark.parametrize("number", [100, 105, 260, 999, 2026, 3050, 20_000])
def test_digits_read_one_by_one(number: int) -> None:
    assert only(f"{chinese.positional(number)}平") == Range(number, number)


@given(
    st.integers(1, 99_999), st.sampled_from(sorted(STYLES)), st.sampled_from(["个平方", "平", "㎡", " 平方米", "m2"])
)
@settings(max_examples=300, deadline=None)
def test_number_with_a_unit_inside_a_sentence(number: int, style: str, unit: str) -> None:
    quantities = read_quantities(f"我那个店有{STYLES[style](number)}{unit}呢，你看")
    assert [(q.low, q.high) for q in quantities] == [(number, number)]
    assert quantities[0].unit


@given(st.integers(1, 9), st.sampled_from([10, 100, 1000, 10_000]))
@settings(deadline=None)
def test_more_than_a_round_number_stays_below_the_next(digit: int, power: int) -> None:
    number = digit * power
    for text in (f"{chinese.standard(number)}多平", f"{number}多平"):
        assert only(text) == Range(number, number + power, low_open=True, high_open=True)


@given(st.integers(1, 9_999))
@settings(deadline=None)
def test_about_is_a_tenth_below_twenty_a_fifth(number: int) -> None:
    slack = number * (0.2 if number < 20 else 0.1)
    for text in (f"大概{number}平", f"{chinese.standard(number)}平左右", f"差不多{number}个平方"):
        assert only(text).low == pytest.approx(number - slack)
        assert only(text).high == pytest.approx(number + slack)


@given(st.integers(1, 99_999))
@settings(deadline=None)
def test_bounds_include_the_number_as_the_civil_code_says(number: int) -> None:
    for below in (f"{number}平以内", f"{number}平以下", f"不超过{number}平", f"最多{number}平"):
        assert only(below) == Range(None, number)
    for above in (f"{number}平以上", f"至少{number}平", f"不少于{number}平"):
        assert only(above) == Range(number, None)
    for under in (f"不到{number}平", f"不足{number}平", f"{number}平不到"):
        assert only(under) == Range(None, number, high_open=True)
    assert only(f"超过{number}平") == Range(number, None, low_open=True)


@given(st.integers(1, 99_999), st.integers(1, 99_999))
@settings(deadline=None)
def test_a_range_between_two_numbers(one: int, other: int) -> None:
    low, high = sorted((one, other))
    if low == high:
        return
    for text in (f"{low}到{high}平", f"{low}-{high}平", f"{low}平至{high}平之间", f"{low}~{high}㎡"):
        assert only(text) == Range(low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("两三百平", 200, 300),
        ("一二百平", 100, 200),
        ("三五个人", 3, 5),
        ("十五六万", 150_000, 160_000),
        ("一百五六十平", 150, 160),
        ("二百六七平", 260, 270),
        ("两百来平", 180, 220),
        ("两百六十来平", 250, 270),
        ("十来张桌子", 8, 12),
        ("百八十平", 80, 120),
        ("百把个平方", 90, 120),
        ("2-3百平", 200, 300),
        ("3到5万", 30_000, 50_000),
        ("两、三百平", 200, 300),
        ("近三百平", 270, 300),
        ("三百出头", 300, 330),
    ],
)
def test_vague_numbers(text: str, low: float, high: float) -> None:
    value = only(text)
    assert (value.low, value.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01",
        "10:30",
        "13912345678",
        "0719-8661234",
        "千万别",
        "万一",
        "十堰",
        "一起",
        "三分之一",
        "统一",
        "第三",
        "打12345",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read_quantities(text) == ()


@pytest.mark.parametrize(("text", "unit"), [("二楼", "楼"), ("3个人", "人"), ("2026年", "年"), ("晚上10点", "点")])
def test_numbers_of_something_else_carry_their_measure(text: str, unit: str) -> None:
    (quantity,) = read_quantities(text)
    assert quantity.unit == unit


def test_spans_point_into_the_text_as_given() -> None:
    text = "我這個店\u200b差不多　貳佰陸拾 平方公尺啦"
    (quantity,) = read_quantities(text)
    assert text[slice(*quantity.span)] == quantity.quote == "差不多　貳佰陸拾 平方公尺"

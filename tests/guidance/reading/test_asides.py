"""Answers to helping questions, sides of thresholds, quotes."""

from dataclasses import replace
from typing import Any

import pytest

from guidance.reading import Reader
from guidance.values import Range
from tests.guidance.reading.conftest import DISTRICTS


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("十来张桌子", "张", Range(8, 12)),
        ("二十桌", "张", 20),
        ("15", "张", 15),
        ("能摆七八个桌子", "张", Range(7, 8)),
        ("走十分钟", "分钟", 10),
        ("一百平", "张", None),
        ("不知道", "张", None),
    ],
)
def test_reads_the_answer_to_a_helping_question(reader: Reader, text: str, unit: str, value: Any) -> None:
    assert reader.read_amount(text, unit) == value


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("没超过", "low"),
        ("应该没超", "low"),
        ("不到", "low"),
        ("以内吧", "low"),
        ("没有", "low"),
        ("超过了", "high"),
        ("超了", "high"),
        ("不止", "high"),
        ("肯定超过", "high"),
        ("以上", "high"),
        ("不超过", "low"),
        ("不知道", None),
        ("二楼", None),
        ("", None),
    ],
)
def test_reads_the_side_of_a_threshold(reader: Reader, text: str, side: str | None) -> None:
    assert reader.read_side(text) == side


def test_quotes_are_the_citizens_own_words(reader: Reader) -> None:
    text = "我想在茅箭開個火鍋店，麵積兩百來平"
    reading = reader.read(text)
    assert {one.fact: one.quote for one in reading.facts} == {"district": "茅箭", "serves": "火鍋", "area": "兩百來平"}
    assert all(text[slice(*one.span)] == one.quote for one in reading.facts)


def test_what_was_not_understood_is_told(reader: Reader) -> None:
    assert "魔法" in reader.read("卖凉菜，魔法").unread
    assert reader.read("面积的事").topics == ("area",)


def test_how_a_fact_was_read(reader: Reader) -> None:
    cases = [
        ("凉菜、卤味", "serves", "serves", "exact"),
        ("有凉菜", "serves", "serves", "named"),
        ("没有", "flue", "flue", "bare"),
        ("应该有", "flue", "flue", "approximate"),
        ("两百来平", "area", "area", "approximate"),
    ]
    for text, asked, fact, how in cases:
        assert reader.read(text, asked).of(fact).how == how, text


def test_two_facts_that_share_a_word_are_asked_back(theme: Any) -> None:
    shared = dict(theme.facts)
    shared["halal_fact"] = replace(theme.facts["flue"], label="有清真标识", say=["清真"], say_no=[])
    reader = Reader(replace(theme, facts=shared), DISTRICTS)
    reading = reader.read("清真")
    assert reading.facts == ()
    assert [complaint.code for complaint in reading.complaints] == ["ambiguous"]
    assert set(reading.complaints[0].facts) == {"extras", "halal_fact"}
    assert reader.read("清真", "extras").of("extras").value == frozenset({"halal"})

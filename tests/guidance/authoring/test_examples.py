"""What an example says, and what it leaves open."""

from dataclasses import replace

import pytest

from guidance.authoring.examples import Mismatch, check, cities_of, result
from guidance.theme import Example

GIVEN = {"indoor": True, "venue": "cafe", "serves": ["tea"], "people": 100, "district": "east"}
RIGHT = Example(say="茶馆", given=GIVEN, expect=["reading-filing", "food-safety"])


def test_a_right_example_comes_out(city):
    assert check(RIGHT, city) == []


@pytest.mark.parametrize(
    ("changes", "mismatch"),
    [
        ({"expect": ["reading-filing"]}, Mismatch("expect", (), ("food-safety",))),
        ({"expect": ["reading-filing", "food-safety", "safety"]}, Mismatch("expect", ("safety",), ())),
        ({"unset": ["safety"]}, Mismatch("unset", ("safety",), ())),
        ({"perhaps": ["safety"]}, Mismatch("perhaps", ("safety",), ())),
        ({"still_asks": ["people"]}, Mismatch("still_asks", ("people",), ())),
    ],
)
def test_a_wrong_example_says_in_what(city, changes, mismatch):
    assert check(replace(RIGHT, **changes), city) == [mismatch]


def test_what_is_left_out_must_be_empty(city):
    partial = replace(RIGHT, given={"indoor": True, "venue": "cafe", "serves": ["tea"]})
    assert [m.key for m in check(partial, city)] == ["perhaps"]
    assert check(replace(partial, still_asks=["people", "district"]), city) == []


def test_an_example_of_questions_alone_says_nothing_of_results(city):
    assert (
        check(Example(say="只问", given={"indoor": True, "people": 20}, still_asks=["serves", "district"]), city) == []
    )


def test_the_order_of_questions_counts(city):
    told = Example(say="只问", given={"indoor": True, "people": 20}, still_asks=["district", "serves"])
    assert check(told, city) == [Mismatch("still_asks")]


def test_a_value_that_is_no_answer_is_named(city):
    (mismatch,) = check(replace(RIGHT, given={**GIVEN, "people": 0}), city)
    assert mismatch.key == "given" and "people" in mismatch.reason and "1 到 2000" in mismatch.reason


def test_unknown_counts_as_the_theme_says(city):
    told = {**GIVEN, "indoor": "unknown"}
    assert result(city, told).needed == result(city, GIVEN).needed
    assert "safety" in result(city, {**GIVEN, "people": "unknown"}).perhaps


def test_an_example_without_a_city_holds_everywhere(city):
    cities = {"pingan": city, "other": city}
    assert cities_of(RIGHT, cities) == [city, city]
    assert cities_of(replace(RIGHT, locality="other"), cities) == [city]
    assert cities_of(replace(RIGHT, locality="nowhere"), cities) == []

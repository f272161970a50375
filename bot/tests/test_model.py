"""The trained model itself: never an exception, no restaurant where there is none.

How well it understands is measured by benchmarks/nlu.py, on sentences of its own.
"""

import asyncio
import random
from pathlib import Path

import pytest
from rasa.core.agent import Agent

MODEL = Path(__file__).parents[1] / "models" / "daoban.tar.gz"
ODD = [
    "",
    "   ",
    "🔥",
    "🔥👨‍👩‍👧🍜" * 20,
    "\x00\x01\x02",
    "\u202e\u200b\ufeff",
    "店\ud800",
    "长" * 10_000,
    "a" * 10_000,
    "1" * 10_000,
    "？！。",
    "Я хочу 店 レストラン 식당 مطعم",
    "_",
    "__NUMBER__",
    "[店](theme)",
    "İıßﬁ",
]


@pytest.fixture(scope="module")
def parse():
    agent = Agent.load(str(MODEL))
    return lambda text: asyncio.run(agent.parse_message(text))


@pytest.mark.parametrize("text", ODD)
def test_odd_input_has_an_intent_and_a_ranking(parse, text):
    parsed = parse(text)
    assert parsed["intent"]["name"]
    assert 0 <= parsed["intent"]["confidence"] <= 1
    assert len(parsed["themes"]) == 3


def test_any_characters_at_all_are_read(parse):
    dice = random.Random(3)
    for _ in range(40):
        text = "".join(chr(dice.randrange(1, 0x110000)) for _ in range(dice.randrange(1, 40)))
        assert parse(text)["intent"]["name"]


def test_script_and_width_make_no_difference(parse):
    simplified, traditional = parse("开个KTV要办什么"), parse("開個ＫＴＶ要辦什麼")
    assert simplified["intent"] == traditional["intent"]
    assert simplified["themes"] == traditional["themes"]


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("我要开一家药店", "open-pharmacy"),
        ("开个小超市", "open-store"),
        ("想开家旅馆", "open-hotel"),
        ("把公司注销掉", "close-company"),
        ("开个诊所", "open-clinic"),
    ],
)
def test_what_is_no_restaurant_is_not_taken_for_one(parse, text, theme):
    assert parse(text)["theme"] == theme


@pytest.mark.parametrize("text", ["上一步", "不知道", "你好", "两百平", "转人工", "今天天气怎么样"])
def test_in_the_middle_of_a_guide_there_is_no_theme(parse, text):
    assert parse(text).get("theme") is None

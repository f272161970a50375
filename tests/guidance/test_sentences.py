"""Answers as citizens read them."""

from pathlib import Path

import pytest

from guidance.compiler import compile_theme
from guidance.loading import load_catalogue
from guidance.sentences import say_answer
from guidance.values import UNKNOWN, Range


@pytest.fixture(scope="module")
def compiled():
    catalogue = load_catalogue(Path(__file__).parents[2] / "catalogue")
    return compile_theme(catalogue.theme("open-restaurant"), catalogue.locality("shiyan"))


@pytest.mark.parametrize(
    ("fact", "answer", "said"),
    [
        ("area", 260.0, "260 平方米"),
        ("area", 12345.0, "12345 平方米"),
        ("area", Range(180, 220), "约 180–220 平方米"),
        ("area", Range(None, 300, high_open=True), "不到 300 平方米"),
        ("area", Range(None, 300), "不超过 300 平方米"),
        ("area", Range(300, None), "至少 300 平方米"),
        ("area", Range(300, None, low_open=True), "超过 300 平方米"),
        ("area", Range(None, None), "不确定多少"),
        ("invest", 12.5, "12.5 万元"),
        ("serves", frozenset({"cold", "fry"}), "炒菜、火锅、烧烤、油炸、凉菜、卤味"),
        ("extras", frozenset(), "都没有"),
        ("flue", False, "否"),
        ("flue", True, "是"),
        ("subject", "company", "新开公司"),
        ("district", "maojian", "茅箭区"),
        ("flue", UNKNOWN, "不知道"),
    ],
)
def test_says_back(compiled, fact, answer, said):
    assert say_answer(compiled, fact, answer) == said

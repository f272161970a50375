"""Lines fit, lose nothing, and do not begin with a comma."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.papers.breaking import break_lines

TEXTS = st.text("张大山，。“”（）《》：；、2026-aB 〔〕\n", max_size=60)
WIDTHS = st.integers(4, 20)


def measure(text):
    """A Chinese character is as wide as two others."""
    return sum(1 if ord(character) < 128 else 2 for character in text)


@given(TEXTS, WIDTHS)
def test_every_line_fits(text, width):
    assert all(measure(line) <= width for line in break_lines(text, width, measure))


@given(TEXTS, WIDTHS)
def test_nothing_but_blanks_is_lost(text, width):
    assert "".join("".join(break_lines(text, width, measure)).split()) == "".join(text.split())


@given(st.text("张大山好，。", max_size=40), st.integers(8, 20))
def test_no_line_begins_with_a_comma_unless_the_text_is_little_else(text, width):
    lines = break_lines(text, width, measure)
    for before, line in pairwise(lines):
        assert line[0] not in "，。" or not set(before) - set("，。") or "，，" in before + line or "。" in before[-2:]


def test_a_comma_takes_the_character_before_it_along():
    assert break_lines("经审查，决定", 6, measure) == ["经审", "查，决", "定"]


def test_an_opening_bracket_goes_with_what_it_opens():
    assert break_lines("按照《办法》办", 6, measure) == ["按照", "《办", "法》办"]


def test_a_number_stays_whole_if_a_line_can_hold_it():
    assert break_lines("编号420300号", 8, measure) == ["编号", "420300号"]
    assert break_lines("4203002026", 4, measure) == ["4203", "0020", "26"]


def test_line_feeds_begin_lines_and_nothing_is_one_blank_line():
    assert break_lines("一\n\n二", 8, measure) == ["一", "", "二"]
    assert break_lines("", 8, measure) == [""]

"""Every phrase of the table means what stands beside it, also in other script, and what is read back means the same."""

import opencc
import pytest

from miniapp_api.appointments.when import read
from tests.appointments.when.calendar import CALENDAR
from tests.appointments.when.notation import phrases, written

PHRASES = phrases()
TRADITIONAL = opencc.OpenCC("s2t")
WIDE = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789:-/~()"}


@pytest.mark.parametrize(("now", "phrase", "meaning"), PHRASES, ids=[f"{now:%m%d}-{text}" for now, text, _ in PHRASES])
def test_a_phrase_means(now, phrase, meaning):
    assert written(read(phrase, now, CALENDAR), now) == meaning


def test_the_table_holds_enough_of_every_moment():
    moments = [now for now, _, _ in PHRASES]
    assert len(PHRASES) >= 250
    assert all(moments.count(now) >= 25 for now in set(moments))
    assert len(set(moments)) == 5


def test_traditional_characters_mean_the_same():
    for now, phrase, _ in PHRASES:
        assert read(TRADITIONAL.convert(phrase), now, CALENDAR) == read(phrase, now, CALENDAR), phrase


def test_full_width_characters_mean_the_same():
    for now, phrase, _ in PHRASES:
        assert read(phrase.translate(WIDE), now, CALENDAR) == read(phrase, now, CALENDAR), phrase


def test_what_is_read_back_means_the_same():
    for now, phrase, _ in PHRASES:
        wish = read(phrase, now, CALENDAR)
        for each in _sure(wish):
            assert read(each.said, now, CALENDAR) == each, (phrase, each.said)


def test_no_day_is_past():
    for now, phrase, _ in PHRASES:
        for wish in _sure(read(phrase, now, CALENDAR)):
            assert all(day >= now.date() for day in wish.days), phrase


def test_a_definite_minute_lies_inside_its_span():
    for now, phrase, _ in PHRASES:
        for wish in _sure(read(phrase, now, CALENDAR)):
            assert wish.at is None or wish.at in wish.span, phrase


def test_an_answer_to_a_question_leaves_at_most_one_more_question():
    for now, phrase, _ in PHRASES:
        wish = read(phrase, now, CALENDAR)
        for _, option in wish.doubt.options if wish and wish.doubt else ():
            deeper = option.doubt.options if option.doubt else ()
            assert all(choice.doubt is None for _, choice in deeper), phrase


def test_a_question_is_one_sentence_in_chinese():
    for now, phrase, _ in PHRASES:
        wish = read(phrase, now, CALENDAR)
        if wish and wish.doubt:
            question = wish.doubt.question
            assert question.endswith("？"), question
            assert question.count("？") == 1, question
            assert len({label for label, _ in wish.doubt.options}) == len(wish.doubt.options)


def _sure(wish):
    """The wish, or what it may mean, without doubt."""
    if wish is None:
        return []
    if wish.doubt is None:
        return [wish]
    return [sure for _, option in wish.doubt.options for sure in _sure(option)]

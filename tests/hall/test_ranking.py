"""Whoever waits gains on all who come later."""

from datetime import timedelta

from hypothesis import given
from hypothesis.strategies import integers, sampled_from

from miniapp_api.hall.ranking import HEAD_START, rank
from tests.hall.halls import NINE

kinds = sampled_from(sorted(HEAD_START))
seconds = integers(0, 9 * 3600)


@given(kinds, seconds, kinds, seconds)
def test_nobody_who_comes_later_than_a_head_start_is_called_before(kind, at, other, later):
    mine = rank(kind, NINE + timedelta(seconds=at))
    theirs = rank(other, NINE + timedelta(seconds=at) + max(HEAD_START.values()) + timedelta(seconds=later))
    assert mine <= theirs


@given(kinds, seconds, seconds)
def test_of_one_kind_whoever_came_first_is_called_first(kind, one, other):
    first, second = sorted((one, other))
    assert rank(kind, NINE + timedelta(seconds=first)) <= rank(kind, NINE + timedelta(seconds=second))


@given(seconds)
def test_special_care_comes_before_a_booking_and_a_booking_before_walking_in(at):
    moment = NINE + timedelta(seconds=at)
    assert rank("special", moment) < rank("booked", moment) < rank("walk_in", moment)

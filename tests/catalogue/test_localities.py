"""What the five cities set for themselves: complete, different, and honest about its source."""

import re
from itertools import combinations

import pytest

from guidance.library import Below, UpTo
from tests.catalogue.conftest import CITIES

SOURCED = re.compile(r"（P\d+|网页存档 P\d+|种子 S[0-4]")


def test_there_are_five_cities_and_shiyan_is_one(catalogue):
    assert set(catalogue.localities) == set(CITIES)
    assert catalogue.locality("shiyan").name == "十堰市"


@pytest.mark.parametrize("city", CITIES)
def test_each_city_leaves_some_parameter_unset_and_sets_no_other(catalogue, theme, city):
    own = set(catalogue.locality(city).params)
    assert own < set(theme.params)


@pytest.mark.parametrize("city", CITIES)
def test_no_value_claims_to_be_confirmed_and_reported_ones_cite_a_source(catalogue, city):
    locality = catalogue.locality(city)
    for owner in (locality.params, locality.items, locality.places):
        for id_, value in owner.items():
            assert value.status in ("reported", "demo"), id_
            if value.status == "reported":
                assert SOURCED.search(value.source), id_
            else:
                assert "演示" in value.source, id_


@pytest.mark.parametrize("city", CITIES)
def test_values_fit_their_parameters(catalogue, theme, city):
    for id_, value in catalogue.locality(city).params.items():
        param = theme.params[id_]
        for one in (value.value, *value.overrides.values()):
            if param.type == "cut":
                assert isinstance(one, (UpTo, Below)), id_
            elif param.type == "yesno":
                assert isinstance(one, bool), id_
            else:
                assert one in param.options, id_


@pytest.mark.parametrize("city", CITIES)
def test_halls_are_marked_as_made_up(catalogue, city):
    for id_, place in catalogue.locality(city).places.items():
        assert "演示" in place.name and "演示" in place.address and "演示" in place.hours, id_
        assert place.phone == "12345" or re.fullmatch(r"0\d{3}-000000\d", place.phone), id_


@pytest.mark.parametrize("city", CITIES)
def test_every_district_and_item_has_a_place_that_exists(catalogue, theme, city):
    locality = catalogue.locality(city)
    wheres = [locality.where, *(item.where for item in locality.items.values() if item.where)]
    for where in wheres:
        named = {where} if isinstance(where, str) else {where.otherwise, *where.by_district.values()}
        assert named <= set(locality.places)
        if not isinstance(where, str):
            assert set(where.by_district) == set(locality.districts)
    assert set(locality.items) <= set(theme.items)


def test_no_two_cities_are_alike(catalogue):
    def values(city):
        return {id_: repr(value.value) for id_, value in catalogue.locality(city).params.items()}

    assert all(values(a) != values(b) for a, b in combinations(CITIES, 2))


def test_cities_differ_where_the_law_lets_them(catalogue):
    def across(param):
        return {
            repr(catalogue.locality(c).params[param].value) for c in CITIES if param in catalogue.locality(c).params
        }

    assert across("fire_logic") == {"'any'", "'all'"}
    assert across("signboard_mode") == {"'approval'", "'filing'", "'guidance'"}
    assert across("small_kind") == {"'small_catering'", "'small_shop'", "'none'"}
    assert {repr_.split("(")[0] for repr_ in across("fire_area")} == {"UpTo", "Below"}


def test_promises_keep_within_the_statutory_limit(catalogue, theme):
    days = {"workday": 1.0, "day": 5 / 7, "hour": 1 / 8}
    for city in CITIES:
        for id_, own in catalogue.locality(city).items.items():
            legal = theme.items[id_].time.legal
            if own.promised and legal:
                assert own.promised.days * days[own.promised.unit] <= legal.days * days[legal.unit], (city, id_)

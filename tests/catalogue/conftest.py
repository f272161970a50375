"""The catalogue of record, loaded and compiled once."""

from pathlib import Path

import pytest

from guidance.compiler import compile_theme
from guidance.loading import load_catalogue
from guidance.situation import Situation, check_answer
from guidance.tables import Status

ROOT = Path(__file__).parents[2] / "catalogue"
CITIES = ("anshan", "caofeidian", "jinan", "qingshan", "shiyan")

ORDINARY = {
    "location": "street",
    "serves": ["hot"],
    "fumes": False,
    "subject": "individual",
    "same_address": True,
    "record": [],
    "area": 120,
    "raw_milk": False,
    "raw_fish": False,
    "invest": 5,
    "building": "small",
    "drain": True,
    "equipment": [],
    "boiler": False,
    "extras": [],
    "floor": "low",
    "school": 500,
    "chain_hq": False,
    "staff": 0,
    "flue": True,
    "homes": False,
}


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue(ROOT)


@pytest.fixture(scope="session")
def theme(catalogue):
    return catalogue.theme("open-restaurant")


@pytest.fixture(scope="session")
def compiled(catalogue, theme):
    return {city: compile_theme(theme, catalogue.locality(city)) for city in CITIES}


@pytest.fixture(scope="session")
def situation(compiled):
    """A small ordinary noodle shop, with some answers otherwise."""

    def build(city="shiyan", only=(), **otherwise):
        told = {**ORDINARY, **otherwise}
        told = {fact: told[fact] for fact in only} if only else told
        answers = {fact: check_answer(compiled[city], fact, value) for fact, value in told.items()}
        return Situation(compiled[city], answers)

    return build


@pytest.fixture(scope="session")
def outcomes(situation):
    """The ids called for in such a situation."""

    def called(city="shiyan", **otherwise):
        statuses = situation(city, **otherwise).statuses()
        return {outcome for outcome, status in statuses.items() if status is Status.NEEDED}

    return called

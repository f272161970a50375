"""How the questions of a theme read, and what is asked when."""

from itertools import combinations

import pytest

from guidance.authoring.simulation import asked_ratio
from guidance.session import Session
from guidance.tables import Status
from guidance.theme import ChoiceFact, NumberFact
from tests.catalogue.conftest import CITIES

OPENING = ("location", "serves", "subject", "area")


def test_every_question_is_short_and_ends_with_its_only_question_mark(theme):
    for id_, fact in theme.facts.items():
        assert fact.ask.endswith("？") and fact.ask.count("？") == 1 and len(fact.ask) <= 30, id_
        if fact.dont_know.ask:
            assert fact.dont_know.ask.endswith("？") and fact.dont_know.ask.count("？") == 1, id_


def test_every_way_of_not_knowing_is_used(theme):
    assert {fact.dont_know.fallback for fact in theme.facts.values()} == {"keep", "assume", "help", "proxy", "handoff"}
    assert all(fact.dont_know.say for fact in theme.facts.values())


def test_options_are_few_and_words_name_one_fact_only(theme):
    words = {}
    for id_, fact in theme.facts.items():
        options = getattr(fact, "options", {})
        assert len(options) <= (7 if isinstance(fact, ChoiceFact) else 9), id_
        for word in {
            *fact.say,
            *getattr(fact, "say_no", ()),
            *(w for o in options.values() for w in (*o.say, o.label)),
        }:
            words.setdefault(word, set()).add(id_)
    assert {word: facts for word, facts in words.items() if len(facts) > 1} == {}


def test_no_option_shares_a_word_with_its_neighbour(theme):
    for id_, fact in theme.facts.items():
        options = getattr(fact, "options", {})
        for one, other in combinations(options, 2):
            assert not set(options[one].say) & set(options[other].say), (id_, one, other)


def test_priors_are_shares_of_a_whole(theme):
    for id_, fact in theme.facts.items():
        if isinstance(fact, ChoiceFact):
            assert sum(option.prior for option in fact.options.values()) == pytest.approx(1), id_
        if isinstance(fact, NumberFact):
            assert sum(share for _, _, share in fact.prior) == pytest.approx(1), id_


def test_a_hopeless_site_is_told_after_two_questions(compiled):
    session = Session(compiled["shiyan"])
    asked = []
    for value in ("dwelling", ["fry"]):
        asked.append(session.question.fact)
        session = session.answer(session.question.fact, value)
    assert asked == ["location", "serves"]
    assert session.situation.status("fumes-in-dwelling") is Status.NEEDED


def test_the_flue_is_asked_at_once_where_it_can_veto_and_nowhere_else(situation):
    assert situation(only=["location", "serves"], location="mixed", serves=["fry"]).next_fact() == "flue"
    street = situation(only=["location", "serves"], location="street", serves=["fry"])
    assert not street.askable("flue") and not street.askable("homes") and not street.askable("fumes")


@pytest.mark.parametrize("city", CITIES)
def test_far_fewer_questions_than_a_form_would_ask(compiled, city):
    assert asked_ratio(compiled[city], 300) <= 0.80
    assert asked_ratio(compiled[city], 300, OPENING) <= 0.50

"""The theme's own examples, checked here without the linter."""

from guidance.situation import Situation, check_answer
from guidance.tables import Status


def test_every_example_comes_out_exactly_as_written(theme, compiled):
    for example in theme.examples:
        one = compiled[example.locality]
        answers = {fact: check_answer(one, fact, value) for fact, value in example.given.items()}
        situation = Situation(one, answers)
        statuses = {o.id: situation.status_of(o) for o in one.outcomes.values() if o.kind != "place"}

        def ids(status, statuses=statuses):
            return {id_ for id_, found in statuses.items() if found is status}

        assert ids(Status.NEEDED) == set(example.expect or []), example.say
        assert ids(Status.UNSET) == set(example.unset or []), example.say
        if example.still_asks is None:
            assert ids(Status.PERHAPS) == set(example.perhaps or []), example.say
        else:
            assert [f for f in theme.facts if situation.askable(f)] == example.still_asks, example.say


def test_every_outcome_and_every_city_has_an_example(theme, compiled):
    shown = {id_ for e in theme.examples for id_ in (*(e.expect or []), *(e.unset or []))}
    everything = {o.id for o in compiled["shiyan"].outcomes.values() if o.kind not in ("place", "material")}
    assert everything - shown == set()
    assert {example.locality for example in theme.examples} == set(compiled)


THRESHOLDS = {
    "fire_area": "area",
    "fire_invest": "invest",
    "permit_area": "area",
    "permit_invest": "invest",
    "small_area": "area",
    "tobacco_school": "school",
    "venue_area": "area",
}


def test_every_threshold_has_an_example_exactly_at_it(theme, catalogue):
    told = {(e.locality, fact, e.given.get(fact)) for e in theme.examples for fact in THRESHOLDS.values()}
    cities = catalogue.localities
    for param, fact in THRESHOLDS.items():
        values = {
            city: catalogue.locality(city).params[param].value
            for city in cities
            if param in catalogue.locality(city).params
        }
        for value in set(values.values()):
            number = getattr(value, "up_to", None) or value.below
            alike = [city for city in values if values[city] == value]
            assert any((city, fact, number) in told for city in alike), (param, value)

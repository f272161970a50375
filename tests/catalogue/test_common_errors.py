"""The wrong answers that many guides give about opening a restaurant, and the right ones."""

import pytest

from guidance.tables import Status

CATERING = ("fry", "hot", "cold", "raw", "cake", "drink")


def texts(theme):
    """Everything a citizen may read except the questions themselves, with the place it stands."""
    yield "intro", theme.intro
    for kind in ("items", "duties", "vetoes", "notices"):
        for id_, outcome in getattr(theme, kind).items():
            for name in ("name", "say", "how", "note", "way_out", "fee"):
                text = getattr(outcome, name, None)
                if isinstance(text, str):
                    yield f"{kind}.{id_}.{name}", text
    for id_, item in theme.items.items():
        yield f"items.{id_}.time", item.time.note or ""
    for id_, fact in theme.facts.items():
        yield from ((f"facts.{id_}", text or "") for text in (fact.label, fact.help, fact.dont_know.say))
        for option, spec in getattr(fact, "options", {}).items():
            yield from ((f"facts.{id_}.{option}", text or "") for text in (spec.label, spec.help))


@pytest.mark.parametrize("word", ["环评", "环境影响", "公共场所卫生", "酒类流通", "名称核准", "名称预先"])
def test_nothing_that_was_abolished_is_an_item(theme, word):
    assert [id_ for id_, item in theme.items.items() if word in item.name] == []


@pytest.mark.parametrize("sold", CATERING)
def test_restaurants_are_told_that_neither_form_nor_hygiene_permit_is_needed(outcomes, sold):
    assert {"no-impact-form", "no-hygiene-permit"} <= outcomes(serves=[sold])


def test_doubt_about_the_list_of_environmental_forms_is_said(theme, catalogue):
    assert "eia-list-2021" in theme.notices["no-impact-form"].basis
    assert catalogue.bases.content.bases["eia-list-2021"].certainty == "unsure"
    assert "核对" in theme.notices["no-impact-form"].say


def test_a_central_kitchen_is_not_told_that_it_needs_no_form(outcomes):
    called = outcomes(serves=["supply"])
    assert "no-impact-form" not in called
    assert {"supply-impact", "site-check"} <= called


def test_the_fire_check_belongs_to_the_fire_brigade_and_acceptance_to_housing(theme):
    assert theme.items["fire-check"].department == "消防救援机构"
    for id_ in ("fire-design-review", "fire-acceptance", "fire-filing"):
        assert theme.items[id_].department.startswith("住房和城乡建设")


def test_three_hundred_is_no_national_rule(outcomes):
    assert "fire-check" not in outcomes("shiyan", area=300, invest=30)
    assert "fire-check" in outcomes("shiyan", area=301)
    assert "fire-check" in outcomes("shiyan", invest=31)
    assert "fire-check" not in outcomes("jinan", area=301, invest=30)
    assert "fire-check" in outcomes("jinan", area=301, invest=31)
    assert "fire-check" in outcomes("anshan", area=300, district="tiedong")
    assert "fire-check" in outcomes("qingshan", area=201)


def test_where_the_city_has_set_no_threshold_the_guide_says_so(situation, outcomes):
    shop = situation("caofeidian", area=5000, invest=900)
    assert shop.status("fire-check") is Status.UNSET
    assert "fire-check" in outcomes("caofeidian", extras=["ktv"])


def test_tobacco_needs_fixed_premises_not_separate_from_a_dwelling(theme, catalogue):
    assert "固定的经营场所" in theme.items["tobacco"].note
    assert "固定的经营场所" in catalogue.bases.content.bases["tobacco-16"].text
    assert [where for where, text in texts(theme) if "相独立" in text] == []


def test_packed_food_alone_is_filed_and_never_licensed(outcomes):
    called = outcomes(serves=["packed"])
    assert "packed-filing" in called
    assert called.isdisjoint({"food-licence", "small-catering", "small-shop", "health-certificate", "drainage"})


def test_a_licence_covers_packed_food(theme, outcomes):
    assert "packed-filing" not in outcomes(serves=["fry"])
    assert "不用另外备案" in theme.items["food-licence"].note


@pytest.mark.parametrize("city", ["jinan", "caofeidian"])
def test_hebei_small_catering_is_below_fifty(outcomes, city):
    small, fifty = outcomes(city, area=49.9), outcomes(city, area=50)
    assert "small-catering" in small
    assert "food-licence" not in small
    assert "small-catering" not in fifty
    assert "food-licence" in fifty


def test_hebei_small_catering_may_sell_cold_dishes_but_not_what_is_barred(outcomes):
    assert "small-catering" in outcomes("jinan", area=30, serves=["hot", "cold"])
    assert "small-catering" in outcomes("jinan", area=30, serves=["raw"], raw_fish=False)
    for barred in (
        {"serves": ["raw"], "raw_fish": True},
        {"serves": ["cake"]},
        {"serves": ["drink"], "raw_milk": True},
    ):
        assert "food-licence" in outcomes("jinan", area=30, **barred)


def test_small_catering_and_licence_exclude_each_other(theme, compiled):
    for city, one in compiled.items():
        small, licence = one.outcomes["small-catering"].table, one.outcomes["food-licence"].table
        assert [d.fact for d in small.dimensions] == [d.fact for d in licence.dimensions], city
        assert small.size == licence.size and small.must & licence.must == 0, city


def test_the_seal_is_filed_and_a_name_is_not_approved_first(theme, outcomes):
    assert theme.items["seal-filing"].kind == "filing"
    assert "name-free" in outcomes()


@pytest.mark.parametrize("item", ["social-insurance", "construction-permit", "drainage"])
def test_days_that_the_law_does_not_call_working_days_are_not_working_days(theme, item):
    assert theme.items[item].time.legal.unit == "day"


def test_a_stall_gets_its_own_card_and_nothing_else(situation, outcomes):
    assert situation(only=["location"], location="stall").next_fact() in (None, "district")
    items = {"stall-filing"}
    assert outcomes(location="stall", extras=["tobacco", "sign"], staff=3, equipment=["gas"]) == items


def test_entertainment_needs_a_hearing_a_fire_check_and_special_review_only_above_500(theme, outcomes):
    assert "听证" in theme.items["entertainment"].how
    assert {"entertainment", "fire-check"} <= outcomes(extras=["ktv"])
    assert "fire-design-review" not in outcomes(extras=["ktv"], area=500)
    assert "fire-design-review" in outcomes(extras=["ktv"], area=501)


def test_texts_neither_promise_approval_nor_accuse(theme):
    assert [where for where, text in texts(theme) if "准予" in text or "违法" in text or "非法" in text] == []


def test_only_questions_carry_a_question_mark(theme):
    assert [where for where, text in texts(theme) if "？" in text or "?" in text] == []

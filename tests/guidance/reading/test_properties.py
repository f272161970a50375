"""Properties of reading that hold for every word of the real themes, and for any text at all."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guidance.loading import Catalogue, load_catalogue
from guidance.reading import Reader, normalise, read_quantities, speech_act
from guidance.reading.normalise import MAX_LENGTH, squeeze
from guidance.theme import ChoiceFact, MultiFact, YesNoFact
from guidance.values import UNKNOWN

CATALOGUE = Path(__file__).parents[3] / "catalogue"
FRAMES = ("{}", "{}。", "就{}", "{}吧", "我这边是{}的", "嗯，{}")
AFFIRMING = ("卖{}", "有{}", "还要做{}", "{}、", "我想卖{}呢", "对了，{}也卖")
DENYING = ("不卖{}", "没有{}", "不做{}的", "我们不打算卖{}", "{}不卖", "{}就不搞了", "没得{}", "{}没有")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE)


@pytest.fixture(scope="module")
def real(catalogue: Catalogue) -> Reader:
    return Reader(catalogue.theme("open-restaurant"), catalogue.locality("shiyan").districts)


def options(reader: Reader) -> list[tuple[str, str, Any]]:
    return [(fact, id_, option) for fact, by_id in reader.vocabulary.options.items() for id_, option in by_id.items()]


def chosen(reader: Reader, text: str, fact: str) -> Any:
    reading = reader.read(text, fact).of(fact)
    value = reading.value if reading else None
    return next(iter(value)) if isinstance(value, frozenset) and len(value) == 1 else value


def test_ids_labels_and_words_alone_are_exact(real: Reader) -> None:
    wrong = [
        (fact, word)
        for fact, id_, option in options(real)
        for word in (id_, option.label, *option.say)
        if chosen(real, word, fact) != id_
    ]
    assert wrong == []


def test_every_district_of_every_city(catalogue: Catalogue) -> None:
    theme = catalogue.theme("open-restaurant")
    for locality in catalogue.localities.values():
        reader = Reader(theme, locality.content.districts)
        for id_, district in locality.content.districts.items():
            for word in (district.label, *district.say):
                for frame in FRAMES:
                    assert chosen(reader, frame.format(word), "district") == id_, (locality.content.id, word, frame)


def test_labels_and_words_in_a_frame(real: Reader) -> None:
    wrong = [
        (fact, frame.format(word), chosen(real, frame.format(word), fact))
        for fact, id_, option in options(real)
        for word in (option.label, *option.say)
        for frame in FRAMES
        if chosen(real, frame.format(word), fact) != id_
    ]
    assert wrong == []


def plain_words(reader: Reader) -> list[tuple[str, str, str]]:
    """Words of multi facts that hold no predicate of their own."""
    return [
        (fact, id_, word)
        for fact, spec in reader.vocabulary.facts.items()
        if isinstance(spec, MultiFact)
        for id_, option in spec.options.items()
        for word in option.say
        if not option.exclusive and not any(char in word for char in "只卖有被过上摆装大动")
    ]


def test_words_affirmed_in_passing(real: Reader) -> None:
    for fact, id_, word in plain_words(real):
        for frame in AFFIRMING:
            reading = real.read(frame.format(word)).of(fact)
            assert reading is not None, frame.format(word)
            assert reading.value == frozenset({id_}), frame.format(word)


def test_words_denied_in_passing(real: Reader) -> None:
    for fact, id_, word in plain_words(real):
        for frame in DENYING:
            reading = real.read(frame.format(word)).of(fact)
            assert reading is not None, frame.format(word)
            assert reading.value is None, frame.format(word)
            assert reading.denied == (id_,), frame.format(word)


def test_yes_and_no_words(real: Reader) -> None:
    for fact, spec in real.vocabulary.facts.items():
        if not isinstance(spec, YesNoFact):
            continue
        for value, entries in ((True, spec.say), (False, spec.say_no)):
            for word in entries:
                assert chosen(real, word, fact) is value, word
                assert chosen(real, f"我这里{word}的", fact) is value, word
        assert chosen(real, spec.label, fact) is True
        for yes in ("是", "对", "有", "是的", "true", "嗯"):
            assert chosen(real, yes, fact) is True, (fact, yes)
        for no in ("否", "不是", "没有", "没得", "false", "不"):
            assert chosen(real, no, fact) is False, (fact, no)


def test_not_knowing_answers_every_fact(real: Reader) -> None:
    for fact in real.vocabulary.facts:
        for words in ("不知道", "unknown", "说不好", "我也不清楚", "還沒想好", "不晓得哎"):
            assert chosen(real, words, fact) is UNKNOWN, (fact, words)


def test_positions_follow_the_order_shown(real: Reader) -> None:
    for fact, spec in real.vocabulary.facts.items():
        if isinstance(spec, (ChoiceFact, MultiFact)):
            for place, id_ in enumerate(spec.options):
                assert chosen(real, f"第{place + 1}个", fact) == id_


def test_examples_of_the_theme_are_read_without_contradiction(catalogue: Catalogue) -> None:
    """G604: what is read of an example's sentence agrees with what the example gives."""
    theme = catalogue.theme("open-restaurant")
    readers = {id_: Reader(theme, one.content.districts) for id_, one in catalogue.localities.items()}
    for one in theme.examples:
        for reading in readers[one.locality or "shiyan"].read(one.say).facts:
            given_value = one.given.get(reading.fact)
            if given_value is None or reading.value is None:
                continue
            if isinstance(reading.value, frozenset):
                assert reading.value <= set(given_value), (one.say, reading)
                assert not set(reading.denied) & set(given_value), (one.say, reading)
            else:
                assert reading.value == given_value, (one.say, reading)


ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("不没有是二百六十多来平楼卖凉菜烟道火锅，。？、的了吗到-1234.万半第个除都别"),
    ),
    max_size=80,
)
ASKED = st.sampled_from([None, "area", "serves", "flue", "floor", "district", "invest", "staff", "building", "extras"])


@given(ODD, ASKED)
@example("第", "serves")
@example("-", "area")
@example("半", "area")
@example("除了", "serves")
@example("\ud800", "area")
@example("١٢٣", "area")
@settings(max_examples=1500, deadline=None)
def test_any_text_is_read_without_an_error(reader: Reader, text: str, asked: str | None) -> None:
    reading = reader.read(text, asked)
    speech_act(reader, text, asked)
    facts = [one.fact for one in reading.facts]
    assert len(facts) == len(set(facts))
    for one in reading.facts:
        assert text[slice(*one.span)] == one.quote


@given(ODD, ASKED)
@settings(max_examples=300, deadline=None)
def test_reading_is_a_function_of_the_text(reader: Reader, text: str, asked: str | None) -> None:
    assert reader.read(text, asked) == reader.read(text, asked)
    assert speech_act(reader, text, asked) == speech_act(reader, text, asked)


@given(st.text(max_size=2000))
@settings(deadline=None)
def test_normalised_text_is_bounded_and_maps_back(text: str) -> None:
    norm = normalise(text)
    assert len(norm.text) == len(norm.origin) <= MAX_LENGTH
    assert list(norm.origin) == sorted(norm.origin)
    assert normalise(norm.text).text == norm.text
    assert not any(ord(char) < 32 for char in norm.text)


@pytest.mark.parametrize(
    "text",
    [
        "不" * 5000,
        "除了" * 300,
        "要是" + "会还" * 400 + "呢",
        "第" * 900,
        "百" * 900,
        "说错了" * 200,
        "1-" * 400,
        "大概" * 300 + "1",
    ],
)
def test_repetition_is_read_in_bounded_work(reader: Reader, text: str) -> None:
    assert len(normalise(text).text) <= MAX_LENGTH
    for asked in (None, "area", "serves"):
        reader.read(text, asked)
        speech_act(reader, text, asked)


def test_traditional_and_full_width_are_the_same_text() -> None:
    assert squeeze("開個餐館，賣滷味！") == squeeze("开个餐馆卖卤味")
    assert normalise("ＡＢｃ　１２").text == "abc 12"
    assert normalise("面\u200b积\x00\x07二百").text == "面积二百"
    assert read_quantities("２８０㎡")[0].low == 280

"""Language understanding: words that citizens use name one thing, and numbers in them are read right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from guidance.documents import KeyPath
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, Stage, catalogue_check, theme_check
from guidance.reading import FactReading, Reader, normalise
from guidance.sentences import say_answer
from guidance.situation import AnswerError, check_answer
from guidance.theme import ChoiceFact, MultiFact, NumberFact, YesNoFact
from guidance.values import Range, Unknown

_EASY_LABEL: Final = 4
_ROUNDING: Final = 1e-3
_NONE: Final = re.compile(r"都没有|都不|以上都|其他|其它|不做|没有")
_NUMERALS: Final = ((2600.0, "两千六百"), (260.0, "二百六十"), (26.0, "二十六"), (3.0, "三"), (1.0, "一"))


@theme_check("G601", "warning")
def words_name_one_answer(context: ThemeContext) -> Iterator[Finding]:
    """A word that citizens may say means one answer of one question."""
    first: dict[str, tuple[str, Any, str]] = {}
    for fact, value, word, path in _words(context):
        plain = normalise(word).text
        other, meant, label = first.setdefault(plain, (fact, value, context.theme.facts[fact].label))
        if (other, meant) != (fact, value):
            yield Finding(
                path,
                f"“{word}”在问题“{label}”和“{context.theme.facts[fact].label}”里都写了，意思不同，"
                "群众这么说时不知道指哪一个；请从一处删掉，或换个更准的说法",
            )


def _words(context: ThemeContext) -> Iterator[tuple[str, Any, str, KeyPath]]:
    for fact, spec in context.theme.facts.items():
        here = ("facts", fact)
        if isinstance(spec, YesNoFact):
            yield from ((fact, True, word, (*here, "say", n)) for n, word in enumerate(spec.say))
            yield from ((fact, False, word, (*here, "say_no", n)) for n, word in enumerate(spec.say_no))
            continue
        yield from ((fact, None, word, (*here, "say", n)) for n, word in enumerate(spec.say))
        if isinstance(spec, (ChoiceFact, MultiFact)):
            for id_, option in spec.options.items():
                yield fact, id_, option.label, (*here, "options", id_, "label")
                for number, word in enumerate(option.say):
                    yield fact, id_, word, (*here, "options", id_, "say", number)


@catalogue_check("G601", "warning")
def words_name_one_theme(context: CatalogueContext) -> Iterator[Finding]:
    """A word that asks for a theme asks for one theme."""
    first: dict[str, str] = {}
    for theme in context.themes:
        for number, word in enumerate(theme.theme.say):
            other = first.setdefault(normalise(word).text, theme.theme.title)
            if other != theme.theme.title:
                yield Finding(
                    ("say", number),
                    f"“{word}”已经是主题“{other}”的说法，群众这么说时不知道要办哪个；请从一处删掉",
                    document=theme.document,
                )


@theme_check("G602", "advice")
def options_have_words(context: ThemeContext) -> Iterator[Finding]:
    """An option with a long label has words by which citizens name it."""
    for fact, spec in context.theme.facts.items():
        if not isinstance(spec, (ChoiceFact, MultiFact)):
            continue
        for id_, option in spec.options.items():
            if not option.say and len(option.label) > _EASY_LABEL and not _NONE.search(option.label):
                yield Finding(
                    ("facts", fact, "options", id_),
                    f"问题“{spec.label}”的选项“{option.label}”没有 say，群众打字时认不出来；请写几个平常的说法",
                )


@theme_check("G603", "warning", Stage.MEANING)
def numbers_are_read(context: ThemeContext) -> Iterator[Finding]:
    """A number in Chinese numerals with each accepted unit is read as what it is."""
    city = next(iter(context.localities.values()))
    reader = Reader(context.theme, city.districts)
    for fact, spec in context.theme.facts.items():
        if not isinstance(spec, NumberFact):
            continue
        for unit, factor in spec.accept_units.items():
            low, high = spec.range
            fits = [(v * factor, said) for v, said in _NUMERALS if low <= v * factor <= high]
            if not fits or (spec.integer and fits[0][0] != int(fits[0][0])):
                continue
            value, said = fits[0]
            reading = reader.read(f"{said}{unit}", fact).of(fact)
            if reading is None or not _close(reading.value, value):
                got = "读不出来" if reading is None else f"读成了 {say_answer(_city(context), fact, reading.value)}"
                yield Finding(
                    ("facts", fact, "accept_units", unit),
                    f"问“{spec.label}”时答“{said}{unit}”，{got}，应是 {value:g}；"
                    "请检查单位的写法和换算的倍数，或删掉这个单位",
                )


def _city(context: ThemeContext) -> Any:
    return next(iter(context.compiled.values()))


def _close(read: object, value: float) -> bool:
    match read:
        case Range():
            low, high = read.within(-1e12, 1e12)
            return low <= value <= high
        case bool():
            return False
        case int() | float():
            return abs(read - value) <= _ROUNDING * abs(value)
        case _:
            return False


@theme_check("G604", "warning", Stage.MEANING)
def examples_are_read_as_meant(context: ThemeContext) -> Iterator[Finding]:
    """The sentence of an example, read as citizens' words, contradicts nothing of what it says is given."""
    readers = {id_: Reader(context.theme, city.locality.districts) for id_, city in context.compiled.items()}
    for number, example in enumerate(context.theme.examples):
        id_ = example.locality or next(iter(context.compiled))
        if id_ not in readers:
            continue
        city = context.compiled[id_]
        for reading in readers[id_].read(example.say).facts:
            try:
                meant = check_answer(city, reading.fact, example.given.get(reading.fact))
            except AnswerError:
                continue
            if reading.fact in example.given and _contradicts(reading, meant):
                spec = context.theme.facts[reading.fact]
                told = say_answer(city, reading.fact, meant)
                yield Finding(
                    ("examples", number, "say"),
                    f"例子的话里“{reading.quote}”会被读成“{spec.label}：{_say(city, reading)}”，"
                    f"而 given 里是“{told}”；请改例子的话，或改那个问题的 say",
                )


def _say(city: Any, reading: FactReading) -> str:
    if reading.value is None:
        denied = city.options(reading.fact)
        return "不是" + "、".join(denied[option].label for option in reading.denied)
    return say_answer(city, reading.fact, reading.value)


def _contradicts(reading: FactReading, meant: Any) -> bool:
    """Whether a reading cannot be true where the given answer is."""
    if isinstance(meant, Unknown) or isinstance(reading.value, Unknown):
        return False
    if isinstance(meant, frozenset):
        read = reading.value if isinstance(reading.value, frozenset) else frozenset[str]()
        return bool(read - meant) or bool(meant & set(reading.denied)) or (reading.complete and read != meant)
    if reading.value is None:
        return meant in reading.denied
    if isinstance(meant, float):
        return not _close(reading.value, meant)
    return bool(reading.value != meant)

"""Questions: short, single, positive, in everyday words; a question mark only where a question is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from guidance.documents import Document, KeyPath
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, catalogue_check, theme_check
from guidance.theme import ChoiceFact, MultiFact

MAX_LENGTH: Final = 30
MAX_OPTIONS: Final = 7
_MARKS: Final = re.compile(r"[？?]")
_DOUBLE: Final = re.compile(r"吗.+吗|并且|以及|同时")
_NEGATIVE: Final = re.compile(r"不是.*吗|没有.*吗|是否(没|不|未)|有没有不")
_NONE: Final = re.compile(r"都没有|都不|以上都|其他|其它|不做|没有")
_JARGON: Final = {
    "相对人": "您",
    "申请人": "您",
    "是否属于": "是不是",
    "标的": "具体说是什么",
    "要件": "条件或材料",
    "予以": "删掉",
    "系指": "就是",
    "经营主体": "店或公司",
    "市场主体": "店或公司",
    "业态": "做什么生意",
    "权属": "房子是谁的",
    "核准": "批准",
    "载明": "写着",
    "涉及": "有没有",
    "拟": "打算",
}
_NOT_SHOWN: Final = frozenset({"ask", "url", "source", "examples"})


@theme_check("G306", "error")
def asks_end_in_one_mark(context: ThemeContext) -> Iterator[Finding]:
    """A question holds exactly one 「？」, at its end: the chat tells questions by it."""
    for fact, spec in context.theme.facts.items():
        asked: list[tuple[KeyPath, str]] = [(("facts", fact, "ask"), spec.ask)]
        if spec.dont_know.ask is not None:
            asked.append((("facts", fact, "dont_know", "ask"), spec.dont_know.ask))
        for path, text in asked:
            if len(_MARKS.findall(text)) != 1 or not text.endswith("？"):
                yield Finding(
                    path,
                    f"问句“{text}”要有且只有一个中文问号“？”，放在最后；请改成一句一问，解释的话放到 help",
                )


@catalogue_check("G306", "error")
def no_marks_elsewhere(context: CatalogueContext) -> Iterator[Finding]:
    """No other text shown to citizens holds a question mark: it would pass for a question."""
    documents: list[Document[Any]] = [
        *(theme.document for theme in context.themes),
        *context.localities.values(),
        context.catalogue.bases,
        context.catalogue.materials,
    ]
    for document in documents:
        for path, text in _texts(context.lines(document).raw, ()):
            if _MARKS.search(text):
                yield Finding(
                    path,
                    f"“{_shorten(text)}”里有问号，聊天里会被当成一个问题；请改成陈述句，例如把“要办吗？”改成“要不要办”",
                    document=document,
                )


def _texts(raw: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    match raw:
        case str():
            yield path, raw
        case Mapping():
            for key, value in raw.items():
                if key not in _NOT_SHOWN and not (key == "say" and isinstance(value, list)):
                    yield from _texts(value, (*path, str(key)))
        case list():
            for number, value in enumerate(raw):
                yield from _texts(value, (*path, number))
        case _:
            return


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH] + "……"


@theme_check("G306", "advice")
def question_is_plain(context: ThemeContext) -> Iterator[Finding]:
    """A question is short, asks one thing, and asks it positively."""
    for fact, spec in context.theme.facts.items():
        path = ("facts", fact, "ask")
        text = re.sub(r"（.*?）", "", spec.ask)
        if len(text) > MAX_LENGTH:
            yield Finding(path, f"问句有 {len(text)} 个字，超过 {MAX_LENGTH} 个；请缩短，解释的话放到 help")
        if _DOUBLE.search(text):
            yield Finding(path, f"“{text}”一句问了两件事，答“是”不知道答的是哪一件；请拆成两个问题")
        if _NEGATIVE.search(text):
            yield Finding(path, f"“{text}”是反着问的，答“是”容易弄错；请正着问，例如“有……吗？”")
        for word, instead in _JARGON.items():
            if word in text:
                yield Finding(path, f"“{text}”里的“{word}”不是大白话；请换个说法，例如：{instead}")


@theme_check("G306", "advice")
def options_are_manageable(context: ThemeContext) -> Iterator[Finding]:
    """Few options, and a way to say that none fits."""
    for fact, spec in context.theme.facts.items():
        if not isinstance(spec, (ChoiceFact, MultiFact)):
            continue
        path = ("facts", fact, "options")
        if len(spec.options) > MAX_OPTIONS:
            yield Finding(
                path,
                f"问题“{spec.label}”有 {len(spec.options)} 个选项，超过 {MAX_OPTIONS} 个不好选；"
                "请合并结果一样的，或拆成两步问",
            )
        can_say_none = any(option.exclusive or _NONE.search(option.label) for option in spec.options.values())
        if isinstance(spec, MultiFact) and spec.min and not can_say_none:
            yield Finding(
                path,
                f"问题“{spec.label}”至少要选一个，却没有“以上都没有”；"
                "请写 min: 0，或加一个 exclusive 的选项“以上都没有”",
            )

"""What may be written in `catalogue/papers.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = "papers.yaml"

Name = Annotated[str, Field(max_length=48)]
Line = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]
Certainty = Literal["verified", "recalled", "unsure"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True, str_min_length=1)


class Issuer(_Strict):
    """Who issues the papers of a city.

    Attributes:
        short: how its numbers begin, such as 十行审.
        complaints: whom to call about how one was treated.
        review_body: where to apply for reconsideration (复议).
        court: where to sue.
    """

    name: Line
    short: Annotated[str, Field(max_length=8)]
    complaints: Line
    review_body: Line
    court: Line


class Sentence(_Strict):
    """A sentence that several papers say; `certainty` tells whether its law was checked."""

    text: Words
    certainty: Certainty
    note: Line | None = None


class Block(_Strict):
    """A part of a paper: exactly one of the first six.

    Attributes:
        lines: facts, one a line, each with its label.
        text: a paragraph with placeholders.
        list: a fact that is a list, numbered.
        table: a fact that is a table.
        say: a sentence.
        sign: labels of lines to be filled in by hand.
        when: only if this fact was given (and, if it is a yes or no, is yes).
    """

    lines: Annotated[tuple[Name, ...], Field(min_length=1, strict=False)] | None = None
    text: Words | None = None
    list: Name | None = None
    table: Name | None = None
    say: Name | None = None
    sign: Annotated[tuple[Line, ...], Field(min_length=1, strict=False)] | None = None
    when: Name | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        things = (self.lines, self.text, self.list, self.table, self.say, self.sign)
        if sum(thing is not None for thing in things) != 1:
            raise ValueError("一段里从 lines、text、list、table、say、sign 中写一个")
        return self


class Template(_Strict):
    """One kind of paper.

    Attributes:
        number: with `{short}`, `{year}` and `{serial}`.
    """

    title: Annotated[str, Field(max_length=30)]
    number: Annotated[str, Field(max_length=40)]
    body: Annotated[tuple[Block, ...], Field(min_length=1, max_length=60, strict=False)]


class PapersFile(_Strict):
    """The whole file."""

    schema_: Annotated[Literal["daoban/papers/1"], Field(alias="schema")]
    issuers: Annotated[dict[Name, Issuer], Field(min_length=1)]
    sentences: dict[Name, Sentence]
    footer: Words
    papers: dict[Name, Template]

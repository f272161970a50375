"""`catalogue/casework.yaml`: how cases of each item are handled and watched, and the city's region codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic.dataclasses import dataclass as schema

from guidance.documents import CatalogueError, Document, Schema
from guidance.documents import Problem as Fault
from guidance.theme import STRICT, Id

FILE = "casework.yaml"
_ITEM = re.compile(r"[a-z0-9-]+:[a-z0-9-]+")

Region = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]


@schema(frozen=True, slots=True, config=STRICT)
class Lamp:
    """When a case turns this colour.

    Attributes:
        within: working days that are left at most.
        share: and at most this part of the whole limit, where it is set: a short limit is not yellow at once.
    """

    within: Annotated[int, Field(ge=0, le=60)]
    share: Annotated[float, Field(gt=0, le=1)] | None = None


@schema(frozen=True, slots=True, config=STRICT)
class Supervision:
    """The lamps, the more urgent one first."""

    red: Lamp
    yellow: Lamp

    @model_validator(mode="after")
    def _in_order(self) -> Supervision:
        if self.red.within > self.yellow.within:
            raise ValueError("红牌的 within 不能比黄牌的大")
        return self


@schema(frozen=True, slots=True, config=STRICT)
class Handling:
    """How cases of one item are handled.

    Attributes:
        provisional: ids of the materials that may come later.
    """

    inspection: bool = False
    one_person: bool = False
    provisional: tuple[Id, ...] = ()
    commitment: bool = False
    joint: bool = False


@schema(frozen=True, slots=True, config=STRICT)
class Casework:
    """The whole file."""

    schema: Literal["daoban/casework/1"]
    regions: dict[Id, Region]
    supervision: Supervision
    items: dict[str, Handling]

    @model_validator(mode="after")
    def _fits(self) -> Casework:
        for item in self.items:
            if not _ITEM.fullmatch(item):
                raise ValueError(f"事项写成“主题:事项”，例如 open-restaurant:food-licence；{item} 不对")
        return self

    def handling(self, item: str) -> Handling:
        """The rules of an item; the plain ones if the file does not name it."""
        return self.items.get(item, Handling())


_SCHEMA: Schema[Casework] = Schema(Casework)


def load(folder: Path) -> Casework:
    """Read the file of a catalogue.

    Raises:
        CatalogueError: with every fault, in Chinese, by line.
    """
    return read(folder).content


def read(folder: Path) -> Document[Casework]:
    """Read the file of a catalogue, with its lines; see `load`."""
    path = folder / FILE
    if not path.is_file():
        raise CatalogueError([Fault(FILE, 1, "G001", "缺少这个文件")])
    return _SCHEMA.read(path)

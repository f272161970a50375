"""What goes out of the content API."""

from __future__ import annotations

from pydantic import BaseModel


class LocalityOut(BaseModel):
    """A city that may be chosen."""

    id: str
    name: str
    is_default: bool


class LocalitiesOut(BaseModel):
    """The cities."""

    localities: list[LocalityOut]


class ThemeOut(BaseModel):
    """A theme that may be begun."""

    id: str
    title: str
    version: str
    intro: str


class ThemesOut(BaseModel):
    """The themes."""

    themes: list[ThemeOut]

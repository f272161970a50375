"""What goes in and out of the exchange API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class ProgressIn(BaseModel):
    """What another system tells; each row is checked for itself, see `rows.ProgressRow`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=200)]
    keep_good: bool = Field(default=False, description="有坏行时也保留好的行；不写就一行都不收")


class ResultOut(BaseModel):
    """What became of a row."""

    line: int
    fault: str | None
    number: str | None = Field(description="这里的办件编号")
    query_code: str | None = Field(description="新办件的查询码，只告诉这一次")
    known: bool = Field(description="以前收到过，没有变化")


class ReportOut(BaseModel):
    """What became of all rows."""

    applied: bool
    results: list[ResultOut]

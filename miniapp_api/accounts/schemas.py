"""What goes in and out of the accounts API."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class VisitorIn(BaseModel):
    """A visitor to let in."""

    model_config = ConfigDict(extra="forbid", strict=True)

    locality: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        pattern="^[a-z][a-z0-9-]*$",
        description="办事城市的代号，见 GET /api/v1/localities；不填就是默认城市",
    )


class TokenOut(BaseModel):
    """The identity of a visitor."""

    token: str = Field(description="放进请求头 Authorization: Bearer …")

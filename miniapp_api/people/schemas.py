"""What goes in and out of the API of people."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Relation = Literal["self", "parent", "spouse", "child", "grandparent", "other"]


class PersonIn(BaseModel):
    """Somebody to book for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=40, description="证件上的姓名")
    number: str = Field(min_length=15, max_length=24, description="18 位身份证号；加密保存，不会再显示出来")
    phone: str | None = Field(default=None, max_length=20, description="手机号，可以不填")
    relation: Relation = Field(description="和您的关系，本人是 self")
    consent: bool = Field(default=False, description="替别人预约要先得到对方同意")


class PersonOut(BaseModel):
    """Somebody to book for, as far as it is shown."""

    id: str
    name: str = Field(description="隐去名字，例如 王**")
    number_tail: str = Field(description="证件号最后四位")
    relation: Relation
    relation_text: str


class PeopleOut(BaseModel):
    """Everybody whom a visitor may book for."""

    people: list[PersonOut]

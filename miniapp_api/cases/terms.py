"""What an item promises, as it was when the case was received: later changes of the catalogue do not touch it.

Pure: no database, no web server.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from guidance.theme import Limit

NOTICE = Limit(5)
"""To say what lacks (行政许可法第三十二条第四项)."""

DELIVERY = Limit(10)
"""To deliver what was decided (行政许可法第四十四条)."""

EXTENSION = {"single": 10, "joint": 15}
"""Working days at most, by who handles it (行政许可法第四十二条)."""

LEVEL = {"single": "head", "joint": "government"}
"""Whose approval an extension needs (行政许可法第四十二条)."""

DEFAULT = {"single": Limit(20), "joint": Limit(45)}
"""Where no law sets another limit (行政许可法第四十二条)."""

INSPECTORS = 2
"""At least (行政许可法第三十四条第三款)."""


class Terms(BaseModel):
    """The limits and rules of one case.

    Attributes:
        handling: by one body, or jointly by several (统一办理、联合办理、集中办理).
        statutory: the limit that the law sets from acceptance on; None if it sets none.
        promised: the limit that this city promises; None if it promises nothing of its own.
        inspection: it needs to be looked at on the spot before it can be granted.
        one_person: who received it may also decide it: plain registrations (审核合一).
        provisional: materials that may come later (容缺), by name.
        elsewhere: another system keeps the case and its clock; nothing is worked out here.
        commitment: it may be granted on the applicant's commitment (告知承诺).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    handling: Literal["single", "joint"] = "single"
    statutory: Limit | None = None
    promised: Limit | None = None
    inspection: bool = False
    one_person: bool = False
    provisional: tuple[str, ...] = ()
    commitment: bool = False
    elsewhere: bool = False

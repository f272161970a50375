"""Who a document number stands for, without keeping the number in the clear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

from miniapp_api import vault
from miniapp_api.errors import Problem
from miniapp_api.privacy.service import id_number, mask_name

_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003134f]{1,20}(?:[·•][\u3400-\u9fff]{1,20})*|[A-Za-z][A-Za-z .'-]{1,39}"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as far as bookings need to know them.

    Attributes:
        subject_key: the same for the same document.
        name_mask: 王**.
        number_tail: the last four characters of the document number.
        born: as the number tells.
    """

    subject_key: str
    name: str
    number: str
    name_mask: str
    number_tail: str
    born: date


def identify(name: str, number: str) -> Identity:
    """Check a name and a resident identity number (GB 11643, its check digit included).

    Args:
        name: as on the document.
        number: as typed; see `privacy.service.id_number`.

    Raises:
        Problem: 422 that names what does not fit.
    """
    name, number = name.strip(), id_number(number)
    if not _NAME.fullmatch(name):
        raise Problem(422, invalid_params=[("name", "请填证件上的姓名")])
    subject = vault.blind_index("people.subject", number)
    return Identity(subject, name, number, mask_name(name), number[-4:], ric.get_birth_date(number))


def age(born: date, on: date) -> int:
    """Full years of age on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

"""Who a document number stands for, without keeping the number in the clear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from miniapp_api import vault
from miniapp_api.errors import Problem

_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003134f]{1,20}(?:[·•][\u3400-\u9fff]{1,20})*|[A-Za-z][A-Za-z .'-]{1,39}"
)
_PHONE = re.compile(r"1[3-9]\d{9}")


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


def identify(key: str, name: str, number: str) -> Identity:
    """Check a name and a resident identity number (GB 11643, its check digit included).

    Args:
        key: the signing key of this installation.
        name: as on the document.
        number: 18 characters, spaces ignored.

    Raises:
        Problem: 422 that names what does not fit.
    """
    name, number = name.strip(), re.sub(r"\s", "", number).upper()
    if not _NAME.fullmatch(name):
        raise Problem(422, invalid_params=[("name", "请填证件上的姓名")])
    try:
        ric.validate(number)
        born = ric.get_birth_date(number)
    except ValidationError:
        raise Problem(422, invalid_params=[("number", "身份证号不对，请照证件再核对一遍，一共 18 位")]) from None
    subject = vault.pseudonym(key, "subject", number)
    return Identity(subject, name, number, f"{name[0]}{'*' * min(len(name) - 1, 3)}", number[-4:], born)


def check_phone(phone: str) -> str:
    """Check a Chinese mobile number.

    Raises:
        Problem: 422.
    """
    phone = re.sub(r"[\s-]", "", phone)
    if not _PHONE.fullmatch(phone):
        raise Problem(422, invalid_params=[("phone", "请填 11 位手机号")])
    return phone


def age(born: date, on: date) -> int:
    """Full years of age on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

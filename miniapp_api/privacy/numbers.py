"""Numbers and names of people: checked, brought into one form, and masked. Pure: no Flask, no database."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from miniapp_api.errors import Problem

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212]")


def id_number(text: str, name: str = "number") -> str:
    """Check a resident identity number (GB 11643, its check digit included).

    Args:
        text: as somebody typed it: full-width digits, blanks, a small x.
        name: of the field, for the answer.

    Returns:
        18 characters.

    Raises:
        Problem: 422 that does not repeat the number.
    """
    number = _plain(text)
    try:
        ric.validate(number)
        ric.get_birth_date(number)
    except ValidationError:
        raise Problem(422, invalid_params=[(name, "身份证号不对，请照证件再核对一遍，一共 18 位")]) from None
    return number


def credit_code(text: str, name: str = "credit_code") -> str:
    """Check a unified social credit code (GB 32100, its check character included); see `id_number`.

    Raises:
        Problem: 422 that does not repeat the code.
    """
    code = _plain(text)
    try:
        uscc.validate(code)
    except ValidationError:
        why = "统一社会信用代码不对，请照营业执照再核对一遍，一共 18 位，没有字母 I、O、S、V、Z"
        raise Problem(422, invalid_params=[(name, why)]) from None
    return code


def mobile(text: str, name: str = "phone") -> str:
    """Check a Chinese mobile number; see `id_number`. A leading +86 is left out.

    Returns:
        11 digits.

    Raises:
        Problem: 422 that does not repeat the number.
    """
    found = _MOBILE.fullmatch(_plain(text))
    if found is None:
        raise Problem(422, invalid_params=[(name, "请填 11 位手机号")])
    return found[1]


def mask_name(name: str) -> str:
    """Show the first character only: 王**."""
    return f"{name[:1]}{'*' * min(len(name) - 1, 3)}"


def mask_number(number: str) -> str:
    """Show the first and last four characters of a document number or code; of a short one, nothing."""
    hidden = len(number) - 8
    return f"{number[:4]}{'*' * hidden}{number[-4:]}" if hidden > 0 else "*" * len(number)


def mask_mobile(number: str) -> str:
    """Show the first three and the last four digits: 138****1234."""
    return f"{number[:3]}****{number[-4:]}"


def _plain(text: str) -> str:
    """Leave out width, blanks, hyphens and case."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).upper()

"""Use cases of numbers, and the only module of it that others may import."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from miniapp_api.numbering.models import MAX_SERIES, NumberSeries

__all__ = ["MAX_SERIES", "check_digit", "take", "verify"]

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""Both say ON CONFLICT DO UPDATE … RETURNING alike: one statement, whether the series is new or not."""


def take(session: Session, series: str) -> int:
    """Take the next number of a series: 1, 2, 3 …, none left out and none given twice.

    The series is locked until the transaction ends: others wait for it, and a roll-back gives the
    number back. So take it late in a transaction, and in one order if it takes several.

    Args:
        session: in a transaction that writes.
        series: 1 to 80 characters; a new one begins at 1.

    Raises:
        ValueError: The name of the series is empty or too long.
    """
    if not 1 <= len(series) <= MAX_SERIES:
        raise ValueError(f"a series is named by 1 to {MAX_SERIES} characters")
    session.flush()
    insert = _INSERT[session.get_bind().dialect.name](NumberSeries).values(series=series, last=1)
    counted = insert.on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.last + 1})
    return session.scalars(counted.returning(NumberSeries.last)).one()


def check_digit(text: str) -> str:
    """Give the digit that makes `text` a number in which slips show (ISO 7064 MOD 11,10).

    Every wrong digit is caught, and nearly every swap of neighbours.

    Args:
        text: ASCII digits, at least one.

    Raises:
        ValueError: There is something else in it.
    """
    if not (text.isascii() and text.isdigit()):
        raise ValueError("only ASCII digits have a check digit")
    return mod_11_10.calc_check_digit(text)


def verify(text: str) -> bool:
    """Tell whether the last digit of `text` is the check digit of the others; anything else is not."""
    if not (text.isascii() and text.isdigit() and len(text) > 1):
        return False
    try:
        mod_11_10.validate(text)
    except ValidationError:
        return False
    return True

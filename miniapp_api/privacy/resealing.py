"""Sealing everything anew under the newest key, so that an older one can go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, inspect, select, tuple_, update
from sqlalchemy.orm import Session

from miniapp_api import vault
from miniapp_api.holdings import SealedColumn, changed, registered

BATCH = 200


@dataclass(slots=True)
class Progress:
    """How far a column is.

    Attributes:
        column: `table.column`.
        seen: values looked at so far.
        resealed: of them, those that were under an older key.
        broken: of them, those that cannot be unsealed; they stay as they are.
    """

    column: str
    seen: int = 0
    resealed: int = 0
    broken: int = 0


def reseal(session: Session) -> Iterator[Progress]:
    """Seal every value anew that is not under the newest key; commits batch by batch.

    Stopped at any moment, it can be begun again: what is done is skipped. A value that changes meanwhile is
    left to whoever changed it, who sealed it under the newest key.

    Yields:
        After each batch the progress of its column, and at its end again.
    """
    for column in (column for holding in registered() for column in holding.sealed_columns):
        progress = Progress(column.name)
        last: tuple[Any, ...] | None = None
        while rows := session.execute(_page(column, last)).all():
            for row in rows:
                _one(session, column, row, progress)
            session.commit()
            last = tuple(rows[-1][2:])
            yield progress
        session.rollback()
        yield progress


def _page(column: SealedColumn, last: tuple[Any, ...] | None) -> Any:
    key = _primary_key(column)
    wanted = select(column.column, column.bound_to, *key).where(column.column.is_not(None))
    if column.bound_to.class_ is not column.column.class_:
        wanted = wanted.join_from(column.column.class_, column.bound_to.class_)
    if last is not None:
        wanted = wanted.where(tuple_(*key) > last)
    return wanted.order_by(*key).limit(BATCH)


def _one(session: Session, column: SealedColumn, row: Row[Any], progress: Progress) -> None:
    sealed, bound_to, *key = row
    progress.seen += 1
    if vault.is_newest(sealed):
        return
    try:
        fresh = _anew(column.purpose, str(bound_to), sealed)
    except vault.BrokenSealError:
        progress.broken += 1
        return
    same = [part == value for part, value in zip(_primary_key(column), key, strict=True)]
    statement = update(column.column.class_).where(*same, column.column == sealed)
    progress.resealed += changed(session, statement.values({column.column: fresh}))


def _anew(purpose: str, bound_to: str, sealed: str | bytes) -> str | bytes:
    open_, seal = _ways(sealed)
    return seal(purpose, bound_to, open_(purpose, bound_to, sealed))


def _ways(sealed: str | bytes) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return (vault.unseal, vault.seal) if isinstance(sealed, str) else (vault.unseal_bytes, vault.seal_bytes)


def _primary_key(column: SealedColumn) -> tuple[ColumnElement[Any], ...]:
    return tuple(inspect(column.column.class_).primary_key)

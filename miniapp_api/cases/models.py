"""Tables of cases.

`case_events` is the record; everything else that `cases` tells of the course is worked out from it, in
the transaction that adds an event, so that lists need not read the events.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.cases.course import State
from miniapp_api.cases.events import KINDS, By
from miniapp_api.database import Base, utc_now

NUMBER_LENGTH = 21
"""Six digits of the region, eight of the day, six of the day's count, one to check."""

MATERIAL_STATES = ("handed_in", "lacking", "owed", "shared")
"""交来了; 缺; 容缺后补; 由部门共享, 不用交."""


class Case(Base):
    """A case (办件).

    Attributes:
        number: what citizens read and type; digits.
        query_index: stands for number and query code (`vault.blind_index`).
        mobile_index: stands for number and the last four digits of the applicant's telephone.
        subject_index: stands for the applicant's document number: finds a person's cases.
        visitor_id: whose telephone it is followed on, if any.
        site_code: where it was received.
        item: `theme:item` of the catalogue.
        release: digest of the catalogue's state at receipt.
        terms: `Terms` as JSON.
        parent_id: of a joint handling (联办), the case that it is part of.
        sealed: name, document, telephone of the applicant and their agent, and the query code, as JSON,
            sealed; None once erased.
        outside: name of the system that keeps the case, None if it is ours; `outside_number` is its number there.
        synced_at: when the other system last told us about it.
        version: how many events it has.
        state … next_due: worked out from the events; `next_due` is the earliest last day that counts now.
        review_by: public id of who has it in the back office.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(state.value for state in State)}", name="state"),
        CheckConstraint("(outside IS NULL) = (outside_number IS NULL)", name="outside"),
        UniqueConstraint("outside", "outside_number"),
        Index("ix_cases_supervision", "site_code", "state", "next_due"),
        Index("ix_cases_due", "state", "next_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), unique=True)
    query_index: Mapped[str] = mapped_column(String(64))
    mobile_index: Mapped[str | None] = mapped_column(String(64))
    subject_index: Mapped[str | None] = mapped_column(String(64), index=True)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitors.id", ondelete="SET NULL"), index=True)
    locality: Mapped[str] = mapped_column(String(48))
    site_code: Mapped[str] = mapped_column(String(64))
    item: Mapped[str] = mapped_column(String(100))
    item_name: Mapped[str] = mapped_column(String(120))
    release: Mapped[str | None] = mapped_column(String(64))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    outside: Mapped[str | None] = mapped_column(String(64))
    outside_number: Mapped[str | None] = mapped_column(String(64))
    synced_at: Mapped[datetime | None]

    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(24))
    received_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    next_due: Mapped[date | None]
    promised_due: Mapped[date | None]
    statutory_due: Mapped[date | None]
    decided_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    review_by: Mapped[str | None] = mapped_column(String(32))

    @property
    def is_joint(self) -> bool:
        """Whether it is handled jointly by several bodies, and may have parts."""
        return self.terms.get("handling") == "joint"


class CaseEvent(Base):
    """One event of a case. Rows are added, never changed and never deleted: the database itself refuses.

    Attributes:
        fact: `events.AnyFact` as JSON, without anything personal.
        said: what the citizen reads about it.
        chain: SHA-256 over the chain of the event before and all of this one: a gap or a change shows.
    """

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"by_kind IN {By.KINDS}", name="by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    by_kind: Mapped[str] = mapped_column(String(16))
    by_id: Mapped[str | None] = mapped_column(String(64))
    fact: Mapped[dict[str, Any]] = mapped_column(JSON)
    said: Mapped[str] = mapped_column(Text)
    chain: Mapped[str] = mapped_column(String(64))


class CaseRemark(Base):
    """What staff write for one another about an event; citizens never read it.

    Attributes:
        sealed: the text; it may name people.
    """

    __tablename__ = "case_remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    seq: Mapped[int]
    staff: Mapped[str] = mapped_column(String(32))
    sealed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=utc_now)


class CaseMaterial(Base):
    """One line of the checklist of materials, as it stands now."""

    __tablename__ = "case_materials"
    __table_args__ = (
        UniqueConstraint("case_id", "name"),
        CheckConstraint(f"state IN {MATERIAL_STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(200))

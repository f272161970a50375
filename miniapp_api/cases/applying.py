"""What applicants do to their own case: withdraw it, object, ask for a call, hand in what lacks."""

from __future__ import annotations

from typing import Literal

from miniapp_api.cases.acting import Act
from miniapp_api.cases.events import Asked, Withdrawn
from miniapp_api.cases.models import Case, CaseEvent
from miniapp_api.cases.recording import record


def withdraw(act: Act, case: Case, *, seen: int) -> CaseEvent:
    """Withdraw an application before anything is decided.

    Raises:
        Problem: 409 if it is too late, or something happened that they have not seen.
    """
    return record(act, case, Withdrawn(), seen=seen)


def ask(act: Act, case: Case, what: Literal["objection", "call"]) -> CaseEvent:
    """Object, or ask to be called; staff see it among their open questions.

    Raises:
        Problem: 409 if too much waits for an answer already.
    """
    return record(act, case, Asked(what=what))

"""What citizens do from the page of a case, each thing once however often it arrives."""

from __future__ import annotations

from typing import Literal

from miniapp_api.cases.acting import Act
from miniapp_api.cases.applying import ask, withdraw
from miniapp_api.cases.events import Asked
from miniapp_api.cases.models import Case
from miniapp_api.cases.recording import hold, rows_of
from miniapp_api.errors import Problem


def withdraw_ours(act: Act, case: Case, seen: int) -> None:
    """Withdraw a case that this system keeps; see `applying.withdraw`.

    Raises:
        Problem: 409 also if another system keeps it.
    """
    _must_be_ours(case)
    withdraw(act, case, seen=seen)


def ask_ours(act: Act, case: Case, what: Literal["objection", "call"]) -> None:
    """Object to a case that this system keeps, or ask to be called; see `applying.ask`.

    Raises:
        Problem: 409 also if another system keeps it.
    """
    _must_be_ours(case)
    ask(act, case, what)


def ask_after(act: Act, case: Case, what: Literal["objection", "call"], seen: int) -> None:
    """The same for somebody who is not known, so that no key of theirs can be kept.

    That the very next event after what they saw is what they ask for tells that it arrived before.
    """
    hold(act.session, case)
    after = [row for row in rows_of(act.session, case) if row.seq == seen + 1]
    arrived = Asked(what=what).model_dump(mode="json")
    if not any(row.fact == arrived for row in after):
        ask_ours(act, case, what)


def _must_be_ours(case: Case) -> None:
    if case.outside:
        detail = "这个件在别的系统里办，这里不能改。请到办理的地方，或者打页面上的电话。"
        raise Problem(409, "kept_elsewhere", detail)

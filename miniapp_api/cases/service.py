"""Use cases of cases, and the only module of it that others may import.

Load the case by `policy`, act by one of the use cases, and the frame commits. Whoever wants to know of
every event says so once (`on_event`) and is told in the transaction that adds it.
"""

from __future__ import annotations

from flask import Flask

from miniapp_api import holdings
from miniapp_api.cases import casework as files
from miniapp_api.cases import erasing, explaining, guessing, listing, showing
from miniapp_api.cases.acting import Act, Listener, Step, acting, casework
from miniapp_api.cases.applying import ask, withdraw
from miniapp_api.cases.course import OPEN, OVER, RUNNING, Course, State
from miniapp_api.cases.events import APPLICANT, SYSTEM, By, Event, Fact, read_fact
from miniapp_api.cases.handling import DUTIES, do, may, remarks
from miniapp_api.cases.items import Item, Needed, items
from miniapp_api.cases.items import find as find_item
from miniapp_api.cases.models import Case, CaseEvent, CaseMaterial
from miniapp_api.cases.outside import Outside, find_outside, open_outside, told
from miniapp_api.cases.papering import paper
from miniapp_api.cases.policy import find_at_work, find_own, owned_by, within_reach_of
from miniapp_api.cases.receiving import Applicant, Application, HandedIn, personal, receive
from miniapp_api.cases.recording import broken_at, course_from, course_of, hold, record, rows_of
from miniapp_api.cases.supervising import Light, light
from miniapp_api.cases.talking import grouped, talk
from miniapp_api.cases.telling import tell
from miniapp_api.cases.view import Card, Promise, Turn, card, stage_of, turn
from miniapp_api.cases.wording import CAUSES, WAYS

__all__ = [
    "APPLICANT",
    "CAUSES",
    "DUTIES",
    "OPEN",
    "OVER",
    "RUNNING",
    "SYSTEM",
    "WAYS",
    "Act",
    "Applicant",
    "Application",
    "By",
    "Card",
    "Case",
    "CaseEvent",
    "CaseMaterial",
    "Course",
    "Event",
    "Fact",
    "HandedIn",
    "Item",
    "Light",
    "Listener",
    "Needed",
    "Outside",
    "Promise",
    "State",
    "Step",
    "Turn",
    "acting",
    "ask",
    "broken_at",
    "card",
    "casework",
    "course_from",
    "course_of",
    "do",
    "explaining",
    "find_at_work",
    "find_item",
    "find_outside",
    "find_own",
    "grouped",
    "hold",
    "init_app",
    "items",
    "light",
    "listing",
    "may",
    "on_event",
    "open_outside",
    "owned_by",
    "personal",
    "read_fact",
    "receive",
    "record",
    "remarks",
    "rows_of",
    "stage_of",
    "talk",
    "told",
    "turn",
    "withdraw",
    "within_reach_of",
]


def init_app(app: Flask) -> None:
    """Load how cases are handled, and say what their papers tell whoever scans them.

    Raises:
        CatalogueError: `casework.yaml` is not valid.
    """
    holdings.register(app, erasing.HOLDING)
    app.extensions["casework"] = files.load(app.extensions["settings"].catalogue_dir)
    app.extensions["case_listeners"] = [paper, tell]
    guessing.init_app(app)
    showing.init_app(app)


def on_event(app: Flask, listener: Listener) -> None:
    """Have a function told of every event, in the transaction that adds it; what it raises undoes that."""
    app.extensions["case_listeners"].append(listener)

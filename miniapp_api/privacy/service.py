"""Use cases of privacy, and the only module of it that others may import."""

from __future__ import annotations

from flask import Flask

from miniapp_api import holdings
from miniapp_api.privacy.erasure import Done, erase, retain
from miniapp_api.privacy.models import PersonalRead
from miniapp_api.privacy.numbers import credit_code, id_number, mask_mobile, mask_name, mask_number, mobile
from miniapp_api.privacy.traces import LOGS, READS, reads, reveal

__all__ = [
    "Done",
    "PersonalRead",
    "credit_code",
    "erase",
    "id_number",
    "init_app",
    "mask_mobile",
    "mask_name",
    "mask_number",
    "mobile",
    "reads",
    "retain",
    "reveal",
]


def init_app(app: Flask) -> None:
    """Say what is kept here, and see that the periods are those of what is kept; after all domains.

    Raises:
        CatalogueError: `retention.yaml` names what nobody keeps.
    """
    holdings.register(app, READS)
    holdings.register(app, LOGS)
    holdings.check(app)

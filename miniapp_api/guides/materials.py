"""What a citizen has to bring, and what of it is ready."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.guides import view
from miniapp_api.guides.models import GuideMaterial
from miniapp_api.guides.running import Running


def tick(session: Session, running: Running, ready: Collection[str]) -> None:
    """Note which materials are ready, instead of those noted before.

    Raises:
        Problem: 422 if one is none of this guide's theme.
    """
    known = running.release.materials
    if unknown := sorted(set(ready) - known.keys()):
        raise Problem(422, invalid_params=[("ready", f"清单里没有这样材料：{unknown[0]}")])
    session.execute(delete(GuideMaterial).where(GuideMaterial.guide_id == running.row.id))
    if ready:
        session.execute(
            insert(GuideMaterial), [{"guide_id": running.row.id, "material": id_} for id_ in sorted(set(ready))]
        )


def ticked(session: Session, running: Running) -> list[str]:
    """The materials that are ready."""
    wanted = select(GuideMaterial.material).where(GuideMaterial.guide_id == running.row.id)
    return list(session.scalars(wanted.order_by(GuideMaterial.material)))


def to_bring(session: Session, running: Running, items: Collection[str]) -> list[dict[str, Any]]:
    """The materials certainly needed for some items, `{"name", "have"}` each, as the guide stands now."""
    listed = view.checklist(running)
    ready = set(ticked(session, running))
    return [
        {"name": material["name"], "have": material["id"] in ready}
        for material in listed["materials"]
        if material["status"] == "needed" and set(material["for"]) & set(items)
    ]


def needed_items(running: Running) -> list[str]:
    """The items that certainly have to be handled, as the guide stands now."""
    return [item["id"] for item in view.checklist(running)["items"] if item["status"] == "needed"]

"""The services that can be booked, and how citizens call them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from guidance.documents import CatalogueError, Problem
from miniapp_api.sites.files import ServiceEntry, ServicesFile
from miniapp_api.sites.sheets import Sheet, read
from miniapp_api.sites.words import Words, repeated

FILE = "services.yaml"


@dataclass(frozen=True, slots=True)
class Service:
    """What one visit to a counter is for.

    Attributes:
        minutes: that one visit takes.
        items: ids of the themes' items that it handles.
        say: how citizens call it.
        bring: what everybody brings while there is no checklist.
    """

    id: str
    name: str
    minutes: int
    items: tuple[str, ...]
    say: tuple[str, ...]
    bring: tuple[str, ...]


class Services:
    """All services, in the order of the file."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = {service.id: service for service in services}
        self._words = Words(
            (word, service) for service in self._services.values() for word in (service.name, *service.say)
        )

    def get(self, id_: str) -> Service:
        """A service by id; KeyError if there is none."""
        return self._services[id_]

    def all(self) -> tuple[Service, ...]:
        """Every service."""
        return tuple(self._services.values())

    def find(self, text: str) -> list[Service]:
        """The services that a text names in citizens' words, longest word first; empty if it names none."""
        return self._words.find(text)

    def for_items(self, items: Iterable[str]) -> list[Service]:
        """The services that handle any of these items, those that handle most first."""
        wanted = set(items)
        handled = Counter({id_: len(wanted.intersection(found.items)) for id_, found in self._services.items()})
        return [self._services[id_] for id_, number in handled.most_common() if number]


@dataclass(frozen=True, slots=True)
class Offering:
    """`services.yaml`, read.

    Attributes:
        facilities: what a hall may have for those who come, name by id.
    """

    services: Services
    facilities: Mapping[str, str]


def read_offering(root: Path) -> tuple[Sheet[ServicesFile], Offering]:
    """Read `services.yaml` of a catalogue.

    Raises:
        CatalogueError: it is not valid.
    """
    sheet = read(ServicesFile, root, root / FILE)
    if wrong := _claimed_twice(sheet):
        raise CatalogueError(wrong)
    services = Services(_service(id_, entry) for id_, entry in sheet.content.services.items())
    return sheet, Offering(services, dict(sheet.content.facilities))


def _service(id_: str, entry: ServiceEntry) -> Service:
    return Service(id_, entry.name, entry.minutes, tuple(entry.items), tuple(entry.say), tuple(entry.bring))


def _claimed_twice(sheet: Sheet[ServicesFile]) -> list[Problem]:
    entries = sheet.content.services.items()
    words = [(word, id_) for id_, entry in entries for word in (entry.name, *entry.say)]
    return [
        sheet.problem("H003", ("services", later, "say"), f"“{word}”已经归 {first}；一个词只能归一个服务，请删掉一处")
        for word, (first, later) in repeated(words).items()
    ]

"""Loads the halls of all cities from the catalogue, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guidance.documents import CatalogueError, Problem
from guidance.loading import load_catalogue
from miniapp_api.sites import checks
from miniapp_api.sites.files import HallsFile
from miniapp_api.sites.offering import Offering, read_offering
from miniapp_api.sites.plans import SitePlan, sites_of
from miniapp_api.sites.sheets import Sheet, read

FOLDER = "halls"


@dataclass(frozen=True, slots=True)
class Halls:
    """All sites of all cities, by code.

    Attributes:
        warnings: what should be looked at, and stops nothing.
    """

    offering: Offering
    sites: Mapping[str, SitePlan]
    warnings: tuple[Problem, ...]


def load_halls(folder: Path) -> Halls:
    """Load and check `services.yaml` and `halls/` of a catalogue folder.

    Raises:
        CatalogueError: with every problem found, also those of the themes and cities.
    """
    catalogue = load_catalogue(folder)
    cities = {id_: document.content.districts for id_, document in catalogue.localities.items()}
    items = {item for document in catalogue.themes.values() for item in document.content.items}
    form, offering = read_offering(folder)
    found = list(checks.items_known(form, items))
    planned: list[tuple[Sheet[HallsFile], list[SitePlan]]] = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        try:
            planned.append(_load_city(folder, path, offering, cities))
        except CatalogueError as error:
            found.extend(error.problems)
    found.extend(checks.codes_unique(planned))
    if any(problem.severity == "error" for problem in found):
        raise CatalogueError(sorted(found))
    sites = {site.code: site for _, city in planned for site in city}
    return Halls(offering, sites, tuple(found))


def _load_city(
    folder: Path, path: Path, offering: Offering, cities: Mapping[str, Mapping[str, object]]
) -> tuple[Sheet[HallsFile], list[SitePlan]]:
    sheet = read(HallsFile, folder, path)
    found = list(checks.names_known(sheet, offering, cities))
    if sheet.content.locality != path.stem:
        message = f"文件名应与 locality 一致：请把文件改名为 {sheet.content.locality}.yaml"
        found.append(sheet.problem("H007", ("locality",), message))
    if found:
        raise CatalogueError(found)
    sites = list(sites_of(sheet.content, offering.services))
    found = [*checks.sites_sound(sheet, sites), *checks.services_accepted(sheet, sites, offering)]
    if found:
        raise CatalogueError(found)
    return sheet, sites

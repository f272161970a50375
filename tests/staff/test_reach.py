"""Whose cases somebody sees: those of their site and of all under it, in a real city."""

import pytest

from miniapp_api.extensions import db
from miniapp_api.sites.service import TIERS, Site, load_halls
from miniapp_api.staff import service
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.service import Role
from tests.browser.bookable_city import CATALOGUE
from tests.conftest import only_sqlite

COLUMNS = ("code", "locality", "name", "tier", "parent", "address", "phone", "hours")


@pytest.fixture(scope="module")
def plans():
    """Read the sites of all cities."""
    return load_halls(CATALOGUE).sites.values()


@pytest.fixture
def sites(in_app, plans):
    """Put them into the database, without counters; gives them by their codes."""
    rows = [Site(**{name: getattr(plan, name) for name in COLUMNS}) for plan in plans]
    db.session.add_all(rows)
    db.session.flush()
    return {site.code: site for site in rows}


def works_at(code, role=Role.CLERK):
    return StaffMember(username="x", name="x", role=role, site_code=code, password_hash="none")


def under(sites, code):
    """Walk up from every site, instead of down."""
    found = set()
    for start in sites:
        at = start
        while at is not None:
            if at == code:
                found.add(start)
            at = sites[at].parent
    return found


def test_ones_own_site_and_all_under_it_however_deep(sites):
    assert {site.tier for site in sites.values()} == set(TIERS)
    villages = [code for code, site in sites.items() if site.tier == TIERS[-1]]
    for code in sites.keys() - set(villages[5:]):
        assert service.reach(db.session, works_at(code)) == under(sites, code)
    center = service.reach(db.session, works_at("shiyan-center"))
    assert center == {code for code, site in sites.items() if site.locality == "shiyan"}


def test_an_administrator_without_a_site_reaches_all_and_one_with_a_site_what_is_under_it(sites):
    assert service.reach(db.session, works_at(None, Role.ADMIN)) is None
    assert service.reach(db.session, works_at("shiyan-maojian", Role.ADMIN)) == under(sites, "shiyan-maojian")


@only_sqlite
def test_a_site_that_is_closed_keeps_its_cases_and_one_that_is_not_there_has_its_own(sites):
    sites["shiyan-maojian"].active = False
    db.session.flush()
    assert "shiyan-maojian" in service.reach(db.session, works_at("shiyan-center"))
    assert service.reach(db.session, works_at("nowhere")) == {"nowhere"}


@only_sqlite
def test_in_the_hall_one_acts_at_ones_own_site_only(sites):
    assert not service.may_act_at(works_at("shiyan-center"), "shiyan-maojian")

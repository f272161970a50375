"""Where a service can be booked, in the order in which a citizen would like to know."""

import pytest
from sqlalchemy import update

from miniapp_api.sites.geography import kilometres
from miniapp_api.sites.models import Pool, Site
from miniapp_api.sites.service import TIERS, browse, find_site, find_sites, offers, sync

ZHANGWAN = (32.6520, 110.7720)


@pytest.fixture
def session(session, shiyan):
    """Fill the tables with the halls of a city."""
    sync(session, shiyan)
    session.commit()
    return session


def codes(found):
    return [offer.site.code for offer in found]


def test_distances_are_those_of_the_map():
    assert kilometres((32.63, 110.80), (32.63, 110.80)) == 0
    assert kilometres((39.9042, 116.4074), (31.2304, 121.4737)) == pytest.approx(1067, abs=2)  # Beijing to Shanghai
    assert kilometres((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


def test_without_a_place_the_center_comes_first_and_then_each_tier(session):
    found = offers(session, "shiyan", "medical-insurance")
    assert codes(found)[0] == "shiyan-center" and found[0].km is None
    tiers = [TIERS.index(offer.site.tier) for offer in found]
    assert tiers == sorted(tiers) and set(tiers) == {0, 1, 2, 3}


def test_with_a_place_the_nearest_comes_first(session):
    found = offers(session, "shiyan", "food-licence", near=ZHANGWAN)
    assert codes(found)[:2] == ["shiyan-zhangwan", "shiyan-center"]
    distances = [offer.km for offer in found]
    assert distances == sorted(distances) and distances[0] == 0


def test_a_site_whose_place_is_not_known_comes_last(session):
    session.execute(update(Site).where(Site.code == "shiyan-zhangwan").values(latitude=None, longitude=None))
    found = offers(session, "shiyan", "food-licence", near=ZHANGWAN)
    assert codes(found)[-1] == "shiyan-zhangwan" and found[-1].km is None


def test_a_district_is_served_by_its_own_sites_and_those_above(session):
    assert codes(offers(session, "shiyan", "real-estate", district="zhangwan")) == ["shiyan-zhangwan", "shiyan-center"]
    insured = offers(session, "shiyan", "medical-insurance", district="zhangwan")
    assert codes(insured)[-1] == "shiyan-center"
    assert {offer.site.district for offer in insured[:-1]} == {"zhangwan"}
    assert codes(offers(session, "shiyan", "construction", district="fangxian")) == ["shiyan-fangxian", "shiyan-center"]


def test_an_offer_says_how_long_a_visit_is_and_who_books_it(session):
    (offer,) = [found for found in offers(session, "shiyan", "home-visit") if found.site.tier == "center"]
    assert (offer.units, offer.online, offer.pool.code) == (3, False, "assistance")
    assert all(offer.online for offer in offers(session, "shiyan", "real-estate"))


def test_what_is_walk_in_only_inactive_or_of_another_city_is_not_offered(session):
    assert {offer.site.tier for offer in offers(session, "shiyan", "consultation")} == {"branch"}
    assert offers(session, "jinan", "tax") == [] == offers(session, "shiyan", "nothing")
    session.execute(update(Site).where(Site.code == "shiyan-center").values(active=False))
    assert "shiyan-center" not in codes(offers(session, "shiyan", "real-estate"))
    session.execute(update(Pool).values(active=False))
    assert offers(session, "shiyan", "real-estate") == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("张湾那个大厅", ["shiyan-zhangwan"]),
        ("市民中心", ["shiyan-center"]),
        ("政务大厅在哪", ["shiyan-center"]),
        ("随便哪里", []),
        ("", []),
    ],
)
def test_a_hall_is_found_as_citizens_say_it(session, said, found):
    assert [site.code for site in find_sites(session, "shiyan", said)] == found


def test_an_inactive_hall_is_not_found_by_name_but_by_code(session):
    session.execute(update(Site).where(Site.code == "shiyan-zhangwan").values(active=False))
    assert find_sites(session, "shiyan", "张湾那个大厅") == []
    assert find_site(session, "shiyan-zhangwan").active is False


@pytest.mark.parametrize("code", ["", "nowhere", "shiyan\0center", "十堰", "x" * 65])
def test_a_code_that_is_none_finds_nothing(session, code):
    assert find_site(session, code) is None


def test_a_list_is_cut_into_pages_that_miss_and_repeat_nothing(session):
    pages = [browse(session, "shiyan", first=first, size=50) for first in (0, 50, 100, 150)]
    assert [len(page.sites) for page in pages] == [50, 50, 5, 0]
    assert len({site.code for page in pages for site, _ in page.sites}) == pages[0].total == 105

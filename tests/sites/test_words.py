"""Services and halls are found by what citizens call them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from miniapp_api.sites import naming
from miniapp_api.sites.service import load_halls
from miniapp_api.sites.words import Words
from tests.sites.conftest import CATALOGUE

HALLS = load_halls(CATALOGUE)
SERVICES = HALLS.offering.services


def ids(services):
    return [service.id for service in services]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("我要办食品证", ["food-licence"]),
        ("卫生许可证还办不办", ["food-licence"]),
        ("有执照了，还要办卫生许可证", ["food-licence", "business-registration"]),
        ("社保卡丢了", ["social-card"]),
        ("社保和社保卡", ["social-card", "social-insurance"]),
        ("咨询社保", ["social-insurance"]),
        ("KTV 许可", ["entertainment"]),
        ("ｋｔｖ许可", ["entertainment"]),
        ("預約護照", ["entry-exit"]),
        ("公积", ["housing-fund"]),
        ("给老人办老年证", ["elder-card"]),
        ("不动产登记", ["real-estate"]),
        ("证", []),
        ("今天天气不错", []),
        ("", []),
    ],
)
def test_a_service_is_found_by_citizens_words(said, found):
    assert ids(SERVICES.find(said)) == found


@pytest.mark.parametrize("service", SERVICES.all(), ids=lambda service: service.id)
def test_every_word_of_a_service_finds_it_first(service):
    for word in (service.name, *service.say):
        assert SERVICES.find(f"我想办{word}，谢谢")[0] == service


@given(st.text() | st.text(alphabet="社保卡医公积金食品证营业执照（）， \u0000", max_size=600))
@example("社" * 5000)
def test_no_text_is_too_strange(text):
    assert set(ids(SERVICES.find(text))) <= set(ids(SERVICES.all()))
    naming.best([("张湾区政务服务中心（演示）", 1), ("", 2)], text)
    naming.means_center(text)


@given(
    st.lists(st.tuples(st.text("甲乙丙", min_size=2, max_size=4), st.integers(0, 5)), max_size=8), st.text("甲乙丙丁")
)
def test_what_is_found_is_what_plain_search_finds_longest_first(words, text):
    """Compare with a slow search that has no index: the first key has the longest word in the text."""
    owners = {}
    for word, key in words:
        owners.setdefault(word, key)
    within = [word for word in owners if word in text]
    found = Words(words).find(text)
    if within:
        longest = max(map(len, within))
        first = min((word for word in within if len(word) == longest), key=text.index)
        assert found[0] == owners[first]
        assert set(found) <= {owners[word] for word in within}
    else:
        assert set(found) == ({owners[word] for word in owners if text in word} if len(text) > 1 else set())


def test_items_find_the_services_that_handle_them_most_first():
    assert ids(SERVICES.for_items(["food-licence", "register-company", "seal-filing"])) == [
        "business-registration",
        "food-licence",
    ]
    assert SERVICES.for_items([]) == SERVICES.for_items(["nothing"]) == []


def test_an_unknown_service_is_a_key_error():
    assert SERVICES.get("tobacco").minutes == 20
    with pytest.raises(KeyError):
        SERVICES.get("nothing")


def named(city, said):
    return naming.best([(site.name, site.code) for site in HALLS.sites.values() if site.locality == city], said)


@pytest.mark.parametrize(
    ("city", "said", "found"),
    [
        ("shiyan", "张湾那个大厅", ["shiyan-zhangwan"]),
        ("shiyan", "我去五堰街道办", ["shiyan-wuyan"]),
        ("shiyan", "郧西城关镇", ["shiyan-yunxi-chengguan"]),
        ("shiyan", "房县的大厅", ["shiyan-fangxian"]),
        ("shiyan", "十堰市民中心", ["shiyan-center"]),
        ("shiyan", "別的地方", []),
        ("caofeidian", "十一农场", ["caofeidian-shiyinongchang"]),
        ("caofeidian", "一农场", ["caofeidian-yinongchang"]),
        ("caofeidian", "十里海", ["caofeidian-shilihai"]),
        ("caofeidian", "工业区分中心", ["caofeidian-gongyequ"]),
        ("jinan", "馬頭鎮", ["jinan-matou"]),
        ("qingshan", "青山区大厅", ["qingshan-center"]),
        ("qingshan", "青山路", ["qingshan-qingshanlu"]),
    ],
)
def test_a_hall_is_found_by_what_citizens_call_it(city, said, found):
    assert named(city, said) == found


def test_a_name_that_several_have_finds_them_all():
    assert len(named("shiyan", "城关镇")) == 5


def test_every_hall_is_found_by_its_own_name():
    for site in HALLS.sites.values():
        assert site.code in named(site.locality, site.name)

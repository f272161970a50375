"""The halls of the five cities are as announced, and what is wrong in a file is said with its line."""

from collections import Counter

import pytest

from miniapp_api.sites import __main__ as command
from miniapp_api.sites.loading import load_halls
from miniapp_api.sites.service import TIERS
from tests.sites.conftest import CATALOGUE

CITY = "halls/shiyan.yaml"
HANDBOOK = CATALOGUE.parent / "docs/authoring/halls.md"


@pytest.mark.parametrize(
    ("city", "sizes"),
    [
        ("jinan", [1, 0, 9, 139]),
        ("caofeidian", [1, 4, 15, 123]),
        ("qingshan", [1, 0, 10, 40]),
        ("anshan", [1, 7, 18, 54]),
        ("shiyan", [1, 8, 24, 72]),
    ],
)
def test_a_city_has_its_network(halls, city, sizes):
    found = Counter(site.tier for site in halls.sites.values() if site.locality == city)
    assert [found[tier] for tier in TIERS] == sizes


def test_the_real_files_are_sound_and_say_that_they_are_a_demonstration(halls):
    assert halls.warnings == ()
    assert all(site.demo and "演示" in site.name + site.address for site in halls.sites.values())
    assert {"shiyan-center", "jinan-center"} <= halls.sites.keys()


def test_every_item_of_the_restaurant_theme_can_be_booked(halls, whole_catalogue):
    (theme,) = [theme for theme in whole_catalogue.themes() if theme.id == "open-restaurant"]
    services = halls.offering.services
    assert [item for item in theme.items if not services.for_items([item])] == []


def test_a_village_is_written_out_from_the_list_of_its_township(halls):
    townships = {code: site for code, site in halls.sites.items() if site.tier == "township"}
    for village in (site for site in halls.sites.values() if site.tier == "village"):
        above = townships[village.parent]
        assert village.code.startswith(f"{above.code}-") and village.district == above.district
        assert len(village.pools) == 1 and len(village.pools[0].counters) == 1


def test_most_villages_are_walk_in_only_and_some_can_be_booked(halls):
    booked = [site.pools[0].schedule == "village" for site in halls.sites.values() if site.tier == "village"]
    assert 0 < sum(booked) < len(booked) / 2


def test_a_long_visit_takes_several_slots_and_staff_books_what_is_theirs(halls):
    accepted = {service.service: service for pool in halls.sites["shiyan-center"].pools for service in pool.services}
    assert accepted["food-licence"].units == 2 and accepted["food-licence"].online  # 30 minutes, grid 15
    assert accepted["social-insurance"].units == 2 and accepted["pension-check"].units == 1  # 20 and 10, grid 10
    assert accepted["marriage"].units == 3 and accepted["home-visit"].units == 3
    assert not accepted["home-visit"].online and not accepted["consultation"].online


FAULTS = {
    "an unknown service": (
        CITY,
        "services: [construction, utilities]",
        "services: [constructoin]",
        "没有服务 constructoin；是不是想写 construction",
    ),
    "an unknown facility": (CITY, "[nursing-room,", "[nursing-rom,", "没有设施 nursing-rom；是不是想写 nursing-room"),
    "an unknown district": (CITY, "district: yunxi", "district: yunxii", "没有区县 yunxii；是不是想写 yunxi"),
    "an unknown layout": (CITY, "    layout: township\n", "    layout: town\n", "没有窗口安排 town"),
    "an unknown city": (CITY, "locality: shiyan", "locality: shiyann", "没有城市 shiyann"),
    "an unknown item": ("services.yaml", "items: [tobacco]", "items: [tobaco]", "没有事项 tobaco；是不是想写 tobacco"),
    "a parent that is not there": (
        CITY,
        "parent: shiyan-zhangwan",
        "parent: shiyan-zhangwn",
        "的上级 shiyan-zhangwn 不存在；是不是想写 shiyan-zhangwan",
    ),
    "no parent": (CITY, "    parent: shiyan-zhangwan\n", "", "缺少 parent：写上一级网点的编号"),
    "a center with a parent": (CITY, "tier: center\n", "tier: center\n    parent: shiyan-yunxi\n", "中心没有上级"),
    "a parent two tiers up": (
        CITY,
        "parent: shiyan-zhangwan",
        "parent: shiyan-center",
        "的上级应当是上一级（branch），shiyan-center 是 center",
    ),
    "a slot that does not divide an hour": (CITY, "grid: 15", "grid: 25", "grid：只能是 10, 15 or 20"),
    "a schedule that is not there": (CITY, "schedule: center", "schedule: centre", "schedule：只能是"),
    "coordinates the wrong way round": (
        CITY,
        "at: [32.6290, 110.7980]",
        "at: [110.7980, 32.6290]",
        "不在中国；纬度在前，经度在后，是不是写反了",
    ),
    "coordinates elsewhere": (CITY, "at: [32.6290, 110.7980]", "at: [48.85, 2.35]", "坐标 48.85, 2.35 不在中国"),
    "a counter in two pools": (CITY, "counters: [C01, C02, C03]", "counters: [C01, B02, C03]", "的窗口 B02 写了两次"),
    "a counter without a name": (CITY, "counters: [C01, C02, C03]", "counters: [窗口一]", "窗口号写成 A01 这样"),
    "a service accepted twice": (
        CITY,
        "by_staff: [home-visit]",
        "by_staff: [home-visit, assistance]",
        "服务 assistance 写了两次",
    ),
    "staff who book what cannot be booked": (
        CITY,
        "services: [consultation]",
        "by_staff: [consultation]",
        "不能预约的窗口组没有代约",
    ),
    "a visit that takes too many slots": (
        "services.yaml",
        "name: 婚姻登记\n    minutes: 30",
        "name: 婚姻登记\n    minutes: 180",
        "办 marriage 要连着 18 格，最多 16 格；请把 grid 写大",
    ),
    "a word of two services": (
        "services.yaml",
        "say: [居住证,",
        "say: [护照, 居住证,",
        "“护照”已经归 residence-permit",
    ),
    "a word too short": ("services.yaml", "say: [居住证,", "say: [证,", "说法至少要两个字"),
    "a misspelt key": (CITY, "    hours: 周一", "    hour: 周一", "没有这一项，请删掉；是不是想写 hours"),
    "a telephone without quotes": (CITY, 'phone: "0719-0000101"', "phone: 12345", "phone：应当是文字"),
    "a code of another city": (CITY, "  shiyan-yunxi:", "  yunxi:", "编号 yunxi 应以 shiyan- 开头"),
    "a center by another name": (
        CITY,
        "  shiyan-center:",
        "  shiyan-hall:",
        "编号是 shiyan-center；现在是：shiyan-hall",
    ),
    "no counters": (CITY, "    layout: center\n", "", "没有窗口；请写 layout 或 pools"),
    "a service nobody accepts": (
        CITY,
        "services: [construction, utilities]",
        "services: [construction]",
        "服务 utilities（水电气报装）没有一个窗口收",
    ),
    "a service refused and accepted": (
        CITY,
        "not_offered: []",
        "not_offered: [utilities]",
        "写在 not_offered 里，可是有窗口收",
    ),
    "villages under a branch": (
        CITY,
        "    layout: branch\n",
        "    layout: branch\n    villages:\n      x: {name: 甲村}\n",
        "只有乡镇、街道（tier: township）下面可以写 villages",
    ),
    "villages without a place": (CITY, "    place: 茅箭区五堰街道\n", "", "有 villages 就要写 place"),
    "a tab": (CITY, "sites:\n", "sites:\n\t\n\tx: 1\n", "制表符"),
    "the wrong file name": (CITY, "locality: shiyan", "locality: jinan", "请把文件改名为 jinan.yaml"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_with_file_line_and_remedy(fault, folder, edit, capsys):
    file, old, new, said = FAULTS[fault]
    edit(file, old, new)
    status = command.main(["check", str(folder)])
    printed = capsys.readouterr().out
    assert status == 1
    lines = [line for line in printed.splitlines() if said in line]
    assert lines, printed
    assert lines[0].startswith("halls/" if "marriage" in said else f"{file}:")


def test_the_line_is_that_of_the_fault(folder, edit, capsys):
    edit(CITY, "district: yunxi", "district: nowhere")
    command.main(["check", str(folder)])
    text = (folder / CITY).read_text("utf-8").splitlines()
    assert f"{CITY}:{text.index('    district: nowhere') + 1} " in capsys.readouterr().out


def test_what_the_lowest_tier_does_not_accept_some_tier_above_does(folder, edit, capsys):
    only_here = "{name: 报装, grid: 20, schedule: branch, counters: [Z01], services: [utilities]}"
    edit(CITY, "services: [construction, utilities]", "services: [construction]")
    edit(CITY, "    layout: branch\n", f"    layout: branch\n    pools:\n      utilities: {only_here}\n")
    assert command.main(["check", str(folder)]) == 1
    assert "往上，没有一级收 utilities；下一级不收的，上一级要收" in capsys.readouterr().out


def test_a_code_given_in_two_ways_is_refused(folder, edit, capsys):
    edit(CITY, "\n  shiyan-eryan:", "\n  shiyan-wuyan-twin:")
    edit(CITY, "    villages:\n", "    villages:\n      twin: {name: 双子村}\n")
    assert command.main(["check", str(folder)]) == 1
    assert "编号 shiyan-wuyan-twin 已经用过" in capsys.readouterr().out


def test_an_item_that_no_service_handles_is_a_warning(folder, edit, capsys):
    edit("services.yaml", "items: [tobacco]", "items: []")
    assert command.main(["check", str(folder)]) == 0
    assert "事项 tobacco 没有服务办理" in capsys.readouterr().out


def test_a_missing_file_of_services_is_said(folder, capsys):
    (folder / "services.yaml").unlink()
    assert command.main(["check", str(folder)]) == 1
    assert "services.yaml:1  H001  错误  缺少这个文件" in capsys.readouterr().out


def test_every_fault_of_every_city_is_said_at_once(folder, edit, capsys):
    edit(CITY, "district: yunxi", "district: nowhere")
    edit("halls/jinan.yaml", "district: matou", "district: nowhere")
    command.main(["check", str(folder)])
    printed = capsys.readouterr().out
    assert "halls/shiyan.yaml:" in printed and "halls/jinan.yaml:" in printed


def test_the_example_of_the_handbook_is_sound(folder):
    blocks = HANDBOOK.read_text("utf-8").split("```yaml\n")
    (example,) = [block.split("```")[0] for block in blocks if block.startswith("schema: daoban/halls")]
    services = [
        service.id
        for service in load_halls(CATALOGUE).offering.services.all()
        if service.id
        not in {"food-licence", "tobacco", "signboard", "construction", "consultation", "medical-insurance"}
    ]
    (folder / CITY).write_text(example.replace("not_offered: []", f"not_offered: [{', '.join(services)}]"), "utf-8")
    sites = load_halls(folder).sites
    assert sites["shiyan-huaguo-anju"].name == "花果街道安居社区便民服务站"
    assert sites["shiyan-huaguo-huguang"].latitude is None


def test_the_command_explains_itself(capsys):
    assert command.main(["sideways"]) == 2
    assert "python -m miniapp_api.sites check" in capsys.readouterr().out

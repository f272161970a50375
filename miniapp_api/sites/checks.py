"""What must be right about the halls beyond the form of their files.

H002 a name that nothing has · H003 something given twice · H004 tiers · H005 coordinates ·
H006 a service that nobody accepts · H007 codes · H008 counters and bookings · H009 items nobody handles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from guidance.documents import Problem, did_you_mean
from miniapp_api.sites.files import HallsFile, Layout, PoolEntry, ServicesFile, SiteEntry
from miniapp_api.sites.models import TIERS
from miniapp_api.sites.offering import Offering
from miniapp_api.sites.plans import SitePlan
from miniapp_api.sites.sheets import KeyPath, Sheet

MAX_UNITS = 16
"""Slots in a row that one visit may take (`pool_services`)."""

LATITUDES, LONGITUDES = (3.8, 53.6), (73.4, 135.1)
"""Between which China lies, in degrees."""


def items_known(sheet: Sheet[ServicesFile], items: Collection[str]) -> Iterator[Problem]:
    """Each service handles items that some theme has, and each item is handled by a service."""
    handled: set[str] = set()
    for id_, service in sheet.content.services.items():
        handled.update(service.items)
        yield from _unknown(sheet, ("services", id_, "items"), service.items, items, "事项")
    for item in sorted(set(items) - handled):
        yield sheet.problem(
            "H009", ("services",), f"事项 {item} 没有服务办理，群众约不了；请写进一个服务的 items", "warning"
        )


def names_known(
    sheet: Sheet[HallsFile], offering: Offering, cities: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Everything that a city's file names exists; `cities` has the districts of each city."""
    file = sheet.content
    if file.locality not in cities:
        hint = did_you_mean(file.locality, cities)
        yield sheet.problem("H002", ("locality",), f"没有城市 {file.locality}（localities/ 里的文件名）{hint}")
    known = [service.id for service in offering.services.all()]
    yield from _unknown(sheet, ("not_offered",), file.not_offered, known, "服务")
    for where, layout in _layouts(file):
        for code, pool in layout.items():
            yield from _pool(sheet, (*where, code), pool, known)
    if file.villages:
        yield from _unknown(sheet, ("villages", "facilities"), file.villages.facilities, offering.facilities, "设施")
        yield from _unknown(sheet, ("villages", "layout"), [file.villages.layout], file.layouts, "窗口安排")
    for code, site in file.sites.items():
        where = ("sites", code)
        yield from _unknown(sheet, (*where, "facilities"), site.facilities, offering.facilities, "设施")
        yield from _unknown(sheet, (*where, "layout"), [site.layout], [None, *file.layouts], "窗口安排")
        districts = cities.get(file.locality, [site.district])
        yield from _unknown(sheet, (*where, "district"), [site.district], [None, *districts], "区县")
        yield from _village_list(sheet, code, site)


def _layouts(file: HallsFile) -> Iterator[tuple[KeyPath, Layout]]:
    for name, layout in file.layouts.items():
        yield ("layouts", name), layout
    for code, site in file.sites.items():
        yield ("sites", code, "pools"), site.pools


def _pool(sheet: Sheet[HallsFile], where: KeyPath, pool: PoolEntry, known: Collection[str]) -> Iterator[Problem]:
    yield from _unknown(sheet, (*where, "services"), pool.services, known, "服务")
    yield from _unknown(sheet, (*where, "by_staff"), pool.by_staff, known, "服务")
    for service in _twice((*pool.services, *pool.by_staff)):
        yield sheet.problem("H003", where, f"服务 {service} 写了两次（services 和 by_staff 只写在一处）")
    if pool.schedule is None and pool.by_staff:
        yield sheet.problem(
            "H008", (*where, "by_staff"), "不能预约的窗口组没有代约；请写到 services，或者给它一张时间表"
        )


def _village_list(sheet: Sheet[HallsFile], code: str, site: SiteEntry) -> Iterator[Problem]:
    if not site.villages:
        return
    where = ("sites", code, "villages")
    if site.tier != "township":
        yield sheet.problem("H004", where, "只有乡镇、街道（tier: township）下面可以写 villages")
    if site.place is None:
        yield sheet.problem("H002", where, "有 villages 就要写 place，例如 place: 马头镇；村的名称和地址从它开始")
    if sheet.content.villages is None:
        yield sheet.problem("H002", where, "文件开头缺少 villages：各村共同的电话、办公时间和窗口安排")
    for id_, village in site.villages.items():
        yield from _unknown(
            sheet, (*where, id_, "layout"), [village.layout], [None, *sheet.content.layouts], "窗口安排"
        )


def sites_sound(sheet: Sheet[HallsFile], sites: Iterable[SitePlan]) -> Iterator[Problem]:
    """The sites of one city are placed, numbered and ranked as they must be."""
    by_code = {site.code: site for site in sites}
    tiers = [tier for tier in TIERS if any(site.tier == tier for site in by_code.values())]
    prefix = f"{sheet.content.locality}-"
    centers = [code for code, site in by_code.items() if site.tier == "center"]
    if centers != [f"{prefix}center"]:
        found = "、".join(centers) or "没有"
        yield sheet.problem("H007", ("sites",), f"一个城市要有一个中心，编号是 {prefix}center；现在是：{found}")
    for site in by_code.values():
        if not site.code.startswith(prefix):
            yield sheet.problem("H007", site.where, f"编号 {site.code} 应以 {prefix} 开头")
        yield from _ranked(sheet, site, by_code, tiers)
        yield from _placed(sheet, site)
        yield from _counted(sheet, site)


def _ranked(
    sheet: Sheet[HallsFile], site: SitePlan, by_code: Mapping[str, SitePlan], tiers: list[str]
) -> Iterator[Problem]:
    if site.tier == "center":
        if site.parent:
            yield sheet.problem("H004", (*site.where, "parent"), "中心没有上级，请删掉 parent")
        return
    expected = tiers[max(0, tiers.index(site.tier) - 1)]
    if site.parent is None:
        yield sheet.problem("H004", site.where, f"{site.code} 缺少 parent：写上一级网点的编号")
    elif (parent := by_code.get(site.parent)) is None:
        hint = did_you_mean(site.parent, by_code)
        yield sheet.problem("H004", (*site.where, "parent"), f"{site.code} 的上级 {site.parent} 不存在{hint}")
    elif parent.tier != expected:
        yield sheet.problem(
            "H004",
            (*site.where, "parent"),
            f"{site.code} 的上级应当是上一级（{expected}），{parent.code} 是 {parent.tier}",
        )


def _placed(sheet: Sheet[HallsFile], site: SitePlan) -> Iterator[Problem]:
    if site.latitude is None or site.longitude is None or _in_china(site.latitude, site.longitude):
        return
    hint = "；纬度在前，经度在后，是不是写反了" if _in_china(site.longitude, site.latitude) else ""
    yield sheet.problem("H005", (*site.where, "at"), f"坐标 {site.latitude}, {site.longitude} 不在中国{hint}")


def _in_china(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def _counted(sheet: Sheet[HallsFile], site: SitePlan) -> Iterator[Problem]:
    for counter in _twice(counter for pool in site.pools for counter in pool.counters):
        yield sheet.problem("H003", site.where, f"{site.name}的窗口 {counter} 写了两次；一个窗口只能在一个窗口组里")
    if not site.pools:
        yield sheet.problem("H008", site.where, f"{site.name}没有窗口；请写 layout 或 pools")
    for pool in site.pools:
        for accepted in pool.services:
            if accepted.units > MAX_UNITS:
                message = f"窗口组 {pool.code} 办 {accepted.service} 要连着 {accepted.units} 格，最多 {MAX_UNITS} 格"
                yield sheet.problem("H008", site.where, f"{message}；请把 grid 写大")


def services_accepted(sheet: Sheet[HallsFile], sites: Collection[SitePlan], offering: Offering) -> Iterator[Problem]:
    """Each service is accepted in the city or said not to be, and from each site upwards somebody accepts it."""
    offered = frozenset[str]().union(*(site.accepts() for site in sites))
    refused = set(sheet.content.not_offered)
    for service in offering.services.all():
        if service.id not in offered | refused:
            message = f"服务 {service.id}（{service.name}）没有一个窗口收；请写进一个窗口组，或者写进 not_offered"
            yield sheet.problem("H006", ("sites",), message)
        elif service.id in offered & refused:
            yield sheet.problem("H006", ("not_offered",), f"服务 {service.id} 写在 not_offered 里，可是有窗口收")
    yield from _reachable(sheet, {site.code: site for site in sites}, offered)


def _reachable(sheet: Sheet[HallsFile], by_code: Mapping[str, SitePlan], offered: frozenset[str]) -> Iterator[Problem]:
    above = {site.parent for site in by_code.values()}
    said: set[str] = set()
    for lowest in (site for code, site in by_code.items() if code not in above):
        missing, at = offered, lowest.code
        for _ in TIERS:
            if (site := by_code.get(at)) is None:
                break
            missing, at = missing - site.accepts(), site.parent or ""
        for service in sorted(missing - said):
            said.add(service)
            yield sheet.problem(
                "H006", lowest.where, f"从{lowest.name}往上，没有一级收 {service}；下一级不收的，上一级要收"
            )


def codes_unique(sheets: Iterable[tuple[Sheet[HallsFile], Collection[SitePlan]]]) -> Iterator[Problem]:
    """No code is given twice, within a city or in two."""
    owners: dict[str, str] = {}
    for sheet, sites in sheets:
        for site in sites:
            if site.code in owners:
                yield sheet.problem("H003", site.where, f"编号 {site.code} 已经用过（{owners[site.code]}）；请换一个")
            owners.setdefault(site.code, site.name)


def _unknown(
    sheet: Sheet[HallsFile] | Sheet[ServicesFile],
    where: KeyPath,
    named: Iterable[str | None],
    known: Iterable[str | None],
    what: str,
) -> Iterator[Problem]:
    known = list(known)
    for position, name in enumerate(named):
        if name not in known:
            hint = did_you_mean(name or "", [other for other in known if other])
            yield sheet.problem("H002", (*where, position), f"没有{what} {name}{hint}")


def _twice(things: Iterable[str]) -> list[str]:
    return [thing for thing, times in Counter(things).items() if times > 1]

"""The tables follow the files, twice is as good as once, and nothing is lost."""

import pytest
from sqlalchemy import func, select

from miniapp_api.sites import __main__ as command
from miniapp_api.sites.models import Counter, Pool, PoolService, Site
from miniapp_api.sites.service import find_site, load_halls, sync
from tests.conftest import SECRET

CITY = "halls/qingshan.yaml"
CENTER = "qingshan-center"


@pytest.fixture
def folder(folder):
    """Keep the halls of one city."""
    for path in (folder / "halls").iterdir():
        if path != folder / CITY:
            path.unlink()
    return folder


@pytest.fixture
def synced(session, folder):
    """Sync the copy of the catalogue as it is now."""

    def again():
        changes = sync(session, load_halls(folder))
        session.commit()
        session.expire_all()
        return changes

    again()
    return again


def pool(session, code, site=CENTER):
    return session.scalar(select(Pool).join(Pool.site).where(Site.code == site, Pool.code == code))


def test_the_tables_hold_what_the_files_say(session, halls):
    changes = sync(session, halls)
    session.commit()
    assert len(changes) == len(halls.sites) == session.scalar(select(func.count(Site.id)))
    session.expire_all()
    for code in (CENTER, "shiyan-center", "jinan-matou"):
        site, plan = find_site(session, code), halls.sites[code]
        assert (site.name, site.latitude, site.facilities) == (plan.name, plan.latitude, list(plan.facilities))
        for stored, planned in zip(site.pools, plan.pools, strict=True):
            assert (stored.code, stored.grid, stored.schedule) == (planned.code, planned.grid, planned.schedule)
            assert tuple(counter.code for counter in stored.counters) == planned.counters
            told = {(entry.service, entry.units, entry.online) for entry in stored.services}
            assert told == {(entry.service, entry.units, entry.online) for entry in planned.services}


def test_a_second_sync_changes_nothing(session, synced):
    ids = session.scalars(select(Counter.id).order_by(Counter.id)).all()
    assert synced() == []
    assert session.scalars(select(Counter.id).order_by(Counter.id)).all() == ids


def test_a_city_that_is_gone_is_inactive_and_comes_back(session, synced, folder):
    before = find_site(session, CENTER).id
    text = (folder / CITY).read_text("utf-8")
    (folder / CITY).unlink()
    assert f"停用 {CENTER} 包头市青山区政务服务中心（演示）" in synced()
    assert synced() == []
    gone = find_site(session, CENTER)
    assert not gone.active and gone.id == before and all(pool.active for pool in gone.pools)
    (folder / CITY).write_text(text, "utf-8")
    assert f"恢复 {CENTER} 包头市青山区政务服务中心（演示）" in synced()
    assert find_site(session, CENTER).active


def test_a_village_taken_off_the_list_is_inactive(session, synced, folder):
    path = folder / CITY
    lines = path.read_text("utf-8").splitlines(keepends=True)
    village = next(line for line in lines if ": {name: " in line and "layout" not in line)
    path.write_text("".join(line for line in lines if line != village), "utf-8")
    (change,) = synced()
    assert change.startswith("停用 qingshan-")
    assert not find_site(session, change.split()[1]).active


def test_what_changed_is_said_by_name(session, synced, edit):
    edit(CITY, "name: 包头市青山区政务服务中心（演示）", "name: 青山区政务大厅（演示）")
    edit(CITY, "[nursing-room, children,", "[children,")
    edit(CITY, "name: 工程建设窗口\n      grid: 20", "name: 工程窗口\n      grid: 10")
    (change,) = synced()
    assert change.startswith(f"修改 {CENTER} 青山区政务大厅（演示）：名称、设施、窗口组 construction 的名称")
    assert "窗口组 construction 的每格分钟数" in change and "窗口组 construction 收的服务" in change
    assert {entry.units for entry in pool(session, "construction").services} == {2, 4}


def test_a_pool_that_is_gone_is_inactive_with_its_counters(session, synced, edit):
    edit(CITY, "    construction:\n      name: 工程建设窗口\n", "    building:\n      name: 工程建设窗口\n")
    (change,) = synced()
    assert "新增窗口组 building" in change and "停用窗口组 construction" in change and "窗口 C01 归 building" in change
    assert not pool(session, "construction").active
    assert [counter.code for counter in pool(session, "building").counters] == ["C01", "C02"]
    assert synced() == []


def test_a_counter_moves_closes_and_opens_again(session, synced, edit):
    kept = {counter.code: counter.id for counter in find_site(session, CENTER).pools[2].counters}
    edit(CITY, "counters: [C01, C02]", "counters: [C01]")
    assert "停用窗口 C02" in synced()[0]
    edit(CITY, "counters: [J01, J02]", "counters: [J01, J02, C02]")
    (change,) = synced()
    assert "窗口 C02 归 inquiry" in change and "恢复窗口 C02" in change
    moved = session.scalar(
        select(Counter).join(Counter.pool).join(Pool.site).where(Site.code == CENTER, Counter.code == "C02")
    )
    assert moved.id == kept["C02"] and moved.active and moved.pool.code == "inquiry"


def test_a_service_no_longer_accepted_is_off_the_pool(session, synced, edit):
    edit(CITY, "services: [construction, utilities]", "services: [construction]")
    edit(CITY, "services: [business-registration, tax]", "services: [business-registration, tax, utilities]")
    synced()
    assert [entry.service for entry in pool(session, "construction").services] == ["construction"]
    assert session.scalar(select(func.count()).select_from(PoolService).where(PoolService.service == "utilities")) > 0


def test_the_command_syncs_the_database_of_the_environment(database_url, monkeypatch, capsys):
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert command.main(["sync"]) == 0
    assert "新增 shiyan-center 十堰市市民服务中心（演示）" in capsys.readouterr().out
    assert command.main(["sync"]) == 0
    assert capsys.readouterr().out == "没有变化。\n"


def test_the_command_says_what_the_environment_lacks(monkeypatch, capsys):
    monkeypatch.setenv("SECRET_KEY", "")
    monkeypatch.delenv("DAOBAN_DEMO", raising=False)
    assert command.main(["sync"]) == 1
    assert "SECRET_KEY" in capsys.readouterr().out

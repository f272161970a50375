"""Notices in the database: loading, the library as the ground, and what each process sees."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from miniapp_api.calendar import service
from miniapp_api.calendar.models import CalendarDay, CalendarNotice
from miniapp_api.calendar.notices import DayKind
from miniapp_api.calendar.packaged import packaged_notices
from miniapp_api.calendar.reading import NoticeError
from miniapp_api.database import create_engine


@pytest.fixture
def engine(database_url):
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def another(database_url):
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def look(engine):
    with Session(engine) as session:
        return service.calendar(session)


def load(engine, notice):
    with Session(engine) as session, session.begin():
        return service.load(session, notice)


def stored(engine):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(CalendarDay))


def test_an_empty_table_gives_the_librarys_years(engine):
    calendar = look(engine)
    assert (calendar.first, calendar.confirmed_until) == (date(2004, 1, 1), date(2026, 12, 31))
    assert calendar.day(date(2026, 10, 10)).kind is DayKind.MAKEUP


def test_a_loaded_notice_counts_at_once_on_every_connection(engine, another, notice_2027):
    assert not look(engine).day(date(2027, 10, 1)).confirmed
    assert not look(another).day(date(2027, 10, 1)).confirmed
    assert load(engine, notice_2027)
    for connected in (engine, another):
        calendar = look(connected)
        assert calendar.confirmed_until == date(2027, 12, 31)
        assert calendar.day(date(2027, 9, 26)).kind is DayKind.MAKEUP
        assert calendar.add_workdays(date(2026, 11, 20), 30) == date(2027, 1, 4)


def test_what_is_not_committed_counts_for_nobody_else(engine, another, notice_2027):
    if engine.dialect.name == "sqlite":
        another = another.execution_options(sqlite_begin="DEFERRED")
    with Session(engine) as session:
        service.load(session, notice_2027)
        assert service.calendar(session).day(date(2027, 1, 1)).confirmed
        assert not look(another).day(date(2027, 1, 1)).confirmed
        session.rollback()
    assert not look(engine).day(date(2027, 1, 1)).confirmed


def test_loading_twice_changes_nothing(engine, notice_2027):
    assert load(engine, notice_2027)
    with Session(engine) as session:
        at = session.get_one(CalendarNotice, 2027).loaded_at
    assert not load(engine, notice_2027)
    with Session(engine) as session:
        assert session.get_one(CalendarNotice, 2027).loaded_at == at
    assert stored(engine) == len(notice_2027.days)


def test_a_later_notice_replaces_the_earlier_one_and_the_library(engine, notice_2027):
    load(engine, notice_2027)
    fewer = replace(notice_2027, source="更正", days=notice_2027.days[:-2])
    assert load(engine, fewer)
    assert look(engine).day(date(2027, 10, 6)).kind is DayKind.WORKDAY
    assert load(engine, notice_2027)
    assert look(engine).day(date(2027, 10, 6)).kind is DayKind.IN_LIEU
    corrected = replace(packaged_notices()[2026], source="更正", days=packaged_notices()[2026].days[1:])
    assert load(engine, corrected)
    assert look(engine).day(date(2026, 1, 1)).kind is DayKind.WORKDAY


def test_a_notice_that_leaves_a_gap_is_refused(engine, notice_2027):
    for year in (2028, 2072, 2003):
        with pytest.raises(NoticeError, match=f"{year} 年接不上"):
            load(engine, replace(notice_2027, year=year))
    load(engine, notice_2027)
    assert load(engine, replace(notice_2027, year=2028))


def test_syncing_stores_the_library_once_and_spares_loaded_notices(engine, notice_2027):
    mine = replace(packaged_notices()[2026], source="2026.csv")
    load(engine, mine)
    load(engine, notice_2027)
    with Session(engine) as session, session.begin():
        assert service.sync(session) == list(range(2004, 2026))
    with Session(engine) as session, session.begin():
        assert service.sync(session) == []
        assert service.notices(session) == {**packaged_notices(), 2026: mine, 2027: notice_2027}


def test_syncing_replaces_what_an_older_library_said(engine):
    wrong = replace(packaged_notices()[2026], source="chinesecalendar 1.10.0", days=packaged_notices()[2026].days[1:])
    load(engine, wrong)
    with Session(engine) as session, session.begin():
        assert 2026 in service.sync(session)
    assert look(engine).day(date(2026, 1, 1)).kind is DayKind.HOLIDAY


def test_the_calendar_is_the_same_whether_stored_or_packaged(engine):
    packaged = look(engine).days(date(2004, 1, 1), date(2030, 12, 31))
    with Session(engine) as session, session.begin():
        service.sync(session)
    assert look(engine).days(date(2004, 1, 1), date(2030, 12, 31)) == packaged


def test_an_unchanged_table_costs_one_query(engine, notice_2027):
    load(engine, notice_2027)
    first = look(engine)
    statements = []
    with Session(engine) as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *call: statements.append(call[2]))
        assert service.calendar(session) is first
    assert len(statements) == 1


def test_other_databases_of_the_process_keep_their_own_calendars(engine, notice_2027, sqlite_template):
    load(engine, notice_2027)
    other = create_engine(f"sqlite:///{sqlite_template}")
    for _ in range(3):
        assert look(engine).confirmed_until.year == 2027
        assert look(other).confirmed_until.year == 2026
    other.dispose()


def test_a_notice_loaded_between_the_two_reads_is_not_kept_under_the_older_version(
    engine, another, notice_2027, monkeypatch
):
    read = service.notices
    if engine.dialect.name == "sqlite":
        engine = engine.execution_options(sqlite_begin="DEFERRED")
    service._built.clear()

    def slowly(session):
        monkeypatch.setattr(service, "notices", read)
        session.rollback()  # on SQLite a transaction would not see it at all
        load(another, notice_2027)
        return read(session)

    monkeypatch.setattr(service, "notices", slowly)
    assert look(engine).confirmed_until.year == 2027
    with Session(another) as session, session.begin():
        session.delete(session.get_one(CalendarNotice, 2027))
    assert look(engine).confirmed_until.year == 2026


def test_two_who_load_a_stored_year_at_once_take_turns(engine, another, notice_2027):
    load(engine, notice_2027)
    first, second = (replace(notice_2027, source=f"第 {n} 版", days=notice_2027.days[n:]) for n in (1, 2))
    with ThreadPoolExecutor() as pool, Session(engine) as session:
        service.load(session, first)
        later = pool.submit(load, another, second)
        with pytest.raises(TimeoutError):
            later.result(timeout=0.5)
        session.commit()
        assert later.result(timeout=60)
    with Session(engine) as session:
        assert service.notices(session)[2027] == second

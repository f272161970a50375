"""The real application with two halls that can be booked, served to a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
from apiflask import APIFlask
from sqlalchemy import select, update
from werkzeug.serving import make_server

from miniapp_api.accounts.service import Visitor, delegate
from miniapp_api.app import create_app
from miniapp_api.appointments import generating
from miniapp_api.appointments.models import Booking, Restriction, Slot
from miniapp_api.appointments.service import SYSTEM, acting
from miniapp_api.code_settings import read_keys
from miniapp_api.config import Settings
from miniapp_api.content.service import Content
from miniapp_api.conversation import service as conversation
from miniapp_api.extensions import db
from miniapp_api.field_settings import read_field_keys
from miniapp_api.people.models import Person
from miniapp_api.sites.models import Pool, PoolService, Site
from miniapp_api.sites.service import load_halls, sync
from tests.browser.conftest import Quiet
from tests.conftest import CODE_KEYS, FIELD_KEYS, SECRET

CATALOGUE = Path(__file__).parents[2] / "catalogue"
SERVICE = "food-licence"
HALLS = ("shiyan-center", "shiyan-maojian")
NUMBER = "11010519491231002X"


@dataclass
class Town:
    """The address of the application, and what happens behind the citizen's back."""

    address: str
    app: APIFlask
    elsewhere: Executor

    def do(self, work: Callable[[], Any]) -> Any:
        """Do something to the database, away from the loop beside which Flask does not run."""
        return self.elsewhere.submit(_committed, self.app, work).result()

    def caller(self) -> httpx.Client:
        """Give somebody who speaks to the API as a new visitor."""
        base = f"{self.address}/api/v1"
        return httpx.Client(base_url=base, trust_env=False, headers=bearer(newcomer(base)))

    def change(self, booking: str, **values: Any) -> None:
        """Let something become of a booking."""
        self.do(lambda: db.session.execute(update(Booking).where(Booking.public_id == booking).values(**values)))

    def fill(self, pool: str) -> None:
        """Let all places of some counters be taken."""
        site, _, code = pool.partition(".")
        ids = select(Pool.id).join(Site).where(Site.code == site, Pool.code == code)
        taken = update(Slot).where(Slot.pool_id.in_(ids)).values(used_total=Slot.cap_total, used_online=Slot.cap_online)
        self.do(lambda: db.session.execute(taken))

    def restrict(self, person: str) -> None:
        """Let somebody have missed too much."""

        def add() -> None:
            now = acting(db.session).now
            subject = db.session.scalar(select(Person.subject_key).filter_by(public_id=person))
            db.session.add(Restriction(subject_key=subject, from_at=now, until_at=now.replace(year=now.year + 1)))

        self.do(add)

    def lend(self, booking: str, seconds: int = 600) -> str:
        """Give a token as a link in WeChat carries it, for whoever made a booking."""

        def make() -> str:
            row = db.session.scalars(select(Booking).filter_by(public_id=booking)).one()
            return delegate(db.session.get_one(Visitor, row.visitor_id), seconds)

        return self.do(make)


def newcomer(base: str) -> str:
    """The token of a new visitor."""
    return httpx.post(f"{base}/visitors", json={}, trust_env=False).json()["token"]


def bearer(token: str) -> dict[str, str]:
    """The header that says whose a request is."""
    return {"Authorization": f"Bearer {token}"}


def _committed(app: APIFlask, work: Callable[[], Any]) -> Any:
    with app.app_context():
        done = work()
        db.session.commit()
        return done


def _app(database: Path) -> APIFlask:
    settings = Settings(
        secret_key=SECRET,
        database_url=f"sqlite:///{database}",
        code_keys=read_keys(CODE_KEYS),
        field_keys=read_field_keys(FIELD_KEYS),
        rasa_url="http://127.0.0.1:9",
        visitor_limit="10000 per minute",
        booking_limit="10000 per minute",
    )
    return create_app(settings, content=Content(CATALOGUE), guides=conversation)


def open_halls(database: Path) -> None:
    """Put the city's halls into a migrated database, and times to book at two of them."""
    with ThreadPoolExecutor(1) as elsewhere:
        app = elsewhere.submit(_app, database).result()
        elsewhere.submit(_committed, app, _open_halls).result()
        elsewhere.submit(_committed, app, _close).result()


def _close() -> None:
    db.engine.dispose()


def _open_halls() -> None:
    sync(db.session, load_halls(CATALOGUE))
    wanted = select(Pool).join(Site).join(PoolService, PoolService.pool_id == Pool.id)
    pools = db.session.scalars(wanted.where(Site.code.in_(HALLS), PoolService.service == SERVICE)).all()
    generating.generate_ahead(acting(db.session, SYSTEM), pools)


@contextmanager
def serve(database: Path) -> Iterator[Town]:
    """Serve a database in which halls are open."""
    with ThreadPoolExecutor(1) as elsewhere:
        app = elsewhere.submit(_app, database).result()
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        thread = Thread(target=server.serve_forever)
        thread.start()
        town = Town(f"http://127.0.0.1:{server.server_port}", app, elsewhere)
        yield town
        server.shutdown()
        thread.join()
        town.do(_close)

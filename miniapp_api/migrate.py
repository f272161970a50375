"""Bring a database to the tables of this version: `python -m miniapp_api.migrate`.

`python -m miniapp_api.migrate new "what changes"` writes the next numbered migration from the
difference between the tables in the code and those the migrations make.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from miniapp_api.config import Settings, SettingsError
from miniapp_api.database import create_engine, load_models

LOCATION = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Apply the migrations that a database lacks, all in one transaction.

    Args:
        url: A SQLAlchemy address.
        revision: How far to go.
    """
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Take migrations back down to a revision; `base` takes back all."""
    _run(url, lambda config: command.downgrade(config, revision))


def new(message: str) -> None:
    """Write the next migration: what the code has over a fresh database. Read it before you commit."""
    number = f"{int(head_revision()) + 1:04d}"
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/fresh.sqlite3"
        upgrade(url)
        _run(url, lambda config: command.revision(config, message, autogenerate=True, rev_id=number))


def current_revision(connection: Connection) -> str | None:
    """Tell at which migration a database is, None if at none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head_revision() -> str:
    """Tell the newest migration; there is exactly one."""
    return ScriptDirectory(str(LOCATION)).get_current_head() or "0000"


def _run(url: str, action: Callable[[Config], object]) -> None:
    """Run an Alembic command in one transaction, which is committed only if it succeeds."""
    config = Config()
    config.set_main_option("script_location", str(LOCATION))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes |= {"connection": connection, "metadata": load_models()}
        action(config)
    engine.dispose()


def main(arguments: list[str]) -> None:
    """Serve the command line."""
    match arguments:
        case []:
            try:
                upgrade(Settings.from_environment().database_url)
            except SettingsError as error:
                sys.exit(str(error))
        case ["new", message]:
            new(message)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])

"""The migrations make exactly the tables of the code, one after the other, and can be taken back."""

import re
import shutil
import uuid

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Table, create_engine, inspect, make_url, text

from miniapp_api import migrate
from miniapp_api.database import UTCDateTime, load_models
from tests.conftest import SECRET


@pytest.fixture
def empty_url(database_url, tmp_path):
    """Give the address of a database without any tables."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/new/folder/empty.sqlite3"
        return
    name = f"daoban_{uuid.uuid4().hex[:12]}"
    admin = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(database_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def schema(url):
    """Describe every table of a database."""
    engine = create_engine(url)
    found = inspect(engine)
    described = {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)],
            sorted(index["name"] for index in found.get_indexes(table)),
            sorted(str(key["name"]) for key in found.get_foreign_keys(table)),
            sorted(str(key["name"]) for key in found.get_unique_constraints(table)),
            sorted(str(check["name"]) for check in found.get_check_constraints(table)),
        )
        for table in found.get_table_names()
    }
    engine.dispose()
    return described


def test_there_is_one_head_and_the_numbers_have_no_gap():
    script = ScriptDirectory(str(migrate.LOCATION))
    revisions = [revision.revision for revision in script.walk_revisions()]
    assert script.get_heads() == revisions[:1]
    assert sorted(revisions) == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
    files = sorted(path.name for path in (migrate.LOCATION / "versions").glob("*.py"))
    assert [name[:4] for name in files] == sorted(revisions)
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in files)


def test_up_down_up_gives_the_same_tables(empty_url):
    migrate.upgrade(empty_url)
    first = schema(empty_url)
    assert {"visitors", "chat_messages", "answered"} <= set(first)
    migrate.downgrade(empty_url, "base")
    assert set(schema(empty_url)) == {"alembic_version"}
    migrate.upgrade(empty_url)
    assert schema(empty_url) == first


def test_the_tables_in_the_code_are_the_migrated_ones(database_url):
    engine = create_engine(database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), load_models())
    engine.dispose()
    assert differences == []


def test_a_failing_migration_leaves_the_database_as_it_was(empty_url, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("on purpose")

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        migrate.upgrade(empty_url)
    assert schema(empty_url) == {}


def test_the_next_migration_is_numbered_and_holds_what_differs(tmp_path, monkeypatch):
    shutil.copytree(migrate.LOCATION, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "LOCATION", tmp_path / "migrations")
    migrate.head_revision.cache_clear()
    before = migrate.head_revision()
    Table("a_new_table", load_models(), Column("at", UTCDateTime, primary_key=True))
    try:
        migrate.main(["new", "A new table"])
    finally:
        load_models().remove(load_models().tables["a_new_table"])
        migrate.head_revision.cache_clear()
    written = tmp_path / "migrations/versions" / f"{int(before) + 1:04d}_a_new_table.py"
    code = written.read_text()
    assert "sa.Column('at', sa.DateTime(timezone=True), nullable=False)" in code
    assert "miniapp_api" not in code


def test_the_command_upgrades_the_database_of_the_environment(empty_url, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    migrate.main([])
    assert "visitors" in schema(empty_url)
    migrate.main([])  # a second start finds nothing to do


@pytest.mark.parametrize(("arguments", "said"), [(["sideways"], "python -m miniapp_api.migrate"), ([], "SECRET_KEY")])
def test_the_command_explains_itself(arguments, said, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/x.sqlite3")
    monkeypatch.setenv("SECRET_KEY", SECRET if arguments else "")
    monkeypatch.delenv("DAOBAN_DEMO", raising=False)
    with pytest.raises(SystemExit, match=said):
        migrate.main(arguments)

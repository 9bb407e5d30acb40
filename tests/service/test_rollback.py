"""Going back to an older version, after a real newer revision has migrated the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from policy_bot.service.store import schema
from policy_bot.service.store.store import Store
from tests.service import postgres

ADDS = 'op.add_column("due", sa.Column("later", sa.Text(), nullable=True))'
BREAKS = """\
op.create_table("schema_oldest", sa.Column("revision", sa.Text(), primary_key=True))
    op.execute("insert into schema_oldest values ('9000')")"""
REVISION = """\
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{down}"


def upgrade():
    {does}
"""


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database that no other test sees: these change its schema."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    address = postgres.make()
    store = Store(address)
    yield store
    store.close()
    postgres.drop(address)


def upgrade(store: Store, folder: Path, does: str) -> None:
    """Migrates the store by a newer version's revision."""
    (folder / "v9000_later.py").write_text(REVISION.format(down=schema.newest(), does=does))
    config = schema._config()
    own = Path(schema.__file__).parent / "migrations" / "versions"
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{own}\n{folder}")
    with store.engine.execution_options(writing=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def test_a_newer_schema_that_only_adds_is_used(store: Store, tmp_path: Path) -> None:
    upgrade(store, tmp_path, ADDS)
    schema.migrate(store.engine)
    assert store.read(schema.current) == "9000"
    assert store.read(lambda connection: connection.execute(text("select count(*) from due")).scalar()) == 0


def test_a_newer_schema_that_does_more_is_refused_in_one_line(store: Store, tmp_path: Path) -> None:
    upgrade(store, tmp_path, BREAKS)
    with pytest.raises(schema.TooNew) as refused:
        schema.migrate(store.engine)
    assert "schema 9000" in str(refused.value)
    assert "\n" not in str(refused.value)

"""Upkeep: the lock, the chores, the schema, and what is forgotten."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from policy_bot.github.errors import Unreachable
from policy_bot.service import logs
from policy_bot.service import store as package
from policy_bot.service.housekeeping import Chore, Housekeeping
from policy_bot.service.lock import InUse, StateLock
from policy_bot.service.store import evaluations, forgetting, overview, schema, tables
from policy_bot.service.store.evaluations import Evaluation
from policy_bot.service.store.store import Store
from tests.service.fixtures import Time
from tests.service.pulls import delivery, finish, row, take, want
from tests.waiting import LONG


def test_one_process_a_state_folder(tmp_path: Path) -> None:
    first, second, told = StateLock(tmp_path), StateLock(tmp_path), []
    first.take(told.append)
    with pytest.raises(InUse, match=f"is in use by process {os.getpid()}"):
        second.take(told.append, seconds=0.1)
    assert told == [str(os.getpid())]
    threading.Timer(0.1, first.release).start()
    second.take(told.append, seconds=LONG)
    second.release()


def test_a_chore_that_fails_comes_again_and_stops_no_other() -> None:
    done: list[str] = []
    enough = threading.Event()

    def bad() -> None:
        done.append("bad")
        raise RuntimeError

    def good() -> None:
        done.append("good")
        if done.count("good") >= 3 and done.count("bad") >= 3:
            enough.set()

    house = Housekeeping("house", [Chore("bad", 0.001, bad), Chore("good", 0.001, good)])
    house.start()
    assert enough.wait(LONG)
    house.stop(LONG)


def test_a_chore_that_github_keeps_waiting_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    asked = threading.Event()

    def ask() -> None:
        if asked.is_set():
            return
        asked.set()
        raise Unreachable(30, "Connection refused")

    logs.set_up(())
    house = Housekeeping("house", [Chore("sweep", 60, ask)])
    house.start()
    assert asked.wait(LONG)
    house.stop(LONG)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("a chore waits for GitHub", "warning")
    assert (line["chore"], line["why"]) == ("sweep", "GitHub cannot be reached: Connection refused")


def test_the_migrations_make_the_tables_that_the_code_has(store: Store) -> None:
    for module in pkgutil.iter_modules(package.__path__):  # some tables are where they are used
        importlib.import_module(f"{package.__name__}.{module.name}")
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert schema.current(connection) == schema.newest()


def test_every_migration_can_be_taken_back_and_applied_again(store: Store) -> None:
    config = schema._config()
    with store.engine.execution_options(writing=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    schema.migrate(store.engine)
    want(store)
    assert take(store)


def test_what_is_old_is_forgotten_and_nothing_else(store: Store, time: Time) -> None:
    store.accept(delivery("old"), LONG)
    finish(store, take(store))
    old = Evaluation("t1", "11/7/pull/1", "acme/shop", "h", "success", "{}", time())
    store.write(lambda connection: evaluations.keep(connection, old))
    want(store)  # due once more, and never done: stays, however old
    time.pass_(forgetting.IDLE_SECONDS + evaluations.KEPT_SECONDS)
    accepted = replace(delivery("new"), received_at=time())
    store.accept(accepted, LONG)
    assert store.write(lambda connection: forgetting.forget(connection, time())) == 2
    assert store.read(lambda connection: overview.received(connection, ["old", "new"])) == {"new"}
    assert row(store)["state"] == "waiting"
    finish(store, take(store))
    time.pass_(forgetting.IDLE_SECONDS + 1)
    assert store.write(lambda connection: forgetting.forget(connection, time())) == 2
    assert row(store) == {}


def test_a_deliverys_id_is_remembered_for_longer_than_github_can_send_it_again() -> None:
    assert forgetting.DELIVERY_SECONDS > 7 * 86400, (
        "Enterprise Server sends again for 7 days, github.com for 3"
    )

"""A real PostgreSQL for the tests: ``DATABASE_URL``'s server, or an embedded one in a folder of its own.

``database`` gives a test a fresh, migrated, empty database, copied from a template.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "probity.service.settings")

import django

django.setup()

from django.db import connections  # noqa: E402

from probity.service.database import connect  # noqa: E402
from probity.service.postgres import Embedded  # noqa: E402
from probity.service.settings import database as described  # noqa: E402

# A busy machine is no reason for a property to fail.
settings.register_profile("probity", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("probity")

TEMPLATE = "probity_template"


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A data folder of the tests' own, whatever lies in the user's."""
    os.environ["PROBITY_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server's maintenance database."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="probity-test-") as folder:
        Path(folder).chmod(0o755)
        embedded = Embedded(Path(folder))
        with psycopg.connect(embedded.url("postgres"), autocommit=True) as connection:
            # Nothing of this server needs to outlive the tests; those that kill servers start their own.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
        yield embedded.url("postgres")
        connections.close_all()
        embedded.stop()


def _address(server: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(server, dbname=name)


def _use(url: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update(described(url), CONN_MAX_AGE=None)


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """A migrated database to copy from."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    _use(_address(server, TEMPLATE))
    connect()
    connections["default"].close()
    return TEMPLATE


@pytest.fixture
def database(server: str, template: str) -> Iterator[str]:
    """A fresh database; its address is given, and Django is connected to it."""
    name = f"probity_test_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    url = _address(server, name)
    _use(url)
    yield url
    connections["default"].close()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

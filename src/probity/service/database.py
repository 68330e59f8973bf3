"""The database connection: reached, new enough, and its tables up to date."""

from __future__ import annotations

import os

import django
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError, InterfaceError, NotSupportedError, OperationalError

from probity.errors import StoreError

OLDEST_SERVER = 140000

MIGRATING = 0x70726F6D
"""The advisory lock of whoever brings the tables up to date ("prom"): two first starts at once take turns."""

CONNECT_SECONDS = 10
"""How long a server may take to answer, unless DATABASE_URL says otherwise (``connect_timeout``)."""

_REACH = "Check DATABASE_URL and that the server is running, or unset it to use the embedded server."


def connect() -> None:
    """Set Django up on ``DATABASE_URL`` and bring the tables up to date. Raises StoreError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "probity.service.settings")
    try:
        if not apps.ready:
            django.setup()
        connection = connections["default"]
        connection.settings_dict["OPTIONS"].setdefault("connect_timeout", CONNECT_SECONDS)
        connection.ensure_connection()
        if connection.connection.info.server_version < OLDEST_SERVER:
            raise NotSupportedError
        _migrate()
    except NotSupportedError as error:
        version = connections["default"].connection.info.server_version
        raise StoreError(
            f"the PostgreSQL server is version {version // 10000}; Probity needs 14 or newer",
            remedy="Point DATABASE_URL to a newer server, or unset it to use the embedded one.",
        ) from error
    except psycopg.ProgrammingError as error:
        raise StoreError(
            f"DATABASE_URL is no address of a database: {_said(error)}",
            remedy="Write it as postgresql://user:password@host:port/name, or unset it.",
        ) from error
    except (OperationalError, InterfaceError) as error:
        raise StoreError(f"the database cannot be reached: {_said(error)}", remedy=_REACH) from error
    except DatabaseError as error:
        raise StoreError(
            f"the tables cannot be brought up to date: {_said(error)}",
            remedy="Check that the user of DATABASE_URL may create tables there, then run the same command again.",
        ) from error


def _said(error: Exception) -> str:
    """What a driver says, on one line."""
    return " ".join(str(error).split())


def disconnect() -> None:
    """Close this process's connections, if there are any."""
    if apps.ready:
        connections.close_all()


def _migrate() -> None:
    connection = connections["default"]
    if not _pending():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '60s', false), pg_advisory_lock(%s)", [MIGRATING])
        try:
            if _pending():
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s), set_config('lock_timeout', '0', false)", [MIGRATING])


def _pending() -> bool:
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

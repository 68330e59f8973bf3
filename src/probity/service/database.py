"""The database connection: reached, new enough, and its tables up to date."""

from __future__ import annotations

import os

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from probity.errors import StoreError

OLDEST_SERVER = 140000


def connect() -> None:
    """Set Django up on ``DATABASE_URL`` and bring the tables up to date. Raises StoreError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "probity.service.settings")
    if not apps.ready:
        django.setup()
    connection = connections["default"]
    try:
        connection.ensure_connection()
        version = connection.connection.info.server_version
        if version < OLDEST_SERVER:
            raise StoreError(
                f"the PostgreSQL server is version {version // 10000}; Probity needs 14 or newer",
                remedy="Point DATABASE_URL to a newer server, or unset it to use the embedded one.",
            )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise StoreError(
            f"the database cannot be reached: {str(error).strip()}",
            remedy="Check DATABASE_URL and that the server is running, or unset it to use the embedded server.",
        ) from error

"""What the database reports, in words for the person who meets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import Error as DjangoError
from psycopg import errors

from probity.errors import CharterError, LedgerError, StoreError


@contextmanager
def failures() -> Iterator[None]:
    """Turn database errors inside the block into StoreError, LedgerError or CharterError."""
    try:
        yield
    except (DjangoError, psycopg.Error) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if isinstance(cause, errors.DiskFull):
            raise StoreError(
                f"the database has no space left: {text}",
                remedy="Nothing was written. Make room and run the same command again.",
            ) from error
        if isinstance(cause, errors.LockNotAvailable):
            raise StoreError(
                "another batch has been under way for too long",
                remedy="Nothing was written. Try again when it is done.",
            ) from error
        if isinstance(cause, errors.CheckViolation):
            raise CharterError(
                f"the database refuses this statement: {text}",
                remedy="Organisations only, and only complete statements; see docs/charter.md.",
            ) from error
        if isinstance(cause, errors.IntegrityError | errors.RaiseException):
            raise LedgerError(
                f"the database refuses this: {text}", remedy="What was written stays; append a correction instead."
            ) from error
        raise StoreError(
            f"the database failed: {text}",
            remedy="Nothing was written by this command. Check the server, then run the same command again.",
        ) from error

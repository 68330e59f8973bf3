"""Cases and entries as they are kept: derived from the ledger, and checked by the database itself.

Everything here but the outbox can be rebuilt from the ledger at any time; ``probity fsck`` rebuilds and compares.
The constraints of the first migration hold the charter for whoever writes, by whatever door.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Case(models.Model):
    """A case as it stands: days of its steps (null: not yet), and when time brings something about next."""

    number = models.TextField(primary_key=True)
    list = models.TextField()
    subject = models.TextField(db_index=True)
    authority = models.TextField()
    criterion = models.TextField()
    phase = models.TextField()
    opened = models.DateField()
    proposed = models.DateField(null=True)
    consented = models.DateField(null=True)
    notified = models.DateField(null=True)
    open_since = models.DateField(null=True)
    window_ends = models.DateField(null=True)
    replied = models.DateField(null=True)
    heard = models.DateField(null=True)
    decided = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.TextField(null=True)
    entered = models.BooleanField()
    hearing_asked = models.BooleanField()
    late_reply = models.BooleanField()
    contacts = models.IntegerField()
    undelivered = models.IntegerField()
    relisting = models.IntegerField()
    band = models.TextField(null=True)
    tick_on = models.DateField(null=True)
    position = models.BigIntegerField(db_index=True)
    generated = models.BooleanField()

    class Meta:
        app_label = "procedures"
        db_table = "procedures_case"
        indexes = (
            models.Index(fields=["list", "opened"], name="procedures_case_by_list"),
            models.Index(
                fields=["tick_on", "number"], name="procedures_case_by_tick", condition=Q(tick_on__isnull=False)
            ),
        )


class Entry(models.Model):
    """An entry on a list, whether decided here or imported; ``record`` is the id of its first statement.

    ``begins`` to ``ends`` is its term, ``ended`` the first day on which it was over before that, if it was.
    """

    record = models.BinaryField(max_length=32, primary_key=True)
    subject = models.TextField(db_index=True)
    list = models.TextField(db_index=True)
    kind = models.TextField()
    item = models.TextField()
    issuer = models.TextField()
    case_number = models.TextField(null=True)
    imported = models.BooleanField()
    criterion = models.TextField(null=True)
    band = models.TextField(null=True)
    basis = models.TextField()
    document = models.TextField(null=True)
    proposer = models.TextField(null=True)
    decider = models.TextField(null=True)
    notified = models.DateField(null=True)
    window_ends = models.DateField(null=True)
    begins = models.DateField()
    ends = models.DateField(null=True)
    ended = models.DateField(null=True)
    contested_since = models.DateField(null=True)
    position = models.BigIntegerField()
    generated = models.BooleanField()

    class Meta:
        app_label = "procedures"
        db_table = "procedures_entry"


class Dispatch(models.Model):
    """A document that was written to the outbox for a contact: once, whatever happens."""

    pk = models.CompositePrimaryKey("document", "contact")
    document = models.TextField()
    contact = models.TextField()
    subject = models.TextField()
    case_number = models.TextField(db_index=True)
    means = models.TextField()
    file = models.TextField(unique=True)
    sha256 = models.BinaryField(max_length=32)
    written_at = models.DateTimeField()

    class Meta:
        app_label = "procedures"
        db_table = "procedures_dispatch"


class Progress(models.Model):
    """One row: under which law cases and entries were derived, and up to where documents were dispatched."""

    id = models.SmallIntegerField(primary_key=True)
    law = models.BinaryField(max_length=32)
    dispatched = models.BigIntegerField()

    class Meta:
        app_label = "procedures"
        db_table = "procedures_progress"
        constraints = (models.CheckConstraint(condition=Q(id=1), name="procedures_progress_once"),)

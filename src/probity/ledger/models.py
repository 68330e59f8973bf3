"""The ledger's tables: batches and statements, append-only by database triggers (see the first migration)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Batch(models.Model):
    """What was received together: one file, one act of an officer, one manifest.

    ``recorded_at`` is when it was sealed; it is what "known at" refers to. Batches are sealed one after the
    other, so number, positions and time all rise together.
    """

    number = models.IntegerField(primary_key=True)
    hash = models.BinaryField(max_length=32, unique=True)
    item = models.TextField()
    issuer = models.TextField()
    source = models.TextField()
    rulebook = models.BinaryField(max_length=32)
    generated = models.BooleanField()
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_index=True)
    receipt = models.JSONField()

    class Meta:
        app_label = "ledger"
        db_table = "ledger_batch"
        indexes = (
            models.Index(fields=["item", "issuer", "recorded_at"], name="ledger_by_delivery"),
            models.Index(fields=["number"], name="ledger_generated", condition=Q(generated=True)),
        )


class StatementRow(models.Model):
    """A statement. ``act``: see store; ``key`` is a 64-bit hash of issuer, item and reference."""

    position = models.BigAutoField(primary_key=True)
    id = models.BinaryField(max_length=32, unique=True)
    batch = models.IntegerField()
    row = models.IntegerField()
    act = models.SmallIntegerField()
    subject = models.TextField()
    item = models.TextField()
    issuer = models.TextField()
    reference = models.TextField()
    key = models.BigIntegerField(db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    attributes = models.JSONField()
    target = models.BinaryField(max_length=32, null=True)

    class Meta:
        app_label = "ledger"
        db_table = "ledger_statement"
        indexes = (
            models.Index(fields=["subject", "position"], name="ledger_by_subject"),
            models.Index(fields=["target"], name="ledger_by_target", condition=Q(target__isnull=False)),
        )

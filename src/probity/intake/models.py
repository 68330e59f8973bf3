"""The tables of quarantine, append-only by database triggers (see the first migration)."""

from __future__ import annotations

from django.db import models


class QuarantinedRow(models.Model):
    """A row that was not taken in. ``batch`` is the number of its batch in the ledger, ``row`` its number there.

    ``line`` is the original line in UTF-8, ``cells`` its fields as pairs of column and text in the order of
    the file (null where the line could not be divided), ``faults`` objects of field, reason, message, value.
    """

    batch = models.IntegerField()
    row = models.IntegerField()
    mapping = models.TextField()
    source = models.TextField()
    generated = models.BooleanField()
    faults = models.JSONField()
    line = models.BinaryField()
    cells = models.JSONField(null=True)

    class Meta:
        app_label = "intake"
        db_table = "intake_quarantine"
        constraints = (models.UniqueConstraint(fields=["batch", "row"], name="intake_quarantine_once"),)


class Resolution(models.Model):
    """A quarantined row was corrected and taken in, as row ``row`` of batch number ``batch``."""

    quarantined = models.OneToOneField(QuarantinedRow, on_delete=models.PROTECT, related_name="resolution")
    batch = models.IntegerField()
    row = models.IntegerField()

    class Meta:
        app_label = "intake"
        db_table = "intake_resolution"

"""Answers of agencies as they stand (derived from the ledger), and the log of look-ups (which is not derived)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class AnswerRow(models.Model):
    """One answer of an agency to a duty; ``position`` is that of its statement in the ledger."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.BinaryField(max_length=32)
    subject = models.TextField(db_index=True)
    memorandum = models.TextField()
    measure = models.TextField()
    agency = models.TextField()
    officer = models.TextField()
    answer = models.TextField()
    on_day = models.DateField()
    decision = models.TextField(null=True)
    matter = models.TextField(null=True)
    look = models.TextField(null=True)
    reasons = models.TextField()
    contest = models.TextField(null=True)
    generated = models.BooleanField()

    class Meta:
        app_label = "measures"
        db_table = "measures_answer"
        constraints = (
            models.UniqueConstraint(
                fields=["entry", "memorandum", "measure", "agency", "answer"], name="measures_answered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(answer__in=["confirmed", "declined", "lifted"]), name="measures_answer_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="confirmed")
                | models.Q(decision__isnull=False, matter__isnull=False, look__isnull=False),
                name="measures_own_look",
            ),
            models.CheckConstraint(condition=~models.Q(reasons=""), name="measures_reasons"),
        )


class LookupRow(models.Model):
    """One call of ``check``: who asked, when, why, for which decision. The officer is shown to nobody outside."""

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    agency = models.TextField()
    officer = models.TextField()
    purpose = models.TextField()
    basis = models.TextField()
    decision = models.TextField()
    organisations = models.IntegerField()

    class Meta:
        app_label = "measures"
        db_table = "measures_lookup"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(purpose="") & ~models.Q(basis="") & ~models.Q(agency=""),
                name="measures_lookup_purpose",
            ),
        )


class LookedUpRow(models.Model):
    """An organisation that a call asked about."""

    lookup = models.BigIntegerField()
    subject = models.TextField()
    pk = models.CompositePrimaryKey("subject", "lookup")

    class Meta:
        app_label = "measures"
        db_table = "measures_looked_up"

"""Scoring runs: one statement in the ledger each, over a table of results."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """A scoring run. ``statement`` is the id of its manifest in the ledger."""

    number = models.AutoField(primary_key=True)
    statement = models.BinaryField(max_length=32, unique=True)
    card = models.TextField()
    card_from = models.DateField()
    true_on = models.DateField()
    position = models.BigIntegerField()
    results_hash = models.BinaryField(max_length=32)

    class Meta:
        app_label = "scoring"
        db_table = "scoring_run"
        indexes = (models.Index(fields=["card", "-number"], name="scoring_by_card"),)


class Result(models.Model):
    """One organisation's result in a run: total in milli-points and grade, both null where there is none."""

    pk = models.CompositePrimaryKey("run", "organisation")
    run = models.IntegerField()
    organisation = models.IntegerField()
    total = models.BigIntegerField(null=True)
    grade = models.TextField(null=True)

    class Meta:
        app_label = "scoring"
        db_table = "scoring_result"

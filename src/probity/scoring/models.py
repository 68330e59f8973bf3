"""Scoring runs: one statement in the ledger each, over a table of results. And everyone's grade as it is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


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


class Kept(models.Model):
    """How far the kept grades of an organisation (its ordinal) hold; each is a ``KeptGrade``.

    They are those of ``as_of`` with all that was stated up to ``position``, and if nothing more is stated stay so
    until ``changes_on`` (null: for ever). ``basis`` is a hash of the law and of whatever else they rest on;
    ``fixed`` says that the day of the organisation stands still.
    """

    organisation = models.IntegerField(primary_key=True)
    as_of = models.DateField()
    position = models.BigIntegerField()
    basis = models.BinaryField(max_length=32)
    changes_on = models.DateField(null=True)
    fixed = models.BooleanField()

    class Meta:
        app_label = "scoring"
        db_table = "scoring_kept"
        indexes = (
            models.Index(
                fields=["changes_on"], name="scoring_by_change", condition=Q(fixed=False, changes_on__isnull=False)
            ),
        )


class KeptGrade(models.Model):
    """The kept result of one card for an organisation: total in milli-points and grade, null where there is none.

    ``version`` is the first day in force of the card's version.
    """

    pk = models.CompositePrimaryKey("organisation", "card")
    organisation = models.IntegerField()
    card = models.TextField()
    version = models.DateField()
    total = models.BigIntegerField(null=True)
    grade = models.TextField(null=True)

    class Meta:
        app_label = "scoring"
        db_table = "scoring_kept_grade"


class Progress(models.Model):
    """How far the keeping of grades has come: one row, or none before the first pass over everyone.

    Statements up to ``position`` are in the kept grades. Where ``organisation`` is not null, a pass over everyone
    under ``basis`` is under way, and that is the last one done.
    """

    id = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()
    basis = models.BinaryField(max_length=32)
    organisation = models.IntegerField(null=True)

    class Meta:
        app_label = "scoring"
        db_table = "scoring_progress"
        constraints = (models.CheckConstraint(condition=Q(id=1), name="scoring_progress_once"),)

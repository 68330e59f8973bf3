"""Projections of the register: what is derived from registering statements so that it can be searched.

Everything here can be rebuilt from the ledger at any time; ``probity fsck`` rebuilds and compares.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Organisation(models.Model):
    """One organisation of the register, as last known. ``ordinal`` follows the order of first registration.

    ``search`` holds its code and all its names, normalised; ``grams`` their pairs of characters, by which
    a part of a name in any script is found through an index.
    """

    ordinal = models.IntegerField(primary_key=True)
    subject = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField()
    generated = models.BooleanField()
    search = models.TextField()
    grams = ArrayField(models.TextField())

    class Meta:
        app_label = "dossier"
        db_table = "dossier_organisation"
        indexes = (GinIndex(fields=["grams"], name="dossier_by_grams"),)


class RelationRow(models.Model):
    """Where to look for relations that another organisation stated about this one."""

    subject = models.TextField()
    related = models.TextField(db_index=True)

    class Meta:
        app_label = "dossier"
        db_table = "dossier_relation"
        constraints = (models.UniqueConstraint(fields=["subject", "related"], name="dossier_relation_once"),)

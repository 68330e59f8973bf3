"""Quarantine and its resolutions, append-only for every role."""

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
CALL probity_append_only('intake_quarantine');
CALL probity_append_only('intake_resolution');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="QuarantinedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", models.IntegerField()),
                ("row", models.IntegerField()),
                ("mapping", models.TextField()),
                ("source", models.TextField()),
                ("generated", models.BooleanField()),
                ("faults", models.JSONField()),
                ("line", models.BinaryField()),
                ("cells", models.JSONField(null=True)),
            ],
            options={
                "db_table": "intake_quarantine",
                "constraints": [models.UniqueConstraint(fields=["batch", "row"], name="intake_quarantine_once")],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quarantined",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolution",
                        to="intake.quarantinedrow",
                    ),
                ),
                ("batch", models.IntegerField()),
                ("row", models.IntegerField()),
            ],
            options={"db_table": "intake_resolution"},
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]

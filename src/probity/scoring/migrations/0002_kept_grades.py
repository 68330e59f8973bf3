"""Everyone's grade as it is kept, and how far the keeping has come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptGrade",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation", "card", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation", models.IntegerField()),
                ("card", models.TextField()),
                ("version", models.DateField()),
                ("total", models.BigIntegerField(null=True)),
                ("grade", models.TextField(null=True)),
            ],
            options={
                "db_table": "scoring_kept_grade",
            },
        ),
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("organisation", models.IntegerField(primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("position", models.BigIntegerField()),
                ("basis", models.BinaryField(max_length=32)),
                ("changes_on", models.DateField(null=True)),
                ("fixed", models.BooleanField()),
            ],
            options={
                "db_table": "scoring_kept",
                "indexes": [
                    models.Index(
                        condition=models.Q(("changes_on__isnull", False), ("fixed", False)),
                        fields=["changes_on"],
                        name="scoring_by_change",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("basis", models.BinaryField(max_length=32)),
                ("organisation", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "scoring_progress",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="scoring_progress_once")
                ],
            },
        ),
    ]

"""Answers of agencies, and the log of look-ups, which is append-only for every role."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

APPEND_ONLY = """
CALL probity_append_only('measures_lookup');
CALL probity_append_only('measures_looked_up');
"""

ORGANISATIONS = """
ALTER TABLE measures_looked_up
    ADD CONSTRAINT organisations_only CHECK (
        subject ~ '^[a-z0-9-]+:.' AND subject NOT LIKE 'cn-uscc:92%'
        AND (subject NOT LIKE 'mx-rfc:%' OR length(subject) = 19)
        AND CASE WHEN substr(subject, length(subject) - 11, 2) IN ('19', '20')
                 THEN NOT probity_is_citizen_number(split_part(subject, ':', 2)) ELSE true END);
"""

class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AnswerRow",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BinaryField(max_length=32)),
                ("subject", models.TextField(db_index=True)),
                ("memorandum", models.TextField()),
                ("measure", models.TextField()),
                ("agency", models.TextField()),
                ("officer", models.TextField()),
                ("answer", models.TextField()),
                ("on_day", models.DateField()),
                ("decision", models.TextField(null=True)),
                ("matter", models.TextField(null=True)),
                ("look", models.TextField(null=True)),
                ("reasons", models.TextField()),
                ("contest", models.TextField(null=True)),
                ("generated", models.BooleanField()),
            ],
            options={
                "db_table": "measures_answer",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["entry", "memorandum", "measure", "agency", "answer"], name="measures_answered_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(answer__in=["confirmed", "declined", "lifted"]), name="measures_answer_known"
                    ),
                    models.CheckConstraint(
                        condition=~Q(answer="confirmed")
                        | Q(decision__isnull=False, matter__isnull=False, look__isnull=False),
                        name="measures_own_look",
                    ),
                    models.CheckConstraint(condition=~Q(reasons=""), name="measures_reasons"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookupRow",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now())),
                ("agency", models.TextField()),
                ("officer", models.TextField()),
                ("purpose", models.TextField()),
                ("basis", models.TextField()),
                ("decision", models.TextField()),
                ("organisations", models.IntegerField()),
            ],
            options={
                "db_table": "measures_lookup",
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(purpose="") & ~Q(basis="") & ~Q(agency=""), name="measures_lookup_purpose"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookedUpRow",
            fields=[
                ("lookup", models.BigIntegerField()),
                ("subject", models.TextField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "lookup", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={"db_table": "measures_looked_up"},
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.RunSQL(ORGANISATIONS, migrations.RunSQL.noop),
    ]

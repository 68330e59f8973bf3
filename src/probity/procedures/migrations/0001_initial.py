"""Cases and entries, and what the database refuses of them, whoever writes: the charter, articles 1, 3, 4 and 6."""

from django.db import migrations, models

CHECKS = """
ALTER TABLE procedures_case
    ADD CONSTRAINT case_organisations_only CHECK (
        subject ~ '^[a-z0-9-]+:.' AND subject NOT LIKE 'cn-uscc:92%'
        AND (subject NOT LIKE 'mx-rfc:%' OR length(subject) = 19)
        AND NOT probity_is_citizen_number(split_part(subject, ':', 2))),
    ADD CONSTRAINT case_known_phase CHECK (
        phase IN ('found', 'proposed', 'notified', 'open', 'listed', 'removal-notified', 'removal-open',
                  'closed', 'ended')),
    ADD CONSTRAINT case_known_outcome CHECK (
        outcome IN ('lapsed', 'dismissed', 'refused', 'withdrawn', 'dissolved',
                    'expiry', 'performed', 'correction', 'court', 'revoked')),
    ADD CONSTRAINT case_over_with_outcome CHECK (
        (phase IN ('closed', 'ended')) = (closed_on IS NOT NULL)
        AND (closed_on IS NOT NULL) = (outcome IS NOT NULL)),
    ADD CONSTRAINT case_entered_or_not CHECK (
        entered = (phase IN ('listed', 'removal-notified', 'removal-open', 'ended'))),
    ADD CONSTRAINT case_notice_before_entry CHECK (
        NOT entered OR (proposed IS NOT NULL AND notified IS NOT NULL AND open_since IS NOT NULL
                        AND window_ends IS NOT NULL AND decided IS NOT NULL
                        AND proposed <= notified AND notified <= open_since AND open_since < window_ends
                        AND window_ends < decided)),
    ADD CONSTRAINT case_nothing_before_it_opened CHECK (
        least(proposed, consented, notified, open_since, replied, heard, decided, closed_on) >= opened);

ALTER TABLE procedures_entry
    ADD CONSTRAINT entry_organisations_only CHECK (
        subject ~ '^[a-z0-9-]+:.' AND subject NOT LIKE 'cn-uscc:92%'
        AND (subject NOT LIKE 'mx-rfc:%' OR length(subject) = 19)
        AND NOT probity_is_citizen_number(split_part(subject, ':', 2))),
    ADD CONSTRAINT entry_known_kind CHECK (kind IN ('serious-violation', 'abnormal-operation', 'watch', 'red')),
    ADD CONSTRAINT entry_is_a_record CHECK (length(record) = 32 AND list <> '' AND basis <> ''),
    ADD CONSTRAINT entry_imported_or_decided CHECK (
        CASE WHEN imported THEN case_number IS NULL
             ELSE case_number IS NOT NULL AND document IS NOT NULL AND criterion IS NOT NULL
                  AND proposer IS NOT NULL AND decider IS NOT NULL AND proposer <> decider
                  AND notified IS NOT NULL AND window_ends IS NOT NULL
                  AND notified <= window_ends AND window_ends < begins END),
    ADD CONSTRAINT entry_ends CHECK (
        CASE WHEN ends IS NULL THEN kind = 'red' OR imported
             ELSE ends >= begins
                  AND (kind = 'red' OR imported OR ends <= begins + interval '5 years 1 day') END),
    ADD CONSTRAINT entry_ended_after_it_began CHECK (ended >= begins);

CREATE UNIQUE INDEX procedures_one_entry_a_case ON procedures_entry (case_number) WHERE case_number IS NOT NULL;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("number", models.TextField(primary_key=True, serialize=False)),
                ("list", models.TextField()),
                ("subject", models.TextField(db_index=True)),
                ("authority", models.TextField()),
                ("criterion", models.TextField()),
                ("phase", models.TextField()),
                ("opened", models.DateField()),
                ("proposed", models.DateField(null=True)),
                ("consented", models.DateField(null=True)),
                ("notified", models.DateField(null=True)),
                ("open_since", models.DateField(null=True)),
                ("window_ends", models.DateField(null=True)),
                ("replied", models.DateField(null=True)),
                ("heard", models.DateField(null=True)),
                ("decided", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("entered", models.BooleanField()),
                ("hearing_asked", models.BooleanField()),
                ("late_reply", models.BooleanField()),
                ("contacts", models.IntegerField()),
                ("undelivered", models.IntegerField()),
                ("relisting", models.IntegerField()),
                ("band", models.TextField(null=True)),
                ("tick_on", models.DateField(null=True)),
                ("position", models.BigIntegerField(db_index=True)),
                ("generated", models.BooleanField()),
            ],
            options={
                "db_table": "procedures_case",
                "indexes": [
                    models.Index(fields=["list", "opened"], name="procedures_case_by_list"),
                    models.Index(
                        condition=models.Q(("tick_on__isnull", False)),
                        fields=["tick_on", "number"],
                        name="procedures_case_by_tick",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("record", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("subject", models.TextField(db_index=True)),
                ("list", models.TextField(db_index=True)),
                ("kind", models.TextField()),
                ("item", models.TextField()),
                ("issuer", models.TextField()),
                ("case_number", models.TextField(null=True)),
                ("imported", models.BooleanField()),
                ("criterion", models.TextField(null=True)),
                ("band", models.TextField(null=True)),
                ("basis", models.TextField()),
                ("document", models.TextField(null=True)),
                ("proposer", models.TextField(null=True)),
                ("decider", models.TextField(null=True)),
                ("notified", models.DateField(null=True)),
                ("window_ends", models.DateField(null=True)),
                ("begins", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("ended", models.DateField(null=True)),
                ("contested_since", models.DateField(null=True)),
                ("position", models.BigIntegerField()),
                ("generated", models.BooleanField()),
            ],
            options={"db_table": "procedures_entry"},
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "document", "contact", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("document", models.TextField()),
                ("contact", models.TextField()),
                ("subject", models.TextField()),
                ("case_number", models.TextField(db_index=True)),
                ("means", models.TextField()),
                ("file", models.TextField(unique=True)),
                ("sha256", models.BinaryField(max_length=32)),
                ("written_at", models.DateTimeField()),
            ],
            options={"db_table": "procedures_dispatch"},
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("law", models.BinaryField(max_length=32)),
                ("dispatched", models.BigIntegerField()),
            ],
            options={
                "db_table": "procedures_progress",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="procedures_progress_once")
                ],
            },
        ),
        migrations.RunSQL(CHECKS, migrations.RunSQL.noop),
    ]

"""The ledger's tables, and the triggers that make them append-only for every role."""

import django.db.models
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION probity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what was written stays (append a correction or a withdrawal instead)',
        TG_OP, TG_TABLE_NAME;
END $$;

-- ENABLE ALWAYS: the trigger fires for superusers and for replication roles too.
CREATE PROCEDURE probity_append_only(relation regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION probity_refuse_change()', relation);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', relation);
END $$;

CALL probity_append_only('ledger_batch');
CALL probity_append_only('ledger_statement');
"""

CHECKS = """
-- GB 11643: a place, a day of birth, a number, and the check digit of ISO 7064 MOD 11-2.
CREATE FUNCTION probity_is_citizen_number(code text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN code ~ '^[1-8][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$'
        THEN substr('10X98765432', 1 + (
                 SELECT sum(weight * substr(code, place::int, 1)::int)
                   FROM unnest(ARRAY[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2]) WITH ORDINALITY AS w(weight, place)
             )::int % 11, 1) = upper(right(code, 1))
        ELSE false END
$$;

ALTER TABLE ledger_statement
    ADD CONSTRAINT organisations_only CHECK (
        subject NOT LIKE 'cn-uscc:92%' AND (subject NOT LIKE 'mx-rfc:%' OR length(subject) = 19)
        AND CASE WHEN substr(subject, length(subject) - 11, 2) IN ('19', '20')
                 THEN NOT probity_is_citizen_number(split_part(subject, ':', 2)) ELSE true END),
    ADD CONSTRAINT subject_has_scheme CHECK (subject = 'register' OR subject ~ '^[a-z0-9-]+:.'),
    ADD CONSTRAINT under_an_item CHECK (item <> '' AND issuer <> ''),
    ADD CONSTRAINT ordered_in_time CHECK (valid_to IS NULL OR valid_to >= valid_from),
    ADD CONSTRAINT act_has_target CHECK (act = 0 OR (act IN (1, 2) AND target IS NOT NULL)),
    ADD CONSTRAINT id_is_a_hash CHECK (length(id) = 32);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32, unique=True)),
                ("item", models.TextField()),
                ("issuer", models.TextField()),
                ("source", models.TextField()),
                ("rulebook", models.BinaryField(max_length=32)),
                ("generated", models.BooleanField()),
                ("first_position", models.BigIntegerField()),
                ("last_position", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField(db_index=True)),
                ("receipt", models.JSONField()),
            ],
            options={
                "db_table": "ledger_batch",
                "indexes": [
                    models.Index(fields=["item", "issuer", "recorded_at"], name="ledger_by_delivery"),
                    models.Index(
                        condition=django.db.models.Q(("generated", True)), fields=["number"], name="ledger_generated"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementRow",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BinaryField(max_length=32, unique=True)),
                ("batch", models.IntegerField()),
                ("row", models.IntegerField()),
                ("act", models.SmallIntegerField()),
                ("subject", models.TextField()),
                ("item", models.TextField()),
                ("issuer", models.TextField()),
                ("reference", models.TextField()),
                ("key", models.BigIntegerField(db_index=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("attributes", models.JSONField()),
                ("target", models.BinaryField(max_length=32, null=True)),
            ],
            options={
                "db_table": "ledger_statement",
                "indexes": [
                    models.Index(fields=["subject", "position"], name="ledger_by_subject"),
                    models.Index(
                        condition=django.db.models.Q(("target__isnull", False)),
                        fields=["target"],
                        name="ledger_by_target",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, migrations.RunSQL.noop),
        migrations.RunSQL(CHECKS, migrations.RunSQL.noop),
    ]

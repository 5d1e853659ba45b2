"""Limits whose hint is due, found without reading all; unlocked."""

from django.db import migrations, models

# this migration is no transaction
HINTS = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists cases_deadline_hint
on cases_deadline (hint_at) where hint_at is not null and state = 'running'"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0011_hints")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([HINTS], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddIndex(
                    model_name="deadline",
                    index=models.Index(
                        condition=models.Q(("hint_at__isnull", False), ("state", "running")),
                        fields=["hint_at"],
                        name="cases_deadline_hint",
                    ),
                ),
            ],
        ),
    ]

"""The check of old rows, and one renewal of a licence at a time; both without locking a running town."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

# this migration is no transaction
ONCE = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists service_hall_renewed_once_at_a_time
on service_hall_application (renews_id) where status in ('submitted', 'supplement')"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("service_hall", "0005_renewals"),
    ]

    operations = [
        ValidateConstraint(model_name="application", name="service_hall_renews_whole"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([ONCE], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddConstraint(
                    model_name="application",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status__in", ["submitted", "supplement"])),
                        fields=("renews_id",),
                        name="service_hall_renewed_once_at_a_time",
                    ),
                ),
            ],
        ),
    ]

"""The rows of before fit the wider checks; one waiting version for each item, indexed without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

# this migration is no transaction
ONE_SCHEDULED = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists catalogue_one_scheduled on catalogue_itemversion (item_id)
where status = 'scheduled'"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalogue", "0006_review")]

    operations = [
        ValidateConstraint(model_name="itemversion", name="catalogue_limits"),
        ValidateConstraint(model_name="itemversion", name="catalogue_published_has_day"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([ONE_SCHEDULED], "drop index concurrently if exists catalogue_one_scheduled"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="itemversion",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status", "scheduled")), fields=("item",), name="catalogue_one_scheduled"
                    ),
                ),
            ],
        ),
    ]

"""A delivery found by its tracking number; the index is built without locking a running town."""

from django.db import migrations, models

# this migration is no transaction
NUMBERS = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists service_hall_delivery_number
on service_hall_delivery (tenant, tracking_no) where not tracking_no = ''"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("service_hall", "0019_carrier_calls")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([NUMBERS], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddIndex(
                    model_name="delivery",
                    index=models.Index(
                        condition=models.Q(("tracking_no", ""), _negated=True),
                        fields=["tenant", "tracking_no"],
                        name="service_hall_delivery_number",
                    ),
                ),
            ],
        ),
    ]

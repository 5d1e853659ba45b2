"""A unit has one site of its own and topics beside it; the rows of before are checked without locking out writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

# this migration is no transaction
OWN = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists sites_own_site_once on sites_governmentsite (tenant, org_id)
    where kind in ('department', 'township', 'institution') and state = 'open'
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("sites", "0013_topic_sites")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(OWN, "drop index concurrently if exists sites_own_site_once"),
                migrations.RunSQL("drop index concurrently if exists sites_one_site_a_unit", migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="governmentsite", name="sites_one_site_a_unit"),
                migrations.AddConstraint(
                    model_name="governmentsite",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "org_id"),
                        condition=models.Q(
                            ("kind__in", ("department", "township", "institution")), ("state", "open")
                        ),
                        name="sites_own_site_once",
                    ),
                ),
            ],
        ),
        ValidateConstraint(model_name="governmentsite", name="sites_kind_words"),
    ]

"""A limit that moved and passed anew gives a new card beside a cancelled one; cards to be rechecked count as open."""

from django.db import migrations, models

# this migration is no transaction
STANDS = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists supervision_card_deadline_stands
    on supervision_card (tenant, rule_key, deadline_id, level)
    where deadline_id is not null and not (state = 'cancelled')
"""
STANDING = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists supervision_card_standing on supervision_card (tenant, org_id, level)
    where state in ('raised', 'explained', 'confirmed', 'rectified')
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("supervision", "0004_outages_and_bulk_cancellation")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(STANDS, "drop index concurrently if exists supervision_card_deadline_stands"),
                migrations.RunSQL(STANDING, "drop index concurrently if exists supervision_card_standing"),
                migrations.RunSQL(
                    "drop index concurrently if exists supervision_card_deadline_once", migrations.RunSQL.noop
                ),
                migrations.RunSQL("drop index concurrently if exists supervision_card_open", migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="card", name="supervision_card_deadline_once"),
                migrations.RemoveIndex(model_name="card", name="supervision_card_open"),
                migrations.AddIndex(
                    model_name="card",
                    index=models.Index(
                        fields=["tenant", "org_id", "level"],
                        name="supervision_card_standing",
                        condition=models.Q(("state__in", ("raised", "explained", "confirmed", "rectified"))),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "rule_key", "deadline_id", "level"),
                        condition=models.Q(
                            ("deadline_id__isnull", False), models.Q(("state", "cancelled"), _negated=True)
                        ),
                        name="supervision_card_deadline_stands",
                    ),
                ),
            ],
        )
    ]

"""One answer of a complaint is shown at a time; those that were taken back stay as they were."""

import django.db.models.deletion
from django.db import migrations, models

# this migration is no transaction
SHOWN = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists complaints_shown_once
    on complaints_publicanswer (complaint_id) where ended_at is null
"""
FOUND = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists complaints_publicanswer_of on complaints_publicanswer (complaint_id)
"""
# complaints_shown_once guarantees what is still wanted
ONE = """-- squawk-ignore ban-drop-constraint
alter table complaints_publicanswer drop constraint if exists complaints_publicanswer_complaint_id_key
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0004_writers_may_go")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(SHOWN, "drop index concurrently if exists complaints_shown_once"),
                migrations.RunSQL(FOUND, "drop index concurrently if exists complaints_publicanswer_of"),
                migrations.RunSQL(ONE, migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="publicanswer",
                    name="complaint",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published",
                        to="complaints.complaint",
                        verbose_name="咨询投诉",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="publicanswer",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="complaints_shown_once",
                    ),
                ),
            ],
        )
    ]

"""What a running town's tables get without being locked: an index, the checks of old rows, and no second indexes.

A unique constraint or an index that begins with the case serves its foreign key too.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

# this migration is no transaction
PAUSES = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists cases_pause_next on cases_clockpause (next_at) where end_day is null"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("cases", "0004_process_drafts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([PAUSES], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddIndex(
                    model_name="clockpause",
                    index=models.Index(
                        condition=models.Q(("end_day__isnull", True)), fields=["next_at"], name="cases_pause_next"
                    ),
                ),
            ],
        ),
        ValidateConstraint(model_name="workitem", name="cases_work_item_helper_of_holder"),
        ValidateConstraint(model_name="workitem", name="cases_work_item_adhoc"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "drop index concurrently if exists cases_commandkey_case_id_fec62325", migrations.RunSQL.noop
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="commandkey",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                        verbose_name="办件",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "drop index concurrently if exists cases_opinion_case_id_2f32e550", migrations.RunSQL.noop
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="opinion",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="cases.case",
                        verbose_name="办件",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "drop index concurrently if exists cases_workitem_case_id_4d657895", migrations.RunSQL.noop
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="workitem",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="cases.case",
                        verbose_name="办件",
                    ),
                ),
            ],
        ),
    ]
